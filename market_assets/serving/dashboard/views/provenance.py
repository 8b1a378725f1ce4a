"""Provenance: from a number back to what each source said and the bytes it was read from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from market_assets.provenance.explanation import Explanation, Unexplained
from market_assets.provenance.lookup import Statement
from market_assets.serving.dashboard.frame import headed, nothing, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice, text
from market_assets.serving.dashboard.tables import Column, table
from market_assets.warehouse.failures import TableRefused

TABLES = {
    "casablanca.daily_quotes": "ATW",
    "casablanca.volume_analysis": "ATW",
    "casablanca.volume_alerts": "ATW",
    "companies.fundamentals": "ATW",
    "companies.listings": "ATW",
    "hkex.southbound_holdings": "00700",
    "hkex.holding_deltas": "00700",
    "hkex.movers": "00700",
    "hkex.new_holdings": "00700",
    "hkex.southbound_eligibility": "00700",
    "hkex.participant_concentration": "00700",
    "central_bank.exchange_rates": "EUR",
    "central_bank.indicators": "monia.rate",
    "central_bank.treasury_curve": "",
    "africa.daily_quotes": "DANGCEM",
    "africa.fx_rates": "EUR",
}
"""What can be explained, each with a line to begin with."""


def provenance(data: Data) -> None:
    """The row, what it is computed from, each source's statement, and where its bytes are."""
    there = [name for name in TABLES if name in data.facts.columns]
    if not there:
        nothing("Nothing to explain", "No table of a market is published.")
        return
    name = choice("Table", there, name="table", default=there[0], told=str)
    line = text("Line", name="line", placeholder=f"such as {TABLES[name]}") or TABLES[name]
    typed = text("Day", name="session", placeholder="YYYY-MM-DD, or the newest")
    headed("Provenance", "What stands behind a number: the same as the command explain.")
    try:
        session = date.fromisoformat(typed) if typed else None
    except ValueError:
        nothing(f"“{typed}” is no day", "Write it as 2026-11-20, or leave it empty.")
        return
    try:
        found = data.explained(name, line, session)
    except (Unexplained, TableRefused) as error:
        nothing("It cannot be explained", f"{error}")
        return
    st.subheader(f"{found.table} · {found.line} · {found.session}", anchor=False)
    for row in found.rows:
        _values(row)
    if found.main:
        st.subheader(f"Computed from {found.main}", anchor=False)
        for row in found.main_rows:
            _values(row)
    _statements(data, found)
    for title, rows in found.faults:
        st.subheader(title.capitalize(), anchor=False)
        for row in rows:
            _values({key: value for key, value in row.items() if value is not None})


def _values(row: Mapping[str, Any]) -> None:
    """A row, a line for each column."""
    told = pl.DataFrame(
        {"column": list(row), "value": ["null" if v is None else _told(v) for v in row.values()]}
    )
    with st.container(height=min(36 * (told.height + 1) + 20, 330), border=False):
        st.table(told, border="horizontal", hide_header=True)


def _told(value: object) -> str:
    return (
        f"{value:,}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else f"{value}"
    )


def _statements(data: Data, found: Explanation) -> None:
    told = [_row(statement) for _, statements in found.said for statement in statements]
    silent = [source for source, statements in found.said if not statements]
    if told:
        table(
            data,
            pl.DataFrame(told, infer_schema_length=None),
            title="What each source says",
            name="statements",
            of=found.table,
            columns={
                "source": Column("Source"),
                "says": Column("It says"),
                "known_at": Column("Known at, UTC", "instant"),
                "replaced_at": Column("Replaced at, UTC", "instant"),
                "fetched_at": Column("Fetched at, UTC", "instant"),
                "url": Column("Address"),
                "sha256": Column("SHA-256 of the bytes"),
                "file": Column("Archive file"),
                "offset": Column("Offset", "whole"),
                "length": Column("Bytes", "whole"),
            },
        )
    if silent:
        st.caption(f"Asked for this market, but silent here: {', '.join(silent)}")


def _row(statement: Statement) -> dict[str, object]:
    capture = statement.capture
    return {
        "source": statement.source,
        "says": ", ".join(f"{name} {_told(value)}" for name, value in statement.stated.items())
        + (" (stated once more by the same page)" if statement.repeated else ""),
        "known_at": statement.known_at,
        "replaced_at": statement.replaced_at,
        "fetched_at": capture and capture.fetched_at,
        "url": capture.url if capture else "the capture's file is missing",
        "sha256": capture and capture.sha256,
        "file": capture and capture.file,
        "offset": capture and capture.offset,
        "length": capture and capture.length,
        "capture_id": statement.capture_id,
    }


if __name__ == "__main__":
    shown(provenance)
