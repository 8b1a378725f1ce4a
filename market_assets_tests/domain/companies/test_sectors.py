"""Sectors and the spread of worth: parts make up the whole, what is not stated is not counted."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market_assets.domain.companies.sectors import (
    MARKET_CAP_CONCENTRATION,
    MARKET_CAP_DISTRIBUTION,
    SECTOR_SUMMARY,
    market_cap_concentration,
    market_cap_distribution,
    sector_summary,
)
from market_assets_tests.domain.companies.company_rows import figures

DAY = date(2026, 11, 20)
LINES = pl.DataFrame(
    {
        "ticker": ["A", "B", "C"],
        "sector": ["Banques", "Banques", "Mines"],
        "icb_sector": ["Financials", "Financials", None],
        "session": [DAY] * 3,
    }
)


def line(ticker, cap, *, turnover=None, status="T") -> dict:
    return {
        "ticker": ticker,
        "session": DAY,
        "market_cap": cap,
        "turnover": turnover,
        "status": status,
    }


def test_a_sector_is_the_sum_of_its_lines_that_state_the_figure():
    rows = figures(
        line("A", 6e9, turnover=3.0),
        line("B", None, turnover=1.0, status="S"),
        line("C", 2e9),
        line("D", 2e9),
    )
    result = sector_summary(rows, LINES)
    assert result.schema == SECTOR_SUMMARY
    assert result.filter(taxonomy="exchange").drop("session", "taxonomy").rows() == [
        (None, 1, 0, 1, 2e9, 0.2, 0, None, None),
        ("Banques", 2, 1, 1, 6e9, 0.6, 2, 4.0, 1.0),
        ("Mines", 1, 0, 1, 2e9, 0.2, 0, None, None),
    ]
    icb = result.filter(taxonomy="icb").select("sector", "lines", "market_cap").rows()
    assert icb == [(None, 2, 4e9), ("Financials", 2, 6e9)]


def test_each_session_has_the_sectors_of_its_own_listing():
    later = DAY + timedelta(days=1)
    moved = LINES.with_columns(session=pl.lit(later), sector=pl.lit("Mines"))
    rows = figures(line("A", 6e9), line("A", 6e9) | {"session": later})
    result = sector_summary(rows, pl.concat([LINES, moved])).filter(taxonomy="exchange")
    assert result.select("session", "sector").rows() == [(DAY, "Banques"), (later, "Mines")]


def test_a_band_begins_with_its_first_value_and_ends_before_the_next():
    result = market_cap_distribution(
        figures(line("A", 1e9), line("B", 999_999_999.0), line("C", 2e11), line("D", None))
    )
    assert result.schema == MARKET_CAP_DISTRIBUTION
    assert result.select("band_from", "band_to", "lines").rows() == [
        (1e8, 1e9, 1),
        (1e9, 1e10, 1),
        (1e11, None, 1),
    ]


def test_concentration_counts_what_is_not_known_and_names_the_largest():
    rows = figures(
        line("A", 6.0), line("B", 2.0, status="S"), line("C", 2.0), line("D", None), line("E", 0.0)
    )
    result = market_cap_concentration(rows)
    assert result.schema == MARKET_CAP_CONCENTRATION
    row = result.row(0, named=True)
    assert (row["lines"], row["lines_without_market_cap"]) == (3, 2)
    assert (row["suspended_market_cap"], row["market_cap"], row["largest"]) == (2.0, 10.0, "A")
    assert (row["median"], row["largest_share"], row["top_5_share"]) == (2.0, 0.6, 1.0)
    assert row["herfindahl"] == pytest.approx(0.44)


@given(st.lists(st.floats(1e3, 1e13), min_size=1, max_size=40))
def test_every_market_cap_is_in_one_sector_and_one_band(caps):
    rows = figures(*(line(f"L{n}", cap) for n, cap in enumerate(caps)))
    bands = market_cap_distribution(rows)
    sectors = sector_summary(rows, LINES).filter(taxonomy="icb")
    for parts in (bands, sectors):
        assert parts["lines"].sum() == len(caps)
        assert parts["market_cap"].sum() == pytest.approx(sum(caps))
        assert parts["market_cap_share"].sum() == pytest.approx(1)
    row = market_cap_concentration(rows).row(0, named=True)
    assert 1 / len(caps) - 1e-9 <= row["herfindahl"] <= 1 + 1e-9
    assert row["largest_share"] <= row["top_5_share"] <= row["top_10_share"] <= 1 + 1e-9
