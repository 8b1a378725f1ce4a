"""``market-assets run``: the missing sessions of the markets, with progress and a closing table."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from market_assets.commands.choosing import (
    captured_sessions,
    due_again,
    last_sessions,
    missing_sessions,
)
from market_assets.commands.interruption import interruptible
from market_assets.commands.lock import only_run
from market_assets.commands.summary import newest_version, print_summary
from market_assets.defs.markets import MARKETS, Market, market_named
from market_assets.defs.platform import Platform
from market_assets.defs.run import RunOutcome
from market_assets.defs.run import run as run_job
from market_assets.defs.window import Window
from market_assets.modes import remember_mode
from market_assets.settings import SettingRefused, Settings

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
        wanted = captured_sessions(platform, markets, days=days, until=until)
    else:
        wanted = [
            (each, (last_sessions(settings, each, days or DAYS, until=until),)) for each in markets
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
    lacking = any(missing_sessions(platform, needed, window) for window in wanted)
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
        window = whole if again else missing_sessions(platform, market, whole)
        windows = (window,) if window else ()
    outcome, before = None, newest_version(platform)
    what = f"[bold]{market.name}[/], {platform.settings.web}"
    if not windows:
        due = due_again(platform, market, whole)
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
