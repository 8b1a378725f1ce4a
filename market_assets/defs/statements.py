"""What a publisher says about several subjects: its captures parsed into rows, a table a subject.

Rows that state no session of their own are kept under the one on which they were asked for, so
what a page repeats is known to have been repeated then.
"""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import polars as pl

from market_assets.defs.captures import capture_key
from market_assets.defs.graph import monthly, shown
from market_assets.defs.layouts import layouts_key
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.readings import LATE
from market_assets.defs.tables import Written
from market_assets.defs.testimony import QUARANTINE, testimony
from market_assets.defs.window import SessionWindow, Window
from market_assets.sources.source import Source


def statement_key(market: Market, source: Source, subject: str) -> dg.AssetKey:
    """The asset of what ``source`` says about ``subject``."""
    return dg.AssetKey([market.name, f"{source.name}_{subject}"])


def statements_asset(
    market: Market, source: Source, said: Sequence[str], subjects: Mapping[str, pl.Schema]
) -> dg.AssetsDefinition:
    """The assets of what ``source`` says about each subject in ``said``; ``subjects`` their rows.

    Tables have the subject's columns and ``session``.
    """
    schemas = {subject: pl.Schema({**subjects[subject], "session": pl.Date}) for subject in said}

    @dg.multi_asset(
        name=f"{source.name}_statements",
        outs={
            subject: dg.AssetOut(
                key=statement_key(market, source, subject),
                description=f"What {source.publisher} says, as {subject.replace('_', ' ')}. "
                f"{source.caution}",
                metadata={
                    "group": source.group,
                    "official": source.official,
                    "verified": source.verified,
                },
                **shown(f"{market.name}_statements"),
            )
            for subject in said
        },
        deps=[capture_key(source), layouts_key(market)],
        **monthly(market),
    )
    def statements(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Iterator[dg.Output[Written]]:
        days = window.of(market, context.partition_keys)
        found = testimony(platform.readings, source, first=days.first, last=days.last, main="")
        stated = found.between(days.first, days.last)
        refused = {QUARANTINE: _put_aside(platform, source, found.refused, days)}
        for subject, schema in schemas.items():
            rows = stated.all(subject, schema).select(schema.names())
            yield dg.Output(
                Written(rows, beside=refused if subject == said[0] else {}), output_name=subject
            )

    return statements


def _put_aside(
    platform: Platform, source: Source, refused: pl.DataFrame, days: Window
) -> pl.DataFrame:
    """What was refused in answers about ``days``.

    A line about a day that nobody asked for, such as a table without a new date for years, is kept
    under the session on which it was asked for.
    """
    records = platform.archive.captures(source.name, days.first, days.last + LATE)
    asked = pl.DataFrame(
        [(row.capture_id, row.first_session, row.last_session) for row in records],
        schema={"capture_id": pl.String, "from": pl.Date, "to": pl.Date},
        orient="row",
    )
    about = pl.when(pl.col("session").is_between("from", "to")).then("session").otherwise("to")
    return (
        refused.join(asked, on="capture_id", maintain_order="left")
        .with_columns(session=about)
        .filter(pl.col("session").is_between(days.first, days.last))
        .select(refused.columns)
    )
