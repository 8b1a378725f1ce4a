"""What ails is seen from runs and from the published tables, once each."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest

from market_assets.defs.captures import capture_asset
from market_assets.defs.casablanca.asking import ASKING
from market_assets.defs.layouts import layouts_asset
from market_assets.defs.location import session_tables
from market_assets.defs.markets import CASABLANCA, HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.sightings import lateness, seen_runs, source_trouble
from market_assets.defs.window import SessionWindow
from market_assets.domain.incidents import Sighting
from market_assets.sandbox.casablanca.mischief import faults_on
from market_assets.serving.delivery.state import State
from market_assets.settings import read_settings
from market_assets.sources.registry import source
from market_assets.warehouse.reader import Published
from market_assets_tests.serving.api.tables import MARTS, made


@pytest.fixture
def scene(tmp_path):
    """A platform, a function that asks one source or none in a run, one that looks at new runs."""
    platform, state = Platform(read_settings({"data_dir": tmp_path})), State(tmp_path / "sandbox")
    with dg.DagsterInstance.ephemeral() as instance:

        def runs(name: str | None, session: date) -> None:
            asked = [capture_asset(source(name), ASKING)] if name else []
            days = {"first_session": str(session), "last_session": str(session)}
            dg.materialize(
                [*asked, layouts_asset(CASABLANCA)],
                instance=instance,
                partition_key=f"{session:%Y-%m}",
                resources={
                    "platform": platform,
                    "window": SessionWindow(**days),
                    "io_manager": session_tables,
                },
                raise_on_error=False,
            )

        def look(*, warnings: bool = False) -> list[Sighting]:
            with state.writing() as connection:
                return list(seen_runs(instance, connection, datetime.now(UTC), warnings=warnings))

        yield platform, runs, look
    platform.archive.close()


def brief(found: list[Sighting]) -> list[tuple[str, str, bool]]:
    return [(each.kind, each.subject, each.ailing) for each in found]


WELL = ("failed_run", "__ephemeral_asset_job__", False)
LAYOUTS_WELL = ("failed_check", "casablanca/page_layouts: layout_drift", False)


def test_runs_are_seen_once_and_none_from_before_the_first_look(scene):
    _, runs, look = scene
    runs("tradingview", date(2026, 10, 14))
    assert look() == []
    runs("tradingview", date(2026, 10, 15))
    assert brief(look()) == [WELL, ("source", "tradingview", False), LAYOUTS_WELL]
    assert look() == []


def test_a_source_that_failed_and_a_run_that_failed_ail(scene):
    _, runs, look = scene
    look()
    runs("bmce_capital", date(2026, 10, 30))
    assert brief(look()) == [WELL, ("source", "bmce_capital", True), LAYOUTS_WELL]
    runs("yahoo", date(2026, 10, 17))  # a Saturday
    assert brief(look()) == [(*WELL[:2], True)]


def test_a_source_whose_pages_changed_ails_until_they_are_as_before(scene):
    platform, runs, look = scene
    runs("tradingview", date(2026, 10, 14))
    with platform.warehouse.connected() as connection:
        connection.execute("UPDATE casablanca.page_layouts SET layout = 'json otherwise'")
    look()
    runs("tradingview", date(2026, 10, 15))
    ended, drifted = look()
    assert brief([ended, drifted]) == [WELL, ("source", "tradingview", True)]
    told = "its layout changed.\ntradingview scan of 2026-10-15: was json otherwise, is json "
    assert drifted.said.startswith(told)
    runs("tradingview", date(2026, 10, 16))
    assert brief(look()) == [WELL, ("source", "tradingview", False), LAYOUTS_WELL]


def test_a_source_whose_pages_cannot_be_read_any_more_ails_and_is_not_well_besides(scene):
    _, runs, look = scene
    days = CASABLANCA.sessions(date(2026, 10, 1), date(2026, 11, 13))
    faulty = next(
        number
        for number, day in enumerate(days)
        if any((f.name, f.source) == ("layout", "african_markets") for f in faults_on(day))
    )
    runs("african_markets", days[faulty - 1])
    look()
    runs("african_markets", days[faulty])
    assert brief(look()) == [WELL, ("source", "african_markets", True)]


def test_a_layout_that_changed_in_a_run_that_asked_nobody_is_a_failed_check(scene):
    platform, runs, look = scene
    runs("tradingview", date(2026, 10, 14))
    with platform.warehouse.connected() as connection:
        connection.execute("UPDATE casablanca.page_layouts SET layout = 'json otherwise'")
    runs("tradingview", date(2026, 10, 15))
    look()
    runs(None, date(2026, 10, 15))
    assert brief(look(warnings=True)) == [WELL, (*LAYOUTS_WELL[:2], True)]


@pytest.mark.parametrize(
    ("failures", "what"),
    [
        ("2026-10-30: Blocked: 403 for /quotes", "it blocks us"),
        ("2026-10-30: LayoutChanged: no heading Cours", "its layout changed"),
        ("2026-10-30 to 2026-11-02: Unavailable: 503", "it is down"),
        (
            "2026-10-30: Unavailable: 503\n2026-11-02: Blocked: 403",
            "it blocks us, it is down",
        ),
        ("2026-10-30: EmptyPage: no row", "what came cannot be used"),
    ],
)
def test_what_ails_a_source_is_told_by_its_failures(failures, what):
    assert source_trouble(failures) == f"{what}.\n{failures}"


def late(directory, now: datetime) -> dict[str, bool]:
    published = Published(directory / "sandbox" / "published")
    grace = timedelta(hours=4)
    found = lateness(published, now, grace=grace, markets=(CASABLANCA, HKEX))
    return {each.subject: each.ailing for each in found}


def test_a_publication_is_late_once_the_calendar_has_waited_long_enough(tmp_path):
    made(tmp_path, MARTS)  # up to Friday 2026-11-20
    monday, tuesday = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
    assert late(tmp_path, monday.replace(hour=12)) == {"casablanca": False, "hkex": False}
    assert late(tmp_path, monday.replace(hour=18, minute=59)) == {
        "casablanca": False,
        "hkex": False,
    }
    assert late(tmp_path, monday.replace(hour=20)) == {"casablanca": True, "hkex": False}
    # Monday's holdings are out on Tuesday at 09:00 in Hong Kong, 01:00 UTC
    assert late(tmp_path, tuesday.replace(hour=4, minute=59))["hkex"] is False
    assert late(tmp_path, tuesday.replace(hour=5))["hkex"] is True


def test_what_was_never_published_is_not_late(tmp_path):
    assert late(tmp_path, datetime(2026, 11, 24, tzinfo=UTC)) == {}
