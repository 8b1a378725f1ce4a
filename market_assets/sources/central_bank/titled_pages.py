"""Bank Al-Maghrib's outstanding interventions and official reserve assets, known by their titles.

Nobody has published either page. What is known is what one client read of the English ones in July
2025, without their headings: so they are told by the title that the menu gives them, and what does
not fit is refused.

- Interventions: a day and an amount with two decimals a row, of thirty calendar days.
- Reserves: two days with years of two digits (a year apart), then the assets' label and figures in
  billions. Only the first figure is known to be of the first day, so only that one is read.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from market_assets.domain.numbers import number
from market_assets.sources.central_bank.bkam_rows import (
    FRENCH,
    Said,
    day,
    millions,
    observations,
    read_table,
)
from market_assets.sources.central_bank.bkam_tables import Page, Row, Table, fold
from market_assets.sources.reading import stated_day
from market_assets.web.failures import LayoutChanged

INTERVENTIONS = "encours des interventions"
RESERVES = "avoirs officiels de reserve"
"""The titles, folded."""
BILLION = 1_000_000_000
SHORT_DAY = re.compile(r"\b[0-9]{2}/[0-9]{2}/[0-9]{2}\b")


def interventions(table: Table, page: Page) -> Said:
    """The dirhams that the bank's interventions come to on each day."""
    if not page.in_millions:
        raise LayoutChanged("the page does not say that its amounts are in millions of dirhams")

    def read(row: Row) -> Iterable[dict[str, Any]]:
        shown, amount = row.cells  # of more cells nobody knows which is which: a ValueError
        values = {"interventions.outstanding": millions(amount)}
        return observations(day(shown), values, published=None)

    return read_table("observations", table, read)


def reserves(table: Table, page: Page) -> Said:
    """The official reserve assets on the first day that the table states."""
    if not page.in_billions:
        raise LayoutChanged("the page does not say that its amounts are in billions of dirhams")
    shown = _first_day(table)

    def read(row: Row) -> Iterable[dict[str, Any]]:
        if not fold(row.cells[0]).startswith(RESERVES):
            return []
        assets = number(row.cells[1], FRENCH) if len(row.cells) > 1 else None
        values = {"reserves.assets": None if assets is None else round(assets * BILLION, 2)}
        return observations(shown, values, published=None)

    return read_table("observations", table, read)


def _first_day(table: Table) -> date:
    """The first day in the headings, or else in the rows."""
    above = (text for path in table.columns for text in path)
    found = SHORT_DAY.search(" / ".join([*above, *(row.text for row in table.rows)]))
    if found is None:
        raise LayoutChanged(f"no day such as 15/11/24 in the table of {RESERVES}")
    return stated_day(found[0], "%d/%m/%y")


READERS: dict[str, Callable[[Table, Page], Said]] = {
    INTERVENTIONS: interventions,
    RESERVES: reserves,
}
"""How the tables of a page are read, by its title."""
