"""The central bank's money: rates of exchange and of interest, banking, the long table of all."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Span
from market_assets.serving.api.selection import Key, between, equal

router = APIRouter(tags=["Central bank"])

SCHEMA = "central_bank"
SOURCES = ["bank_al_maghrib"]
RATE = {
    "currency": "EUR",
    "unit_count": 1,
    "reference_date": "2026-11-20",
    "mid": 10.71,
    "bid": 10.7,
    "ask": 10.72,
    "kind": "reference",
}
INTEREST = {"reference_date": "2026-11-20", "rate": 2.25, "volume": 2150.0}
INDICATOR = {
    "indicator_id": "interbank_rate.rate",
    "name": "Interbank rate",
    "unit": "percent",
    "frequency": "daily",
    "reference_date": "2026-11-20",
    "value": 2.25,
    "source": "bank_al_maghrib",
    "capture_id": "94d7ecfb615678136ba5",
}


class Currencies(Span):
    """Rates of exchange."""

    currency: Annotated[
        str | None, Field(pattern=r"^[A-Za-z]{3}$", description="ISO 4217.", examples=["EUR"])
    ] = None
    kind: Annotated[
        str | None, Field(max_length=40, description="Such as reference or banknote.")
    ] = None


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
    frequency: Annotated[str | None, Field(max_length=20, examples=["daily"])] = None


@router.get("/exchange-rates", responses=rows_of(f"{SCHEMA}.exchange_rates", SOURCES, "MAD", RATE))
def exchange_rates(request: Request, asked: Annotated[Currencies, Query()]) -> Response:
    """Dirhams for ``unit_count`` of each currency, the newest day first."""
    where = between("reference_date", asked.start, asked.end)
    if asked.currency:
        where.append(equal("currency", asked.currency.upper()))
    if asked.kind:
        where.append(equal("kind", asked.kind))
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
    where = between("reference_date", asked.start, asked.end)
    if asked.frequency:
        where.append(equal("frequency", asked.frequency))
    one = equal("indicator_id", asked.indicator) if asked.indicator else None
    question = Question(
        table=f"{SCHEMA}.indicators",
        order=[Key("indicator_id"), Key("reference_date", descending=True)],
        where=where,
        subject=one,
        what=f"indicator {asked.indicator}",
    )
    return answered(request, asked, question)


@router.get("/banking-metrics", responses=rows_of(f"{SCHEMA}.banking_metrics", SOURCES, "MAD", {}))
def banking_metrics(request: Request, asked: Annotated[Span, Query()]) -> Response:
    """Credit by object and sector, and loans that do not perform; the newest date first."""
    question = Question(
        table=f"{SCHEMA}.banking_metrics",
        order=None,
        where=between("reference_date", asked.start, asked.end),
        currency="MAD",
    )
    return answered(request, asked, question)
