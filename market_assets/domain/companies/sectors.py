"""What the sectors of one market are worth, and how worth is spread over its lines."""

import polars as pl

TAXONOMIES = {"exchange": "sector", "icb": "icb_sector"}
"""The two ways of sorting lines, and the column of each: the exchange's own, African Markets'."""

SECTOR_SUMMARY = pl.Schema(
    {
        "session": pl.Date,
        "taxonomy": pl.String,
        "sector": pl.String,
        "lines": pl.Int64,
        "suspended": pl.Int64,
        "lines_with_market_cap": pl.Int64,
        "market_cap": pl.Float64,
        "market_cap_share": pl.Float64,
        "lines_with_turnover": pl.Int64,
        "turnover": pl.Float64,
        "turnover_share": pl.Float64,
    }
)
"""Lines whose sector nobody states are together under a null ``sector``. Sums are over the lines
that state the figure, null where none does; shares are of the sum over the sectors."""

BANDS = (0.0, 1e8, 1e9, 1e10, 1e11)
"""Where the bands of market caps begin, in the quote currency: a decade each."""

MARKET_CAP_DISTRIBUTION = pl.Schema(
    {
        "session": pl.Date,
        "band_from": pl.Float64,
        "band_to": pl.Float64,
        "lines": pl.Int64,
        "market_cap": pl.Float64,
        "market_cap_share": pl.Float64,
    }
)
"""Lines of a market cap from ``band_from`` up to but not including ``band_to`` (null: no end)."""

MARKET_CAP_CONCENTRATION = pl.Schema(
    {
        "session": pl.Date,
        "lines": pl.Int64,
        "lines_without_market_cap": pl.Int64,
        "suspended_market_cap": pl.Float64,
        "market_cap": pl.Float64,
        "mean": pl.Float64,
        "median": pl.Float64,
        "p10": pl.Float64,
        "p90": pl.Float64,
        "largest": pl.String,
        "largest_share": pl.Float64,
        "top_5_share": pl.Float64,
        "top_10_share": pl.Float64,
        "herfindahl": pl.Float64,
    }
)
"""``herfindahl`` is the sum of the squared shares, from 1/lines (all equal) to 1 (one holds all).
Percentiles interpolate linearly. ``suspended_market_cap`` is part of ``market_cap``."""


def sector_summary(figures: pl.DataFrame, listings: pl.DataFrame) -> pl.DataFrame:
    """Each session, taxonomy and sector in the schema SECTOR_SUMMARY.

    ``figures`` has the schema FUNDAMENTALS, ``listings`` session, ticker, sector and icb_sector.
    """
    line = ["session", "ticker"]
    sectors = listings.select(*line, *TAXONOMIES.values())
    rows = figures.join(sectors, on=line, how="left", maintain_order="left")
    return pl.concat(
        _by_sector(rows, taxonomy, column) for taxonomy, column in TAXONOMIES.items()
    ).sort("session", "taxonomy", "sector")


def market_cap_distribution(figures: pl.DataFrame) -> pl.DataFrame:
    """Each session and band that has lines, in the schema MARKET_CAP_DISTRIBUTION."""
    ends = (*BANDS[1:], None)
    bands = pl.DataFrame(
        {"band_from": BANDS, "band_to": ends},
        schema={"band_from": pl.Float64, "band_to": pl.Float64},
    )
    return (
        _valued(figures)
        .sort("market_cap")
        .join_asof(bands, left_on="market_cap", right_on="band_from")
        .group_by("session", "band_from", "band_to")
        .agg(lines=pl.len().cast(pl.Int64), market_cap=pl.col("market_cap").sum())
        .sort("session", "band_from")  # a sum depends on the order it is taken in
        .with_columns(
            market_cap_share=pl.col("market_cap") / pl.col("market_cap").sum().over("session")
        )
        .select(MARKET_CAP_DISTRIBUTION.names())
    )


def market_cap_concentration(figures: pl.DataFrame) -> pl.DataFrame:
    """Each session in which a market cap is known, in the schema MARKET_CAP_CONCENTRATION."""
    cap, suspended = pl.col("market_cap"), pl.col("status").eq_missing("S")
    total = cap.sum()
    missing = figures.group_by("session").agg(
        lines_without_market_cap=(~(cap > 0)).fill_null(value=True).sum().cast(pl.Int64)
    )
    return (
        _valued(figures)
        .sort("market_cap", "ticker", descending=[True, False])
        .group_by("session", maintain_order=True)
        .agg(
            lines=pl.len().cast(pl.Int64),
            suspended_market_cap=cap.filter(suspended).sum(),
            market_cap=total,
            mean=cap.mean(),
            median=cap.median(),
            p10=cap.quantile(0.1, interpolation="linear"),
            p90=cap.quantile(0.9, interpolation="linear"),
            largest=pl.col("ticker").first(),
            largest_share=cap.first() / total,
            top_5_share=cap.head(5).sum() / total,
            top_10_share=cap.head(10).sum() / total,
            herfindahl=((cap / total) ** 2).sum(),
        )
        .join(missing, on="session")
        .select(MARKET_CAP_CONCENTRATION.names())
        .sort("session")
    )


def _by_sector(rows: pl.DataFrame, taxonomy: str, column: str) -> pl.DataFrame:
    sums = {name: pl.col(name) for name in ("market_cap", "turnover")}
    return (
        rows.group_by("session", sector=pl.col(column))
        .agg(
            lines=pl.len().cast(pl.Int64),
            suspended=pl.col("status").eq_missing("S").sum().cast(pl.Int64),
            **{f"lines_with_{k}": v.count().cast(pl.Int64) for k, v in sums.items()},
            **{k: pl.when(v.count() > 0).then(v.sum()) for k, v in sums.items()},
        )
        .sort("session", "sector")  # a sum depends on the order it is taken in
        .with_columns(
            *(
                pl.when(whole > 0).then(pl.col(k) / whole).alias(f"{k}_share")
                for k in sums
                for whole in (pl.col(k).sum().over("session"),)
            ),
            taxonomy=pl.lit(taxonomy),
        )
        .select(SECTOR_SUMMARY.names())
    )


def _valued(figures: pl.DataFrame) -> pl.DataFrame:
    return figures.filter(pl.col("market_cap") > 0)
