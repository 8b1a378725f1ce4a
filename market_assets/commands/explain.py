"""``market-assets explain``: from a number back to the bytes it was read from."""

from datetime import date
from typing import Any

from market_assets.calendars.sessions import is_session
from market_assets.defs.platform import Platform
from market_assets.defs.window import MIC
from market_assets.settings import SettingRefused, Settings
from market_assets.sources.registry import SOURCES
from market_assets.warehouse.names import table_identifier
from market_assets.warehouse.reader import Published

QUOTES = "casablanca.daily_quotes"
TABLES = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'casablanca'"
EXPLAINED = """
SELECT schema_name || '.' || table_name AS name FROM duckdb_columns()
WHERE schema_name = 'casablanca' AND column_name IN ('ticker', 'session')
GROUP BY name HAVING count(*) = 2 ORDER BY name
"""
SHOWN = ("status", "open", "high", "low", "close", "volume", "turnover", "trades", "market_cap")


def explain(settings: Settings, table: str, ticker: str, session: date) -> None:
    """Print the row of ``table``, each source's statement behind it, and where its bytes are."""
    platform = Platform(settings)
    published = Published(platform.published)
    table_identifier(table)
    explained = published.query(EXPLAINED)["name"].to_list()
    if table.lower() not in explained:
        raise SettingRefused(
            f"{table} is no published table with the columns ticker and session; "
            f"these can be explained: {', '.join(explained)}"
        )
    rows = _rows(published, table, ticker, session)
    if not rows:
        closed = "" if is_session(MIC, session) else f", which is not a session of {MIC}"
        raise SettingRefused(f"{table} has no row of {ticker} on {session}{closed}")
    print(f"{table} {ticker} {session} ({settings.web}, {published.current().name})")
    for row in rows:
        _print_values(row, indent=2)
    if table != QUOTES:
        print(f"\nIt is computed from {QUOTES} of {ticker}, up to and including this session:")
        for row in _rows(published, QUOTES, ticker, session):
            _print_values(row, indent=2)
    _print_statements(platform, published, ticker, session)
    _print_faults(published, "disagreements", "quality.disagreements", ticker, session)
    _print_faults(published, "put aside", "quality.quarantine", ticker, session)


def _rows(published: Published, table: str, ticker: str, session: date) -> list[dict[str, Any]]:
    # The name is quoted by table_identifier; the values are bound.
    query = f"SELECT * FROM {table_identifier(table)} WHERE ticker = ? AND session = ?"  # noqa: S608
    return published.query(query, [ticker, session]).rows(named=True)


def _print_values(row: dict[str, Any], *, indent: int) -> None:
    width = max(map(len, row))
    for name, value in row.items():
        print(f"{' ' * indent}{name:<{width}}  {'-' if value is None else value}")


def _print_statements(platform: Platform, published: Published, ticker: str, session: date) -> None:
    print("\nWhat each source says")
    tables = published.query(TABLES)["table_name"].to_list()
    for source in SOURCES:
        table = f"{source.name}_quotes"
        said = _rows(published, f"casablanca.{table}", ticker, session) if table in tables else []
        if not said:
            print(f"\n  {source.name}: nothing")
        for number, row in enumerate(said):
            if row in said[:number]:
                print("    the same page states this line once more")
            else:
                _print_statement(platform, row)


def _print_statement(platform: Platform, row: dict[str, Any]) -> None:
    replaced = (
        f", replaced at {row['replaced_at']:%Y-%m-%d %H:%M:%S} UTC" if row["replaced_at"] else ""
    )
    print(f"\n  {row['source']}: known at {row['known_at']:%Y-%m-%d %H:%M:%S} UTC{replaced}")
    stated = {name: row[name] for name in SHOWN if row[name] is not None}
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


def _print_faults(published: Published, title: str, table: str, ticker: str, session: date) -> None:
    for number, row in enumerate(_rows(published, table, ticker, session)):
        if number == 0:
            print(f"\n{title.capitalize()}")
        facts = (
            f"{k} {v}" for k, v in row.items() if v is not None and k not in ("ticker", "session")
        )
        print("  " + ", ".join(facts))
