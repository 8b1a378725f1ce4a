"""Where a number comes from: the same as ``market-assets explain``, as rows."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import orjson
import polars as pl
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from market_assets.provenance.explanation import Explanation, Unexplained, explanation
from market_assets.provenance.lookup import Row
from market_assets.serving.api.described import rows_of
from market_assets.serving.api.pages import Question, sent
from market_assets.serving.api.parameters import Formatted
from market_assets.serving.api.problems import Problem
from market_assets.serving.api.redistribution import names_in
from market_assets.serving.api.selection import Page
from market_assets.serving.api.service import exchange
from market_assets.warehouse.failures import TableRefused

router = APIRouter(tags=["Provenance"])

ROW = pl.Schema(
    {
        "role": pl.String,
        "table": pl.String,
        "source": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
        "replaced_at": pl.Datetime("us", "UTC"),
        "values": pl.String,
        "capture_id": pl.String,
        "fetched_at": pl.Datetime("us", "UTC"),
        "url": pl.String,
        "sha256": pl.String,
        "file": pl.String,
        "offset": pl.Int64,
        "length": pl.Int64,
    }
)
"""``role``: "row" the number itself, "computed_from", "statement" of a source, "silent" source,
"repeated" statement of the same page, or the title of a fault. ``values`` is JSON."""
EXAMPLE = {
    "role": "row",
    "table": "casablanca.daily_quotes",
    "source": "casablanca_bourse",
    "known_at": "2026-11-20T19:30:02.500000Z",
    "replaced_at": "2026-11-21T08:00:02.500000Z",
    "values": '{"close":344.4,"volume":86679}',
    "capture_id": "8fb56e5b11795ac51f15",
    "fetched_at": "2026-11-20T19:30:02.500000Z",
    "url": "https://www.casablanca-bourse.com/...",
    "sha256": "0b6c...",
    "file": "casablanca_bourse/2026/11/...warc.gz",
    "offset": 1234,
    "length": 20480,
}


ANSWERS = rows_of("casablanca.daily_quotes", ["casablanca_bourse"], None, EXAMPLE)
Table = Annotated[str, Path(max_length=80, examples=["casablanca.daily_quotes"])]
Line = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["ATW"])]


@router.get("/provenance/{table}/{line}", responses=ANSWERS)
def newest_provenance(
    request: Request, table: Table, line: Line, asked: Annotated[Formatted, Query()]
) -> Response:
    """The same of the newest day that the table has of the line."""
    return _explained(request, table, line, None, asked)


@router.get("/provenance/{table}/{line}/{session}", responses=ANSWERS)
def provenance(
    request: Request,
    table: Table,
    line: Line,
    session: Annotated[date, Path(examples=["2026-11-20"])],
    asked: Annotated[Formatted, Query()],
) -> Response:
    """The row, what it is computed from, each source's statement and where its bytes are."""
    return _explained(request, table, line, session, asked)


def _explained(
    request: Request, table: str, line: str, session: date | None, asked: Formatted
) -> Response:
    service = exchange(request).service
    seconds = service.settings.api.query_seconds
    with service.published.reading() as version:
        facts = service.facts.of(version)
        try:
            found = explanation(
                lambda sql, values: version.query(sql, values, seconds=seconds),
                service.archive,
                table=table,
                line=line,
                session=session,
            )
        except (Unexplained, TableRefused) as error:
            raise Problem(kind="unknown", status=404, detail=str(error)) from error
    behind = facts.sources.get(table.partition(".")[0].lower(), ())
    page = Page(rows=pl.DataFrame(_rows(found, behind), schema=ROW), next=None)
    return sent(request, asked.format, page, facts, Question(table=table, order=()))


def _rows(found: Explanation, behind: Sequence[str]) -> list[dict[str, object]]:
    """In the order of the explanation; values that name no source are of those ``behind`` all."""
    rows: list[dict[str, object]] = []

    def tell(role: str, table: str | None, values: list[Row]) -> None:
        for row in values:
            sources = names_in(row.get("sources") or row.get("source") or "+".join(behind))
            if "chosen" in row:  # the value of others beside that of this source
                sources += [name for name in behind if name not in sources]
            source = "+".join(sources)
            rows.append({"role": role, "table": table, "source": source, "values": _json(row)})

    tell("row", found.table, found.rows)
    tell("computed_from", found.main, found.main_rows)
    for source, statements in found.said:
        if not statements:
            rows.append({"role": "silent", "source": source})
        for statement in statements:
            capture = statement.capture
            rows.append(
                {
                    "role": "repeated" if statement.repeated else "statement",
                    "table": found.origin,
                    "source": source,
                    "known_at": statement.known_at,
                    "replaced_at": statement.replaced_at,
                    "values": _json(statement.stated),
                    "capture_id": statement.capture_id,
                    "fetched_at": capture and capture.fetched_at,
                    "url": capture and capture.url,
                    "sha256": capture and capture.sha256,
                    "file": capture and capture.file,
                    "offset": capture and capture.offset,
                    "length": capture and capture.length,
                }
            )
    for title, faults in found.faults:
        tell(title, None, faults)
    return rows


def _json(row: Row) -> str:
    return orjson.dumps(row, option=orjson.OPT_UTC_Z).decode()
