"""Investing.com: the daily history of the lines whose number there is known; behind Cloudflare.

Asked: ``GET /api/financialdata/historical/{id}`` on api.investing.com with the header ``Domain-Id:
www``, one request per line. The answer is ``{"data": [...]}``, newest first, ``null`` where the
range has no session. Of each row only what is exact is read: the day from the first ten characters
of ``rowDateTimestamp`` (``rowDate`` is in the language of the edition, ``rowDateRaw`` an epoch)
and the ``*Raw`` prices, numbers or numeric strings. ``volumeRaw`` is shares by Investing's
convention; where it is missing the text ``volume`` ("12.40K") is not used, being rounded, and 0
beside an empty text states nothing. There is no turnover. Lines without an ``investing_id`` (listed
since 2022) are not asked for.

Also read: the CSV that a person exports from a line's page, saved as ``ATW.csv``. The English
edition has MM/DD/YYYY and a decimal point, the French one DD/MM/YYYY and a decimal comma; the
headings tell them apart, and one date that does not fit makes the file unreadable as a whole,
since the others could then be read the wrong way round. Its ``Vol.`` is rounded and left out.
"""

import csv
from dataclasses import dataclass
from typing import Any

from market_assets.domain.numbers import NumberFormat, json_number, json_whole, number
from market_assets.sources.casablanca.lines import asked_ticker
from market_assets.sources.reading import as_object, body_text, json_value, stated, stated_day
from market_assets.sources.rows import Parts, as_rows, json_text, quoted, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged
from market_assets.web.messages import Capture, Conversation, Request

SITE = "https://www.investing.com"
NUMBERS = NumberFormat(decimal=".")
FIELDS = (
    "rowDateTimestamp",
    "last_openRaw",
    "last_maxRaw",
    "last_minRaw",
    "last_closeRaw",
    "volumeRaw",
)


@dataclass(frozen=True, kw_only=True)
class Edition:
    """How one language's export is written: headings of day, close, open, high, low, the rest."""

    headings: tuple[str, ...]
    day: str
    numbers: NumberFormat


EDITIONS = (
    Edition(
        headings=("Date", "Price", "Open", "High", "Low", "Vol.", "Change %"),
        day="%m/%d/%Y",
        numbers=NumberFormat(decimal=".", groups=(",",)),
    ),
    Edition(
        headings=("Date", "Dernier", "Ouv.", "Plus Haut", "Plus Bas", "Vol.", "Variation %"),
        day="%d/%m/%Y",
        numbers=NumberFormat(decimal=",", groups=(".",)),
    ),
)


def history(ask: Ask) -> Conversation:
    """One question for each line that Investing is known to list, for all the sessions at once."""
    for line in ask.lines:
        if line.investing_id is None:
            continue
        yield Request(
            key=f"history/{line.ticker}",
            path=f"/api/financialdata/historical/{line.investing_id}",
            params={
                "start-date": ask.sessions[0].isoformat(),
                "end-date": ask.sessions[-1].isoformat(),
                "time-frame": "Daily",
                "add-missing-rows": "false",
            },
            headers={"Accept": "application/json", "Domain-Id": "www", "Origin": SITE},
            referer=f"{SITE}/",
        )


def parse(capture: Capture) -> Parsed:
    """The rows of a line's history or of its exported CSV."""
    ticker, text = asked_ticker(capture), body_text(capture)
    if text[0] not in "{[<":
        return _export(text, capture, ticker)
    data = stated(as_object(json_value(text, "a history"), "a history"), "data")
    if data is None or data == []:
        return Parsed()
    past = as_rows(data, fields=FIELDS, what="a history")
    rows, refused = read_rows(past, lambda row: _session(row, ticker), json_text)
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


def _session(row: dict[str, Any], ticker: str) -> Parts:
    yield {"ticker": ticker}
    yield {"session": stated_day(str(row.get("rowDateTimestamp"))[:10], "%Y-%m-%d")}
    yield {
        "open": json_number(row.get("last_openRaw"), strings=NUMBERS),
        "high": json_number(row.get("last_maxRaw"), strings=NUMBERS),
        "low": json_number(row.get("last_minRaw"), strings=NUMBERS),
        "close": json_number(row.get("last_closeRaw"), strings=NUMBERS),
        "volume": _volume(row),
    }


def _volume(row: dict[str, Any]) -> int | None:
    volume = json_whole(row.get("volumeRaw"), strings=NUMBERS)
    return None if volume == 0 and row.get("volume") in {None, "", "-"} else volume


def _export(text: str, capture: Capture, ticker: str) -> Parsed:
    lines = list(csv.reader(text.splitlines()))
    headings = tuple(heading.strip() for heading in lines[0])
    edition = next((known for known in EDITIONS if known.headings == headings), None)
    if edition is None:
        raise LayoutChanged(f"the headings {headings} are of no known edition")
    cells = [line for line in lines[1:] if line]
    if not cells:
        raise EmptyPage(f"no row below the headings of {capture.key!r}")
    rows, refused = read_rows(cells, lambda row: _exported(row, ticker, edition), ",".join)
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


def _exported(cells: list[str], ticker: str, edition: Edition) -> Parts:
    try:
        day = stated_day(cells[0], edition.day)
    except ValueError as error:
        raise LayoutChanged(f"the day and month of this export are in doubt: {error}") from error
    yield {"ticker": ticker, "session": day}
    if len(cells) != len(edition.headings):
        raise ValueError(f"{len(cells)} cells below {len(edition.headings)} headings")
    close, opened, high, low = (number(text, edition.numbers) for text in cells[1:5])
    yield {"open": opened, "high": high, "low": low, "close": close}


SOURCE = Source(
    name="investing",
    market="casablanca",
    publisher="Investing.com",
    base_url="https://api.investing.com",
    group="investing",
    gives=frozenset({"open", "high", "low", "close", "volume"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Off in live mode: Cloudflare answers plain clients with a challenge page. Some lines "
        "listed since 2022 have no known number. One answer carries at most 5,000 rows."
    ),
    verified=(
        "Not tried live. The address, headers and keys agree in six public clients; the headings "
        "and number forms of both exports in several. Not seen: a raw body for a Moroccan line, an "
        "export for one, the unit of volume against the exchange, what an untraded session has. "
        "The numbers of 75 lines are a list of 2021-22."
    ),
    parse=parse,
    history=history,
    live=False,
)
