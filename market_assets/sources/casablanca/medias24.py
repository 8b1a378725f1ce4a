"""Medias24 / LeBoursier: the daily history of each line; a second-hand source behind Cloudflare.

Asked: ``GET /content/api?method=getPriceHistory&ISIN=..&format=json&from=..&to=..``, one request
per line for any range. The answer is ``{"result": [...], "message": ...}``, often with a byte
order mark; each row has ``date`` (DD/MM/YYYY), ``value`` (close), ``min``, ``max``, ``variation``
(%) and ``volume`` (shares), ascending. There is no open and no money. A line that did not trade in
the range has no rows; that is an answer, not a failure.

Read but not asked: ``getStockInfo``, one line's latest quote, for pages a person saved. It states
its ISIN and, in ``cotation`` ("18/03/2022 à 15:16", the à often broken, or ISO), its day: an
untraded line keeps the day of its last trade, and the row goes there. A time before 15:30 is of
part of a day and the row is refused; on the timetable of Ramadan the session ends at 13:30, and
its rows are refused too, rather than guessed to be whole. ``volumeTitre`` is shares.
Its ``volume`` is MAD but computed, shares x last price (49 of 49 snapshots of ATW): it is no
turnover and is not read. Both answers in one conversation would give the newest session two
different rows of one source, so the conversation asks the history alone, at half the requests.

Not used: ``getStockOHLC``, dated by epochs only, and the token of the page ``fiche-action``, which
clients send where they find it but which needs a slug per line that is not known here.
"""

import re
from datetime import time
from typing import Any

from market_assets.domain.numbers import NumberFormat, json_number, json_whole
from market_assets.sources.casablanca.lines import asked_ticker, casablanca_lines
from market_assets.sources.reading import as_object, body_text, json_value, stated, stated_day
from market_assets.sources.refusals import RowRefused
from market_assets.sources.rows import Parts, as_rows, json_text, quoted, read_rows
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

NUMBERS = NumberFormat(decimal=".")
COTATION = re.compile(
    r"(?P<french>\d{2}/\d{2}/\d{4})(?:\D{1,6}(?P<french_time>\d{1,2}:\d{2}))?"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})(?:[T ](?P<iso_time>\d{2}:\d{2})\S*)?"
)
CLOSE = time(15, 30)
"""The end of the closing auction by the exchange's ordinary timetable."""
PAST_FIELDS = ("date", "value", "min", "max", "volume")
LATEST_FIELDS = (
    "ISIN",
    "cotation",
    "ouverture",
    "min",
    "max",
    "cours",
    "volumeTitre",
    "capitalisation",
)


def history(ask: Ask) -> Conversation:
    """One question per line, for all the sessions at once."""
    for line in ask.lines:
        yield Request(
            key=f"history/{line.ticker}",
            path="/content/api",
            params={
                "method": "getPriceHistory",
                "ISIN": line.isin,
                "format": "json",
                "from": ask.sessions[0].isoformat(),
                "to": ask.sessions[-1].isoformat(),
            },
            headers={"Accept": "application/json"},
            referer="/leboursier/marches-boursier",
        )


def parse(capture: Capture) -> Parsed:
    """The rows of a line's history, or the one row of a saved ``getStockInfo``."""
    answer = as_object(json_value(body_text(capture), "the answer"), "the answer")
    result = stated(answer, "result")
    if isinstance(result, dict):
        latest = as_rows([answer["result"]], fields=LATEST_FIELDS, what="the result")
        rows, refused = read_rows(latest, _latest, json_text)
    else:
        ticker = asked_ticker(capture)
        if result == []:
            return Parsed()
        past = as_rows(result, fields=PAST_FIELDS, what="the result")
        rows, refused = read_rows(past, lambda row: _session(row, ticker), json_text)
    return Parsed(quotes=quoted(rows, capture, dated=True), refused=refused)


def _session(row: dict[str, Any], ticker: str) -> Parts:
    yield {"ticker": ticker}
    yield {"session": stated_day(row.get("date"), "%d/%m/%Y")}
    yield {
        "high": json_number(row.get("max"), strings=NUMBERS),
        "low": json_number(row.get("min"), strings=NUMBERS),
        "close": json_number(row.get("value"), strings=NUMBERS),
        "volume": json_whole(row.get("volume"), strings=NUMBERS),
    }


def _latest(info: dict[str, Any]) -> Parts:
    isin = info["ISIN"]
    ticker = next((line.ticker for line in casablanca_lines() if line.isin == isin), None)
    if ticker is None:
        raise NotThisPage(f"{isin!r} is the ISIN of no line of Casablanca")
    yield {"ticker": ticker}
    found = COTATION.fullmatch(str(info["cotation"]).strip())
    if not found:
        raise ValueError(f"{info['cotation']!r} is neither DD/MM/YYYY nor ISO")
    if found["iso"]:
        yield {"session": stated_day(found["iso"], "%Y-%m-%d")}
    else:
        yield {"session": stated_day(found["french"], "%d/%m/%Y")}
    at = found["iso_time"] or found["french_time"]
    if at and time.fromisoformat(at.zfill(5)) < CLOSE:
        raise RowRefused(
            "before_close",
            f"before the close: quoted at {at}, the session ends at {CLOSE:%H:%M}",
        )
    yield {
        "open": json_number(info["ouverture"], strings=NUMBERS),
        "high": json_number(info["max"], strings=NUMBERS),
        "low": json_number(info["min"], strings=NUMBERS),
        "close": json_number(info["cours"], strings=NUMBERS),
        "volume": json_whole(info["volumeTitre"], strings=NUMBERS),
        "market_cap": json_number(info["capitalisation"], strings=NUMBERS),
    }


SOURCE = Source(
    name="medias24",
    market="casablanca",
    publisher="Medias24 (LeBoursier)",
    base_url="https://medias24.com",
    group="medias24",
    gives=frozenset({"high", "low", "close", "volume"}),
    terms="Nobody has read its terms of use; no right to redistribute is assumed.",
    caution=(
        "Off in live mode: Cloudflare answers servers with 403. One request per line. Its MAD "
        "volume is shares x last price, an estimate, and is never taken for turnover."
    ),
    verified=(
        "Not tried live. Seen in the printed output of public clients: the keys, order, date form "
        "and values of six getPriceHistory rows of ATW (February 2017), whose volumes equal the "
        "exchange's share counts to the share, and the keys of one getStockInfo. Not seen: a raw "
        "body (numbers or strings, nulls, unknown ISIN, whether from and to are both included)."
    ),
    parse=parse,
    history=history,
    live=False,
)
