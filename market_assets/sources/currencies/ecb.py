"""The European Central Bank's euro reference rates, from its data service.

``GET /service/data/EXR/D..EUR.SP00.A?format=csvdata`` answers CSV, a row for a currency and a day;
columns are found by name. Rates are units of the currency for one euro, of 29 currencies; neither
dirham nor pound of Egypt nor naira. About 16:00 in Frankfurt, on its working days.
"""

import csv
import re
from collections.abc import Mapping
from datetime import timedelta

from market_assets.domain.numbers import NumberFormat, number
from market_assets.sources.currencies.rates import Rate, item_text, positive, rates
from market_assets.sources.reading import body_text, stated_day
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

PATH = "/service/data/EXR/D..EUR.SP00.A"
FIELDS = ("FREQ", "CURRENCY", "TIME_PERIOD", "OBS_VALUE")
PLAIN = NumberFormat(decimal=".", empty=("", "NaN"))
CODE = re.compile("[A-Z]{3}")
WEEK = timedelta(days=7)
SHOWN = 200
"""So much of a strange heading is quoted."""


def snapshot(ask: Ask) -> Conversation:
    """The rates of the week up to the session: on a bank holiday it has none of its own."""
    last = ask.sessions[-1]
    yield _question(f"rates/{last}", (last - WEEK).isoformat(), last.isoformat())


def history(ask: Ask) -> Conversation:
    """All days from the first session to the last, in one question."""
    first, last = ask.sessions[0], ask.sessions[-1]
    yield _question(f"rates/{first}/{last}", first.isoformat(), last.isoformat())


def parse(capture: Capture) -> Parsed:
    """The rates on the days that the rows state; an empty value is no rate."""
    text = body_text(capture)
    if text.startswith(("<", "{", "[")):
        raise NotThisPage(f"no CSV at {capture.url}: {text[:60]!r}")
    lines = csv.reader(text.splitlines())
    head = next(lines)
    if missing := sorted(set(FIELDS) - set(head)):
        raise LayoutChanged(f"the CSV has no {missing}, but {str(head)[:SHOWN]}")
    rows = [dict(zip(head, row, strict=False)) for row in lines if row]
    if not rows:
        raise EmptyPage(f"{capture.key}: a heading and no row")
    return rates(rows, _rate, item_text, capture)


def _question(key: str, first: str, last: str) -> Request:
    return Request(
        key=key,
        path=PATH,
        params={"format": "csvdata", "startPeriod": first, "endPeriod": last},
        headers={"Accept": "text/csv"},
    )


def _rate(row: Mapping[str, str]) -> Rate | None:
    if len(set(FIELDS) & set(row)) < len(FIELDS):
        raise ValueError("the row breaks off")
    if row["FREQ"] != "D":
        raise ValueError(f"a frequency of {row['FREQ']!r}, not daily")
    if not CODE.fullmatch(row["CURRENCY"]):
        raise ValueError(f"{row['CURRENCY']!r} is not a currency")
    day, value = stated_day(row["TIME_PERIOD"], "%Y-%m-%d"), number(row["OBS_VALUE"], PLAIN)
    return None if value is None else Rate("EUR", row["CURRENCY"], day, positive(value))


SOURCE = Source(
    name="ecb",
    market="africa",
    publisher="European Central Bank",
    base_url="https://data-api.ecb.europa.eu",
    group="ecb",
    gives=frozenset({"rates"}),
    terms="Free to use and to publish again, with the ECB named as the source.",
    caution="Reference rates of the day, for information; not those of any trade.",
    verified=(
        "Not tried live. Seen: an answer of February and March 2026, four columns, 29 currencies."
        " Not seen: an answer without a row, a holiday's (an empty OBS_VALUE is taken for no"
        " rate). The XML and the zipped CSV of the ECB's site are not read."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
    official=True,
)
