"""What the killed, waiting and competing processes of these tests do; not tests themselves."""

import os
import resource
import time
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import polars as pl

from market_assets.warehouse.failures import PublicationFailed
from market_assets.warehouse.publish import View, publish
from market_assets.warehouse.tables import Replacement, Warehouse

QUOTES, DISAGREEMENTS = "casablanca.daily_quotes", "quality.disagreements"
SESSIONS = [date(2026, 3, 2) + timedelta(days=day) for day in range(5)]
LINES = 2_000
GENERATION = View(
    name="casablanca.generation",
    sql="SELECT min(generation) AS first, max(generation) AS last FROM casablanca.daily_quotes",
    reads=(QUOTES,),
)


def rows_of(sessions: list[date], generation: int, *, lines: int = LINES) -> pl.DataFrame:
    """``lines`` rows of each session, all stamped with ``generation``."""
    tickers = pl.DataFrame({"ticker": [f"T{number:05}" for number in range(lines)]})
    return (
        pl.DataFrame({"session": sessions})
        .join(tickers, how="cross")
        .with_columns(generation=pl.lit(generation, pl.Int64), close=pl.lit(100.5))
    )


def replace_for_ever(path: Path, acknowledged: Path, start: int) -> None:
    """Replace one session after another in two tables; say which generation was committed."""
    warehouse = Warehouse(path, mode="sandbox", patience=10)
    descriptor = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for generation in count(start):
        session = SESSIONS[generation % len(SESSIONS)]
        frame = rows_of([session], generation)
        warehouse.replace_many(
            [
                Replacement(table=table, frame=frame, first=session, last=session)
                for table in (QUOTES, DISAGREEMENTS)
            ]
        )
        os.write(descriptor, f"{generation}\n".encode())


def replace_and_publish(path: Path, directory: Path, acknowledged: Path, times: range) -> None:
    """Replace both tables whole and publish them, once for each generation in ``times``."""
    warehouse = Warehouse(path, mode="sandbox", patience=10)
    descriptor = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for generation in times:
        frame = rows_of(SESSIONS, generation)
        first, last = SESSIONS[0], SESSIONS[-1]
        warehouse.replace_many(
            [
                Replacement(table=table, frame=frame, first=first, last=last)
                for table in (QUOTES, DISAGREEMENTS)
            ]
        )
        publish(
            warehouse,
            directory,
            schemas=("casablanca", "quality"),
            carried=(),
            views=[GENERATION],
            facts={"generation": str(generation)},
            order={QUOTES: ("ticker", "session")},
        )
        os.write(descriptor, f"{generation}\n".encode())


def publish_with_room(path: Path, directory: Path, room: int, said: Path) -> None:
    """Publish where no file can grow beyond ``room`` bytes; say why that failed and exit with 1."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        publish(
            Warehouse(path, mode="sandbox", patience=10),
            directory,
            schemas=("casablanca",),
            carried=(),
            views=[GENERATION],
            facts={},
            order={},
        )
    except PublicationFailed as failure:
        said.write_text(str(failure))
        raise SystemExit(1) from failure


def write_ten_sessions(path: Path, table: str) -> None:
    """Ten small replacements in ``table``."""
    warehouse = Warehouse(path, mode="sandbox", patience=30)
    for day in range(10):
        session = date(2026, 5, 1) + timedelta(days=day)
        frame = rows_of([session], day, lines=20)
        warehouse.replace_sessions(table, frame, first=session, last=session)


def hold(path: Path, held: Path) -> None:
    """Keep the warehouse open until killed."""
    with Warehouse(path, mode="sandbox", patience=10).connected():
        held.touch()
        time.sleep(60)
