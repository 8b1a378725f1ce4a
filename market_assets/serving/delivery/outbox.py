"""Messages on their way: put in once for each recipient, taken out until somebody took them.

A message is ``waiting``, ``sending``, ``sent`` or ``given_up``. It is marked as being sent before
it is sent and as sent after that, so a process killed in between leaves one of which nobody knows
whether it went: it is sent again, under the same key. Delivery is at least once; who receives
tells a repetition by the key (the Message-ID of a mail, the Idempotency-Key of a webhook).
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
LEASE = timedelta(minutes=5)
"""Longer than any sending takes: after it who was sending is gone."""

MessageState = Literal["waiting", "sending", "sent", "given_up"]


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something to tell one recipient. ``mail`` is a whole message without sender and recipient.

    ``about`` is what a recipient is told once: a digest's day, an incident's beginning or end.
    """

    kind: str
    about: str
    recipient: str
    title: str
    body: str
    mail: bytes | None = None

    @property
    def key(self) -> str:
        """The same for the same kind, subject and recipient, whenever it is asked for."""
        told = f"{self.kind}\0{self.about}\0{self.recipient}"
        return sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A message that is being sent, for the time of ``attempts``."""

    message: Message
    attempts: int
    created_at: datetime


def put(connection: sqlite3.Connection, message: Message, now: datetime) -> bool:
    """Put ``message`` in, unless it is or was there; whether it is new."""
    row = (
        *(message.key, message.kind, message.about, message.recipient),
        *(message.title, message.body, message.mail),
        *("waiting", 0, _text(now), _text(now), None, None),
    )
    marks = ", ".join("?" * len(row))
    query = f"INSERT OR IGNORE INTO outbox VALUES ({marks})"
    return connection.execute(query, row).rowcount == 1


def take(connection: sqlite3.Connection, now: datetime) -> Taken | None:
    """The message that has been due for longest, marked as being sent; None where none is due.

    Of those that are due since the same instant the one that was put in first.
    One whose sender has not been heard of for the time of a lease is due again.
    """
    row = connection.execute(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, next_at = ? "
        "WHERE key = (SELECT key FROM outbox WHERE state IN ('waiting', 'sending') "
        "AND next_at <= ? ORDER BY next_at, rowid LIMIT 1) RETURNING *",
        [_text(now + LEASE), _text(now)],
    ).fetchone()
    if row is None:
        return None
    names = ("kind", "about", "recipient", "title", "body", "mail")
    return Taken(
        message=Message(**{name: row[name] for name in names}),
        attempts=row["attempts"],
        created_at=datetime.fromisoformat(row["created_at"]),
    )


def sent(connection: sqlite3.Connection, message: Message, now: datetime) -> None:
    """Note that somebody took it."""
    connection.execute(
        "UPDATE outbox SET state = 'sent', sent_at = ?, said = NULL WHERE key = ?",
        [_text(now), message.key],
    )


def failed(
    connection: sqlite3.Connection, taken: Taken, now: datetime, *, said: str, final: bool
) -> None:
    """Note that nobody took it, and when it is tried again; not where that is ``final``."""
    state = "given_up" if final else "waiting"
    connection.execute(
        "UPDATE outbox SET state = ?, next_at = ?, said = ? WHERE key = ?",
        [state, _text(now + pause(taken.attempts)), said, taken.message.key],
    )


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, up to an hour."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 16), LONGEST_PAUSE)


def listed(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    """All messages but their bodies, newest first."""
    return connection.execute(
        "SELECT key, kind, about, recipient, title, state, attempts, created_at, next_at, sent_at, "
        "said FROM outbox ORDER BY rowid DESC"
    ).fetchall()


def trim(connection: sqlite3.Connection, before: datetime) -> int:
    """Forget what was sent or given up and put in ``before``; how many messages that were.

    The same may be put in anew then: what is still news at that time has to stay.
    """
    return connection.execute(
        "DELETE FROM outbox WHERE state IN ('sent', 'given_up') AND created_at < ?",
        [_text(before)],
    ).rowcount


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
