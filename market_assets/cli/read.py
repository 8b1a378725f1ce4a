"""Commands that read what is published: ``sql`` and ``explain``."""

from datetime import date
from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors, until_nobody_reads
from market_assets.cli.options import DataDir, day_of, one_of, settings_of

app = typer.Typer()


FORMATS = ("table", "csv", "json")


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
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            parser=one_of(*FORMATS),
            metavar="|".join(FORMATS),
            help="How to print.",
        ),
    ] = FORMATS[0],
    data_dir: DataDir = None,
) -> None:
    """Query the published tables, read-only."""
    from market_assets.commands import sql as command

    with spoken_errors(), until_nobody_reads():
        command.sql(settings_of(data_dir, follow=True), query, format_)


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
            parser=day_of,
            metavar="DATE",
            help="YYYY-MM-DD (default: the newest that the table has of it).",
        ),
    ] = None,
    *,
    data_dir: DataDir = None,
) -> None:
    """Where a number comes from: every source's value, and the captured bytes behind it."""
    from market_assets.commands import explain as command

    with spoken_errors(), until_nobody_reads():
        command.explain(settings_of(data_dir, follow=True), table, line, session)
