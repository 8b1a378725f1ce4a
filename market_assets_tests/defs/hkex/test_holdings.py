"""What is due of a source, and what a page is worth beside those before it, whenever they come."""

from collections.abc import Iterable
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


def page(day: date, shares: int) -> pl.DataFrame:
    """What one page says of ``day``, of twenty stocks."""
    stamps = {
        "source": "hkex_southbound",
        "capture_id": f"{day}",
        "known_at": datetime(day.year, day.month, day.day, 23, tzinfo=UTC),
    }
    rows = [
        {"code": f"{n:05}", "session": day, "channel": "southbound", "name": f"STOCK {n}"}
        | {"shares": shares + n, "percent": 1.0, **stamps}
        for n in range(1, 21)
    ]
    return pl.DataFrame(rows, schema={**HOLDINGS, "replaced_at": pl.Datetime("us", "UTC")})


def agreed_on(platform: Platform, pages: list[pl.DataFrame], *, days: Iterable[date]) -> None:
    """Agree on ``days``, where the ``pages`` came until now."""
    if platform.warehouse.read("quality.quarantine") is None:
        stated(platform, "quality.quarantine", pl.DataFrame(schema={"asset": pl.String, **REFUSED}))
    came = pl.concat(pages)
    for name in STATEMENTS:
        table = table_name(statements_key(source(name)))
        stated(platform, table, came if name == "hkex_southbound" else came.clear())
    participants = table_name(statements_key(source("hkex_participants")))
    stated(platform, participants, pl.DataFrame(schema=PARTICIPANTS))
    materialize(platform, [holdings_agreement], days)


def assert_same(one: Platform, other: Platform) -> None:
    for table in ("hkex.southbound_holdings", "hkex.holdings_data_quality", "quality.quarantine"):
        assert_frame_equal(
            *(platform.warehouse.read(table) for platform in (one, other)), check_row_order=False
        )


def known(platform: Platform) -> set[date]:
    return set(platform.warehouse.read("hkex.southbound_holdings")["session"])


def put_aside(platform: Platform) -> set[tuple[date, str]]:
    return set(platform.warehouse.read("quality.quarantine").select("session", "kind").rows())


def test_a_gap_that_is_filled_later_leaves_what_one_run_makes(tmp_path):
    whole, grown = platform_of(tmp_path / "whole"), platform_of(tmp_path / "grown")
    pages = {day: page(day, shares) for day, shares in HELD.items()}
    with_a_gap = [pages[MONDAY], pages[WEDNESDAY]]
    agreed_on(whole, [*pages.values()], days=pages)
    agreed_on(grown, with_a_gap, days=[MONDAY])
    agreed_on(grown, with_a_gap, days=[WEDNESDAY])
    assert known(grown) == {MONDAY, WEDNESDAY}
    assert put_aside(grown) == set()
    agreed_on(grown, [*pages.values()], days=[TUESDAY])
    assert_same(grown, whole)
    assert known(grown) == {MONDAY, TUESDAY}
    assert put_aside(grown) == {(WEDNESDAY, "held_back")}


def test_no_page_is_compared_with_one_that_an_earlier_run_held_back(tmp_path):
    """Ten sessions on, the page that was held back is the first that a run reads."""
    sessions = HKEX.sessions(date(2026, 10, 20), date(2026, 11, 6))
    held_back = sessions[2]
    pages = [page(day, 55_000 if day == held_back else 100_000) for day in sessions]
    whole, grown = platform_of(tmp_path / "whole"), platform_of(tmp_path / "grown")
    agreed_on(whole, pages, days=sessions)
    agreed_on(grown, pages[:12], days=sessions[:12])
    agreed_on(grown, pages, days=sessions[12:])
    assert_same(grown, whole)
    assert known(grown) == {*sessions} - {held_back}


def test_a_saturday_is_put_aside_whichever_sessions_a_run_is_about(tmp_path):
    friday, saturday, monday = date(2026, 11, 6), date(2026, 11, 7), date(2026, 11, 9)
    repeated = page(friday, 100_000).with_columns(session=pl.lit(saturday))
    pages = [page(friday, 100_000), repeated, page(monday, 100_000)]
    for days in ([friday], [monday], [friday, monday]):
        platform = platform_of(tmp_path / f"{len(days)}-{days[0]}")
        agreed_on(platform, pages, days=days)
        assert put_aside(platform) == {(saturday, "not_a_session")}
        assert known(platform) == {*days}
