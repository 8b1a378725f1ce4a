"""What the tables of the bank's pages looked like in each capture: the menu around them changes."""

import dagster as dg
import polars as pl

from market_assets.defs.captures import capture_key
from market_assets.defs.graph import table
from market_assets.defs.layouts import layouts_key
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.window import SessionWindow
from market_assets.sources.central_bank import bkam
from market_assets.sources.source import Parsed

PAGES = (bkam.SOURCE, bkam.SELDOM_SOURCE)
PAGE_TABLES = pl.Schema(
    {
        "session": pl.Date,
        "source": pl.String,
        "page": pl.String,
        "fingerprint": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)


@dg.asset(
    key=[CENTRAL_BANK.name, "page_tables"],
    deps=[*map(capture_key, PAGES), layouts_key(CENTRAL_BANK)],
    description="A sha256 of each table on each captured page: the view page_changes tells when "
    "one said something else. Pages that were asked for a day of the past are left out.",
    **table(CENTRAL_BANK, f"{CENTRAL_BANK.name}_quality"),
)
def page_tables(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> pl.DataFrame:
    """One row per capture of the run's sessions and table of it."""
    days = window.of(CENTRAL_BANK, context.partition_keys)
    rows = [
        (capture.last_session, source.name, page, sha256, capture.capture_id, capture.fetched_at)
        for source in PAGES
        for capture, said in platform.readings.between(source, first=days.first, last=days.last)
        if isinstance(said, Parsed) and "/" not in capture.key
        if days.first <= capture.last_session <= days.last
        for page, sha256 in said.fingerprints.items()
    ]
    return pl.DataFrame(rows, schema=PAGE_TABLES, orient="row").sort("known_at", "page")
