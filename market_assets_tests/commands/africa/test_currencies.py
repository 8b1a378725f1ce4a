"""Rates are what the banks say; any currency comes to any other by a path that is named."""

from datetime import date

import polars as pl
import pytest

from market_assets.sandbox.central_bank.figures import LEVELS
from market_assets.sandbox.central_bank.figures import Figures as Dirhams
from market_assets.sandbox.currencies.figures import Figures
from market_assets_tests.built import LAST, SEED, published
from market_assets_tests.built_africa import FIRST

CURRENCIES, DIRHAMS = Figures(seed=SEED), Dirhams(seed=SEED)
HALF_A_DIGIT = 5.01e-5
"""Rates have five digits, or four decimals."""


def in_dirhams(currency: str, day: date) -> float:
    """What Casablanca's bank has as its rate of the day: it is quoted in units of its own."""
    return DIRHAMS.reference(day)[currency] / LEVELS[currency][0]


def test_every_quoted_rate_is_what_was_worth_that_day(africa_built):
    rows = published(africa_built, "FROM africa.quoted_rates WHERE reference_date >= ?", FIRST)
    rows = rows.filter((pl.col("quote") != "MAD") | pl.col("base").is_in(list(LEVELS)))
    assert set(rows["source"]) >= {"ecb", "sarb", "cbn", "bceao", "cbe", "bkam_api"}
    worth = [
        in_dirhams(base, day) if quote == "MAD" else CURRENCIES.rate(base, quote, day)
        for base, quote, day in rows.select("base", "quote", "reference_date").rows()
    ]
    assert rows.height > 1000
    off = rows.with_columns(worth=pl.Series(worth)).filter(
        (pl.col("rate") - pl.col("worth")).abs()
        > HALF_A_DIGIT * pl.max_horizontal("worth", pl.lit(1.0))
    )
    assert off.is_empty(), off


def test_a_rate_and_its_reverse_come_to_one(africa_built):
    off = published(
        africa_built,
        "SELECT max(abs(there.rate * back.rate - 1)) AS off, count(*) AS pairs "
        "FROM africa.fx_rates there JOIN africa.fx_rates back ON there.as_of = back.as_of "
        "AND there.base = back.quote AND there.quote = back.base",
    )
    assert off["pairs"].item() > 2000
    assert off["off"].item() < 1e-12


def test_every_rate_says_its_path_and_its_age(africa_built):
    rows = published(africa_built, "FROM africa.fx_rates WHERE rate IS NOT NULL")
    assert rows.select("path", "age_days", "reference_date").null_count().row(0) == (0, 0, 0)
    ends = rows["path"].str.split(">")
    assert (ends.list.first() == rows["base"]).all()
    assert (ends.list.last() == rows["quote"]).all()
    aged = (rows["as_of"] - rows["reference_date"]).dt.total_days()
    assert (aged == rows["age_days"]).all()
    assert rows["age_days"].is_between(0, 10).all()
    ago = published(africa_built, "FROM africa.fx_rates WHERE as_of = DATE '2026-11-08'")
    assert ago.filter(base="USD", quote="MAD")["age_days"].to_list() == [3]  # Friday rested


def test_a_rate_is_the_product_of_the_quotations_that_its_path_names(africa_built):
    quoted = published(africa_built, "FROM africa.quoted_rates")
    keys = quoted.select("source", "reference_date", "base", "quote").cast(pl.String).rows()
    rates = dict(zip(keys, quoted["rate"], strict=True))
    rows = published(africa_built, "FROM africa.fx_rates WHERE rate IS NOT NULL AND base <> quote")
    legs = 0
    for row in rows.iter_rows(named=True):
        ends, sources, days = (
            row[name].split(">") for name in ("path", "sources", "reference_dates")
        )
        assert min(days) == str(row["reference_date"])
        product = 1.0
        for source, day, base, quote in zip(sources, days, ends[:-1], ends[1:], strict=True):
            there, back = (source, day, base, quote), (source, day, quote, base)
            product *= rates[there] if there in rates else 1 / rates[back]
        assert row["rate"] == pytest.approx(product, rel=1e-12)
        legs = max(legs, len(sources))
    assert legs == 3


@pytest.mark.parametrize("currency", ["NGN", "EGP", "ZAR", "HKD", "KES"])
def test_dirhams_are_reached_every_day_near_what_they_are_worth(africa_built, currency):
    rows = published(
        africa_built,
        "FROM africa.fx_rates WHERE base = ? AND quote = 'MAD' AND as_of BETWEEN ? AND ?",
        currency,
        FIRST,
        LAST,
    )
    assert rows.height == (LAST - FIRST).days + 1
    for row in rows.filter(age_days=0).iter_rows(named=True):
        worth = CURRENCIES.rate(currency, "MAD", row["as_of"])
        assert row["rate"] == pytest.approx(worth, rel=1e-3)


@pytest.mark.parametrize("currency", ["GHS", "MUR"])
def test_what_nobody_quotes_has_no_rate(africa_built, currency):
    rows = published(
        africa_built, "FROM africa.fx_rates WHERE base = ? AND quote <> base", currency
    )
    assert rows.height > 0
    assert rows["rate"].null_count() == rows.height
    assert set(rows["reason"]) == {f"no quotation of {currency} within 10 days"}


def test_markets_stand_beside_each_other_in_both_currencies(africa_built):
    rows = published(africa_built, "FROM africa.cross_market WHERE as_of = ?", LAST)
    money = rows.filter(pl.col("measure").is_in(["market_cap", "turnover"]))
    places = {(mic, c) for mic in ("XBRV", "XCAI", "XCAS", "XJSE", "XNSA") for c in ("MAD", "USD")}
    assert set(money.filter(measure="market_cap").select("mic", "currency").rows()) == places
    rated = money.join(
        published(africa_built, "FROM africa.fx_rates WHERE as_of = ?", LAST),
        left_on=["local_currency", "currency"],
        right_on=["base", "quote"],
        suffix="_known",
    )
    assert rated.height == money.height
    assert (rated["rate"] == rated["rate_known"]).all()
    known = money.drop_nulls("local_value")
    assert (known["value"] - known["local_value"] * known["rate"]).abs().max() == 0
    assert known.select("session", "age_days", "oldest_age_days").null_count().row(0) == (0, 0, 0)
    unknown = money.filter(pl.col("local_value").is_null())
    assert set(unknown.select("mic", "measure").rows()) == {
        ("XBRV", "turnover"),
        ("XJSE", "turnover"),
    }
    assert unknown["value"].null_count() == unknown.height


def test_on_a_friday_cairo_is_shown_by_its_thursday(africa_built):
    query = "FROM africa.cross_market WHERE as_of = ? AND measure = 'market_cap'"
    rows = published(africa_built, query, LAST).filter(currency="USD")
    ages = dict(rows.select("mic", "age_days").rows())
    assert ages == {"XBRV": 0, "XCAI": 1, "XCAS": 0, "XJSE": 0, "XNSA": 0}
    (cairo,) = rows.filter(mic="XCAI")["session"]
    assert cairo == date(2026, 11, 12)


def test_weights_of_industries_make_up_each_market(africa_built):
    sums = published(
        africa_built, "SELECT sum(weight) AS whole FROM africa.sector_weights GROUP BY as_of, mic"
    )["whole"]
    assert sums.len() > 60
    assert (sums - 1).abs().max() < 1e-9
