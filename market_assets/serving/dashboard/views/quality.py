"""Data quality: how good each source was, how fresh the tables, what disagrees or was put aside."""

import polars as pl

from market_assets.serving.dashboard import periods
from market_assets.serving.dashboard.frame import headed, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.sections.quality import doubts, scores
from market_assets.serving.dashboard.state import choice, switch

MARKETS = {
    "casablanca": "Casablanca",
    "hkex": "Hong Kong",
    "central_bank": "Central bank",
    "africa": "Neighbours",
}


def quality(data: Data) -> None:
    """Scores by source and session, freshness, failures, disagreements, quarantine."""
    there = [market for market in MARKETS if data.has(scores.TABLES[market])]
    if not there:
        data.require(scores.TABLES["casablanca"], market="casablanca")
    market = choice("Market", there, name="market", default=there[0], told=MARKETS.__getitem__)
    scored = data.rows(f"FROM {scores.TABLES[market]} ORDER BY session, source")
    sources = scored["source"].unique().sort().to_list()
    source = choice(
        "Source",
        ["", *sources],
        name="source",
        default="",
        told=lambda each: each or "every source",
    )
    period = periods.chosen()
    which = switch(
        "Sessions",
        ["all", "failed"],
        name="which",
        default="all",
        told={"all": "all", "failed": "failed only"}.__getitem__,
    )
    headed(
        "Data quality",
        f"How far the numbers of {MARKETS[market]} can be trusted, and why not further.",
    )
    if source:
        scored = scored.filter(pl.col("source") == source)
    days = scored["session"].unique().sort().to_list()
    seen = scored.filter(pl.col("session").is_in(days[-period:] if period else days))
    failed = seen.filter(pl.col("stated").fill_null(0) == 0)
    scores.numbers(seen, failed)
    scores.grid(data, seen)
    scores.failures(data, failed, market)
    doubts.freshness_of_tables(data)
    scores.every(data, failed if which == "failed" else seen, market)
    doubts.disagreements(data, market, source)
    doubts.put_aside(data, market, sources, source)


if __name__ == "__main__":
    shown(quality)
