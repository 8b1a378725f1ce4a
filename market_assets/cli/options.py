"""What several commands take: the folder of the data, a day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from market_assets.modes import follow_mode
from market_assets.settings import Settings, read_settings

DataDir = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Where everything is kept (default: data)."),
]


def one_of(*allowed: str) -> Callable[[str], str]:
    """The parser of an option that takes one of these words."""

    def word(text: str) -> str:
        if text not in allowed:
            raise typer.BadParameter(f"{text!r} is none of {', '.join(allowed)}")
        return text

    return word


def day_of(text: str) -> date:
    """The day that somebody typed as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date such as 2026-10-08") from error


def settings_of(data_dir: Path | None, *, follow: bool) -> Settings:
    """The settings of ``data_dir``; ``follow``: in the mode of what is there."""
    settings = read_settings({"data_dir": data_dir} if data_dir else {})
    return follow_mode(settings) if follow else settings
