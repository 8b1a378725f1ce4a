"""Whether a table has the newest day that its calendar says is due; a clock is given, not read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from market_assets.calendars.markets import MARKET_DAYS, Days
from market_assets.calendars.sessions import sessions_between
from market_assets.domain.central_bank.currentness import RHYTHMS
from market_assets.provenance.trails import TRAILS
from market_assets.serving.api.facts import Facts

SESSION, SOURCE, EVENT, WEEK = "session", "source", "event", "calendar_week"
SPECIAL: Mapping[str, str] = {
    "africa.quoted_rates": "business_day",
    "casablanca.volume_alerts": EVENT,
    "central_bank.page_tables": SOURCE,
    "casablanca.volume_trends": WEEK,
    "casablanca.index_history": SOURCE,
    "casablanca.listings": SOURCE,
    "central_bank.banking_metrics": "month",
    "central_bank.interbank_rate": "business_day",
    "central_bank.interventions": "day",
    "central_bank.lending_rates": "quarter",
    "central_bank.monetary_aggregates": "month",
    "central_bank.monia": "business_day",
    "central_bank.policy_rate": "decision",
    "central_bank.reserve_assets": "week",
    "companies.identity_changes": EVENT,
    "hkex.eligible_lists": SOURCE,
    "hkex.new_holdings": EVENT,
    "hkex.northbound_holdings": "quarter",
    "hkex.participant_concentration": SOURCE,
    "hkex.participant_holdings": SOURCE,
    "hkex.participant_summaries": SOURCE,
    "hkex.securities": SOURCE,
    "hkex.southbound_eligibility": EVENT,
}
"""The rhythm of tables that have not a row of every session: those of RHYTHMS by the age of their
newest day; ``source`` what one source said, which may be late without what is agreed being so;
``event`` what happens seldom, of which no day is ever due."""
SOURCES = tuple(f"{source.name}_" for trail in TRAILS for source in trail.sources)


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """Of one table: its ``newest`` day, and the one that is ``due``, None where none ever is."""

    table: str
    calendar: str
    rhythm: str
    newest: date | None
    due: date | None
    sessions_behind: int | None
    status: str

    @property
    def late(self) -> bool:
        """Whether what is computed or agreed is behind; what one source said may be."""
        return self.status == "stale" and self.rhythm != SOURCE


def freshness(facts: Facts, now: datetime) -> list[Freshness]:
    """Of each published table of a market that has days, at ``now``."""
    return [
        _judged(table, newest, MARKET_DAYS[schema], now)
        for table, newest in facts.newest.items()
        if (schema := table.partition(".")[0]) in MARKET_DAYS
    ]


def _judged(table: str, newest: date | None, days: Days, now: datetime) -> Freshness:
    rhythm, out = _rhythm(table), days.newest(now)
    if rhythm == EVENT:
        due = None
    elif rhythm in RHYTHMS:
        due = out - timedelta(days=RHYTHMS[rhythm].stale_after)
    elif rhythm == WEEK:
        due = out - timedelta(days=out.weekday())
    else:
        due = out
    behind = None
    if newest and due and rhythm in {SESSION, SOURCE}:
        behind = max(len(sessions_between(days.calendar, newest, due)) - 1, 0)
    return Freshness(
        table=table,
        calendar=days.calendar,
        rhythm=rhythm,
        newest=newest,
        due=due,
        sessions_behind=behind,
        status=_status(newest, due),
    )


def _rhythm(table: str) -> str:
    name = table.partition(".")[2]
    return SPECIAL.get(table, SOURCE if name.startswith(SOURCES) else SESSION)


def _status(newest: date | None, due: date | None) -> str:
    if due is None:
        return "not due"
    if newest is None:
        return "empty"
    return "fresh" if newest >= due else "stale"
