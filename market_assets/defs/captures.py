"""The raw pages: each source is asked for the sessions of a run and its answers are kept."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import dagster as dg

from market_assets.defs.graph import ONE_RUN, OWNERS, publisher_pool
from market_assets.defs.platform import Platform
from market_assets.defs.readings import PROGRESS
from market_assets.defs.talks import Asking, Talk
from market_assets.defs.window import SessionWindow, Window
from market_assets.sandbox.messages import World
from market_assets.sandbox.transport import SandboxAdapter
from market_assets.sources.source import Source
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
from market_assets.web.session import PoliteSession

ANSWERED = "source_answered"
SWITCH = "asked_where_set"
"""Under which name the asset of a source that was not asked says which setting switches it on."""


def capture_key(source: Source) -> dg.AssetKey:
    """The asset of the captures of ``source``."""
    return dg.AssetKey(["raw", source.name])


def capture_asset(source: Source, asking: Asking) -> dg.AssetsDefinition:
    """The asset that asks ``source``. A source that fails is reported and stops nobody else."""

    @dg.asset(
        key=capture_key(source),
        group_name=f"{asking.market.name}_captures",
        kinds={"python"},
        owners=OWNERS,
        pool=publisher_pool(source),
        description=f"The pages of {source.publisher} as they came. {source.terms}",
        metadata={"base_url": source.base_url, "verified": source.verified},
        check_specs=[
            dg.AssetCheckSpec(
                ANSWERED,
                asset=capture_key(source),
                description="Every question was answered by a page, not by a failure.",
            )
        ],
        partitions_def=asking.market.months,
        backfill_policy=ONE_RUN,
    )
    def captures(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> dg.MaterializeResult:
        days = window.of(asking.market, context.partition_keys)
        switch = platform.switch(source)
        asked = Asked() if switch else asked_source(platform, source, days, asking)
        for failure in asked.failures:
            context.log.warning("%s: %s", source.name, failure)
        return dg.MaterializeResult(
            metadata={
                "asked": switch is None,
                **({SWITCH: switch} if switch else {}),
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
                    | ({"pages": asked.captures} if asked.talks else {})
                    | ({SWITCH: switch} if switch else {}),
                )
            ],
        )

    return captures


@dataclass(frozen=True)
class Asked:
    """How many talks were held and answers kept, and a line for each that ended early."""

    talks: int = 0
    captures: int = 0
    failures: list[str] = field(default_factory=list)


def asked_source(platform: Platform, source: Source, days: Window, asking: Asking) -> Asked:
    """Ask ``source`` for ``days``, in the conversations that its market's asking makes of them.

    Live, a publisher that walls us out is asked nothing more; the sandbox sets its clock to each
    conversation's instant.
    """
    held: list[_Held] = []
    with _publisher(platform, source, asking.world) as publisher:
        for talk in asking.talks(platform, source, days, datetime.now(UTC)):
            PROGRESS.debug("%s is asked about %s", source.name, talk.ask.sessions[-1])
            held.append(publisher.hold(talk))
            if publisher.refuses(held[-1]):
                break
    return Asked(
        talks=len(held),
        captures=sum(talk.captures for talk in held),
        failures=[talk.said for talk in held if talk.failures],
    )


@dataclass(frozen=True, kw_only=True)
class _Held:
    """What one conversation about ``sessions`` came to."""

    sessions: tuple[date, ...]
    captures: int
    failures: tuple[SourceFailure, ...]

    @property
    def said(self) -> str:
        reasons = (f"{type(failure).__name__}: {failure}" for failure in self.failures)
        first, last = self.sessions[0], self.sessions[-1]
        asked = f"{first}" if first == last else f"{first} to {last}"
        return f"{asked}: {'; '.join(reasons)}"


class _Publisher:
    """One source within reach: its clock, its host's memory and its transport."""

    def __init__(
        self, platform: Platform, source: Source, hosts: Hosts, world: Callable[[int], World]
    ) -> None:
        self._platform = platform
        self._source = source
        self._hosts = hosts
        settings = platform.settings
        self._clock: Clock = SystemClock()
        self._transport: SandboxAdapter | None = None
        self._contact = None
        if settings.web == "sandbox":
            self._clock = SetClock(datetime.now(UTC))
            invented = world(settings.sandbox_seed)
            self._transport = SandboxAdapter(source, world=invented, clock=self._clock)
        else:
            self._contact = settings.required_contact()

    def refuses(self, held: _Held) -> bool:
        """Whether nothing more can be had of the publisher now, whatever is asked."""
        live = not isinstance(self._clock, SetClock)
        return live and any(_final(failure) for failure in held.failures)

    def hold(self, talk: Talk) -> _Held:
        """Hold one conversation: how many answers were kept, and why it ended early if it did."""
        if isinstance(self._clock, SetClock):
            self._clock.set(talk.at)
        settings, sessions = self._platform.settings, talk.ask.sessions
        chosen = settings.source(self._source.name)
        with (
            PoliteSession(
                self._source.name,
                str(chosen.base_url or self._source.base_url),
                contact=self._contact,
                min_interval=(
                    self._source.min_interval
                    if chosen.min_interval is None
                    else chosen.min_interval
                ),
                daily_requests=settings.daily_requests,
                clock=self._clock,
                ca_bundle=settings.ca_bundle,
                transport=self._transport,
                state=self._hosts,
            ) as session,
            self._platform.archive.writing(self._source.name, sessions[0], sessions[-1]) as writing,
        ):
            collected = collect(
                talk.conversation(talk.ask),
                read=self._platform.readings.parser(self._source),
                session=session,
                writing=writing,
            )
        return _Held(
            sessions=sessions,
            captures=len(collected.captures),
            failures=(*collected.handled, *filter(None, [collected.failure])),
        )


def _final(failure: SourceFailure) -> bool:
    """Whether the failure is of the host, not of a page: also a robots.txt that cannot be had."""
    without_rules = isinstance(failure, Disallowed) and failure.__cause__ is not None
    return without_rules or isinstance(failure, Blocked | Untrusted | BudgetSpent | CircuitOpen)


@contextmanager
def _publisher(
    platform: Platform, source: Source, world: Callable[[int], World]
) -> Iterator[_Publisher]:
    sandbox = platform.settings.web == "sandbox"
    file = None if sandbox else platform.settings.mode_dir / "captures" / "hosts.sqlite"
    with closing(Hosts(file, limits=Limits())) as hosts:
        yield _Publisher(platform, source, hosts, world)
