"""The closing table of a run: what is there now, and what to try next."""

import shlex
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from market_assets.commands.reasons import reasons
from market_assets.defs.platform import Platform
from market_assets.defs.run import RunOutcome
from market_assets.defs.window import Window
from market_assets.warehouse.failures import NothingPublished
from market_assets.warehouse.reader import Published

NEXT = (
    "SELECT ticker, session, volume, volume_ratio FROM casablanca.latest_volume_analysis "
    "ORDER BY volume_ratio DESC NULLS LAST LIMIT 10"
)
FIGURES = """
SELECT count(DISTINCT session), count(DISTINCT ticker), count(*),
       (SELECT count(*) FROM casablanca.volume_alerts WHERE session BETWEEN $first AND $last)
FROM casablanca.daily_quotes WHERE session BETWEEN $first AND $last
"""
ANSWERED = """
SELECT source, count(*) FILTER (stated > 0) AS answered, count(*) AS due
FROM casablanca.volume_data_quality WHERE session BETWEEN $first AND $last
GROUP BY source ORDER BY answered DESC, source
"""


def print_summary(
    platform: Platform,
    wanted: Window,
    outcome: RunOutcome | None,
    *,
    console: Console,
    seconds: float,
) -> bool:
    """Print the table; whether all went well. ``outcome`` is None where nothing had to be done."""
    table = Table(show_header=False, box=None, pad_edge=False)
    path, figures = _published(platform, wanted)
    for name, value in [
        *figures,
        *(_checks(outcome) if outcome else ()),
        ("time", f"{seconds:.1f} s"),
    ]:
        table.add_row(f"[bold]{name}[/]", value)
    console.print(table)
    console.print(f"[bold]published[/]  {path or 'nothing'}", soft_wrap=True, highlight=False)
    if outcome:
        for source, reason in reasons(outcome, Published(platform.published), wanted).items():
            text = f"[yellow]{source}:[/] {escape(reason)}"
            console.print(text, soft_wrap=True, highlight=False)
        for failure in outcome.failures:
            console.print(f"[red]failed:[/] {escape(failure)}", soft_wrap=True)
        if outcome.nobody_answered:
            console.print("[red]failed:[/] no source gave a page; what was known stands")
    option = f" --data-dir {shlex.quote(str(platform.settings.data_dir))}"
    command = "uv run market-assets sql"
    command += "" if str(platform.settings.data_dir) == "data" else option
    console.print(f'Try: {command} "{NEXT}"', soft_wrap=True, highlight=False, markup=False)
    return outcome is None or outcome.succeeded


def _published(platform: Platform, wanted: Window) -> tuple[Path | None, list[tuple[str, str]]]:
    published = Published(platform.published)
    try:
        path = published.current()
    except NothingPublished:
        return None, []
    bounds = {"first": wanted.first, "last": wanted.last}
    sessions, lines, rows, alerts = published.query(FIGURES, bounds).row(0)
    sources = published.query(ANSWERED, bounds).rows()
    answered = [f"{name} {given}/{due}" for name, given, due in sources if given]
    silent = [name for name, given, _ in sources if not given]
    return path, [
        ("sessions", f"{sessions} of {len(wanted.sessions)}, {wanted.first} to {wanted.last}"),
        ("lines", f"{lines}"),
        ("sources", f"{len(answered)} answered (sessions): {', '.join(answered)}"),
        *([("silent", ", ".join(silent))] if silent else []),
        ("rows", f"{rows:,}"),
        ("alerts", f"{alerts:,}"),
    ]


def _checks(outcome: RunOutcome) -> list[tuple[str, str]]:
    failed = [check for check in outcome.checks if not check.passed]
    errors = [check for check in failed if check.error]
    text = f"{len(outcome.checks) - len(failed)} passed, {len(errors)} failed"
    rows = [("checks", f"{text}, {len(failed) - len(errors)} warnings")]
    rows += [("[red]failed[/]", f"{check.asset}: {check.name}") for check in errors]
    warnings = ", ".join(
        f"{check.asset.split('/')[-1]}: {check.name}" for check in failed if not check.error
    )
    return rows + ([("warnings", warnings)] if len(failed) > len(errors) else [])
