"""Two warehouses compared, table by table: as multisets of rows, whatever order they lie in.

What is known about itself (``meta``) is not compared.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from market_assets.warehouse.frames import frame_of
from market_assets.warehouse.names import identifier, literal, table_identifier
from market_assets.warehouse.tables import Warehouse
from market_assets.warehouse.versions import shapes

SHOWN = 3
"""So many of the rows that only one side has are shown."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One table on both sides: how many rows only one has, and the first of them.

    ``shape``: how the columns differ, empty where they do not; then rows are not compared.
    """

    table: str
    only_here: int = 0
    only_there: int = 0
    shape: str = ""
    first_here: pl.DataFrame | None = None
    first_there: pl.DataFrame | None = None

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same."""
        return not (self.only_here or self.only_there or self.shape)


def compared(
    warehouse: Warehouse, other: Path, *, without: Collection[str]
) -> tuple[Comparison, ...]:
    """Each table of ``warehouse`` and of the closed file ``other``, by name.

    Columns of the names ``without`` are left aside.
    """
    with warehouse.connected() as connection:
        [(home,)] = connection.execute("SELECT current_database()").fetchall()
        connection.execute(f"ATTACH {literal(str(other))} AS there (READ_ONLY)")
        here, there = shapes(connection, home), shapes(connection, "there")
        found: list[Comparison] = []
        for table in sorted({*here, *there}):
            ours, theirs = dict(here.get(table, ())), dict(there.get(table, ()))
            if ours != theirs:
                found.append(Comparison(table=table, shape=_shape(ours, theirs)))
            else:
                columns = [column for column in ours if column not in without]
                found.append(_rows(connection, table, columns))
        connection.execute("DETACH there")
    return tuple(found)


def _shape(ours: dict[str, str], theirs: dict[str, str]) -> str:
    if not theirs:
        return "only here"
    if not ours:
        return "only there"
    return "columns: " + ", ".join(
        f"{name} {ours.get(name, 'absent')} here, {theirs.get(name, 'absent')} there"
        for name in sorted({*ours, *theirs})
        if ours.get(name) != theirs.get(name)
    )


def _rows(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> Comparison:
    wanted, name = ", ".join(map(identifier, columns)), table_identifier(table)
    here = f"SELECT {wanted} FROM {name}"
    there = f"SELECT {wanted} FROM there.{name}"
    only_here, first_here = _without(connection, here, there)
    only_there, first_there = _without(connection, there, here)
    return Comparison(
        table=table,
        only_here=only_here,
        only_there=only_there,
        first_here=first_here,
        first_there=first_there,
    )


def _without(
    connection: duckdb.DuckDBPyConnection, rows: str, others: str
) -> tuple[int, pl.DataFrame]:
    """How many of ``rows`` are not among ``others``, each as often as it comes, and the first."""
    left = f"({rows} EXCEPT ALL {others})"
    [(count,)] = connection.execute(f"SELECT count(*) FROM {left}").fetchall()
    return count, frame_of(connection, f"SELECT * FROM {left} ORDER BY ALL LIMIT {SHOWN}", ())
