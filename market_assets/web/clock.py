"""What time it is, for the session and the archive: the system's, or the sandbox's own."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Reads and passes time; instants are in UTC."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` go by."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for ``seconds``."""
        time.sleep(seconds)


class SetClock:
    """A clock that stands where it was set and moves only when slept on: no waiting."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def set(self, instant: datetime) -> None:
        """Move to ``instant``."""
        self._instant = instant

    def now(self) -> datetime:
        """The instant it stands at, in UTC."""
        return self._instant

    def sleep(self, seconds: float) -> None:
        """Move forward by ``seconds`` at once."""
        self._instant += timedelta(seconds=seconds)
