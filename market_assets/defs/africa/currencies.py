"""Any currency in any other: what central banks quote, and the crosses made of it."""

from collections.abc import Sequence
from datetime import date, timedelta

import dagster as dg
import polars as pl

from market_assets.defs.africa.exchanges import BANKS
from market_assets.defs.central_bank.agreement import agreed_key
from market_assets.defs.graph import table
from market_assets.defs.markets import AFRICA
from market_assets.defs.platform import Platform
from market_assets.defs.statements import statement_key
from market_assets.defs.tables import Written, known_rows, table_name
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.central_bank.statements import EXCHANGE_RATES
from market_assets.domain.currencies import fx_rates
from market_assets.domain.currencies.cross_rates import (
    CROSS_RATES,
    CURRENCIES,
    OF_LEGS,
    cross_rates,
)
from market_assets.domain.currencies.rows import RATES
from market_assets.domain.currencies.trust import trusted_rates

QUOTED_RATES = dg.AssetKey([AFRICA.name, "quoted_rates"])
FX_RATES = dg.AssetKey([AFRICA.name, "fx_rates"])
STATED = tuple(table_name(statement_key(AFRICA, bank, "rates")) for bank in BANKS)
CROSSED = ["as_of", "base", "quote", "rate", "path", *OF_LEGS]
"""What a cross rate says."""
DAY = timedelta(days=1)
MAX_AGE_DAYS = 10
"""Of a leg: a bank may rest for a feast with a weekend at either end."""
TOLERANCE = 0.03
"""A table whose euro in dollars is so far from the median of its day is not of that day. A server
was seen that answered with rates 5 % off; true ones differ by their hours, a fraction of it."""


@dg.asset(
    key=QUOTED_RATES,
    deps=[
        *(statement_key(AFRICA, bank, "rates") for bank in BANKS),
        agreed_key("exchange_rates"),
    ],
    description="What central banks quote, a row per day, source and pair: nothing averaged, "
    "nothing crossed.",
    metadata={"session_column": "reference_date"},
    **table(AFRICA, AFRICA.name),
)
def quoted_rates(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """The banks' rates and Bank Al-Maghrib's reference rates of the days the run heard of."""
    first, last = _heard_of(platform, window.of(AFRICA, context.partition_keys))
    said = [
        known_rows(platform, name, first=first, last=last, column="reference_date")
        for name in STATED
    ]
    dirhams = platform.warehouse.read(
        table_name(agreed_key("exchange_rates")), first=first, last=last, column="reference_date"
    )
    rates = pl.concat([RATES.to_frame(), *(part.select(RATES.names()) for part in said)])
    known = EXCHANGE_RATES.to_frame() if dirhams is None else dirhams
    return Written(fx_rates.fx_rates(rates, known), first=first, last=last)


@dg.asset(
    key=FX_RATES,
    deps=[QUOTED_RATES],
    description="Each currency in each other on each day, with the path that was used and how old "
    "its oldest rate was.",
    metadata={"session_column": "as_of"},
    **table(AFRICA, AFRICA.name),
)
def crosses(
    context: dg.AssetExecutionContext, platform: dg.ResourceParam[Platform], window: SessionWindow
) -> Written:
    """Of every day of the run, also those without a session, and of those that learned of more."""
    days = window.of(AFRICA, context.partition_keys)
    own = every_day(days.first, AFRICA.eve_after(days.last))
    since, until = _heard_of(platform, days)
    about = {"first": since, "last": until + MAX_AGE_DAYS * DAY, "column": "as_of"}
    known = platform.warehouse.read(table_name(FX_RATES), **about)
    if known is None:
        return Written(crossed(platform, own), first=own[0], last=own[-1])
    rows = crossed(platform, sorted({*own, *known["as_of"]}))
    known = pl.concat([CROSS_RATES.to_frame(), known], how="diagonal")  # of before the legs' dates
    other = rows.join(known, on=CROSSED, how="anti", nulls_equal=True)["as_of"]
    first, last = min([own[0], *other]), max([own[-1], *other])
    return Written(rows.filter(pl.col("as_of").is_between(first, last)), first=first, last=last)


def _heard_of(platform: Platform, days: Window) -> tuple[date, date]:
    """The first and the last day that the run heard rates of; a bank may state older ones again."""
    heard = [known_rows(platform, name, first=days.first, last=days.last) for name in STATED]
    stated = pl.concat(part.select("reference_date") for part in heard)["reference_date"]
    return min([days.first, *stated]), max([days.last, *stated])


def every_day(first: date, last: date) -> list[date]:
    """The days from ``first`` to ``last``."""
    return [first + place * DAY for place in range((last - first).days + 1)]


def crossed(platform: Platform, days: Sequence[date]) -> pl.DataFrame:
    """The crosses of ``days``, ascending. Schema CROSS_RATES."""
    quoted = known_rows(
        platform,
        table_name(QUOTED_RATES),
        first=days[0] - MAX_AGE_DAYS * DAY,
        last=days[-1],
        column="reference_date",
    )
    return cross_rates(
        trusted_rates(quoted, tolerance=TOLERANCE),
        days=days,
        currencies=CURRENCIES,
        max_age_days=MAX_AGE_DAYS,
    )


ASSETS = [quoted_rates, crosses]
