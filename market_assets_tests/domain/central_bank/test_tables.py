"""The tables by subject that are made of the long one."""

from datetime import date, timedelta
from functools import partial

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.central_bank.indicators import INDICATORS
from market_assets.domain.central_bank.money import (
    BANKING_METRICS,
    MONETARY_AGGREGATES,
    banking_metrics,
    monetary_aggregates,
)
from market_assets.domain.central_bank.rates import (
    INTERBANK_RATE,
    INTERVENTIONS,
    LENDING_RATES,
    MONIA,
    POLICY_RATE,
    RESERVE_ASSETS,
    interbank_rate,
    interventions,
    lending_rates,
    monia,
    policy_rate,
    reserve_assets,
)
from market_assets.domain.central_bank.rules import (
    banking_metrics_faults,
    monetary_aggregates_faults,
    rates_faults,
    subject_faults,
)
from market_assets.domain.central_bank.wide import PROVENANCE
from market_assets_tests.domain.central_bank.central_bank_rows import KNOWN, long

MARCH, JUNE = date(2026, 3, 19), date(2026, 6, 24)
MAY, MAY_BEFORE = date(2026, 5, 31), date(2025, 5, 31)


def table(schema, *rows):
    known = (0.9, "bkam", "c1", KNOWN)
    return pl.DataFrame([(*row, *known) for row in rows], schema=schema, orient="row")


def test_a_decision_says_by_how_much_the_rate_moved():
    rows = long(
        ("policy.rate", JUNE, 2.0),
        ("policy.rate", MARCH, 2.25),
        ("policy.reserve_ratio", MARCH, 0.0),
        ("monia.rate", MARCH, 2.2),
    )
    expected = table(POLICY_RATE, (MARCH, 2.25, 0.0, None, None), (JUNE, 2.0, None, None, -0.25))
    assert_frame_equal(policy_rate(rows), expected)


def test_a_day_without_a_market_has_a_rate_and_no_volume():
    sunday, monday = date(2026, 7, 12), date(2026, 7, 13)
    rows = long(
        ("interbank.rate", sunday, 2.25),
        ("interbank.outstanding", sunday, 8.024e9),
        ("interbank.rate", monday, 2.25),
        ("interbank.volume", monday, 3.77e9),
        ("interbank.outstanding", monday, 9.14e9),
    )
    expected = table(INTERBANK_RATE, (sunday, 2.25, None, 8.024e9), (monday, 2.25, 3.77e9, 9.14e9))
    assert_frame_equal(interbank_rate(rows), expected)


def test_monia_and_lending_rates_keep_their_day_of_publication():
    day, out = date(2026, 7, 10), date(2026, 7, 13)
    rows = long(("monia.rate", day, 2.218, out), ("monia.volume", day, 1.1959e10, out))
    assert_frame_equal(monia(rows), table(MONIA, (day, out, 2.218, 1.1959e10)))
    quarter, released = date(2026, 3, 31), date(2026, 5, 8)
    rows = long(
        ("lending.total", quarter, 4.66, released), ("lending.consumer", quarter, 6.86, released)
    )
    expected = table(LENDING_RATES, (quarter, released, 4.66, None, None, None, 6.86))
    assert_frame_equal(lending_rates(rows), expected)


def test_interventions_and_reserves_are_amounts_by_their_day():
    friday = date(2026, 7, 10)
    rows = long(("interventions.outstanding", friday, 4.9e10), ("reserves.assets", friday, 4.4e11))
    assert_frame_equal(interventions(rows), table(INTERVENTIONS, (friday, 4.9e10)))
    assert_frame_equal(reserve_assets(rows), table(RESERVE_ASSETS, (friday, 4.4e11)))


def test_aggregates_have_a_column_each():
    rows = monetary_aggregates(long(("money.m1", MAY, 1.0), ("money.m3", MAY, 3.0)))
    assert rows.schema == MONETARY_AGGREGATES
    stated = {name: x for name, x in rows.row(0, named=True).items() if x is not None}
    provenance = {"confidence": 0.9, "source": "bkam", "capture_id": "c1", "known_at": KNOWN}
    assert stated == {"reference_date": MAY, "m1": 1.0, "m3": 3.0} | provenance


def test_a_row_is_as_certain_as_its_least_number_and_of_the_capture_of_its_newest():
    later = {"source": "bkam_api", "capture_id": "c2", "known_at": KNOWN + timedelta(hours=1)}
    rate, volume = long(("monia.rate", MAY, 2.2), ("monia.volume", MAY, 1e9)).iter_rows(named=True)
    for rows in ([rate | later | {"confidence": 0.8}, volume], [volume | later, rate]):
        least = min(row["confidence"] for row in rows)
        (found,) = monia(pl.DataFrame(rows, schema=INDICATORS)).iter_rows(named=True)
        assert {name: found[name] for name in PROVENANCE} == later | {"confidence": least}


def test_non_performing_loans_are_a_share_of_all_credit_and_change_over_a_year():
    rows = banking_metrics(
        long(
            ("credit.total", MAY, 1_259_114.0),
            ("credit.object.non_performing", MAY, 105_973.0),
            ("credit.object.non_performing", MAY_BEFORE, 100_000.0),
            ("money.m3", MAY, 1.0),
        )
    )
    assert rows.schema == BANKING_METRICS
    assert set(banking_metrics_faults(rows).values()) == {0}
    columns = ["reference_date", "dimension", "value", "share", "yearly_change"]
    assert rows.select(columns).rows() == [
        (MAY_BEFORE, "object", 100_000.0, None, None),
        (MAY, "object", 105_973.0, pytest.approx(0.08416, abs=1e-5), pytest.approx(0.05973)),
        (MAY, "total", 1_259_114.0, 1.0, None),
    ]


def test_a_year_after_the_end_of_february_is_the_end_of_february():
    rows = banking_metrics(
        long(
            ("credit.total", date(2023, 2, 28), 100.0),
            ("credit.total", date(2024, 2, 29), 110.0),
            ("credit.total", date(2025, 2, 28), 121.0),
        )
    )
    assert rows["yearly_change"].to_list() == [None, pytest.approx(0.1), pytest.approx(0.1)]


def test_nothing_before_is_no_change_and_nothing_at_all_no_share():
    rows = banking_metrics(
        long(
            ("credit.total", MAY, 0.0),
            ("credit.sector.other", MAY_BEFORE, 0.0),
            ("credit.sector.other", MAY, 0.0),
        )
    )
    assert rows["share"].to_list() == [None, None, None]
    assert rows["yearly_change"].to_list() == [None, None, None]


def test_a_share_of_more_than_everything_is_counted():
    rows = banking_metrics(long(("credit.total", MAY, 1.0), ("credit.object.cash", MAY, 2.0)))
    assert banking_metrics_faults(rows) == {
        "duplicate_row": 0,
        "negative_amount": 0,
        "share_out_of_range": 1,
    }


def broken(faults, rows):
    return {name for name, count in faults(rows).items() if count}


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([(MARCH, 2.25, 1e9, 8e9), (JUNE, 2.0, None, None)], set()),
        ([(MARCH, 0.0, 0.0, -8e9), (JUNE, 100.0, None, None)], set()),
        ([(MARCH, 2.25, 1e9, 8e9), (MARCH, 2.0, None, None)], {"duplicate_row"}),
        ([(MARCH, 225.0, None, None)], {"rate_out_of_range"}),
        ([(MARCH, -2.25, None, None)], {"rate_out_of_range"}),
    ],
)
def test_what_no_table_of_rates_may_say_is_counted(rows, faults):
    checked = partial(rates_faults, rates=("rate",))
    assert broken(checked, table(INTERBANK_RATE, *rows)) == faults


def test_a_row_that_nobody_can_be_so_sure_of_is_counted():
    rows = table(RESERVE_ASSETS, (MARCH, 4e11), (JUNE, 4e11))
    assert broken(subject_faults, rows) == set()
    for confidence in (1.1, -0.1, None):
        doubted = rows.with_columns(confidence=pl.lit(confidence, pl.Float64))
        assert subject_faults(doubted)["confidence_out_of_range"] == 2


@pytest.mark.parametrize(
    ("held", "faults"),
    [
        ({"currency": 4.0, "m1": 10.0, "m2": 11.0, "m3": 15.0}, set()),
        ({"currency": 4.0, "m1": 10.0, "m3": 15.0}, set()),
        ({"currency": 4.0, "m1": 10.0, "m2": 9.0, "m3": 15.0}, {"more_than_its_whole"}),
        ({"m2": 16.0, "m3": 15.0}, {"more_than_its_whole"}),
        ({"m1": 16.0, "m3": 15.0}, {"more_than_its_whole"}),
        ({"currency": 11.0, "m1": 10.0}, {"more_than_its_whole"}),
    ],
)
def test_money_in_a_narrower_sense_is_never_more(held, faults):
    rows = long(*((f"money.{name}", MAY, value) for name, value in held.items()))
    assert broken(monetary_aggregates_faults, monetary_aggregates(rows)) == faults


@pytest.mark.parametrize(
    ("made", "schema"),
    [
        (policy_rate, POLICY_RATE),
        (interbank_rate, INTERBANK_RATE),
        (monia, MONIA),
        (lending_rates, LENDING_RATES),
        (monetary_aggregates, MONETARY_AGGREGATES),
        (banking_metrics, BANKING_METRICS),
    ],
)
def test_nothing_stated_is_an_empty_table_of_the_same_schema(made, schema):
    assert_frame_equal(made(long()), schema.to_frame())


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["rate", "volume", "outstanding"]),
            st.dates(date(2026, 1, 1), date(2026, 1, 5)),
        ),
        st.floats(0, 10),
        max_size=12,
    )
)
def test_every_stated_value_stands_in_its_column_and_nothing_else_does(stated):
    wide = interbank_rate(long(*((f"interbank.{n}", d, x) for (n, d), x in stated.items())))
    rows = wide.drop(PROVENANCE.names()).unpivot(index="reference_date").drop_nulls()
    assert {(name, day): value for day, name, value in rows.rows()} == stated
