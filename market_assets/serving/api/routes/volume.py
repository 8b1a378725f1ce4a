"""Volume of Casablanca: a line's analysis, alerts, the market's sums and those of its sectors."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Span, Ticker
from market_assets.serving.api.selection import Key, between, chosen, equal, like

router = APIRouter(prefix="/volume", tags=["Volume"])

SCHEMA = "casablanca"
CURRENCY = "MAD"
SOURCES = ["casablanca_bourse", "cdg_capital"]
ALERT = {
    "ticker": "ADH",
    "alert_type": "volume_drop",
    "session": "2026-11-20",
    "volume": 43797,
    "ratio": 0.29,
    "threshold": 0.3,
    "message": "ADH traded 43,797 shares, 0.29 x its previous session",
    "is_active": True,
}
MARKET = {
    "session": "2026-11-20",
    "total_volume": 2150340,
    "total_turnover": 412345678.9,
    "mean_volume": 28671.2,
    "median_volume": 3110.0,
    "volume_p10": 12.0,
    "volume_p90": 86679.0,
    "listed": 81,
    "traded": 75,
    "untraded": 5,
    "suspended": 1,
    "unstated": 0,
    "rising": 31,
    "falling": 37,
    "unchanged": 7,
    "most_active": "ATW",
    "most_active_turnover": 29867496.31,
}
SECTOR = {
    "sector": "Banques",
    "session": "2026-11-20",
    "lines": 7,
    "lines_with_volume": 7,
    "total_volume": 310224,
    "total_turnover": 98765432.1,
    "mean_volume": 44317.7,
    "volume_weighted_average_price": 318.4,
    "average_volume": 301442.5,
    "volume_ratio": 1.03,
    "high_volume_lines": 1,
    "low_volume_lines": 2,
}
LINE = {
    "ticker": "ATW",
    "session": "2026-11-20",
    "volume": 86679,
    "turnover": 29867496.31,
    "close": 344.4,
    "previous_volume": 91220,
    "average_volume": 84110.2,
    "volume_ratio": 1.03,
    "volume_ma_5": 85012.6,
    "volume_ma_20": 84110.2,
    "volume_change_percent": -4.98,
    "high_volume": False,
    "low_volume": False,
    "volume_volatility_20": 0.31,
    "volume_return_correlation_60": 0.12,
}


class AlertType(StrEnum):
    """What an alert is about."""

    high_volume = "high_volume"
    low_volume = "low_volume"
    volume_spike = "volume_spike"
    volume_drop = "volume_drop"


class Alerts(Span):
    """Alerts."""

    type: Annotated[AlertType | None, Field(description="Only of this kind.")] = None
    active: Annotated[bool | None, Field(description="Whether it still holds.")] = None
    ticker: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9]{1,12}$", examples=["ATW"])] = None


class Sectors(Span):
    """Sums by sector."""

    sector: Annotated[
        str | None,
        Field(max_length=100, description="Case and accents do not matter.", examples=["Banques"]),
    ] = None


@router.get("/alerts", responses=rows_of(f"{SCHEMA}.volume_alerts", SOURCES, CURRENCY, ALERT))
def alerts(request: Request, asked: Annotated[Alerts, Query()]) -> Response:
    """Alerts about volumes, the newest session first."""
    where = [
        *between("session", asked.start, asked.end),
        *chosen(
            alert_type=asked.type,
            is_active=asked.active,
            ticker=asked.ticker and asked.ticker.upper(),
        ),
    ]
    order = [Key("session", descending=True), Key("ticker"), Key("alert_type")]
    question = Question(
        table=f"{SCHEMA}.volume_alerts", order=order, where=where, currency=CURRENCY
    )
    return answered(request, asked, question)


@router.get(
    "/market", responses=rows_of(f"{SCHEMA}.market_volume_summary", SOURCES, CURRENCY, MARKET)
)
def market(request: Request, asked: Annotated[Span, Query()]) -> Response:
    """The market's sums of each session, the newest first."""
    question = Question(
        table=f"{SCHEMA}.market_volume_summary",
        order=[Key("session", descending=True)],
        where=between("session", asked.start, asked.end),
        currency=CURRENCY,
    )
    return answered(request, asked, question)


@router.get(
    "/sectors", responses=rows_of(f"{SCHEMA}.sector_volume_analysis", SOURCES, CURRENCY, SECTOR)
)
def sectors(request: Request, asked: Annotated[Sectors, Query()]) -> Response:
    """The sums of each sector and session, the newest session first."""
    where = between("session", asked.start, asked.end)
    if asked.sector:
        where.append(like("sector", asked.sector))
    question = Question(
        table=f"{SCHEMA}.sector_volume_analysis",
        order=[Key("session", descending=True), Key("sector")],
        where=where,
        currency=CURRENCY,
    )
    return answered(request, asked, question)


@router.get("/{ticker}", responses=rows_of(f"{SCHEMA}.volume_analysis", SOURCES, CURRENCY, LINE))
def line(request: Request, ticker: Ticker, asked: Annotated[Span, Query()]) -> Response:
    """One line's volume beside its averages, the newest session first."""
    question = Question(
        table=f"{SCHEMA}.volume_analysis",
        order=[Key("session", descending=True)],
        where=between("session", asked.start, asked.end),
        subject=equal("ticker", ticker.upper()),
        what=f"line {ticker.upper()}",
        adjustment="raw",
        currency=CURRENCY,
    )
    return answered(request, asked, question)
