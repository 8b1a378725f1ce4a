"""A sector's volume: which lines make up each figure, and which sessions its average."""

from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.domain.volume.analysis import VOLUME_ANALYSIS, WINDOW_DAYS
from market_assets.domain.volume.sectors import (
    SECTOR_VOLUME_ANALYSIS,
    sector_volume_analysis,
    sector_volume_faults,
)

DAY = date(2026, 10, 8)


def quote(ticker, volume=None, turnover=None, *, sector="Banks", session=DAY, status="T") -> dict:
    return {
        "ticker": ticker,
        "sector": sector,
        "session": session,
        "status": status,
        "volume": volume,
        "turnover": turnover,
    }


def flag(ticker, *, high=False, low=False) -> dict:
    return {"ticker": ticker, "session": DAY, "high_volume": high, "low_volume": low}


def sectors(
    *quotes: dict, flags: tuple[dict, ...] = (), missing: tuple[date, ...] = ()
) -> pl.DataFrame:
    """Of a calendar with the sessions of the quotes and those that are ``missing`` in them."""
    frame = pl.DataFrame(list(quotes), schema=DAILY_QUOTES)
    return sector_volume_analysis(
        frame,
        pl.DataFrame(list(flags), schema=VOLUME_ANALYSIS),
        [*frame["session"].unique(), *missing],
    )


def history(totals, *, first=date(2026, 1, 1), gap=0) -> list[dict]:
    days = [first + timedelta(days=k + (gap if k else 0)) for k in range(len(totals))]
    return [quote("ATW", total, session=day) for day, total in zip(days, totals, strict=True)]


def test_each_figure_is_of_the_lines_that_state_it():
    found = sectors(
        quote("ATW", 100, 1000.0),
        quote("BCP", 300, 6000.0),
        quote("BOA", 50),
        quote("CIH", None, 77.0),
        quote("CDM", 0, 0.0, status="NT"),
        quote("OLD", None, None, status="S"),
        quote("IAM", 5, 40.0, sector="Telecoms"),
        quote("XXX", 1, 2.0, sector=None),
        flags=(flag("ATW", high=True), flag("BCP", low=True), flag("BOA", low=True), flag("IAM")),
    )
    expected = [
        (None, DAY, 1, 1, 1, 2.0, 1.0, 2.0, None, None, 0, 0),
        ("Banks", DAY, 5, 4, 450, 7077.0, 112.5, 17.5, None, None, 1, 2),
        ("Telecoms", DAY, 1, 1, 5, 40.0, 5.0, 8.0, None, None, 0, 0),
    ]
    assert_frame_equal(found, pl.DataFrame(expected, schema=SECTOR_VOLUME_ANALYSIS, orient="row"))


def test_what_nobody_states_is_null_and_not_0():
    row = sectors(quote("ATW"), quote("CDM")).row(0, named=True)
    assert (row["lines"], row["lines_with_volume"]) == (2, 0)
    assert row["total_volume"] is row["total_turnover"] is row["mean_volume"] is None
    untraded = sectors(quote("CDM", 0, 0.0)).row(0, named=True)
    assert (untraded["total_volume"], untraded["total_turnover"]) == (0, 0.0)
    assert untraded["volume_weighted_average_price"] is None


def test_the_average_is_of_20_sessions_before_and_today_is_not_one():
    full, short = sectors(*history([10] * 20 + [40])), sectors(*history([10] * 19 + [40]))
    assert full.select("average_volume", "volume_ratio").row(-1) == (10.0, 4.0)
    assert short.select("average_volume", "volume_ratio").row(-1) == (None, None)
    assert sectors(*history([0] * 20 + [40]))["volume_ratio"][-1] is None
    assert sectors(*history([10] * 9 + [None] + [10] * 10 + [40]))["average_volume"][-1] is None


@pytest.mark.parametrize(("gap", "average"), [(WINDOW_DAYS - 20, 10.0), (WINDOW_DAYS - 19, None)])
def test_the_average_reaches_at_most_window_days_back(gap, average):
    assert sectors(*history([10] * 20 + [40], gap=gap))["average_volume"][-1] == average


def test_no_average_steps_over_a_session_that_the_whole_market_lacks():
    days = [date(2026, 1, 1) + timedelta(days=k) for k in range(42)]
    rows = [quote("ATW", 10, session=day) for day in days if day != days[20]]
    broken = sectors(*rows, missing=(days[20],))
    known = broken.filter(pl.col("average_volume").is_not_null())
    assert known["session"].to_list() == [days[41]]
    assert sectors(*rows)["average_volume"].count() == 21
    early = sectors(*rows, missing=(days[0] - timedelta(days=1),))
    assert_frame_equal(early, sectors(*rows))


def test_an_average_steps_over_a_session_that_only_its_sector_was_suspended_in():
    rows = history([10] * 22)
    rows[10] |= {"status": "S", "volume": None}
    traded = quote("IAM", 5, sector="Telecoms", session=rows[10]["session"])
    found = sectors(*rows, traded).filter(sector="Banks")
    assert found.height == 21
    assert found["average_volume"].to_list() == [None] * 20 + [10.0]


def test_one_sector_never_borrows_sessions_from_another():
    others = [row | {"ticker": "IAM", "sector": "Telecoms"} for row in history([99] * 30)]
    both = sectors(*history([10] * 5), *others).filter(sector="Banks")
    assert_frame_equal(both, sectors(*history([10] * 5)))


def test_nothing_gives_nothing():
    assert_frame_equal(sectors(), pl.DataFrame(schema=SECTOR_VOLUME_ANALYSIS))


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("missing_sector", {"sector": None}),
        ("negative_volume", {"total_volume": -1}),
        ("negative_turnover", {"total_turnover": -0.01}),
        ("more_lines_flagged_than_listed", {"high_volume_lines": 2}),
        ("ratio_without_average", {"average_volume": None}),
    ],
)
def test_each_fault_is_counted(fault, change):
    sound = sectors(*history([10] * 20 + [40])).tail(1)
    assert set(sector_volume_faults(sound).values()) == {0}
    broken = sound.with_columns(
        pl.lit(value, dtype=SECTOR_VOLUME_ANALYSIS[name]).alias(name)
        for name, value in change.items()
    )
    assert {k for k, rows in sector_volume_faults(broken).items() if rows} == {fault}
    assert sector_volume_faults(pl.concat([sound, sound]))["duplicate_row"] == 2
