"""The long table: what of rates, curve and observations is which indicator."""

from datetime import date, timedelta

import polars as pl
import pytest

from market_assets.domain.central_bank import rows as stated
from market_assets.domain.central_bank.indicators import INDICATORS, indicators
from market_assets.domain.central_bank.rules import indicators_faults
from market_assets.domain.central_bank.statements import (
    exchange_rates,
    observations,
    treasury_curve,
)
from market_assets_tests.domain.central_bank.central_bank_rows import (
    CATALOGUED,
    CHANNELS,
    DAY,
    statements,
)

NO_RATES, NO_CURVE, NO_OBSERVATIONS = (
    schema.to_frame()
    for schema in (stated.EXCHANGE_RATES, stated.TREASURY_CURVE, stated.OBSERVATIONS)
)


def told(rates=NO_RATES, curve=NO_CURVE, observed=NO_OBSERVATIONS):
    rows = indicators(
        exchange_rates(rates, sources=CHANNELS).table,
        treasury_curve(curve, sources=CHANNELS).table,
        observations(observed, sources=CHANNELS).table,
        catalogue=CATALOGUED,
    )
    assert rows.schema == INDICATORS
    assert set(indicators_faults(rows).values()) == {0}
    return rows


def rate(currency, kind="reference", unit_count=1, **sides):
    return {"currency": currency, "kind": kind, "unit_count": unit_count, **sides}


def test_each_stated_side_of_a_catalogued_currency_is_an_indicator():
    rates = statements(
        stated.EXCHANGE_RATES,
        rate("USD", mid=9.3),
        rate("USD", kind="banknote", bid=8.6, ask=10.0),
        rate("EUR", mid=10.6),
    )
    rows = told(rates=rates).select("indicator_id", "name", "unit", "value", "source")
    assert rows.rows() == [
        ("fx.banknote.ask.USD", "US notes", "MAD per 1 USD", 10.0, "bkam"),
        ("fx.reference.mid.USD", "US dollar", "MAD per 1 USD", 9.3, "bkam"),
    ]


@pytest.mark.parametrize(("count", "mid"), [(100, 5.744), (1, 0.05744), (1000, 57.44)])
def test_a_rate_is_for_the_count_of_units_that_the_catalogue_names(count, mid):
    rates = statements(stated.EXCHANGE_RATES, rate("JPY", unit_count=count, mid=mid))
    assert told(rates=rates)["value"].to_list() == [pytest.approx(5.744)]


def test_a_band_of_the_curve_has_the_stated_rate_of_its_longest_point():
    points = [(30, 2.1), (91, 2.2), (92, 2.3), (183, 2.9)]
    curve = statements(
        stated.TREASURY_CURVE,
        *({"maturity_date": DAY + timedelta(days=days), "rate": rate} for days, rate in points),
    )
    rows = told(curve=curve).select("indicator_id", "value").rows()
    assert rows == [("curve.13w", 2.2), ("curve.26w", 2.3)]


def test_an_observation_keeps_its_day_of_publication_and_where_it_was_read():
    observed = statements(
        stated.OBSERVATIONS,
        {
            "indicator_id": "monia.rate",
            "value": 2.218,
            "publication_date": date(2026, 7, 13),
            "capture_id": "c7",
        },
        {"indicator_id": "unheard.of", "value": 1.0},
    )
    rows = told(observed=observed)
    assert rows["indicator_id"].to_list() == ["monia.rate"]
    assert rows.row(0, named=True)["publication_date"] == date(2026, 7, 13)
    assert rows.row(0, named=True)["capture_id"] == "c7"


def test_each_date_is_a_row_and_they_come_in_order():
    days = [date(2026, 7, 9), date(2026, 7, 8), DAY]
    observed = statements(
        stated.OBSERVATIONS,
        *({"indicator_id": "monia.rate", "value": 2.2, "reference_date": day} for day in days),
    )
    assert told(observed=observed)["reference_date"].to_list() == sorted(days)


def test_nothing_stated_is_an_empty_table():
    assert told().height == 0


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ("no_value", {"value": None}),
        ("no_value", {"value": float("nan")}),
        ("published_before_its_date", {"publication_date": date(2026, 7, 9)}),
        ("known_before_its_date", {"reference_date": date(2026, 7, 12)}),
        ("confidence_out_of_range", {"confidence": 1.5}),
    ],
)
def test_a_broken_row_is_counted(fault, broken):
    observed = statements(stated.OBSERVATIONS, {"indicator_id": "monia.rate", "value": 2.2})
    good = told(observed=observed)
    bad = good.with_columns(
        pl.lit(value, dtype=good.schema[name]).alias(name) for name, value in broken.items()
    )
    assert indicators_faults(bad)[fault] == 1
    assert indicators_faults(pl.concat([good, good]))["duplicate_row"] == 2
