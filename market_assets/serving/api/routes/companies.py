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
from market_assets.serving.api.selection import Condition, Key, equal, like
from market_assets.warehouse.names import identifier

router = APIRouter(prefix="/companies", tags=["Companies"])

LISTINGS = "companies.listings"
FUNDAMENTALS = "companies.fundamentals"
COMPANY = {
    "mic": "XCAS",
    "ticker": "ATW",
    "isin": "MA0000012445",
    "name": "ATTIJARIWAFA BANK",
    "sector": "Banques",
    "icb_sector": "Banks",
    "compartment": "Principal A",
    "shares": 215140839,
    "status": "listed",
}
ANSWERS = rows_of(LISTINGS, ["casablanca_bourse"], "MAD", COMPANY)
JOINED = """
SELECT listed.*, known.* EXCLUDE ({both}) FROM companies.listings listed
LEFT JOIN (FROM companies.fundamentals WHERE session =
    (SELECT max(session) FROM companies.fundamentals)) known
ON known.mic = listed.mic AND known.ticker = listed.ticker
"""


class Sort(StrEnum):
    """What companies are sorted by; with "-" from the end."""

    ticker = "ticker"
    names = "name"
    sector = "sector"
    shares = "shares"
    status = "status"
    last_ticker = "-ticker"
    last_name = "-name"
    last_sector = "-sector"
    most_shares = "-shares"
    last_status = "-status"


class Sector(Listing):
    """Companies of a sector."""

    sort: Annotated[Sort, Field(description="By this column; with - from the end.")] = Sort.ticker


class Companies(Sector):
    """Companies."""

    sector: Annotated[
        str | None,
        Field(max_length=100, description="The exchange's or ICB's.", examples=["Banques"]),
    ] = None
    status: Annotated[str | None, Field(max_length=40, examples=["listed"])] = None
    market: Annotated[
        str | None, Field(pattern=r"^[A-Z0-9]{4}$", description="A MIC.", examples=["XCAS"])
    ] = None


@router.get("", responses=ANSWERS)
def companies(request: Request, asked: Annotated[Companies, Query()]) -> Response:
    """All companies, with what is known of each in the newest session."""
    where: list[Condition] = []
    if asked.sector:
        where.append(_sector(asked.sector))
    if asked.status:
        where.append(like("status", asked.status))
    if asked.market:
        where.append(equal("mic", asked.market))
    return _listed(request, asked, where)


@router.get("/sector/{sector}", responses=ANSWERS)
def sector(
    request: Request,
    sector: Annotated[str, Path(min_length=1, max_length=100, examples=["Banques"])],
    asked: Annotated[Sector, Query()],
) -> Response:
    """The companies of a sector, by the exchange's name of it or by ICB's."""
    return _listed(request, asked, [], subject=_sector(sector), what=f"sector {sector}")


@router.get("/{ticker}", responses=ANSWERS)
def company(request: Request, ticker: Ticker, asked: Annotated[Listing, Query()]) -> Response:
    """One company; more than one row where several exchanges have the ticker."""
    question = Question(
        table=LISTINGS,
        rows=_with_fundamentals,
        order=[Key("mic")],
        subject=equal("ticker", ticker.upper()),
        what=f"company {ticker.upper()}",
        adjustment="raw",
    )
    return answered(request, asked, question)


def _listed(
    request: Request,
    asked: Sector,
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
        adjustment="raw",
    )
    return answered(request, asked, question)


def _sector(text: str) -> Condition:
    ours, bound = like("sector", text)
    icb, _ = like("icb_sector", text)
    return f"{ours} OR {icb}", bound * 2


def _with_fundamentals(facts: Facts) -> str | None:
    """The listings beside their fundamentals, alone where these are not published."""
    known = facts.columns.get(FUNDAMENTALS)
    if known is None:
        return None
    both = [identifier(column) for column in facts.columns[LISTINGS] if column in known]
    return JOINED.format(both=", ".join(both))
