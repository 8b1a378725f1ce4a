"""From the rows of a Bank Al-Maghrib table to rows of ours: numbers, days, doubles.

Knows no subject. What is wrong with one row is a ``ValueError``, which puts that row aside.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from market_assets.domain.numbers import FRENCH_GROUPS, NumberFormat, number
from market_assets.sources.central_bank.bkam_tables import DAY, Row
from market_assets.sources.reading import stated_day
from market_assets.sources.source import Refused

FRENCH = NumberFormat(decimal=",", groups=FRENCH_GROUPS)
MILLION = 1_000_000


class Fact(NamedTuple):
    """A row of ours and the text it was read from."""

    values: dict[str, Any]
    text: str


class Said(NamedTuple):
    """What one table says about ``subject``, and what was put aside."""

    subject: str
    rows: list[dict[str, Any]]
    refused: tuple[Refused, ...]


def read_rows(
    rows: Iterable[Row], read: Callable[[Row], Iterable[dict[str, Any]]]
) -> tuple[list[Fact], tuple[Refused, ...]]:
    """What ``read`` makes of each row that says anything, and the rows that cannot be read."""
    facts: list[Fact] = []
    refused: list[Refused] = []
    for row in rows:
        if not any(row.cells):
            continue
        text = row.text
        try:
            facts += [Fact(values, text) for values in read(row)]
        except ValueError as error:
            refused.append(Refused(text=text, reason=str(error)))
    return facts, tuple(refused)


def once(
    facts: Iterable[Fact], key: Sequence[str]
) -> tuple[list[dict[str, Any]], tuple[Refused, ...]]:
    """One row per ``key``: equal ones are one, those that differ are refused, all of them."""
    by_key: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[tuple(fact.values[name] for name in key)].append(fact)
    rows: list[dict[str, Any]] = []
    refused: list[Refused] = []
    for named, same in by_key.items():
        if all(fact.values == same[0].values for fact in same):
            rows.append(same[0].values)
        else:
            reason = f"{len(same)} rows of {' '.join(map(str, named))} differ"
            day = same[0].values["reference_date"]
            refused += [
                Refused(text=fact.text, reason=reason, kind="conflicting_rows", session=day)
                for fact in same
            ]
    return rows, tuple(refused)


def day(text: str) -> date:
    """A day ``dd/mm/yyyy``."""
    return stated_day(text, DAY)


@lru_cache(maxsize=4096)
def percent(text: str) -> float | None:
    """A rate in percent: ``2,250 %`` is 2.25; some tables leave the sign out."""
    return number(text.removesuffix("%"), FRENCH)


def millions(text: str) -> float | None:
    """Millions of dirhams in dirhams, to the centime."""
    value = number(text, FRENCH)
    return None if value is None else round(value * MILLION, 2)


def observations(
    reference_date: date, values: Mapping[str, float | None], *, published: date | None
) -> list[dict[str, Any]]:
    """A row for each indicator that has a value."""
    if published is not None and published < reference_date:
        raise ValueError(f"published on {published}, before {reference_date} that it is about")
    return [
        {
            "indicator_id": name,
            "reference_date": reference_date,
            "value": value,
            "publication_date": published,
        }
        for name, value in values.items()
        if value is not None
    ]
