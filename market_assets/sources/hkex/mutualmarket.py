"""The Stock Connect table of HKEXnews, Southbound (t=hk) and Northbound (t=sh, t=sz): its rows.

``/sdw/search/mutualmarket.aspx`` and, in Chinese, ``mutualmarket_c.aspx``: the whole table in one
page, a row a stock, sorted by code. Not how it is asked for: that is its sources' matter.

- ``h2.ccass-heading`` states the shareholding date, and rows go to it. A Sunday or Hong Kong
  holiday shows the day before that is neither; a Saturday is served as its own date with Friday's
  figures. Which days are sessions is the calendar's to say.
- Codes are padded with spaces. A percentage may be missing (3 of 564 rows on 2019-01-25): null.
- Which market a page is about is said by its form and by a class of its last heading, so saved
  pages need no address.
- The page's own note: the list is not one of what is eligible.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import polars as pl
from selectolax.lexbor import LexborHTMLParser

from market_assets.domain.holdings.rows import HOLDINGS, NORTHBOUND, SHANGHAI, SHENZHEN, SOUTHBOUND
from market_assets.domain.holdings.soundness import PERCENT_CEILING
from market_assets.sources.hkex.connect_codes import a_code
from market_assets.sources.hkex.items import stock_code
from market_assets.sources.hkex.pages import (
    Row,
    percent,
    shares,
    stated_date,
    table_page,
)
from market_assets.sources.rows import stamped
from market_assets.sources.source import Parsed, Refused
from market_assets.web.failures import EmptyPage, Incomplete, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture

LEAST_SOUTHBOUND = 500
"""Rows. 564 were held in January 2019, 644 lines eligible in July 2026: fewer is a part of them."""
COLUMNS = ("col-stock-code", "col-stock-name", "col-shareholding", "col-shareholding-percent")
MARKET = re.compile(r"(?:\bmarket-|[?&]t=)(hk|sh|sz)\b")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
EXCHANGES = {"sh": SHANGHAI, "sz": SHENZHEN}


class Holding(NamedTuple):
    """What one row states."""

    code: str
    name: str
    shares: int
    percent: float | None
    a_code: str | None


def parse(capture: Capture) -> Parsed:
    """The holdings on the day that the page states: Southbound's, or Northbound's."""
    page, rows = table_page(capture, COLUMNS)
    day = stated_date(" ".join(node.text() for node in page.css("h2.ccass-heading")))
    if day > capture.fetched_at.astimezone(HONG_KONG).date():
        raise LayoutChanged(f"it states {day}, which had not come when it was fetched")
    exchange = EXCHANGES.get(_market(page))
    _refuse_cut(rows[-1])
    held, refused = _read(rows, day, exchange=exchange)
    if exchange is None and len(held) < LEAST_SOUTHBOUND:
        raise Incomplete(
            f"{len(held)} rows of {day} can be used, fewer than {LEAST_SOUTHBOUND}: held back"
        )
    if not held:
        raise EmptyPage(f"none of {len(rows)} rows can be used: {refused[0].reason}")
    subject, schema = ("northbound_holdings", NORTHBOUND) if exchange else ("holdings", HOLDINGS)
    of_page = {"session": day, "channel": SOUTHBOUND, "exchange": exchange}
    said_once = stamped([of_page], schema, capture)
    of_rows = dict(zip(Holding._fields, zip(*held, strict=True), strict=True))
    table = pl.DataFrame(
        [
            pl.Series(name, of_rows[name], dtype=kind)
            if name in of_rows
            else said_once[name].new_from_index(0, len(held))
            for name, kind in schema.items()
        ]
    )
    return Parsed(refused=refused, tables={subject: table})


def southbound(capture: Capture) -> Parsed:
    """``parse``, of Southbound's page only."""
    parsed = parse(capture)
    if "holdings" not in parsed.tables:
        raise NotThisPage("it is Northbound's page (t=sh or t=sz), not Southbound's (t=hk)")
    return parsed


def northbound(capture: Capture) -> Parsed:
    """``parse``, of Northbound's pages only."""
    parsed = parse(capture)
    if "northbound_holdings" not in parsed.tables:
        raise NotThisPage("it is Southbound's page (t=hk), not Northbound's (t=sh or t=sz)")
    return parsed


def _market(page: LexborHTMLParser) -> str:
    """What the page is about, where its form and its headings agree."""
    head, form = page.css_first("th.col-shareholding-percent"), page.css_first("form[action]")
    said = (head and head.attributes["class"], form and form.attributes["action"])
    markets = {market for text in said for market in MARKET.findall(text or "")}
    if len(markets) != 1:
        raise LayoutChanged(f"the page is about one market of hk, sh and sz, not {sorted(markets)}")
    return markets.pop()


def _refuse_cut(last: Row) -> None:
    """A page that was cut and closed again ends in a row without all of its cells."""
    try:
        last.by_column(COLUMNS)
    except ValueError as error:
        raise Incomplete(f"the page breaks off in its last row: {error}: {last.text!r}") from error


def _read(
    rows: list[Row], day: date, *, exchange: str | None
) -> tuple[list[Holding], tuple[Refused, ...]]:
    """The rows in their order, and those that cannot be read or whose code is another's too."""
    read: list[tuple[Holding, Row]] = []
    refused: list[Refused] = []
    for row in rows:
        code = None
        try:
            said = row.by_column(COLUMNS)
            code = stock_code(said["col-stock-code"])
            read.append((_holding(code, said, exchange), row))
        except ValueError as error:
            refused.append(Refused(text=row.text, reason=str(error), ticker=code, session=day))
    times = Counter(holding.code for holding, _ in read)
    for holding, row in read:
        if times[holding.code] > 1:
            reason = f"the code comes {times[holding.code]} times"
            refused.append(Refused(text=row.text, reason=reason, ticker=holding.code, session=day))
    return [holding for holding, _ in read if times[holding.code] == 1], tuple(refused)


def _holding(code: str, said: Mapping[str, str], exchange: str | None) -> Holding:
    name, held = said["col-stock-name"], shares(said["col-shareholding"])
    if not name:
        raise ValueError("no name is stated")
    if held < 0:
        raise ValueError(f"a holding of {held} shares")
    of_issued = percent(said["col-shareholding-percent"])
    if of_issued is not None and not 0 <= of_issued <= PERCENT_CEILING:
        raise ValueError(f"{of_issued} % of the issued shares")
    mainland = a_code(code, exchange=exchange, name=name) if exchange else None
    return Holding(code, name, held, of_issued, mainland)
