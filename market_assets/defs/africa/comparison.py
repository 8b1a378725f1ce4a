"""Markets beside each other: returns, what they are worth in one currency, industries, correlation.

Casablanca is one of them where its quotes are known. Hong Kong is not: nobody states prices of it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import dagster as dg
import polars as pl

from market_assets.calendars.xcas import NAME as XCAS
from market_assets.defs.africa.currencies import FX_RATES, crossed, every_day
from market_assets.defs.africa.exchanges import MICS, markets_frame, sessions_frame
from market_assets.defs.africa.quotes import DAILY_QUOTES, LISTINGS
from market_assets.defs.casablanca.reconciliation import DAILY_QUOTES as CASABLANCA_QUOTES
from market_assets.defs.graph import monthly, shown
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.reach import changed_days
from market_assets.defs.tables import Written, days_written, known_rows, table_name
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.africa import cross_market, returns, sector_weights
from market_assets.domain.africa.reconcile import MARKETS
from market_assets.domain.companies.adjustment import adjusted_quotes, dated_splits
from market_assets.domain.quotes.reconcile import DAILY_QUOTES as DAILY
from market_assets.sources.casablanca.identity_changes import identity_changes
from market_assets.sources.casablanca.lines import casablanca_lines

RETURNS = dg.AssetKey([AFRICA.name, "market_returns"])
CROSS_MARKET = dg.AssetKey([AFRICA.name, "cross_market"])
SECTOR_WEIGHTS = dg.AssetKey([AFRICA.name, "sector_weights"])
CORRELATIONS = dg.AssetKey([AFRICA.name, "market_correlations"])
CURRENCIES = ("MAD", "USD")
"""In which markets are compared."""
BACK = timedelta(days=130)
"""Days that hold the sessions common to two exchanges that a correlation is over, with feasts."""
COMPARED = ["mic", "ticker", "session", "close", "turnover", "market_cap", "currency"]


@dg.multi_asset(
    name="market_comparison",
    deps=[DAILY_QUOTES, LISTINGS, FX_RATES, CASABLANCA_QUOTES],
    outs={
        "market_returns": dg.AssetOut(
            key=RETURNS,
            description="How each market's lines moved in each session, equal and by market cap.",
            **shown(AFRICA.name),
        ),
        "cross_market": dg.AssetOut(
            key=CROSS_MARKET,
            description="Market cap, turnover, breadth and returns of the markets in dirhams and "
            "dollars as of a day, each with its age and the rate that was used.",
            metadata={"session_column": "as_of"},
            **shown(AFRICA.name),
        ),
        "sector_weights": dg.AssetOut(
            key=SECTOR_WEIGHTS,
            description="How much of each market is in which ICB industry, by market cap.",
            metadata={"session_column": "as_of"},
            **shown(AFRICA.name),
        ),
        "market_correlations": dg.AssetOut(
            key=CORRELATIONS,
            description="How the markets' returns went together over 60 common sessions.",
            metadata={"session_column": "as_of"},
            **shown(AFRICA.name),
        ),
    },
    **monthly(AFRICA),
)
def market_comparison(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> tuple[Written, Written, Written, Written]:
    """Compare the markets as of each session of the run, and of those that it changes."""
    as_of = _changed(context, platform, window.of(AFRICA, context.partition_keys))
    first, last = as_of[0] - BACK, as_of[-1]
    quotes = pl.concat([_neighbours(platform, first, last), _casablanca(platform, first, last)])
    there = set(quotes["mic"])
    markets = pl.concat(
        [markets_frame(), pl.DataFrame([(XCAS, "MAD")], schema=MARKETS, orient="row")]
    ).filter(pl.col("mic").is_in([*MICS, XCAS] if XCAS in there else MICS))
    calendars = [sessions_frame(mic, first, last) for mic in markets["mic"]]
    moved = returns.market_returns(quotes, sessions=pl.concat(calendars), markets=markets)
    rates = crossed(platform, every_day(first, last))
    about = {"as_of": as_of, "markets": markets, "rates": rates}
    compared = [
        cross_market.cross_market(quotes, moved, currency=currency, **about)
        for currency in CURRENCIES
    ]
    correlated = [
        returns.correlations(moved, currency=currency, **about) for currency in CURRENCIES
    ]
    weights = sector_weights.sector_weights(quotes, _described(platform, as_of), as_of=as_of)
    own = moved.filter(pl.col("session").is_in(as_of))
    once = pl.concat(compared).unique(maintain_order=True)  # counts have no currency
    written = partial(Written, first=as_of[0], last=last)
    return written(own), written(once), written(weights), written(pl.concat(correlated))


def _changed(context: dg.AssetExecutionContext, platform: Platform, days: Window) -> list[date]:
    """``days``, those whose rates changed, and what is already compared with either of them."""
    rated = days_written(context.instance, context.run.run_id, FX_RATES) or (days.first, days.last)
    return changed_days(
        platform,
        table_name(CROSS_MARKET),
        days.sessions,
        since=min(days.first, rated[0]),
        until=max(days.last, rated[1]) + BACK,
        column="as_of",
    )


def _neighbours(platform: Platform, first: date, last: date) -> pl.DataFrame:
    return known_rows(platform, table_name(DAILY_QUOTES), first=first, last=last).select(COMPARED)


def _casablanca(platform: Platform, first: date, last: date) -> pl.DataFrame:
    """Its quotes with closes adjusted for splits; none where it was never run."""
    table = table_name(CASABLANCA_QUOTES)
    rows = platform.warehouse.read(table, first=first, last=last)
    if rows is None:
        return pl.DataFrame(schema={name: DAILY[name] for name in COMPARED})
    adjusted = adjusted_quotes(rows, dated_splits(identity_changes()))
    return adjusted.with_columns(close="adjusted_close").select(COMPARED)


def _described(platform: Platform, as_of: Sequence[date]) -> pl.DataFrame:
    """session, mic, ticker and icb_sector of each line, as it was described then."""
    columns = ["session", "mic", "ticker", "icb_sector"]
    neighbours = known_rows(platform, table_name(LISTINGS), first=as_of[0], last=as_of[-1])
    lines = [
        (day, XCAS, line.ticker, line.icb_sector) for day in as_of for line in casablanca_lines()
    ]
    described = neighbours.select(columns)
    return pl.concat([described, pl.DataFrame(lines, schema=described.schema, orient="row")])


ASSETS = [market_comparison]
