"""Ctrl-C during work that takes the signal for itself, as Dagster does and ends its run quietly."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = frozenset({signal.SIGINT, signal.SIGTERM})
READ = 4096


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` after the block where it was interrupted and ended all the same.

    Whoever handles a signal, Python writes its number to the wakeup file (main thread only).
    """
    arrived, wakeup = os.pipe()
    os.set_blocking(arrived, False)
    os.set_blocking(wakeup, False)
    os.write(wakeup, bytes(1))  # no signal: so that there is something to read
    before = signal.set_wakeup_fd(wakeup)
    try:
        yield
        interrupted = ENDING & set(os.read(arrived, READ))
    finally:
        signal.set_wakeup_fd(before)
        os.close(arrived)
        os.close(wakeup)
    if interrupted:
        raise KeyboardInterrupt
