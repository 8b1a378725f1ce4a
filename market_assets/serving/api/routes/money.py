"""The central bank's money: rates of exchange and of interest, banking, the long table of all."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Span
from market_assets.serving.api.selection import Key, between, chosen, equal

router = APIRouter(tags=["Central bank"])

SCHEMA = "central_bank"
SOURCES = ["bkam", "bkam_api", "bkam_seldom", "bkam_series"]
STATED = {"capture_id": "94d7ecfb615678136ba5", "known_at": "2026-11-21T12:49:50.937782Z"}
RATE = {
    "currency": "EUR",
    "unit_count": 1,
    "reference_date": "2026-11-20",
    "mid": 10.71,
    "bid": 10.7,
    "ask": 10.72,
    "kind": "reference",
    "confidence": 0.96,
    "source": "bkam_api",
    "sources": "bkam_api+bkam",
    **STATED,
}
INTEREST = {
    "reference_date": "2026-09-24",
    "rate": 2.25,
    "reserve_ratio": 0.0,
    "reserve_remuneration": 0.0,
    "change": -0.25,
    "confidence": 0.6,
    "source": "bkam",
    "capture_id": STATED["capture_id"],
    "known_at": STATED["known_at"],
}
INDICATOR = {
    "indicator_id": "monia.rate",
    "name": "MONIA",
    "unit": "percent",
    "frequency": "business_day",
    "reference_date": "2026-11-19",
    "value": 2.21,
    "publication_date": "2026-11-20",
    "confidence": 0.9,
    "source": "bkam",
    "sources": "bkam",
    **STATED,
}
METRIC = {
    "reference_date": "2026-09-30",
    "dimension": "object",
    "indicator_id": "credit.object.cash",
    "name": "Bank credit: cash loans",
    "value": 566836022525.0,
    "share": 0.4326,
    "yearly_change": 0.0574,
    "confidence": 0.9,
    "source": "bkam_series",
    **STATED,
}


class Kind(StrEnum):
    """For what a rate of exchange is."""

    reference = "reference"
    banknote = "banknote"


class Currencies(Span):
    """Rates of exchange."""

    currency: Annotated[
        str | None, Field(pattern=r"^[A-Za-z]{3}$", description="ISO 4217.", examples=["EUR"])
    ] = None
    kind: Annotated[Kind | None, Field(description="Between banks, or over the counter.")] = None


class Frequency(StrEnum):
    """How often an indicator has a new value."""

    business_day = "business_day"
    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    decision = "decision"


class Dimension(StrEnum):
    """What credit is divided by."""

    total = "total"
    objects = "object"
    sector = "sector"


class Series(StrEnum):
    """Which rate of interest."""

    policy_rate = "policy_rate"
    interbank_rate = "interbank_rate"
    monia = "monia"
    treasury_curve = "treasury_curve"
    lending_rates = "lending_rates"


KEYS = {Series.treasury_curve: [Key("maturity_date")]}
"""What besides the date tells the rows of a series apart."""


class Interest(Span):
    """Rates of interest."""

    series: Annotated[Series, Field(description="Which rate.")] = Series.policy_rate


class Indicators(Span):
    """Indicators."""

    indicator: Annotated[
        str | None, Field(max_length=100, description="An indicator_id.", examples=["monia.rate"])
    ] = None
    frequency: Annotated[Frequency | None, Field(description="Only of this rhythm.")] = None


class Metrics(Span):
    """Credit and what does not perform of it."""

    dimension: Annotated[Dimension | None, Field(description="By what it is divided.")] = None
    indicator: Annotated[
        str | None,
        Field(max_length=100, description="An indicator_id.", examples=["credit.object.cash"]),
    ] = None


@router.get("/exchange-rates", responses=rows_of(f"{SCHEMA}.exchange_rates", SOURCES, "MAD", RATE))
def exchange_rates(request: Request, asked: Annotated[Currencies, Query()]) -> Response:
    """Dirhams for ``unit_count`` of each currency, the newest day first."""
    where = [
        *between("reference_date", asked.start, asked.end),
        *chosen(currency=asked.currency and asked.currency.upper(), kind=asked.kind),
    ]
    question = Question(
        table=f"{SCHEMA}.exchange_rates",
        order=[Key("reference_date", descending=True), Key("currency"), Key("kind")],
        where=where,
        currency="MAD",
    )
    return answered(request, asked, question)


@router.get("/interest-rates", responses=rows_of(f"{SCHEMA}.policy_rate", SOURCES, "MAD", INTEREST))
def interest_rates(request: Request, asked: Annotated[Interest, Query()]) -> Response:
    """A rate of interest in percent, the newest day first; the columns are those of its series."""
    question = Question(
        table=f"{SCHEMA}.{asked.series.value}",
        order=[Key("reference_date", descending=True), *KEYS.get(asked.series, [])],
        where=between("reference_date", asked.start, asked.end),
        currency="MAD",
    )
    return answered(request, asked, question)


@router.get("/indicators", responses=rows_of(f"{SCHEMA}.indicators", SOURCES, None, INDICATOR))
def indicators(request: Request, asked: Annotated[Indicators, Query()]) -> Response:
    """Every indicator in one long table, by indicator, the newest day first."""
    where = [*between("reference_date", asked.start, asked.end), *chosen(frequency=asked.frequency)]
    one = equal("indicator_id", asked.indicator) if asked.indicator else None
    question = Question(
        table=f"{SCHEMA}.indicators",
        order=[Key("indicator_id"), Key("reference_date", descending=True)],
        where=where,
        subject=one,
        what=f"indicator {asked.indicator}",
    )
    return answered(request, asked, question)


@router.get(
    "/banking-metrics", responses=rows_of(f"{SCHEMA}.banking_metrics", SOURCES, "MAD", METRIC)
)
def banking_metrics(request: Request, asked: Annotated[Metrics, Query()]) -> Response:
    """Bank credit by object and sector, the newest month first; shares are of the total."""
    where = [*between("reference_date", asked.start, asked.end), *chosen(dimension=asked.dimension)]
    question = Question(
        table=f"{SCHEMA}.banking_metrics",
        order=[Key("reference_date", descending=True), Key("dimension"), Key("indicator_id")],
        where=where,
        subject=equal("indicator_id", asked.indicator) if asked.indicator else None,
        what=f"indicator {asked.indicator}",
        currency="MAD",
    )
    return answered(request, asked, question)
