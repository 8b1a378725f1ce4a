"""The days that no rule of a calendar gives, kept in csv files beside it with how each is known."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day that no rule gives. ``kind``: closed, open (in spite of a fixed feast) or cancelled."""

    day: date
    kind: str
    name: str
    basis: str
    source: str


@cache
def days_in(file: str) -> tuple[Day, ...]:
    """The days that ``file`` lists, in its order."""
    return tuple(
        Day(
            day=date.fromisoformat(row["day"]),
            kind=row["kind"],
            name=row["name"],
            basis=row["basis"],
            source=row["source"],
        )
        for row in rows_in(file)
    )


def rows_in(file: str) -> list[dict[str, str]]:
    """The rows of a csv file of this package, by heading."""
    text = files("market_assets.calendars").joinpath(file).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
