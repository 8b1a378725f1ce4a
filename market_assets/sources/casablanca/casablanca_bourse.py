"""The Casablanca exchange itself, on the site it relaunched before 24 August 2026.

The one free source with real shares, real money, trades and market cap of all 81 lines. In
Morocco "volume" is money: ``volume``, ``volumeEchanges`` are MAD and ``quantite``,
``titresEchanges`` shares; turnover / volume lay inside low..high on every row that was checked.

- History, ``/api/boursenova/stock-historical``: JSON, newest first, about three years deep. A
  window much over a year answers 200 without any item. ``seance`` is the only date to trust:
  ``timestamp`` is a midnight of UTC+1, so its UTC date is the day before. ``symbol`` is padded.
  A row with ``ouverture`` null and no share was not traded; its high and low are carried from an
  earlier session. Prices are raw: what ``isCoursAjuste=true`` gives was not reliable.
- Live list, ``/live-market/actions``: its table is empty, the data is the drupal-settings island.
  It states a time of day but no date, so its rows get the session asked for. While the session is
  open the numbers are those of part of a day, and the rows are refused. ``statut``: T traded,
  NT not traded, S suspended.
- Security master, ``/marches-produits/actions``: the same island, under ``boursenova``.
- CSV, through the inbox: an export of 2023-26 that was seen whole. Of the present one
  (``/market-data/cours``) two headings are known, ``Titres Échangés`` and ``Volume (MAD)``.

Old deep links (``/fr/...``) answer 200 with the home page. The server omits its intermediate
certificate (Sectigo DV R36): name a file with it in MARKET_ASSETS_CA_BUNDLE.
"""

import csv
import re
from collections.abc import Generator, Mapping
from datetime import date, timedelta
from typing import Any

from market_assets.domain.numbers import NumberFormat, json_number, json_whole
from market_assets.sources.casablanca.exchange_lists import listed
from market_assets.sources.casablanca.lines import casablanca_line, casablanca_lines
from market_assets.sources.reading import as_object, body_text, json_value, stated_day
from market_assets.sources.rows import Parts, as_rows, json_text, quoted, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage, SourceFailure
from market_assets.web.messages import Capture, Conversation, Request

WINDOW = timedelta(days=360)
PAGE_SIZE = 1000
HISTORY_KEY = re.compile(r"history/(?P<ticker>\w+)/[\d-]+\.\.(?P<last>[\d-]+)(?P<page>/page-\d+)?")
CSV_NUMBERS = NumberFormat(decimal=".")
PAST_FIELDS = (
    "seance",
    "symbol",
    "ouverture",
    "dernierCours",
    "plusHaut",
    "plusBas",
    "titresEchanges",
    "volumeEchanges",
    "nbTransactions",
    "capitalisation",
)
HEADINGS = {
    "Séance": "seance",
    "Ticker": "symbol",
    "Ouverture": "ouverture",
    "Dernier Cours": "dernierCours",
    "+haut du jour": "plusHaut",
    "+bas du jour": "plusBas",
    "Nombre de titres échangés": "titresEchanges",
    "Titres Échangés": "titresEchanges",
    "Volume des échanges": "volumeEchanges",
    "Volume (MAD)": "volumeEchanges",
    "Nombre de transactions": "nbTransactions",
    "Capitalisation": "capitalisation",
}


def snapshot(_ask: Ask) -> Conversation:
    """The live list of the last session, then the security master."""
    yield _question("live", "/live-market/actions", {})
    yield _question("listings", "/marches-produits/actions", {})


def history(ask: Ask) -> Conversation:
    """Per line windows of at most 360 days from the newest back, until one comes empty."""
    for line in ask.lines:
        last = ask.sessions[-1]
        while last >= ask.sessions[0]:
            first = max(ask.sessions[0], last - WINDOW + timedelta(days=1))
            rows = yield from _window(line.ticker, first, last)
            if rows == 0:
                break
            last = first - timedelta(days=1)


def parse(capture: Capture) -> Parsed:
    """Quotes of the history, of an export or of a closed live list; listings of both lists."""
    text = body_text(capture)
    if text.startswith("{"):
        return _past(_answer(text), capture)
    if text.startswith("<"):
        return listed(text, capture)
    if "Séance" in text.partition("\n")[0].strip().split(","):
        return _export(text, capture)
    raise NotThisPage(f"no page of the Casablanca exchange: {text[:60]!r}")


def past_row(item: Mapping[str, Any], *, dates: str, strings: NumberFormat | None) -> Parts:
    """One session of one line from the history or an export, as a row of QUOTES."""
    yield {"ticker": casablanca_line(str(item.get("symbol")).strip()).ticker}
    yield {"session": stated_day(item.get("seance"), dates)}
    volume = json_whole(item.get("titresEchanges"), strings=strings)
    opening = json_number(item.get("ouverture"), strings=strings)
    untraded = not volume and opening is None
    yield {
        "status": "T" if volume else "NT" if untraded and volume == 0 else None,
        "open": opening,
        "high": None if untraded else json_number(item.get("plusHaut"), strings=strings),
        "low": None if untraded else json_number(item.get("plusBas"), strings=strings),
        "close": json_number(item.get("dernierCours"), strings=strings),
        "volume": volume,
        "turnover": json_number(item.get("volumeEchanges"), strings=strings),
        "trades": json_whole(item.get("nbTransactions"), strings=strings),
        "market_cap": json_number(item.get("capitalisation"), strings=strings),
    }


def _question(key: str, path: str, params: Mapping[str, str]) -> Request:
    headers = {"Accept-Language": "fr-FR"}
    return Request(key=key, path=path, params=params, headers=headers, referer="/market-data/cours")


def _window(ticker: str, first: date, last: date) -> Generator[Request, Capture, int | None]:
    """The number of rows that came for the window; None where the answer cannot be read."""
    came, page = 0, 1
    while True:
        capture = yield _question(
            f"history/{ticker}/{first}..{last}" + (f"/page-{page}" if page > 1 else ""),
            "/api/boursenova/stock-historical",
            {
                "instrument": ticker,
                "market": "comptant",
                "type": "actions",
                "startDate": str(first),
                "endDate": str(last),
                "pageNumber": str(page),
                "pageSize": str(PAGE_SIZE),
                "isCoursAjuste": "false",
            },
        )
        try:
            answer = _answer(body_text(capture))
        except SourceFailure:
            return None  # the capture is kept, and parsing it reports the failure
        came += len(answer["items"])
        if not answer["items"] or came >= answer["totalCount"]:
            return came
        page += 1


def _answer(text: str) -> dict[str, Any]:
    answer = as_object(json_value(text, "a history"), "a history")
    if not answer.keys() >= {"totalCount", "items"}:
        raise NotThisPage("JSON without totalCount and items where a history was expected")
    if not (isinstance(answer["totalCount"], int) and isinstance(answer["items"], list)):
        raise LayoutChanged("totalCount is not a number, or items is not a list")
    return answer


def _past(answer: dict[str, Any], capture: Capture) -> Parsed:
    if not answer["items"]:
        return _nothing(capture)
    items = as_rows(answer["items"], fields=PAST_FIELDS, what="a history")
    rows, refused = read_rows(
        items, lambda item: past_row(item, dates="%d/%m/%Y", strings=None), json_text
    )
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


def _nothing(capture: Capture) -> Parsed:
    """An empty window is right before the first row of a line, and for a suspended line.

    The walk goes back only while rows come, so an older window is empty after newer rows.
    """
    asked = HISTORY_KEY.fullmatch(capture.key)
    suspended = {line.ticker for line in casablanca_lines() if line.suspended}
    if asked and not asked["page"]:
        older = date.fromisoformat(asked["last"]) < capture.last_session
        if older or asked["ticker"] in suspended:
            return Parsed()
    raise EmptyPage(
        f"no item for {capture.key!r}: the line is newer, or the window is one the exchange refuses"
    )


def _export(text: str, capture: Capture) -> Parsed:
    try:
        headings, *lines = csv.reader(text.splitlines())
    except csv.Error as broken:
        raise LayoutChanged(f"an export that is not CSV: {broken}") from broken
    names = [HEADINGS.get(heading.strip(), heading) for heading in headings]
    if missing := set(PAST_FIELDS) - set(names):
        raise LayoutChanged(f"an export without {sorted(missing)}; its headings are {headings}")
    if not lines:
        raise EmptyPage("an export with headings and no row")

    def row(cells: list[str]) -> Parts:
        if len(cells) != len(names):
            raise ValueError(f"{len(cells)} cells under {len(names)} headings")
        item = dict(zip(names, cells, strict=True))
        return past_row(item, dates="%Y-%m-%d", strings=CSV_NUMBERS)

    rows, refused = read_rows(lines, row, ",".join)
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


SOURCE = Source(
    name="casablanca_bourse",
    market="casablanca",
    publisher="Bourse de Casablanca",
    base_url="https://www.casablanca-bourse.com",
    group="casablanca_bourse",
    gives=frozenset(
        {
            "status",
            "open",
            "high",
            "low",
            "close",
            "volume",
            "turnover",
            "trades",
            "market_cap",
        }
    ),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Its certificate chain is incomplete (MARKET_ASSETS_CA_BUNDLE). The live list states no"
        " date: take it between the close and the next opening. Time-outs from some servers."
    ),
    verified=(
        "Not tried live. Seen as others captured it on 2026-10-09: the history of one line, the"
        " live list during a session; and an export of 2023-26. Not seen: the security master, a"
        " closed live list, the present export, the history of a suspended line."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
    official=True,
    states_date=False,
)
