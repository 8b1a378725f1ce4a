"""The South African Reserve Bank's rand rates, a time series for each currency.

``GET /SarbWebApi/WebIndicators/Shared/GetTimeseriesObservations/<code>/<from>/<to>`` answers an
array. Dollar, euro and pound are rand for one of them; the others are units for one rand, and stay
so: their base is the rand. Which series it is says the address, or the name of a saved file, with
which the label of those seen must agree; where neither does, that label.
"""

import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from market_assets.domain.numbers import json_number
from market_assets.sources.currencies.rates import Rate, positive, rates
from market_assets.sources.reading import body_text, json_value, stated_day
from market_assets.sources.rows import as_rows, json_text
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

PATH = "/SarbWebApi/WebIndicators/Shared/GetTimeseriesObservations"
FIELDS = ("Period", "Timeseries", "Value")
CODE = re.compile("EXC[A-Z][0-9]{3}D")
WEEK = timedelta(days=7)


class Series(NamedTuple):
    """The pair of a series and its label, None where nobody has seen it."""

    base: str
    quote: str
    label: str | None


SERIES = {
    "EXCX135D": Series("USD", "ZAR", "Rand per US Dollar"),
    "EXCZ002D": Series("EUR", "ZAR", "Rand per Euro"),
    "EXCZ001D": Series("GBP", "ZAR", "Rand per British Pound"),
    "EXCB122D": Series("ZAR", "HKD", "Hong Kong: Dollar per Rand"),
    "EXCB059D": Series("ZAR", "KES", None),
    "EXCB051D": Series("ZAR", "BWP", None),
    "EXCB071D": Series("ZAR", "ZMW", None),
}


def snapshot(ask: Ask) -> Conversation:
    """Each series over the week up to the session."""
    yield from _questions(ask.sessions[-1] - WEEK, ask.sessions[-1])


def history(ask: Ask) -> Conversation:
    """Each series from the first session to the last."""
    yield from _questions(ask.sessions[0], ask.sessions[-1])


def parse(capture: Capture) -> Parsed:
    """The rates of one series on the days that it states."""
    items = as_rows(json_value(body_text(capture), "a series"), fields=FIELDS, what="a series")
    labels = {str(item.get("Timeseries")) for item in items}
    series = _series(capture, labels)
    if series.label and labels != {series.label}:
        raise LayoutChanged(f"{sorted(labels)} where {series.label!r} was asked for")

    def read(item: Mapping[str, Any]) -> Rate | None:
        day = stated_day(item.get("Period"), "%Y-%m-%dT00:00:00")
        said = item.get("Value")
        nothing = isinstance(said, float) and math.isnan(said)
        value = None if nothing else json_number(said, strings=None)
        return None if value is None else Rate(series.base, series.quote, day, positive(value))

    return rates(items, read, json_text, capture)


def _questions(first: date, last: date) -> Conversation:
    for code in SERIES:
        yield Request(
            key=f"{code}/{last}",
            path=f"{PATH}/{code}/{first}/{last}",
            headers={"Accept": "application/json"},
        )


def _series(capture: Capture, labels: set[str]) -> Series:
    """The series that was asked for: by the code in address or key, else by its label."""
    codes = CODE.findall(f"{capture.url} {capture.key}")
    known = [SERIES[code] for code in codes if code in SERIES]
    if not codes:
        known = [series for series in SERIES.values() if labels == {series.label}]
    if not known:
        raise NotThisPage(
            f"an answer of no series that is known here: {capture.url}, labelled {sorted(labels)}"
        )
    return known[0]


SOURCE = Source(
    name="sarb",
    market="africa",
    publisher="South African Reserve Bank",
    base_url="https://custom.resbank.co.za",
    group="sarb",
    gives=frozenset({"rates"}),
    terms="Public web service of the bank; nobody has read terms that allow publishing again.",
    caution=(
        "Averages of banks' rates at about 10:30; not those of the JSE's close. A saved answer is"
        " told by its label; of KES, BWP and ZMW by the series' code in its file's name."
    ),
    verified=(
        "Not tried live. Seen: one answer each of rand per dollar, euro and pound, and of Hong"
        " Kong dollars per rand. From a public client alone: the codes of KES, BWP and ZMW, whose"
        " label is not checked, and that days are written YYYY-MM-DD in the address."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
    official=True,
)
