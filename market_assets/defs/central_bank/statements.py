"""What Bank Al-Maghrib's pages, files and API say, by subject, as the agreement reads them.

Statements are kept under the session on which they were asked for; what they are about is their
``reference_date``. So a run changes other dates than its own sessions: all that it heard of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.statements import statement_key, statements_asset
from market_assets.defs.tables import Written, table_name
from market_assets.defs.window import Window
from market_assets.sources import registry
from market_assets.sources.central_bank.subjects import SUBJECTS
from market_assets.sources.source import Source

STATEMENTS = [
    statements_asset(CENTRAL_BANK, source, sorted(source.gives), SUBJECTS)
    for source in registry.CENTRAL_BANK
]
DAY = "reference_date"


def sources_about(subject: str) -> Sequence[Source]:
    """The sources that say something of ``subject``."""
    return [source for source in registry.CENTRAL_BANK if subject in source.gives]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a run changes of a subject, ``first`` to ``last``, and all that is said of these dates.

    ``rows`` have the subject's columns and the session on which they were asked for.
    """

    first: date
    last: date
    rows: pl.DataFrame

    def written(self, rows: pl.DataFrame) -> Written:
        """``rows``, in place of what there is of these dates."""
        return Written(rows, first=self.first, last=self.last)


def heard(platform: Platform, subject: str, days: Window) -> Heard:
    """The dates that the sessions of ``days`` say something of, and what anybody ever said."""
    tables = [
        table_name(statement_key(CENTRAL_BANK, source, subject))
        for source in sources_about(subject)
    ]
    first, last = days.first, days.last
    for table in tables:
        now = platform.warehouse.read(table, columns=[DAY], first=days.first, last=days.last)
        if now is not None and not now.is_empty():
            first, last = min([first, *now[DAY]]), max([last, *now[DAY]])
    said = [platform.warehouse.read(table, first=first, last=last, column=DAY) for table in tables]
    schema = pl.Schema({**SUBJECTS[subject], "session": pl.Date})
    rows = [part.select(schema.names()) for part in said if part is not None]
    return Heard(first=first, last=last, rows=pl.concat([schema.to_frame(), *rows]))
