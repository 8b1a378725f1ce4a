"""How good the published numbers are: scores of sources, who said otherwise, what was put aside."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.facts import Facts
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Span
from market_assets.serving.api.selection import Key, between, chosen

router = APIRouter(prefix="/quality", tags=["Quality"])

SCORE = {
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
    "issues": "1 x ghost session",
}
DISAGREEMENT = {
    "ticker": "ADH",
    "session": "2026-09-08",
    "field": "volume",
    "source": "tradingview",
    "value": 11907533.0,
    "chosen": 83008.0,
    "difference": 142.45,
    "capture_id": "8a29828de3eb65ecbe02",
}
PUT_ASIDE = {
    "asset": "casablanca/african_markets_quotes",
    "source": "african_markets",
    "session": "2026-08-24",
    "ticker": "HOL",
    "capture_id": "c90c1f261b507e757d0f",
    "kind": "row",
    "reason": "no price",
    "text": "Holcim ( Maroc ) | Industrials |  |  |  |  | ",
    "times": 1,
}


class Scored(StrEnum):
    """A market whose sources are scored."""

    casablanca = "casablanca"
    hkex = "hkex"
    central_bank = "central_bank"
    africa = "africa"


class Subject(StrEnum):
    """What sources may differ about."""

    quotes = "quotes"
    holdings = "holdings"
    exchange_rates = "exchange_rates"
    treasury_curve = "treasury_curve"
    indicators = "indicators"
    neighbours = "neighbours"
    listings = "listings"
    market_caps = "market_caps"


SCORES = {
    Scored.casablanca: "casablanca.volume_data_quality",
    Scored.hkex: "hkex.holdings_data_quality",
    Scored.central_bank: "central_bank.data_quality",
    Scored.africa: "africa.data_quality",
}
DISAGREEMENTS = {
    Subject.quotes: ("casablanca", "disagreements", "session", ("ticker",)),
    Subject.holdings: ("hkex", "holding_disagreements", "session", ("code",)),
    Subject.exchange_rates: (
        *("central_bank", "exchange_rates_disagreements", "reference_date"),
        ("currency", "kind"),
    ),
    Subject.treasury_curve: (
        *("central_bank", "treasury_curve_disagreements", "reference_date"),
        ("maturity_date",),
    ),
    Subject.indicators: (
        *("central_bank", "observations_disagreements", "reference_date"),
        ("indicator_id",),
    ),
    Subject.neighbours: ("africa", "african_disagreements", "session", ("mic", "ticker")),
    Subject.listings: ("companies", "listing_disagreements", "session", ("ticker",)),
    Subject.market_caps: ("companies", "market_cap_disagreements", "session", ("ticker",)),
}
"""Whose values were chosen (by schema), the table, its day, and what it is about."""
QUARANTINE = "quality.quarantine"
COUNTED = "SELECT *, count(*) AS times FROM quality.quarantine GROUP BY ALL"
"""One page can put the same row aside more than once."""


class Sourced(Span):
    """Of one source or of all."""

    source: Annotated[str | None, Field(pattern=r"^[a-z0-9_]{1,40}$", examples=["cdg_capital"])] = (
        None
    )


class Quality(Sourced):
    """Scores."""

    market: Annotated[Scored, Field(description="Whose sources.")] = Scored.casablanca
    below: Annotated[
        float | None, Field(ge=0, le=1, description="Only scores below this one.", examples=[0.99])
    ] = None


class Disagreements(Sourced):
    """Disagreements."""

    subject: Annotated[Subject, Field(description="About what.")] = Subject.quotes
    field: Annotated[str | None, Field(pattern=r"^[a-z0-9_]{1,40}$", examples=["volume"])] = None


class Aside(Sourced):
    """What was put aside."""

    market: Annotated[Scored | None, Field(description="Of which market.")] = None
    kind: Annotated[
        str | None,
        Field(pattern=r"^[a-z0-9_]{1,40}$", description="Of the fault.", examples=["row"]),
    ] = None


@router.get("", responses=rows_of(SCORES[Scored.casablanca], ["cdg_capital"], None, SCORE))
def quality(request: Request, asked: Annotated[Quality, Query()]) -> Response:
    """The score of each source and session, the newest session first; columns by market."""
    where = [*between("session", asked.start, asked.end), *chosen(source=asked.source)]
    if asked.below is not None:
        where.append(("score < ?", (asked.below,)))
    question = Question(
        table=SCORES[asked.market],
        order=[Key("session", descending=True), Key("source")],
        where=where,
    )
    return answered(request, asked, question)


@router.get(
    "/disagreements",
    responses=rows_of(
        "quality.disagreements", ["casablanca_bourse", "tradingview"], None, DISAGREEMENT
    ),
)
def disagreements(request: Request, asked: Annotated[Disagreements, Query()]) -> Response:
    """What a source said otherwise than what was chosen, the newest day first; by subject."""
    schema, table, day, about = DISAGREEMENTS[asked.subject]
    where = [*between(day, asked.start, asked.end), *chosen(source=asked.source, field=asked.field)]
    question = Question(
        table=f"quality.{table}",
        order=[Key(day, descending=True), *map(Key, (*about, "field", "source", "capture_id"))],
        where=where,
        behind=schema,
    )
    return answered(request, asked, question)


@router.get("/quarantine", responses=rows_of(QUARANTINE, ["african_markets"], None, PUT_ASIDE))
def quarantine(request: Request, asked: Annotated[Aside, Query()]) -> Response:
    """What could not be used, as its source said it, and why; the newest day first."""
    where = between("session", asked.start, asked.end)
    where += chosen(source=asked.source, kind=asked.kind)
    if asked.market:
        where.append(("starts_with(asset, ?)", (f"{asked.market.value}/",)))
    texts = ("asset", "source", "kind", "ticker", "capture_id", "reason", "text")
    question = Question(
        table=QUARANTINE,
        rows=_counted,
        order=[Key("session", descending=True), *map(Key, texts)],
        where=where,
    )
    return answered(request, asked, question)


def _counted(_: Facts) -> str:
    return COUNTED
