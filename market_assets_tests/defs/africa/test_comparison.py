"""Rates and comparisons are what one run makes of all that is known, in whatever order it came."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.defs.africa import comparison, currencies
from market_assets.defs.africa.exchanges import BANKS
from market_assets.defs.markets import AFRICA
from market_assets.domain.africa.listed import LISTED
from market_assets.domain.currencies.rows import RATES
from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets_tests.defs.materialized import materialize, platform_of, stated

DAYS = AFRICA.sessions(date(2026, 11, 2), date(2026, 11, 17))
GAP, LATE = DAYS[4], DAYS[8]
MADE = {
    "quoted_rates": "reference_date",
    "fx_rates": "as_of",
    "market_returns": "session",
    "cross_market": "as_of",
    "sector_weights": "as_of",
    "market_correlations": "as_of",
}
HOME = {"cbn": ("NGN", 1400.0), "sarb": ("ZAR", 17.0)}


def quotes(day: date) -> list[dict]:
    return [
        {"mic": mic, "ticker": "A", "session": day, "close": 100.0 + day.day, "turnover": 5e6}
        | {"market_cap": 1e9, "currency": currency}
        for mic, currency in (("XNSA", "NGN"), ("XJSE", "ZAR"))
    ]


def line(day: date) -> dict:
    industry = "Energy" if day < DAYS[6] else "Telecom"
    return {"session": day, "mic": "XNSA", "ticker": "A", "icb_sector": industry}


def rate(bank: str, day: date, heard: date) -> dict:
    quote, level = HOME[bank]
    about = {"base": "USD", "quote": quote, "source": bank, "rate": level + day.day}
    known = {"capture_id": f"{bank}/{heard}", "known_at": datetime(2026, 11, heard.day, tzinfo=UTC)}
    return {**about, **known, "reference_date": day, "session": heard}


def heard(days: set[date]) -> list[dict]:
    """What the banks said in ``days``: Pretoria told of its Tuesday not before LATE."""
    late = DAYS[1]
    rows = [rate(bank, day, day) for bank in HOME for day in days if (bank, day) != ("sarb", late)]
    return [*rows, *([rate("sarb", late, LATE)] if LATE in days else [])]


def made(data, *runs: tuple[date, ...]) -> dict[str, pl.DataFrame]:
    """The tables after ``runs``; what is of a session is there from its own run on."""
    platform, known = platform_of(data), set()
    for run in runs:
        known |= set(run)
        days = sorted(known)
        daily = [row for day in days for row in quotes(day)]
        stated(platform, "africa.daily_quotes", pl.DataFrame(daily, schema=DAILY_QUOTES))
        lines = pl.DataFrame([line(day) for day in days], schema=LISTED)
        stated(platform, "africa.listings", lines)
        for bank in BANKS:
            own = [row for row in heard(known) if row["source"] == bank.name]
            frame = pl.DataFrame(own, schema={**RATES, "session": pl.Date})
            stated(platform, f"africa.{bank.name}_rates", frame)
        materialize(platform, [*currencies.ASSETS, *comparison.ASSETS], run)
    return {
        name: platform.warehouse.read(f"africa.{name}", column=column)
        for name, column in MADE.items()
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return made(tmp_path_factory.mktemp("whole"), DAYS)


def test_a_line_is_weighed_in_the_industry_of_each_day(whole):
    weights = whole["sector_weights"].filter(mic="XNSA").select("as_of", "icb_sector")
    assert weights.rows() == [(day, line(day)["icb_sector"]) for day in DAYS]


def test_a_rate_that_came_late_is_crossed_on_its_own_day(whole):
    late = whole["fx_rates"].filter(base="USD", quote="ZAR", as_of=DAYS[1])
    assert late.select("rate", "age_days").rows() == [(17.0 + DAYS[1].day, 0)]
    before = DAYS[1] - timedelta(days=1)
    assert whole["fx_rates"].filter(base="USD", quote="ZAR", as_of=before)["rate"].item() < 21


def test_a_gap_that_is_filled_later_leaves_what_one_run_makes(whole, tmp_path):
    later = tuple(day for day in DAYS if day > GAP and day != LATE)
    grown = made(tmp_path, DAYS[:4], later, (GAP,), (LATE,))
    for name in MADE:
        columns = whole[name].columns[:4]
        assert_frame_equal(grown[name].sort(columns), whole[name].sort(columns))
