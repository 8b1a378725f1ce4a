"""Laws of the table of quotations."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.central_bank.rows import EXCHANGE_RATES
from market_assets.domain.currencies.fx_rates import KEY, fx_rates
from market_assets.domain.currencies.rows import RATES
from market_assets.domain.currencies.trust import parted_days, strayed_tables, trusted_rates

DAY = date(2026, 3, 16)
NONE = pl.DataFrame(schema=EXCHANGE_RATES)


def bank(**said):
    row = {"currency": "USD", "reference_date": DAY, "kind": "reference", "unit_count": 1}
    return pl.DataFrame([row | {"source": "bkam"} | said], schema=EXCHANGE_RATES)


@pytest.mark.parametrize(
    ("said", "rate"),
    [
        ({"mid": 9.3189}, 9.3189),
        ({"currency": "JPY", "unit_count": 100, "mid": 5.862}, 0.05862),
        ({"bid": 9.0, "ask": 10.0}, 9.5),
        ({"mid": 9.4, "bid": 9.0, "ask": 10.0}, 9.4),
    ],
)
def test_the_banks_reference_rates_are_dirhams_for_one(said, rate):
    (row,) = fx_rates(pl.DataFrame(schema=RATES), bank(**said)).rows(named=True)
    assert (row["base"], row["quote"]) == (said.get("currency", "USD"), "MAD")
    assert row["rate"] == pytest.approx(rate, rel=1e-15)


@pytest.mark.parametrize("said", [{"kind": "banknote", "mid": 9.1}, {"bid": 9.0}, {}])
def test_what_is_no_reference_rate_is_no_row(said):
    assert fx_rates(pl.DataFrame(schema=RATES), bank(**said)).is_empty()


def test_each_source_keeps_its_own_rate_and_nothing_is_averaged(quoted):
    rates = quoted(("sarb", "EUR", "ZAR", 19.3), ("ecb", "EUR", "ZAR", 19.2))
    assert_frame_equal(fx_rates(rates, NONE), rates.sort(KEY))


def test_what_a_source_said_last_stands(quoted):
    first = quoted(("ecb", "EUR", "ZAR", 19.3))
    later = quoted(("ecb", "EUR", "ZAR", 19.2)).with_columns(
        known_at=pl.lit(datetime(2026, 3, 18, tzinfo=UTC)).cast(pl.Datetime("us", "UTC"))
    )
    assert_frame_equal(fx_rates(pl.concat([later, first]), NONE), later)


def test_what_a_source_repeats_is_known_since_it_first_said_so(quoted):
    first = quoted(("ecb", "EUR", "ZAR", 19.3))
    again = first.with_columns(pl.col("known_at") + pl.duration(days=1), capture_id=pl.lit("later"))
    assert_frame_equal(fx_rates(pl.concat([again, first]), NONE), first)


def banks(quoted, *euros):
    """A dirham, a naira and a rand table whose euro is worth so many dollars."""
    tables = zip(
        ("bkam", "cbn", "sarb"), ("MAD", "NGN", "ZAR"), (9.3, 1372.0, 17.1), euros, strict=False
    )
    return quoted(
        *(
            row
            for source, home, dollar, euro in tables
            for row in ((source, "USD", home, dollar), (source, "EUR", home, dollar * euro))
        )
    )


def test_a_table_that_strays_from_two_others_is_left_out_whole(quoted):
    rates = banks(quoted, 1.15, 1.08, 1.152)
    ((day, source, said, median),) = strayed_tables(rates, tolerance=0.03).rows()
    assert (day, source) == (DAY, "cbn")
    assert (said, median) == pytest.approx((1.08, 1.15))
    assert set(trusted_rates(rates, tolerance=0.03)["source"]) == {"bkam", "sarb"}


def test_tables_that_agree_two_that_do_not_and_those_without_euro_stand(quoted):
    agreeing = banks(quoted, 1.15, 1.16, 1.152)
    two = banks(quoted, 1.15, 1.08)
    silent = pl.concat([banks(quoted, 1.15, 1.15, 1.15), quoted(("bceao", "USD", "XOF", 600.0))])
    for rates in (agreeing, two, silent, quoted()):
        assert_frame_equal(trusted_rates(rates, tolerance=0.03), rates, check_row_order=False)


@pytest.mark.parametrize(
    ("euros", "parted"),
    [
        ((1.15, 1.08), [(DAY, 1.08, 1.15)]),
        ((1.12, 1.15), []),
        ((1.15,), []),
        ((1.15, 1.08, 1.152), []),
    ],
)
def test_two_tables_that_differ_without_a_third_are_told(euros, parted, quoted):
    found = parted_days(banks(quoted, *euros), tolerance=0.03).rows()
    assert found == [(day, pytest.approx(low), pytest.approx(high)) for day, low, high in parted]


def test_frankfurts_dollar_is_heard_though_its_home_is_the_euro(quoted):
    rates = pl.concat([banks(quoted, 1.15, 1.15), quoted(("ecb", "EUR", "USD", 1.08))])
    assert strayed_tables(rates, tolerance=0.03)["source"].to_list() == ["ecb"]


@pytest.mark.parametrize(("outright", "strays"), [(1.16, []), (1.075, ["ecb"])])
def test_what_a_table_says_outright_stands_before_what_its_other_rates_come_to(
    outright, strays, quoted
):
    crossed = 1.075 if not strays else 1.16
    said = (("EUR", "USD", outright), ("EUR", "HKD", 8 * crossed), ("USD", "HKD", 8.0))
    table = quoted(*(("ecb", *rate) for rate in said))
    rates = pl.concat([banks(quoted, 1.15, 1.15), table])
    assert strayed_tables(rates, tolerance=0.03)["source"].to_list() == strays
