"""All commands under one name."""

import warnings

import typer

from market_assets.cli import alerts, build, digests, inbox, keep, keys, read, serve, status

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
app.add_typer(build.app)
app.add_typer(inbox.app, name="inbox")
app.add_typer(keep.app)
app.add_typer(read.app)
app.add_typer(status.app)
app.add_typer(serve.app, name="serve")
app.add_typer(keys.app, name="keys")
app.add_typer(digests.app)
app.add_typer(alerts.app, name="alerts")


@app.callback()
def main() -> None:
    """Market data agreed between its sources, traceable to the bytes it came from."""
    # What Dagster calls beta or preview is our choice; pyproject.toml pins the version.
    warnings.filterwarnings("ignore", message=".* is currently in (beta|preview)")
