"""What is due goes out; a recipient who cannot be reached holds up nobody else for long."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.senders import NotDelivered, send
from market_assets.serving.delivery.state import State
from market_assets.settings import Settings

PATIENCE = 40.0
"""Seconds after which no other message is begun: a sensor has a minute."""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """How many messages were taken, and a line for each that was not."""

    sent: int
    failures: tuple[str, ...]


def deliver(settings: Settings, state: State, now: datetime) -> Delivered:
    """Send what is due at ``now``, each message at most once in a call."""
    until, count, failures = time.monotonic() + PATIENCE, 0, []
    give_up = timedelta(hours=settings.delivery.give_up_hours)
    while time.monotonic() < until:
        with state.writing() as connection:
            taken = outbox.take(connection, now)
        if taken is None:
            break
        message = taken.message
        try:
            send(settings, message)
        except NotDelivered as error:
            final = error.final or now - taken.created_at > give_up
            failures.append(f"{message.kind} to {message.recipient}: {error}")
            with state.writing() as connection:
                outbox.failed(connection, taken, now, said=str(error), final=final)
        else:
            count += 1
            with state.writing() as connection:
                outbox.sent(connection, message, now)
    return Delivered(sent=count, failures=tuple(failures))
