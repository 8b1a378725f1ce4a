"""The checks of the Southbound tables; the rules are in domain/holdings."""

from datetime import UTC, date, datetime

import polars as pl

from market_assets.defs.hkex import analytics, side_tables
from market_assets.defs.hkex.holdings import (
    DATA_QUALITY_KEY,
    DISAGREEMENTS_KEY,
    HOLDINGS_KEY,
    STATEMENTS,
)
from market_assets.defs.hkex.statements import statements_key
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.plausibility import Found, put_aside, rows_of, stated_alone, warnings
from market_assets.defs.table_checks import errors, mart_checks
from market_assets.defs.tables import table_name
from market_assets.defs.window import Window
from market_assets.domain.data_quality import DATA_QUALITY, data_quality_faults
from market_assets.domain.holdings import (
    agreement,
    breadth,
    concentration,
    deltas,
    eligibility,
    movers,
    newcomers,
    rules,
    soundness,
    streaks,
)
from market_assets.domain.holdings.rows import HOLDINGS
from market_assets.sources import registry

STRUCTURAL = {
    "no_row_at_all": "Not one row in all the sessions of the run, though more than other pages "
    "was to be had.",
    "duplicate_row": "More than one row for a stock and session.",
    "not_a_session": "A row on a day without a session.",
    "malformed_code": "A code that is not five digits.",
    "negative_shares": "A negative holding.",
    "percent_out_of_range": "A percentage below 0 or far above 100.",
    "broken_sum": "Shanghai's and Shenzhen's parts do not make up the total.",
    "confidence_out_of_range": "A confidence that is not between 0 and 1.",
    "number_without_capture": "A row that cannot be traced to captured bytes.",
}
PLAUSIBLE = {
    "missing_session": "A session of the calendar without any row.",
    "unknown_total": "Holdings whose total nobody states.",
    "low_confidence": "Rows whose confidence is below one half.",
    "uncorroborated": "Rows that one source alone states.",
    "missing_percent": "Rows without a published percentage.",
    "base_missing": "Changes over one session that have no base to compare with.",
    "split_suspect": "Changes over one session that look like a split.",
    "code_change_suspect": "Changes over one session that look like a change of code.",
    "recycled_code_suspect": "Codes that came back as another company's.",
    "held_back_page": "Pages held back: a part of the whole, or a sum that jumps.",
    "repeated_day": "Pages of a Saturday or holiday, which are no session's.",
    "disagreement": "Statements that are not the value that was chosen.",
    "stale": "Sessions that are out by now and not there; a run about older ones says nothing.",
}
TOLERATED = {
    "uncorroborated": 0.1,
    "missing_percent": 0.02,
    "disagreement": 0.01,
    "low_confidence": 0.01,
}
"""The part of the rows up to which a fault is usual: newest days wait for the mainland's exchanges,
and some stocks have no percentage published."""


STATED = pl.Schema({**HOLDINGS, "replaced_at": HOLDINGS["known_at"]})


@errors(HKEX, HOLDINGS_KEY, STRUCTURAL)
def southbound_holdings_are_sound(
    platform: Platform, days: Window
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Rules that no agreed holding may break."""
    holdings = rows_of(platform, HOLDINGS_KEY, days)
    lacking = holdings.is_empty() and not _beside_the_point(platform, days)
    faults = soundness.structural_faults(holdings, sessions=days.sessions)
    return holdings, faults | {"no_row_at_all": int(lacking)}


@warnings(
    HKEX,
    HOLDINGS_KEY,
    PLAUSIBLE,
    tolerated=TOLERATED,
    besides=[analytics.DELTAS, DISAGREEMENTS_KEY],
)
def southbound_holdings_are_plausible(platform: Platform, days: Window) -> Found:
    """What a person should look at before relying on it."""
    holdings = rows_of(platform, HOLDINGS_KEY, days)
    changes = _with_a_past(platform, rows_of(platform, analytics.DELTAS, days))
    owed = () if _beside_the_point(platform, days) else days.sessions
    counts = {
        **soundness.plausibility_faults(holdings, sessions=owed),
        **soundness.suspects(changes),
        **_put_aside(platform, days),
        "disagreement": rows_of(platform, DISAGREEMENTS_KEY, days).height,
        "stale": _sessions_since(platform, until=days.last),
    }
    where = {"uncorroborated": stated_alone(holdings)}
    return Found(counts=counts, rows=holdings.height, where=where)


def _beside_the_point(platform: Platform, days: Window) -> bool:
    """Whether what is captured of the days are pages, and none of them of holdings."""
    captured = {
        source.name
        for source in registry.HKEX
        if platform.archive.captures(source.name, days.first, HKEX.eve_after(days.last))
    }
    return bool(captured) and captured.isdisjoint(STATEMENTS)


def _with_a_past(platform: Platform, changes: pl.DataFrame) -> pl.DataFrame:
    """``changes`` but for those of the first session that there is: it has nothing before it."""
    if changes.is_empty():
        return changes
    first, table = min(changes["session"]), table_name(HOLDINGS_KEY)
    if platform.warehouse.newest_sessions(table, before=first, count=1):
        return changes
    return changes.filter(pl.col("session") > first)


def _put_aside(platform: Platform, days: Window) -> dict[str, int]:
    """Pages of Stock Connect that were refused whole, by the rule that refused them."""
    pages = put_aside(platform, HKEX, days)
    kinds = {"held_back_page": "held_back", "repeated_day": "not_a_session"}
    return {
        name: pages.filter(pl.col("kind") == kind)["capture_id"].n_unique()
        for name, kind in kinds.items()
    }


def _sessions_since(platform: Platform, *, until: date) -> int:
    """Sessions after the newest one with rows whose holdings are out by now.

    None in a run that ends before them.
    """
    table, due = table_name(HOLDINGS_KEY), HKEX.newest(datetime.now(UTC))
    newest = platform.warehouse.newest_sessions(table, before=date.max, count=1)
    return len(HKEX.sessions(newest[0], due)) - 1 if newest and until >= due > newest[0] else 0


CHECKS = [
    southbound_holdings_are_sound,
    southbound_holdings_are_plausible,
    mart_checks(HKEX, analytics.DELTAS, deltas.HOLDING_DELTAS, soundness.deltas_faults),
    mart_checks(HKEX, analytics.MOVERS, movers.MOVERS, movers.movers_faults),
    mart_checks(HKEX, analytics.BREADTH, breadth.BREADTH, rules.breadth_faults),
    mart_checks(HKEX, analytics.NEW_HOLDINGS, newcomers.NEW_HOLDINGS, rules.new_holdings_faults),
    mart_checks(HKEX, analytics.STREAKS, streaks.STREAKS, rules.streaks_faults),
    mart_checks(
        HKEX, side_tables.ELIGIBILITY, eligibility.SOUTHBOUND_ELIGIBILITY, rules.eligibility_faults
    ),
    mart_checks(
        HKEX, side_tables.CONCENTRATION, concentration.CONCENTRATION, rules.concentration_faults
    ),
    mart_checks(HKEX, DATA_QUALITY_KEY, DATA_QUALITY, data_quality_faults),
    mart_checks(HKEX, DISAGREEMENTS_KEY, agreement.DISAGREEMENTS, rules.disagreements_faults),
    *(
        mart_checks(HKEX, statements_key(registry.source(name)), STATED, rules.statements_faults)
        for name in STATEMENTS
    ),
]
