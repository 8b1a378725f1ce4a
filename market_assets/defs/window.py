"""Which sessions a run is about: months are its partitions, sessions what it replaces in them.

Why months: Dagster books some 25 ms for every asset and partition of a run, which for 60 sessions
of 25 assets is more than all the work. A run of one session still replaces that session only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from market_assets.defs.markets import Market

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@dataclass(frozen=True, kw_only=True)
class Window:
    """The sessions of a run, ascending, and the days from the first to the last of them.

    ``again``: also what is captured already is asked for once more.
    """

    sessions: tuple[date, ...]
    again: bool = False

    @property
    def first(self) -> date:
        """The first session."""
        return self.sessions[0]

    @property
    def last(self) -> date:
        """The last session."""
        return self.sessions[-1]


class SessionWindow(dg.ConfigurableResource):
    """Narrows a run's months to ``first_session`` .. ``last_session`` (ISO dates, both included).

    Unset, a run is about every session of its months whose figures are out. ``built`` are ranges of
    sessions ("first/last") that other runs built and this one publishes with its own.
    """

    first_session: str | None = None
    last_session: str | None = None
    again: bool = False
    built: list[str] = []  # noqa: RUF012  a field of the configuration, not shared

    def of(self, market: Market, months: Iterable[str]) -> Window:
        """The sessions of ``months`` (keys like "2026-10") that the run is about.

        Raises ``dg.Failure`` where that leaves none.
        """
        keys = sorted(months)
        first, last = month_start(keys[0]), month_end(keys[-1])
        if self.first_session:
            first = max(first, date.fromisoformat(self.first_session))
        if self.last_session:
            last = min(last, date.fromisoformat(self.last_session))
        last = min(last, market.newest(datetime.now(UTC)))
        sessions = market.sessions(first, last)
        if not sessions:
            raise dg.Failure(f"no session of {market.mic} is out in {keys[0]} to {keys[-1]} yet")
        return Window(sessions=sessions, again=self.again)

    def built_before(self, market: Market) -> Iterator[Window]:
        """The sessions of the ranges that other runs built."""
        for text in self.built:
            first, last = map(date.fromisoformat, text.split("/"))
            yield Window(sessions=market.sessions(first, last))


def month(day: date) -> str:
    """The partition key of ``day``."""
    return f"{day:%Y-%m}"


def month_start(key: str) -> date:
    """The first day of the month."""
    return date.fromisoformat(f"{key}-01")


def month_end(key: str) -> date:
    """The last day of the month."""
    return (month_start(key) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def run_tags(window: Window) -> dict[str, str]:
    """The tags by which Dagster knows the months of a run."""
    return {RANGE_START: month(window.first), RANGE_END: month(window.last)}


def run_config(window: Window, *, built: Iterable[Window] = ()) -> dict[str, object]:
    """The configuration by which the assets know the sessions of a run, and what is ``built``."""
    config = {
        "first_session": window.first.isoformat(),
        "last_session": window.last.isoformat(),
        "again": window.again,
        "built": [f"{each.first}/{each.last}" for each in built],
    }
    return {"resources": {"window": {"config": config}}}
