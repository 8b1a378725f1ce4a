"""CDG Capital Bourse: the best second source, with real shares and real MAD of traded lines.

``POST /api/`` MARKET-RESUME in the grammar of ``nt_soft``, its Data nested once more; no token.
``QteEchangee`` is shares, ``Volumes`` is MAD; 70 lines of 2026-08-31 equalled its own bulletin.

- ``DateDernierCours`` (DD/MM/YYYY and more) is the day of each line's last price. Untraded lines
  keep an old one ("stale", no fault), so only lines of the page's most frequent date are rows, and
  at least 20 must agree on it. About 65 of 81 lines have a price in a session.
- A price or size that was not made is empty or 0.
- It revises the day until about 19:00: 346,377,516 MAD at 18:37 became 349,551,480 on 2026-10-06.
- ``CoursDeReferance`` (sic) is the reference price. There is no market cap.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from market_assets.domain.numbers import json_number, json_whole
from market_assets.sources.casablanca.lines import casablanca_line
from market_assets.sources.casablanca.nt_soft import (
    STRINGS,
    action,
    answered,
    data_rows,
    price,
    without_time,
)
from market_assets.sources.reading import stated_day
from market_assets.sources.refusals import RowRefused
from market_assets.sources.rows import Parts, json_text, quoted, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged
from market_assets.web.messages import Capture, Conversation, Request

SITE = "https://www.cdgcapitalbourse.ma"
AGREEING = 20
"""Fewest lines with the same date for it to be the session of the page."""
FIELDS = (
    "Symbol",
    "Cours",
    "Ouverture",
    "PlusHaut",
    "PlusBas",
    "QteEchangee",
    "Volumes",
    "DateDernierCours",
)


def snapshot(_ask: Ask) -> Conversation:
    """The one question that names every share."""
    yield Request(
        key="market-resume",
        path="/api/",
        method="POST",
        headers={"Origin": SITE},
        referer="/Bourse/market",
        json=action(
            "MARKET-RESUME",
            ("Lang_", "S", "fr"),
            ("Espace_", "I", "1"),
            ("IdPartener_", "I", "1"),
            ("TypeStocks_", "S", "1"),
            ("TypeCotation_", "S", "0"),
        ),
    )


def parse(capture: Capture) -> Parsed:
    """The lines of the session the page is about; those with an older price are refused."""
    name, data = answered(capture, "MARKET-RESUME")
    items = data_rows(data, fields=FIELDS, what=name)
    session = _session(items)
    rows, refused = read_rows(items, lambda item: _row(item, session), json_text)
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


def _session(items: list[dict[str, Any]]) -> date:
    """The most frequent date of the page."""
    days: Counter[date] = Counter()
    for item in items:
        try:
            days[_day(item)] += 1
        except ValueError:
            continue  # its row is refused with this reason when it is read
    if not days:
        raise LayoutChanged("no DateDernierCours is a date DD/MM/YYYY")
    session, lines = days.most_common(1)[0]
    if lines < AGREEING:
        raise EmptyPage(f"only {lines} lines have a price of {session}, fewer than {AGREEING}")
    return session


def _row(item: Mapping[str, Any], session: date) -> Parts:
    yield {"ticker": casablanca_line(str(item.get("Symbol")).strip()).ticker, "session": session}
    if (day := _day(item)) != session:
        if day < session:
            raise RowRefused("stale", f"stale: a price of {day} on a page of {session}")
        raise ValueError(f"ahead of the page: a price of {day} on a page of {session}")
    shares = json_whole(item.get("QteEchangee"), strings=STRINGS)
    yield {
        "close": price(item.get("Cours")),
        "volume": shares,
        "turnover": json_number(item.get("Volumes"), strings=STRINGS),
    }
    if shares:
        yield {
            "status": "T",
            "open": price(item.get("Ouverture")),
            "high": price(item.get("PlusHaut")),
            "low": price(item.get("PlusBas")),
        }


def _day(item: Mapping[str, Any]) -> date:
    return stated_day(without_time(item.get("DateDernierCours")), "%d/%m/%Y")


SOURCE = Source(
    name="cdg_capital",
    market="casablanca",
    publisher="CDG Capital Bourse",
    base_url=SITE,
    group="nt-soft",
    gives=frozenset({"status", "open", "high", "low", "close", "volume", "turnover"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Revised until about 19:00: collect after 19:30 or again next morning. Quotes are 15 min"
        " late. It shares its engine with Wafa Bourse."
    ),
    verified=(
        "Not tried live. No raw answer was seen: fields and units come from public clients that"
        " ran until 2026-10, one of which compared 70 lines with the bulletin. Not known: numbers"
        " or text, the form of the time after the date, the rest of the 26 fields, the history"
        " action VALEUR-GRAPH-APPL, which is therefore not asked."
    ),
    parse=parse,
    snapshot=snapshot,
)
