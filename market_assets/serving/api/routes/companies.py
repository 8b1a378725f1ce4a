"""The companies behind the tickers, with their fundamentals of the newest session."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.facts import Facts
from market_assets.serving.api.pages import Question, answered
from market_assets.serving.api.parameters import Listing, Ticker
from market_assets.serving.api.problems import unpublished
from market_assets.serving.api.selection import Condition, Key, chosen, equal, like
from market_assets.warehouse.names import identifier

router = APIRouter(prefix="/companies", tags=["Companies"])

LISTINGS = "companies.listings"
FUNDAMENTALS = "companies.fundamentals"
COMPANY = {
    "session": "2026-11-20",
    "mic": "XCAS",
    "ticker": "ATW",
    "isin": "MA0000012445",
    "name": "ATTIJARIWAFA BANK",
    "sector": "Banques",
    "icb_sector": "Financials",
    "compartment": "Principal A",
    "shares": 215140839,
    "shares_on": "2026-11-20",
    "shares_split_by": 1.0,
    "status": "listed",
    "symbols": "african_markets=ATW investing=13237",
    "source": "casablanca_bourse",
    "capture_id": "8fb56e5b11795ac51f15",
    "known_at": "2026-11-20T19:30:02.500000Z",
    "close": 344.4,
    "turnover": 29867496.31,
    "split_factor": 1.0,
    "market_cap": 74094504951.6,
    "market_cap_source": "casablanca_bourse",
    "market_cap_computed": 74094504951.6,
    "market_cap_stated": 74094504951.6,
    "turnover_velocity_20": 0.0083,
    "turnover_velocity_52w": 0.11,
    "high_52w": 362.0,
    "low_52w": 301.5,
    "high_52w_stated": 362.0,
    "low_52w_stated": 301.5,
    "ytd": 0.042,
    "ytd_base": 330.5,
    "ytd_stated": 0.042,
    "currency": "MAD",
    "close_confidence": 0.99,
    "turnover_confidence": 0.9,
    "market_cap_capture_id": "bc7de14f02a86d1b5c93",
    "shares_capture_id": "8fb56e5b11795ac51f15",
}
ANSWERS = rows_of(LISTINGS, ["casablanca_bourse", "cdg_capital"], "MAD", COMPANY)
NEWEST = """
SELECT * FROM companies.listings
QUALIFY row_number() OVER (PARTITION BY mic, ticker ORDER BY session DESC) = 1
"""
JOINED = """
SELECT listed.*, known.* EXCLUDE ({both}) FROM ({newest}) listed
LEFT JOIN companies.fundamentals known
ON known.mic = listed.mic AND known.ticker = listed.ticker AND known.session = listed.session
"""


class Sort(StrEnum):
    """What companies are sorted by; with "-" from the end."""

    ticker = "ticker"
    names = "name"
    sector = "sector"
    shares = "shares"
    market_cap = "market_cap"
    status = "status"
    last_ticker = "-ticker"
    last_name = "-name"
    last_sector = "-sector"
    most_shares = "-shares"
    largest = "-market_cap"
    last_status = "-status"


class Sorted(Listing):
    """Companies in an order."""

    sort: Annotated[
        Sort,
        Field(description="By this column; with - from the end.", examples=["-market_cap"]),
    ] = Sort.ticker


class Companies(Sorted):
    """Companies."""

    sector: Annotated[
        str | None,
        Field(max_length=100, description="The exchange's or ICB's.", examples=["Banques"]),
    ] = None
    status: Annotated[str | None, Field(max_length=40, examples=["listed"])] = None
    market: Annotated[
        str | None, Field(pattern=r"^[A-Z0-9]{4}$", description="A MIC.", examples=["XCAS"])
    ] = None
    compartment: Annotated[
        str | None, Field(max_length=40, description="Of the market.", examples=["Principal A"])
    ] = None


@router.get("", responses=ANSWERS)
def companies(request: Request, asked: Annotated[Companies, Query()]) -> Response:
    """All companies as of each one's newest session, with its fundamentals of that session."""
    where: list[Condition] = []
    if asked.sector:
        where.append(_sector(asked.sector))
    if asked.status:
        where.append(like("status", asked.status))
    where += chosen(mic=asked.market)
    if asked.compartment:
        where.append(like("compartment", asked.compartment))
    return _listed(request, asked, where)


@router.get("/sector/{sector}", responses=ANSWERS)
def sector(
    request: Request,
    sector: Annotated[str, Path(min_length=1, max_length=100, examples=["Banques"])],
    asked: Annotated[Sorted, Query()],
) -> Response:
    """The companies of a sector, by the exchange's name of it or by ICB's."""
    return _listed(request, asked, [], subject=_sector(sector), what=f"sector {sector}")


@router.get("/{ticker}", responses=ANSWERS)
def company(request: Request, ticker: Ticker, asked: Annotated[Sorted, Query()]) -> Response:
    """One company; more than one row where several exchanges have the ticker."""
    subject = equal("ticker", ticker.upper())
    return _listed(request, asked, [], subject=subject, what=f"company {ticker.upper()}")


def _listed(
    request: Request,
    asked: Sorted,
    where: list[Condition],
    *,
    subject: Condition | None = None,
    what: str = "",
) -> Response:
    column = asked.sort.value.removeprefix("-")
    first = Key(column, descending=asked.sort.value.startswith("-"))
    rest = [Key(name) for name in ("ticker", "mic") if name != column]
    question = Question(
        table=LISTINGS,
        rows=_with_fundamentals,
        order=[first, *rest],
        where=where,
        subject=subject,
        what=what,
        behind="companies",
        adjustment="raw",
    )
    return answered(request, asked, question)


def _sector(text: str) -> Condition:
    ours, bound = like("sector", text)
    icb, _ = like("icb_sector", text)
    return f"{ours} OR {icb}", bound * 2


def _with_fundamentals(facts: Facts) -> str:
    known, listed = facts.columns.get(FUNDAMENTALS), facts.columns[LISTINGS]
    if known is None:
        raise unpublished(FUNDAMENTALS)
    both = ", ".join(identifier(column) for column in listed if column in known)
    return JOINED.format(both=both, newest=NEWEST)
