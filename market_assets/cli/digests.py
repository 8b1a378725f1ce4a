"""Commands that make a digest and tell people: ``digest`` and ``deliver``."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors
from market_assets.cli.options import DataDir, day_of, settings_of

app = typer.Typer()


class Name(StrEnum):
    """Which digest."""

    hkex = "hkex"
    casablanca = "casablanca"
    weekly = "weekly"


@app.command()
def digest(
    name: Annotated[Name, typer.Argument(help="Which.")],
    *,
    until: Annotated[
        date | None,
        typer.Option(
            parser=day_of,
            metavar="YYYY-MM-DD",
            help="Of the newest session by then, or of the week before (default: today).",
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a digest from what is published: HTML, text, workbook and mail, sent to nobody."""
    with spoken_errors():
        from market_assets.commands import digests as command

        made = command.digest(settings_of(data_dir, follow=True), name.value, until=until)
    raise typer.Exit(0 if made else 1)


@app.command()
def deliver(
    *,
    list_: Annotated[bool, typer.Option("--list", help="Only show what went to whom.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Tell people what there is to tell, once; the sensor `delivery` does it each minute."""
    with spoken_errors():
        from market_assets.commands import digests as command

        settings = settings_of(data_dir, follow=True)
        done = command.listed(settings) if list_ else command.deliver(settings)
    raise typer.Exit(0 if done else 1)
