"""The invented Southbound: who held how much of each real stock through each channel. Nobody did.

Every holding, split, listing and delisting here is made up. Shares of a day move when trades
settle: two days after a day on which the mainland was closed nothing does.
"""

from bisect import bisect_left
from collections.abc import Callable
from copy import copy
from datetime import date
from functools import cache, cached_property
from typing import Self

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

TEMPORARY = "-TEMPORARY COUNTER"
FORMERLY = " (OLD NAME)"
STEADY = frozenset({*UNSTATED, *DUAL_COUNTERS, "00005"})
"""Codes to which nothing is made to happen."""

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
        row, made = settled_place(day), self._figures
        frame = self._lines(row, made.held[row])
        told = frame if self._telling is None else self._telling(frame)
        shares = pl.col("shanghai") + pl.col("shenzhen")
        percent = (100 * shares / pl.col("issued")).round(2)
        unstated = pl.col("code").is_in(UNSTATED)
        return told.with_columns(shares=shares, percent=pl.when(~unstated).then(percent))

    def listed(self, day: date) -> pl.DataFrame:
        """What is listed on ``day``, held or not, by code in use: code, name, kind, issued."""
        row = settled_place(day)
        return self._lines(row, self._figures.listed[row]).drop("shanghai", "shenzhen")

    def eligible(self, day: date) -> pl.DataFrame:
        """What may be bought on ``day``, through either channel: code, name, kind."""
        row = settled_place(day)
        return self._lines(row, self._figures.eligible[row]).select("code", "name", "kind")

    def _lines(self, row: int, wanted: np.ndarray) -> pl.DataFrame:
        made = self._figures
        codes = made.codes[row]
        columns = np.flatnonzero(wanted)
        columns = columns[np.argsort(codes[columns])]
        names, kinds = self._names(row), self._kinds
        return pl.DataFrame(
            {
                "code": [f"{code:05d}" for code in codes[columns].tolist()],
                "name": [names[column] for column in columns.tolist()],
                "kind": [kinds[column] for column in columns.tolist()],
                "shanghai": made.shanghai[row, columns],
                "shenzhen": made.shenzhen[row, columns],
                "issued": made.issued[row, columns],
            }
        )

    def _names(self, row: int) -> list[str]:
        names = list(self._plain_names)
        for event in self.events:
            if event.kind == "renamed" and row < event.ordinal:
                names[event.column] += FORMERLY
            elif event.kind == "temporary_counter" and 0 <= row - event.ordinal < SPLIT_LENGTH:
                names[event.column] += TEMPORARY
        return names

    @cached_property
    def _plain_names(self) -> tuple[str, ...]:
        return tuple(
            stock.name + HKD_SUFFIX if stock.code in DUAL_COUNTERS else stock.name
            for stock in self.stocks
        )

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        return tuple(stock.kind for stock in self.stocks)

    @property
    def _figures(self) -> Figures:
        _, made = _played(self.seed)
        return made


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
    planted = tuple(events(actors, sessions))
    codes = np.array([int(stock.code) for stock in lines], dtype=np.int64)
    return planted, figures(codes, issued, planted, sessions=sessions, seed=seed)
