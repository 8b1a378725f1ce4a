"""What ails the platform, as its runs and its published tables show it; nobody is told here."""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import dagster as dg

from market_assets.defs.captures import ANSWERED
from market_assets.defs.layouts import DRIFT
from market_assets.defs.markets import MARKETS, Market
from market_assets.defs.reporting import evaluations
from market_assets.domain.incidents import Sighting
from market_assets.warehouse.failures import NothingPublished, QueryRefused
from market_assets.warehouse.names import identifier, table_identifier
from market_assets.warehouse.reader import Published

NEWEST: Mapping[str, tuple[str, str]] = {
    "casablanca": ("casablanca.daily_quotes", "session"),
    "hkex": ("hkex.southbound_holdings", "session"),
    "central_bank": ("central_bank.indicator_status", "session"),
    "africa": ("africa.daily_quotes", "session"),
    "companies": ("companies.fundamentals", "session"),
}
"""The table of each market that has rows of every session, and its day."""
BLOCKED = {"Blocked", "Disallowed"}
CHANGED = {"LayoutChanged", "NotThisPage"}
DOWN = {"Unavailable", "RateLimited", "TornBody", "Untrusted", "CircuitOpen"}
FAILURE = re.compile(r"(?:^|: |; )([A-Z][A-Za-z]+): ")
LONGEST = 500
LONGEST_DRIFT = 2000
"""Room for both fingerprints."""
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
LOOK_BACK = timedelta(days=1)
"""A run that ended longer ago is not looked at any more."""
BEGIN = ""
"""The run id under which it is remembered when looking began: what was before is not told."""


def seen_runs(
    instance: dg.DagsterInstance,
    connection: sqlite3.Connection,
    now: datetime,
    *,
    warnings: bool,
) -> Iterator[Sighting]:
    """What the runs show that ended since the last look; whichever process they were of."""
    connection.execute("INSERT OR IGNORE INTO seen_runs VALUES (?, ?)", [BEGIN, now.isoformat()])
    rows = connection.execute("SELECT run_id, ended_at FROM seen_runs").fetchall()
    seen = {row["run_id"]: datetime.fromisoformat(row["ended_at"]) for row in rows}
    since = max(seen[BEGIN], now - LOOK_BACK)
    records = instance.get_run_records(
        dg.RunsFilter(statuses=ENDED, updated_after=since),
        order_by="update_timestamp",
        ascending=True,
    )
    for record in records:
        run = record.dagster_run
        if run.run_id in seen:
            continue
        connection.execute("INSERT INTO seen_runs VALUES (?, ?)", [run.run_id, now.isoformat()])
        yield from sightings_of(instance, run, warnings=warnings)
    connection.execute(
        "DELETE FROM seen_runs WHERE run_id <> ? AND ended_at < ?",
        [BEGIN, (now - 2 * LOOK_BACK).isoformat()],
    )


def sightings_of(
    instance: dg.DagsterInstance, run: dg.DagsterRun, *, warnings: bool
) -> Iterator[Sighting]:
    """What a run that ended shows: itself, its checks, and the sources that it asked.

    A source that was not asked is not seen; a check that only warns is, where ``warnings`` are. A
    source ails whose pages changed, though they can be read.
    """
    failed = run.status == dg.DagsterRunStatus.FAILURE
    yield Sighting(
        kind="failed_run",
        subject=run.job_name.removesuffix("_from_captures"),
        ailing=failed,
        said=f"Run {run.run_id}: {_reason(instance, run.run_id)}" if failed else "",
    )
    seen = tuple(evaluations(instance, run.run_id))
    changed = {
        line.partition(" ")[0]: f"its layout changed.\n{line}"[:LONGEST_DRIFT]
        for evaluation in seen
        if evaluation.check_name == DRIFT and not evaluation.passed
        for line in str(evaluation.metadata["where"].value).splitlines()
    }
    told: set[str] = set()
    for evaluation in sorted(seen, key=lambda each: each.check_name != ANSWERED):
        asset, name = evaluation.asset_key, evaluation.check_name
        facts = {key: value.value for key, value in evaluation.metadata.items()}
        if name == ANSWERED:
            source = asset.path[-1]
            if not evaluation.passed or "pages" in facts:
                told.add(source)
                trouble = source_trouble(str(facts.get("failures", "")))
                yield Sighting(
                    kind="source",
                    subject=source,
                    ailing=not evaluation.passed or source in changed,
                    said=trouble if not evaluation.passed else changed.get(source, ""),
                )
        elif name == DRIFT and changed and changed.keys() <= told:
            continue  # each is told of its source
        elif evaluation.passed or warnings or evaluation.severity == dg.AssetCheckSeverity.ERROR:
            words = ", ".join(f"{key} {value}" for key, value in facts.items())
            yield Sighting(
                kind="failed_check",
                subject=f"{asset.to_user_string()}: {name}",
                ailing=not evaluation.passed,
                said=f"Run {run.run_id}. {words}"[:LONGEST],
            )


def source_trouble(failures: str) -> str:
    """What ails a source: whether it is blocked, changed or down, and its failures' own words."""
    names = set(FAILURE.findall(failures))
    what = [
        word
        for word, kinds in (
            ("it blocks us", BLOCKED),
            ("its layout changed", CHANGED),
            ("it is down", DOWN),
        )
        if names & kinds
    ]
    return f"{', '.join(what) or 'what came cannot be used'}.\n{failures}"[:LONGEST]


def lateness(
    published: Published, now: datetime, *, grace: timedelta, markets: Iterable[Market] = MARKETS
) -> Iterator[Sighting]:
    """Whether each published market has the session that its calendar says was out ``grace`` ago.

    A market that was never published is nobody's loss.
    """
    for market in markets:
        table, day = NEWEST[market.name]
        try:
            newest = published.query(
                f"SELECT max({identifier(day)}) FROM {table_identifier(table)}"  # noqa: S608 -- quoted
            ).item()
        except (NothingPublished, QueryRefused):
            continue
        due = market.newest(now - grace)
        yield Sighting(
            kind="late",
            subject=market.name,
            ailing=newest is None or newest < due,
            said=f"{table} ends with {newest}; {due} has been due.",
        )


def _reason(instance: dg.DagsterInstance, run_id: str) -> str:
    """The first words of the first step that failed, or of the run."""
    for kind in (dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE):
        for record in instance.get_records_for_run(run_id, of_type=kind).records:
            event = record.event_log_entry.dagster_event
            if event is None:
                continue
            error = event.step_failure_data.error if event.is_step_failure else None
            cause = error.cause if error and error.cause else error
            said = cause.message if cause else event.message or ""
            return f"{event.step_key or 'the run'}: {said.strip()}"[:LONGEST]
    return "no message"
