"""African Markets' list of Casablanca companies: a close and a rounded market cap, never volume.

``/en/stock-markets/bvc/listed-companies``, a table rendered by the server with the columns
Company | Sector | Price | 1D | YTD | M.Cap | Date. Numbers are English. M.Cap is in billions of
MAD with two decimals. The seventh column is a date ``dd/mm`` without a year; others have read it
as a volume. The list may lag a session, so the date decides.

- Table classes are generated and differ from page to page: cells are found by heading. What a
  cell says may stand in ``font``, ``p`` or ``span``; an empty cell has no text at all, so cells
  are read as elements, never as a stream of texts.
- Codes are in the links: some carry a suffix (``ADI.MA``, ``SAM.TN``), some are private
  (DARI, DWAY, NAKL, IBMC, SAHM); ``lines.csv`` maps them.
- Dead lines stay listed: HOL with every cell empty; SAM.TN, DIS, DLM with a last price whose
  year cannot be known, so suspended lines are refused.

``/en/stock-markets/bvc`` carries the MASI since 2015 in ``var chartData``, with a volume whose
unit is not known.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from parsel import Selector

from market_assets.domain.numbers import NumberFormat, json_number, number
from market_assets.sources.casablanca.lines import Line, casablanca_lines
from market_assets.sources.reading import body_text, json_value, stated_day
from market_assets.sources.refusals import RowRefused
from market_assets.sources.rows import Parts, as_rows, json_text, quoted, read_rows, stamped
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.sources.tables import INDEX_HISTORY
from market_assets.web.failures import LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

EXCHANGE = "/en/stock-markets/bvc"
LINK = re.compile(r"company\?code=([A-Za-z0-9._-]+)")
OTHER_EXCHANGE = re.compile(r"stock-markets/(?!bvc/)")
CHART = re.compile(r"var\s+chartData\s*=\s*(\[.*?\])\s*;", re.DOTALL)
ENGLISH = NumberFormat(decimal=".", groups=(",",))
CHART_TEXTS = NumberFormat(decimal=".")
COLUMNS = ("company", "sector", "price", "1d", "ytd", "m.cap", "date")
BILLION = 1_000_000_000
LATENESS = timedelta(days=7)
"""How long after the session asked for a page may still state a later one."""
LEAP_GAP = 8
"""Most years from one 29 February to the next."""


def snapshot(_ask: Ask) -> Conversation:
    """The list of companies."""
    yield Request(key="companies", path=f"{EXCHANGE}/listed-companies", referer=EXCHANGE)


def history(_ask: Ask) -> Conversation:
    """The exchange's page, which carries the index of some ten years."""
    yield Request(key="exchange", path=EXCHANGE)


def parse(capture: Capture) -> Parsed:
    """Close and market cap of the companies on the days they state, or the index's history."""
    page = body_text(capture)
    if "chartData" in page:
        return _index(page, capture)
    if "company?code=" not in page:
        raise NotThisPage("neither links to companies nor chartData: not a page of African Markets")
    if "</html>" not in page:
        raise LayoutChanged("the list of companies breaks off before its end")
    companies, columns = _table(capture.body)
    not_after = min(capture.fetched_at.date(), capture.last_session + LATENESS)
    rows, refused = read_rows(
        companies,
        lambda company: _row(company, columns, not_after=not_after),
        lambda company: " | ".join(map(_text, company)),
    )
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


@lru_cache(maxsize=1024)
def latest_day(text: str, *, not_after: date) -> date:
    """``dd/mm`` in the latest year that has it and in which it is not after ``not_after``."""
    if not re.fullmatch("[0-9]{2}/[0-9]{2}", text):
        raise ValueError(f"{text!r} is not a date dd/mm")
    leap = stated_day(f"{text}/2000", "%d/%m/%Y")
    for year in range(not_after.year, not_after.year - LEAP_GAP - 1, -1):
        if (leap.month, leap.day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
            continue
        if (day := leap.replace(year=year)) <= not_after:
            return day
    raise ValueError(f"{text!r} was no day of the years before {not_after}")


def _table(body: bytes) -> tuple[list[Any], dict[str, int]]:
    """The rows of companies as elements, and the place of each column in them."""
    page = Selector(body=body, encoding="utf-8", type="html").root
    companies = page.xpath('//table//tr[td//a[contains(@href, "company?code=")]]')
    if not companies:
        raise LayoutChanged("links to companies, but not in a table")
    top = next(companies[0].iterancestors("table")).find(".//tr")
    headings = COLUMNS if top is companies[0] else [_text(cell).casefold() for cell in top]
    if missing := set(COLUMNS) - set(headings):
        raise LayoutChanged(f"no column {sorted(missing)} among {headings}")
    return companies, {heading: place for place, heading in enumerate(headings)}


def _row(company: Any, columns: Mapping[str, int], *, not_after: date) -> Parts:  # noqa: ANN401  an lxml element
    if len(company) != len(columns):
        raise ValueError(f"{len(company)} cells under {len(columns)} headings")
    close = number(_text(company[columns["price"]]), ENGLISH)
    if not close:
        raise ValueError("no price")
    line = _line(next(company.iter("a")).get("href"))
    yield {"ticker": line.ticker}
    yield {"session": latest_day(_text(company[columns["date"]]), not_after=not_after)}
    billions = number(_text(company[columns["m.cap"]]), ENGLISH)
    yield {
        "close": close,
        "market_cap": None if billions is None else round(billions * BILLION, 0),
    }


def _text(cell: Any) -> str:  # noqa: ANN401  an lxml element
    """What a cell says, whatever stands around it; nothing of an empty one."""
    said = cell.text_content() if len(cell) else cell.text or ""
    return " ".join(said.split())


def _line(link: str) -> Line:
    """The line a link of the list leads to."""
    if OTHER_EXCHANGE.search(link):
        raise NotThisPage(f"the list of another exchange: {link!r}")
    code = LINK.search(link)
    line = _lines().get(code[1]) if code else None
    if line is None:
        raise RowRefused("unknown_line", f"unknown line: {code[1] if code else link}")
    if line.suspended:
        raise RowRefused("stale", "a suspended line, whose date has no year")
    return line


@cache
def _lines() -> dict[str, Line]:
    """The lines by the codes of African Markets."""
    lines = casablanca_lines()
    return {line.african_markets_code: line for line in lines if line.african_markets_code}


def _index(page: str, capture: Capture) -> Parsed:
    chart = CHART.search(page)
    if chart is None:
        raise LayoutChanged("chartData is not a whole list")
    points = as_rows(
        json_value(chart[1], "chartData"), fields=("date", "close", "volume"), what="chartData"
    )
    rows, refused = read_rows(points, _point, json_text)
    return Parsed(refused=refused, tables={"index_history": stamped(rows, INDEX_HISTORY, capture)})


def _point(point: Mapping[str, Any]) -> Parts:
    yield {"index": "MASI", "session": stated_day(point.get("date"), "%Y-%m-%d")}
    yield {
        "close": json_number(point.get("close"), strings=CHART_TEXTS),
        "volume_stated": json_number(point.get("volume"), strings=CHART_TEXTS),
    }


SOURCE = Source(
    name="african_markets",
    market="casablanca",
    publisher="African Markets",
    base_url="https://www.african-markets.com",
    group="african_markets",
    gives=frozenset({"close", "market_cap"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "No volume. It may still show the session before. Market caps are rounded to 10 million"
        " MAD. The year of a date is inferred."
    ),
    verified=(
        "Not tried live. No page of the list was seen whole: the table was rebuilt from three"
        " clients of 2024-26 and from two tables they parsed in 2025, whose prices equalled"
        " official closes. Not known: the mark of an unchanged percentage, the exact headings,"
        " lines listed after 2025-08, what the volume of the index is."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
)
