"""What is asked of a publisher and what came back; knows neither sockets nor files."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

JSON: TypeAlias = dict[str, Any] | list[Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One question to a publisher, relative to its base URL (a setting).

    ``key`` names the question within one conversation ("history/ATW/2026-10-08"); it must be
    unique there. ``referer`` is a path on the same host or an absolute URL.
    """

    key: str
    path: str
    method: str = "GET"
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    json: JSON | None = None
    form: Mapping[str, str] | None = None
    referer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Capture:
    """The answer to one request, as it came, and where its bytes are kept.

    ``first_session`` and ``last_session`` bound the sessions that were asked for; what the page
    states may differ. ``body`` is decoded from transfer and content encodings, nothing more.
    ``headers`` have lower-case names. ``fetched_at`` is an instant in UTC.
    """

    capture_id: str
    source: str
    key: str
    first_session: date
    last_session: date
    method: str
    url: str
    status: int
    media_type: str
    headers: Mapping[str, str]
    fetched_at: datetime
    sha256: str
    body: bytes
    file: str
    offset: int
    length: int


Conversation: TypeAlias = Generator[Request, Capture, None]
"""Questions in order: each ``yield`` of a request returns its capture, whatever its status."""
