"""Commands about volume alerts: what is open, what somebody has seen to, how often rules fire."""

from datetime import date
from typing import Annotated

import typer

from market_assets.cli.endings import spoken_errors, until_nobody_reads
from market_assets.cli.options import DataDir, day_of, settings_of

app = typer.Typer(no_args_is_help=True, help="Casablanca's volume alerts.")

Session = Annotated[
    date | None,
    typer.Option(parser=day_of, metavar="YYYY-MM-DD", help="Of this session (default: newest)."),
]


@app.command("list")
def listed(
    *,
    session: Session = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also doubtful ones and those seen to.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """List the alerts of a session that nobody has seen to yet."""
    with spoken_errors(), until_nobody_reads():
        from market_assets.commands import alerts as command

        command.listed(settings_of(data_dir, follow=True), session, every=every)


@app.command()
def ack(
    ticker: Annotated[str, typer.Argument(metavar="TICKER", help="For example ATW.")],
    *,
    kind: Annotated[
        str | None, typer.Option("--type", help="One type, such as volume_spike (default: all).")
    ] = None,
    session: Session = None,
    note: Annotated[str, typer.Option(help="What came of it.")] = "",
    data_dir: DataDir = None,
) -> None:
    """Say that a line's alerts are seen to: they are listed and told no more."""
    with spoken_errors():
        from market_assets.commands import alerts as command

        settings = settings_of(data_dir, follow=True)
        command.ack(settings, ticker, kind=kind, session=session, note=note)


@app.command()
def backtest(
    *,
    days: Annotated[
        int, typer.Option(min=1, max=4000, metavar="NUMBER", help="How many sessions back.")
    ] = 250,
    data_dir: DataDir = None,
) -> None:
    """How often each rule would have fired with the present thresholds, and on which lines."""
    with spoken_errors(), until_nobody_reads():
        from market_assets.commands import alerts as command

        command.backtest(settings_of(data_dir, follow=True), days=days)
