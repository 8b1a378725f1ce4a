"""The markets beside each other in one currency."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Span
from market_assets.serving.api.selection import Key, between, chosen

router = APIRouter(tags=["Neighbours"])

TABLE = "africa.cross_market"
EXAMPLE = {
    "as_of": "2026-11-20",
    "mic": "XJSE",
    "measure": "return_20",
    "value": 0.0213,
    "currency": "USD",
    "local_value": 0.0187,
    "local_currency": "ZAR",
    "lines": 242,
    "session": "2026-11-20",
    "base_session": "2026-10-23",
    "age_days": 0,
    "oldest_age_days": 1,
    "rate": 0.0554,
    "rate_age_days": 0,
    "rate_path": "ZAR>USD",
}


class Currency(StrEnum):
    """In which markets are compared."""

    dirham = "MAD"
    dollar = "USD"


class Compared(Span):
    """Measures of markets; the days are those as of which they are compared."""

    market: Annotated[
        str | None, Field(pattern=r"^[A-Z0-9]{4}$", description="A MIC.", examples=["XJSE"])
    ] = None
    measure: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z0-9_]{1,40}$",
            description="market_cap, turnover, rising, falling, unchanged, breadth; return_1, _5 "
            "and _20, and the same as weighted_return_1 and so on.",
            examples=["market_cap"],
        ),
    ] = None
    currency: Annotated[
        Currency | None,
        Field(description="Of amounts and returns; counts have none.", examples=["USD"]),
    ] = None


@router.get("/cross-market", responses=rows_of(TABLE, ["afx", "ecb", "sarb"], None, EXAMPLE))
def cross_market(request: Request, asked: Annotated[Compared, Query()]) -> Response:
    """Market capitalisation, turnover, breadth and returns of each market, the newest day first."""
    where = [
        *between("as_of", asked.start, asked.end),
        *chosen(mic=asked.market, measure=asked.measure, currency=asked.currency),
    ]
    order = [Key("as_of", descending=True), Key("measure"), Key("mic"), Key("currency")]
    return answered(request, asked, Question(table=TABLE, order=order, where=where))
