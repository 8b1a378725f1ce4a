"""BMCE Capital Bourse: market list and daily histories with shares and MAD, server-rendered.

The market list ``/bkbbourse/lists/TK`` shows one row per line under the headings Valeur,
Date/Heure, Ouverture, Cours, Variation %, Quantité, Volume, + Haut, + Bas. Quantité is shares,
Volume MAD. The table is found by those headings, not by being the sixth. Date/Heure is DD.MM.YYYY
after the close; a row that shows a time states no day and is put aside. Abbreviated numbers ("1,282
M") are rounded and refused.

The history ``/bkbbourse/details/hiku/{lid},102,608`` has ``div.hikuResult tr`` with td.datetime,
td.open, td.last, td.high, td.low and two td.volume: shares, then MAD. Newest first, decimal comma,
thousands grouped by no-break spaces, DD.MM.YYYY. Cells are found by class, so an empty one shifts
nothing. It does not say its line: that comes from the question's key.

Which line a row or a number is: ``bmce_lines``. A row whose number and text name different lines,
or none, is put aside.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from market_assets.domain.numbers import FRENCH_GROUPS, NumberFormat, number, whole
from market_assets.sources.casablanca.bmce_lines import LIDS, linked_lid, tickers
from market_assets.sources.casablanca.lines import asked_ticker
from market_assets.sources.reading import Element, html_root, stated_day
from market_assets.sources.rows import Parts, quoted, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

NUMBERS = NumberFormat(decimal=",", groups=FRENCH_GROUPS)
DAY = "%d.%m.%Y"
HEADINGS = ("Valeur", "Date/Heure", "Ouverture", "Cours", "Quantité", "Volume", "+ Haut", "+ Bas")
TIMES = {"datetime": 1, "open": 1, "last": 1, "high": 1, "low": 1, "volume": 2}
"""First class of the cells of a history, and how often it comes; shares come before MAD."""


class Listed(NamedTuple):
    """One row of the market list: the text under each heading and the number in its link."""

    text: dict[str, str]
    lid: str | None


def snapshot(ask: Ask) -> Conversation:  # noqa: ARG001  one question whatever the lines
    """The one question: the market list."""
    yield _market_list("list")


def history(ask: Ask) -> Conversation:
    """The market list for its links, then one question for each line whose number is known."""
    listed = yield _market_list("links")
    lids = dict(LIDS)
    for row in _list_rows(html_root(listed), listed):
        named = tickers(row.text["Valeur"], row.lid)
        if row.lid and len(named) == 1:
            lids[named.pop()] = row.lid
    for line in ask.lines:
        if line.ticker in lids:
            yield Request(
                key=f"history/{line.ticker}",
                path=f"/bkbbourse/details/hiku/{lids[line.ticker]},102,608",
            )


def _market_list(key: str) -> Request:
    return Request(
        key=key,
        path="/bkbbourse/lists/TK",
        params={
            "q": "AE31180F8E3BE20E762758E81EDC1204",
            "t": "list",
            "f": "1W_PERF_PR",
            "s": "true",
        },
    )


def parse(capture: Capture) -> Parsed:
    """The rows of the market list or of a line's history; a list asked for its links has none."""
    if capture.key == "links":
        return Parsed()
    page = html_root(capture)
    found = next(
        (div for div in page.iter("div") if "hikuResult" in div.get("class", "").split()), None
    )
    if found is not None:
        past, ticker = list(_history_rows(found, capture)), asked_ticker(capture)
        rows, refused = read_rows(past, lambda row: _session(row, ticker), " | ".join)
    else:
        listed = _list_rows(page, capture)
        rows, refused = read_rows(listed, _quote, lambda row: " | ".join(row.text.values()))
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


def _list_rows(page: Element, capture: Capture) -> list[Listed]:
    """The rows of the first table that has all the headings."""
    tables = [(_texts(table.iter("th")), table) for table in page.iter("table")]
    tables = [(headings, table) for headings, table in tables if HEADINGS[0] in headings]
    if not tables:
        found = LayoutChanged if b"bkbbourse" in capture.body else NotThisPage
        raise found(f"neither div.hikuResult nor a table headed {HEADINGS[0]!r} at {capture.url}")
    headings, table = max(tables, key=lambda pair: len({*pair[0]} & {*HEADINGS}))
    if missing := sorted({*HEADINGS} - {*headings}):
        raise LayoutChanged(f"the market list lacks {missing}")
    return [_listed(cells, headings) for cells in _rows(table, capture)]


def _listed(cells: list[Element], headings: list[str]) -> Listed:
    texts = _texts(cells)
    if len(texts) != len(headings):
        raise LayoutChanged(f"{len(texts)} cells below {len(headings)} headings: {texts}")
    lids = (linked_lid(link.get("href", "")) for cell in cells for link in cell.iter("a"))
    return Listed(dict(zip(headings, texts, strict=True)), next(filter(None, lids), None))


def _quote(row: Listed) -> Parts:
    name = row.text["Valeur"]
    named = tickers(name, row.lid)
    if len(named) != 1:
        lines = " and ".join(sorted(named)) or "no line that is known"
        raise ValueError(f"{name!r} with the number {row.lid} is {lines}")
    yield {"ticker": named.pop()}
    yield {"session": stated_day(row.text["Date/Heure"], DAY)}
    yield {
        "open": _amount(row.text["Ouverture"]),
        "high": _amount(row.text["+ Haut"]),
        "low": _amount(row.text["+ Bas"]),
        "close": _amount(row.text["Cours"]),
        "volume": whole(row.text["Quantité"], NUMBERS),
        "turnover": _amount(row.text["Volume"]),
    }


def _history_rows(history: Element, capture: Capture) -> Iterator[list[str]]:
    """The texts of each row in the order of TIMES, whatever theirs was."""
    for row in _rows(history, capture):
        texts: dict[str, list[str]] = {name: [] for name in TIMES}
        for cell in row:
            name = cell.get("class", "").partition(" ")[0]
            if name in texts:
                texts[name].append(_text(cell))
        for name, times in TIMES.items():
            if len(texts[name]) != times:
                raise LayoutChanged(f"td.{name} comes {len(texts[name])} times, not {times}")
        yield [text for found in texts.values() for text in found]


def _session(row: list[str], ticker: str) -> Parts:
    day, opened, last, high, low, shares, money = row
    yield {"ticker": ticker}
    yield {"session": stated_day(day, DAY)}
    yield {
        "open": _amount(opened),
        "high": _amount(high),
        "low": _amount(low),
        "close": _amount(last),
        "volume": whole(shares, NUMBERS),
        "turnover": _amount(money),
    }


@lru_cache(maxsize=1 << 16)
def _amount(text: str) -> float | None:
    """A price or money, kept: histories repeat their prices, and come again every day."""
    return number(text, NUMBERS)


def _rows(table: Element, capture: Capture) -> list[list[Element]]:
    """The cells of each row that has some."""
    rows = [[cell for cell in line if cell.tag == "td"] for line in table.iter("tr")]
    if not any(rows):
        raise EmptyPage(f"the table of {capture.url} has no row")
    return [cells for cells in rows if cells]


def _texts(cells: Iterable[Element]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: Element) -> str:
    return ("".join(cell.itertext()) if len(cell) else cell.text or "").strip()


SOURCE = Source(
    name="bmce_capital",
    market="casablanca",
    publisher="BMCE Capital Bourse",
    base_url="https://www.bmcecapitalbourse.com",
    group="bmce_capital",
    gives=frozenset({"open", "high", "low", "close", "volume", "turnover"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Its pages name lines by its own short names and numbers; lines whose name is not one we "
        "know are put aside. Unreachable from some servers. A history is one request per line."
    ),
    verified=(
        "Not tried live. Seen in printed output of a public client: the list's headings, dates and "
        "number forms (February 2022). From two clients: the classes of the history and the order "
        "of its two volumes. Not seen: a raw page, how deep a history goes, what an untraded "
        "session has, whether the list's links and texts are as read here. The six numbers come "
        "from public clients, those of SNA and RIS from one each."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
)
