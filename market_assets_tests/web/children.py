"""What tests run in processes of their own, to be killed, limited or raced."""

import os
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path

from market_assets.web.archive import Archive
from market_assets.web.clock import SystemClock
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets.web.warc import Answered, Asked
from market_assets.web.writing import Writing
from market_assets_tests.web.scene import NOON, SESSION, SOURCE


def add(writing: Writing, number: int, body: bytes) -> None:
    """The capture of one plain page."""
    url = f"https://publisher.example/{number}"
    writing.add(
        key=f"page/{number}",
        kind="answer",
        asked=Asked(method="GET", url=url),
        answered=Answered(status=200, reason="OK", headers=[("Content-Type", "text/plain")]),
        body=body,
        fetched_at=NOON + timedelta(seconds=number),
    )


def say(*words: object) -> None:
    """One line to whoever started this process."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def write_for_ever(directory: str) -> None:
    """Say how many captures are written, one more at a time, and never finish the file."""
    with Archive(Path(directory)).writing(SOURCE, SESSION, SESSION) as writing:
        for number in range(1_000_000):
            add(writing, number, b"page %d" % number)
            say(number)
            time.sleep(0.001)


def fill_the_disk(directory: str, free: str) -> None:
    """Capture pages of noise with room for ``free`` bytes per file; say which OSError came."""
    archive = Archive(Path(directory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(free), int(free)))
    try:
        with archive.writing(SOURCE, SESSION, SESSION) as writing:
            for number in range(100):
                add(writing, number, os.urandom(20_000))
    except OSError as error:
        say(type(error).__name__, error.strerror)


def take_turns(file: str, turns: str) -> None:
    """Say when each turn on one host was had."""
    hosts = Hosts(Path(file), limits=Limits())
    clock = SystemClock()
    for _ in range(int(turns)):
        hosts.wait_for_turn("host", clock=clock, interval=0.1, daily_requests=100)
        say(clock.now().timestamp())


def archive_one(directory: str) -> None:
    """Open an archive and keep one capture."""
    archive = Archive(Path(directory))
    with archive.writing(SOURCE, SESSION, SESSION) as writing:
        add(writing, 1, b"page")
    say(len(archive.captures(SOURCE, SESSION, SESSION)))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
