"""The central banks' rates, from their real answers."""

import re
from datetime import date

import polars as pl
import pytest

from market_assets.domain.currencies.trust import trusted_rates
from market_assets.sources.currencies import bceao, cbe, cbn, ecb, sarb


@pytest.fixture(scope="module")
def saved(samples, page):
    """The parse of a saved answer."""

    def parsed(source, name, **asked):
        body = (samples / "bam_africa/fx" / name).read_bytes()
        if source is bceao:  # the recording wrote bytes above 127 as \xC3
            body = re.sub(rb"\\x([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), body)
        said = source.parse(page(source.SOURCE, body, **asked))
        assert said.refused == ()
        return said.tables["rates"]

    return parsed


def one(frame, base, quote, day):
    pair = (pl.col("base") == base) & (pl.col("quote") == quote)
    return frame.filter(pair, pl.col("reference_date") == day)["rate"].to_list()


def test_frankfurt_has_29_currencies_on_22_days(saved):
    frame = saved(ecb, "ecb_EXR_csvdata_2026-02-17_2026-03-18.csv")
    assert (frame.height, frame["quote"].n_unique(), frame["base"].unique().to_list()) == (
        29 * 22,
        29,
        ["EUR"],
    )
    assert one(frame, "EUR", "AUD", date(2026, 2, 17)) == [1.6776]
    assert not {"MAD", "EGP", "NGN"} & set(frame["quote"])


def test_lagos_has_twelve_currencies_and_an_account_unit_that_is_none(saved):
    frame = saved(cbn, "cbn_GetAllExchangeRates.json", session=date(2026, 5, 21))
    assert (frame.height, frame["base"].n_unique()) == (72, 12)
    assert one(frame, "USD", "NGN", date(2026, 5, 21)) == [1371.8079]
    assert one(frame, "XOF", "NGN", date(2026, 5, 21)) == [2.42]


def test_lagos_is_read_of_the_asked_days_and_the_week_before_alone(saved):
    frame = saved(cbn, "cbn_GetAllExchangeRates.json", session=date(2026, 5, 15))
    assert set(frame["reference_date"]) == {date(2026, 5, 14), date(2026, 5, 15)}


def test_cairo_has_mids_and_yen_by_one(saved):
    frame = saved(cbe, "cbe_GetHistoricalData_20260522.xlsx")
    assert (frame.height, frame["base"].n_unique()) == (126, 18)
    assert one(frame, "USD", "EGP", date(2026, 4, 9)) == [(53.0734 + 53.2067) / 2]
    assert 0.3 < one(frame, "JPY", "EGP", date(2026, 4, 9))[0] < 0.4
    assert date(2026, 4, 5) in set(frame["reference_date"])  # a Sunday


@pytest.mark.parametrize(
    ("code", "base", "quote", "rate"),
    [
        ("EXCX135D", "USD", "ZAR", 17.1302),
        ("EXCZ001D", "GBP", "ZAR", 22.8173),
        ("EXCZ002D", "EUR", "ZAR", 19.7408),
        ("EXCB122D", "ZAR", "HKD", 0.4573),
    ],
)
def test_pretoria_quotes_the_great_in_rand_and_rand_in_the_others(code, base, quote, rate, saved):
    frame = saved(sarb, f"sarb_{code}_20260323_20260327.json", key=f"{code}/2026-03-27")
    assert frame.height == 4
    assert one(frame, base, quote, date(2026, 3, 27)) == [rate]


def test_dakar_has_27_currencies_of_the_day_in_its_heading(saved):
    frame = saved(bceao, "bceao_reference_2026-03-16.html")
    assert (frame.height, frame["reference_date"].unique().to_list()) == (27, [date(2026, 3, 16)])
    assert one(frame, "EUR", "XOF", date(2026, 3, 16)) == [655.957]
    assert one(frame, "KWD", "XOF", date(2026, 3, 16)) == [1953.02]


def test_dakars_saved_answer_is_not_of_the_day_in_its_heading(saved):
    """Euro in dollars of 2026-03-16: Frankfurt's 1.1478, Dakar's 1.0833."""
    francs = saved(bceao, "bceao_reference_2026-03-16.html")
    euro = saved(ecb, "ecb_EXR_csvdata_2026-02-17_2026-03-18.csv")
    kept = trusted_rates(pl.concat([euro, francs, _like(euro)]), tolerance=0.03)
    assert set(kept["source"]) == {"ecb", "third"}


def _like(euro):
    """A third bank that has Frankfurt's rates."""
    return euro.with_columns(source=pl.lit("third"))
