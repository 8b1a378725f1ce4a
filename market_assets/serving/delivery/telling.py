"""What there is to tell, put into the outbox: digests, volume alerts, incidents.

Each function may be called as often as one likes: what was told is not told again.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from market_assets.domain.incidents import Change, Incident, Sighting, after
from market_assets.domain.volume.notices import is_quiet, trusted
from market_assets.serving.delivery.outbox import Message, put, trim
from market_assets.serving.digests.files import newest_mail
from market_assets.settings import AlertKind, DeliverySettings, Settings

OLD = timedelta(days=10)
"""A digest of a day so long ago is not news: a first run over history wakes nobody."""
SHOWN = 40
"""Alerts in one message."""
WORDS = {
    "failed_run": "run of {} failed",
    "failed_check": "check {} failed",
    "late": "{} is late",
    "source": "source {} fails",
}


def tell_digests(
    settings: Settings, connection: sqlite3.Connection, directory: Path, now: datetime
) -> int:
    """Put the newest digest of each kind in for its recipients; how many messages are new."""
    count = 0
    for name, recipients in settings.delivery.digests.items():
        newest = newest_mail(directory, name) if recipients else None
        if newest is None or now.date() - newest[0] > OLD:
            continue
        day, path = newest
        title, body = _subject(path), path.with_suffix(".txt").read_text("utf-8")
        for recipient in recipients:
            message = Message(
                kind=f"digest {name}",
                about=day.isoformat(),
                recipient=recipient,
                title=title,
                body=body,
                mail=path.read_bytes(),
            )
            count += put(connection, message, now)
    return count


def tell_volume_alerts(
    settings: Settings, connection: sqlite3.Connection, notices: pl.DataFrame, now: datetime
) -> int:
    """Put ``notices`` (NOTICES) of the newest session in, one message for each recipient.

    In quiet hours nothing is put in, so that what is acknowledged by their end is not told then.
    Nor is what has too little confidence, was told before, or is of a session long gone.
    """
    rules = settings.delivery
    newest = notices.select(pl.col("session").max()).item()
    if newest is None or now.date() - newest > OLD:
        return 0
    if rules.quiet is not None:
        here = now.astimezone(ZoneInfo(rules.quiet.zone)).time()
        if is_quiet(here, start=rules.quiet.start, end=rules.quiet.end):
            return 0
    worth = trusted(notices, least=rules.confidence)
    known = acknowledged(connection)
    count = 0
    for recipient, kinds in _kinds_by_recipient(rules).items():
        told = _told(connection, recipient)
        new = [
            row
            for row in worth.filter(pl.col("alert_type").is_in(kinds)).iter_rows(named=True)
            if (key := (str(row["session"]), row["ticker"], row["alert_type"])) not in known
            and key not in told
        ]
        if not new:
            continue
        message = _about_volumes(settings, recipient, new)
        count += put(connection, message, now)
        connection.executemany(
            "INSERT INTO told_alerts VALUES (?, ?, ?, ?)",
            [(str(row["session"]), row["ticker"], row["alert_type"], recipient) for row in new],
        )
    return count


def tell_incidents(
    settings: Settings,
    connection: sqlite3.Connection,
    sightings: Iterable[Sighting],
    now: datetime,
) -> int:
    """Remember what ails and put in what began and what ended; how many messages are new."""
    rows = connection.execute("SELECT * FROM incidents").fetchall()
    known = {
        (row["kind"], row["subject"]): Incident(
            kind=row["kind"],
            subject=row["subject"],
            since=datetime.fromisoformat(row["since"]),
            said=row["said"],
        )
        for row in rows
    }
    _, changes = after(known, sightings, at=now)
    count = 0
    for number, change in enumerate(changes):
        incident = change.incident
        if change.began:
            row = (incident.kind, incident.subject, incident.since.isoformat(), incident.said)
            connection.execute("INSERT INTO incidents VALUES (?, ?, ?, ?)", row)
        else:
            connection.execute(
                "DELETE FROM incidents WHERE kind = ? AND subject = ?",
                [incident.kind, incident.subject],
            )
        for recipient in _recipients(settings.delivery, incident.kind):
            message = _about_incident(settings, recipient, change, now, number)
            count += put(connection, message, now)
    return count


def forget(connection: sqlite3.Connection, now: datetime, *, kept: timedelta) -> int:
    """Let go of what was told ``kept`` ago and waits no more; how many messages that were.

    None is told again where ``kept`` is longer than a digest or an alert is news.
    """
    before = now - kept
    query = "DELETE FROM told_alerts WHERE session < ?"
    connection.execute(query, [before.date().isoformat()])
    return trim(connection, before)


def acknowledged(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """The session, ticker and type of each alert that somebody has seen to."""
    query = "SELECT session, ticker, alert_type FROM acknowledged"
    return {tuple(row) for row in connection.execute(query)}


def tells_volume_alerts(settings: DeliverySettings) -> bool:
    """Whether anybody is to be told of any rule of theirs."""
    return bool(_kinds_by_recipient(settings))


def tells_incidents(settings: DeliverySettings) -> bool:
    """Whether anybody is to be told of any."""
    return any(_recipients(settings, kind) for kind in WORDS)


def _about_volumes(
    settings: Settings, recipient: str, rows: Sequence[dict[str, object]]
) -> Message:
    session = max(str(row["session"]) for row in rows)
    keys = sorted(f"{row['session']} {row['ticker']} {row['alert_type']}" for row in rows)
    lines = [f"{row['message']} (confidence {row['confidence']:.2f})" for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append(f"and {len(rows) - SHOWN} more: market-assets alerts list")
    what = "volume alert" if len(rows) == 1 else "volume alerts"
    return Message(
        kind="volume alerts",
        about="; ".join(keys),
        recipient=recipient,
        title=f"{_mark(settings)}{len(rows)} {what} of {session}",
        body="\n".join([*lines, "", "Seen to: market-assets alerts ack TICKER"]),
    )


def _about_incident(
    settings: Settings, recipient: str, change: Change, now: datetime, number: int
) -> Message:
    """``number`` tells apart what began, ended and began again in one look."""
    incident = change.incident
    what = WORDS[incident.kind].format(incident.subject)
    since = f"{incident.since:%Y-%m-%d %H:%M} UTC"
    if change.began:
        title, body = what, f"Since {since}.\n\n{incident.said}"
    else:
        title = f"over: {what}"
        body = f"Began {since}, ended by {now:%Y-%m-%d %H:%M} UTC.\n\nIt was: {incident.said}"
    return Message(
        kind=incident.kind,
        about=f"{incident.subject} {now.isoformat()} {number} {change.began}",
        recipient=recipient,
        title=f"{_mark(settings)}{title}",
        body=body,
    )


def _mark(settings: Settings) -> str:
    return "[SANDBOX, invented figures] " if settings.web == "sandbox" else ""


def _recipients(settings: DeliverySettings, kind: AlertKind | str) -> Sequence[str]:
    return next((names for each, names in settings.alerts.items() if each == kind), ())


def _kinds_by_recipient(settings: DeliverySettings) -> dict[str, list[str]]:
    """Which rules of the volume alerts each recipient is told of."""
    kinds: dict[str, list[str]] = {}
    for kind, recipients in settings.alerts.items():
        if kind not in WORDS:
            for recipient in recipients:
                kinds.setdefault(recipient, []).append(kind)
    return kinds


def _told(connection: sqlite3.Connection, recipient: str) -> set[tuple[str, str, str]]:
    query = "SELECT session, ticker, alert_type FROM told_alerts WHERE recipient = ?"
    return {tuple(row) for row in connection.execute(query, [recipient])}


def _subject(path: Path) -> str:
    return str(message_from_bytes(path.read_bytes(), policy=SMTP)["Subject"])
