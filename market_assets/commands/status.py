"""``market-assets status``: what is due and missing, how runs and sources fare, what it takes."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from prometheus_client.core import GaugeMetricFamily, Metric
from rich.console import Console
from rich.table import Table

from market_assets.commands.whole import print_whole
from market_assets.defs.markets import MARKETS
from market_assets.defs.platform import Platform
from market_assets.defs.turns import Turn, turns
from market_assets.serving.api.facts import FactsOfVersions
from market_assets.serving.api.freshness import Freshness
from market_assets.serving.api.gauges import PREFIX, gauges
from market_assets.serving.api.measures import text_of
from market_assets.serving.api.standing import Standing, standing
from market_assets.settings import Settings
from market_assets.warehouse.reader import Published

SECONDS = 60.0
"""That a question to the published version may take."""
FAILED = "FAILURE"


@dataclass(frozen=True, kw_only=True)
class Status:
    """How everything stands at an instant; ``silent`` are sources that are asked and never came."""

    mode: str
    version: str
    now: datetime
    standing: Standing
    turns: dict[str, Turn]
    silent: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        """A line for each table that lacks a day that is due, and each last run that failed."""
        tables = [
            f"{each.table} ends on {each.newest}, {each.due} is due"
            for each in self.standing.tables
            if each.late
        ]
        runs = [
            f"the last run of {market} failed: {turn.run_id}"
            for market, turn in self.turns.items()
            if turn.status == FAILED
        ]
        return tables + runs


def status(settings: Settings, *, form: str) -> bool:
    """Print how things stand as "table", "json" or "prometheus"; whether all is well.

    Raises ``NothingPublished``.
    """
    told = _status(Platform(settings))
    if form == "json":
        json.dump(_plain(told), sys.stdout, default=_json, indent=1)
        sys.stdout.write("\n")
    elif form == "prometheus":
        metrics = [*gauges(told.standing), *_gauges(told.turns)]
        sys.stdout.write(text_of(metrics).decode("utf-8"))
    else:
        _print(told)
    return not told.faults


def _status(platform: Platform) -> Status:
    settings, now = platform.settings, datetime.now(UTC)
    with Published(platform.published).reading() as version:
        facts = FactsOfVersions(seconds=SECONDS).of(version)
        stands = standing(version, facts, platform.archive, settings.mode_dir, now, seconds=SECONDS)
    asked = [source for market in MARKETS for source in market.sources if platform.asks(source)]
    return Status(
        mode=settings.web,
        version=facts.name.removeprefix("market-"),
        now=now,
        standing=stands,
        turns=turns(settings, now),
        silent=tuple(each.name for each in asked if each.name not in stands.sources),
    )


def _plain(told: Status) -> dict[str, Any]:
    stands = told.standing
    return {
        "well": not told.faults,
        "faults": told.faults,
        "mode": told.mode,
        "now": told.now,
        "version": told.version,
        "published_at": stands.published_at,
        "versions": stands.versions,
        "disk_bytes": stands.disk,
        "tables": [_table(told, table) for table in stands.tables],
        "markets": {
            name: {"quality": stands.quality.get(name), **asdict(turn)}
            for name, turn in told.turns.items()
        },
        "sources": [
            *(
                {"source": name, "at": row.fetched_at, "status": row.status, "url": row.url}
                for name, row in sorted(stands.sources.items())
            ),
            *({"source": name, "at": None} for name in told.silent),
        ],
    }


def _table(told: Status, table: Freshness) -> dict[str, object]:
    """What is judged of the table, with what its market's runs and sources say."""
    market, newest = table.table.partition(".")[0], table.newest
    turn = told.turns[market]
    return {
        **asdict(table),
        "age_days": (told.now.date() - newest).days if newest else None,
        "quality": told.standing.quality.get(market),
        "last_run": turn.ended_at,
        "last_run_status": turn.status,
        "next_run": turn.next_at,
    }


def _gauges(found: dict[str, Turn]) -> Iterable[Metric]:
    """The turns for Prometheus; what is not known has no sample."""
    for name, meaning, values in (
        (
            "run_ended_timestamp_seconds",
            "When the last run of the market ended.",
            {market: turn.ended_at and turn.ended_at.timestamp() for market, turn in found.items()},
        ),
        (
            "run_next_timestamp_seconds",
            "When a schedule starts the next run of the market.",
            {market: turn.next_at and turn.next_at.timestamp() for market, turn in found.items()},
        ),
        (
            "run_failed",
            "1 where the last run of the market failed.",
            {market: turn.status and turn.status == FAILED for market, turn in found.items()},
        ),
    ):
        family = GaugeMetricFamily(PREFIX + name, meaning, labels=["market"])
        for market, value in values.items():
            if value is not None:
                family.add_metric([market], float(value))
        yield family


def _print(told: Status) -> None:
    console, stands = Console(), told.standing
    console.print(
        f"[bold]{told.mode}[/], version {told.version}, {stands.versions} kept", highlight=False
    )
    _rows(
        console,
        ("table", "newest", "due", "rhythm", "age", "behind", "status"),
        (
            (row["table"], row["newest"], row["due"], row["rhythm"], row["age_days"],
             row["sessions_behind"], row["status"])
            for row in _plain(told)["tables"]
        ),
    )  # fmt: skip
    _rows(
        console,
        ("market", "quality", "last run", "ended", "next run"),
        (
            (name, _score(stands.quality.get(name)), turn.status, turn.ended_at, turn.next_at)
            for name, turn in told.turns.items()
        ),
    )
    _rows(
        console,
        ("source", "last came", "status"),
        [(name, row.fetched_at, row.status) for name, row in sorted(stands.sources.items())]
        + [(name, None, None) for name in told.silent],
    )
    _rows(
        console,
        ("disk", "MB"),
        ((part, f"{size / 1e6:,.1f}") for part, size in stands.disk.items()),
    )
    for fault in told.faults:
        console.print(f"[red]unwell:[/] {fault}", soft_wrap=True, highlight=False)


def _rows(console: Console, heading: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    table = Table(*heading, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(_text, row))
    print_whole(console, table)
    console.print()


def _score(score: float | None) -> str | None:
    return None if score is None else f"{score:.2f}"


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "-" if value is None else str(value)


def _json(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
