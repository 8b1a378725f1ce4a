"""What the companies are worth by session: our own figures beside what the sources state."""

from datetime import date, timedelta
from functools import partial

import dagster as dg
import polars as pl

from market_assets.defs.casablanca.quotes import quotes_key
from market_assets.defs.casablanca.reconciliation import DAILY_QUOTES
from market_assets.defs.companies.listings import (
    IDENTITY_CHANGES,
    LISTINGS,
    register_frame,
    stated_listings,
)
from market_assets.defs.graph import monthly, shown
from market_assets.defs.markets import COMPANIES
from market_assets.defs.platform import Platform
from market_assets.defs.reach import changed_days
from market_assets.defs.tables import Written, known_rows, table_name
from market_assets.defs.window import SessionWindow
from market_assets.domain.companies import fundamentals, market_caps, sectors
from market_assets.domain.companies.adjustment import dated_splits
from market_assets.domain.companies.listings import shares_known
from market_assets.domain.companies.rows import STATEMENTS
from market_assets.sources import registry
from market_assets.sources.casablanca.identity_changes import identity_changes

FUNDAMENTALS = dg.AssetKey([COMPANIES.name, "fundamentals"])
DISAGREEMENTS = dg.AssetKey(["quality", "market_cap_disagreements"])
SECTOR_SUMMARY = dg.AssetKey([COMPANIES.name, "sector_summary"])
DISTRIBUTION = dg.AssetKey([COMPANIES.name, "market_cap_distribution"])
CONCENTRATION = dg.AssetKey([COMPANIES.name, "market_cap_concentration"])
STATING = {"casablanca_bourse": 0.01, "medias24": 1.0, "african_markets": 10_000_000.0}
"""The sources that state market caps, best first, and how far in MAD the last decimal of each lets
it be off: African Markets cuts to two decimals of a billion."""
AHEAD = timedelta(days=366)
"""How far after a session it still is in a figure: 52 weeks, or the year that it is the base of."""


@dg.multi_asset(
    name="company_figures",
    deps=[
        DAILY_QUOTES,
        LISTINGS,
        IDENTITY_CHANGES,
        *(quotes_key(registry.source(name)) for name in STATING),
    ],
    outs={
        "fundamentals": dg.AssetOut(
            key=FUNDAMENTALS,
            description="Market cap, turnover velocity, 52-week range and the year so far of each "
            "line, our own figures next to what the sources state.",
            **shown(COMPANIES.name),
        ),
        "disagreements": dg.AssetOut(
            key=DISAGREEMENTS,
            description="Market caps that are not the one that stands: shown, never averaged.",
            **shown(f"{COMPANIES.name}_quality"),
        ),
        "sector_summary": dg.AssetOut(
            key=SECTOR_SUMMARY,
            description="Lines, market cap and turnover by sector of the exchange and of ICB.",
            **shown(COMPANIES.name),
        ),
        "market_cap_distribution": dg.AssetOut(
            key=DISTRIBUTION,
            description="How many lines there are in each band of market cap.",
            **shown(COMPANIES.name),
        ),
        "market_cap_concentration": dg.AssetOut(
            key=CONCENTRATION,
            description="The market's worth in each session, and how much of it is in how few.",
            **shown(COMPANIES.name),
        ),
    },
    **monthly(COMPANIES),
)
def company_figures(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> tuple[Written, Written, Written, Written, Written]:
    """The figures of each session that the run changes, from two years of quotes."""
    days = window.of(COMPANIES, context.partition_keys)
    changed = changed_days(
        platform,
        table_name(FUNDAMENTALS),
        days.sessions,
        since=days.first,
        until=days.last + AHEAD,
    )
    first, last = days.first, changed[-1]
    since = first - fundamentals.HISTORY
    stated = _statements(platform, first, last)
    whole = fundamentals.fundamentals(
        known_rows(platform, table_name(DAILY_QUOTES), first=since, last=last),
        statements=stated,
        shares=shares_known(stated_listings(platform, since, last), register_frame()),
        splits=dated_splits(identity_changes()),
        sessions=COMPANIES.sessions(since, last),
    )
    figures = whole.filter(pl.col("session").is_in(changed))
    lines = known_rows(platform, table_name(LISTINGS), first=first, last=last)
    written = partial(Written, first=first, last=last)
    return (
        written(figures),
        written(market_caps.disagreements(figures, stated)),
        written(sectors.sector_summary(figures, lines)),
        written(sectors.market_cap_distribution(figures)),
        written(sectors.market_cap_concentration(figures)),
    )


def _statements(platform: Platform, first: date, last: date) -> pl.DataFrame:
    """What the sources state of market caps, and still do. Schema STATEMENTS."""
    parts = [STATEMENTS.to_frame()]
    for rank, (name, rounding) in enumerate(STATING.items()):
        rows = known_rows(
            platform,
            table_name(quotes_key(registry.source(name))),
            first=first,
            last=last,
        )
        standing = rows.filter(
            pl.col("replaced_at").is_null() & pl.col("market_cap").is_not_null()
        ).unique(["ticker", "session"], keep="last", maintain_order=True)
        parts.append(
            standing.with_columns(
                field=pl.lit("market_cap"),
                value="market_cap",
                rank=pl.lit(rank, dtype=pl.Int32),
                rounding=pl.lit(rounding),
            ).select(STATEMENTS.names())
        )
    return pl.concat(parts)


ASSETS = [company_figures]
