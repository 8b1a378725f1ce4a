"""Invented amounts of the bank's monetary series, by month since December 2001.

Categories, their labels and what is part of what are the bank's; every amount is made up, and
parts add up to what they are parts of. The order of the aggregates is not known, so invented.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np

FIRST_MONTH = date(2001, 12, 31)


class Category(NamedTuple):
    """A row: its label, and its amount in millions or the places of the rows it is the sum of."""

    label: str
    level: float
    parts: tuple[int, ...] = ()
    since: date = FIRST_MONTH


OBJECTS = (
    Category("Crédit bancaire", 0, (1, 2, 3, 7, 8, 11)),
    Category("Comptes débiteurs et crédits de trésorerie", 72_000),
    Category("Crédits à l'équipement", 45_000),
    Category("Crédits immobiliers", 0, (4, 6)),
    Category("Crédits à l'habitat", 30_000),
    Category("Dont: Financement participatif à l'habitat", 12, since=date(2017, 10, 31)),
    Category("Crédits aux promoteurs immobiliers (1)", 9_000),
    Category("Crédits à la consommation", 8_000),
    Category("Créances diverses sur la clientèle", 0, (9, 10)),
    Category("Crédits à caractère financier (2)", 12_000),
    Category("Autres crédits (3)", 2_000),
    Category("Créances en souffrance", 34_000),
)
SECTORS = (
    Category("Crédit bancaire", 0, (1, 4, 10)),
    Category("Secteur public hors AC", 0, (2, 3)),
    Category("Administrations locales", 4_500),
    Category("Sociétés non financières publiques", 2_200),
    Category("Secteur privé", 0, (5, 6)),
    Category("Sociétés non financières privées", 125_000),
    Category("Autres secteurs résidents", 0, (7, 8, 9)),
    Category("Particuliers et Marocains Résidant à l\u2019Etranger", 47_000),
    Category("Entrepreneurs individuels", 12_000),
    Category("ISBLSM", 190),
    Category("Autres sociétés financières", 0, (11, 12, 13, 14)),
    Category("Sociétés de financement", 11_000),
    Category("Etablissements de crédit assimilés (1)", 210),
    Category("OPCVM autres que monétaires", 830),
    Category("Autres (2)", 1_100),
)
AGGREGATES = (
    Category("Circulation fiduciaire", 66_000),
    Category("Monnaie scripturale", 160_000),
    Category("M1", 0, (0, 1)),
    Category("Placements à vue", 40_000),
    Category("M2", 0, (2, 3)),
    Category("Autres actifs Monétaires", 0, (6, 7, 8, 9, 10, 11, 12)),
    Category("Comptes à terme et bons de caisse auprès des banques (1)", 90_000),
    Category("Titres OPCVM monétaires (2)", 20_000),
    Category("Dépôts en devises (3)", 6_000),
    Category("Valeurs données en pension", 2_000),
    Category("Certificats de dépôts", 3_000),
    Category("Dépôts à terme auprès du Trésor", 1_000, since=date(2005, 12, 31)),
    Category("Autres dépôts", 4_000),
    Category("M3", 0, (4, 5)),
)


def months(until: date) -> tuple[date, ...]:
    """The last day of each month from the first of the series to ``until``."""
    count = (until.year - FIRST_MONTH.year) * 12 + until.month - FIRST_MONTH.month + 1
    ends = (divmod(FIRST_MONTH.month - 1 + n, 12) for n in range(count))
    return tuple(_end(FIRST_MONTH.year + years, month + 1) for years, month in ends)


@cache
def amounts(rows: Sequence[Category], until: date, seed: int) -> tuple[tuple[float, ...], ...]:
    """The millions of each row by month; a longer series begins like a shorter one.

    Sectors share out the credit that is given for all objects.
    """
    found = _sums(rows, _walks(rows, until, seed))
    if rows is SECTORS:
        total = _sums(OBJECTS, _walks(OBJECTS, until, seed))[0]
        found = found * (total / found[0])
        found[0] = total
    return tuple(tuple(row.round(6).tolist()) for row in found)


def _walks(rows: Sequence[Category], until: date, seed: int) -> np.ndarray:
    """Smooth walks of the rows that are no sums, from their levels; sums are 0."""
    count = len(months(until))
    steps = [
        np.random.default_rng([seed, len(rows), place]).normal(0.006, 0.01, count)
        for place in range(len(rows))
    ]
    levels = np.array([[row.level] for row in rows])
    return levels * np.exp(np.array(steps).cumsum(axis=1))


def _sums(rows: Sequence[Category], walks: np.ndarray) -> np.ndarray:
    found = walks.copy()
    for place in _inner_first(rows):
        found[place] = found[list(rows[place].parts)].sum(axis=0)
    return found


def _inner_first(rows: Sequence[Category]) -> list[int]:
    """The sums, each after those it is a sum of."""
    done: list[int] = []
    left = [place for place, row in enumerate(rows) if row.parts]
    while left:
        ready = [x for x in left if not set(rows[x].parts) & set(left)]
        done += ready
        left = [x for x in left if x not in ready]
    return done


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
