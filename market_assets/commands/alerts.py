"""``market-assets alerts``: what is open, what somebody has seen to, how often rules fire."""

from datetime import UTC, date, datetime

from rich.console import Console
from rich.table import Table

from market_assets.domain.volume.backtest import fired, fired_on
from market_assets.domain.volume.notices import trusted
from market_assets.serving.delivery.state import State
from market_assets.serving.delivery.telling import acknowledged
from market_assets.serving.volume_alerts import (
    last_sessions,
    newest_session,
    notices_by,
    notices_of,
)
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.reader import Published

LINES = 5
"""Of each rule in a back-test."""


def listed(settings: Settings, session: date | None, *, every: bool) -> None:
    """Print the alerts of ``session``; without ``every`` those worth telling that are open."""
    published = _published(settings)
    day = session or _newest(published)
    notices = notices_of(published, day)
    with State(settings.mode_dir).reading() as connection:
        seen_to = acknowledged(connection)
    worth = notices if every else trusted(notices, least=settings.delivery.confidence)
    table = Table(*("line", "type", "ratio", "confidence", "seen to", "says"), box=None)
    shown = 0
    for row in worth.iter_rows(named=True):
        done = (str(row["session"]), row["ticker"], row["alert_type"]) in seen_to
        if done and not every:
            continue
        shown += 1
        confidence = row["confidence"]
        table.add_row(
            *(row["ticker"], row["alert_type"], f"{row['ratio']:.2f}"),
            *("unknown" if confidence is None else f"{confidence:.2f}", "yes" if done else ""),
            row["message"],
        )
    Console(width=160, soft_wrap=True).print(table)
    print(f"{shown} of {notices.height} alerts of {day}" + ("" if every else "; --all shows all"))


def ack(
    settings: Settings, ticker: str, *, kind: str | None, session: date | None, note: str
) -> None:
    """Remember that the alerts of a line are seen to.

    Raises ``SettingRefused`` where it has none.
    """
    published = _published(settings)
    day = session or _newest(published)
    rows = [
        row
        for row in notices_of(published, day).iter_rows(named=True)
        if row["ticker"] == ticker.upper() and kind in (None, row["alert_type"])
    ]
    if not rows:
        what = f"alert of type {kind}" if kind else "alert"
        raise SettingRefused(f"{ticker.upper()} has no {what} on {day}")
    now = datetime.now(UTC).isoformat()
    with State(settings.mode_dir).writing() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO acknowledged VALUES (?, ?, ?, ?, ?)",
            [(str(day), row["ticker"], row["alert_type"], now, note) for row in rows],
        )
    for row in rows:
        print(f"seen to: {row['alert_type']}, {row['message']}")


def backtest(settings: Settings, *, days: int) -> None:
    """Print how often each rule would have fired in the last ``days`` sessions."""
    published = _published(settings)
    sessions = last_sessions(published, days)
    if not sessions:
        raise SettingRefused("no session of casablanca is published yet")
    notices = notices_by(published, settings.alerts, sessions)
    least = settings.delivery.confidence
    print(f"{len(sessions)} sessions, {sessions[0]} to {sessions[-1]}")
    if len(sessions) < days:
        print(f"Only so many are published: `market-assets run --market casablanca --days {days}`")
    rules = fired(notices, sessions=len(sessions), least=least)
    names = ("rule", "alerts", f"confidence >= {least:g}", "sessions with any", "per session")
    table = Table(*names, "most in one", "lines", box=None)
    for row in rules.iter_rows(named=True):
        table.add_row(
            *(row["alert_type"], str(row["alerts"]), str(row["told"]), str(row["sessions"])),
            *(f"{row['per_session']:.2f}", str(row["busiest"]), str(row["lines"])),
        )
    console = Console(width=160, soft_wrap=True)
    console.print(table)
    lines = fired_on(notices, least=least, size=LINES)
    table = Table(*("rule", "line", "alerts", f"confidence >= {least:g}"), box=None)
    for row in lines.iter_rows(named=True):
        table.add_row(row["alert_type"], row["ticker"], str(row["alerts"]), str(row["told"]))
    console.print(table)


def _published(settings: Settings) -> Published:
    return Published(settings.mode_dir / "published")


def _newest(published: Published) -> date:
    """The newest session; raises ``SettingRefused`` where none is published."""
    session = newest_session(published)
    if session is None:
        raise SettingRefused("no session of casablanca is published yet")
    return session
