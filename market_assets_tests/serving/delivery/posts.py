"""A mail server on a real socket that keeps what it takes, and a process that delivers."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller

from market_assets.settings import Settings, read_settings

SENDER, ANNA = "digest@example.org", "anna@example.org"
DELIVERING = """
from datetime import UTC, datetime
from market_assets.serving.delivery.delivering import deliver
from market_assets.serving.delivery.state import State
from market_assets.settings import read_settings
settings = read_settings({})
print(deliver(settings, State(settings.mode_dir), datetime.now(UTC)))
"""


@dataclass
class Post:
    """What a mail server took; ``answer`` is what it says to a message, after ``meanwhile``."""

    port: int
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answer: str = "250 taken"
    meanwhile: Callable[[], None] = lambda: None

    async def handle_DATA(self, _server: object, _session: object, envelope) -> str:  # noqa: N802
        message = cast("EmailMessage", message_from_bytes(envelope.content, policy=SMTP))
        [recipient] = envelope.rcpt_tos
        self.taken.append((recipient, message))
        self.meanwhile()
        return self.answer


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def post_office(port: int, **manner: object) -> Iterator[Post]:
    """A mail server on ``port``, for as long as it is open; ``manner`` is aiosmtpd's."""
    post = Post(port=port)
    controller = Controller(post, hostname="127.0.0.1", port=port, **manner)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def smtp(port: int, **manner: object) -> dict[str, object]:
    """The settings of a mail server on ``port``."""
    return {"host": "127.0.0.1", "port": port, "security": "none", "sender": SENDER} | manner


def told_by_mail(directory: Path, port: int, **delivery: object) -> Settings:
    """Settings under which anna is told by a mail server on ``port``."""
    given = {"targets": {"anna": ANNA}, "smtp": smtp(port)} | delivery
    return read_settings({"data_dir": directory, "delivery": given})


def delivering(settings: Settings) -> subprocess.Popen[str]:
    """A process of its own that delivers what is due under ``settings``."""
    delivery = settings.delivery
    secrets = {
        f"MARKET_ASSETS_DELIVERY__TARGETS__{name.upper()}": target.get_secret_value()
        for name, target in delivery.targets.items()
    }
    smtp = delivery.smtp.model_dump(exclude_none=True) if delivery.smtp else {}
    server = {f"MARKET_ASSETS_DELIVERY__SMTP__{k.upper()}": str(v) for k, v in smtp.items()}
    return subprocess.Popen(
        [sys.executable, "-c", DELIVERING],
        env={"MARKET_ASSETS_DATA_DIR": str(settings.data_dir), **secrets, **server},
        cwd=settings.data_dir,
        stdout=subprocess.PIPE,
        text=True,
    )
