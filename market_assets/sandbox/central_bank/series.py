"""How the invented bank's monetary series are written: the page that lists them, its workbooks.

The oddities are the bank's: months that drift away from their last day, notes below, names of files
with and without accents, neighbours with similar names. Not known and so invented: the page, and
the unit's words above the aggregates.
"""

import io
from datetime import UTC, date, datetime, timedelta
from functools import cache
from urllib.parse import quote

import xlsxwriter

from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.central_bank.page import page
from market_assets.sandbox.central_bank.series_figures import (
    AGGREGATES,
    OBJECTS,
    SECTORS,
    amounts,
    months,
)
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.central_bank.bkam_series import PAGE

DRIFTS_FROM = date(2021, 6, 30)
DAY_AFTER_DRIFT = 25
HEAD = 2
OUT_AFTER = timedelta(days=32)
"""An edition is out 32 days after the month it ends with."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_FOUND = Answer(body=b"<!DOCTYPE html><html><body>404</body></html>", status=404)
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
