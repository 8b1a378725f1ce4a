"""``market-assets explain``: from a number back to the bytes it was read from, printed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from market_assets.defs.platform import Platform
from market_assets.provenance.explanation import Explanation, Unexplained, explanation
from market_assets.provenance.lookup import Statement
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.reader import Published
from market_assets.web.archive import Archive


def explain(settings: Settings, table: str, line: str, session: date | None) -> None:
    """Print the row of ``table``, each source's statement behind it, and where its bytes are.

    ``line`` and ``session`` are what ``explanation`` takes.
    """
    platform = Platform(settings)
    published = Published(platform.published)
    try:
        found = explanation(
            published.query, platform.archive, table=table, line=line, session=session
        )
    except Unexplained as error:
        raise SettingRefused(str(error)) from error
    print(f"{table} {found.line} {found.session} ({settings.web}, {published.current().name})")
    _print_rows(found.rows)
    if found.origin:
        print(f"\nIt is computed from {found.origin}, which says of {found.line}:")
    else:
        if found.main:
            print(
                f"\nIt is computed from {found.main} of {found.line}, "
                "up to and including this session:"
            )
        _print_rows(found.main_rows)
        print("\nWhat each source says")
    _print_statements(found, platform.archive)
    for title, rows in found.faults:
        print(f"\n{title.capitalize()}")
        for row in rows:
            print("  " + ", ".join(f"{k} {v}" for k, v in row.items() if v is not None))


def _print_rows(rows: Iterable[Mapping[str, Any]]) -> None:
    """With an empty line between each and the next."""
    for number, row in enumerate(rows):
        if number:
            print()
        _print_values(row, indent=2)


def _print_values(row: Mapping[str, Any], *, indent: int) -> None:
    width = max(map(len, row))
    for name, value in row.items():
        print(f"{' ' * indent}{name:<{width}}  {'-' if value is None else value}")


def _print_statements(found: Explanation, archive: Archive) -> None:
    for source, statements in found.said:
        if not statements:
            print(f"\n  {source}: nothing")
        for statement in statements:
            if statement.repeated:
                print("    the same page states this line once more")
            else:
                _print_statement(statement, archive)


def _print_statement(statement: Statement, archive: Archive) -> None:
    until = statement.replaced_at
    replaced = f", replaced at {until:%Y-%m-%d %H:%M:%S} UTC" if until else ""
    known = f"known at {statement.known_at:%Y-%m-%d %H:%M:%S} UTC"
    print(f"\n  {statement.source}: {known}{replaced}")
    print("    " + ", ".join(f"{name} {value}" for name, value in statement.stated.items()))
    record = statement.capture
    if record is None:
        print(f"    no capture {statement.capture_id} in {archive.directory}: its file is missing")
        return
    _print_values(
        {
            "capture": record.capture_id,
            "fetched": f"{record.fetched_at:%Y-%m-%d %H:%M:%S} UTC, {record.method} {record.url}",
            "sha256": record.sha256,
            "archive": f"{archive.directory / record.file}",
            "offset": f"{record.offset}, {record.length} bytes",
        },
        indent=4,
    )
