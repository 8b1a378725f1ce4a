"""What each source says: its captures parsed into rows, every value with the time it was known."""

import dagster as dg

from market_assets.defs.captures import capture_key
from market_assets.defs.graph import ONE_RUN, OWNERS, WAREHOUSE_POOL
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.tables import Written
from market_assets.defs.testimony import QUARANTINE, QUOTES_SUBJECT, testimony
from market_assets.defs.window import SessionWindow
from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.quotes.screening import revisions
from market_assets.sources.source import Source


def quotes_key(source: Source) -> dg.AssetKey:
    """The asset of what ``source`` says."""
    return dg.AssetKey(["casablanca", f"{source.name}_quotes"])


def quotes_asset(source: Source) -> dg.AssetsDefinition:
    """The asset that parses the captures of ``source``."""

    @dg.asset(
        key=quotes_key(source),
        deps=[capture_key(source)],
        group_name="casablanca_quotes",
        kinds={"polars", "duckdb"},
        owners=OWNERS,
        pool=WAREHOUSE_POOL,
        description=f"What {source.publisher} says of each line and session: "
        f"{', '.join(sorted(source.gives))}. {source.caution}",
        metadata={"group": source.group, "official": source.official, "verified": source.verified},
        partitions_def=CASABLANCA.months,
        backfill_policy=ONE_RUN,
    )
    def quotes(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Written:
        days = window.of(CASABLANCA, context.partition_keys)
        said = testimony(
            platform.readings, source, first=days.first, last=days.last, main=QUOTES_SUBJECT
        ).between(days.first, days.last)
        beside = {
            f"{CASABLANCA.name}.{subject}": said.latest(subject, rows.schema)
            for subject, rows in said.tables.items()
            if subject != QUOTES_SUBJECT
        }
        return Written(
            revisions(said.all(QUOTES_SUBJECT, QUOTES)),
            beside={QUARANTINE: said.refused, **beside},
        )

    return quotes
