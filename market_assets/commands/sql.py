"""``market-assets sql``: a query of the published tables, printed as people or programs want it."""

import json
import sys
from datetime import date, time
from decimal import Decimal

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from market_assets.commands.whole import print_whole
from market_assets.defs.platform import Platform
from market_assets.settings import Settings
from market_assets.warehouse.reader import Published

MOST_CHARACTERS = 80
"""Of a printed text; csv and json print all."""
LEAST_SHOWN = 0.001
"""Smaller fractions are printed with an exponent where four decimals would hide them."""
MOST_ROWS = 200
"""Rows of a printed table; csv and json print all."""


def sql(settings: Settings, query: str, form: str) -> None:
    """Print the rows of ``query`` as "table", "csv" (with a header line) or "json"."""
    rows = Published(Platform(settings).published).query(query)
    if form == "csv":
        _flat(rows).write_csv(sys.stdout)
    elif form == "json":
        sys.stdout.write(json.dumps(_finite(rows).to_dicts(), default=_json, ensure_ascii=False))
        sys.stdout.write("\n")
    else:
        _print_table(rows)


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with lists of texts joined by "; " and any other nested value as JSON."""
    nested = [name for name, dtype in rows.schema.items() if dtype.is_nested()]
    return rows.with_columns(
        pl.Series(name, [_cell(value) for value in rows[name].to_list()], pl.String)
        for name in nested
    )


def _cell(value: object) -> str | None:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return None if value is None else json.dumps(value, default=str, ensure_ascii=False)


def _finite(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with null for what is no number: JSON has no NaN."""
    floats = pl.col(pl.Float32, pl.Float64)
    return rows.with_columns(pl.when(floats.is_finite()).then(floats))


def _json(value: object) -> str | int | float:
    """What JSON has no word for: ISO dates and instants, bytes in hexadecimal, others as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _print_table(rows: pl.DataFrame) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, dtype in rows.schema.items():
        justify = "right" if dtype.is_numeric() else "left"
        table.add_column(Text(name), justify=justify, no_wrap=True)
    for row in rows.head(MOST_ROWS).iter_rows():
        table.add_row(*(Text(_text(value)) for value in row))
    console = Console()
    print_whole(console, table)
    if rows.height > MOST_ROWS:
        console.print(f"... {rows.height - MOST_ROWS:,} more rows: --format csv prints them all")


def _text(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        small = 0 < abs(value) < LEAST_SHOWN
        return f"{value:.4g}" if small else f"{value:,.4f}".rstrip("0").rstrip(".")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}"
    text = " ".join(str(value).split())
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}..."
