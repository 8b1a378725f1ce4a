"""Digests in Dagster: made after a publication and on Mondays; telling never fails anything."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from market_assets.defs import digests
from market_assets.defs.delivery import delivery, told
from market_assets.defs.markets import CASABLANCA, HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.publication import published_key
from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.state import State
from market_assets.settings import read_settings
from market_assets_tests.serving.api.tables import made
from market_assets_tests.serving.delivery.posts import free_port, post_office, told_by_mail
from market_assets_tests.serving.digests.tables import DIGESTED, LONG_AGO

FRIDAY = {"ops": {"digest__hkex": {"config": {"until": "2026-11-20"}}}}
EVENING = datetime(2026, 11, 20, 20, tzinfo=UTC)


@pytest.fixture
def directory(tmp_path):
    made(tmp_path, DIGESTED)
    return tmp_path


def materialized(settings, instance) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [digests.digest_asset("hkex")],
        instance=instance,
        resources={"platform": Platform(settings)},
        run_config=FRIDAY,
    )


def test_a_digest_is_on_disk_and_in_the_ui_without_any_setting(directory):
    settings = read_settings({"data_dir": directory})
    with dg.DagsterInstance.ephemeral() as instance:
        [event] = materialized(settings, instance).get_asset_materialization_events()
        assert told(settings, instance, EVENING) is None
    shown = event.step_materialization_data.materialization.metadata
    assert shown["day"].value == "2026-11-20"
    assert "| BOLD" in shown["digest"].value.replace("<b>", "").replace("&lt;b&gt;", "")
    assert shown["chart"].value.startswith("![Change of holdings over 1 session](data:image/png")
    folder = directory / "sandbox" / "digests"
    assert {path.name for path in folder.iterdir()} == {
        f"hkex-2026-11-20.{ending}" for ending in ("html", "txt", "xlsx", "eml")
    }
    assert not (directory / "sandbox" / "serving").exists()


def test_a_dead_mail_server_fails_no_run_and_gets_it_later(directory):
    port = free_port()
    settings = told_by_mail(directory, port, digests={"hkex": ["anna"]})
    with dg.DagsterInstance.ephemeral() as instance:
        assert materialized(settings, instance).success
        first = told(settings, instance, EVENING)
        assert (first.new, first.delivered.sent, len(first.delivered.failures)) == (1, 0, 1)
        with post_office(port) as post:
            later = told(settings, instance, EVENING + timedelta(minutes=1))
        assert (later.new, later.delivered.sent) == (0, 1)
    assert len(post.taken) == 1


def test_the_sensor_says_what_it_could_not_send(tmp_path):
    made(tmp_path, LONG_AGO)
    settings = told_by_mail(tmp_path, free_port(), alerts={"late": ["anna"]})
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(
            instance=instance, resources={"platform": Platform(settings)}
        )
        said = delivery(context).skip_message
    assert said.startswith("0 sent; ")
    assert "ConnectionRefusedError" in said
    with State(settings.mode_dir).reading() as connection:
        assert {row["state"] for row in outbox.listed(connection)} == {"waiting"}


def test_without_a_recipient_the_sensor_says_so(tmp_path):
    settings = read_settings({"data_dir": tmp_path})
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(
            instance=instance, resources={"platform": Platform(settings)}
        )
        assert delivery(context).skip_message.startswith("nobody is to be told")


def test_a_publication_asks_for_its_digest_once():
    sensor = digests.after_publication("hkex")
    with dg.DagsterInstance.ephemeral() as instance:

        @dg.asset(key=published_key(HKEX))
        def published() -> None:
            """What the market's own run makes."""

        first = dg.materialize([published], instance=instance)
        context = dg.build_sensor_context(
            instance=instance, definitions=dg.Definitions(assets=[published])
        )
        asked = sensor.evaluate_tick(context)
    assert [request.run_key for request in asked.run_requests] == [first.run_id]
    assert sensor.job_name == "hkex_digest"


def test_mondays_digest_is_of_the_week_that_ended(tmp_path):
    monday = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Africa/Casablanca"))
    with (
        dg.DagsterInstance.local_temp(str(tmp_path)) as instance,
        dg.build_schedule_context(instance, scheduled_execution_time=monday) as context,
    ):
        assert digests.weekly(context).skip_message == "casablanca was never published"
        instance.report_runless_asset_event(dg.AssetMaterialization(published_key(CASABLANCA)))
        request = digests.weekly(context)
    assert request.run_config == digests.run_config("weekly", monday.date())
    assert (digests.weekly.cron_schedule, digests.weekly.execution_timezone) == (
        "0 9 * * 1",
        "Africa/Casablanca",
    )
    assert digests.weekly.default_status is dg.DefaultScheduleStatus.RUNNING


def test_a_plain_run_imports_neither_charts_nor_apprise():
    script = (
        "import json, sys; import market_assets.definitions, market_assets.commands.run; "
        "from market_assets.defs.location import code_location; "
        "from market_assets.settings import read_settings; "
        "code_location(read_settings({}), loggers=None); "
        "print(json.dumps([n for n in ('matplotlib', 'apprise', 'css_inline') "
        "if n in sys.modules]))"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert json.loads(out.stdout) == []
