"""What central banks call the currencies they quote, and how many of them a rate is for.

Read from ``names.csv``. A name without a code is no currency of ISO 4217 (the West African Unit of
Account, WAUA). Lagos does not say which CFA franc it quotes; XOF and XAF have the same parity.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Named(NamedTuple):
    """ISO 4217 code, None for what has none, and the count that a rate is for."""

    currency: str | None
    unit: int


def named(source: str, name: object) -> Named:
    """What ``source`` means by ``name``, case and spacing aside; else ValueError."""
    folded = " ".join(name.split()).casefold() if isinstance(name, str) else ""
    if (found := _names().get((source, folded))) is None:
        raise ValueError(f"unknown currency: {name!r}")
    return found


@cache
def _names() -> dict[tuple[str, str], Named]:
    text = files(__package__ or "").joinpath("names.csv").read_text("utf-8")
    return {
        (row["source"], row["name"].casefold()): Named(row["currency"] or None, int(row["unit"]))
        for row in csv.DictReader(text.splitlines())
    }
