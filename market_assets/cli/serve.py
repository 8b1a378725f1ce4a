"""Commands that serve readers of what is published."""

from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors
from market_assets.cli.options import DataDir, settings_of

app = typer.Typer(
    help="Services: for readers of what is published (both where none is named), and Dagster's own."
)

Host = Annotated[str, typer.Option(help="Address; 0.0.0.0 for every one.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")]
CodeHost = Annotated[str, typer.Option(help="Where `serve code` answers.")]
CodePort = Annotated[int, typer.Option(min=1, max=65_535, help="Its port.")]


@app.callback(invoke_without_command=True)
def both(
    context: typer.Context,
    *,
    host: Host = "127.0.0.1",
    api_port: Port = 8000,
    dashboard_port: Port = 8501,
    data_dir: DataDir = None,
) -> None:
    """Serve the REST API and the dashboard, together until one ends or Ctrl-C."""
    if context.invoked_subcommand is not None:
        return
    with spoken_errors():
        from market_assets.commands import serve as command

        settings = settings_of(data_dir, follow=True)
        command.both(settings, host=host, api_port=api_port, dashboard_port=dashboard_port)


@app.command()
def api(
    *,
    host: Host = "127.0.0.1",
    port: Port = 8000,
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


@app.command()
def dashboard(*, host: Host = "127.0.0.1", port: Port = 8501, data_dir: DataDir = None) -> None:
    """Serve pages of charts and tables over what is published; who reaches it may look."""
    with spoken_errors():
        from market_assets.commands import serve as command

        command.dashboard(settings_of(data_dir, follow=True), host=host, port=port)


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
