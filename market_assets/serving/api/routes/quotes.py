"""Agreed quotes: one line's history, or all lines of a session; raw unless adjusted are asked."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from fastapi import APIRouter, Query, Request
from pydantic import Field, model_validator
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Listing, Span, Ticker
from market_assets.serving.api.selection import Condition, Key, between, equal, newest

router = APIRouter(tags=["Quotes"])

CASABLANCA = "casablanca.daily_quotes"
AFRICA = "africa.daily_quotes"
ADJUSTED = "companies.adjusted_quotes"
EXAMPLE = {
    "mic": "XCAS",
    "ticker": "ATW",
    "isin": "MA0000012445",
    "name": "ATTIJARIWAFA BANK",
    "sector": "Banques",
    "session": "2026-11-20",
    "status": "T",
    "open": 700.0,
    "high": 705.0,
    "low": 698.0,
    "close": 702.0,
    "volume": 51234,
    "turnover": 35966268.0,
    "trades": 412,
    "market_cap": 151030000000.0,
    "currency": "MAD",
    "confidence": 0.96,
    "close_confidence": 0.96,
    "volume_confidence": 0.96,
    "turnover_confidence": 0.98,
    "turnover_estimated": False,
    "source": "casablanca_bourse",
    "sources": "casablanca_bourse+cdg_capital",
    "capture_id": "94d7ecfb615678136ba5",
    "known_at": "2026-11-20T18:30:02.500000Z",
}
ANSWERS = rows_of(CASABLANCA, ["casablanca_bourse", "cdg_capital"], "MAD", EXAMPLE)


class Market(StrEnum):
    """An exchange, by its MIC (ISO 10383)."""

    casablanca = "XCAS"
    lagos = "XNSA"
    cairo = "XCAI"
    johannesburg = "XJSE"
    abidjan = "XBRV"


class Adjustment(StrEnum):
    """Of prices and volumes for splits; dividends are not adjusted for."""

    raw = "raw"
    adjusted = "adjusted"


class History(Span):
    """One line's quotes."""

    mic: Annotated[Market, Field(description="The exchange.")] = Market.casablanca
    adjustment: Annotated[
        Adjustment,
        Field(
            description="raw: as traded. adjusted: beside that split_factor, how many shares one "
            "has become, adjusted_open to adjusted_close and adjusted_volume; of XCAS alone.",
        ),
    ] = Adjustment.raw

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.adjustment is Adjustment.adjusted and self.mic is not Market.casablanca:
            raise ValueError(f"no splits are known of {self.mic.value}: adjusted is of XCAS alone")
        return self


class Session(Listing):
    """All lines of a session."""

    mic: Annotated[Market, Field(description="The exchange.")] = Market.casablanca
    session: Annotated[
        date | None, Field(description="Default: the newest.", examples=["2026-11-20"])
    ] = None


def _table(mic: Market) -> tuple[str, list[Condition]]:
    if mic is Market.casablanca:
        return CASABLANCA, []
    return AFRICA, [equal("mic", mic.value)]


@router.get("/quotes", responses=ANSWERS)
def session_quotes(request: Request, asked: Annotated[Session, Query()]) -> Response:
    """All lines of one session, by ticker."""
    table, where = _table(asked.mic)
    if asked.session:
        day = [equal("session", asked.session)]
    elif asked.mic is Market.casablanca:
        day = [newest(table, "session")]
    else:
        latest = "session = (SELECT max(session) FROM africa.daily_quotes WHERE mic = ?)"
        day = [(latest, (asked.mic.value,))]
    question = Question(
        table=table, order=[Key("ticker")], where=[*where, *day], adjustment=Adjustment.raw.value
    )
    return answered(request, asked, question)


@router.get("/quotes/{ticker}", responses=ANSWERS)
def line_quotes(request: Request, ticker: Ticker, asked: Annotated[History, Query()]) -> Response:
    """One line's sessions, the newest first."""
    table, where = _table(asked.mic)
    if asked.adjustment is Adjustment.adjusted:
        table = ADJUSTED
    question = Question(
        table=table,
        order=[Key("session", descending=True)],
        where=[*where, *between("session", asked.start, asked.end)],
        subject=equal("ticker", ticker.upper()),
        what=f"line {ticker.upper()} of {asked.mic.value}",
        adjustment=asked.adjustment.value,
    )
    return answered(request, asked, question)
