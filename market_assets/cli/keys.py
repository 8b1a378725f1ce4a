"""Commands about who may ask the REST API."""

from typing import Annotated, get_args

import typer

from market_assets.cli.endings import spoken_errors
from market_assets.cli.options import DataDir, one_of, settings_of
from market_assets.settings import Scope

app = typer.Typer(no_args_is_help=True, help="Who may ask the REST API.")

KeyName = Annotated[str, typer.Argument(help="As `keys list` shows it.", metavar="KEY")]


SCOPES: tuple[str, ...] = get_args(Scope)


@app.command()
def create(
    owner: Annotated[str, typer.Argument(help="Whose it is.")],
    *,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            parser=one_of(*SCOPES),
            metavar="|".join(SCOPES),
            help="What it may do; several by repeating [default: read].",
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How long it lives.")] = 365,
    rate: Annotated[
        str | None, typer.Option(help='Such as "600/minute" [default: the setting].')
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key and show it, this once."""
    with spoken_errors():
        from market_assets.commands import keys as command

        settings = settings_of(data_dir, follow=True)
        command.create(settings, owner, scopes=scope or ["read"], days=days, rate=rate)


@app.command("list")
def listed(*, data_dir: DataDir = None) -> None:
    """List all keys by their beginning."""
    with spoken_errors():
        from market_assets.commands import keys as command

        command.listed(settings_of(data_dir, follow=True))


@app.command()
def revoke(key: KeyName, *, data_dir: DataDir = None) -> None:
    """End a key at once."""
    with spoken_errors():
        from market_assets.commands import keys as command

        command.revoke(settings_of(data_dir, follow=True), key)


@app.command()
def rotate(
    key: KeyName,
    *,
    grace_hours: Annotated[
        float, typer.Option(min=0, help="How long the old one still opens.")
    ] = 24,
    data_dir: DataDir = None,
) -> None:
    """Make a new key in the place of another."""
    with spoken_errors():
        from market_assets.commands import keys as command

        command.rotate(settings_of(data_dir, follow=True), key, grace_hours=grace_hours)
