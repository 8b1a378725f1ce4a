"""The exchange's answers: history as JSON, its two lists as islands of data in French pages.

Invented where nothing was seen: the rows of suspended lines in the history (there are none here),
the body of the security master, the markup around the islands.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from market_assets.sandbox.casablanca.last_trade import last_trade
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sandbox.messages import Answer, Question

ASKED = {"instrument", "market", "type", "startDate", "endDate", "pageNumber", "pageSize"}
WIDEST_WINDOW = timedelta(days=366)
DEPTH = timedelta(days=1082)
"""From 2026-10-09 back to 2023-10-23, the first row of ATW."""
PADDED_SINCE = date(2026, 1, 1)
"""Symbols are padded in rows of 2026-08 and not in one of 2025-10; the change is not dated."""
ENGLISH_SECTOR_WIDTH = 50
SESSION_LABELS = {
    "open": {"fr": "Séance ouverte", "en": "Session Open", "ar": "الحصة مفتوحة"},
    "closed": {"fr": "Séance clôturée", "en": "Session Closed", "ar": "الحصة مغلقة"},
}
HEX = {"/": "\\/", "&": "\\u0026", "'": "\\u0027", "<": "\\u003C", ">": "\\u003E"}
"""What the site's PHP escapes inside JSON in a page."""


def answer(question: Question, market: Market, moment: Moment) -> Answer:
    """The page at the path; the home page for old deep links, 404 for what never was."""
    path = question.path
    if path in PAGES:
        return PAGES[path](question, market, moment)
    if path == "/" or path.startswith("/fr"):
        return _page("Bourse de Casablanca", {"path": {"currentPath": "node/1", "isFront": True}})
    return Answer(body=b"<!DOCTYPE html><html><title>404</title></html>", status=404)


def _history(question: Question, market: Market, moment: Moment) -> Answer:
    query = question.query
    if not query.keys() >= ASKED:
        return _items(0, [])
    first, last = (date.fromisoformat(query[name]) for name in ("startDate", "endDate"))
    line = next((x for x in market.lines if x.ticker == query["instrument"]), None)
    shares = (query["market"], query["type"]) == ("comptant", "actions")
    if line is None or not shares or last - first > WIDEST_WINDOW:
        return _items(0, [])
    first = max(first, moment.session - DEPTH)
    items = list(_sessions(market, line.ticker, first, min(last, moment.session)))[::-1]
    size = int(query["pageSize"])
    start = (int(query["pageNumber"]) - 1) * size
    return _items(len(items), items[start : start + size])


def _items(total: int, items: list[dict[str, Any]]) -> Answer:
    text = json.dumps({"totalCount": total, "items": items}, ensure_ascii=False)
    return Answer(body=text.encode(), media_type="application/json")


def _sessions(market: Market, ticker: str, first: date, last: date) -> Iterator[dict[str, Any]]:
    carried = last_trade(market, ticker, first - timedelta(days=1))
    for truth in market.history(ticker, first, last):
        if truth.status == "T":
            carried = truth
        if truth.status != "S":
            yield _session(truth, carried or truth)


def _session(truth: Truth, ranged: Truth) -> dict[str, Any]:
    """``ranged``: the session whose high and low the row shows, an earlier one if not traded."""
    midnight = datetime.combine(truth.session, time(), UTC) - timedelta(hours=1)
    padded = truth.session >= PADDED_SINCE
    empty = {"fr": "", "ar": "", "en": ""}
    return {
        "seance": f"{truth.session:%d/%m/%Y}",
        "timestamp": int(midnight.timestamp()) * 1000,
        "symbol": f"{truth.line.ticker:5}" if padded else truth.line.ticker,
        "libelle": dict.fromkeys(("fr", "ar", "en"), truth.line.name),
        "ouverture": _plain(truth.open),
        "dernierCours": _plain(truth.close),
        "coursReference": None,
        "plusHaut": _plain(ranged.high or truth.close),
        "plusBas": _plain(ranged.low or truth.close),
        "titresEchanges": truth.volume,
        "volumeEchanges": _plain(truth.turnover),
        "nbTransactions": truth.trades,
        "capitalisation": _plain(truth.market_cap),
        "variation": None,
        "emetteur": "",
        "statut": empty,
        "mode_cotation": empty,
    }


def _live(_question: Question, market: Market, moment: Moment) -> Answer:
    truths = market.truths(moment.session)
    ticker = [{"symbol": f"{x.line.ticker:5}", "volume": None, "currency": "MAD"} for x in truths]
    now = moment.now
    session = {
        "status": "closed",
        "labels": SESSION_LABELS,
        "timestamp": int(now.replace(minute=0, second=0, microsecond=0).timestamp()),
        "time": {"h": now.hour, "m": now.minute, "s": now.second},
    }
    live = {
        "actions": [_action(truth) for truth in truths],
        "secteurs": _numbered(truth.line.sector for truth in truths),
        "compartiments": _numbered(truth.line.compartment or "" for truth in truths),
        "ticker": {"items": ticker},
        "session": session,
    }
    settings = {"path": {"currentPath": "node/379", "isFront": False}}
    return _page("Actions", settings | {"live_market": live})


def _action(truth: Truth) -> dict[str, Any]:
    traded = truth.status == "T"
    line = truth.line
    return {
        "symbol": line.ticker,
        "ce": line.ticker,
        "emetteur": dict.fromkeys(("fr", "en", "ar"), line.name),
        "secteur": _said(line.sector),
        "compartiment": _said(line.compartment or ""),
        "statut": dict.fromkeys(("fr", "en", "ar"), truth.status),
        "ouverture": _plain(truth.open),
        "plusHaut": _plain(truth.high),
        "plusBas": _plain(truth.low),
        "dernierCours": _plain(truth.close),
        "reference": _plain(truth.previous_close),
        "variation": round((truth.close / truth.previous_close - 1) * 100, 10) if traded else None,
        "volume": _plain(truth.turnover) if traded else None,
        "quantite": truth.volume if traded else None,
        "nbTransactions": truth.trades,
        "capitalisation": _plain(truth.market_cap),
        "nombreTitres": truth.shares,
        "achat": {"prix": _plain(truth.low), "quantite": truth.trades or None},
        "vente": {"prix": _plain(truth.high), "quantite": truth.trades or None},
    }


def _master(_question: Question, market: Market, moment: Moment) -> Answer:
    actions = [
        {
            "id": place,
            "ticker": truth.line.ticker,
            "codeISIN": truth.line.isin,
            "emetteur": truth.line.name,
            "instrument": truth.line.name,
            "secteur": truth.line.sector,
            "categorie": "ACTIONS 1ERE LIGNE",
            "compartiment": truth.line.compartment,
            "nombreTitres": truth.shares,
        }
        for place, truth in enumerate(market.truths(moment.session), start=1)
    ]
    settings = {"path": {"currentPath": "node/52", "isFront": False}}
    return _page("Actions", settings | {"boursenova": {"actions": actions}})


PAGES: dict[str, Callable[[Question, Market, Moment], Answer]] = {
    "/api/boursenova/stock-historical": _history,
    "/live-market/actions": _live,
    "/marches-produits/actions": _master,
    "/en/marches-produits/actions": _master,
}


def _page(title: str, settings: dict[str, Any]) -> Answer:
    island = json.dumps(settings | {"pluralDelimiter": "\x03"}, separators=(",", ":"))
    island = island.replace('\\"', "\\u0022").translate(str.maketrans(HEX))
    page = f"""<!DOCTYPE html>
<html lang="fr" dir="ltr">
  <head>
    <meta charset="utf-8" />
    <title>{title} | Bourse de Casablanca</title>
  </head>
  <body class="dark">
<span id="disclaimer-text" style="font-weight:500;">Les indices sont diffusés en temps réel et les \
cours sont en différé de 15 minutes</span>
        <table class="desktop-table" id="desktop-table">
          <thead id="table-thead"></thead>
          <tbody id="table-body"></tbody>
        </table>
    <script type="application/json" data-drupal-selector="drupal-settings-json">{island}</script>
<script src="/core/assets/vendor/jquery/jquery.min.js?v=4.0.0"></script>
  </body>
</html>
"""
    return Answer(body=page.encode())


def _said(text: str) -> dict[str, str]:
    """A text in three languages; the English one is padded, as sectors are."""
    return {"fr": text, "en": f"{text:{ENGLISH_SECTOR_WIDTH}}", "ar": text}


def _numbered(names: Iterable[str]) -> list[dict[str, Any]]:
    return [{"id": i, "libelle": _said(name)} for i, name in enumerate(sorted(set(names)), 1)]


def _plain(value: float | None) -> float | None:
    """680.0 goes out as 680, as JavaScript writes numbers."""
    return int(value) if value is not None and value.is_integer() else value
