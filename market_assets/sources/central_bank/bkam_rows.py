"""From the rows of a Bank Al-Maghrib table to rows of ours: numbers, days, doubles.

Knows no page. What is wrong with one row is a ``ValueError``, which puts that row aside.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from market_assets.domain.numbers import FRENCH_GROUPS, NumberFormat, number
from market_assets.sources.central_bank.bkam_tables import DAY, Row, Table
from market_assets.sources.central_bank.subjects import KEYS
from market_assets.sources.reading import stated_day
from market_assets.sources.source import Refused

FRENCH = NumberFormat(decimal=",", groups=FRENCH_GROUPS)
MILLION = 1_000_000
Item = TypeVar("Item")


class Fact(NamedTuple):
    """A row of ours and the text it was read from."""

    values: dict[str, Any]
    text: str


class Said(NamedTuple):
    """What one table says about ``subject``, and what was put aside."""

    subject: str
    rows: list[dict[str, Any]]
    refused: tuple[Refused, ...]


def read_table(subject: str, table: Table, read: Callable[[Row], Iterable[dict[str, Any]]]) -> Said:
    """What ``read`` makes of each row of ``table`` that says anything, as ``read_rows``."""
    return read_rows(
        subject, (row for row in table.rows if any(row.cells)), read, text=lambda row: row.text
    )


def read_rows(
    subject: str,
    rows: Iterable[Item],
    read: Callable[[Item], Iterable[dict[str, Any]]],
    *,
    text: Callable[[Item], str],
) -> Said:
    """What ``read`` makes of each row, one of each key, and the rows that cannot be used.

    Rows of one key that are equal are one; those that differ are refused, all of them.
    """
    by_key: dict[tuple[Any, ...], list[Fact]] = defaultdict(list)
    refused: list[Refused] = []
    for row in rows:
        said = text(row)
        try:
            facts = [Fact(values, said) for values in read(row)]
        except ValueError as error:
            refused.append(Refused(text=said, reason=str(error)))
        else:
            for fact in facts:
                by_key[tuple(fact.values[name] for name in KEYS[subject])].append(fact)
    told: list[dict[str, Any]] = []
    for key, same in by_key.items():
        if all(fact.values == same[0].values for fact in same):
            told.append(same[0].values)
        else:
            reason = f"{len(same)} rows of {' '.join(map(str, key))} differ"
            day = same[0].values["reference_date"]
            refused += [
                Refused(text=fact.text, reason=reason, kind="conflicting_rows", session=day)
                for fact in same
            ]
    return Said(subject, told, tuple(refused))


def day(text: str) -> date:
    """A day ``dd/mm/yyyy``."""
    return stated_day(text, DAY)


@lru_cache(maxsize=4096)
def percent(text: str) -> float | None:
    """A rate in percent, of 0 to 100: ``2,250 %`` is 2.25; some tables leave the sign out."""
    rate = number(text.removesuffix("%"), FRENCH)
    if rate is not None and not 0 <= rate <= 100:  # noqa: PLR2004  percent
        raise ValueError(f"{text!r} is no rate in percent")
    return rate


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
