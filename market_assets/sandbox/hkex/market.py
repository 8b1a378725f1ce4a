"""The invented Southbound: who held how much of each real stock through each channel. Nobody did.

Every holding, split, listing and delisting here is made up. Shares of a day move when trades
settle: two days after a day on which the mainland was closed nothing does.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from copy import copy
from datetime import date
from functools import cache, lru_cache
from typing import Literal, Self

import numpy as np
import polars as pl

from market_assets.sandbox.hkex.days import (
    sessions,
    settled_place,
    southbound_session_of,
    southbound_sessions,
)
from market_assets.sandbox.hkex.figures import Figures, figures, issued_shares
from market_assets.sandbox.hkex.plot import SPLIT_LENGTH, Event, events
from market_assets.sandbox.hkex.stocks import DUAL_COUNTERS, HKD_SUFFIX, stocks

UNSTATED = ("00425", "01071", "01357")
"""Codes whose percent of the issued shares HKEXnews leaves empty (of 564 rows seen, 3 were)."""

COUNTERS_MERGED = date(2025, 6, 30)
"""Since then a stock with several counters is shown at one of them; before, each had a row."""

RENMINBI = 80_000
"""What the code of the counter in renminbi has more than that in Hong Kong dollars."""

RENMINBI_SUFFIX = " -RMB TRADED SHARES"
RENMINBI_PART = 20
"""Before, one share in so many lay at the renminbi counter, whose percent was of all issued shares:
that Southbound held any there, and its page showed them, is invented."""

TEMPORARY = "-TEMPORARY COUNTER"
FORMERLY = " (OLD NAME)"
STEADY = frozenset({*UNSTATED, *DUAL_COUNTERS, "00005"})
"""Codes to which nothing is made to happen."""

KEPT = 512
"""Days of lines kept in memory, some 60 kB each: three publishers tell of the same day."""

Telling = Callable[[pl.DataFrame], pl.DataFrame]
"""What somebody makes of the holdings of a day."""


class Market:
    """The truth the sandbox's publishers speak about; the same for the same seed."""

    def __init__(self, *, seed: int) -> None:
        self.seed = seed
        self.sessions = southbound_sessions()
        self.stocks = stocks()
        self._ordinals = {session: place for place, session in enumerate(self.sessions)}
        self._telling: Telling | None = None

    def told(self, telling: Telling) -> Self:
        """The same market as somebody tells it."""
        rumour = copy(self)
        rumour._telling = telling  # noqa: SLF001  its own class
        return rumour

    def ordinal(self, day: date) -> int:
        """The place among all Southbound sessions, the first being 0, of the one ``day`` shows."""
        return self._ordinals[southbound_session_of(day)]

    @property
    def events(self) -> tuple[Event, ...]:
        """What is planted, by cycle; ``shown(event.ordinal)`` is the session."""
        planted, _ = _played(self.seed)
        return tuple(event for event in planted if event.ordinal < len(self.sessions))

    def shown(self, ordinal: int) -> date:
        """The first session that shows what is planted at ``ordinal``."""
        return sessions()[bisect_left(sessions(), ordinal, key=settled_place)]

    def holdings(self, day: date) -> pl.DataFrame:
        """What is held on ``day``, a row per code in use, by code.

        Columns: code, name, kind, shanghai, shenzhen, issued, shares (both together), percent of
        the issued shares as published (2 decimals, null where it is not stated).
        """
        frame = _as_shown(_lines(self.seed, settled_place(day), "held"), day)
        told = frame if self._telling is None else self._telling(frame)
        shares = pl.col("shanghai") + pl.col("shenzhen")
        percent = (100 * shares / pl.col("issued")).round(2)
        unstated = pl.col("code").is_in(UNSTATED)
        return told.with_columns(shares=shares, percent=pl.when(~unstated).then(percent))

    def listed(self, day: date) -> pl.DataFrame:
        """What is listed on ``day``, held or not, by code in use: code, name, kind, issued."""
        lines = _as_shown(_lines(self.seed, settled_place(day), "listed"), day)
        return lines.drop("shanghai", "shenzhen")

    def eligible(self, day: date) -> pl.DataFrame:
        """What may be bought on ``day``, through either channel: code, name, kind.

        Of several counters that in Hong Kong dollars.
        """
        return _lines(self.seed, settled_place(day), "eligible").select("code", "name", "kind")


@cache
def _played(seed: int) -> tuple[tuple[Event, ...], Figures]:
    """All events, those of the cycle that the calendar cuts off too, and what they come to."""
    lines, sessions = stocks(), len(southbound_sessions())
    issued = issued_shares(len(lines), seed=seed)
    small = issued < np.median(issued)
    actors = [
        column
        for column in np.random.default_rng(seed).permutation(len(lines)).tolist()
        if small[column] and lines[column].code not in STEADY
    ]
    codes = np.array([int(stock.code) for stock in lines], dtype=np.int64)
    planted = tuple(events(actors, codes.tolist(), sessions=sessions))
    return planted, figures(codes, issued, planted, sessions=sessions, seed=seed)


@lru_cache(maxsize=KEPT)
def _lines(seed: int, row: int, of: Literal["held", "listed", "eligible"]) -> pl.DataFrame:
    """The lines of one kind at ``row``: code, name, kind, shanghai, shenzhen, issued; by code."""
    planted, made = _played(seed)
    codes = made.codes[row]
    columns = np.flatnonzero(getattr(made, of)[row])
    columns = columns[np.argsort(codes[columns])]
    names = _names(planted, row)
    return pl.DataFrame(
        {
            "code": [f"{code:05d}" for code in codes[columns].tolist()],
            "name": [names[column] for column in columns.tolist()],
            "kind": [stocks()[column].kind for column in columns.tolist()],
            "shanghai": made.shanghai[row, columns],
            "shenzhen": made.shenzhen[row, columns],
            "issued": made.issued[row, columns],
        }
    )


def _names(planted: Iterable[Event], row: int) -> list[str]:
    names = [line.name + HKD_SUFFIX * (line.code in DUAL_COUNTERS) for line in stocks()]
    for event in planted:
        if event.kind == "renamed" and row < event.ordinal < len(southbound_sessions()):
            names[event.column] += FORMERLY
        elif event.kind == "temporary_counter" and 0 <= row - event.ordinal < SPLIT_LENGTH:
            names[event.column] += TEMPORARY
    return names


def _as_shown(lines: pl.DataFrame, day: date) -> pl.DataFrame:
    """``lines``; before the merger with a row for each counter of the stocks that have two."""
    if day >= COUNTERS_MERGED:
        return lines
    dual = pl.col("code").is_in(DUAL_COUNTERS)
    parts = {channel: pl.col(channel) // RENMINBI_PART for channel in ("shanghai", "shenzhen")}
    renminbi = lines.filter(dual).with_columns(
        code=(pl.col("code").cast(pl.Int32) + RENMINBI).cast(pl.String),
        name=pl.col("name").str.strip_suffix(HKD_SUFFIX) + RENMINBI_SUFFIX,
        **parts,
    )
    hong_kong = lines.with_columns(
        pl.when(dual).then(pl.col(channel) - part).otherwise(channel).alias(channel)
        for channel, part in parts.items()
    )
    return pl.concat([hong_kong, renminbi]).sort("code")
