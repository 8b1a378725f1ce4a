"""What the sandbox's publishers are asked and what they answer; the world they speak about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from market_assets.sources.lines import Line


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What really happened to one line in one session of the invented market.

    ``status``: T traded, NT not traded, S suspended. ``open``, ``high``, ``low`` are None unless
    traded. ``close`` is carried from the session before when not traded. ``volume`` is shares and
    ``turnover`` MAD; both are 0 when not traded.
    """

    line: Line
    session: date
    status: str
    open: float | None
    high: float | None
    low: float | None
    close: float
    previous_close: float
    volume: int
    turnover: float
    trades: int
    shares: int

    @property
    def market_cap(self) -> float:
        """The last price times the number of shares, in MAD."""
        return round(self.close * self.shares, 2)


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
