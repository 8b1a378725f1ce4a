"""The closing table of a run: what is there now, and what to try next."""

import shlex
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from market_assets.commands.closings import CLOSINGS
from market_assets.commands.reasons import reasons
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.run import RunOutcome
from market_assets.defs.window import Window
from market_assets.sources.source import Source
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published

TOLD = 3
"""Of what a check tells in words, so many lines are shown."""


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
    before: Path | None,
    console: Console,
    seconds: float,
) -> bool:
    """Print the table; whether all went well.

    ``outcome`` is None where nothing had to be done; ``before`` is what was published before the
    run. Where a run published nothing no figure is shown: what there is is not of this run.
    """
    closing = CLOSINGS[market.name]
    newest = newest_version(platform)
    published = newest is not None and (outcome is None or newest != before)
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in [
        *(_figures(platform, market, wanted) if published else ()),
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
        for failure in outcome.failures:
            _print(console, f"[red]failed:[/] {escape(failure)}")
        if outcome.nobody_answered:
            _print(console, "[red]failed:[/] no source gave a page; what was known stands")
    if newest:
        option = f" --data-dir {shlex.quote(str(platform.settings.data_dir))}"
        command = "uv run market-assets sql"
        command += "" if str(platform.settings.data_dir) == "data" else option
        console.print(
            f'Try: {command} "{closing.next}"', soft_wrap=True, highlight=False, markup=False
        )
    return outcome is None or outcome.succeeded


def _print(console: Console, text: str) -> None:
    console.print(text, soft_wrap=True, highlight=False)


def _figures(platform: Platform, market: Market, wanted: Window) -> list[tuple[str, str]]:
    published, closing = Published(platform.published), CLOSINGS[market.name]
    bounds = {"first": wanted.first, "last": wanted.last}
    counts = published.query(closing.figures, bounds).row(0, named=True)
    sources = published.query(closing.answered, bounds).rows()
    answered = [f"{name} {given}/{due}" for name, given, due in sources if given]
    silent = [name for name, given, _ in sources if not given]
    judged = {name for name, *_ in sources}
    answered += [
        source.name
        for source in market.sources
        if source.name not in judged and _gave_pages(platform, source, wanted)
    ]
    of = f"of {len(wanted.sessions)}, {wanted.first} to {wanted.last}"
    return [
        ("sessions", f"{counts.pop('sessions')} {of}"),
        ("sources", f"{len(answered)} answered (sessions): {', '.join(answered)}"),
        *([("silent", ", ".join(silent))] if silent else []),
        *((name, f"{count:,}") for name, count in counts.items()),
    ]


def _gave_pages(platform: Platform, source: Source, wanted: Window) -> bool:
    answers = platform.archive.captures(source.name, wanted.first, wanted.last)
    return any(answer.status == HTTPStatus.OK for answer in answers)


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
        yield f"{word} {check.asset}: {check.name} ({count}): {escape(check.meaning)}"
        for told in str(check.facts.get("told", "")).splitlines()[:TOLD]:
            yield f"  {escape(told)}"
