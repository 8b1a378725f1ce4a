"""The command line: what people type. Each command is thin; what it does lives elsewhere."""

import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from market_assets.modes import follow_mode
from market_assets.settings import SettingRefused, Settings, read_settings

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
inbox = typer.Typer(no_args_is_help=True, help="Pages that a person saved.")
app.add_typer(inbox, name="inbox")
serve = typer.Typer(no_args_is_help=True, help="Services for readers of what is published.")
app.add_typer(serve, name="serve")
keys = typer.Typer(no_args_is_help=True, help="Who may ask the REST API.")
app.add_typer(keys, name="keys")

INTERRUPTED = 130
"""The exit status of what Ctrl-C ended, as shells have it: 128 and the number of the signal."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date such as 2026-10-08") from error


def _market(name: str) -> str:
    from market_assets.defs.markets import market_named

    try:
        return market_named(name).name
    except LookupError as error:
        raise typer.BadParameter(str(error)) from error


DataDir = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Where everything is kept (default: data)."),
]
KeyName = Annotated[str, typer.Argument(help="As `keys list` shows it.", metavar="KEY")]


class Scope(StrEnum):
    """What a key may do."""

    read = "read"
    export = "export"
    operate = "operate"


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    csv = "csv"
    json = "json"


@app.callback()
def main() -> None:
    """Market data agreed between its sources, traceable to the bytes it came from."""
    # What Dagster calls beta or preview is our choice; pyproject.toml pins the version.
    warnings.filterwarnings("ignore", message=".* is currently in (beta|preview)")


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
            parser=_day, metavar="YYYY-MM-DD", help="The last day (default: the newest session)."
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
    with _spoken_errors(), _spoken_interruption():
        if again and from_captures:
            raise SettingRefused("--again asks once more, --from-captures asks nobody: choose one")
        from market_assets.commands import run as command

        settings = _settings(data_dir, follow=from_captures)
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

    with _spoken_errors():
        command.ui(_settings(data_dir, follow=True), port=port)


@inbox.command("add")
def inbox_add(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Whose pages they are, such as hkex_southbound.")
    ],
    day: Annotated[
        date,
        typer.Argument(
            parser=_day,
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

    with _spoken_errors():
        command.add(_settings(data_dir, follow=False), source, day, files)


@app.command()
def sql(
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY",
            help="One statement that reads, such as "
            '"SELECT count(*) FROM casablanca.daily_quotes"; '
            '"SELECT schema, name FROM (SHOW ALL TABLES)" lists the tables.',
        ),
    ],
    *,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
    data_dir: DataDir = None,
) -> None:
    """Query the published tables, read-only."""
    from market_assets.commands import sql as command

    with _spoken_errors(), _until_nobody_reads():
        command.sql(_settings(data_dir, follow=True), query, format_.value)


@app.command()
def explain(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="For example casablanca.daily_quotes.")
    ],
    line: Annotated[
        str,
        typer.Argument(
            metavar="LINE",
            help="A ticker such as ATW, a stock's code such as 700, a currency, an indicator.",
        ),
    ],
    session: Annotated[
        date | None,
        typer.Argument(
            parser=_day,
            metavar="DATE",
            help="YYYY-MM-DD (default: the newest that the table has of it).",
        ),
    ] = None,
    *,
    data_dir: DataDir = None,
) -> None:
    """Where a number comes from: every source's value, and the captured bytes behind it."""
    from market_assets.commands import explain as command

    with _spoken_errors(), _until_nobody_reads():
        command.explain(_settings(data_dir, follow=True), table, line, session)


@serve.command("api")
def serve_api(
    *,
    host: Annotated[str, typer.Option(help="Address; 0.0.0.0 for every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")] = 8000,
    data_dir: DataDir = None,
) -> None:
    """Serve the REST API over the published tables."""
    with _spoken_errors():
        from market_assets.commands import serve as command

        command.api(_settings(data_dir, follow=True), host=host, port=port)


@keys.command("create")
def keys_create(
    owner: Annotated[str, typer.Argument(help="Whose it is.")],
    *,
    scope: Annotated[
        list[Scope] | None,
        typer.Option(help="What it may do; several by repeating [default: read]."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How long it lives.")] = 365,
    rate: Annotated[
        str | None, typer.Option(help='Such as "600/minute" [default: the setting].')
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key and show it, this once."""
    with _spoken_errors():
        from market_assets.commands import keys as command

        scopes = [each.value for each in scope or [Scope.read]]
        settings = _settings(data_dir, follow=True)
        command.create(settings, owner, scopes=scopes, days=days, rate=rate)


@keys.command("list")
def keys_list(*, data_dir: DataDir = None) -> None:
    """List all keys by their beginning."""
    with _spoken_errors():
        from market_assets.commands import keys as command

        command.listed(_settings(data_dir, follow=True))


@keys.command("revoke")
def keys_revoke(key: KeyName, *, data_dir: DataDir = None) -> None:
    """End a key at once."""
    with _spoken_errors():
        from market_assets.commands import keys as command

        command.revoke(_settings(data_dir, follow=True), key)


@keys.command("rotate")
def keys_rotate(
    key: KeyName,
    *,
    grace_hours: Annotated[
        float, typer.Option(min=0, help="How long the old one still opens.")
    ] = 24,
    data_dir: DataDir = None,
) -> None:
    """Make a new key in the place of another."""
    with _spoken_errors():
        from market_assets.commands import keys as command

        command.rotate(_settings(data_dir, follow=True), key, grace_hours=grace_hours)


def _settings(data_dir: Path | None, *, follow: bool) -> Settings:
    settings = read_settings({"data_dir": data_dir} if data_dir else {})
    return follow_mode(settings) if follow else settings


@contextmanager
def _spoken_errors() -> Iterator[None]:
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


@contextmanager
def _until_nobody_reads() -> Iterator[None]:
    """End silently when who reads what is printed has seen enough (``| head``), as tools do."""
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        yield
        sys.stdout.flush()
    finally:
        signal.signal(signal.SIGPIPE, before)


@contextmanager
def _spoken_interruption() -> Iterator[None]:
    """Say in one line what Ctrl-C leaves behind."""
    try:
        yield
    except KeyboardInterrupt as interruption:
        typer.echo("interrupted; what was captured is kept, run again to go on", err=True)
        raise typer.Exit(INTERRUPTED) from interruption


if __name__ == "__main__":
    app()
