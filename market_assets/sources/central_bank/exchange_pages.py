"""Bank Al-Maghrib's exchange rates: the reference rates and those of foreign banknotes.

- Two days a view; the second is the calendar day before the first. Of a Sunday it has the columns
  "Cours d'achat" and "Cours de vente" with ``-`` in them, which is no rate and no row.
- The unit is in the label (``100 YENS JAPONAIS``), the code in the link's title ("(JPY)"); exports
  and banknotes have the label alone, whose code is in ``currencies.csv``.
- Banknotes state their day in the form above the table, as far as is known.
"""

import csv
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from market_assets.domain.numbers import number
from market_assets.sources.central_bank.bkam_rows import FRENCH, Said, day, read_table
from market_assets.sources.central_bank.bkam_tables import Page, Row, Table, fold
from market_assets.web.failures import LayoutChanged

REFERENCE, BANKNOTE = "reference", "banknote"
SIDES = {"moyen": "mid", "cours d'achat": "bid", "cours de vente": "ask"}
BANKNOTE_SIDES = {"achat clientele": "bid", "vente clientele": "ask"}
REFERENCE_HEADINGS = ("devises",)
BANKNOTE_HEADINGS = ("devises", *BANKNOTE_SIDES)
LABEL = re.compile(r"(10{0,3}) (\S.*)")
CODE = re.compile(r"\(([A-Z]{3})\)$")
OUGUIYAS = {"MRO", "MRU"}
NEW_HUNDRED = 10
"""Dirhams. A hundred old ouguiyas were worth 2 to 5, a hundred new ones, since 2018, 20 to 30."""


def reference_rates(table: Table, _page: Page) -> Said:
    """The mid of each currency on each day shown, or bid and ask where those are stated."""
    columns: list[tuple[date, str]] = []
    for path in table.columns[1:]:
        shown, name = (path[0], path[-1]) if len(path) > 1 else ("", "".join(path))
        if name not in SIDES:
            raise LayoutChanged(f"the rates have a column {name!r}, which is none of {[*SIDES]}")
        try:
            columns.append((day(shown), SIDES[name]))
        except ValueError as error:
            raise LayoutChanged(f"the date above the rates: {error}") from error

    def read(row: Row) -> Iterable[dict[str, Any]]:
        table.by_heading(row)
        currency, unit = _currency(row)
        stated: dict[date, dict[str, float | None]] = {}
        for column, text in zip(columns, row.cells[1:], strict=True):
            stated.setdefault(column[0], {})[column[1]] = number(text, FRENCH)
        for shown, sides in stated.items():
            yield from rate(currency, unit, shown, REFERENCE, sides)

    return read_table("exchange_rates", table, read)


def banknote_rates(table: Table, page: Page) -> Said:
    """Bid and ask of each currency's notes on the day in the page's form."""
    shown = page.shown_day
    if shown is None:
        raise LayoutChanged("the page of banknotes states no date in its form")

    def read(row: Row) -> Iterable[dict[str, Any]]:
        cells = table.by_heading(row)
        currency, unit = _currency(row)
        sides = {side: number(cells[name], FRENCH) for name, side in BANKNOTE_SIDES.items()}
        yield from rate(currency, unit, shown, BANKNOTE, sides)

    return read_table("exchange_rates", table, read)


def rate(
    currency: str, unit: int, shown: date, kind: str, sides: dict[str, float | None]
) -> Iterable[dict[str, Any]]:
    """The row of these sides (mid, bid, ask); none where nothing is stated."""
    stated = {side: value for side, value in sides.items() if value is not None}
    if not stated:
        return
    if min(stated.values()) <= 0:
        raise ValueError(f"a rate of {min(stated.values())}")
    if "bid" in stated and "ask" in stated and stated["bid"] > stated["ask"]:
        raise ValueError(f"buys at {stated['bid']}, above the {stated['ask']} it sells at")
    if currency in OUGUIYAS:
        currency, unit = ouguiya(unit, next(iter(stated.values())))
    yield {
        "currency": currency,
        "reference_date": shown,
        "kind": kind,
        "unit_count": unit,
        "mid": stated.get("mid"),
        "bid": stated.get("bid"),
        "ask": stated.get("ask"),
    }


def ouguiya(unit: int, dirhams: float) -> tuple[str, int]:
    """Which ouguiya the bank means, which it calls MRO to this day, and how many of it.

    After 2018-04-16 its unit was 1 for rates that were still those of a hundred; no ouguiya was
    ever worth a dirham.
    """
    count = 100 if unit == 1 and dirhams >= 1 else unit
    return ("MRU" if dirhams * 100 / count >= NEW_HUNDRED else "MRO"), count


@cache
def labels() -> dict[str, str]:
    """The currencies by the folded label of the bank."""
    text = files(__package__ or "").joinpath("currencies.csv").read_text("utf-8")
    return {fold(row["label"]): row["currency"] for row in csv.DictReader(text.splitlines())}


def stated_title(title: str) -> str | None:
    """The code in a link's title; None where it has none."""
    found = CODE.search(title)
    return found[1] if found else None


def _currency(row: Row) -> tuple[str, int]:
    label = LABEL.fullmatch(row.cells[0])
    if label is None:
        raise ValueError(f"{row.cells[0]!r} is not a count and a currency")
    linked, known = stated_title(row.title), labels().get(fold(label[2]))
    if linked and known and linked != known:
        raise ValueError(f"{label[2]!r} is {known}, but its link says {linked}")
    code = linked or known
    if code is None:
        raise ValueError(f"unknown currency: {label[2]!r}")
    return code, int(label[1])
