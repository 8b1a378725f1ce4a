"""One run at a time for a data directory, whatever happens to the process that holds the lock."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from market_assets.modes import written_directory
from market_assets.settings import Settings


@contextmanager
def only_run(settings: Settings) -> Iterator[None]:
    """Wait until no other run works on this mode's data; the lock goes with its process."""
    written_directory(settings.mode_dir)
    with (settings.mode_dir / "run.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            print(f"Another run (process {lock.read().strip()}) is at work; waiting.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield
