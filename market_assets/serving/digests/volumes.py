"""What a digest says of the Casablanca exchange: the market, alerts, lines and sectors. Frames in.

Money is in dirhams. A line's change compares its close with its close a session (or a week)
before, splits of a known date undone.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from market_assets.serving.digests import figures
from market_assets.serving.digests.content import Bars, Cell, Section, Table, left_out

LINES = 10
ALERTS = 12
SECTORS = 12
NAMES = {
    "high_volume": "high volume",
    "low_volume": "low volume",
    "volume_spike": "spike",
    "volume_drop": "drop",
}


def market_facts(
    summary: pl.DataFrame, index: pl.DataFrame, *, session: date
) -> tuple[tuple[str, Cell], ...]:
    """The session beside those before. ``summary``: MARKET_VOLUME_SUMMARY; ``index``: MASI."""
    ordered = summary.sort("session")
    newest = ordered.row(-1, named=True)
    earlier = ordered.head(-1)["total_turnover"]
    mean = earlier.mean()
    beside = None if not mean else 100 * (newest["total_turnover"] / mean - 1)
    return (
        *_index_fact(index, session),
        (
            "Turnover",
            Cell(
                text=f"{figures.short(newest['total_turnover'])} MAD",
                note=f"{figures.percent(beside, signed=True, places=0)} to the mean of "
                f"{len(earlier)} sessions",
            ),
        ),
        (
            "Rising / falling",
            Cell(
                text=f"{newest['rising']} / {newest['falling']}",
                note=f"{newest['unchanged']} unchanged",
            ),
        ),
        (
            "Traded",
            Cell(
                text=f"{newest['traded']} of {newest['listed']}",
                note=f"{newest['untraded']} untraded, {newest['suspended']} suspended",
            ),
        ),
    )


def _index_fact(index: pl.DataFrame, session: date) -> Sequence[tuple[str, Cell]]:
    ordered = index.filter(pl.col("index") == "MASI").sort("session").tail(2)
    if ordered.is_empty() or ordered["session"][-1] != session:
        return ()
    close = ordered["close"][-1]
    before = ordered["close"][0] if ordered.height > 1 else None
    change = 100 * (close / before - 1) if before else None
    return (
        (
            "MASI",
            Cell(
                text=figures.decimal(close),
                note=figures.percent(change, signed=True),
                tone=figures.tone(change),
            ),
        ),
    )


def turnover_section(summary: pl.DataFrame) -> Section:
    """The market's turnover of the last sessions as a chart. ``summary``: MARKET_VOLUME_SUMMARY."""
    rows = summary.sort("session")
    largest = rows.sort("total_turnover", descending=True).row(0, named=True)
    newest = rows.row(-1, named=True)
    alt = (
        f"Bar chart of the turnover of {rows.height} sessions: "
        f"{figures.short(newest['total_turnover'])} MAD on {figures.day(newest['session'])}; "
        f"the largest {figures.short(largest['total_turnover'])} MAD on "
        f"{figures.day(largest['session'])}"
    )
    return Section(
        heading="Market",
        charts=(
            Bars(
                name="turnover",
                title=f"Turnover of the last {rows.height} sessions, MAD",
                alt=alt,
                labels=tuple(f"{day.day} {day:%b}" for day in rows["session"]),
                values=tuple(rows["total_turnover"]),
                form="money",
                upright=True,
            ),
        ),
    )


def alerts_section(alerts: pl.DataFrame) -> Section:
    """What traded unusually. ``alerts``: VOLUME_ALERTS with name and ``volume_confidence``.

    Those that traded stand before those that did not, the furthest from the usual first.
    """
    ordered = alerts.sort(
        pl.col("volume") == 0,
        pl.col("ratio").replace(0.0, 1e-9).log().abs(),
        "ticker",
        "alert_type",
        descending=[False, True, False, False],
    )
    return Section(
        heading="Volume alerts",
        note="High and low against the average of 20 sessions, spike and drop against the "
        "session before.",
        tables=(
            Table(
                headings=("Line", "Alert", "Shares", "Ratio", "Confidence"),
                words=2,
                rows=tuple(
                    (
                        _line(row),
                        Cell(
                            text=NAMES[row["alert_type"]],
                            tone="up" if row["ratio"] > 1 else "down",
                        ),
                        Cell(text=figures.whole(row["volume"])),
                        Cell(text=f"{figures.decimal(row['ratio'])} x"),
                        Cell(text=figures.decimal(row["volume_confidence"])),
                    )
                    for row in ordered.head(ALERTS).iter_rows(named=True)
                ),
                empty="No line's volume was out of the ordinary.",
                more=left_out(ordered.height, ALERTS),
            ),
        ),
    )


def lines_table(lines: pl.DataFrame, *, title: str, empty: str) -> Table:
    """Lines in the order given: ticker, name, close, change_pct, turnover, confidence."""
    return Table(
        title=title,
        headings=("Line", "Close", "Change", "Turnover"),
        rows=tuple(
            (
                _line(row),
                Cell(text=figures.decimal(row["close"])),
                Cell(
                    text=figures.percent(row["change_pct"], signed=True),
                    tone=figures.tone(row["change_pct"]),
                ),
                Cell(text=figures.short(row["turnover"])),
            )
            for row in lines.iter_rows(named=True)
        ),
        empty=empty,
    )


def active_section(lines: pl.DataFrame) -> Section:
    """The lines with the most turnover. ``lines`` as in ``lines_table``."""
    most = lines.filter(pl.col("turnover") > 0).sort("turnover", "ticker", descending=[True, False])
    table = lines_table(most.head(LINES), title="", empty="Nothing was traded.")
    return Section(heading="Most active", note="Turnover in MAD.", tables=(table,))


def sectors_section(sectors: pl.DataFrame) -> Section:
    """Turnover by sector. ``sectors``: SECTOR_VOLUME_ANALYSIS of one session."""
    ordered = sectors.sort("total_turnover", "sector", descending=[True, False])
    whole = sectors.select(pl.col("total_turnover").sum()).item()
    return Section(
        heading="Sectors",
        note="Ratio: the sector's volume to its average of the 20 sessions before.",
        tables=(
            Table(
                headings=("Sector", "Turnover", "Share", "Ratio"),
                rows=tuple(
                    (
                        Cell(text=row["sector"]),
                        Cell(text=figures.short(row["total_turnover"])),
                        Cell(
                            text=figures.percent(
                                100 * (row["total_turnover"] or 0.0) / whole if whole else None,
                                places=1,
                            )
                        ),
                        Cell(text=_ratio(row["volume_ratio"])),
                    )
                    for row in ordered.head(SECTORS).iter_rows(named=True)
                ),
                empty="No sector is known.",
                more=left_out(ordered.height, SECTORS),
            ),
        ),
    )


def changed_lines(quotes: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """``quotes`` with ``change_pct``: their close to that of ``before``, null where one is missing.

    Both have one row for each ticker.
    """
    closes = before.select("ticker", close_before="comparable_close")
    known = quotes.join(closes, on="ticker", how="left")
    change = 100 * (pl.col("comparable_close") / pl.col("close_before") - 1)
    return known.with_columns(change_pct=change)


def _line(row: dict[str, Any]) -> Cell:
    name = str(row["name"] or "")
    return Cell(text=str(row["ticker"]), note="" if name == row["ticker"] else name)


def _ratio(value: float | None) -> str:
    return figures.NONE if value is None else f"{figures.decimal(value)} x"
