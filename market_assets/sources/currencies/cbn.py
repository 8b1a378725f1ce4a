"""The Central Bank of Nigeria's rates: nairas for one of each currency, all days in one answer.

``GET /api/GetAllExchangeRates`` answers an array back to 2001; numbers are strings. The central
rate is read. Currencies are names, some with two spellings. Rows of days outside the asked ones
are not looked at: the answer is the same some tens of thousands of rows every day.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from market_assets.domain.numbers import NumberFormat, json_number
from market_assets.sources.currencies.names import named
from market_assets.sources.currencies.rates import Rate, positive, rates
from market_assets.sources.reading import body_text, json_value, stated_day
from market_assets.sources.rows import as_rows, json_text
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage
from market_assets.web.messages import Capture, Conversation, Request

PATH = "/api/GetAllExchangeRates"
FIELDS = ("currency", "ratedate", "centralrate")
PLAIN = NumberFormat(decimal=".")
BEFORE = timedelta(days=7)
"""Days looked at before the first that was asked for: on a holiday it publishes nothing."""


def conversation(_ask: Ask) -> Conversation:
    """All rates of all days, in one question."""
    yield Request(key="rates", path=PATH, headers={"Accept": "application/json"})


def parse(capture: Capture) -> Parsed:
    """The rates of the asked days and the week before, each of the day it states."""
    what = "the list of rates"
    items = as_rows(json_value(body_text(capture), what), fields=FIELDS, what=what)
    first = (capture.first_session - BEFORE).isoformat()
    last = capture.last_session.isoformat()
    asked = [item for item in items if first <= str(item.get("ratedate")) <= last]
    if not asked:
        newest = max(str(item.get("ratedate")) for item in items)
        raise EmptyPage(f"none of {len(items)} rates is of {first} to {last}; newest {newest}")
    return rates(asked, _rate, json_text, capture)


def _rate(item: Mapping[str, Any]) -> Rate | None:
    currency, unit = named("cbn", item.get("currency"))
    if currency is None:
        return None
    day = stated_day(item.get("ratedate"), "%Y-%m-%d")
    value = json_number(item.get("centralrate"), strings=PLAIN)
    return None if value is None else Rate(currency, "NGN", day, positive(value) / unit)


SOURCE = Source(
    name="cbn",
    market="africa",
    publisher="Central Bank of Nigeria",
    base_url="https://www.cbn.gov.ng",
    group="cbn",
    gives=frozenset({"rates"}),
    terms="According to a public client: may be published again, unaltered, with the bank named.",
    caution="One answer holds every rate since 2001. Published between 15:00 and 17:00 UTC.",
    verified=(
        "Not tried live. Seen: the rows of six days of May 2026. From a public client: the other"
        " spellings. Not known: which CFA franc it quotes (both have one parity; read as XOF),"
        " units other than one, the size of the whole answer."
    ),
    parse=parse,
    snapshot=conversation,
    history=conversation,
    official=True,
)
