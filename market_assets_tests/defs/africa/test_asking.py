"""Who is asked for which session, when; live nobody is asked whose terms nobody accepted."""

from datetime import UTC, date, datetime

import dagster as dg
import pytest

from market_assets.defs.africa import automation
from market_assets.defs.africa.asking import PRE_OPENING, settled_at, talks
from market_assets.defs.africa.exchanges import QUOTING
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.showing import visible_session
from market_assets.defs.window import Window
from market_assets.settings import read_settings
from market_assets.sources import registry

THURSDAY, FRIDAY, SUNDAY = (date(2026, 11, day) for day in (12, 13, 15))
EVENING = datetime(2026, 11, 13, 20, tzinfo=UTC)


def asked(data, name: str, *days: date, now: datetime = EVENING, **settings: object):
    """The sessions of each conversation with a source, and the instant it is asked at."""
    platform = Platform(read_settings({"data_dir": data, **settings}))
    window = Window(sessions=days)
    found = list(talks(platform, registry.source(name), window, now))
    platform.archive.close()
    return [(talk.ask.sessions, talk.at) for talk in found]


def test_in_the_sandbox_each_session_is_asked_for_once_it_is_settled(tmp_path):
    assert asked(tmp_path, "ngx", THURSDAY, FRIDAY) == [
        ((day,), settled_at(day)) for day in (THURSDAY, FRIDAY)
    ]


def test_live_the_newest_session_alone_can_be_seen(tmp_path):
    live = {"web": "live", "contact": "desk@example.org"}
    days = [days for days, _ in asked(tmp_path, "ngx", THURSDAY, FRIDAY, **live)]
    assert days == [(FRIDAY,)]


def test_a_session_that_is_held_is_not_asked_for_again(africa_built):
    assert asked(africa_built, "afx", date(2026, 11, 10), date(2026, 11, 11)) == []


def test_a_session_without_a_usable_page_is_asked_for_again(africa_built):
    short = date(2026, 10, 26)
    assert [days for days, _ in asked(africa_built, "ngx", short)] == [(short,)]


@pytest.mark.parametrize(("name", "shown"), [("afx", None), ("ngx", SUNDAY)])
def test_once_a_session_has_begun_a_page_without_a_date_tells_of_none(name, shown):
    monday = datetime(2026, 11, 16, 11, tzinfo=UTC)
    source = registry.source(name)
    assert visible_session(AFRICA, source, monday, pre_opening=PRE_OPENING) == shown


@pytest.mark.parametrize("source", QUOTING, ids=lambda source: source.name)
def test_live_no_exchange_is_asked_unless_somebody_chose_it(source, tmp_path):
    assert source.terms
    live = {"data_dir": tmp_path, "web": "live", "contact": "desk@example.org"}
    chosen = {"sources": {source.name: {"enabled": True}}}
    assert not Platform(read_settings(live)).asks(source)
    assert Platform(read_settings(live | chosen)).asks(source)
    assert Platform(read_settings({"data_dir": tmp_path})).asks(source)


def test_the_evening_asks_for_three_sessions_also_on_sundays():
    tick = datetime(2026, 11, 15, 17, 30, tzinfo=UTC)
    request = automation.evening(dg.build_schedule_context(scheduled_execution_time=tick))
    window = request.run_config["resources"]["window"]["config"]
    assert (window["first_session"], window["last_session"]) == ("2026-11-12", "2026-11-15")
