"""File-system moves that are whole or not at all: held folders, placed files, pointed links.

POSIX only. None of them opens a file that DuckDB has open: closing it would drop DuckDB's lock.
"""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from market_assets.warehouse.failures import WarehouseBusy

BUILDING = ".building"
"""Ends the name of what is not finished; a leftover of a dead process may be swept."""
PAUSE = 0.05


@contextmanager
def held(directory: Path, *, patience: float) -> Generator[None]:
    """Hold ``directory``, created on demand, against every other holder.

    The kernel lets go when the process dies, so nothing is ever left locked. Raises
    ``WarehouseBusy`` after ``patience`` seconds, and ``OSError`` where it cannot be created.
    """
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        _lock(descriptor, directory, patience=patience)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, directory: Path, *, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise WarehouseBusy(
                    f"{directory} is held by another process that builds in it; "
                    f"waited {patience:g} s, try again when it is done"
                ) from error
        time.sleep(PAUSE)


def place(built: Path, final: Path) -> None:
    """Give a finished and closed file its name, so that it survives a loss of power."""
    _sync(built)
    built.replace(final)
    _sync(final.parent)


def point(link: Path, target: Path) -> None:
    """Make ``link`` lead to ``target``, a file beside it, in one step."""
    beside = link.with_name(link.name + BUILDING)
    beside.unlink(missing_ok=True)
    beside.symlink_to(target.name)
    beside.replace(link)
    _sync(link.parent)


def sweep(directory: Path, pattern: str) -> None:
    """Remove what was left unfinished; only for who holds ``directory``."""
    for leftover in directory.glob(f"{pattern}{BUILDING}*"):
        leftover.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
