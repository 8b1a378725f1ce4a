"""What is due of a source: the days that it publishes, from its first one on, and what came."""

from datetime import date

import polars as pl
import pytest

from market_assets.defs.hkex.holdings import DATA_QUALITY_KEY, expected_pages
from market_assets.defs.hkex.timing import shows
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.service import owed_before
from market_assets.defs.window import Window
from market_assets.settings import read_settings
from market_assets.sources.registry import source

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
