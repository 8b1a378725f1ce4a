"""What each publisher says of Stock Connect: its captures parsed into rows, a table a publisher."""

from datetime import date, timedelta

import dagster as dg
import polars as pl

from market_assets.defs.captures import capture_key
from market_assets.defs.graph import table
from market_assets.defs.layouts import layouts_key
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.readings import Readings
from market_assets.defs.tables import Written
from market_assets.defs.testimony import QUARANTINE, Testimony, testimony
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.holdings.revisions import revisions
from market_assets.domain.holdings.rows import HOLDINGS
from market_assets.sources.hkex.subjects import SUBJECTS
from market_assets.sources.source import Source
from market_assets.web.failures import SourceFailure

OTHER_SUBJECTS = {
    "hkex_participants": "participant_holdings",
    "hkex_securities": "securities",
    "hkex_northbound": "northbound_holdings",
}
"""What the pages of a source are about where it is not Southbound's holdings."""
TIMELESS = frozenset({"hkex_northbound"})
"""Sources whose pages state days far before the one they are asked on: the last quarter's end."""
DAY = timedelta(days=1)


def statements_key(source: Source) -> dg.AssetKey:
    """The asset of what ``source`` says."""
    table = OTHER_SUBJECTS.get(source.name, f"{source.name}_statements")
    return dg.AssetKey([HKEX.name, table])


def statements_asset(source: Source) -> dg.AssetsDefinition:
    """The asset that parses the captures of ``source``."""
    main = OTHER_SUBJECTS.get(source.name, "holdings")

    @dg.asset(
        key=statements_key(source),
        deps=[capture_key(source), layouts_key(HKEX)],
        description=f"What {source.publisher} says, as {main.replace('_', ' ')}. {source.caution}",
        metadata={"group": source.group, "official": source.official, "verified": source.verified},
        **table(HKEX, "hkex_statements"),
    )
    def statements(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Written:
        days = window.of(HKEX, context.partition_keys)  # and the days without a session around
        timeless = source.name in TIMELESS
        dated = "" if timeless else main
        first, last = HKEX.before(days.first, 1) + DAY, HKEX.eve_after(days.last)
        said = testimony(platform.readings, source, first=first, last=last, main=dated)
        if timeless:
            # One of its pages may be missing: all that was captured since the days they state.
            first = min([days.first, *_rows(said, main)["session"]])
            stated = testimony(platform.readings, source, first=first, last=last, main=dated)
        else:
            stated = said
        stated = stated.between(first, last)
        rows = _rows(stated, main)
        return Written(
            rows,
            beside={
                QUARANTINE: said.between(days.first, days.last).refused,
                **{
                    f"{HKEX.name}.{subject}": stated.latest(subject, SUBJECTS[subject])
                    for subject in source.gives - {main}
                },
            },
            first=min([days.first, *rows["session"]]),
            last=max([days.last, *rows["session"]]),
        )

    return statements


def _rows(said: Testimony, main: str) -> pl.DataFrame:
    if main == "holdings":
        return revisions(said.all(main, HOLDINGS))
    return said.latest(main, SUBJECTS[main])


def captured_sessions(readings: Readings, source: Source, days: Window) -> frozenset[date]:
    """The sessions that captures of ``source`` asked for ``days`` state, lists aside."""
    main = OTHER_SUBJECTS.get(source.name, "holdings")
    return frozenset(
        session
        for _, parsed in readings.between(source, first=days.first, last=days.last)
        if not isinstance(parsed, SourceFailure) and main in parsed.tables
        for session in parsed.tables[main]["session"].unique()
    )
