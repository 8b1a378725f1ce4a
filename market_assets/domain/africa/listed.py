"""Who the neighbours' lines are, out of what several publishers say of them."""

import polars as pl

LISTED = pl.Schema(
    {
        "mic": pl.String,
        "ticker": pl.String,
        "isin": pl.String,
        "name": pl.String,
        "sector": pl.String,
        "icb_sector": pl.String,
    }
)
"""``sector`` in the words of the best-ranked source that has one; ``icb_sector`` the industry that
the best-ranked source with one that can be told puts the line into."""

INDUSTRIES = pl.Schema({"source": pl.String, "sector": pl.String, "icb_industry": pl.String})
"""What a source's words for a sector mean; a sector that is none, or not here, is null."""


def listed(
    listings: pl.DataFrame, *, sources: pl.DataFrame, industries: pl.DataFrame
) -> pl.DataFrame:
    """One row per exchange and line of ``listings`` (AFRICAN_LISTINGS), in the schema LISTED.

    Of each field the newest statement of the best-ranked source that states it stands. ``sources``
    needs source and rank, ``industries`` has the schema INDUSTRIES.
    """
    ranked = listings.join(sources.select("source", "rank"), on="source").join(
        industries, on=["source", "sector"], how="left"
    )
    ordered = ranked.rename({"icb_industry": "icb_sector"}).sort(
        "rank", "source", "known_at", "capture_id", descending=[False, False, True, False]
    )
    return (
        ordered.group_by("mic", "ticker", maintain_order=True)
        .agg(pl.col(c).drop_nulls().first() for c in LISTED.names()[2:])
        .sort("mic", "ticker")
    )
