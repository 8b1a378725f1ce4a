"""Who the neighbours' lines are, out of what several publishers say of them."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from market_assets.domain.africa.carrying import carried

LISTED = pl.Schema(
    {
        "session": pl.Date,
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
    listings: pl.DataFrame,
    *,
    as_of: Sequence[date],
    sources: pl.DataFrame,
    industries: pl.DataFrame,
) -> pl.DataFrame:
    """One row per session of ``as_of``, exchange and line, in the schema LISTED.

    ``listings`` are AFRICAN_LISTINGS with the session they were stated in. Of each field the newest
    statement by that session of the best-ranked source that states it stands, none older than
    ``CARRIED``: where the best source is silent for a day, its words are those of the day before.
    ``sources`` needs source and rank, ``industries`` has the schema INDUSTRIES.
    """
    ranked = listings.join(sources.select("source", "rank"), on="source").join(
        industries, on=["source", "sector"], how="left"
    )
    days = pl.DataFrame({"as_of": sorted(set(as_of))}, schema={"as_of": pl.Date})
    asked = days.join(listings.select("mic").unique(), how="cross")
    newest = ["session", "known_at", "capture_id"]
    row = ["as_of", "mic", "ticker"]
    return (
        carried(ranked.rename({"icb_industry": "icb_sector"}), asked)
        .sort("rank", "source", *newest, descending=[False, False, True, True, False])
        .group_by(row, maintain_order=True)
        .agg(pl.col(c).drop_nulls().first() for c in LISTED.names() if c not in {"session", *row})
        .rename({"as_of": "session"})
        .sort("session", "mic", "ticker")
    )
