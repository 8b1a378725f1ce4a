"""Rows between DuckDB and polars, in the spelling that DuckDB 1.5 and 2.0 share."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias, cast

import duckdb
import polars as pl

Parameters: TypeAlias = Sequence[object] | Mapping[str, object]


def frame_of(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Parameters
) -> pl.DataFrame:
    """The rows of ``query``.

    Through ``execute``: ``sql(query, params=...)`` of 1.5 carries each value through Python,
    thirty times slower for a year of quotes.
    """
    result = cast("_Result", connection.execute(query, parameters))
    return pl.DataFrame(result.to_arrow_table())


def insert(connection: duckdb.DuckDBPyConnection, target: str, frame: pl.DataFrame) -> None:
    """Add the rows of ``frame`` to ``target`` (quoted), in their order, columns by name."""
    connection.register("incoming", frame)
    connection.execute(f"INSERT INTO {target} BY NAME SELECT * FROM incoming")
    connection.unregister("incoming")


class _Result(Protocol):
    """A result of DuckDB without the type of pyarrow's table, which says nothing of itself."""

    def to_arrow_table(self) -> Any: ...  # noqa: ANN401 -- pyarrow carries no types
