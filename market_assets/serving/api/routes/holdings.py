"""Hong Kong's Southbound holdings: a stock's history, the movers, what came new."""

from datetime import date
from enum import IntEnum, StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Code, Listing, Span
from market_assets.serving.api.selection import Key, between, chosen, equal, newest

router = APIRouter(prefix="/hkex", tags=["Hong Kong"])

SOURCES = ["hkex_southbound", "sse_southbound", "szse_southbound"]
HOLDING = {
    "code": "00700",
    "name": "TENCENT",
    "session": "2026-11-20",
    "shares": 1000000000,
    "percent": 10.7,
    "shanghai_shares": 600000000,
    "shenzhen_shares": 400000000,
    "settlement_date": "2026-11-20",
    "implied_trade_date": "2026-11-18",
    "source": "hkex_southbound",
    "sources": "hkex_southbound+sse_southbound+szse_southbound",
    "confidence": 0.99,
    "capture_id": "94d7ecfb615678136ba5",
    "known_at": "2026-11-21T01:00:02.500000Z",
}
MOVER = {
    "session": "2026-11-20",
    "horizon": 5,
    "measure": "shares",
    "side": "top",
    "rank": 1,
    "code": "00700",
    "name": "TENCENT",
    "change_shares": 12000000,
    "change_pct": 1.2,
    "change_points": 0.13,
    "base_shares": 988000000,
}
NEW = {
    "session": "2026-11-20",
    "code": "02402",
    "name": "SINOHYTEC",
    "shares": 76576741,
    "percent": 15.93,
    "entry": "first",
    "status": "new",
    "replaces": "08718",
    "first_seen": "2026-11-20",
    "previous_last_seen": "2026-03-02",
    "previous_name": "SINOHYTEC OLD",
}


class Horizon(IntEnum):
    """Sessions between what is compared."""

    one = 1
    five = 5
    twenty = 20


class Measure(StrEnum):
    """What movers are ranked by."""

    shares = "shares"
    percent = "percent"


class Side(StrEnum):
    """Risen or fallen most."""

    top = "top"
    bottom = "bottom"


class Movers(Listing):
    """Lists of movers."""

    session: Annotated[
        date | None, Field(description="Default: the newest.", examples=["2026-11-20"])
    ] = None
    horizon: Annotated[Horizon | None, Field(description="Sessions back.")] = None
    measure: Annotated[Measure | None, Field(description="Ranked by.")] = None
    side: Annotated[Side | None, Field(description="Risen or fallen most.")] = None
    most: Annotated[int | None, Field(ge=1, le=500, description="Ranks of each list.")] = None


@router.get("/movers", responses=rows_of("hkex.movers", SOURCES, None, MOVER))
def movers(request: Request, asked: Annotated[Movers, Query()]) -> Response:
    """The stocks whose holdings moved most, by list and rank."""
    table = "hkex.movers"
    where = [equal("session", asked.session) if asked.session else newest(table, "session")]
    where += chosen(horizon=asked.horizon, measure=asked.measure, side=asked.side)
    if asked.most:
        where.append(("rank <= ?", (asked.most,)))
    order = [Key("horizon"), Key("measure"), Key("side", descending=True), Key("rank")]
    question = Question(table=table, order=[*order, Key("code")], where=where)
    return answered(request, asked, question)


@router.get("/new-holdings", responses=rows_of("hkex.new_holdings", SOURCES, None, NEW))
def new_holdings(request: Request, asked: Annotated[Span, Query()]) -> Response:
    """Stocks that entered the holdings, the newest session first."""
    question = Question(
        table="hkex.new_holdings",
        order=[Key("session", descending=True), Key("code")],
        where=between("session", asked.start, asked.end),
    )
    return answered(request, asked, question)


@router.get(
    "/holdings/{code}", responses=rows_of("hkex.southbound_holdings", SOURCES, None, HOLDING)
)
def holdings(request: Request, code: Code, asked: Annotated[Span, Query()]) -> Response:
    """What Southbound holds of one stock, the newest session first."""
    question = Question(
        table="hkex.southbound_holdings",
        order=[Key("session", descending=True)],
        where=between("session", asked.start, asked.end),
        subject=equal("code", code.zfill(5)),
        what=f"stock {code.zfill(5)}",
    )
    return answered(request, asked, question)
