"""Tables of rows with their files beside them: what is downloaded are the very rows queried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, TypeAlias

import polars as pl
import streamlit as st

from market_assets.serving.api.formats import MEDIA_TYPES, Format, written
from market_assets.serving.api.problems import Problem
from market_assets.serving.api.redistribution import redistributable
from market_assets.serving.dashboard.reading import Data

Kind: TypeAlias = Literal["text", "day", "instant", "whole", "price", "rate", "fraction", "flag"]
NUMBERS = {"whole": "%,.0f", "price": "%,.2f", "rate": "%,.4f"}
ROW_HEIGHT = 33


@dataclass(frozen=True)
class Column:
    """What a column is called and how its values are written; ``help`` says what they mean."""

    label: str
    kind: Kind = "text"
    help: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Which column names the line of a row and which its day; ``table`` as ``explain`` has it.

    ``table`` is None where each row names its own in the column "table".
    """

    table: str | None
    line: str
    day: str
    company: bool = False
    """Whether the line is a company with a page of its own."""


def table(
    data: Data,
    rows: pl.DataFrame,
    *,
    title: str,
    name: str,
    of: str,
    columns: Mapping[str, Column],
    origin: Rows | None = None,
    sight: int = 11,
) -> None:
    """``columns`` of ``rows``, and all of ``rows`` as CSV and XLSX.

    ``of`` is the published table that decides, by the terms of its sources, what may leave as a
    file. With ``origin`` a row that is chosen leads on. ``sight``: rows that are seen without
    scrolling.
    """
    head = st.container(horizontal=True, vertical_alignment="bottom")
    head.subheader(title, anchor=False, width="stretch")
    _files(data, rows, name=name, of=of, place=head)
    if rows.is_empty():
        st.html('<p class="unit">No rows.</p>')
        return
    selecting: Any = "rerun" if origin else "ignore"
    event: Any = st.dataframe(
        rows.select(list(columns)),
        key=f"{name} rows",
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=ROW_HEIGHT * (min(rows.height, sight) + 1) + 3,
        column_config={column: _config(each) for column, each in columns.items()},
        on_select=selecting,
        selection_mode="single-row",
        placeholder="null",
        alt=title,
    )
    if origin:
        _leads(rows, event.selection.rows, origin)


def _config(column: Column) -> Any:  # noqa: ANN401 -- Streamlit names no type for it
    kinds = st.column_config
    match column.kind:
        case "whole" | "price" | "rate":
            return kinds.NumberColumn(column.label, help=column.help, format=NUMBERS[column.kind])
        case "fraction":
            return kinds.NumberColumn(column.label, help=column.help, format="percent")
        case "day":
            return kinds.DateColumn(column.label, help=column.help, format="YYYY-MM-DD")
        case "instant":
            return kinds.DatetimeColumn(
                column.label, help=column.help, format="YYYY-MM-DD HH:mm", timezone="UTC"
            )
        case "flag":
            return kinds.CheckboxColumn(column.label, help=column.help)
        case "text":
            return kinds.TextColumn(column.label, help=column.help)


def _files(data: Data, rows: pl.DataFrame, *, name: str, of: str, place: Any) -> None:  # noqa: ANN401 -- Streamlit's own type says less
    try:
        allowed = partial(data.settings.redistributes, as_file=True)
        free, warnings = redistributable(rows, allowed, behind=data.sources(of))
    except Problem as problem:
        place.caption(f"No files: {problem.detail}", width="content")
        return
    meta = {
        "table": of,
        "version": data.facts.name.removeprefix("market-"),
        "published_at": data.facts.published_at,
        "mode": data.facts.mode,
        "sources": data.sources(of),
    }
    for form in (Format.csv, Format.xlsx):
        place.download_button(
            form.upper(),
            data=partial(written, free, meta, warnings, form),
            file_name=f"{name}-{meta['version']}.{form}",
            mime=MEDIA_TYPES[form],
            key=f"{name} {form}",
            icon=":material/download:",
            help=f"All {free.height:,} rows of “{name}” as {form.upper()}"
            + "".join(f"; {warning}" for warning in warnings),
            on_click="ignore",
            type="tertiary",
        )


def _leads(rows: pl.DataFrame, selected: list[int], origin: Rows) -> None:
    """Where the chosen row leads."""
    if not selected or selected[0] >= rows.height:
        told = "Choose a row to see where its numbers come from."
        st.html(f'<p class="unit">{told}</p>')
        return
    row = rows.row(selected[0], named=True)
    line, session = str(row[origin.line]), row[origin.day]
    place = st.container(horizontal=True)
    explained(origin.table or row["table"], line, session, place=place)
    if origin.company:
        place.page_link(
            "views/company.py",
            label=f"{line}, the company",
            icon=":material/domain:",
            query_params={"ticker": line},
        )


def explained(table: str, line: str, session: date, *, place: Any) -> None:  # noqa: ANN401 -- Streamlit's own type says less
    """A link to what stands behind a row."""
    place.page_link(
        "views/provenance.py",
        label=f"Where {line} of {session} comes from",
        icon=":material/account_tree:",
        query_params={"table": table, "line": line, "session": f"{session}"},
    )
