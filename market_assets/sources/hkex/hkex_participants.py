"""HKEXnews' CCASS search: which participants hold one stock on one day, and the page's own totals.

``/sdw/search/searchsdw.aspx``: a GET for the form, then a POST for each stock and day. The page
states the day in ``.searchDate`` (2019: dd/mm/yyyy) and the stock in ``.searchStock``.

- Investors who consented to be named have no id and a name that ends in `` *``; HKSCC itself has
  neither id nor star. Percentages have a column only sometimes.
- Holdings can be negative, by the page's own remark.
- A00003 and A00004 are ChinaClear: together what ``hkex_southbound`` states of the stock.
- The page counts itself: rows are intermediaries and consenting investors, and so are shares. A
  page for which that does not hold has been cut, so no row of it is used.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from market_assets.domain.holdings.rows import PARTICIPANT_SUMMARY, PARTICIPANTS
from market_assets.sources.hkex.forms import Question, answers
from market_assets.sources.hkex.hkex_southbound import SOURCE as SOUTHBOUND_SOURCE
from market_assets.sources.hkex.items import stock_code
from market_assets.sources.hkex.pages import (
    Row,
    body_rows,
    percent,
    search_page,
    shares,
    shown,
    stated_date,
)
from market_assets.sources.reading import stated_day
from market_assets.sources.rows import stamped
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import Incomplete, LayoutChanged
from market_assets.web.messages import Capture, Conversation, Request

FORM = "form"
SELECTED = ".search-bar__selectedItem-filter"
DAY_FIRST = re.compile("[0-9]{2}/[0-9]{2}/[0-9]{4}")
CONSENTING = " *"
COLUMNS = ("col-participant-id", "col-participant-name", "col-shareholding")
"""Those that every page has."""
PERCENT = "col-shareholding-percent"
CATEGORIES = {
    "Market Intermediaries": "intermediaries",
    "Consenting Investor Participants": "consenting",
    "Non-consenting Investor Participants": "non_consenting",
    "Total": "total",
}
BLANK = ("txtStockName", "txtParticipantID", "txtParticipantName", "txtSelPartID")


def history(ask: Ask) -> Conversation:
    """The form, then a question for each session and stock; nothing where no stock is named."""
    if not ask.codes:
        return
    form = Request(key=FORM, path="/sdw/search/searchsdw.aspx")
    first = yield form
    questions = [_question(session, code) for session in ask.sessions for code in ask.codes]
    yield from answers(first, questions, form=form)


def _question(session: date, code: str) -> Question:
    fields = {
        **dict.fromkeys(BLANK, ""),
        "txtShareholdingDate": f"{session:%Y/%m/%d}",
        "txtStockCode": code,
        "sortBy": "shareholding",
        "sortDirection": "desc",
    }
    return Question(key=f"participants/{code}/{session}", fields=fields)


def parse(capture: Capture) -> Parsed:
    """Who holds the stock on the day that the page states; the bare form says nothing."""
    if capture.key.partition("/")[0] == FORM:
        return Parsed()
    page = search_page(capture)
    whose = {"code": _stock(page), "session": _day(page)}
    totals = _totals(page)
    holders = [_holder(row) for row in body_rows(page, (*COLUMNS, PERCENT))]
    _demand_whole(holders, totals)
    return Parsed(
        tables={
            "participant_holdings": stamped(
                [{**whose, **holder} for holder in holders], PARTICIPANTS, capture
            ),
            "participant_summaries": stamped([whose | totals], PARTICIPANT_SUMMARY, capture),
        }
    )


def _selected(page: LexborHTMLParser, name: str) -> str:
    found = page.css_first(f"{SELECTED}.{name}")
    if found is None:
        raise LayoutChanged(f"the page does not say its {name}")
    return found.text().strip()


def _stock(page: LexborHTMLParser) -> str:
    said = _selected(page, "searchStock")
    try:
        return stock_code(said.partition(" ")[0])
    except ValueError as error:
        raise LayoutChanged(f"the page is not about one stock: {error}") from error


def _day(page: LexborHTMLParser) -> date:
    said = _selected(page, "searchDate")
    older = DAY_FIRST.search(said)
    try:
        return stated_day(older[0], "%d/%m/%Y") if older else stated_date(said)
    except ValueError as error:
        raise LayoutChanged(f"the date of the page: {error}") from error


def _totals(page: LexborHTMLParser) -> dict[str, int | None]:
    """The summary: shares and number of holders by kind, and the issued shares."""
    totals: dict[str, int | None] = {}
    for row in page.css("#pnlResultSummary .ccass-search-datarow"):
        category = _part(row, ".summary-category")
        if category not in CATEGORIES:
            raise LayoutChanged(f"the summary has an unknown row: {shown(row)!r}")
        kind = CATEGORIES[category]
        totals[f"{kind}_shares"] = _count(_part(row, ".shareholding .value"))
        if kind != "total":
            totals[kind] = _count(_part(row, ".number-of-participants .value"))
    if not totals:
        raise LayoutChanged("the page has no summary to check its rows against")
    issued = page.css_first("#pnlResultSummary .ccass-search-remarks .summary-value")
    totals["issued_shares"] = _count(issued.text().strip()) if issued else None
    return totals


def _part(row: LexborNode, place: str) -> str:
    found = row.css_first(place)
    if found is None:
        raise LayoutChanged(f"no {place} in the summary row {shown(row)!r}")
    return " ".join(found.text().split())


def _count(text: str) -> int | None:
    try:
        return shares(text) if text else None
    except ValueError as error:
        raise LayoutChanged(f"a total of the summary: {error}") from error


def _holder(row: Row) -> Mapping[str, Any]:
    try:
        said = row.by_column(COLUMNS)
        stated = said["col-participant-name"]
        consenting = stated.endswith(CONSENTING)
        return {
            "participant_id": said["col-participant-id"] or None,
            "participant": stated.removesuffix(CONSENTING).rstrip() if consenting else stated,
            "consenting": consenting,
            "shares": shares(said["col-shareholding"]),
            "percent": percent(said.get(PERCENT, "")),
        }
    except ValueError as error:
        raise Incomplete(f"a holder cannot be read: {error}: {row.text!r}") from error


def _demand_whole(holders: list[Mapping[str, Any]], totals: Mapping[str, int | None]) -> None:
    """Raise ``Incomplete`` unless the rows are as many, and hold as much, as the summary says."""
    counted = (len(holders), sum(holder["shares"] for holder in holders))
    stated = (
        (totals.get("intermediaries") or 0) + (totals.get("consenting") or 0),
        (totals.get("intermediaries_shares") or 0) + (totals.get("consenting_shares") or 0),
    )
    if counted != stated:
        raise Incomplete(
            f"{counted[0]} rows with {counted[1]:,} shares, where the summary states"
            f" {stated[0]} with {stated[1]:,}"
        )


SOURCE = Source(
    name="hkex_participants",
    market="hkex",
    publisher="HKEXnews",
    base_url=SOUTHBOUND_SOURCE.base_url,
    group="hkex",
    gives=frozenset({"participant_holdings", "participant_summaries"}),
    terms=SOUTHBOUND_SOURCE.terms,
    caution=(
        "Not asked unless you switch it on, because its terms forbid “any programmatic, scripted"
        " or other mechanical means” of access: have HKEX's written permission, or put saved pages"
        " into the inbox. One request for each stock and day. Since 30 June 2025 stocks with"
        " several counters are shown under one."
    ),
    verified=(
        "Not tried live. Seen: a page of November 2025 as a browser showed it (408 rows, a"
        " Saturday). From clients: the fields of the form, the day-first date of 2019, the words"
        " for an unknown stock, for nothing held and for maintenance. Not seen: those pages, the"
        " labels of the Chinese summary, which is refused."
    ),
    parse=parse,
    history=history,
    official=True,
    live=False,
)
