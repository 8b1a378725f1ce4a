"""Commands that serve readers of what is published."""

from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors
from market_assets.cli.options import DataDir, settings_of

app = typer.Typer(no_args_is_help=True, help="Services for readers of what is published.")


@app.command()
def api(
    *,
    host: Annotated[str, typer.Option(help="Address; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")] = 8000,
    share_port: Annotated[
        bool,
        typer.Option(
            "--share-port", help="Beside others on the port, so that one may end without a gap."
        ),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Serve the REST API over the published tables."""
    with spoken_errors():
        from market_assets.commands import serve as command

        command.api(settings_of(data_dir, follow=True), host=host, port=port, shared=share_port)
