"""The rules that the sums over companies keep: counts the rows that break them."""

import polars as pl

from market_assets.domain.faults import counted


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
