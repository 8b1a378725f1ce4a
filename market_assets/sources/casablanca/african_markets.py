"""African Markets' list of Casablanca companies: a close and a rounded market cap, never volume.

``/en/stock-markets/bvc/listed-companies``, the table of ``company_lists``: M.Cap in billions of MAD
with two decimals, and a seventh column that is a date; others have read it as a volume. The list
may lag a session, so the date decides.

- Codes are in the links: some carry a suffix (``ADI.MA``, ``SAM.TN``), some are private
  (DARI, DWAY, NAKL, IBMC, SAHM); ``lines.csv`` maps them.
- Dead lines stay listed: HOL with every cell empty; SAM.TN, DIS, DLM with a last price whose
  year cannot be known, so suspended lines are refused.

``/en/stock-markets/bvc`` carries the MASI since 2015 in ``var chartData``, with a volume whose
unit is not known.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from market_assets.domain.numbers import NumberFormat, json_number
from market_assets.sources.casablanca.lines import Line, casablanca_lines
from market_assets.sources.company_lists import (
    LINK,
    cell_text,
    company_link,
    latest_day,
    latest_possible,
    listed_companies,
    stated_market_cap,
    stated_price,
)
from market_assets.sources.reading import body_text, json_value, stated_day
from market_assets.sources.refusals import RowRefused
from market_assets.sources.rows import Parts, as_rows, json_text, quoted, read_rows, stamped
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.sources.tables import INDEX_HISTORY
from market_assets.web.failures import LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

EXCHANGE = "/en/stock-markets/bvc"
OTHER_EXCHANGE = re.compile(r"stock-markets/(?!bvc/)")
CHART = re.compile(r"var\s+chartData\s*=\s*(\[.*?\])\s*;", re.DOTALL)
CHART_TEXTS = NumberFormat(decimal=".")


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
    companies, columns = listed_companies(capture.body)
    not_after = latest_possible(capture)
    rows, refused = read_rows(
        companies,
        lambda company: _row(company, columns, not_after=not_after),
        lambda company: " | ".join(map(cell_text, company)),
    )
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


def _row(company: Any, columns: Mapping[str, int], *, not_after: date) -> Parts:  # noqa: ANN401  an lxml element
    if len(company) != len(columns):
        raise ValueError(f"{len(company)} cells under {len(columns)} headings")
    close = stated_price(cell_text(company[columns["price"]]))
    line = _line(company_link(company))
    yield {"ticker": line.ticker}
    yield {"session": latest_day(cell_text(company[columns["date"]]), not_after=not_after)}
    market_cap = stated_market_cap(cell_text(company[columns["m.cap"]]))
    yield {"close": close, "market_cap": market_cap}


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
