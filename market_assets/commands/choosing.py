"""Which sessions a run is about: those asked for or captured, and what is missing of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import polars as pl

from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.publication import complete_table
from market_assets.defs.window import Window
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published


def last_sessions(settings: Settings, market: Market, days: int, *, until: date | None) -> Window:
    """The last ``days`` sessions that are out by ``until``, all of them in this mode's market.

    Raises ``SettingRefused`` where it does not have so many.
    """
    invented = settings.web == "sandbox"
    begin = market.invented_from if invented else market.begins
    newest = market.newest(datetime.now(UTC))
    last = min(until or newest, newest)
    sessions = market.sessions(begin, last) if begin <= last else ()
    if len(sessions) < days:
        what = f"the sandbox's {market.name}" if invented else f"the calendar of {market.name}"
        raise SettingRefused(
            f"{what} begins on {begin} and has {len(sessions)} sessions up to {last}, "
            f"not {days}: choose other --days or a later --until"
        )
    return Window(sessions=sessions[-days:])


def captured_sessions(
    platform: Platform, markets: Sequence[Market], *, days: int | None, until: date | None
) -> list[tuple[Market, Sequence[Window]]]:
    """Of each of the markets the sessions that captures are about, and those between them.

    Where a whole month lies between, it is not built: saved pages can be years apart.
    """
    found: list[tuple[Market, Sequence[Window]]] = []
    for market in markets:
        sources = [s for each in (*market.needs, market) for s in each.sources]
        ranges = platform.archive.ranges([source.name for source in sources])
        if not ranges:
            continue
        newest = market.newest(datetime.now(UTC))
        last = min(until or newest, newest)
        captured: set[date] = set()
        for begin, end in ranges:
            captured.update(_sessions_about(market, begin, min(end, last)))
        if not captured:
            extent = f"{ranges[0][0]} to {max(end for _, end in ranges)}"
            raise SettingRefused(
                f"what is captured of {market.name}, {extent}, has no session by then"
            )
        apart = list(windows_of(market, sorted(captured)))
        if days:
            chosen = [session for window in apart for session in window.sessions][-days:]
            apart = list(windows_of(market, chosen))
        found.append((market, apart))
    if not found:
        raise SettingRefused(
            f"nothing is captured in {platform.settings.mode_dir} yet: "
            "`market-assets inbox add` or `market-assets run` first"
        )
    return found


def _sessions_about(market: Market, first: date, last: date) -> tuple[date, ...]:
    """The sessions from ``first`` to ``last``; of days between two sessions the one before."""
    first = max(first, market.begins)
    if first > last:
        return ()
    return market.sessions(first, last) or market.last_sessions(1, until=last)


def windows_of(market: Market, sessions: Sequence[date]) -> Iterator[Window]:
    """The windows from first to last of those of ``sessions`` (ascending) that are not far apart.

    Far is a whole calendar month, for which a run would have nothing to do.
    """
    start = 0
    for place in range(1, len(sessions) + 1):
        ends = place == len(sessions)
        if ends or _months(sessions[place]) - _months(sessions[place - 1]) > 1:
            yield Window(sessions=market.sessions(sessions[start], sessions[place - 1]))
            start = place


def _months(day: date) -> int:
    """How many months have begun by ``day`` since the year 0."""
    return 12 * day.year + day.month


def missing_sessions(platform: Platform, market: Market, wanted: Window) -> Window | None:
    """From the first to the last session that is missing or due again; None where none is."""
    known = platform.warehouse.read(complete_table(market), first=wanted.first, last=wanted.last)
    final: set[date] = set()
    if known is not None:
        waits = pl.col("due_again").is_null() | (pl.col("due_again") > datetime.now(UTC))
        final = set(known.filter(waits)["session"])
    missing = [session for session in wanted.sessions if session not in final]
    if missing:
        return Window(sessions=market.sessions(missing[0], missing[-1]))
    if _is_published(platform, market):
        return None
    return Window(sessions=wanted.sessions[-1:])


def due_again(platform: Platform, market: Market, wanted: Window) -> datetime | None:
    """When the first of the sessions has to be asked for again; None where all are final."""
    known = platform.warehouse.read(complete_table(market), first=wanted.first, last=wanted.last)
    if known is None:
        return None
    return known.select(
        pl.col("due_again").filter(pl.col("due_again") > datetime.now(UTC)).min()
    ).item()


def _is_published(platform: Platform, market: Market) -> bool:
    """Whether the published file of the moment has tables of the market."""
    tables = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = ?"
    try:
        return Published(platform.published).query(tables, [market.name]).item() > 0
    except NothingPublished:
        return False
