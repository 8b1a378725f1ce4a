"""The rules that the companies' tables keep: counts the rows that break them."""

import polars as pl

from market_assets.domain.companies.fundamentals import ROW, WINDOWS
from market_assets.domain.companies.listings import STATUS
from market_assets.domain.faults import counted

ISIN = r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$"
ROUNDING = 1e-9
"""How far a close may be from itself once it was divided by a split and multiplied again."""


def listings_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of LISTINGS of each ``session``."""
    return counted(
        rows,
        duplicate_line=pl.struct("session", "mic", "ticker").is_duplicated(),
        isin_of_two_lines=pl.col("isin").is_not_null()
        & pl.struct("session", "isin").is_duplicated(),
        impossible_isin=~pl.col("isin").str.contains(ISIN).fill_null(value=True),
        shares_not_above_0=(pl.col("shares") <= 0).fill_null(value=False),
        unknown_status=~pl.col("status").is_in(sorted(set(STATUS.values()))),
    )


def fundamentals_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of FUNDAMENTALS."""
    low, high = pl.col("low_52w") * (1 - ROUNDING), pl.col("high_52w") * (1 + ROUNDING)
    velocities = (pl.col(f"turnover_velocity_{window}") for window in WINDOWS)
    return counted(
        rows,
        duplicate_row=pl.struct(ROW).is_duplicated(),
        market_cap_not_above_0=~(pl.col("market_cap") > 0).fill_null(value=True),
        market_cap_of_nobody=pl.col("market_cap").is_null()
        != pl.col("market_cap_source").is_null(),
        close_outside_52_weeks=~pl.col("close").is_between(low, high).fill_null(value=True),
        negative_velocity=pl.any_horizontal((v < 0).fill_null(value=False) for v in velocities),
    )


def _out_of_range(*shares: str) -> pl.Expr:
    return pl.any_horizontal(~pl.col(c).is_between(0, 1).fill_null(value=True) for c in shares)


def sector_summary_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of SECTOR_SUMMARY."""
    return counted(
        rows,
        duplicate_row=pl.struct("session", "taxonomy", "sector").is_duplicated(),
        no_line=pl.col("lines") <= 0,
        share_out_of_range=_out_of_range("market_cap_share", "turnover_share"),
    )


def distribution_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of MARKET_CAP_DISTRIBUTION."""
    inside = (pl.col("market_cap") >= pl.col("band_from") * pl.col("lines")) & (
        pl.col("market_cap") < pl.col("band_to") * pl.col("lines")
    ).fill_null(value=True)
    return counted(
        rows,
        duplicate_row=pl.struct("session", "band_from").is_duplicated(),
        sum_outside_its_band=~inside,
        share_out_of_range=_out_of_range("market_cap_share"),
    )


def concentration_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of MARKET_CAP_CONCENTRATION."""
    largest, five, ten = pl.col("largest_share"), pl.col("top_5_share"), pl.col("top_10_share")
    return counted(
        rows,
        duplicate_row=pl.col("session").is_duplicated(),
        share_out_of_range=_out_of_range("largest_share", "top_5_share", "top_10_share"),
        few_hold_more_than_many=(largest > five) | (five > ten),
    )


def disagreements_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of the market caps that are not the one that stands."""
    return counted(
        rows,
        duplicate_row=pl.struct("session", "ticker", "field", "source").is_duplicated(),
        no_disagreement=(pl.col("value") == pl.col("chosen")).fill_null(value=False),
    )
