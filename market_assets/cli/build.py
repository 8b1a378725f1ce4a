"""Commands that build, and show what was built in Dagster: ``run`` and ``ui``."""

from datetime import date
from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors, spoken_interruption
from market_assets.cli.options import DataDir, day_of, settings_of
from market_assets.settings import SettingRefused

app = typer.Typer()


def _market(name: str) -> str:
    from market_assets.defs.markets import market_named

    try:
        return market_named(name).name
    except LookupError as error:
        raise typer.BadParameter(str(error)) from error


@app.command()
def run(
    *,
    market: Annotated[
        str | None,
        typer.Option(
            parser=_market,
            metavar="NAME",
            help="One market alone, such as casablanca or hkex (default: all there are).",
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=4000,
            metavar="NUMBER",
            help="How many sessions (default: 60; with --from-captures all that are captured).",
        ),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(
            parser=day_of, metavar="YYYY-MM-DD", help="The last day (default: the newest session)."
        ),
    ] = None,
    from_captures: Annotated[
        bool, typer.Option("--from-captures", help="Build from what is captured, ask nobody.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also ask for sessions that are there already.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Fetch, agree, analyse, check and publish the last sessions of a market."""
    with spoken_errors(), spoken_interruption():
        if again and from_captures:
            raise SettingRefused("--again asks once more, --from-captures asks nobody: choose one")
        from market_assets.commands import run as command

        settings = settings_of(data_dir, follow=from_captures)
        succeeded = command.run(
            settings,
            market,
            days=days,
            until=until,
            from_captures=from_captures,
            again=again,
        )
    raise typer.Exit(0 if succeeded else 1)


@app.command()
def ui(
    *,
    port: Annotated[
        int, typer.Option(min=1, max=65535, metavar="NUMBER", help="Of the Dagster UI.")
    ] = 3000,
    data_dir: DataDir = None,
) -> None:
    """Open the Dagster UI on the same data: lineage, runs, checks, schedules."""
    from market_assets.commands import ui as command

    with spoken_errors():
        command.ui(settings_of(data_dir, follow=True), port=port)
