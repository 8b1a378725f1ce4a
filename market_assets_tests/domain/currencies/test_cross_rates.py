"""Laws of the cross rates."""

from datetime import date, timedelta
from itertools import pairwise, permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.currencies.cross_rates import CROSS_RATES, CURRENCIES, cross_rates
from market_assets_tests.domain.currencies.conftest import DAY

LATER = DAY + timedelta(days=3)
CODES = ("EUR", "KES", "MAD", "NGN", "USD", "ZAR")


def crossed(rates, base, quote, *, day=DAY, max_age_days=7):
    found = cross_rates(rates, days=[day], currencies=[base, quote], max_age_days=max_age_days)
    return found.row(by_predicate=(pl.col("base") == base) & (pl.col("quote") == quote), named=True)


def said(row):
    return tuple(row[name] for name in ("rate", "path", "sources", "reference_date", "age_days"))


def test_a_quotation_is_taken_as_published_in_its_own_direction(quoted):
    rates = quoted(("bkam", "USD", "MAD", 9.3189))
    assert said(crossed(rates, "USD", "MAD")) == (9.3189, "USD>MAD", "bkam", DAY, 0)
    assert said(crossed(rates, "MAD", "USD")) == (1 / 9.3189, "MAD>USD", "bkam", DAY, 0)


def test_a_path_names_the_source_of_each_leg_and_the_age_of_the_oldest(quoted):
    rates = quoted(
        ("cbn", "USD", "NGN", 1372.0), ("bkam", "USD", "MAD", 9.3, DAY - timedelta(days=2))
    )
    old = DAY - timedelta(days=2)
    assert said(crossed(rates, "NGN", "MAD")) == (
        pytest.approx(9.3 / 1372.0),
        "NGN>USD>MAD",
        "cbn>bkam",
        old,
        2,
    )
    assert said(crossed(rates, "MAD", "NGN"))[1:] == ("MAD>USD>NGN", "bkam>cbn", old, 2)
    assert crossed(rates, "NGN", "MAD")["reference_dates"] == f"{DAY}>{old}"
    assert crossed(rates, "MAD", "NGN")["reference_dates"] == f"{old}>{DAY}"
    assert crossed(rates, "NGN", "NGN")["reference_dates"] is None


def test_what_has_no_rate_says_why_and_what_has_one_says_nothing(quoted):
    rates = quoted(
        ("cbn", "USD", "NGN", 1372.0),
        ("sarb", "ZAR", "KES", 7.6),
        ("ecb", "EUR", "MAD", 10.6, DAY - timedelta(days=8)),
    )
    whys = {
        ("USD", "NGN"): None,
        ("USD", "USD"): None,
        ("GHS", "USD"): "no quotation of GHS within 7 days",
        ("USD", "GHS"): "no quotation of GHS within 7 days",
        ("MAD", "GHS"): "no quotation of MAD within 7 days",
        ("EUR", "USD"): "no quotation of EUR within 7 days",
        ("ZAR", "NGN"): "no path of at most 3 legs",
    }
    for (base, quote), why in whys.items():
        row = crossed(rates, base, quote)
        assert (row["reason"], row["rate"] is None) == (why, why is not None)


def test_an_older_quotation_is_preferred_to_a_path(quoted):
    rates = quoted(
        ("bkam", "ZAR", "MAD", 0.57, DAY - timedelta(days=5)),
        ("sarb", "USD", "ZAR", 17.0),
        ("bkam", "USD", "MAD", 9.3),
    )
    assert said(crossed(rates, "ZAR", "MAD"))[1:] == (
        "ZAR>MAD",
        "bkam",
        DAY - timedelta(days=5),
        5,
    )
    assert said(crossed(rates, "ZAR", "MAD", max_age_days=4))[1] == "ZAR>USD>MAD"


def test_the_youngest_quotation_wins_and_of_two_as_old_the_first_by_name(quoted):
    rates = quoted(("sarb", "EUR", "ZAR", 19.3), ("ecb", "EUR", "ZAR", 19.2))
    assert said(crossed(rates, "EUR", "ZAR"))[::2] == (19.2, "ecb", 0)
    newer = pl.concat([rates, quoted(("sarb", "EUR", "ZAR", 19.5, LATER))])
    assert said(crossed(newer, "EUR", "ZAR", day=LATER))[::2] == (19.5, "sarb", 0)


def test_of_equal_paths_that_over_the_euro_then_the_dollar_then_the_first_by_name(quoted):
    legs = {via: (("x", "HKD", via, 2.0), ("y", via, "MAD", 3.0)) for via in ("CNY", "USD", "EUR")}
    for vias, path in (
        (("CNY", "USD", "EUR"), "HKD>EUR>MAD"),
        (("CNY", "USD"), "HKD>USD>MAD"),
        (("CNY",), "HKD>CNY>MAD"),
    ):
        rates = quoted(*(leg for via in vias for leg in legs[via]))
        assert crossed(rates, "HKD", "MAD")["path"] == path


def test_three_legs_are_found_and_four_are_not(quoted):
    chain = ("HKD", "EUR", "USD", "NGN", "XOF")
    rates = quoted(*(("x", a, b, 2.0) for a, b in pairwise(chain)))
    assert crossed(rates, "HKD", "NGN")["rate"] == 8.0
    assert crossed(rates, "HKD", "NGN")["path"] == "HKD>EUR>USD>NGN"
    assert said(crossed(rates, "HKD", "XOF")) == (None, None, None, None, None)


def test_a_currency_without_a_path_is_null_and_every_pair_has_its_row(quoted):
    rates = quoted(("bkam", "USD", "MAD", 9.3))
    found = cross_rates(rates, days=[DAY, LATER, DAY], currencies=CURRENCIES, max_age_days=7)
    assert found.schema == CROSS_RATES
    assert found.height == 2 * len(CURRENCIES) ** 2
    assert found.filter(pl.col("rate").is_not_null()).height == 2 * (len(CURRENCIES) + 2)
    assert said(crossed(rates, "GHS", "USD")) == (None,) * 5
    assert said(crossed(rates, "GHS", "GHS")) == (1.0, "GHS", None, DAY, 0)


@pytest.mark.parametrize(("days", "rate"), [(7, 9.3), (8, None)])
def test_beyond_the_maximum_age_there_is_no_rate(days, rate, quoted):
    rates = quoted(("bkam", "USD", "MAD", 9.3))
    assert crossed(rates, "USD", "MAD", day=DAY + timedelta(days=days))["rate"] == rate


@pytest.mark.parametrize(
    ("code", "said_of_it"), [("ZAc", "'ZAc' is no currency, but ZAR / 100"), ("usd", "'usd' is no")]
)
def test_hundredths_are_no_currencies(code, said_of_it, quoted):
    with pytest.raises(ValueError, match=said_of_it):
        cross_rates(quoted(), days=[DAY], currencies=[code], max_age_days=7)


def test_no_rates_give_no_crosses(quoted):
    assert cross_rates(quoted(), days=[DAY], currencies=["MAD", "USD"], max_age_days=7)[
        "rate"
    ].to_list() == [1.0, None, None, 1.0]
    assert cross_rates(quoted(), days=[], currencies=["MAD"], max_age_days=7).is_empty()


ROWS = st.lists(
    st.tuples(
        st.sampled_from(("bkam", "ecb", "sarb")),
        st.sampled_from(CODES),
        st.sampled_from(CODES),
        st.floats(0.001, 1000),
        st.integers(-9, 4).map(lambda n: DAY + timedelta(days=n)),
    ).filter(lambda row: row[1] != row[2]),
    max_size=25,
    unique_by=lambda row: (row[0], frozenset(row[1:3]), row[4]),
)


def table(rates, *, day=DAY):
    return cross_rates(rates, days=[day], currencies=CODES, max_age_days=7)


@settings(max_examples=60)
@given(ROWS)
def test_there_and_back_is_one_by_the_same_path(quoted, rows):
    found = table(quoted(*rows))
    back = found.select("as_of", "path", base="quote", quote="base", back="rate", way="path")
    both = found.join(back.drop("path"), on=["as_of", "base", "quote"])
    products = (both["rate"] * both["back"]).drop_nulls()
    assert both.height == found.height
    assert all(product == pytest.approx(1, rel=1e-12) for product in products)
    ways = both.drop_nulls("path").select("path", "way").rows()
    assert all(path.split(">") == way.split(">")[::-1] for path, way in ways)


@settings(max_examples=60)
@given(ROWS)
def test_what_comes_later_changes_nothing(quoted, rows):
    early = [row for row in rows if row[4] <= DAY]
    assert_frame_equal(table(quoted(*rows)), table(quoted(*early)))
    dates = table(quoted(*rows))["reference_date"].drop_nulls()
    assert all(DAY - timedelta(days=7) <= day <= DAY for day in dates)


@settings(max_examples=30)
@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_nothing(quoted, rows, chance):
    mixed = chance.sample(rows, len(rows))
    assert_frame_equal(table(quoted(*rows)), table(quoted(*mixed)))


@settings(max_examples=30)
@given(st.lists(st.floats(0.001, 1000), min_size=len(CODES) - 1, max_size=len(CODES) - 1))
def test_one_publishers_table_has_no_gain_in_going_round(quoted, values):
    others = [code for code in CODES if code != "EUR"]
    rows = [("ecb", "EUR", code, rate) for code, rate in zip(others, values, strict=True)]
    found = {row[:2]: row[2] for row in table(quoted(*rows)).select("base", "quote", "rate").rows()}
    for one, two, three in permutations(CODES, 3):
        round_trip = found[one, two] * found[two, three]
        assert round_trip == pytest.approx(found[one, three], rel=1e-12)


def test_a_day_among_many_is_what_it_is_alone(quoted):
    rates = quoted(
        *(
            ("ecb", "EUR", "USD", 1.1 + n / 100, date(2026, 3, 1) + n * timedelta(2))
            for n in range(9)
        ),
        *(
            ("bkam", "USD", "MAD", 9 + n / 10, date(2026, 3, 2) + n * timedelta(3))
            for n in range(5)
        ),
    )
    days = [date(2026, 3, 1) + timedelta(n) for n in range(30)]
    many = cross_rates(rates, days=days, currencies=CODES, max_age_days=4)
    alone = [cross_rates(rates, days=[d], currencies=CODES, max_age_days=4) for d in days]
    assert_frame_equal(many, pl.concat(alone))
