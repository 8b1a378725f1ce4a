"""Each rule of a table lets sound rows pass and counts the row that breaks it."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from market_assets.domain.holdings import (
    agreement,
    breadth,
    concentration,
    eligibility,
    newcomers,
    quality,
    rules,
    streaks,
)
from market_assets.domain.holdings.rows import HOLDINGS

DAY, LATER = date(2026, 10, 8), date(2026, 10, 9)
KNOWN = datetime(2026, 10, 9, 1, tzinfo=UTC)
STATED = pl.Schema({**HOLDINGS, "replaced_at": HOLDINGS["known_at"]})
SOUND = {
    rules.breadth_faults: (
        breadth.BREADTH,
        {"session": DAY, **dict.fromkeys((*rules.COUNTS, "total_shares"), 1)},
    ),
    rules.new_holdings_faults: (
        newcomers.NEW_HOLDINGS,
        {"session": DAY, "code": "00700", "entry": "first", "first_seen": DAY},
    ),
    rules.streaks_faults: (
        streaks.STREAKS,
        {"session": DAY, "code": "00700", "shares": 5, "streak": 2, "last_change": DAY},
    ),
    rules.eligibility_faults: (
        eligibility.SOUTHBOUND_ELIGIBILITY,
        {"session": LATER, "channel": "shanghai", "code": "00700", "list_before": DAY},
    ),
    rules.concentration_faults: (
        concentration.CONCENTRATION,
        {"session": DAY, "code": "00700", **dict.fromkeys(rules.PARTS, 0.5)},
    ),
    rules.quality_faults: (
        quality.HOLDINGS_DATA_QUALITY,
        {"session": DAY, "source": "a", "stated": 3, "score": 0.5},
    ),
    rules.disagreements_faults: (
        agreement.DISAGREEMENTS,
        {"session": DAY, "code": "00700", "source": "a", "value": 1.0, "chosen": 2.0},
    ),
    rules.statements_faults: (
        STATED,
        {"session": DAY, "code": "00700", "source": "a", "channel": "southbound", "shares": 1}
        | {"known_at": KNOWN},
    ),
}


def found(rule, *changes: dict) -> dict[str, int]:
    """The faults of the sound row with each of ``changes``, a row each."""
    schema, row = SOUND[rule]
    rows = [dict.fromkeys(schema) | row | change for change in changes]
    return {name: count for name, count in rule(pl.DataFrame(rows, schema=schema)).items() if count}


@pytest.mark.parametrize("rule", SOUND)
def test_a_sound_row_breaks_no_rule_and_a_second_of_the_same_does(rule):
    assert found(rule, {}) == {}
    assert found(rule, {}, {}) == {"duplicate_row": 2}


@pytest.mark.parametrize(
    ("rule", "change", "fault"),
    [
        (rules.breadth_faults, {"falling": -1}, "negative_count"),
        (rules.new_holdings_faults, {"first_seen": LATER}, "seen_after_the_entry"),
        (rules.new_holdings_faults, {"entry": "re_entry"}, "re_entry_of_what_never_left"),
        (rules.streaks_faults, {"last_change": LATER}, "change_after_the_session"),
        (rules.streaks_faults, {"last_change": None}, "streak_without_change"),
        (rules.eligibility_faults, {"list_before": LATER}, "list_not_before"),
        (rules.eligibility_faults, {"code": "700"}, "malformed_code"),
        (rules.concentration_faults, {"top10_share": 1.1}, "part_out_of_range"),
        (rules.concentration_faults, {"top5_share": 0.6}, "five_hold_more_than_ten"),
        (rules.quality_faults, {"score": 1.5}, "score_out_of_range"),
        (rules.quality_faults, {"stated": 0}, "score_without_rows"),
        (rules.disagreements_faults, {"value": 2.0}, "no_disagreement"),
        (rules.statements_faults, {"replaced_at": KNOWN}, "replaced_before_it_was_known"),
        (rules.statements_faults, {"shares": -1}, "negative_shares"),
    ],
)
def test_each_rule_finds_the_row_that_breaks_it(rule, change, fault):
    assert found(rule, change) == {fault: 1}
