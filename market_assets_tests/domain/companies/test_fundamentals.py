"""What a line is worth: complete windows or null, splits undone, whose market cap stands."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market_assets.domain.companies.fundamentals import FUNDAMENTALS
from market_assets.domain.companies.market_caps import COMPUTED, DISAGREEMENTS, disagreements
from market_assets.domain.companies.rules import fundamentals_faults
from market_assets_tests.domain.companies.company_rows import (
    computed,
    figures,
    quotes,
    shares,
    splits,
    statements,
    weekdays,
)

FIRST, LAST = date(2024, 12, 2), date(2026, 3, 2)
SESSIONS = weekdays(FIRST, LAST)
DAY = date(2026, 3, 2)


def year(closes=None, **stated):
    """A row for each session; ``closes`` says the close of some, the others are 100."""
    closes = closes or {}
    row = {"status": "T", "turnover": 10.0, **stated}
    return quotes(*({"session": day, **row, "close": closes.get(day, 100.0)} for day in SESSIONS))


def newest(frame: pl.DataFrame) -> dict:
    return frame.row(-1, named=True)


def test_a_whole_year_gives_its_range_and_its_turnover():
    closes = {date(2025, 3, 4): 150.0, date(2025, 3, 3): 900.0, date(2026, 1, 5): 50.0}
    result = computed(year(closes), SESSIONS, counts=shares(("ATW", FIRST, 1000)))
    assert result.schema == FUNDAMENTALS
    row = newest(result)
    # 2025-03-03 is 364 days before 2026-03-02, so its 900 is no longer of the 52 weeks.
    assert (row["high_52w"], row["low_52w"]) == (150.0, 50.0)
    assert row["market_cap"] == 100_000.0
    assert row["turnover_velocity_52w"] == pytest.approx(260 * 10 / 100_000)
    assert row["turnover_velocity_20"] == pytest.approx(20 * 10 / 100_000)


def test_a_window_with_a_session_missing_is_null_and_the_others_are_not():
    missing = date(2025, 6, 4)
    row = newest(
        computed(
            year().filter(pl.col("session") != missing),
            SESSIONS,
            counts=shares(("ATW", FIRST, 1000)),
        )
    )
    assert row["high_52w"] is row["low_52w"] is row["turnover_velocity_52w"] is None
    assert row["turnover_velocity_20"] is not None
    assert row["ytd"] == 0.0


def test_a_session_missing_among_the_last_twenty_makes_their_turnover_null():
    frame = year().filter(pl.col("session") != date(2026, 2, 25))
    row = newest(computed(frame, SESSIONS, counts=shares(("ATW", FIRST, 1000))))
    assert row["turnover_velocity_20"] is None


def test_a_calendar_that_does_not_reach_back_52_weeks_completes_no_window():
    known = [day for day in SESSIONS if day > date(2025, 3, 3)]
    frame = year().filter(pl.col("session").is_in(known))
    assert newest(computed(frame, known))["high_52w"] is None
    reaching = [day for day in SESSIONS if day >= date(2025, 3, 3)]
    assert newest(computed(year(), reaching))["high_52w"] == 100.0


def test_a_suspended_session_has_no_turnover_and_breaks_no_window():
    gone = [date(2025, 6, 4)]
    frame = year().with_columns(
        status=pl.when(pl.col("session").is_in(gone)).then(pl.lit("S")).otherwise("status"),
        turnover=pl.when(~pl.col("session").is_in(gone)).then("turnover"),
        close=pl.when(~pl.col("session").is_in(gone)).then("close"),
    )
    row = newest(computed(frame, SESSIONS, counts=shares(("ATW", FIRST, 1000))))
    assert row["high_52w"] == 100.0
    assert row["turnover_velocity_52w"] == pytest.approx(259 * 10 / 100_000)


def test_a_turnover_nobody_stated_makes_its_window_null():
    frame = year().with_columns(
        turnover=pl.when(pl.col("session") != date(2026, 2, 25)).then("turnover")
    )
    row = newest(computed(frame, SESSIONS, counts=shares(("ATW", FIRST, 1000))))
    assert row["turnover_velocity_20"] is row["turnover_velocity_52w"] is None
    assert row["high_52w"] == 100.0


def test_the_year_begins_at_the_last_session_of_the_year_before():
    closes = {date(2025, 12, 31): 80.0, date(2025, 12, 30): 70.0, DAY: 120.0}
    row = newest(computed(year(closes), SESSIONS))
    assert (row["ytd_base"], row["ytd"]) == (80.0, pytest.approx(0.5))


def test_a_line_without_a_row_in_that_session_has_no_year_to_date():
    frame = year().filter(pl.col("session") != date(2025, 12, 31))
    row = newest(computed(frame, SESSIONS))
    assert row["ytd"] is row["ytd_base"] is None


def test_a_split_changes_neither_range_nor_year_to_date_and_the_close_stays_raw():
    split = date(2026, 2, 2)
    closes = {day: 1000.0 for day in SESSIONS if day < split}
    frame = year(closes)
    result = computed(frame, SESSIONS, divided=splits(("ATW", split, 10.0)))
    assert result["close"].to_list() == frame["close"].to_list()
    row = newest(result)
    assert (row["high_52w"], row["low_52w"], row["ytd"]) == (100.0, 100.0, 0.0)
    assert newest(computed(frame, SESSIONS))["ytd"] == pytest.approx(-0.9)


def test_a_split_to_come_is_not_known_to_the_sessions_before_it():
    split = date(2026, 2, 2)
    frame = year(dict.fromkeys((d for d in SESSIONS if d < split), 1000.0))
    result = computed(frame, SESSIONS, divided=splits(("ATW", split, 10.0)))
    before = result.filter(pl.col("session") == date(2026, 1, 30)).row(0, named=True)
    # Only a calendar from 52 weeks before completes it; its prices are those of its own day.
    assert (before["high_52w"], before["ytd_base"]) == (1000.0, 1000.0)


def test_shares_stated_before_a_split_are_divided_with_it():
    split = date(2026, 3, 2)
    counts = shares(("ATW", date(2026, 2, 27), 1000))
    frame = year({day: 1000.0 for day in SESSIONS if day < split})
    result = computed(frame, SESSIONS, counts=counts, divided=splits(("ATW", split, 10.0)))
    assert result["shares"].tail(2).to_list() == [1000, 10_000]
    assert result["market_cap"].tail(2).to_list() == [1_000_000.0, 1_000_000.0]


def test_no_share_count_reaches_back_before_its_statement():
    result = computed(year(), SESSIONS, counts=shares(("ATW", DAY, 1000)))
    assert result["shares"].tail(2).to_list() == [None, 1000]
    assert result["market_cap"].tail(2).to_list() == [None, 100_000.0]


@pytest.mark.parametrize(
    ("rounding", "known", "cap", "source"),
    [
        (0.5, 1000, 90_000.0, "exchange"),
        (5e6, 1000, 100_000.0, COMPUTED),
        (5e6, None, 90_000.0, "exchange"),
    ],
)
def test_an_exact_statement_stands_before_price_x_shares_and_that_before_a_rounded_one(
    rounding, known, cap, source
):
    said = statements({"session": DAY, "value": 90_000.0, "rounding": rounding})
    counts = shares() if known is None else shares(("ATW", FIRST, known))
    row = newest(computed(year(), SESSIONS, said=said, counts=counts))
    assert (row["market_cap"], row["market_cap_source"]) == (cap, source)
    assert row["market_cap_stated"] == 90_000.0
    assert row["market_cap_computed"] == (None if known is None else 100_000.0)


@pytest.mark.parametrize(
    ("rounding", "statement"), [(0.5, "list of the day"), (5e6, None)], ids=["exact", "rounded"]
)
def test_every_figure_leads_to_the_captures_that_it_is_made_of(rounding, statement):
    said = {"session": DAY, "value": 90_000.0, "rounding": rounding}
    quoted = {"capture_id": "quote", "close_confidence": 0.96, "turnover_confidence": 0.5}
    row = newest(
        computed(
            year(**quoted),
            SESSIONS,
            said=statements(said | {"capture_id": "list of the day"}),
            counts=shares(("ATW", FIRST, 1000)),
        )
    )
    assert (row["close_confidence"], row["turnover_confidence"]) == (0.96, 0.5)
    captures = row["capture_id"], row["market_cap_capture_id"], row["shares_capture_id"]
    assert captures == ("quote", statement, f"ATW on {FIRST}")


def test_a_market_cap_of_zero_states_nothing():
    row = newest(computed(year(), SESSIONS, said=statements({"session": DAY, "value": 0.0})))
    assert row["market_cap"] is row["market_cap_stated"] is row["market_cap_source"] is None


def test_a_disagreement_is_shown_with_both_values_and_never_averaged():
    said = statements(
        {"session": DAY, "value": 90_000.0, "capture_id": "a"},
        {"session": DAY, "value": 95_000.0, "source": "other", "rank": 1, "capture_id": "b"},
    )
    result = computed(year(), SESSIONS, said=said, counts=shares(("ATW", FIRST, 1000)))
    shown = disagreements(result, said)
    assert shown.schema == DISAGREEMENTS
    on_day = shown.filter(pl.col("session") == DAY)
    assert on_day.select("source", "value", "chosen", "capture_id").rows() == [
        ("other", 95_000.0, 90_000.0, "b"),
        (COMPUTED, 100_000.0, 90_000.0, None),
    ]
    assert on_day["difference"].to_list() == pytest.approx([5 / 90, 10 / 90])


def test_what_a_rounded_statement_can_mean_is_no_disagreement():
    near = {"session": DAY, "value": 110_000.0, "rounding": 10_000.0}
    counts = shares(("ATW", FIRST, 1000))
    for value, rows in ((110_000.0, 0), (110_001.0, 1)):
        said = statements({**near, "value": value})
        result = computed(year(), SESSIONS, said=said, counts=counts)
        assert disagreements(result, said).height == rows


def test_a_stated_year_to_date_stands_beside_ours():
    said = statements({"session": DAY, "field": "ytd", "value": 0.04, "rounding": 0.00005})
    result = computed(year(), SESSIONS, said=said)
    row = newest(result)
    assert (row["ytd"], row["ytd_stated"]) == (0.0, 0.04)
    assert disagreements(result, said)["field"].to_list() == ["ytd"]


def test_two_rows_for_one_line_and_session_are_refused():
    with pytest.raises(ValueError, match="two rows for one line and session"):
        computed(pl.concat([year(), year()]), SESSIONS)


@settings(max_examples=15)
@given(st.lists(st.floats(1, 1e6), min_size=len(SESSIONS), max_size=len(SESSIONS)))
def test_the_close_is_within_its_52_weeks(closes):
    frame = year(dict(zip(SESSIONS, closes, strict=True)))
    result = computed(frame, SESSIONS).drop_nulls("high_52w")
    assert result.height == len([d for d in SESSIONS if (d - FIRST).days >= 364])
    inside = pl.col("close").is_between("low_52w", "high_52w")
    assert result.select(inside.all()).item()


def test_faults_are_counted_and_computed_figures_have_none():
    split = date(2026, 2, 2)
    good = fundamentals_faults(
        computed(
            year(), SESSIONS, counts=shares(("ATW", FIRST, 3)), divided=splits(("ATW", split, 7.0))
        )
    )
    assert set(good.values()) == {0}
    wrong = figures(
        {"ticker": "ATW", "session": DAY, "market_cap": 0.0, "close": 9.0, "high_52w": 8.0}
        | {"low_52w": 1.0, "turnover_velocity_20": -1.0},
        {"ticker": "ATW", "session": DAY},
    )
    assert fundamentals_faults(wrong) == {
        "duplicate_row": 2,
        "market_cap_not_above_0": 1,
        "market_cap_of_nobody": 1,
        "close_outside_52_weeks": 1,
        "negative_velocity": 1,
    }
