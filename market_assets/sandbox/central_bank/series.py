"""The invented bank's monetary series: the page that lists them and three of its workbooks.

Categories, their order and the oddities are the bank's: months that drift away from their last
day, notes below, names of files with and without accents, neighbours with similar names. Every
amount is made up; parts add up to what they are parts of. Not known and so invented: the page, and
the order and the unit's words of the aggregates.
"""

import io
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
import xlsxwriter

from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.central_bank.page import page
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.central_bank.bkam_series import PAGE

FIRST_MONTH = date(2001, 12, 31)
DRIFTS_FROM = date(2021, 6, 30)
DAY_AFTER_DRIFT = 25
HEAD = 2
OUT_AFTER = timedelta(days=32)
"""An edition is out 32 days after the month it ends with."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_FOUND = Answer(body=b"<!DOCTYPE html><html><body>404</body></html>", status=404)


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
FOLDER = "/content/download"
FILES = {
    f"{FOLDER}/632818/7098245/6-AgregatsDeMonnaie.xlsx": ("Agrégats de monnaie", AGGREGATES),
    f"{FOLDER}/632824/7098257/12- Ventilation du crédit bancaire par objet économique.xlsx": (
        "12 - Ventilation du crédit bancaire par objet économique",
        OBJECTS,
    ),
    f"{FOLDER}/632825/7098259/13- Ventilation du CREDIT bancaire par secteur institutionnel.xlsx": (
        "13 - Ventilation du crédit bancaire par secteur institutionnel",
        SECTORS,
    ),
}
"""Title and rows of each workbook, by its path."""
OTHERS = {
    f"{FOLDER}/632817/7098243/6-Agregats de monnaie 1985-2001.xls": "Agrégats de monnaie 1985-2001",
    f"{FOLDER}/632826/7098261/14-Ventilation croisee.xlsx": (
        "14 - Ventilation croisée du crédit bancaire par objet économique et par secteur"
        " institutionnel"
    ),
    f"{FOLDER}/632851/7098311/39-ASF.xlsx": (
        "39 - Créances des ASF sur les agents non financiers par objet économique"
    ),
}
"""Neighbours that are no series of ours."""


def answer(question: Question, moment: Moment) -> Answer:
    """The page or a workbook; 404 for anything else."""
    if not question.headers.get("user-agent"):
        return Answer(body=b"<!DOCTYPE html><html><body>Forbidden</body></html>", status=403)
    if question.path == PAGE:
        return _page(moment.now)
    if question.path in FILES:
        newest = newest_month(moment.today)
        return Answer(
            body=_workbook(question.path, newest, moment.figures.seed), media_type=WORKBOOK
        )
    return NOT_FOUND


def newest_month(today: date) -> date:
    """The last day of the newest month that is out on ``today``."""
    out = today - OUT_AFTER
    return (out + timedelta(days=1)).replace(day=1) - timedelta(days=1)


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
    found = _walks(rows, until, seed)
    if rows is SECTORS:
        total = _sums(OBJECTS, _walks(OBJECTS, until, seed))[0]
        found = found * (total / _sums(SECTORS, found)[0])
    return tuple(tuple(row.round(6).tolist()) for row in _sums(rows, found))


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


def _page(now: datetime) -> Answer:
    listed = {path: title for path, (title, _) in FILES.items()} | OTHERS
    items = "\n".join(
        f'<li><a href="{quote(path) if place % 2 else path}" target="_blank">{title}</a></li>'
        for place, (path, title) in enumerate(sorted(listed.items()))
    )
    return page("Séries statistiques monétaires", f"<ul>\n{items}\n</ul>", now)


@cache
def _workbook(path: str, until: date, seed: int) -> bytes:
    title, rows = FILES[path]
    ends, values = months(until), amounts(rows, until, seed)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2023, 1, 1, tzinfo=UTC)})
        shown = book.add_format({"num_format": "mmm-yy"})
        sheet = book.add_worksheet("Feuil1")
        book.add_worksheet("Feuil2")
        sheet.write_column(0, 0, [title, "Encours en MDH"])
        for column, end in enumerate(ends, start=1):
            sheet.write_datetime(HEAD, column, _as_written(end), shown)
        for line, (row, stated) in enumerate(zip(rows, values, strict=True), start=HEAD + 1):
            cells = (x if end >= row.since else "ND" for end, x in zip(ends, stated, strict=True))
            sheet.write_row(line, 0, [row.label, *cells])
        sheet.write(HEAD + len(rows) + 2, 0, "(1) Note de bas de tableau")
    return file.getvalue()


def _as_written(end: date) -> datetime:
    """The date above a month: its last day at first, any day later."""
    day = end.day if end < DRIFTS_FROM else min(DAY_AFTER_DRIFT, end.day)
    return datetime(end.year, end.month, day)  # noqa: DTZ001  a date, not an instant


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
