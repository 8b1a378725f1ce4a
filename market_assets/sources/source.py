"""What a source declares about itself, and what its parser returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.refusals import Kind
from market_assets.sources.casablanca.lines import Line
from market_assets.web.messages import Capture, Conversation


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is wanted: these sessions (ascending) of these lines, or of these stock codes."""

    sessions: tuple[date, ...]
    lines: tuple[Line, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A row that could not be used: its text and the reason, for the quarantine.

    ``ticker`` and ``session`` are None where the row was refused before they could be read.
    """

    text: str
    reason: str
    kind: Kind = "row"
    ticker: str | None = None
    session: date | None = None


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """What one capture says.

    ``quotes`` has the schema QUOTES. ``tables`` holds what is not a quote, by subject:
    "listings" (security master) and "index_history" (level of an index by session), and of
    Stock Connect the subjects of ``hkex.subjects.SUBJECTS``.
    A page that only carries a session's cookies or tokens yields no rows at all. ``fingerprints``
    tell whether a page says anything new where most of it is a menu that changes: a sha256 of each
    of its tables, by what it is called.
    """

    quotes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=QUOTES))
    refused: tuple[Refused, ...] = ()
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    fingerprints: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Source:
    """A publisher's facts, its questions and its parser.

    ``market``: the name of the market that asks it. ``group``: sources of one group share an
    engine and count once when agreement is weighed.
    ``gives``: the quote columns it states. ``official``: the exchange itself.
    ``states_date``: whether its page of the present says which session its rows belong to; where
    not, rows get the session that was asked for. Its other pages may differ, so each row says
    whether its own page does (``dated``). ``live``: asked by default in live mode;
    ``caution`` says why not, or what a reader must know. ``verified``: what has been seen of its
    format and what has not. ``first_day``: the first that it is known to publish; nothing is due
    before it. None where it goes back as far as its market. ``snapshot`` asks for the present
    session (its ``Ask`` has exactly one), ``history`` for a range of sessions; either may be
    missing.
    ``min_interval``: seconds between two requests, unless a setting says otherwise.
    ``keys``: settings of its user's own keys; live it is asked only where one of them is set.
    ``parse`` raises ``SourceFailure`` for a page it cannot use.
    """

    name: str
    market: str
    publisher: str
    base_url: str
    group: str
    gives: frozenset[str]
    terms: str
    caution: str
    verified: str
    parse: Callable[[Capture], Parsed]
    snapshot: Callable[[Ask], Conversation] | None = None
    history: Callable[[Ask], Conversation] | None = None
    official: bool = False
    states_date: bool = True
    live: bool = True
    first_day: date | None = None
    min_interval: float = 2.5
    keys: tuple[str, ...] = ()
