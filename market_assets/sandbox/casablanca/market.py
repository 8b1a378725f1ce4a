"""The invented market: what happened to each real line in each session, and nobody's money.

Every price, volume, suspension and split here is made up; no figure says anything about the real
Casablanca market. All 81 lines exist from the first session on, whenever they were really listed.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from copy import copy
from datetime import date
from typing import Self

from market_assets.calendars.sessions import sessions_between
from market_assets.calendars.xcas import LAST_DAY
from market_assets.sandbox.casablanca.figures import figures
from market_assets.sandbox.casablanca.plot import VolumeEvent, volume_events
from market_assets.sandbox.casablanca.truth import Truth
from market_assets.sources.casablanca.lines import casablanca_lines

MIC = "XCAS"
FIRST_DAY = date(2023, 1, 1)


class Market:
    """The truth the sandbox's publishers speak about; the same for the same seed."""

    def __init__(self, *, seed: int) -> None:
        self.lines = casablanca_lines()
        self.sessions = sessions_between(MIC, FIRST_DAY, LAST_DAY)
        self._columns = {line.ticker: place for place, line in enumerate(self.lines)}
        self._figures = figures(self.lines, self.sessions, seed=seed)
        self._telling: Callable[[Truth], tuple[Truth, ...]] | None = None
        self._by_session: dict[int, tuple[Truth, ...]] = {}
        self._by_column: dict[int, tuple[Truth, ...]] = {}

    def told(self, telling: Callable[[Truth], tuple[Truth, ...]]) -> Self:
        """The same market as somebody tells it: each truth becomes what ``telling`` makes of it."""
        rumour = copy(self)
        rumour._telling = telling  # noqa: SLF001  its own class
        return rumour

    @property
    def first_session(self) -> date:
        """The first session of 2023; before it the market does not exist."""
        return self.sessions[0]

    @property
    def volume_events(self) -> tuple[VolumeEvent, ...]:
        """The planted spikes and drops, ascending; ``sessions[event.ordinal]`` is their session."""
        return tuple(volume_events(len(self.sessions)))

    def ordinal(self, session: date) -> int:
        """The place of ``session`` among all sessions, the first being 0."""
        place = bisect_left(self.sessions, session)
        if self.sessions[place : place + 1] != (session,):
            raise ValueError(f"{session} is not a session of the invented market")
        return place

    def truths(self, session: date) -> tuple[Truth, ...]:
        """All lines in ``session``, by ticker.

        ``previous_close`` is the reference price: on the session of a split it is divided too.
        """
        row = self.ordinal(session)
        if row not in self._by_session:
            columns = range(len(self.lines))
            self._by_session[row] = tuple(
                truth for column in columns for truth in self._truths(column, row, row + 1)
            )
        return self._said(self._by_session[row])

    def history(self, ticker: str, first: date, last: date) -> tuple[Truth, ...]:
        """One line in the sessions from ``first`` to ``last``, both included, ascending."""
        if ticker not in self._columns:
            raise ValueError(f"the invented market has no line {ticker!r}")
        column = self._columns[ticker]
        if column not in self._by_column:
            self._by_column[column] = self._truths(column, 0, len(self.sessions))
        start, stop = bisect_left(self.sessions, first), bisect_right(self.sessions, last)
        return self._said(self._by_column[column][start:stop])

    def index(self, first: date, last: date) -> tuple[tuple[date, float], ...]:
        """The closing level of the invented MASI, weighted by whole market caps, ascending."""
        start, stop = bisect_left(self.sessions, first), bisect_right(self.sessions, last)
        levels = self._figures.index[start:stop].round(2).tolist()
        return tuple(zip(self.sessions[start:stop], levels, strict=True))

    def _said(self, truths: tuple[Truth, ...]) -> tuple[Truth, ...]:
        if self._telling is None:
            return truths
        return tuple(told for truth in truths for told in self._telling(truth))

    def _truths(self, column: int, start: int, stop: int) -> tuple[Truth, ...]:
        made, cells = self._figures, (slice(start, stop), column)
        return tuple(
            Truth(
                line=self.lines[column],
                session=session,
                status="T" if traded else "S" if suspended else "NT",
                open=opened / 100 if traded else None,
                high=high / 100 if traded else None,
                low=low / 100 if traded else None,
                close=close / 100,
                previous_close=reference / 100,
                volume=volume,
                turnover=turnover / 100,
                trades=trades,
                shares=shares,
            )
            for (
                session,
                traded,
                suspended,
                opened,
                high,
                low,
                close,
                reference,
                volume,
                turnover,
                trades,
                shares,
            ) in zip(
                self.sessions[start:stop],
                made.traded[cells].tolist(),
                made.suspended[cells].tolist(),
                made.open[cells].tolist(),
                made.high[cells].tolist(),
                made.low[cells].tolist(),
                made.close[cells].tolist(),
                made.reference[cells].tolist(),
                made.volume[cells].tolist(),
                made.turnover[cells].tolist(),
                made.trades[cells].tolist(),
                made.shares[cells].tolist(),
                strict=True,
            )
        )
