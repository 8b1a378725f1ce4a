"""What is remembered about each host between requests, runs and processes: turns and failures.

A host's row holds when it was last asked, until when it wants to be left alone, how many requests
it had on which day (UTC) and how often it failed in a row. One small transaction decides about a
turn, so processes that share the file cannot ask faster together than one may alone.
"""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from market_assets.web.clock import Clock
from market_assets.web.database import database, memory, transaction
from market_assets.web.failures import BudgetSpent, CircuitOpen, RateLimited
from market_assets.web.limits import Limits

SCHEMA = """
CREATE TABLE hosts (
    host TEXT PRIMARY KEY, written INTEGER, asked INTEGER, held INTEGER,
    day TEXT, requests INTEGER, failures INTEGER, opens INTEGER
)"""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLOCK_SKEW = 5_000_000
"""Microseconds; a row written further in the future was written before the clock was set back."""


@dataclass(frozen=True, kw_only=True)
class _Host:
    """Instants are microseconds since the epoch; ``opens`` ends an open circuit."""

    host: str
    written: int
    asked: int = -1
    held: int = 0
    day: str = ""
    requests: int = 0
    failures: int = 0
    opens: int = 0


class Hosts:
    """The memory of hosts, in ``file`` or, without one, for as long as the object lives."""

    def __init__(self, file: Path | None, *, limits: Limits) -> None:
        self._connection = (
            memory(schema=SCHEMA)
            if file is None
            else database(file, schema=SCHEMA, synchronous="OFF")
        )
        self.limits = limits
        self._lock = threading.Lock()

    def wait_for_turn(
        self, host: str, *, clock: Clock, interval: float, daily_requests: int
    ) -> None:
        """Sleep until ``host`` may be asked again, and count the request that follows.

        Raises ``CircuitOpen``, ``BudgetSpent``, or ``RateLimited`` when it would take too long.
        """
        while wait := self._wait(
            host, clock=clock, interval=interval, daily_requests=daily_requests
        ):
            clock.sleep(wait)

    def hold(self, host: str, *, clock: Clock, seconds: float) -> None:
        """Leave ``host`` alone for ``seconds``, in every process."""
        with self._lock, transaction(self._connection):
            now = _microseconds(clock)
            known = self._known(host, now)
            self._keep(replace(known, held=max(known.held, now + round(seconds * 1e6))))

    def failed(self, host: str, *, clock: Clock) -> None:
        """Count a failed exchange; enough of them in a row open the circuit."""
        with self._lock, transaction(self._connection):
            now = _microseconds(clock)
            known = self._known(host, now)
            failures = known.failures + 1
            enough = failures >= self.limits.failures_to_open
            opens = now + round(self.limits.open_seconds * 1e6) if enough else known.opens
            self._keep(replace(known, failures=failures, opens=opens))

    def answered(self, host: str, *, clock: Clock) -> None:
        """Forget the failures in a row."""
        with self._lock, transaction(self._connection):
            known = self._known(host, _microseconds(clock))
            if known.failures:
                self._keep(replace(known, failures=0, opens=0))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _wait(self, host: str, *, clock: Clock, interval: float, daily_requests: int) -> float:
        """Seconds until the next turn; 0 takes the turn."""
        with self._lock, transaction(self._connection):
            now = _microseconds(clock)
            known = self._known(host, now)
            day = clock.now().date().isoformat()
            requests = known.requests if known.day == day else 0
            if known.opens > now:
                raise CircuitOpen(
                    f"{host} failed {known.failures} times in a row and is left alone"
                    f" until {_instant(known.opens)}"
                )
            if requests >= daily_requests:
                raise BudgetSpent(f"{host} had its {daily_requests} requests of {day} (UTC)")
            free = max(known.asked + round(interval * 1e6) if known.asked >= 0 else 0, known.held)
            if free <= now:
                self._keep(replace(known, asked=now, day=day, requests=requests + 1))
                return 0.0
            wait = (free - now) / 1e6
            if wait > self.limits.longest_wait:
                raise RateLimited(
                    f"{host} wants no request before {_instant(free)}, in {wait:.0f} s;"
                    f" at most {self.limits.longest_wait:.0f} s are waited"
                )
            return wait

    def _known(self, host: str, now: int) -> _Host:
        row = self._connection.execute("SELECT * FROM hosts WHERE host = ?", [host]).fetchone()
        if row is None or row[1] > now + CLOCK_SKEW:
            return _Host(host=host, written=now)
        _, _, asked, held, day, requests, failures, opens = row
        return _Host(
            host=host,
            written=now,
            asked=asked,
            held=held,
            day=day,
            requests=requests,
            failures=failures,
            opens=opens,
        )

    def _keep(self, known: _Host) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            list(vars(known).values()),
        )


def _microseconds(clock: Clock) -> int:
    return (clock.now() - EPOCH) // timedelta(microseconds=1)


def _instant(microseconds: int) -> str:
    return f"{EPOCH + timedelta(microseconds=microseconds):%Y-%m-%d %H:%M:%S} UTC"
