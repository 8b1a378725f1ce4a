"""A session of the whole market in one row: who counts as what, and who is most active."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.domain.volume.analysis import WINDOW_DAYS
from market_assets.domain.volume.market_summary import (
    MARKET_VOLUME_SUMMARY,
    market_summary_faults,
    market_volume_summary,
)

DAY, NEXT = date(2026, 10, 8), date(2026, 10, 9)


def quote(ticker, volume=None, *, session=NEXT, status="T", close=None, turnover=None) -> dict:
    return {
        "ticker": ticker,
        "session": session,
        "status": status,
        "close": close,
        "volume": volume,
        "turnover": turnover,
    }


def summary(*quotes: dict, missing: tuple[date, ...] = ()) -> pl.DataFrame:
    """Of a calendar with the sessions of the quotes and those that are ``missing`` in them."""
    frame = pl.DataFrame(list(quotes), schema=DAILY_QUOTES)
    return market_volume_summary(frame, [*frame["session"].unique(), *missing])


def newest(*quotes: dict) -> dict:
    return summary(*quotes).row(-1, named=True)


def moves(*quotes: dict) -> tuple[int, int, int]:
    row = newest(*quotes)
    return row["rising"], row["falling"], row["unchanged"]


def test_a_session_is_one_row():
    found = summary(
        quote("ATW", 100, close=10.0, turnover=1000.0),
        quote("BCP", 300, close=20.0, turnover=6000.0),
        quote("CDM", 0, status="NT", turnover=0.0),
        quote("CIH", None, status=None),
        quote("OLD", None, status="S"),
    )
    row = (NEXT, 400, 7000.0, 200.0, 200.0, 120.0, 280.0, 5, 2, 1, 1, 1, 0, 0, 0, "BCP", 6000.0)
    expected = pl.DataFrame([row], schema=MARKET_VOLUME_SUMMARY, orient="row")
    assert_frame_equal(found, expected)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10**9) | st.none(), min_size=1, max_size=40))
def test_figures_are_of_traded_lines_and_percentiles_are_numpys(volumes):
    row = newest(*(quote(f"T{k:02}", v) for k, v in enumerate(volumes)))
    traded = [v for v in volumes if v]
    stated = [v for v in volumes if v is not None]
    assert row["total_volume"] == (sum(stated) if stated else None)
    names = ("volume_p10", "median_volume", "volume_p90", "mean_volume")
    wanted = [*np.percentile(traded, (10, 50, 90)), np.mean(traded)] if traded else [None] * 4
    assert [row[name] for name in names] == [v if v is None else pytest.approx(v) for v in wanted]
    counts = [row[kind] for kind in ("traded", "untraded", "suspended", "unstated")]
    assert counts == [len(traded), stated.count(0), 0, volumes.count(None)]
    assert row["listed"] == len(volumes)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (10.0, 10.01, (1, 0, 0)),
        (10.0, 9.99, (0, 1, 0)),
        (10.0, 10.0, (0, 0, 1)),
        (None, 10.0, (0, 0, 0)),
        (10.0, None, (0, 0, 0)),
    ],
)
def test_a_line_moves_against_its_session_before(before, after, expected):
    quotes = (quote("ATW", 1, session=DAY, close=before), quote("ATW", 1, close=after))
    assert moves(*quotes) == expected


def test_a_line_that_did_not_trade_did_not_move():
    before = quote("ATW", 1, session=DAY, close=10.0)
    assert moves(before, quote("ATW", 0, close=11.0, status="NT")) == (0, 0, 0)
    assert moves(before, quote("ATW", None, close=11.0, status=None)) == (0, 0, 0)


def test_a_move_steps_over_suspension_but_not_over_a_year_nor_to_another_line():
    resumed = (
        quote("ATW", 1, session=DAY - timedelta(days=1), close=10.0),
        quote("ATW", session=DAY, status="S", close=99.0),
        quote("ATW", 1, close=11.0),
    )
    assert moves(*resumed) == (1, 0, 0)
    for days, expected in ((WINDOW_DAYS, (1, 0, 0)), (WINDOW_DAYS + 1, (0, 0, 0))):
        old = quote("ATW", 1, session=NEXT - timedelta(days=days), close=10.0)
        assert moves(old, quote("ATW", 1, close=11.0)) == expected
    assert moves(quote("ATW", 1, close=1.0), quote("BCP", 1, close=2.0)) == (0, 0, 0)


def test_a_move_is_not_known_where_the_session_before_is_missing():
    before = quote("ATW", 1, session=DAY - timedelta(days=1), close=10.0)
    after = quote("ATW", 1, close=11.0)
    other = quote("IAM", 1, session=DAY, close=5.0)
    whole_market = summary(before, after, missing=(DAY,))
    assert whole_market["session"].to_list() == [before["session"], NEXT]
    assert whole_market["listed"].to_list() == [1, 1]
    assert whole_market["rising"].to_list() == [0, 0]
    assert summary(before, after)["rising"].to_list() == [0, 1]
    assert summary(before, other, after)["rising"].to_list() == [0, 0, 0]


def test_of_equally_active_lines_the_first_by_ticker_is_named():
    quotes = [quote("IAM", 1, turnover=50.0), quote("ATW", 1, turnover=50.0), quote("BCP", 9)]
    row = newest(*quotes)
    assert (row["most_active"], row["most_active_turnover"]) == ("ATW", 50.0)
    row = newest(quote("ATW", 3))
    assert row["most_active"] is row["most_active_turnover"] is row["total_turnover"] is None


def test_nothing_gives_nothing():
    assert_frame_equal(summary(), pl.DataFrame(schema=MARKET_VOLUME_SUMMARY))


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("negative_volume", {"total_volume": -1}),
        ("kinds_do_not_make_up_listed", {"listed": 3}),
        ("more_moves_than_traded", {"rising": 3}),
        ("percentiles_out_of_order", {"volume_p90": 0.0}),
        ("most_active_above_total", {"total_turnover": 1.0}),
    ],
)
def test_each_fault_is_counted(fault, change):
    sound = summary(quote("ATW", 5, turnover=50.0), quote("BCP", 9, turnover=9.0))
    assert set(market_summary_faults(sound).values()) == {0}
    broken = sound.with_columns(
        pl.lit(value, dtype=MARKET_VOLUME_SUMMARY[name]).alias(name)
        for name, value in change.items()
    )
    assert {k for k, rows in market_summary_faults(broken).items() if rows} == {fault}
    assert market_summary_faults(pl.concat([sound, sound]))["duplicate_row"] == 2
