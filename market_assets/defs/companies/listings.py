"""Who is listed on Casablanca's exchange, as of each session, and what it was called before."""

from datetime import date, timedelta

import dagster as dg
import polars as pl

from market_assets.defs.casablanca.quotes import quotes_key
from market_assets.defs.graph import OWNERS, WAREHOUSE_POOL, monthly, shown
from market_assets.defs.markets import CASABLANCA, COMPANIES
from market_assets.defs.platform import Platform
from market_assets.defs.tables import table_name
from market_assets.defs.window import SessionWindow
from market_assets.domain.companies import listings
from market_assets.domain.companies.adjustment import dated_splits
from market_assets.sources import registry
from market_assets.sources.casablanca.identity_changes import identity_changes
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.tables import LISTINGS as STATED

LISTINGS = dg.AssetKey([COMPANIES.name, "listings"])
DISAGREEMENTS = dg.AssetKey(["quality", "listing_disagreements"])
IDENTITY_CHANGES = dg.AssetKey([COMPANIES.name, "identity_changes"])
SAID = f"{CASABLANCA.name}.listings"
"""What the exchange's lists say, beside its quotes."""
LISTERS = tuple(source for source in registry.CASABLANCA if source.official)
LOOKED_BACK = timedelta(days=370)
"""In which a statement of a line's listing is searched for."""


@dg.multi_asset(
    name="company_listings",
    deps=[quotes_key(source) for source in LISTERS],
    outs={
        "listings": dg.AssetOut(
            key=LISTINGS,
            description="Every line with its ISIN, name, sectors, compartment, shares, status and "
            "what each source calls it, as of each session.",
            **shown(COMPANIES.name),
        ),
        "disagreements": dg.AssetOut(
            key=DISAGREEMENTS,
            description="What a list or the register says otherwise than what stands.",
            **shown(f"{COMPANIES.name}_quality"),
        ),
    },
    **monthly(COMPANIES),
)
def company_listings(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The register, brought up to date by what the exchange had stated by each session."""
    days = window.of(COMPANIES, context.partition_keys)
    stated = stated_listings(platform, days.first - LOOKED_BACK, days.last)
    chosen = {
        day: listings.listings(
            stated,
            mic=COMPANIES.mic,
            register=register_frame(),
            symbols=symbols_frame(),
            splits=dated_splits(identity_changes()),
            as_of=day,
        )
        for day in days.sessions
    }
    said = {
        day: listings.listing_disagreements(
            rows,
            stated.filter(pl.col("known_at").dt.date() <= day),
            register=register_frame(),
        )
        for day, rows in chosen.items()
    }
    return _dated(chosen), _dated(said)


def _dated(by_day: dict[date, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(
        rows.select(pl.lit(day).alias("session"), pl.all()) for day, rows in by_day.items()
    )


def stated_listings(platform: Platform, first: date, last: date) -> pl.DataFrame:
    """What the exchange's lists said in the sessions from ``first`` to ``last``."""
    rows = platform.warehouse.read(SAID, first=first, last=last)
    return STATED.to_frame() if rows is None else rows.select(STATED.names())


def register_frame() -> pl.DataFrame:
    """What is known of each line beforehand. Schema REGISTER."""
    columns = listings.REGISTER.names()
    rows = [[getattr(line, name) for name in columns] for line in casablanca_lines()]
    return pl.DataFrame(rows, schema=listings.REGISTER, orient="row")


def symbols_frame() -> pl.DataFrame:
    """What sources call the lines. Schema SYMBOLS."""
    rows = [
        (line.ticker, source, symbol)
        for line in casablanca_lines()
        for source, symbol in (
            ("african_markets", line.african_markets_code),
            ("investing", line.investing_id),
        )
    ]
    return pl.DataFrame(rows, schema=listings.SYMBOLS, orient="row")


@dg.asset(
    key=IDENTITY_CHANGES,
    group_name=COMPANIES.name,
    kinds={"polars", "duckdb"},
    owners=OWNERS,
    pool=WAREHOUSE_POOL,
    description="Renames, changes of ISIN and splits that are known, each with what it rests on.",
)
def known_identity_changes(platform: dg.ResourceParam[Platform]) -> dg.MaterializeResult:
    """The list as it is in the package; series are adjusted for what has a date."""
    rows = identity_changes()
    platform.warehouse.replace_table(table_name(IDENTITY_CHANGES), rows)
    return dg.MaterializeResult(metadata={"dagster/row_count": rows.height})


ASSETS = [company_listings]
