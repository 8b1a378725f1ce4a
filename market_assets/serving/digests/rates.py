"""What a digest says of Bank Al-Maghrib's rates. Frames in."""

from datetime import date
from typing import Any

import polars as pl

from market_assets.serving.digests import figures
from market_assets.serving.digests.content import Cell, Section, Table
from market_assets.serving.digests.reading import Tables

SHOWN = {
    "policy.rate": "Policy rate",
    "interbank.rate": "Interbank rate",
    "monia.rate": "MONIA",
    "curve.13w": "Treasury, up to 13 weeks",
    "curve.52w": "Treasury, up to 52 weeks",
    "curve.10y": "Treasury, up to 10 years",
    "fx.reference.mid.EUR": "EUR in MAD",
    "fx.reference.mid.USD": "USD in MAD",
}
"""The indicators in a digest; of the Treasury's curve the longest point of each span."""
STATUS = "central_bank.indicator_status"


def rates_rows(tables: Tables, until: date, *, before: date) -> pl.DataFrame | None:
    """The rates on the newest day up to ``until`` and ``previous``, those known ``before``.

    None where the central bank's tables are not published or begin later.
    """
    if STATUS not in tables:
        return None
    query = (
        f"WITH told AS (SELECT * FROM {STATUS} WHERE list_contains(?, indicator_id)), "
        "newest AS (SELECT * FROM told WHERE session = "
        "(SELECT max(session) FROM told WHERE session <= ?)), "
        "earlier AS (SELECT indicator_id, value AS previous FROM told WHERE session = "
        "(SELECT max(session) FROM told WHERE session <= ?)) "
        "SELECT indicator_id, unit, reference_date, status, value, last_value, previous "
        "FROM newest LEFT JOIN earlier USING (indicator_id)"
    )
    rows = tables.rows(query, list(SHOWN), until, before)
    return None if rows.is_empty() else rows


def rates_section(rows: pl.DataFrame | None, *, since: str) -> Section:
    """The rates, each with its own day; ``since`` as in "in a session"."""
    if rows is None:
        return Section(heading="Rates", note="Bank Al-Maghrib's tables are not published.")
    places = list(SHOWN)
    known = {row["indicator_id"]: row for row in rows.iter_rows(named=True)}
    return Section(
        heading="Rates",
        note=f"Bank Al-Maghrib. Change {since}, in basis points or in percent.",
        tables=(
            Table(
                headings=("Rate", "Of", "Value", "Change"),
                words=2,
                rows=tuple(_row(SHOWN[name], known[name]) for name in places if name in known),
                empty="No rate is known.",
            ),
        ),
    )


def _row(label: str, row: dict[str, Any]) -> tuple[Cell, ...]:
    value, previous, unit = row["value"], row["previous"], row["unit"]
    shown = row["last_value"] if value is None else value
    in_percent = unit == "percent"
    text = (
        f"{figures.decimal(shown, places=3)} %" if in_percent else figures.decimal(shown, places=4)
    )
    return (
        Cell(text=label, note="" if row["status"] == "current" else str(row["status"])),
        Cell(text=figures.day(row["reference_date"])),
        Cell(text=text, tone="" if value is not None else "warn"),
        Cell(text=_change(value, previous, in_percent=in_percent)),
    )


def _change(value: float | None, previous: float | None, *, in_percent: bool) -> str:
    if value is None or previous is None:
        return figures.NONE
    if in_percent:
        points = round(100 * (value - previous), 1) + 0.0
        return f"{points:+.1f} bp" if points else "0.0 bp"
    return figures.percent(100 * (value / previous - 1), signed=True)
