"""What the sandbox's publishers are asked and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request as a publisher's server sees it. Header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    json: Any = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the publisher sends. ``torn``: the body ends before its declared length."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    torn: bool = False


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When a publisher is asked: the instant in UTC and the newest session that has closed."""

    now: datetime
    session: date
