"""What stands behind one number: its row, every source's statement, and where the bytes are."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from market_assets.calendars.sessions import bounds, is_session
from market_assets.provenance.lookup import Look, Query, Row, Statement
from market_assets.provenance.trails import INDICATORS, PUT_ASIDE, TRAILS, WIDE, Trail
from market_assets.warehouse.names import table_identifier
from market_assets.web.archive import Archive

COMPARED = ("base_session", "list_before", "reference_date")
"""Columns that name the other days whose values a row is made of."""


class Unexplained(Exception):
    """There is no such row, or no table that can be explained; the message says which there are."""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The ``rows`` of a table and what they are computed from.

    ``origin``: the table of statements they are computed from alone; ``main`` with ``main_rows``:
    the table they are computed from, None where they are its own. ``said``: every source that is
    asked, with its statements, maybe none. ``faults``: titled rows of the tables of faults.
    """

    table: str
    line: str
    session: date
    rows: list[Row]
    origin: str | None
    main: str | None
    main_rows: list[Row]
    said: list[tuple[str, list[Statement]]]
    faults: list[tuple[str, list[Row]]]


def explanation(
    query: Query, archive: Archive, *, table: str, line: str, session: date | None
) -> Explanation:
    """What stands behind the row of ``line`` and ``session`` in ``table``.

    ``line`` is a ticker, a stock's code with or without its leading zeros, a currency, the id of an
    indicator and so on, in any case; of a table with a column for each indicator the column, which
    is explained as that indicator. Without a session the newest is explained that the table has of
    it. Raises ``Unexplained``, and ``TableRefused`` for a name that is none.
    """
    name = table.lower()
    if subject := WIDE.get(name):
        name, line = INDICATORS, f"{subject}.{line.lower().removeprefix(f'{subject}.')}"
    trail = _trail(query, name)
    look = Look(query, archive, trail, _code(line) if trail.key == "code" else line)
    newest = look.newest(name)
    if newest is None:
        raise Unexplained(f"{table} has no row of {line} at all{look.why_none()}")
    day = session or newest
    rows = look.rows(name, day)
    if not rows:
        why = f"{_closed(trail.mic, day)}{_put_aside(look, day)}"
        raise Unexplained(f"{table} has no row of {line} on {day}{why}; newest: {newest}")
    origin = trail.origins.get(name)
    derived = origin is None and name != trail.main
    days = _days(rows, day)
    main_rows = look.each(trail.main, days) if derived else []
    if origin:
        said = look.legs(origin, rows) if "path" in rows[0] else look.listed(origin, days)
    else:
        said = look.said(_spoken_of(rows, day))
    if not any(statements for _, statements in said):
        said = look.own(main_rows or rows) or said
    return Explanation(
        table=table,
        line=str(rows[0][trail.key]),
        session=day,
        rows=rows,
        origin=origin,
        main=trail.main if derived else None,
        main_rows=main_rows,
        said=said,
        faults=[] if origin else look.faults(day),
    )


def _closed(mic: str, session: date) -> str:
    """Why no row can be of ``session``; empty where one could."""
    first, last = bounds(mic)
    if not first <= session <= last:
        return f"; the calendar of {mic} knows {first} to {last}"
    return "" if is_session(mic, session) else f", which is not a session of {mic}"


def _put_aside(look: Look, day: date) -> str:
    """Why what sources said of the line on ``day`` was put aside; empty where nothing was."""
    rows = [row for title, found in look.faults(day) if title == PUT_ASIDE[0] for row in found]
    reasons = sorted({f"{row['source']}: {row['reason']}" for row in rows})
    return f"; put aside: {'; '.join(reasons)}" if reasons else ""


def _code(line: str) -> str:
    if not re.fullmatch(r"[0-9]{1,5}", line):
        raise Unexplained(
            f"{line.upper()} is no stock's code: up to five digits, such as 700 or 00700"
        )
    return line.zfill(5)


def _days(rows: Iterable[Row], session: date) -> list[date]:
    """The session and those that ``rows`` are compared with, newest first."""
    others = {row[name] for row in rows for name in COMPARED if row.get(name)}
    return sorted({session, *others}, reverse=True)


def _spoken_of(rows: Sequence[Row], session: date) -> date:
    """The day that the sources speak of: the rows' own, where they say one beside the session."""
    return rows[0].get("reference_date") or session


def _trail(query: Query, table: str) -> Trail:
    """The trail of ``table``; refused where none can explain it."""
    explained: set[str] = set()
    for trail in TRAILS:
        names = Look(query, None, trail, "").explained
        if table in names:
            return trail
        explained.update(names)
    if INDICATORS in explained:
        explained.update(WIDE)
    if near := _near(table, explained):
        raise Unexplained(f"there is no table {table} to explain; did you mean {near}?")
    table_identifier(table)
    raise Unexplained(
        f"{table} is no published table with a column for a line (as ticker or code) and one for a "
        f"day; {_which(table, explained)}"
    )


def _which(table: str, explained: Iterable[str]) -> str:
    """Which tables of its schema can be explained, the likest first, or of which schemas some."""
    tables: dict[str, list[str]] = {}
    for schema, _, name in (each.partition(".") for each in sorted(explained)):
        tables.setdefault(schema, []).append(name)
    schema, _, name = table.partition(".")
    if schema not in tables:
        return f"tables of {', '.join(tables)} can be explained"
    like = get_close_matches(name, tables[schema], n=len(tables[schema]), cutoff=0)
    return f"of {schema} these can be explained: {', '.join(like)}"


def _near(table: str, known: Iterable[str]) -> str:
    """Those of ``known`` that ``table`` may stand for: without its schema, or misspelt."""
    names = sorted(known)
    bare = [name for name in names if name.partition(".")[2] == table]
    return " or ".join(bare or get_close_matches(table, names, n=2, cutoff=0.8))
