"""How Bank Al-Maghrib is asked: its pages of today, the days not captured yet, its statistics."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pydantic import SecretStr

from market_assets.defs.central_bank.timing import complete_at
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.talks import Asking, Talk, asked_twice
from market_assets.defs.window import Window
from market_assets.sandbox.central_bank import bkam_api as invented_api
from market_assets.sandbox.central_bank.world import CentralBankWorld
from market_assets.sources.central_bank import bkam_api
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import SourceFailure
from market_assets.web.messages import Capture

CHUNK = 10
"""Sessions in one conversation: what a killed back-fill loses at most."""
DAILY = {"bkam": {"exchange_rates", "treasury_curve"}, "bkam_api": {"exchange_rates"}}
"""What there must be of a day before it is no longer asked for; a key may be of one product."""
SELDOM = {"bkam_seldom": timedelta(days=7), "bkam_series": timedelta(days=7)}
"""Sources whose pages hold their whole history, and how long an answer of theirs will do."""


def talks(platform: Platform, source: Source, days: Window, now: datetime) -> Iterator[Talk]:
    """What ``source`` shows of the newest day, then the days before that are not captured yet.

    A page that holds its whole history is asked whatever the days are. Without a key the API is
    not asked.
    """
    if not platform.asks(source):
        return
    if source.name == bkam_api.SOURCE.name:
        source = bkam_api.keyed(_keys(platform))
    due = _due(platform, source, days)
    newest = days.last if source.name in SELDOM else CENTRAL_BANK.newest(now)
    if source.snapshot is not None and newest in due:
        at = min(complete_at(newest), now)
        yield Talk(conversation=source.snapshot, ask=Ask(sessions=(newest,)), at=at)
    if source.history is not None:
        earlier = tuple(day for day in due if day != newest)
        yield from asked_twice(
            source.history,
            earlier,
            still_due=lambda: () if days.again else _due(platform, source, days),
            out_at=complete_at,
            now=now,
            at_a_time=CHUNK,
        )


def _keys(platform: Platform) -> bkam_api.Keys:
    if platform.settings.web == "sandbox":
        return invented_api.KEYS
    chosen = platform.settings.central_bank
    return bkam_api.Keys(exchange=_plain(chosen.exchange_key), bonds=_plain(chosen.bonds_key))


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _due(platform: Platform, source: Source, days: Window) -> tuple[date, ...]:
    """The sessions of ``days`` that ``source`` is still to be asked for."""
    if days.again:
        return days.sessions
    enough = SELDOM.get(source.name)
    if enough is not None:
        answers = _readable(platform, source, first=days.last - enough, last=days.last)
        return () if any(True for _ in answers) else days.sessions
    held = {subject: set[date]() for subject in DAILY[source.name]}
    for capture, parsed in _readable(platform, source, first=days.first, last=days.last):
        for subject in held.keys() & parsed.tables.keys():
            stated = parsed.tables[subject]["reference_date"].unique()
            held[subject].update(day for day in stated if complete_at(day) <= capture.fetched_at)
    whole = set.intersection(*held.values())
    return tuple(day for day in days.sessions if day not in whole)


def _readable(
    platform: Platform, source: Source, *, first: date, last: date
) -> Iterator[tuple[Capture, Parsed]]:
    for capture, parsed in platform.readings.between(source, first=first, last=last):
        if not isinstance(parsed, SourceFailure):
            yield capture, parsed


def _world(seed: int) -> CentralBankWorld:
    return CentralBankWorld(seed=seed)


ASKING = Asking(market=CENTRAL_BANK, talks=talks, world=_world)
