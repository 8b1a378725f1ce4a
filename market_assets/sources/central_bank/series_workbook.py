"""A workbook of Bank Al-Maghrib's monetary series: a row per category, a column per month.

A title, the unit, a row of months above, then the categories; the notes below say nothing in the
columns of months. Knows no category. Months are dates of any day (25 May 2026 is May), so a column
is about the month, and its rows belong to the month's last day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from market_assets.domain.numbers import NumberFormat, number
from market_assets.sources.central_bank.bkam_rows import MILLION
from market_assets.sources.central_bank.bkam_tables import fold
from market_assets.sources.central_bank.rates_pages import month_end
from market_assets.sources.reading import stated_day
from market_assets.sources.sheets import sheet_rows
from market_assets.sources.source import Refused
from market_assets.web.failures import LayoutChanged
from market_assets.web.messages import Capture

NUMBERS = NumberFormat(decimal=".", empty=("", "-", "ND"))
"""Cells are numbers; ND stands where the bank has none."""
CELL_DAY = "%Y-%m-%d 00:00:00"
FEWEST_MONTHS = 3
UNIT = re.compile(r"\bmdh\b|\bmillions de dirhams\b")
FOOTNOTE = re.compile(r"\([0-9]\)")
NO_LETTER = re.compile("[^a-z0-9]")
SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Workbook:
    """``title`` is folded, ``months`` their last days by column, ``rows`` those with a figure."""

    title: str
    months: dict[int, date]
    rows: tuple[tuple[str, ...], ...]
    refused: tuple[Refused, ...]


def letters(text: str) -> str:
    """``text`` as letters and digits alone, without its footnotes' marks.

    Names of files lack the spaces that labels have, and apostrophes come in several kinds.
    """
    return NO_LETTER.sub("", fold(FOOTNOTE.sub("", text)))


def workbook(capture: Capture) -> Workbook:
    """The first sheet; LayoutChanged where no row of months is, or no unit above it."""
    rows = sheet_rows(capture, "a monetary series")
    place = next((n for n, row in enumerate(rows) if _is_head(row)), None)
    if place is None:
        raise LayoutChanged(f"no row of months on the first sheet of {capture.url}")
    above = [fold(cell) for row in rows[:place] for cell in row if cell]
    if not any(UNIT.search(text) for text in above):
        raise LayoutChanged(f"nothing above the months says that it is in MDH: {above}")
    months, refused = _months(rows[place], until=capture.fetched_at.date())
    below = rows[place + 1 :]
    return Workbook(
        title=above[0],
        months=months,
        rows=tuple(row for row in below if any(row[column] for column in months)),
        refused=refused,
    )


def amounts(book: Workbook, row: tuple[str, ...]) -> tuple[dict[date, float], list[Refused]]:
    """The dirhams of a row by the month's last day, and the cells that cannot be read."""
    stated: dict[date, float] = {}
    refused: list[Refused] = []
    for column, end in book.months.items():
        try:
            value = _dirhams(row[column])
        except ValueError as error:
            text = f"{row[0]} | {end:%Y-%m} | {row[column]}"
            refused.append(Refused(text=text, reason=str(error), session=end))
            continue
        if value is not None:
            stated[end] = value
    return stated, refused


def row_text(row: Iterable[str]) -> str:
    """The beginning of a row, for the quarantine."""
    return " | ".join(row)[:SHOWN]


def _dirhams(cell: str) -> float | None:
    millions = number(cell, NUMBERS)
    if millions is None:
        return None
    if millions < 0:
        raise ValueError(f"an outstanding amount of {millions}")
    return round(millions * MILLION, 2)


def _is_head(row: tuple[str, ...]) -> bool:
    dates = sum(_day(cell) is not None for cell in row[1:])
    return dates >= FEWEST_MONTHS and dates * 2 >= len(row) - 1


def _months(head: tuple[str, ...], *, until: date) -> tuple[dict[int, date], tuple[Refused, ...]]:
    """The columns that are about a month which has ended, each month once."""
    months: dict[int, date] = {}
    refused: list[Refused] = []
    for column, cell in enumerate(head[1:], start=1):
        if not cell:
            continue
        day = _day(cell)
        end = month_end(day.year, day.month) if day else None
        if end is None:
            refused.append(Refused(text=cell, reason=f"{cell!r} is no date of a month"))
        elif end > until:
            reason = f"{end:%Y-%m} had not ended on {until}"
            refused.append(Refused(text=cell, reason=reason, session=end))
        elif end in months.values():
            reason = f"a second column of {end:%Y-%m}"
            kind = "conflicting_rows"
            refused.append(Refused(text=cell, reason=reason, kind=kind, session=end))
        else:
            months[column] = end
    return months, tuple(refused)


def _day(cell: str) -> date | None:
    try:
        return stated_day(cell, CELL_DAY)
    except ValueError:
        return None
