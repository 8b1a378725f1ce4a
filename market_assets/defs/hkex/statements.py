"""What each publisher says of the Southbound holdings: its captures parsed into rows."""

from datetime import date

import dagster as dg

from market_assets.defs.captures import capture_key
from market_assets.defs.graph import ONE_RUN, OWNERS, WAREHOUSE_POOL
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.tables import Written
from market_assets.defs.testimony import QUARANTINE, parsed_captures, testimony
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.holdings.revisions import revisions
from market_assets.domain.holdings.rows import HOLDINGS
from market_assets.sources.hkex.subjects import SUBJECTS
from market_assets.sources.source import Source
from market_assets.web.archive import Archive
from market_assets.web.failures import SourceFailure


def statements_key(source: Source) -> dg.AssetKey:
    """The asset of what ``source`` says."""
    return dg.AssetKey([HKEX.name, f"{source.name}_statements"])


def statements_asset(source: Source) -> dg.AssetsDefinition:
    """The asset that parses the captures of ``source``."""

    @dg.asset(
        key=statements_key(source),
        deps=[capture_key(source)],
        group_name="hkex_statements",
        kinds={"polars", "duckdb"},
        owners=OWNERS,
        pool=WAREHOUSE_POOL,
        description=f"What {source.publisher} says of each stock and day: "
        f"{', '.join(sorted(source.gives))}. {source.caution}",
        metadata={"group": source.group, "official": source.official, "verified": source.verified},
        partitions_def=HKEX.months,
        backfill_policy=ONE_RUN,
    )
    def statements(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Written:
        days = window.of(HKEX, context.partition_keys)
        said = testimony(
            platform.archive, source, first=days.first, last=days.last, main="holdings"
        )
        beside = {
            f"{HKEX.name}.{subject}": said.latest(subject)
            for subject in SUBJECTS
            if subject in said.tables and subject != "holdings"
        }
        return Written(
            revisions(said.all("holdings", HOLDINGS)), beside={QUARANTINE: said.refused, **beside}
        )

    return statements


def captured_sessions(archive: Archive, source: Source, days: Window) -> frozenset[date]:
    """The sessions of ``days`` that a capture of ``source`` states something of."""
    return frozenset(
        session
        for _, parsed in parsed_captures(archive, source, first=days.first, last=days.last)
        if not isinstance(parsed, SourceFailure)
        for rows in parsed.tables.values()
        for session in rows["session"].unique()
    )
