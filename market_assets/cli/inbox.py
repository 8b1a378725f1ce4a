"""Commands for pages that a person saved."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors
from market_assets.cli.options import DataDir, day_of, settings_of

app = typer.Typer(no_args_is_help=True, help="Pages that a person saved.")


@app.command()
def add(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Whose pages they are, such as hkex_southbound.")
    ],
    day: Annotated[
        date,
        typer.Argument(
            parser=day_of,
            metavar="DATE",
            help="The session that the pages are of, or their last: YYYY-MM-DD.",
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(
            exists=True, dir_okay=False, readable=True, metavar="FILE", help="The saved pages."
        ),
    ],
    *,
    data_dir: DataDir = None,
) -> None:
    """Keep saved pages as captures: SOURCE's pages of the session DATE, one or more files."""
    from market_assets.commands import inbox as command

    with spoken_errors():
        command.add(settings_of(data_dir, follow=False), source, day, files)
