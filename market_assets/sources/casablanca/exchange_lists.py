"""The exchange's two lists of shares, live and master, from the island of data in their pages.

Not its history: that is JSON of its own. Cards of both pages: ``casablanca_bourse``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from market_assets.domain.numbers import FRENCH_GROUPS, NumberFormat, json_number, json_whole
from market_assets.sources.casablanca.lines import casablanca_line
from market_assets.sources.reading import as_object, json_value
from market_assets.sources.rows import Parts, as_rows, json_text, quoted, read_rows, stamped
from market_assets.sources.source import Parsed, Refused
from market_assets.sources.tables import LISTINGS
from market_assets.web.failures import LayoutChanged, NotThisPage
from market_assets.web.messages import Capture

ISLAND = re.compile(
    r"""<script[^>]*data-drupal-selector=["']drupal-settings-json["'][^>]*>(.*?)(?:</script>|\Z)""",
    re.DOTALL,
)
ISLAND_NAME = "the drupal-settings island"
COUNTS = NumberFormat(decimal=",", groups=FRENCH_GROUPS)
"""Share counts of the master, should they come as text: the site wrote 402 551 254 in 2025."""
LIVE_FIELDS = (
    "symbol",
    "statut",
    "ouverture",
    "dernierCours",
    "plusHaut",
    "plusBas",
    "quantite",
    "volume",
    "nbTransactions",
    "capitalisation",
    "nombreTitres",
)
MASTER_FIELDS = ("ticker", "codeISIN", "nombreTitres")


def listed(page: str, capture: Capture) -> Parsed:
    """What the page says: quotes and listings of the live list, or listings of the master.

    NotThisPage for a page without either: the home page, which old links get, or maintenance.
    """
    island = ISLAND.search(page)
    if island is None:
        failure = NotThisPage if "</html>" in page else LayoutChanged
        raise failure(f"no drupal-settings island where {capture.key!r} was expected")
    settings = as_object(json_value(island[1], ISLAND_NAME), ISLAND_NAME)
    live = as_object(settings.get("live_market", {}), "live_market")
    master = as_object(settings.get("boursenova", {}), "boursenova")
    if "actions" in live:
        return _live(live, capture)
    if "actions" in master:
        return _master(master["actions"], capture)
    raise NotThisPage(f"no list of shares where {capture.key!r} was expected: a home page?")


def live_row(action: Mapping[str, Any], session: date) -> Parts:
    """One share of the live list as a row of QUOTES; ValueError where it contradicts itself."""
    yield {
        "ticker": casablanca_line(str(action.get("symbol")).strip()).ticker,
        "session": session,
    }
    status = _french(action.get("statut"))
    shares = json_whole(action.get("quantite"), strings=None)
    if status not in {"T", "NT", "S"}:
        raise ValueError(f"unknown status {status!r}")
    traded = status == "T"
    if shares and not traded:
        raise ValueError(f"{shares} shares of a line that is {status}")
    yield {
        "status": status,
        "close": json_number(action.get("dernierCours"), strings=None),
        "trades": json_whole(action.get("nbTransactions"), strings=None),
        "market_cap": json_number(action.get("capitalisation"), strings=None),
    }
    if status == "NT":
        yield {"volume": 0, "turnover": 0.0}
    if traded:
        yield {
            "open": json_number(action.get("ouverture"), strings=None),
            "high": json_number(action.get("plusHaut"), strings=None),
            "low": json_number(action.get("plusBas"), strings=None),
            "volume": shares,
            "turnover": json_number(action.get("volume"), strings=None),
        }


def _live(market: Mapping[str, Any], capture: Capture) -> Parsed:
    actions = as_rows(market["actions"], fields=LIVE_FIELDS, what="the live list")
    status = as_object(market.get("session", {}), "the session of the live list").get("status")
    if not isinstance(status, str):
        raise LayoutChanged("the live list does not say whether its session is closed")
    rows, refused = read_rows(
        actions, lambda action: live_row(action, capture.last_session), json_text
    )
    if status != "closed":
        reason = f"session {status}: the numbers are of part of a day"
        rows, refused = [], tuple(_of_part_of_a_day(x, reason, capture) for x in actions)
    listings, unlisted = _listings(actions, _live_listing)
    return Parsed(
        quotes=quoted(rows, capture, dated=False),
        refused=refused + unlisted,
        tables={"listings": stamped(listings, LISTINGS, capture)},
    )


def _of_part_of_a_day(action: Mapping[str, Any], reason: str, capture: Capture) -> Refused:
    return Refused(
        text=json_text(action),
        reason=reason,
        kind="before_close",
        ticker=_french(action.get("symbol")),
        session=capture.last_session,
    )


def _master(actions: object, capture: Capture) -> Parsed:
    rows = as_rows(actions, fields=MASTER_FIELDS, what="the security master")
    listings, refused = _listings(rows, _master_listing)
    return Parsed(refused=refused, tables={"listings": stamped(listings, LISTINGS, capture)})


def _listings(
    actions: Iterable[Mapping[str, Any]], listing: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> tuple[list[dict[str, Any]], tuple[Refused, ...]]:
    rows: list[dict[str, Any]] = []
    refused: list[Refused] = []
    for action in actions:
        try:
            rows.append(listing(action))
        except ValueError as error:
            refused.append(Refused(text=json_text(action), reason=str(error)))
    return rows, tuple(refused)


def _live_listing(action: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ticker": _french(action.get("symbol")),
        "name": _french(action.get("emetteur")),
        "sector": _french(action.get("secteur")),
        "compartment": _french(action.get("compartiment")),
        "shares": json_whole(action.get("nombreTitres"), strings=None),
        "status": _french(action.get("statut")),
    }


def _master_listing(action: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "ticker": _french(action.get("ticker")),
        "isin": _french(action.get("codeISIN")),
        "name": _french(action.get("emetteur")),
        "sector": _french(action.get("secteur")),
        "compartment": _french(action.get("compartiment")),
        "shares": json_whole(action.get("nombreTitres"), strings=COUNTS),
    }


def _french(value: object) -> str | None:
    """A text, or the French one of a text in three languages, without its padding."""
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    return _french(as_object(value, "a text").get("fr"))
