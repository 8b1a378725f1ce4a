"""What the daily run costs after 300 sessions and after ten years: it must not grow with history.

The sandbox's newest sessions are built by the real run, then the same rows are written again under
earlier days, so that every table of the market reaches back as far as asked. Each round runs the
market's own job from captures about its last sessions on both warehouses in turn, so that a busy
machine slows both; after every round all rows of these sessions must be the same in both. The first
round publishes everything, the later ones what changed.
Run: ``uv run python benchmarks/increment.py --market hkex [--rounds 5] [--years 10]``
"""

import argparse
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import dagster as dg
import polars as pl
from polars.testing import assert_frame_equal

from market_assets.commands.run import run
from market_assets.defs.location import code_location
from market_assets.defs.markets import MARKETS, Market, market_named
from market_assets.defs.platform import Platform
from market_assets.defs.publication import published_key
from market_assets.defs.window import Window, run_config, run_tags
from market_assets.settings import read_settings

TEMPLATE = 60
"""Sessions that are really built; earlier ones repeat them in turn."""
SHORT = 300
"""Sessions of the short history: more than a year, for the longest window reads 270."""
WIDTHS = {"casablanca": 2, "hkex": 5}
"""The most sessions that the market's daily schedules ask their run for."""
SHARED = "quality"
MOST = 1.2
PERIOD = timedelta(days=91)
"""By how much rows of weeks and months are moved back."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds of one run: of its steps without the publication, and of that."""

    build: float
    publication: float


def lengthen(platform: Platform, market: Market, sessions: tuple[date, ...]) -> int:
    """Repeat what is there under the earlier of ``sessions``; how many rows there are now.

    The warehouse's log does not learn of it: what was published before must be gone.
    """
    template = sessions[-TEMPLATE:]
    early = sessions[:-TEMPLATE]
    origins = [template[place % TEMPLATE] for place in range(-len(early), 0)]
    days = pl.DataFrame({"day": sessions, "origin": [*origins, *template]})
    moves = (template[0] - sessions[0]) // PERIOD
    rows = 0
    with platform.warehouse.connected() as connection:
        connection.register("days", days.to_arrow())
        tables = connection.execute(
            "SELECT schema_name || '.' || table_name, list(column_name) FROM duckdb_columns() "
            "WHERE schema_name IN (?, ?) AND database_name = current_database() GROUP BY ALL",
            [market.name, SHARED],
        ).fetchall()
        for table, columns in tables:
            if "session" in columns:
                earlier = (
                    f"SELECT t.* REPLACE (day AS session) FROM {table} t JOIN days "
                    "ON t.session = origin ORDER BY day, t.rowid"
                )
            elif "period_start" in columns:
                earlier = (
                    f"SELECT t.* REPLACE (period_start - n * {PERIOD.days} AS period_start) "
                    f"FROM {table} t, (SELECT n::INTEGER AS n FROM range({moves + 1}) r(n)) "
                    "ORDER BY period_start, t.rowid"
                )
            else:
                continue
            connection.execute(f"CREATE OR REPLACE TABLE {table} AS {earlier}")
            [(count,)] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
            rows += count
    return rows


@dg.logger
def quiet(_: dg.InitLoggerContext) -> logging.Logger:
    """Prints nothing, so that the events of a run do not hide the figures."""
    logger = logging.getLogger("increment")
    logger.propagate = False
    return logger


def daily_run(platform: Platform, market: Market, window: Window) -> Cost:
    """Build, check and publish ``window`` from captures, as the schedules do."""
    definitions = code_location(platform.settings, loggers={"quiet": quiet})
    job = definitions.resolve_job_def(market.job(from_captures=True))
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(
            instance=instance,
            tags=run_tags(window),
            run_config=run_config(window) | {"loggers": {"quiet": {}}},
        )
    published = published_key(market).to_python_identifier()
    spent = {
        event.step_key: event.step_success_data.duration_ms / 1000
        for event in result.all_events
        if event.is_step_success
    }
    publication = spent.pop(published)
    return Cost(build=sum(spent.values()), publication=publication)


def said_of(platform: Platform, market: Market, window: Window) -> Mapping[str, pl.DataFrame]:
    """All rows of the window's sessions, table by table."""
    with platform.warehouse.connected() as connection:
        tables = connection.execute(
            "SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns() "
            "WHERE schema_name IN (?, ?) AND column_name = 'session'",
            [market.name, SHARED],
        ).fetchall()
    return {
        table: platform.warehouse.read(table, first=window.first, last=window.last)
        for (table,) in tables
    }


def assert_same(platforms: Mapping[str, Platform], market: Market, window: Window) -> None:
    """Both warehouses hold the same rows of ``window``, and some."""
    one, other = (said_of(platform, market, window) for platform in platforms.values())
    assert one.keys() == other.keys()
    assert sum(frame.height for frame in one.values()) > 0
    for table, frame in one.items():
        assert_frame_equal(frame, other[table], check_row_order=False)


def main() -> None:
    """Measure, print the least of the warm rounds and fail where the long history costs more."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--market", choices=[each.name for each in MARKETS], required=True)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--years", type=int, default=10)
    asked = arguments.parse_args()
    market = market_named(asked.market)
    last = market.newest(datetime.now(UTC))
    long = market.sessions(last - timedelta(days=round(365.25 * asked.years)), last)
    window = Window(sessions=long[-WIDTHS[market.name] :])
    histories = {"short": long[-SHORT:], "long": long}
    with TemporaryDirectory() as folder:
        template = Path(folder) / "template"
        assert run(
            read_settings({"data_dir": template}),
            market.name,
            days=TEMPLATE,
            until=last,
            from_captures=False,
            again=False,
        )
        for name, sessions in histories.items():
            shutil.copytree(template, Path(folder) / name, symlinks=True)
            shutil.rmtree(platform_in(folder, name).published)
            rows = lengthen(platform_in(folder, name), market, sessions)
            print(f"{name:>6}: {len(sessions):5} sessions, {rows:10,} rows")
        spent: dict[str, list[Cost]] = {name: [] for name in histories}
        for number in range(asked.rounds + 1):
            for name in sorted(histories, reverse=number % 2 == 0):
                spent[name].append(daily_run(platform_in(folder, name), market, window))
            assert_same({n: platform_in(folder, n) for n in histories}, market, window)
    report(spent)


def platform_in(folder: str, name: str) -> Platform:
    """A platform that remembers nothing of the rounds before."""
    return Platform(read_settings({"data_dir": Path(folder) / name}))


def report(spent: Mapping[str, list[Cost]]) -> None:
    """Print cold and warm, and fail above ``MOST``."""
    for name, costs in spent.items():
        cold, warm = costs[0], least(costs)
        print(
            f"{name:>6}: build cold {cold.build:6.2f} s, warm {warm.build:6.2f} s;"
            f" publication {cold.publication:6.2f} s, warm {warm.publication:6.2f} s"
        )
    short, long = least(spent["short"]), least(spent["long"])
    build, publication = long.build / short.build, long.publication / short.publication
    whole = (long.build + long.publication) / (short.build + short.publication)
    print(f"build ratio {build:.2f}, publication ratio {publication:.2f}")
    print(f"whole run ratio {whole:.2f} (at most {MOST})")
    assert whole <= MOST, f"a daily run costs {whole:.2f} times as much after the long history"


def least(costs: list[Cost]) -> Cost:
    """The least of each over the rounds after the first."""
    return Cost(
        build=min(cost.build for cost in costs[1:]),
        publication=min(cost.publication for cost in costs[1:]),
    )


if __name__ == "__main__":
    main()
