"""How what page, file and API state of one thing becomes one row."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market_assets.domain.central_bank import rows as stated
from market_assets.domain.central_bank.rules import exchange_rates_faults, treasury_curve_faults
from market_assets.domain.central_bank.statements import (
    EXCHANGE_RATES,
    OBSERVED,
    TREASURY_CURVE,
    exchange_rates,
    observations,
    treasury_curve,
)
from market_assets_tests.domain.central_bank.central_bank_rows import (
    CHANNELS,
    DAY,
    KNOWN,
    statements,
)

DOLLAR = {"currency": "USD", "kind": "reference", "unit_count": 1}
ON_PAGE, IN_API = {"source": "bkam"}, {"source": "bkam_api", "capture_id": "c2"}


def rates(*rows):
    agreed = exchange_rates(statements(stated.EXCHANGE_RATES, *rows), sources=CHANNELS)
    assert agreed.table.schema == EXCHANGE_RATES
    assert set(exchange_rates_faults(agreed.table).values()) == {0}
    return agreed


def only(agreed):
    return agreed.table.row(0, named=True)


def test_one_official_page_is_believed_as_far_as_its_weight():
    row = only(rates(DOLLAR | {"mid": 9.3}))
    assert (row["mid"], row["bid"], row["confidence"]) == (9.3, None, 0.9)
    assert (row["source"], row["sources"], row["capture_id"]) == ("bkam", "bkam", "c1")


def test_page_and_api_that_agree_raise_the_confidence():
    agreed = rates(DOLLAR | ON_PAGE | {"mid": 9.3}, DOLLAR | IN_API | {"mid": 9.30004})
    row = only(agreed)
    assert row["confidence"] == pytest.approx(0.99)
    assert (row["mid"], row["source"]) == (9.30004, "bkam_api")
    assert row["sources"] == "bkam_api+bkam"
    assert agreed.disagreements.height == 0


def test_page_and_api_that_differ_lower_it_and_the_other_statement_is_shown():
    agreed = rates(DOLLAR | ON_PAGE | {"mid": 9.3}, DOLLAR | IN_API | {"mid": 9.4})
    row = only(agreed)
    assert (row["mid"], row["sources"]) == (9.4, "bkam_api")
    assert row["confidence"] == pytest.approx(0.9 * 0.75)
    (other,) = agreed.disagreements.rows(named=True)
    assert (other["field"], other["source"], other["value"], other["chosen"]) == (
        *("mid", "bkam", 9.3, 9.4),
    )
    assert other["difference"] == pytest.approx(9.3 / 9.4 - 1)


def test_two_captures_of_one_channel_count_once_and_the_newest_speaks():
    later = {"known_at": KNOWN + timedelta(days=1), "capture_id": "c9", "source": "bkam_seldom"}
    agreed = rates(DOLLAR | {"mid": 9.3}, DOLLAR | later | {"mid": 9.5})
    row = only(agreed)
    assert (row["mid"], row["confidence"], row["capture_id"]) == (9.5, 0.9, "c9")
    assert agreed.disagreements.height == 0


def test_what_a_page_repeats_is_known_since_the_page_that_first_said_it():
    again = {"known_at": KNOWN + timedelta(days=1), "capture_id": "c9"}
    row = only(rates(DOLLAR | {"mid": 9.3}, DOLLAR | again | {"mid": 9.3}))
    assert (row["mid"], row["known_at"], row["capture_id"]) == (9.3, KNOWN, "c1")


def test_a_banknote_page_counts_as_undated_and_the_api_outweighs_it():
    note = {"currency": "USD", "kind": "banknote", "unit_count": 1, "bid": 8.6}
    assert only(rates(note | ON_PAGE | {"ask": 10.0}))["confidence"] == 0.6
    row = only(rates(note | ON_PAGE | {"ask": 10.1}, note | IN_API | {"ask": 10.0}))
    assert row["ask"] == 10.0
    assert row["confidence"] == pytest.approx(0.9 * (1 - 0.4 / 2))  # the ask; the bid has 0.96


def test_counts_that_differ_are_brought_to_the_largest():
    yen = {"currency": "JPY", "kind": "reference"}
    agreed = rates(
        yen | ON_PAGE | {"unit_count": 100, "mid": 5.744},
        yen | IN_API | {"unit_count": 1, "mid": 0.05744},
    )
    row = only(agreed)
    assert (row["unit_count"], row["mid"]) == (100, pytest.approx(5.744))
    assert row["confidence"] == pytest.approx(0.99)


def test_days_kinds_and_currencies_stay_apart():
    other_day = {"reference_date": date(2026, 7, 9)}
    note = {"kind": "banknote", "bid": 8.6, "ask": 10.0}
    found = rates(
        DOLLAR | {"mid": 9.3},
        DOLLAR | other_day | {"mid": 9.2},
        DOLLAR | {"currency": "EUR", "mid": 10.6},
        DOLLAR | note,
    ).table
    assert found.select("currency", "reference_date", "mid", "ask").rows() == [
        ("EUR", DAY, 10.6, None),
        ("USD", date(2026, 7, 9), 9.2, None),
        ("USD", DAY, None, 10.0),
        ("USD", DAY, 9.3, None),
    ]


def test_a_source_that_is_no_channel_does_not_count():
    assert rates(DOLLAR | {"source": "unheard_of", "mid": 9.3}).table.height == 0


def test_points_of_the_curve_agree_to_the_digits_that_the_page_prints():
    point = {"maturity_date": date(2026, 8, 17), "volume": 0.0}
    said = statements(
        stated.TREASURY_CURVE,
        point | ON_PAGE | {"rate": 2.16},
        point | IN_API | {"rate": 2.1604},
        point | IN_API | {"rate": 2.3, "maturity_date": date(2027, 8, 17)},
    )
    agreed = treasury_curve(said, sources=CHANNELS)
    assert agreed.table.schema == TREASURY_CURVE
    assert set(treasury_curve_faults(agreed.table).values()) == {0}
    assert agreed.table.select("rate", "confidence").rows() == [
        (2.1604, pytest.approx(0.99)),
        (2.3, 0.9),
    ]
    assert agreed.disagreements.height == 0


def test_a_publication_day_that_only_one_statement_has_is_kept():
    monia = {"indicator_id": "monia.rate", "value": 2.218}
    said = statements(
        stated.OBSERVATIONS,
        monia | ON_PAGE | {"publication_date": date(2026, 7, 13)},
        monia | IN_API,
    )
    agreed = observations(said, sources=CHANNELS)
    assert agreed.table.schema == OBSERVED
    assert only(agreed)["publication_date"] == date(2026, 7, 13)


def test_nothing_stated_is_nothing_agreed():
    empty = exchange_rates(stated.EXCHANGE_RATES.to_frame(), sources=CHANNELS)
    assert (empty.table.schema, empty.table.height) == (EXCHANGE_RATES, 0)
    assert empty.disagreements.height == 0


said_of_rates = st.lists(
    st.fixed_dictionaries(
        {
            "currency": st.sampled_from(["USD", "EUR"]),
            "kind": st.sampled_from(["reference", "banknote"]),
            "unit_count": st.sampled_from([1, 100]),
            "mid": st.sampled_from([9.1, 9.2, 9.3]),
            "source": st.sampled_from(["bkam", "bkam_api", "bkam_seldom"]),
            "capture_id": st.sampled_from(["c1", "c2", "c3"]),
        }
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40)
@given(said_of_rates, st.randoms(use_true_random=False))
def test_the_order_of_statements_never_matters(rows, random):
    keys = ["currency", "kind", "source", "capture_id"]
    once = statements(stated.EXCHANGE_RATES, *rows).unique(keys, keep="first", maintain_order=True)
    shuffled = once.sample(fraction=1, shuffle=True, seed=random.randrange(1000))
    first, second = (exchange_rates(part, sources=CHANNELS) for part in (once, shuffled))
    assert first.table.equals(second.table)
    assert first.disagreements.equals(second.disagreements)


@settings(max_examples=40)
@given(said_of_rates)
def test_a_row_is_always_somebodys_and_surer_only_with_two_channels(rows):
    table = exchange_rates(statements(stated.EXCHANGE_RATES, *rows), sources=CHANNELS).table
    assert table.select("currency", "reference_date", "kind").is_duplicated().sum() == 0
    assert table.filter(~pl.col("confidence").is_between(0, 0.99 + 1e-9)).height == 0
    alone = table.filter(~pl.col("sources").str.contains("+", literal=True))
    assert alone.filter(pl.col("confidence") > 0.9).height == 0
