"""What is due of a source, and what a page is worth beside those before it, whenever they come."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.defs.hkex.holdings import (
    DATA_QUALITY_KEY,
    STATEMENTS,
    expected_pages,
    holdings_agreement,
)
from market_assets.defs.hkex.statements import statements_key
from market_assets.defs.hkex.timing import shows
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.service import owed_before
from market_assets.defs.tables import table_name
from market_assets.defs.window import Window
from market_assets.domain.holdings.rows import HOLDINGS, PARTICIPANTS
from market_assets.domain.refusals import REFUSED
from market_assets.settings import read_settings
from market_assets.sources.registry import source
from market_assets_tests.defs.materialized import materialize, platform_of, stated

FIRST_DAYS = [("sse_southbound", "2024-08-16", "2024-08-19")]
FIRST_DAYS += [("szse_southbound", "2022-12-30", "2023-01-03")]


def due(data_dir, first: str, last: str, *owing: tuple[str, date]) -> list[tuple[str, str]]:
    """The source and the session of each page that is due from ``first`` to ``last``."""
    sessions = HKEX.sessions(date.fromisoformat(first), date.fromisoformat(last))
    asked, platform = Window(sessions=sessions), Platform(read_settings({"data_dir": data_dir}))
    pages = expected_pages(platform, asked, asked=asked, owing=set(owing))
    return [(name, str(session)) for name, session in pages.select("source", "session").rows()]


@pytest.mark.parametrize(("name", "before", "first"), FIRST_DAYS)
def test_no_page_is_due_before_the_first_that_was_published(name, before, first, tmp_path):
    assert [day for who, day in due(tmp_path, before, first) if who == name] == [first]


@pytest.mark.parametrize(("name", "before", "first"), FIRST_DAYS)
def test_nobody_is_asked_for_a_day_before_its_first(name, before, first):
    asked = source(name)
    assert [shows(asked, date.fromisoformat(day)) for day in (before, first)] == [False, True]
    assert shows(source("hkex_southbound"), date.fromisoformat(before))


def test_an_earlier_page_that_came_anyway_is_judged_like_any(tmp_path):
    there = ("szse_southbound", date(2022, 12, 30))
    pages = due(tmp_path, "2022-12-30", "2022-12-30", there)
    assert pages == [("hkex_southbound", "2022-12-30"), ("szse_southbound", "2022-12-30")]


def test_who_owed_a_page_owes_it_though_nobody_is_asked_any_more(tmp_path, monkeypatch):
    monkeypatch.setenv("MARKET_ASSETS_SOURCES__SSE_SOUTHBOUND__ENABLED", "false")
    day, held = "2026-10-16", ("sse_southbound", date(2026, 10, 16))
    assert held[0] not in {name for name, _ in due(tmp_path, day, day)}
    assert (held[0], day) in due(tmp_path, day, day, held)


def test_who_was_judged_before_is_known_from_the_table(tmp_path):
    platform = Platform(read_settings({"data_dir": tmp_path}))
    day = date(2026, 10, 16)
    assert owed_before(platform, DATA_QUALITY_KEY, Window(sessions=(day,))) == set()
    judged = pl.DataFrame({"source": ["a", "b"], "session": [day, date(2026, 10, 15)]})
    platform.warehouse.replace_sessions(
        "hkex.holdings_data_quality", judged, first=date(2026, 10, 15), last=day
    )
    assert owed_before(platform, DATA_QUALITY_KEY, Window(sessions=(day,))) == {("a", day)}


MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 11)
HELD = {MONDAY: 100_000, TUESDAY: 100_000, WEDNESDAY: 106_000}
"""Of each stock. In two sessions 6 % more are believed, in one they are not."""


def page(day: date) -> pl.DataFrame:
    stamps = {
        "source": "hkex_southbound",
        "capture_id": f"{day}",
        "known_at": datetime(day.year, day.month, day.day + 1, 1, tzinfo=UTC),
    }
    rows = [
        {"code": f"{n:05}", "session": day, "channel": "southbound", "name": f"STOCK {n}"}
        | {"shares": HELD[day] + n, "percent": 1.0, **stamps}
        for n in range(1, 21)
    ]
    return pl.DataFrame(rows, schema={**HOLDINGS, "replaced_at": pl.Datetime("us", "UTC")})


def agreed_on(platform: Platform, *pages: date, days: list[date]) -> None:
    """Agree on ``days``, where the ``pages`` came until now."""
    came = pl.concat(page(day) for day in pages)
    for name in STATEMENTS:
        table = table_name(statements_key(source(name)))
        stated(platform, table, came if name == "hkex_southbound" else came.clear())
    participants = table_name(statements_key(source("hkex_participants")))
    stated(platform, participants, pl.DataFrame(schema=PARTICIPANTS))
    materialize(platform, [holdings_agreement], days)


def test_a_gap_that_is_filled_later_leaves_what_one_run_makes(tmp_path):
    whole, grown = platform_of(tmp_path / "whole"), platform_of(tmp_path / "grown")
    for platform in (whole, grown):
        nothing = pl.DataFrame(schema={"asset": pl.String, **REFUSED})
        stated(platform, "quality.quarantine", nothing)
    agreed_on(whole, *HELD, days=[*HELD])
    agreed_on(grown, MONDAY, WEDNESDAY, days=[MONDAY])
    agreed_on(grown, MONDAY, WEDNESDAY, days=[WEDNESDAY])
    known = grown.warehouse.read("hkex.southbound_holdings")
    assert set(known["session"]) == {MONDAY, WEDNESDAY}
    assert grown.warehouse.read("quality.quarantine").is_empty()

    agreed_on(grown, *HELD, days=[TUESDAY])
    for table in ("hkex.southbound_holdings", "hkex.holdings_data_quality", "quality.quarantine"):
        assert_frame_equal(
            *(platform.warehouse.read(table) for platform in (grown, whole)), check_row_order=False
        )
    known = grown.warehouse.read("hkex.southbound_holdings")
    assert set(known["session"]) == {MONDAY, TUESDAY}
    aside = grown.warehouse.read("quality.quarantine")
    assert set(aside.select("session", "kind").rows()) == {(WEDNESDAY, "held_back")}
