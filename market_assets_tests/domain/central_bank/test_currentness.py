"""How current an indicator is; nothing old is shown as today's value."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market_assets.domain.central_bank.currentness import (
    CURRENTNESS,
    RHYTHMS,
    STATUSES,
    currentness,
)
from market_assets.domain.central_bank.rules import currentness_faults
from market_assets_tests.domain.central_bank.central_bank_rows import long

NEWEST = date(2026, 3, 31)


def judged(frequency, days, *, values=(1.0,)):
    """The one indicator of ``frequency``, ``days`` after its newest date."""
    dates = [NEWEST - timedelta(days=n) for n in range(len(values))]
    rows = long(*(("x", day, value) for day, value in zip(dates, values, strict=True)))
    found = currentness(
        rows.with_columns(frequency=pl.lit(frequency)), as_of=NEWEST + timedelta(days=days)
    )
    assert found.schema == CURRENTNESS
    assert set(currentness_faults(found).values()) == {0}
    return found.row(0, named=True)


@pytest.mark.parametrize("frequency", list(RHYTHMS))
def test_an_indicator_is_stale_and_then_frozen_when_nothing_newer_comes(frequency):
    stale_after, frozen_after = RHYTHMS[frequency]
    expected = [
        (0, "current"),
        (stale_after, "current"),
        (stale_after + 1, "stale"),
        (frozen_after, "stale"),
        (frozen_after + 1, "frozen"),
    ]
    assert [(days, judged(frequency, days)["status"]) for days, _ in expected] == expected


@pytest.mark.parametrize(
    ("frequency", "newest", "as_of"),
    [
        ("month", date(2026, 5, 31), date(2026, 7, 14)),
        ("quarter", date(2026, 3, 31), date(2026, 8, 6)),
        ("business_day", date(2026, 7, 10), date(2026, 7, 14)),
        ("day", date(2026, 7, 13), date(2026, 7, 14)),
    ],
)
def test_what_the_real_pages_showed_in_good_order_was_current(frequency, newest, as_of):
    rows = long(("x", newest, 1.0)).with_columns(frequency=pl.lit(frequency))
    assert currentness(rows, as_of=as_of)["status"].to_list() == ["current"]


@pytest.mark.parametrize(
    ("frequency", "newest"),
    [("day", date(2021, 12, 21)), ("day", date(2022, 1, 18)), ("quarter", date(2017, 3, 31))],
)
def test_what_the_real_pages_have_shown_for_years_is_frozen(frequency, newest):
    rows = long(("x", newest, 1.5)).with_columns(frequency=pl.lit(frequency))
    found = currentness(rows, as_of=date(2026, 7, 14)).row(0, named=True)
    assert (found["status"], found["value"], found["last_value"]) == ("frozen", None, 1.5)


def test_the_decisions_page_without_the_council_of_june_was_stale():
    rows = long(("policy.rate", date(2026, 3, 19), 2.25))
    rows = rows.with_columns(frequency=pl.lit("decision"))
    assert currentness(rows, as_of=date(2026, 7, 14))["status"].to_list() == ["stale"]


def test_only_the_newest_date_counts_and_later_ones_do_not_exist_yet():
    rows = long(("x", date(2026, 1, 31), 1.0), ("x", date(2026, 2, 28), 2.0))
    later = long(("x", date(2026, 6, 30), 9.0))
    found = currentness(pl.concat([later, rows]), as_of=date(2026, 3, 31)).row(0, named=True)
    assert (found["reference_date"], found["value"], found["age_days"]) == (
        *(date(2026, 2, 28), 2.0, 31),
    )


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2026, 5, 7), (date(2025, 12, 31), 5.0, "current")),
        (date(2026, 5, 8), (date(2026, 3, 31), 4.8, "current")),
    ],
)
def test_a_quarter_counts_from_the_day_it_was_published(as_of, expected):
    rows = long(
        ("lending.total", date(2025, 12, 31), 5.0, date(2026, 2, 10)),
        ("lending.total", date(2026, 3, 31), 4.8, date(2026, 5, 8)),
    ).with_columns(frequency=pl.lit("quarter"))
    found = currentness(rows, as_of=as_of)
    assert found.select("reference_date", "value", "status").rows() == [expected]


def test_what_was_never_published_by_then_has_no_status_and_without_a_known_day_it_has():
    told_later = long(("x", NEWEST, 1.0, NEWEST + timedelta(days=1)))
    assert currentness(told_later, as_of=NEWEST).is_empty()
    assert currentness(long(("x", NEWEST, 1.0)), as_of=NEWEST)["value"].to_list() == [1.0]


def test_every_indicator_is_judged_once_and_by_its_own_dates():
    rows = long(("new", date(2026, 5, 31), 1.0), ("old", date(2016, 5, 31), 2.0))
    found = currentness(rows, as_of=date(2026, 7, 14))
    assert found.select("indicator_id", "status").rows() == [("new", "current"), ("old", "frozen")]


def test_a_frequency_without_a_rhythm_is_told():
    rows = long(("x", NEWEST, 1.0)).with_columns(frequency=pl.lit("whenever"))
    with pytest.raises(ValueError, match=r"no rhythm is known of .*whenever"):
        currentness(rows, as_of=NEWEST)


def test_an_old_value_that_is_shown_is_counted():
    shown = judged("month", 300) | {"value": 1.0, "status": "frozen"}
    rows = pl.DataFrame([shown, shown | {"status": "whatever"}], schema=CURRENTNESS)
    assert currentness_faults(rows) == {
        "duplicate_row": 2,
        "unknown_status": 1,
        "old_value_shown": 2,
    }


@given(
    st.sampled_from(list(RHYTHMS)),
    st.integers(0, 900),
    st.integers(0, 900),
    st.lists(st.floats(-5, 5), min_size=1, max_size=4),
)
def test_time_alone_makes_nothing_more_current(frequency, days, more, values):
    now, then = (judged(frequency, n, values=values) for n in (days, days + more))
    assert STATUSES.index(now["status"]) <= STATUSES.index(then["status"])
    for row in (now, then):
        assert (row["value"] is None) == (row["status"] != "current")
        assert row["last_value"] == values[0]
