"""``market-assets explain``: from a number back to the bytes it was read from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from market_assets.defs.markets import CASABLANCA, HKEX, Market
from market_assets.defs.platform import Platform
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.names import table_identifier
from market_assets.warehouse.reader import Published


@dataclass(frozen=True, kw_only=True)
class Trail:
    """How a market's numbers lead back to its sources.

    ``key`` is the column that names a line; ``main`` the table all others are computed from but
    those in ``origins``, each with the table of statements that it is computed from;
    ``statements`` the ending of the tables of what each source says, ``stated`` what they say;
    ``besides`` are other tables of statements, each with the condition for those that count;
    ``faults`` are titles of tables of faults, each with its column for the line.
    """

    market: Market
    key: str
    main: str
    origins: Mapping[str, str]
    statements: str
    stated: tuple[str, ...]
    besides: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str, str], ...]


TRAILS = (
    Trail(
        market=CASABLANCA,
        key="ticker",
        main="casablanca.daily_quotes",
        origins={},
        statements="quotes",
        stated=(
            *("status", "open", "high", "low", "close"),
            *("volume", "turnover", "trades", "market_cap"),
        ),
        besides=(),
        faults=(
            ("disagreements", "quality.disagreements", "ticker"),
            ("put aside", "quality.quarantine", "ticker"),
        ),
    ),
    Trail(
        market=HKEX,
        key="code",
        main="hkex.southbound_holdings",
        origins={
            "hkex.southbound_eligibility": "hkex.eligible_lists",
            "hkex.participant_concentration": "hkex.participant_holdings",
        },
        statements="statements",
        stated=("channel", "name", "participant_id", "shares", "percent"),
        besides=(("hkex.participant_holdings", "participant_id IN ('A00003', 'A00004')"),),
        faults=(
            ("disagreements", "quality.holding_disagreements", "code"),
            ("put aside", "quality.quarantine", "ticker"),
        ),
    ),
)
EXPLAINED = """
SELECT schema_name || '.' || table_name AS name FROM duckdb_columns()
WHERE schema_name = $schema AND column_name IN ($key, 'session')
GROUP BY name HAVING count(*) = 2 ORDER BY name
"""


def explain(settings: Settings, table: str, line: str, session: date | None) -> None:
    """Print the row of ``table``, each source's statement behind it, and where its bytes are.

    ``line`` is a ticker, or a stock's code with or without its leading zeros; without a session
    the newest is explained that the table has of it.
    """
    platform = Platform(settings)
    published = Published(platform.published)
    trail = _trail(published, table)
    if trail.key == "code":
        line = _code(line)
    session = session or _newest(published, table, trail, line)
    rows = _rows(published, table, trail.key, line, session)
    if not rows:
        newest, market = _newest(published, table, trail, line), trail.market
        of = (
            "" if market.sessions(session, session) else f", which is not a session of {market.mic}"
        )
        raise SettingRefused(f"{table} has no row of {line} on {session}{of}; newest: {newest}")
    print(f"{table} {line} {session} ({settings.web}, {published.current().name})")
    for row in rows:
        _print_values(row, indent=2)
    if origin := trail.origins.get(table.lower()):
        print(f"\nIt is computed from {origin}, which says of {line}:")
        for day in _days(rows, session, "list_before"):
            for row in _rows(published, origin, trail.key, line, day):
                _print_statement(platform, row, trail)
        return
    if table.lower() != trail.main:
        print(f"\nIt is computed from {trail.main} of {line}, up to and including this session:")
        for day in _days(rows, session, "base_session"):
            for row in _rows(published, trail.main, trail.key, line, day):
                _print_values(row, indent=2)
    _print_statements(platform, published, trail, line, session)
    _print_faults(published, trail, line, session)


def _code(line: str) -> str:
    if not re.fullmatch(r"[0-9]{1,5}", line):
        raise SettingRefused(f"{line} is no stock's code: up to five digits, such as 700 or 00700")
    return line.zfill(5)


def _newest(published: Published, table: str, trail: Trail, line: str) -> date:
    """The newest session that ``table`` has of ``line``; refused where it has none."""
    key = trail.key
    query = f"SELECT max(session) FROM {table_identifier(table)} WHERE {key} = ?"  # noqa: S608
    newest = published.query(query, [line]).item()
    if newest is not None:
        return newest
    query = f"SELECT DISTINCT {key} FROM {table_identifier(trail.main)}"  # noqa: S608
    known = published.query(query)[key].to_list()
    if line in known:
        raise SettingRefused(f"{table} has no row of {line} at all; {trail.main} has")
    near = ", ".join(get_close_matches(line, known))
    asked = f"; did you mean {near}?" if near else ""
    raise SettingRefused(f"{table} has no row of {line} at all: no such {key} is known{asked}")


def _days(rows: list[dict[str, Any]], session: date, compared: str) -> list[date]:
    """The session and those that ``rows`` are compared with, newest first."""
    before = {row[compared] for row in rows if row.get(compared)}
    return sorted({session, *before}, reverse=True)


def _trail(published: Published, table: str) -> Trail:
    """The trail of the market that ``table`` is of; refused where none can explain it."""
    table_identifier(table)
    explained: list[str] = []
    for trail in TRAILS:
        facts = {"schema": trail.market.name, "key": trail.key}
        names = published.query(EXPLAINED, facts)["name"].to_list()
        if table.lower() in names:
            return trail
        explained += names
    raise SettingRefused(
        f"{table} is no published table with the columns ticker (or code) and session; "
        f"these can be explained: {', '.join(explained)}"
    )


def _rows(
    published: Published, table: str, key: str, line: str, session: date, *conditions: str
) -> list[dict[str, Any]]:
    # The name is quoted by table_identifier, key and conditions are ours; the values are bound.
    where = " AND ".join([f"{key} = ?", "session = ?", *conditions])
    query = f"SELECT * FROM {table_identifier(table)} WHERE {where}"  # noqa: S608
    return published.query(query, [line, session]).rows(named=True)


def _print_values(row: dict[str, Any], *, indent: int) -> None:
    width = max(map(len, row))
    for name, value in row.items():
        print(f"{' ' * indent}{name:<{width}}  {'-' if value is None else value}")


def _print_statements(
    platform: Platform, published: Published, trail: Trail, line: str, session: date
) -> None:
    print("\nWhat each source says")
    facts = {"schema": trail.market.name, "key": trail.key}
    tables = published.query(EXPLAINED, facts)["name"].to_list()
    for source in trail.market.sources:
        table = f"{trail.market.name}.{source.name}_{trail.statements}"
        if table not in tables:
            continue
        said = _rows(published, table, trail.key, line, session)
        if not said:
            print(f"\n  {source.name}: nothing")
        for number, row in enumerate(said):
            if row in said[:number]:
                print("    the same page states this line once more")
            else:
                _print_statement(platform, row, trail)
    for table, condition in trail.besides:
        if table in tables:
            for row in _rows(published, table, trail.key, line, session, condition):
                _print_statement(platform, row, trail)


def _print_statement(platform: Platform, row: dict[str, Any], trail: Trail) -> None:
    until = row.get("replaced_at")
    replaced = f", replaced at {until:%Y-%m-%d %H:%M:%S} UTC" if until else ""
    print(f"\n  {row['source']}: known at {row['known_at']:%Y-%m-%d %H:%M:%S} UTC{replaced}")
    stated = {name: row[name] for name in trail.stated if row.get(name) is not None}
    print("    " + ", ".join(f"{name} {value}" for name, value in stated.items()))
    try:
        record = platform.archive.row(row["capture_id"])
    except LookupError as error:
        print(f"    {error}: its file is missing")
        return
    _print_values(
        {
            "capture": record.capture_id,
            "fetched": f"{record.fetched_at:%Y-%m-%d %H:%M:%S} UTC, {record.method} {record.url}",
            "sha256": record.sha256,
            "archive": f"{platform.archive.directory / record.file}",
            "offset": f"{record.offset}, {record.length} bytes",
        },
        indent=4,
    )


def _print_faults(published: Published, trail: Trail, line: str, session: date) -> None:
    for title, table, key in trail.faults:
        for number, row in enumerate(_rows(published, table, key, line, session)):
            if number == 0:
                print(f"\n{title.capitalize()}")
            told = (
                f"{k} {v}" for k, v in row.items() if v is not None and k not in (key, "session")
            )
            print("  " + ", ".join(told))
