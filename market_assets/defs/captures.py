"""The raw pages: each source is asked for the sessions of a run and its answers are kept."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from market_assets.calendars.sessions import (
    is_session,
    newest_closed_session,
    session_close,
    session_open,
)
from market_assets.defs.graph import ONE_RUN, OWNERS
from market_assets.defs.platform import Platform
from market_assets.defs.window import MIC, MONTHS, SessionWindow, Window
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.world import CasablancaWorld
from market_assets.sandbox.transport import SandboxAdapter
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.source import Ask, Source
from market_assets.web.clock import Clock, SetClock, SystemClock
from market_assets.web.collect import collect
from market_assets.web.failures import (
    Blocked,
    BudgetSpent,
    CircuitOpen,
    Disallowed,
    SourceFailure,
    Untrusted,
)
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets.web.messages import Conversation
from market_assets.web.session import PoliteSession

ANSWERED = "source_answered"
EVENING = timedelta(hours=4)
"""How long after the close the sandbox asks: sources revise until the evening."""
PRE_OPENING = timedelta(hours=1)


def capture_key(source: Source) -> dg.AssetKey:
    """The asset of the captures of ``source``."""
    return dg.AssetKey(["raw", source.name])


def capture_asset(source: Source) -> dg.AssetsDefinition:
    """The asset that asks ``source``. A source that fails is reported and stops nobody else."""

    @dg.asset(
        key=capture_key(source),
        group_name="casablanca_captures",
        kinds={"python"},
        owners=OWNERS,
        pool=source.name,
        description=f"The pages of {source.publisher} as they came. {source.terms}",
        metadata={"base_url": source.base_url, "verified": source.verified},
        check_specs=[
            dg.AssetCheckSpec(
                ANSWERED,
                asset=capture_key(source),
                description="Every question was answered by a page, not by a failure.",
            )
        ],
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
    )
    def captures(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> dg.MaterializeResult:
        days = window.of(context.partition_keys)
        asked = asked_source(platform, source, days) if platform.asks(source) else Asked()
        for failure in asked.failures:
            context.log.warning("%s: %s", source.name, failure)
        return dg.MaterializeResult(
            metadata={
                "asked": platform.asks(source),
                "sessions": f"{days.first} .. {days.last}",
                "captures": asked.captures,
                "failures": len(asked.failures),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=ANSWERED,
                    passed=not asked.failures,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata={
                        "count": len(asked.failures),
                        "failures": "\n".join(asked.failures[:20]),
                    }
                    | ({"pages": asked.captures} if platform.asks(source) else {}),
                )
            ],
        )

    return captures


@dataclass(frozen=True)
class Asked:
    """How many answers were kept, and a line for each conversation that ended early."""

    captures: int = 0
    failures: list[str] = field(default_factory=list)


def asked_source(platform: Platform, source: Source, days: Window) -> Asked:
    """Ask ``source`` for ``days``: what it shows of the present session, and its history.

    Live, only the newest closed session can be seen on a page that shows the present, and a
    publisher that walls us out is asked nothing more; the sandbox sets its clock to the evening of
    each session in turn.
    """
    with _publisher(platform, source) as publisher:
        talks: list[_Talk] = []
        if source.snapshot is not None:
            talks += [publisher.talk(source.snapshot, (day,)) for day in publisher.visible(days)]
        if source.history is not None and not publisher.refuses(talks):
            talks.append(publisher.talk(source.history, days.sessions))
    return Asked(
        captures=sum(talk.captures for talk in talks),
        failures=[talk.said for talk in talks if talk.failures],
    )


def visible_session(source: Source, now: datetime) -> date | None:
    """The session that the pages of ``source`` show at ``now``, if that can be told.

    A page without a date is of the newest closed session only until the next one begins: its
    pre-opening is at most an hour before the opening (50 minutes in the exchange's timetable).
    """
    newest = newest_closed_session(MIC, now)
    today = now.date()
    begun = (
        newest < today and is_session(MIC, today) and now >= session_open(MIC, today) - PRE_OPENING
    )
    return None if begun and not source.states_date else newest


@dataclass(frozen=True, kw_only=True)
class _Talk:
    """What one conversation about the sessions up to ``session`` came to."""

    session: date
    captures: int
    failures: tuple[SourceFailure, ...]

    @property
    def said(self) -> str:
        reasons = (f"{type(failure).__name__}: {failure}" for failure in self.failures)
        return f"{self.session}: {'; '.join(reasons)}"


class _Publisher:
    """One source within reach: its clock, its host's memory and its transport."""

    def __init__(self, platform: Platform, source: Source, hosts: Hosts) -> None:
        self._platform = platform
        self._source = source
        self._hosts = hosts
        settings = platform.settings
        self._clock: Clock = SystemClock()
        self._transport: SandboxAdapter | None = None
        self._contact = None
        if settings.web == "sandbox":
            self._clock = SetClock(datetime.now(UTC))
            world = CasablancaWorld(market=Market(seed=settings.sandbox_seed))
            self._transport = SandboxAdapter(source, world=world, clock=self._clock)
        else:
            self._contact = settings.required_contact()

    def visible(self, days: Window) -> tuple[date, ...]:
        """The sessions of ``days`` that a page of the present can show."""
        if isinstance(self._clock, SetClock):
            return days.sessions
        shown = visible_session(self._source, self._clock.now())
        return tuple(day for day in days.sessions if day == shown)

    def refuses(self, talks: list[_Talk]) -> bool:
        """Whether nothing more can be had of the publisher now, whatever is asked."""
        live = not isinstance(self._clock, SetClock)
        return live and any(_final(failure) for talk in talks for failure in talk.failures)

    def talk(self, ask: Callable[[Ask], Conversation], sessions: tuple[date, ...]) -> _Talk:
        """Hold one conversation: how many answers were kept, and why it ended early if it did."""
        if isinstance(self._clock, SetClock):
            self._clock.set(session_close(MIC, sessions[-1]) + EVENING)
        settings = self._platform.settings
        chosen = settings.source(self._source.name)
        conversation = ask(Ask(sessions=sessions, lines=casablanca_lines()))
        with (
            PoliteSession(
                self._source.name,
                str(chosen.base_url or self._source.base_url),
                contact=self._contact,
                min_interval=chosen.min_interval,
                daily_requests=settings.daily_requests,
                clock=self._clock,
                ca_bundle=settings.ca_bundle,
                transport=self._transport,
                state=self._hosts,
            ) as session,
            self._platform.archive.writing(self._source.name, sessions[0], sessions[-1]) as writing,
        ):
            collected = collect(
                conversation, read=self._source.parse, session=session, writing=writing
            )
        return _Talk(
            session=sessions[-1],
            captures=len(collected.captures),
            failures=(*collected.handled, *filter(None, [collected.failure])),
        )


def _final(failure: SourceFailure) -> bool:
    """Whether the failure is of the host, not of a page: also a robots.txt that cannot be had."""
    without_rules = isinstance(failure, Disallowed) and failure.__cause__ is not None
    return without_rules or isinstance(failure, Blocked | Untrusted | BudgetSpent | CircuitOpen)


@contextmanager
def _publisher(platform: Platform, source: Source) -> Iterator[_Publisher]:
    sandbox = platform.settings.web == "sandbox"
    file = None if sandbox else platform.settings.mode_dir / "captures" / "hosts.sqlite"
    with closing(Hosts(file, limits=Limits())) as hosts:
        yield _Publisher(platform, source, hosts)
