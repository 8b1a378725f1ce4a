"""From what a person types to a line: tickers, ISINs, names, and notations of other services."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from market_assets.serving.api.described import rows_of
from market_assets.serving.api.facts import Facts
from market_assets.serving.api.pages import Question, sent
from market_assets.serving.api.parameters import Formatted
from market_assets.serving.api.problems import unpublished
from market_assets.serving.api.selection import Page
from market_assets.serving.api.service import exchange

router = APIRouter(prefix="/symbols", tags=["Symbols"])

EXAMPLE = {
    "rank": 0,
    "mic": "XCAS",
    "ticker": "ATW",
    "isin": "MA0000012445",
    "name": "ATTIJARIWAFA BANK",
    "sector": "Banques",
    "symbol": "ATW:XCAS",
    "source": "casablanca_bourse",
}
LINES = {
    "companies.listings": """SELECT mic, ticker, isin, name, sector, source FROM companies.listings
        QUALIFY row_number() OVER (PARTITION BY mic, ticker ORDER BY session DESC) = 1""",
    "casablanca.listings": """SELECT 'XCAS' AS mic, ticker, isin, name, sector, source
        FROM casablanca.listings
        QUALIFY row_number() OVER (PARTITION BY ticker ORDER BY session DESC, source) = 1""",
    "hkex.southbound_holdings": """SELECT 'XHKG' AS mic, code AS ticker, NULL::VARCHAR AS isin,
        name, NULL::VARCHAR AS sector, source
        FROM hkex.southbound_holdings
        QUALIFY row_number() OVER (PARTITION BY code ORDER BY session DESC) = 1""",
    "africa.listings": """SELECT mic, ticker, isin, name, sector, $africa AS source
        FROM africa.listings
        QUALIFY row_number() OVER (PARTITION BY mic, ticker ORDER BY session DESC) = 1""",
}
"""Where lines are named; Casablanca's own list counts where that of the companies is missing.

``$africa``: the neighbours' list does not say which of those that list lines named one.
"""
LISTED = "_african_listings"
RESOLVED = """
WITH lines AS ({lines}), folded AS (
    SELECT *, lower(ticker) AS short, strip_accents(lower(name)) AS long,
        strip_accents(lower(trim($text))) AS word FROM lines WHERE $mic IS NULL OR mic = $mic
), ranked AS (
    SELECT *, CASE
        WHEN short = word OR short = $code THEN 0 WHEN lower(isin) = word THEN 1
        WHEN starts_with(short, word) THEN 2 WHEN starts_with(long, word) THEN 3
        WHEN contains(long, word) THEN 4 END AS rank FROM folded
)
SELECT rank, mic, ticker, isin, name, sector, ticker || ':' || mic AS symbol, source
FROM ranked WHERE rank IS NOT NULL ORDER BY rank, ticker, mic LIMIT $limit
"""
SUFFIXES = {
    "xcas": "XCAS", "cs": "XCAS", "ma": "XCAS",
    "xhkg": "XHKG", "hk": "XHKG",
    "xnsa": "XNSA", "xcai": "XCAI", "ca": "XCAI", "xjse": "XJSE", "jo": "XJSE",
    "xbrv": "XBRV",
}  # fmt: skip
"""MICs, and the suffixes of other services: of Yahoo and, unverified, of RICs."""
NOTATION = re.compile(r"(?P<line>[^:.]+)[:.](?P<market>[A-Za-z]{2,4})")


class Resolving(Formatted):
    """What is looked for."""

    limit: Annotated[int, Field(ge=1, le=100, description="Most lines.")] = 20
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            description="Ticker, ISIN, part of a name, ATW:XCAS, 0700.HK.",
            examples=["attijari"],
        ),
    ]


@router.get(
    "/resolve", responses=rows_of("casablanca.listings", ["casablanca_bourse"], None, EXAMPLE)
)
def resolve(request: Request, asked: Annotated[Resolving, Query()]) -> Response:
    """Lines that fit ``q``, the best first (rank 0: its ticker, 1: its ISIN, then parts)."""
    text, mic = asked.q.strip(), None
    if (found := NOTATION.fullmatch(text)) and found["market"].lower() in SUFFIXES:
        text, mic = found["line"], SUFFIXES[found["market"].lower()]
    code = text.zfill(5) if text.isascii() and text.isdigit() else text.lower()
    service = exchange(request).service
    with service.published.reading() as version:
        facts = service.facts.of(version)
        lines = " UNION ALL BY NAME ".join(LINES[table] for table in _tables(facts))
        bound = {"text": text, "code": code, "mic": mic, "limit": asked.limit}
        if "africa.listings" in facts.columns:
            bound["africa"] = "+".join(_listing(facts))
        rows = version.query(
            RESOLVED.format(lines=lines), bound, seconds=service.settings.api.query_seconds
        )
    question = Question(table="symbols", order=())
    return sent(request, asked.format, Page(rows=rows, next=None), facts, question)


def _listing(facts: Facts) -> list[str]:
    """The sources that list lines of the neighbours."""
    tables = (table for table in facts.columns if table.endswith(LISTED))
    return [table.removeprefix("africa.").removesuffix(LISTED) for table in tables]


def _tables(facts: Facts) -> list[str]:
    """Those of LINES that are published; raises a problem where none is."""
    tables = [table for table in LINES if table in facts.columns]
    if not tables:
        raise unpublished(next(iter(LINES)))
    if {"companies.listings", "casablanca.listings"} <= set(tables):
        tables.remove("casablanca.listings")
    return tables
