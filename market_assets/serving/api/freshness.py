"""Whether a table has the newest day that its calendar says is due; a clock is given, not read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from market_assets.calendars.publication import newest_published
from market_assets.calendars.sessions import newest_closed_session, sessions_between
from market_assets.serving.api.facts import Facts
from market_assets.warehouse.names import identifier, table_identifier
from market_assets.warehouse.reader import Version


@dataclass(frozen=True, kw_only=True)
class Due:
    """Which day a table should have: by the sessions of ``calendar``, in its column ``column``."""

    calendar: str
    column: str
    newest: Callable[[str, datetime], date]


CASABLANCA = Due(calendar="XCAS", column="session", newest=newest_closed_session)
HOLDINGS = Due(calendar="XHKG", column="session", newest=newest_published)
RATES = Due(calendar="BKAM", column="reference_date", newest=newest_closed_session)
DUE: Mapping[str, Due] = {
    "casablanca.daily_quotes": CASABLANCA,
    "casablanca.volume_analysis": CASABLANCA,
    "casablanca.sector_volume_analysis": CASABLANCA,
    "casablanca.market_volume_summary": CASABLANCA,
    "casablanca.volume_data_quality": CASABLANCA,
    "hkex.southbound_holdings": HOLDINGS,
    "hkex.holding_deltas": HOLDINGS,
    "hkex.movers": HOLDINGS,
    "hkex.southbound_breadth": HOLDINGS,
    "companies.fundamentals": CASABLANCA,
    "central_bank.exchange_rates": RATES,
}
"""Tables that have rows of every session; alerts and the like may rightly have none."""


def freshness(
    version: Version, facts: Facts, now: datetime, *, seconds: float
) -> list[dict[str, object]]:
    """For each table: its newest day, the one that is due at ``now``, and how far it is behind."""
    told: list[dict[str, object]] = []
    for table, due in DUE.items():
        wanted = due.newest(due.calendar, now)
        newest = None
        if table in facts.columns:
            query = f"SELECT max({identifier(due.column)}) FROM {table_identifier(table)}"  # noqa: S608 -- quoted
            newest = version.query(query, (), seconds=seconds).item()
        behind = None if newest is None else len(sessions_between(due.calendar, newest, wanted)) - 1
        told.append(
            {
                "table": table,
                "calendar": due.calendar,
                "newest": newest,
                "due": wanted,
                "sessions_behind": None if behind is None else max(behind, 0),
                "status": _status(behind),
            }
        )
    return told


def _status(behind: int | None) -> str:
    if behind is None:
        return "not published"
    return "fresh" if behind <= 0 else "stale"
