"""Commands that keep what there is: ``replay``, ``backup`` and ``restore``."""

from pathlib import Path
from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors, spoken_interruption
from market_assets.cli.options import DataDir, settings_of

app = typer.Typer()


@app.command()
def replay(*, data_dir: DataDir = None) -> None:
    """Build the warehouse anew from its captures, beside, and compare it with the present one."""
    with spoken_errors(), spoken_interruption():
        from market_assets.commands import replay as command

        equal = command.replay(settings_of(data_dir, follow=True))
    raise typer.Exit(0 if equal else 1)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Such as monday.tar.gz; a new one.")],
    *,
    data_dir: DataDir = None,
) -> None:
    """Write captures, warehouse, published versions, keys and Dagster's state to one file."""
    with spoken_errors(), spoken_interruption():
        from market_assets.commands import backup as command

        command.backup(settings_of(data_dir, follow=True), file)


@app.command()
def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="What backup wrote.")
    ],
    *,
    data_dir: DataDir = None,
) -> None:
    """Put a backup into an empty folder."""
    with spoken_errors(), spoken_interruption():
        from market_assets.commands import backup as command

        command.restore(settings_of(data_dir, follow=False), file)
