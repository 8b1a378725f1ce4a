"""The closing table of a run: what is there now, and what to try next."""

import shlex
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from market_assets.commands.closings import CLOSINGS, Closing
from market_assets.commands.reasons import reasons, switches
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.run import RunOutcome
from market_assets.defs.window import Window
from market_assets.sources.source import Source
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published

EXAMPLES = 3
"""The worst of what a check found that its line names."""


def newest_version(platform: Platform) -> Path | None:
    """The published file of the moment; None before the first publication."""
    try:
        return Published(platform.published).current()
    except NothingPublished:
        return None


def print_summary(
    platform: Platform,
    market: Market,
    wanted: Window,
    outcome: RunOutcome | None,
    *,
    from_captures: bool,
    before: Path | None,
    console: Console,
    seconds: float,
) -> bool:
    """Print the table; whether all went well.

    ``outcome`` is None where nothing had to be done; ``from_captures``: nobody was asked, so nobody
    is silent whose pages are not there; ``before`` is what was published before the run. Where a
    run published nothing no figure is shown: what there is is not of this run.
    """
    closing = CLOSINGS[market.name]
    newest = newest_version(platform)
    published = newest is not None and (outcome is None or newest != before)
    table = Table(show_header=False, box=None, pad_edge=False)
    figures, query = (
        _figures(platform, market, wanted, from_captures=from_captures)
        if published
        else ([], closing.next)
    )
    for name, value in [
        *figures,
        *(_checks(outcome) if outcome else ()),
        ("time", f"{seconds:.1f} s"),
    ]:
        table.add_row(f"[bold]{name}[/]", value)
    console.print(table)
    stands = f"nothing new: the version before stands, {newest}" if newest else "nothing"
    _print(console, f"[bold]published[/]  {newest if published else stands}")
    if outcome:
        for line in _faults(outcome):
            _print(console, line)
        read = Published(platform.published) if published else None
        for source, reason in reasons(outcome, read, market, wanted).items():
            _print(console, f"[yellow]{source}:[/] {escape(reason)}")
        for source, switch in switches(outcome).items():
            _print(console, f"not asked: {source}; {switch} switches it on")
        for failure in outcome.failures:
            _print(console, f"[red]failed:[/] {escape(failure)}")
        if outcome.nobody_answered:
            _print(console, "[red]failed:[/] no source gave a page; what was known stands")
    if newest:
        option = f" --data-dir {shlex.quote(str(platform.settings.data_dir))}"
        command = "uv run market-assets sql"
        command += "" if str(platform.settings.data_dir) == "data" else option
        console.print(f'Try: {command} "{query}"', soft_wrap=True, highlight=False, markup=False)
    return outcome is None or outcome.succeeded


def _print(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, highlight=False)


def _figures(
    platform: Platform, market: Market, wanted: Window, *, from_captures: bool
) -> tuple[list[tuple[str, str]], str]:
    """What there is of ``wanted``, line by line, and a query of it to try.

    Pages that say nothing of the main table are told by what they do say.
    """
    published, closing = Published(platform.published), CLOSINGS[market.name]
    bounds = {"first": wanted.first, "last": wanted.last}
    counts = published.query(closing.figures, bounds).row(0, named=True)
    captured = {
        source.name: _captures(platform, market, source, wanted) for source in market.sources
    }
    answers = closing.answered.format(quality=closing.quality)
    sources = published.query(answers, bounds).rows()
    answered = [f"{name} {given}/{due}" for name, given, due in sources if given]
    silent = [name for name, given, _ in sources if not given]
    if from_captures:
        silent = [name for name in silent if captured.get(name)]
    judged = {name for name, *_ in sources}
    answered += [name for name, pages in captured.items() if name not in judged and pages]
    of = f"of {len(wanted.sessions)}, {wanted.first} to {wanted.last}"
    held = counts.pop("sessions")
    kept = [page for pages in captured.values() for page in pages]
    besides = list(_besides(published, closing, kept))
    told = counts["rows"] or not besides
    figures = [
        *([("sessions", f"{held} {of}")] if told else []),
        ("sources", f"{len(answered)} answered (sessions): {', '.join(answered)}"),
        *([("silent", ", ".join(silent))] if silent else []),
        *((name, f"{count:,}") for name, count in counts.items() if told),
        *((name, said) for name, _, said in besides),
    ]
    return figures, closing.next if told else f"FROM {besides[0][1]} LIMIT 10"


def _captures(platform: Platform, market: Market, source: Source, wanted: Window) -> list[str]:
    """The ids of the pages of a source that are about ``wanted`` or a day without a session."""
    rows = platform.archive.captures(source.name, wanted.first, market.eve_after(wanted.last))
    return [row.capture_id for row in rows if row.status == HTTPStatus.OK]


def _besides(
    published: Published, closing: Closing, captures: list[str]
) -> Iterator[tuple[str, str, str]]:
    """What pages say beside the main table: its name, its table, how many rows of which days."""
    for name, table in closing.besides.items():
        # The name of the table is ours.
        query = f"SELECT count(*), min(session), max(session) FROM {table} "  # noqa: S608
        query += "WHERE list_contains($captures, capture_id)"
        count, first, last = published.query(query, {"captures": captures}).row(0)
        if count:
            yield name, table, f"{count:,}, {first} to {last}"


def _checks(outcome: RunOutcome) -> list[tuple[str, str]]:
    failed = [check for check in outcome.checks if not check.passed]
    errors = sum(check.error for check in failed)
    text = f"{len(outcome.checks) - len(failed)} passed, {errors} failed"
    return [("checks", f"{text}, {len(failed) - errors} warnings")]


def _faults(outcome: RunOutcome) -> Iterator[str]:
    """A line for each check that failed, errors first: its count, its meaning, what it tells."""
    failed = [check for check in outcome.checks if not check.passed]
    for check in sorted(failed, key=lambda check: not check.error):
        word = "[red]failed:[/]" if check.error else "[yellow]warning:[/]"
        count = check.facts.get("count", "not counted")
        where = str(check.facts.get("where", "")).splitlines()
        examples = f" Such as: {'; '.join(where[:EXAMPLES])}." if where else ""
        yield f"{word} {check.asset}: {check.name} ({count}): {escape(check.meaning + examples)}"
