"""How good the published numbers are: the score of each source and session."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Span
from market_assets.serving.api.selection import Key, between, equal

router = APIRouter(tags=["Quality"])

EXAMPLE = {
    "source": "cdg_capital",
    "session": "2026-11-20",
    "expected": 81,
    "stated": 81,
    "with_volume": 78,
    "completeness": 1.0,
    "mean_confidence": 0.96,
    "freshness_hours": 4.0,
    "validity": 1.0,
    "score": 0.96,
    "issues": None,
}


class Scored(StrEnum):
    """A market whose sources are scored."""

    casablanca = "casablanca"
    hkex = "hkex"


TABLES = {
    Scored.casablanca: "casablanca.volume_data_quality",
    Scored.hkex: "hkex.holdings_data_quality",
}


class Quality(Span):
    """Scores."""

    market: Annotated[Scored, Field(description="Whose sources.")] = Scored.casablanca
    source: Annotated[str | None, Field(pattern=r"^[a-z0-9_]{1,40}$", examples=["cdg_capital"])] = (
        None
    )
    below: Annotated[float | None, Field(ge=0, le=1, description="Only scores below this one.")] = (
        None
    )


@router.get(
    "/quality", responses=rows_of(TABLES[Scored.casablanca], ["cdg_capital"], None, EXAMPLE)
)
def quality(request: Request, asked: Annotated[Quality, Query()]) -> Response:
    """The score of each source and session, the newest session first; columns by market."""
    where = between("session", asked.start, asked.end)
    if asked.source:
        where.append(equal("source", asked.source))
    if asked.below is not None:
        where.append(("score < ?", (asked.below,)))
    question = Question(
        table=TABLES[asked.market],
        order=[Key("session", descending=True), Key("source")],
        where=where,
    )
    return answered(request, asked, question)
