"""When the counters of a stock are merged nobody sold and nobody bought."""

from datetime import date

import polars as pl

from market_assets.calendars.sessions import sessions_between
from market_assets.domain.holdings.code_changes import COUNTERS_MERGED, code_changes
from market_assets.domain.holdings.deltas import holding_deltas
from market_assets.domain.holdings.newcomers import SEEN, new_holdings
from market_assets.sandbox.hkex.stocks import DUAL_COUNTERS
from market_assets_tests.built_hkex import truth
from market_assets_tests.sandbox.hkex.reading import MARKET

DAYS = sessions_between("XHKG", date(2025, 6, 12), date(2025, 7, 9))
SHOWN = truth(DAYS, MARKET).with_columns(source=pl.lit("hkex_southbound"))
RENMINBI = {f"8{code[1:]}" for code in DUAL_COUNTERS}


def changes(horizon: int) -> pl.DataFrame:
    """What changed over ``horizon`` sessions up to each session since the merger."""
    deltas = holding_deltas(SHOWN, horizons=(horizon,), sessions=DAYS)
    return deltas.filter(pl.col("session") >= COUNTERS_MERGED)


def test_neither_counter_rose_fell_came_or_went_on_that_day():
    merged = changes(1).filter(pl.col("session") == COUNTERS_MERGED)
    suspect = merged.filter(pl.col("status") == "code_change_suspect")
    assert set(suspect["code"]) == DUAL_COUNTERS | RENMINBI
    assert set(merged["status"]) <= {"ok", "code_change_suspect", "split_suspect"}


def test_no_counter_is_compared_across_that_day_and_each_is_after_it():
    five = changes(5).filter(pl.col("code").is_in(sorted(DUAL_COUNTERS)))
    across = pl.col("base_session") < COUNTERS_MERGED
    assert set(five.filter(across)["status"]) == {"code_change_suspect"}
    assert set(five.filter(~across)["status"]) == {"ok"}


def test_the_merger_is_no_new_holding():
    rows = new_holdings(SHOWN, before=pl.DataFrame(schema=SEEN), changes=code_changes(SHOWN, DAYS))
    assert not set(rows["code"]) & (DUAL_COUNTERS | RENMINBI)
