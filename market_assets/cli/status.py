"""The command that says how everything stands, for people and for monitoring."""

from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors, until_nobody_reads
from market_assets.cli.options import DataDir, settings_of

app = typer.Typer()


@app.command()
def status(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    prometheus: Annotated[
        bool, typer.Option("--prometheus", help="The numbers, as metrics of Prometheus.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Say what is due and missing, how runs and sources fare; exit 1 where something is unwell."""
    with spoken_errors(), until_nobody_reads():
        from market_assets.commands import status as command

        form = "json" if as_json else "prometheus" if prometheus else "table"
        well = command.status(settings_of(data_dir, follow=True), form=form)
    raise typer.Exit(0 if well else 1)
