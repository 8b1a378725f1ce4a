"""``market-assets run``: the missing sessions of a market, with progress and a closing table."""

import time
from datetime import UTC, date, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from market_assets.calendars import xcas
from market_assets.calendars.sessions import newest_closed_session, sessions_between
from market_assets.commands.interruption import interruptible
from market_assets.commands.lock import only_run
from market_assets.commands.summary import newest_version, print_summary
from market_assets.defs.platform import Platform
from market_assets.defs.publication import COMPLETE
from market_assets.defs.run import RunOutcome
from market_assets.defs.run import run as run_job
from market_assets.defs.window import MIC, Window
from market_assets.modes import remember_mode
from market_assets.sandbox.casablanca import market as sandbox
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.publish import CURRENT

DAYS = 60


def run(
    settings: Settings,
    *,
    days: int | None,
    until: date | None,
    from_captures: bool,
    again: bool,
) -> bool:
    """Run what is missing and print how it went; whether all of it succeeded."""
    console, started = Console(), time.monotonic()
    if until and until > datetime.now(UTC).date():
        raise SettingRefused(f"--until {until}: that day has not come yet")
    last_sessions = None if from_captures else _last_sessions(settings, days or DAYS, until=until)
    if settings.web == "live" and not from_captures:
        settings.required_contact()
    platform = Platform(settings)
    with only_run(settings):
        with platform.warehouse.connected():
            pass  # a file that is no warehouse is refused before anybody is asked
        remember_mode(settings)
        wanted = last_sessions or _captured(platform, days=days, until=until)
        window = wanted if from_captures or again else _missing(platform, wanted)
        outcome, before = None, newest_version(platform)
        if window is None:
            console.print("Nothing new: every session that was asked for is published.")
        else:
            outcome = _with_progress(platform, window, from_captures=from_captures, console=console)
        return print_summary(
            platform,
            wanted,
            outcome,
            before=before,
            console=console,
            seconds=time.monotonic() - started,
        )


def _last_sessions(settings: Settings, days: int, *, until: date | None) -> Window:
    """The last ``days`` sessions that have closed by ``until``, all of them in this mode's market.

    Raises ``SettingRefused`` where it does not have so many.
    """
    invented = settings.web == "sandbox"
    begin = sandbox.FIRST_DAY if invented else xcas.FIRST_DAY
    closed = newest_closed_session(MIC, datetime.now(UTC))
    last = min(until or closed, closed)
    sessions = sessions_between(MIC, begin, last)
    if len(sessions) < days:
        what = "the sandbox's market" if invented else f"the calendar of {MIC}"
        raise SettingRefused(
            f"{what} begins on {begin} and has {len(sessions)} sessions up to {last}, "
            f"not {days}: choose other --days or a later --until"
        )
    return Window(sessions=sessions[-days:])


def _captured(platform: Platform, *, days: int | None, until: date | None) -> Window:
    extent = platform.archive.extent()
    if extent is None:
        raise SettingRefused(
            f"nothing is captured in {platform.settings.mode_dir} yet: "
            "`market-assets inbox add` or `market-assets run` first"
        )
    first, last = extent
    closed = newest_closed_session(MIC, datetime.now(UTC))
    sessions = sessions_between(MIC, first, min(last, until or last, closed))
    if not sessions:
        raise SettingRefused(f"what is captured, {first} to {last}, has no session by then")
    return Window(sessions=sessions[-days:] if days else sessions)


def _missing(platform: Platform, wanted: Window) -> Window | None:
    """From the first to the last session that no whole run was about; None where all are there."""
    complete = set(platform.warehouse.sessions(COMPLETE))
    missing = [session for session in wanted.sessions if session not in complete]
    if missing:
        return Window(sessions=sessions_between(MIC, missing[0], missing[-1]))
    if (platform.published / CURRENT).exists():
        return None
    return Window(sessions=wanted.sessions[-1:])


def _with_progress(
    platform: Platform, window: Window, *, from_captures: bool, console: Console
) -> RunOutcome:
    console.print(
        f"{platform.settings.web}: {len(window.sessions)} sessions, {window.first} to {window.last}"
    )
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

        return run_job(platform, window, from_captures=from_captures, progress=advance)
