"""What OpenAPI says of an operation: what it answers with, its problems, an example of it."""

from collections.abc import Mapping
from typing import Any

from fastapi import Security
from fastapi.security import HTTPBearer

from market_assets.serving.api.formats import MEDIA_TYPES, Format
from market_assets.serving.api.problems import MEDIA_TYPE

PROBLEMS = {
    401: "Nobody known asks.",
    403: "The key may not, or the source may not be redistributed.",
    404: "No such thing, or not published yet.",
    422: "A parameter that cannot be used, and why.",
    429: "More often than this key may.",
    503: "Nothing is published yet, or the query took too long.",
}
IDENTIFIED = [Security(HTTPBearer(auto_error=False, description="An API key, or a session."))]
"""Only for the document: the gate has asked already."""
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/bad-parameter"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
META: Mapping[str, Any] = {
    "as_of": "2026-11-20",
    "version": "20261121T100204006034Z-bcd2",
    "published_at": "2026-11-21T10:02:05.092577Z",
    "mode": "sandbox",
    "next": "WyJjMGEzMWFlNGY5YjkiLCIyMDI2LTExLTIwIl0",
    "disclaimer": "Invented figures of the sandbox: never real, for trying the platform only.",
}
ENVELOPE = {
    "type": "object",
    "required": ["data", "meta", "warnings"],
    "properties": {
        "data": {"type": "array", "items": {"type": "object"}},
        "meta": {
            "type": "object",
            "required": ["as_of", "version", "mode", "sources", "next", "disclaimer"],
        },
        "warnings": {"type": "array", "items": {"type": "string"}},
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems an operation may answer with."""
    content = {MEDIA_TYPE: {"schema": PROBLEM}}
    return {status: {"description": PROBLEMS[status], "content": content} for status in statuses}


def rows_of(
    table: str, sources: list[str], currency: str | None, example: Mapping[str, Any]
) -> dict[int | str, dict[str, Any]]:
    """The answers of an operation that pages through ``table``, with a row as ``example``."""
    priced = "raw" if "close" in example else None
    meta = {**META, "table": table, "sources": sources, "adjustment": priced, "currency": currency}
    whole = {"data": [example], "meta": meta, "warnings": []}
    content: dict[str, Any] = {MEDIA_TYPES[Format.json]: {"schema": ENVELOPE, "example": whole}}
    for form in (Format.csv, Format.xlsx, Format.parquet):
        kind = MEDIA_TYPES[form].partition(";")[0]
        content[kind] = {"schema": {"type": "string", "format": "binary"}}
    good = {
        "description": f"Rows of {table}; ETag is the published version.",
        "content": content,
        "headers": {"ETag": {"schema": {"type": "string"}}, "Link": {"schema": {"type": "string"}}},
    }
    unchanged = {"description": "The version that If-None-Match names still stands."}
    return {200: good, 304: unchanged, **problems(*PROBLEMS)}


def document(
    example: Mapping[str, Any], description: str, *, status: int = 200
) -> dict[int | str, dict[str, Any]]:
    """The good answer of an operation that answers with one document such as ``example``."""
    schema = {"type": "object", "required": list(example)}
    content = {"application/json": {"schema": schema, "example": example}}
    return {status: {"description": description, "content": content}}


def plain(media_type: str, example: str, description: str) -> dict[int | str, dict[str, Any]]:
    """The good answer of an operation that answers with text such as ``example``."""
    content = {media_type: {"schema": {"type": "string"}, "example": example}}
    return {200: {"description": description, "content": content}}
