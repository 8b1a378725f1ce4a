"""What a digest says of the Southbound holdings: movers, newly held, eligibility. Frames in."""

from typing import Any

import polars as pl

from market_assets.serving.digests import figures
from market_assets.serving.digests.content import Bars, Cell, Section, Table, left_out

SHOWN = 5
"""Movers of each side in a table; the chart and the workbook have all."""
HORIZONS = {1: "1 session", 5: "5 sessions", 20: "20 sessions"}


def movers_section(movers: pl.DataFrame, horizon: int) -> Section:
    """The largest gains and losses by percent over ``horizon`` sessions. ``movers``: MOVERS."""
    rows = movers.filter(pl.col("horizon") == horizon, pl.col("measure") == "percent")
    top = rows.filter(pl.col("side") == "top").sort("rank")
    bottom = rows.filter(pl.col("side") == "bottom").sort("rank")
    span = HORIZONS[horizon]
    return Section(
        heading=f"Southbound movers, {span}",
        charts=_chart(top, bottom, horizon) if rows.height else (),
        tables=(
            _movers(top, title="Most bought", empty=f"Nothing rose over {span}."),
            _movers(bottom, title="Most sold", empty=f"Nothing fell over {span}."),
        ),
    )


def _chart(top: pl.DataFrame, bottom: pl.DataFrame, horizon: int) -> tuple[Bars, ...]:
    shown = pl.concat([top, bottom.reverse()])
    said = [
        f"{row['name'] or row['code']} {figures.percent(row['change_pct'], signed=True)}"
        for row in (*top.head(3).iter_rows(named=True), *bottom.head(3).iter_rows(named=True))
    ]
    return (
        Bars(
            name=f"movers-{horizon}",
            title=f"Change of holdings over {HORIZONS[horizon]}",
            alt=f"Bar chart of the largest changes over {HORIZONS[horizon]}: {', '.join(said)}",
            labels=tuple(
                f"{row['code']} {row['name'] or ''}".strip() for row in shown.iter_rows(named=True)
            ),
            values=tuple(shown["change_pct"]),
            form="percent",
        ),
    )


def _movers(rows: pl.DataFrame, *, title: str, empty: str) -> Table:
    return Table(
        title=title,
        headings=("Stock", "Change", "Shares", "Of issued"),
        rows=tuple(
            (
                Cell(text=row["name"] or row["code"], note=row["code"]),
                Cell(
                    text=figures.percent(row["change_pct"], signed=True),
                    tone=figures.tone(row["change_pct"]),
                ),
                Cell(text=figures.short(row["change_shares"], signed=True)),
                Cell(text=_points(row["change_points"])),
            )
            for row in rows.head(SHOWN).iter_rows(named=True)
        ),
        empty=empty,
        more=left_out(rows.height, SHOWN),
    )


def new_holdings_section(rows: pl.DataFrame, *, span: str) -> Section:
    """Who is newly held. ``rows``: NEW_HOLDINGS; ``span`` as in "in this session"."""
    return Section(
        heading="Newly held",
        tables=(
            Table(
                headings=("Stock", "Kind", "Shares", "Of issued"),
                words=2,
                rows=tuple(
                    (
                        Cell(text=row["name"] or row["code"], note=row["code"]),
                        Cell(
                            text=_entry(row["status"], row["entry"]),
                            note=_before(row),
                            tone="" if row["status"] == "new" else "warn",
                        ),
                        Cell(text=figures.short(row["shares"])),
                        Cell(text=figures.percent(row["percent"])),
                    )
                    for row in rows.sort("session", "code").iter_rows(named=True)
                ),
                empty=f"Nothing is newly held {span}.",
            ),
        ),
    )


def eligibility_section(rows: pl.DataFrame, *, span: str) -> Section:
    """What may be bought now, and no longer. ``rows``: southbound_eligibility."""
    changes = (
        rows.group_by("session", "code", "change")
        .agg(
            name=pl.col("name").first(),
            channels=pl.col("channel").unique().sort().str.to_titlecase().str.join(" and "),
            since=pl.col("list_before").min(),
        )
        .sort("session", "change", "code")
    )
    return Section(
        heading="Eligibility",
        note="What may be bought through Stock Connect; not the same as newly held.",
        tables=(
            Table(
                headings=("Stock", "Change", "Through"),
                words=3,
                rows=tuple(
                    (
                        Cell(text=row["name"] or row["code"], note=row["code"]),
                        Cell(
                            text=row["change"],
                            tone="up" if row["change"] == "added" else "down",
                            note=f"after {figures.day(row['since'])}",
                        ),
                        Cell(text=row["channels"]),
                    )
                    for row in changes.iter_rows(named=True)
                ),
                empty=f"No change of eligibility {span}.",
            ),
        ),
    )


def breadth_facts(breadth: pl.DataFrame) -> tuple[tuple[str, Cell], ...]:
    """The newest session of ``breadth`` (SOUTHBOUND_BREADTH) beside the one before."""
    ordered = breadth.sort("session")
    newest = ordered.row(-1, named=True)
    before = ordered.row(-2, named=True) if ordered.height > 1 else None
    change = None if before is None else newest["total_shares"] - before["total_shares"]
    return (
        ("Rising", Cell(text=figures.whole(newest["rising"]), tone="up")),
        ("Falling", Cell(text=figures.whole(newest["falling"]), tone="down")),
        ("Unchanged", Cell(text=figures.whole(newest["unchanged"]))),
        (
            "Shares held",
            Cell(
                text=figures.short(newest["total_shares"]),
                note=f"{figures.short(change, signed=True)} in a session",
            ),
        ),
    )


def _points(value: float | None) -> str:
    return figures.NONE if value is None else f"{value:+,.2f} pp"


def _entry(status: str, entry: str) -> str:
    match status:
        case "new":
            return "first entry" if entry == "first" else "return"
        case "code_change_suspect":
            return "code changed?"
        case _:
            return "code reused?"


def _before(row: dict[str, Any]) -> str:
    if row["replaces"]:
        return f"seems to go on from {row['replaces']}"
    if row["previous_name"] and row["previous_name"] != row["name"]:
        return f"was {row['previous_name']}"
    return ""
