"""Bank Al-Maghrib's own rates and those of lending: decisions of its council, quarterly survey.

The history of decisions is an editorial page: it lags, and its newest decision is whatever was
typed last. The survey has a column per quarter and, beside it, a table of release dates; the last
column ("Δ") holds an icon, no number.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from market_assets.sources import french
from market_assets.sources.central_bank.bkam_rows import (
    Said,
    day,
    observations,
    percent,
    read_table,
)
from market_assets.sources.central_bank.bkam_tables import Page, Row, Table, fold
from market_assets.web.failures import LayoutChanged

POLICY = {
    "taux directeur": "policy.rate",
    "ratio de reserve obligatoire": "policy.reserve_ratio",
    "remuneration de la reserve": "policy.reserve_remuneration",
}
POLICY_HEADINGS = ("date", *POLICY)
LENDING = {
    "taux debiteur": "lending.total",
    "comptes debiteurs et credits de tresorerie": "lending.cash",
    "credits a l'equipement": "lending.equipment",
    "credits immobiliers": "lending.property",
    "credits a la consommation": "lending.consumer",
}
SURVEY = "quarterly_survey_lending_rates"
RELEASES_HEADINGS = ("edition", "date de la publication")
YEAR, QUARTER = re.compile("[12][0-9]{3}"), re.compile("t([1-4])")
EDITION = re.compile("t([1-4])-([12][0-9]{3})")
MONTHS = tuple(map(fold, french.MONTHS))


def decisions(table: Table, _page: Page) -> Said:
    """The policy rate, the reserve ratio and its remuneration, by the day of the decision."""

    def read(row: Row) -> Iterable[dict[str, Any]]:
        said = table.by_heading(row)
        values = {name: percent(said[heading]) for heading, name in POLICY.items()}
        return observations(day(said["date"]), values, published=None)

    return read_table("observations", table, read)


def survey(table: Table, page: Page) -> Said:
    """The lending rates by object, by the last day of the quarter, with the release's day."""
    quarters = {place: _quarter(path) for place, path in enumerate(table.columns)}
    ends = {place: end for place, end in quarters.items() if end is not None}
    if not ends:
        raise LayoutChanged(f"no quarter among the headings {table.columns}")
    released = releases(page)

    def read(row: Row) -> Iterable[dict[str, Any]]:
        name = LENDING.get(fold(row.cells[0]))
        if name is None:
            raise ValueError(f"{row.cells[0]!r} is no object of the survey that is known")
        if len(row.cells) <= max(ends):
            raise ValueError(f"{len(row.cells)} cells, the last quarter in the {max(ends) + 1}.")
        for place, end in ends.items():
            value = percent(row.cells[place])
            yield from observations(end, {name: value}, published=released.get(end))

    return read_table("observations", table, read)


def releases(page: Page) -> dict[date, date]:
    """The day each edition was published, by the last day of its quarter; the newest five."""
    days: dict[date, date] = {}
    for table in page.tables:
        if table.headings == RELEASES_HEADINGS:
            for row in table.rows:
                edition, _, published = row.text.partition(" | ")
                quarter = EDITION.fullmatch(fold(edition))
                if quarter is None:
                    raise LayoutChanged(f"{row.text!r} is no edition of the survey and its day")
                days[quarter_end(int(quarter[2]), int(quarter[1]))] = french_day(published)
    return days


def french_day(text: str) -> date:
    """A day such as ``08 mai 2026``; else LayoutChanged."""
    parts = fold(text).split()
    try:
        number, month, year = parts
        return date(int(year), MONTHS.index(month) + 1, int(number))
    except ValueError as error:
        raise LayoutChanged(f"{text!r} is not a day in French") from error


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter."""
    return month_end(year, 3 * quarter)


@cache
def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _quarter(path: tuple[str, ...]) -> date | None:
    """The last day of the quarter a column is about; None where it is about none."""
    year, quarter = YEAR.fullmatch("".join(path[:1])), QUARTER.fullmatch("".join(path[-1:]))
    if year is None or quarter is None:
        return None
    return quarter_end(int(year[0]), int(quarter[1]))
