"""``market-assets run``: the missing sessions of the markets, with progress and a closing table."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from market_assets.commands.interruption import interruptible
from market_assets.commands.lock import only_run
from market_assets.commands.summary import newest_version, print_summary
from market_assets.defs.markets import MARKETS, Market, market_named
from market_assets.defs.platform import Platform
from market_assets.defs.publication import complete_table
from market_assets.defs.run import RunOutcome
from market_assets.defs.run import run as run_job
from market_assets.defs.window import Window
from market_assets.modes import remember_mode
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published

DAYS = 60


def run(
    settings: Settings,
    market: str | None,
    *,
    days: int | None,
    until: date | None,
    from_captures: bool,
    again: bool,
) -> bool:
    """Run what is missing of ``market``, or of all, and print how it went; whether all succeeded.

    Of the markets that it is made of what is missing is run before. What cannot be had is refused
    before anybody is asked.
    """
    platform = Platform(settings)
    asked = (market_named(market),) if market else MARKETS
    markets = [each for each in MARKETS if _is_run(each, asked)]
    if until and until > max(each.today(datetime.now(UTC)) for each in markets):
        raise SettingRefused(f"--until {until}: that day has not come yet")
    if from_captures:
        wanted = _captured_sessions(platform, markets, days=days, until=until)
    else:
        wanted = [
            (each, (_last_sessions(settings, each, days or DAYS, until=until),)) for each in markets
        ]
        if settings.web == "live":
            settings.required_contact()
    with only_run(settings):
        with platform.warehouse.connected():
            pass  # a file that is no warehouse is refused before anybody is asked
        remember_mode(settings)
        outcomes = [
            _run_market(platform, each, windows, from_captures=from_captures, again=again)
            for each, windows in wanted
            if each in asked or _is_lacking(platform, each, windows, asked=asked)
        ]
    return all(outcomes)


def _is_run(market: Market, asked: Sequence[Market]) -> bool:
    return market in asked or any(market in each.needs for each in asked)


def _is_lacking(
    platform: Platform, needed: Market, wanted: Sequence[Window], *, asked: Sequence[Market]
) -> bool:
    """Whether sessions of ``needed`` are missing, for which nobody asked; says why it is run."""
    lacking = any(_missing(platform, needed, window) for window in wanted)
    if lacking:
        names = ", ".join(each.name for each in asked if needed in each.needs)
        Console().print(f"{names}: made of what {needed.name} publishes, which is run first.")
    return lacking


def _run_market(
    platform: Platform,
    market: Market,
    wanted: Sequence[Window],
    *,
    from_captures: bool,
    again: bool,
) -> bool:
    console, started = Console(), time.monotonic()
    sessions = tuple(session for window in wanted for session in window.sessions)
    whole = Window(sessions=sessions, again=again)
    if from_captures:
        windows = wanted
    else:
        window = whole if again else _missing(platform, market, whole)
        windows = (window,) if window else ()
    outcome, before = None, newest_version(platform)
    what = f"[bold]{market.name}[/], {platform.settings.web}"
    if not windows:
        due = _due_again(platform, market, whole)
        console.print(
            f"{what}. Nothing new: every session that was asked for is published."
            + (f" The next is due again at {due:%Y-%m-%d %H:%M} UTC." if due else "")
            + " A changed setting takes effect with `market-assets run --from-captures`.",
            soft_wrap=True,
        )
    else:
        for window in windows:
            extent = f"{len(window.sessions)} sessions, {window.first} to {window.last}"
            console.print(f"{what}: {extent}")
        outcome = with_progress(
            platform, market, windows, from_captures=from_captures, console=console
        )
    return print_summary(
        platform,
        market,
        whole,
        outcome,
        from_captures=from_captures,
        before=before,
        console=console,
        seconds=time.monotonic() - started,
    )


def _last_sessions(settings: Settings, market: Market, days: int, *, until: date | None) -> Window:
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


def _captured_sessions(
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


def _missing(platform: Platform, market: Market, wanted: Window) -> Window | None:
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


def _due_again(platform: Platform, market: Market, wanted: Window) -> datetime | None:
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


def with_progress(
    platform: Platform,
    market: Market,
    windows: Sequence[Window],
    *,
    from_captures: bool,
    console: Console,
) -> RunOutcome:
    """Run the windows and show how far they are."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with interruptible(), Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def advance(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        return run_job(platform, market, windows, from_captures=from_captures, progress=advance)
