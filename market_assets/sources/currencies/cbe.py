"""The Central Bank of Egypt's rates: pounds for one of each currency, bought and sold, as XLSX.

The page of historical data has an anti-forgery token; ``POST /api/statistics/GetHistoricalData``
with it answers a workbook: a blank row, then Date | Currency | Buy | Sell. At most 30 days a
question. The mid of both sides is the rate; "Japanese Yen 100" is for a hundred.

Dollar and euro are asked for, one question each: what a currency needs to reach all others.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from market_assets.domain.numbers import NumberFormat, number
from market_assets.sources.currencies.names import named
from market_assets.sources.currencies.rates import Rate, item_text, mid, rates
from market_assets.sources.reading import body_bytes, body_text, refuse_rejection, stated_day
from market_assets.sources.sheets import sheet_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

PAGE = "/en/economic-research/statistics/cbe-exchange-rates/historical-data"
PATH = "/api/statistics/GetHistoricalData"
DATA_SOURCE = "19CFFDDBFF494350A5E9C6A4397FC7DF"
ASKED = ("US Dollar", "Euro")
HEADINGS: tuple[str, ...] = ("Date", "Currency", "Buy", "Sell")
TOKEN = re.compile(r'name="__RequestVerificationToken"[^>]*value="([^"]+)"')
PLAIN = NumberFormat(decimal=".")
MOST_DAYS = timedelta(days=30)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def snapshot(ask: Ask) -> Conversation:
    """The page for its token, then each asked currency over the week up to the session."""
    yield from _talk(ask.sessions[-1] - WEEK, ask.sessions[-1])


def history(ask: Ask) -> Conversation:
    """The page for its token, then each asked currency in spans of 30 days."""
    yield from _talk(ask.sessions[0], ask.sessions[-1])


def parse(capture: Capture) -> Parsed:
    """The mids on the days that the rows state; the page with the token has none."""
    refuse_rejection(capture)
    if body_bytes(capture).lstrip().startswith(b"<"):
        _token(capture)
        return Parsed()
    rows = sheet_rows(capture, "the workbook of rates")
    if not rows:
        raise EmptyPage(f"{capture.key}: an empty workbook")
    if rows[0] != HEADINGS:
        raise LayoutChanged(f"the sheet is headed {rows[0]}, not {HEADINGS}")
    if len(rows) == 1:
        raise EmptyPage(f"{capture.key}: headings and no row")
    return rates(
        [dict(zip(HEADINGS, row, strict=True)) for row in rows[1:]], _rate, item_text, capture
    )


def _talk(first: date, last: date) -> Conversation:
    token = _token((yield Request(key="page", path=PAGE)))
    for start, end in _spans(first, last):
        for currency in ASKED:
            yield Request(
                key=f"{currency}/{end}",
                path=PATH,
                method="POST",
                form={
                    "__RequestVerificationToken": token,
                    "DataSourceId": DATA_SOURCE,
                    "FallbackUrl": PAGE,
                    "LanguageName": "en",
                    "FromDateRaw": f"{start:%d/%m/%Y}",
                    "ToDateRaw": f"{end:%d/%m/%Y}",
                    "SelectedSelectOptions": currency,
                    "SubmitAction": "2",
                },
                referer=PAGE,
            )


def _spans(first: date, last: date) -> Sequence[tuple[date, date]]:
    starts = [first + n * MOST_DAYS for n in range((last - first) // MOST_DAYS + 1)]
    return [(start, min(last, start + MOST_DAYS - DAY)) for start in starts]


def _token(capture: Capture) -> str:
    found = TOKEN.search(body_text(capture))
    if found is None:
        raise NotThisPage(f"{capture.url} has no token: not the page of historical data")
    return found[1]


def _rate(row: Mapping[str, str]) -> Rate | None:
    currency, unit = named("cbe", row["Currency"])
    day = stated_day(row["Date"].removesuffix(" 00:00:00"), "%Y-%m-%d")
    buying, selling = number(row["Buy"], PLAIN), number(row["Sell"], PLAIN)
    if currency is None or buying is None or selling is None:
        raise ValueError("one side is not stated")
    return Rate(currency, "EGP", day, mid(buying, selling) / unit)


SOURCE = Source(
    name="cbe",
    market="africa",
    publisher="Central Bank of Egypt",
    base_url="https://www.cbe.org.eg",
    group="cbe",
    gives=frozenset({"rates"}),
    terms="According to a public client: the bank must be named where its rates are published.",
    caution=(
        "Asked only where a user chose it: its firewall refuses scripts, and the one client known"
        " to work says it is a browser, which this platform never does."
    ),
    verified=(
        "Not tried live. Seen: a workbook of April 2026, 18 currencies. From a public client: the"
        " page, the token and the form. Not seen: the page itself, an answer for one currency"
        " alone, an answer without rows."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
    official=True,
    live=False,
)
