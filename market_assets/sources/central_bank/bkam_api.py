"""Bank Al-Maghrib's official API: rates of exchange and the Treasury curve, a key per product.

``GET`` with the header ``Ocp-Apim-Subscription-Key``; 401 is a bad key, 204 or ``[]`` no data.
Keys are the user's own (a free subscription at apihelpdesk.centralbankofmorocco.ma) and never kept:
the archive withholds that header. A product without a key is not asked.

- Rows come in random order and sometimes twice (58 for 30 currencies on 2026-03-26): equal ones
  are one, those that differ are refused.
- Old rows state ``achat`` and ``vente`` where newer ones state ``moyen``.
- Not asked: the auctions, which no table here holds.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import Any

from market_assets.domain.numbers import json_number, json_whole
from market_assets.sources.central_bank.bkam_rows import MILLION, read_rows
from market_assets.sources.central_bank.exchange_pages import BANKNOTE, REFERENCE, rate
from market_assets.sources.central_bank.subjects import SUBJECTS
from market_assets.sources.reading import as_objects, body_text, json_value, stated_day
from market_assets.sources.rows import json_text, stamped
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged
from market_assets.web.messages import Capture, Conversation, Request

KEY_HEADER = "Ocp-Apim-Subscription-Key"
RATES, NOTES = "/cours/Version1/api/CoursVirement", "/cours/Version1/api/CoursBBE"
CURVE = "/mo/Version1/api/CourbeBDT"
INSTANT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9]{2}:[0-9]{2}:[0-9]{2})?")
CODE = re.compile("[A-Z]{3}")


@dataclass(frozen=True, kw_only=True, repr=False)
class Keys:
    """The subscription of each product; None where there is none. Never printed."""

    exchange: str | None
    bonds: str | None


def keyed(keys: Keys) -> Source:
    """The source that asks with these keys."""
    conversation = _asking(keys)
    return replace(SOURCE, snapshot=conversation, history=conversation)


def parse(capture: Capture) -> Parsed:
    """The rates or the points of the curve on the days that the rows state."""
    if capture.status == HTTPStatus.NO_CONTENT:
        raise EmptyPage(f"{capture.key}: no data (204)")
    items = as_objects(json_value(body_text(capture), "the API's answer"), "the API's answer")
    if not items:
        raise EmptyPage(f"{capture.key}: no data ([])")
    subject, read = _kind(items)
    said = read_rows(subject, items, read, text=json_text)
    if not said.rows:
        reason = said.refused[0].reason if said.refused else "nothing is stated"
        raise EmptyPage(f"{capture.key}: none of {len(items)} rows can be used: {reason}")
    tables = {subject: stamped(said.rows, SUBJECTS[subject], capture)}
    return Parsed(tables=tables, refused=said.refused)


Items = list[dict[str, Any]]
Read = Callable[[Mapping[str, Any]], Iterable[dict[str, Any]]]


def _asking(keys: Keys) -> Callable[[Ask], Conversation]:
    def conversation(ask: Ask) -> Conversation:
        for session in ask.sessions:
            for key, path, params, secret in (
                ("reference_rates", RATES, {"date": f"{session}T12:30:00"}, keys.exchange),
                ("banknotes", NOTES, {"date": f"{session}T08:30:00"}, keys.exchange),
                ("curve", CURVE, {"dateCourbe": f"{session}"}, keys.bonds),
            ):
                if secret:
                    yield Request(
                        key=f"{key}/{session}",
                        path=path,
                        params=params,
                        headers={KEY_HEADER: secret, "Accept": "application/json"},
                    )

    return conversation


def _kind(items: Items) -> tuple[str, Read]:
    """What the rows are about, and how one is read."""
    fields = {name for item in items for name in item}
    if {"dateEcheance", "dateCourbe", "tmp"} <= fields:
        return "treasury_curve", _point
    if {"libDevise", "uniteDevise", "date"} <= fields:
        if {"achatClientele", "venteClientele"} <= fields:
            return "exchange_rates", _banknote
        if "moyen" in fields or {"achat", "vente"} <= fields:
            return "exchange_rates", _reference
    raise LayoutChanged(f"no answer of the API is known with the fields {sorted(fields)}")


def _reference(item: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    return _rate(item, REFERENCE, {"mid": "moyen", "bid": "achat", "ask": "vente"})


def _banknote(item: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    return _rate(item, BANKNOTE, {"bid": "achatClientele", "ask": "venteClientele"})


def _rate(
    item: Mapping[str, Any], kind: str, fields: Mapping[str, str]
) -> Iterable[dict[str, Any]]:
    code, unit = item.get("libDevise"), json_whole(item.get("uniteDevise"), strings=None)
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise ValueError(f"{code!r} is not a currency")
    if unit is None or unit < 1:
        raise ValueError(f"a unit of {unit}")
    sides = {side: json_number(item.get(name), strings=None) for side, name in fields.items()}
    found = list(rate(code, unit, _day(item.get("date")), kind, sides))
    if not found:
        raise ValueError("no rate is stated")
    return found


def _point(item: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    matures, shown = _day(item.get("dateEcheance")), _day(item.get("dateCourbe"))
    if matures <= shown:
        raise ValueError(f"matures on {matures}, not after {shown}")
    percent = json_number(item.get("tmp"), strings=None)
    volume = json_number(item.get("volume"), strings=None)
    if percent is None:
        raise ValueError("no rate is stated")
    yield {
        "maturity_date": matures,
        "reference_date": shown,
        "rate": percent,
        "volume": None if volume is None else round(volume * MILLION, 2),
    }


def _day(value: object) -> date:
    found = INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is not a day or an instant")
    return stated_day(found[1], "%Y-%m-%d")


SOURCE = Source(
    name="bkam_api",
    market="central_bank",
    publisher="Bank Al-Maghrib (API)",
    base_url="https://api.centralbankofmorocco.ma",
    group="bkam",
    gives=frozenset({"exchange_rates", "treasury_curve"}),
    terms="A subscription per product, under the terms that its holder accepted.",
    caution=(
        "A product is asked only with your key for it, MARKET_ASSETS_CENTRAL_BANK__EXCHANGE_KEY or"
        " BONDS_KEY. How many requests are allowed is not published; one client leaves 15 seconds"
        " between two."
    ),
    verified=(
        "Not tried live. Seen: an answer of CoursVirement (March 2026) and one of CoursBBE (May"
        " 2023). From two clients: the other fields, 204, 401, 429. Not seen: an answer of"
        " CourbeBDT (its days are read with or without a time, and a point belongs to dateCourbe),"
        " rows with achat and vente."
    ),
    parse=parse,
    snapshot=_asking(Keys(exchange=None, bonds=None)),
    history=_asking(Keys(exchange=None, bonds=None)),
    official=True,
    min_interval=15.0,
    keys=("central_bank__exchange_key", "central_bank__bonds_key"),
)
