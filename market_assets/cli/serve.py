"""Commands that serve readers of what is published."""

from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors
from market_assets.cli.options import DataDir, settings_of

app = typer.Typer(
    no_args_is_help=True, help="Services: for readers of what is published, and Dagster's own."
)

Host = Annotated[str, typer.Option(help="Address; 0.0.0.0 for every one.")]
CodeHost = Annotated[str, typer.Option(help="Where `serve code` answers.")]
CodePort = Annotated[int, typer.Option(min=1, max=65_535, help="Its port.")]


@app.command()
def api(
    *,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")] = 8000,
    data_dir: DataDir = None,
) -> None:
    """Serve the REST API over the published tables."""
    with spoken_errors():
        from market_assets.commands import serve as command

        command.api(settings_of(data_dir, follow=True), host=host, port=port)


@app.command()
def code(
    *,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 4000,
    data_dir: DataDir = None,
) -> None:
    """Serve the code location to Dagster's webserver and daemon, and work on its runs."""
    with spoken_errors():
        from market_assets.commands import processes

        processes.code(settings_of(data_dir, follow=True), host=host, port=port)


@app.command()
def webserver(
    *,
    host: Host = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 3000,
    code_host: CodeHost = "127.0.0.1",
    code_port: CodePort = 4000,
    data_dir: DataDir = None,
) -> None:
    """Serve the Dagster UI of a code location that runs by itself."""
    with spoken_errors():
        from market_assets.commands import processes

        settings = settings_of(data_dir, follow=True)
        processes.webserver(settings, host=host, port=port, code_at=(code_host, code_port))


@app.command()
def daemon(
    *, code_host: CodeHost = "127.0.0.1", code_port: CodePort = 4000, data_dir: DataDir = None
) -> None:
    """Start what the schedules and sensors of a code location that runs by itself ask for."""
    with spoken_errors():
        from market_assets.commands import processes

        settings = settings_of(data_dir, follow=True)
        processes.daemon(settings, code_at=(code_host, code_port))
