"""Who the neighbours' lines are, out of what several publishers say of them."""

import polars as pl

from market_assets.domain.africa.carrying import CARRIED

LINE = ["mic", "ticker"]
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
    listings: pl.DataFrame, *, sources: pl.DataFrame, industries: pl.DataFrame
) -> pl.DataFrame:
    """One row per session, exchange and line of ``listings``, in the schema LISTED.

    These are AFRICAN_LISTINGS with the session they were stated in. Of each field the newest
    statement of the best-ranked source that states it stands. ``sources`` needs source and rank,
    ``industries`` has the schema INDUSTRIES.
    """
    ranked = listings.join(sources.select("source", "rank"), on="source").join(
        industries, on=["source", "sector"], how="left"
    )
    ordered = ranked.rename({"icb_industry": "icb_sector"}).sort(
        "rank", "source", "known_at", "capture_id", descending=[False, False, True, False]
    )
    row = ["session", *LINE]
    fields = (name for name in LISTED.names() if name not in row)
    return (
        ordered.group_by(row, maintain_order=True)
        .agg(pl.col(name).drop_nulls().first() for name in fields)
        .sort(row)
    )


def described(rows: pl.DataFrame, lines: pl.DataFrame, *fields: str, day: str) -> pl.DataFrame:
    """``rows`` with what ``lines`` (LISTED) last said of ``fields`` by the day in column ``day``.

    Nothing older than ``CARRIED``, nothing of a day after.
    """
    for field in fields:
        said = lines.filter(pl.col(field).is_not_null()).select("session", *LINE, field)
        rows = (
            rows.sort(day, *LINE)
            .join_asof(
                said.rename({"session": "said_on"}).sort("said_on"),
                left_on=day,
                right_on="said_on",
                by=LINE,
                tolerance=CARRIED,
                check_sortedness=False,
            )
            .drop("said_on", strict=False)
        )
    return rows
