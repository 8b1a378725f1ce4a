"""From a selection to the answer that is sent: envelope, headers, and what may leave as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast
from urllib.parse import urlencode

import polars as pl
from fastapi import Request
from starlette.responses import Response

from market_assets.serving.api.encoding import LEAST_BYTES, encoded
from market_assets.serving.api.facts import DAYS, Facts
from market_assets.serving.api.formats import DENSE, MEDIA_TYPES, Format, written
from market_assets.serving.api.kept import Answer
from market_assets.serving.api.parameters import Listing
from market_assets.serving.api.problems import Problem
from market_assets.serving.api.redistribution import named_by, names_in, redistributable
from market_assets.serving.api.selection import (
    Condition,
    Key,
    Page,
    Selection,
    page_of,
)
from market_assets.serving.api.service import exchange
from market_assets.warehouse.names import table_identifier
from market_assets.warehouse.reader import Version

DISCLAIMERS = {
    "sandbox": "Invented figures of the sandbox: never real, for trying the platform only.",
    "live": "Gathered from public pages, not affiliated with any publisher, maybe late or wrong; "
    "no investment advice. Publishers' terms apply.",
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of ``table``.

    ``subject`` is a condition that some row must meet, or else there is no such thing; ``what``
    names it for people.
    ``order`` tells all rows apart; ``rows`` is None where the table alone is read.
    ``behind`` is the schema whose sources stand behind the rows, None for those of the table where
    the rows name none: set where a row has figures of others beside those of the source it names.
    ``adjustment`` is that of prices, None where there are none; ``currency`` that of amounts.
    """

    table: str
    order: Sequence[Key]
    where: Sequence[Condition] = ()
    rows: Callable[[Facts], str] | None = None
    subject: Condition | None = None
    what: str = ""
    behind: str | None = None
    adjustment: str | None = None
    currency: str | None = None


def answered(request: Request, asked: Listing, question: Question) -> Response:
    """The page of ``question`` in the format that is asked for."""
    service = exchange(request).service
    seconds = service.settings.api.query_seconds
    with service.published.reading() as version:
        facts = service.facts.of(version)
        subject = [question.subject] if question.subject else []
        wanted = Selection(
            table=question.table,
            rows=question.rows(facts)
            if question.rows and question.table in facts.columns
            else None,
            where=[*subject, *question.where],
            order=question.order,
            limit=asked.limit,
            cursor=asked.cursor,
        )
        page = page_of(version, facts, wanted, seconds=seconds)
        if question.subject and page.rows.is_empty():
            _require(version, question, question.subject, seconds)
    return sent(request, asked.format, page, facts, question)


def _require(version: Version, question: Question, subject: Condition, seconds: float) -> None:
    condition, values = subject
    query = f"SELECT 1 FROM {table_identifier(question.table)} WHERE {condition} LIMIT 1"
    if version.query(query, values, seconds=seconds).is_empty():
        raise Problem(
            kind="unknown",
            status=404,
            detail=f"no {question.what} in {question.table}; /symbols/resolve?q= finds names",
        )


def sent(request: Request, form: Format, page: Page, facts: Facts, question: Question) -> Response:
    """``page`` as the answer, which the gate keeps for the version of ``facts`` and sends."""
    talk = exchange(request)
    as_file = form is not Format.json
    if as_file:
        talk.principal.require("export")
    allowed = partial(talk.service.settings.redistributes, as_file=as_file)
    behind = _behind(page.rows, facts, question)
    rows, warnings = redistributable(page.rows, allowed, behind=behind)
    if page.rows.is_empty():
        warnings.append("no rows: nothing published fits what was asked")
    meta = {
        "as_of": _as_of(rows),
        "version": facts.name.removeprefix("market-"),
        "published_at": facts.published_at,
        "mode": facts.mode,
        "table": question.table,
        "sources": sorted({*_named(rows), *behind}),
        "adjustment": question.adjustment,
        "currency": question.currency or _only(rows, "currency"),
        "next": page.next,
        "disclaimer": DISCLAIMERS[facts.mode],
    }
    body = written(rows, meta, warnings, form)
    encoding = "identity" if form in DENSE or len(body) < LEAST_BYTES else talk.encoding
    headers = {
        "content-type": MEDIA_TYPES[form],
        "cache-control": "private, no-cache",
        "etag": f'W/"{facts.name}-{talk.service.edition}"',
        "vary": "Accept-Encoding, Authorization, X-API-Key",
        "x-data-version": facts.name.removeprefix("market-"),
    }
    if encoding != "identity":
        body = encoded(body, encoding)
        headers["content-encoding"] = encoding
    if page.next:
        others = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
        target = f"{request.url.path}?{urlencode([*others, ('cursor', page.next)])}"
        headers["link"] = f'<{target}>; rel="next"'
    if as_file:
        name = request.url.path.strip("/").replace("/", "-")
        headers["content-disposition"] = f'attachment; filename="{name}.{form}"'
        if warnings:
            headers["x-warnings"] = "; ".join(warnings)
    headers["content-length"] = str(len(body))
    raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    talk.answer = Answer(
        version=facts.name.removeprefix("market-"),
        etag=headers["etag"].encode(),
        scope="export" if as_file else "read",
        route=cast("str", request.scope["route"].path),
        headers=raw,
        body=body,
    )
    return Response()


def _behind(rows: pl.DataFrame, facts: Facts, question: Question) -> tuple[str, ...]:
    if question.behind is None and named_by(rows):
        return ()
    return facts.sources.get(question.behind or question.table.partition(".")[0], ())


def _named(rows: pl.DataFrame) -> set[str]:
    column = named_by(rows)
    texts = rows[column].drop_nulls().unique().to_list() if column else []
    return {name for text in texts for name in names_in(text)}


def _as_of(rows: pl.DataFrame) -> object:
    column = next((name for name in DAYS if name in rows.columns), None)
    return rows[column].max() if column else None


def _only(rows: pl.DataFrame, column: str) -> object:
    """The one value of ``column``, None where it has none or several."""
    values = rows[column].unique().to_list() if column in rows.columns else []
    return values[0] if len(values) == 1 else None
