"""Who leads the lists, and who may not be on them."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.holdings.breadth import BREADTH, breadth
from market_assets.domain.holdings.deltas import holding_deltas
from market_assets.domain.holdings.movers import MOVERS, movers, movers_faults
from market_assets_tests.domain.holdings.holding_rows import line, weekdays

DAYS = weekdays(2)


def of(changes: dict[str, list], *, size=2, least=100) -> pl.DataFrame:
    holdings = pl.concat(line(shares, code=code) for code, shares in changes.items())
    deltas = holding_deltas(holdings, horizons=(1,), sessions=DAYS)
    lists = movers(deltas, names=holdings, size=size, least_base_shares=least)
    assert lists.schema == MOVERS
    assert set(movers_faults(lists).values()) <= {0}
    return lists


def codes(lists: pl.DataFrame, measure: str, side: str) -> list[str]:
    of_list = lists.filter(pl.col("measure") == measure, pl.col("side") == side)
    assert of_list["rank"].to_list() == list(range(1, of_list.height + 1))
    return of_list["code"].to_list()


CHANGES = {
    "00001": [1000, 1100],
    "00002": [10_000, 10_500],
    "00003": [1000, 1100],
    "00004": [99, 150],
    "00005": [1000, 990],
    "00006": [1000, 1000],
    "00007": [1000, 5000],
    "00008": [None, 800],
}


def test_the_top_holds_gains_the_bottom_losses_and_ties_rank_by_code():
    lists = of(CHANGES)
    assert codes(lists, "percent", "top") == ["00001", "00003"]
    assert codes(lists, "shares", "top") == ["00002", "00001"]
    assert codes(lists, "percent", "bottom") == ["00005"]
    first = lists.filter(pl.col("measure") == "shares", pl.col("side") == "top").row(0, named=True)
    assert (first["name"], first["change_shares"], first["change_pct"]) == ("N00002", 500, 5.0)


def test_a_tiny_position_needs_a_base_to_lead():
    assert codes(of(CHANGES, least=99), "percent", "top") == ["00004", "00001"]


@settings(max_examples=25)
@given(st.lists(st.integers(100, 199), min_size=8, max_size=8), st.randoms())
def test_the_order_of_the_rows_decides_nothing(shares, random):
    changes = {f"{k:05}": [150, s] for k, s in enumerate(shares)}
    shuffled = list(changes.items())
    random.shuffle(shuffled)
    assert_frame_equal(of(changes, size=3), of(dict(shuffled), size=3))


def test_breadth_counts_each_code_once():
    holdings = pl.concat(line(s, code=c) for c, s in {**CHANGES, "00009": [70, None]}.items())
    counts = breadth(holding_deltas(holdings, horizons=(1,), sessions=DAYS))
    assert counts.schema == BREADTH
    assert counts.row(1, named=True) == {
        "session": DAYS[1],
        "rising": 4,
        "falling": 1,
        "unchanged": 1,
        "new": 1,
        "exited": 1,
        "suspect": 1,
        "base_missing": 0,
        "total_shares": 20_640,
    }
