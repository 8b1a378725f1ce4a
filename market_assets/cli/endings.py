"""How a command ends when it cannot go on: in one line, with a status that shells understand."""

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from market_assets.settings import SettingRefused

INTERRUPTED = 130
"""The exit status of what Ctrl-C ended, as shells have it: 128 and the number of the signal."""

UNUSABLE = re.compile("disk is full|disk I/O error|readonly database|unable to open database")
"""What SQLite says of a disk or folder that a person can mend."""


@contextmanager
def spoken_errors() -> Iterator[None]:
    """Say what a person can mend in one line; anything else is a bug and shows its traceback."""
    from market_assets.warehouse.failures import WarehouseError
    from market_assets.web.failures import SourceFailure

    try:
        yield
    except (SettingRefused, OSError, SourceFailure, WarehouseError) as error:
        message = str(error) or type(error).__name__
        if isinstance(error, OSError) and error.filename:
            message = f"{error.filename}: {error.strerror}"
        typer.echo(f"error: {message}", err=True)
        raise typer.Exit(2) from error
    except _database_failure() as error:
        if not UNUSABLE.search(str(error)):
            raise
        typer.echo(f"error: Dagster's records cannot be written: {error.args[0]}", err=True)
        raise typer.Exit(2) from error


def _database_failure() -> type[Exception]:
    """What Dagster's SQLite raises; it is asked for once something was raised, for it is large."""
    from sqlalchemy.exc import OperationalError

    return OperationalError


@contextmanager
def until_nobody_reads() -> Iterator[None]:
    """End silently when who reads what is printed has seen enough (``| head``), as tools do."""
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        yield
        sys.stdout.flush()
    finally:
        signal.signal(signal.SIGPIPE, before)


@contextmanager
def spoken_interruption() -> Iterator[None]:
    """Say in one line what Ctrl-C leaves behind."""
    try:
        yield
    except KeyboardInterrupt as interruption:
        typer.echo("interrupted; what was captured is kept, run again to go on", err=True)
        raise typer.Exit(INTERRUPTED) from interruption
