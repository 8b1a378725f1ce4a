"""Rows and what is to be known of them as JSON, CSV, XLSX or Parquet; bytes out, nothing sent."""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

import orjson
import polars as pl
import xlsxwriter


class Format(StrEnum):
    """How rows leave."""

    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.json: "application/json",
    Format.csv: "text/csv; charset=utf-8",
    Format.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.parquet: "application/vnd.apache.parquet",
}
DENSE = (Format.xlsx, Format.parquet)
"""Compressed already."""
Meta = Mapping[str, object]


def written(rows: pl.DataFrame, meta: Meta, warnings: Sequence[str], form: Format) -> bytes:
    """``rows`` in the format ``form``.

    JSON is the envelope of data, meta and warnings; XLSX has them on a second sheet, Parquet in
    its key-value metadata; CSV has the rows alone, with a header line.
    """
    match form:
        case Format.json:
            envelope = {"data": rows.to_dicts(), "meta": meta, "warnings": warnings}
            return orjson.dumps(envelope, default=_plain, option=orjson.OPT_UTC_Z)
        case Format.csv:
            return _flat(rows).write_csv(datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ").encode()
        case Format.xlsx:
            return _xlsx(rows, meta, warnings)
        case Format.parquet:
            target = io.BytesIO()
            told = {
                "meta": orjson.dumps(meta).decode(),
                "warnings": orjson.dumps(warnings).decode(),
            }
            rows.write_parquet(target, metadata=told)
            return target.getvalue()


def _plain(value: object) -> float | str:
    """What JSON has no word for."""
    return float(value) if isinstance(value, Decimal) else str(value)


def _xlsx(rows: pl.DataFrame, meta: Meta, warnings: Sequence[str]) -> bytes:
    target = io.BytesIO()
    # A publisher's text is never a formula or a link of ours.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    instants = pl.selectors.datetime(time_zone="*")
    with xlsxwriter.Workbook(target, options) as book:
        _flat(rows).with_columns(instants.dt.replace_time_zone(None)).write_excel(
            book, "data", autofit=False, table_style="Table Style Light 1"
        )
        about = book.add_worksheet("about")
        about.set_column(0, 0, 14)
        told = [*meta.items(), *(("warning", warning) for warning in warnings)]
        for number, (name, value) in enumerate(told):
            about.write_string(number, 0, name)
            about.write_string(number, 1, _told(value))
    return target.getvalue()


def _told(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with any nested value as JSON."""
    nested = [name for name, kind in rows.schema.items() if kind.is_nested()]
    return rows.with_columns(
        pl.Series(name, [_cell(value) for value in rows[name].to_list()], pl.String)
        for name in nested
    )


def _cell(value: object) -> str | None:
    return None if value is None else json.dumps(value, default=str, ensure_ascii=False)
