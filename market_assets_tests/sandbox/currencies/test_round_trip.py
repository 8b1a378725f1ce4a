"""What the invented central banks are told to say, the real client and parsers bring back."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest

from market_assets.domain.central_bank.rows import EXCHANGE_RATES
from market_assets.domain.currencies.cross_rates import CURRENCIES, cross_rates
from market_assets.domain.currencies.fx_rates import fx_rates
from market_assets.sandbox.currencies.figures import Figures
from market_assets.sandbox.currencies.mischief import CYCLE, FAULTS, faults_on
from market_assets.sandbox.currencies.world import CurrenciesWorld
from market_assets.sources.currencies import bceao, cbe, cbn, ecb, sarb
from market_assets.web.archive import Archive
from market_assets.web.failures import (
    Blocked,
    EmptyPage,
    LayoutChanged,
    NotThisPage,
    SourceFailure,
    Unavailable,
)
from market_assets.web.limits import Limits
from market_assets_tests import conversations

SEED = 7
FIGURES = Figures(seed=SEED)
SOURCES = {module.SOURCE.name: module.SOURCE for module in (bceao, cbe, cbn, ecb, sarb)}
WEEKDAYS = [day for n in range(300) if (day := date(2026, 1, 5) + timedelta(days=n)).weekday() < 5]
QUIET = next(day for day in WEEKDAYS if not faults_on(day) and day.weekday() == 2)


@pytest.fixture
def snapshot(tmp_path):
    """Asks a source's snapshot of a new world, politely: its rates, refused rows and failures."""

    def held(name, day, at=time(19)):
        source = SOURCES[name]
        archive = Archive(tmp_path / f"{name}-{day}-{at.hour}")
        collected = conversations.held(
            archive,
            source,
            source.snapshot,
            [day],
            now=datetime.combine(day, at, UTC),
            limits=Limits(retries=2),
            at=CurrenciesWorld(seed=SEED),
        )
        tables, refused = [], []
        failures = [collected.failure] if collected.failure else []
        for capture in collected.captures:
            try:
                parsed = source.parse(capture)
            except SourceFailure as failure:
                failures.append(failure)
            else:
                tables += parsed.tables.values()
                refused += parsed.refused
        archive.close()
        return pl.concat(tables) if tables else None, refused, failures

    return held


def day_with(name, source):
    return next(
        day
        for day in WEEKDAYS
        for fault in faults_on(day)
        if (fault.name, fault.source) == (name, source)
    )


@pytest.mark.parametrize(
    ("name", "base", "quote", "pairs"),
    [
        ("ecb", "EUR", "USD", 29),
        ("cbn", "USD", "NGN", 12),
        ("cbe", "USD", "EGP", 2),
        ("sarb", "ZAR", "KES", 7),
        ("bceao", "ZAR", "XOF", 11),
    ],
)
def test_the_rates_of_the_day_come_back(name, base, quote, pairs, snapshot):
    frame, refused, failures = snapshot(name, QUIET)
    assert (refused, failures) == ([], [])
    of_the_day = frame.filter(pl.col("reference_date") == QUIET)
    assert of_the_day.height == of_the_day.select("base", "quote").n_unique() == pairs
    pair = of_the_day.filter(pl.col("base") == base, pl.col("quote") == quote)
    assert pair["rate"].item() == pytest.approx(FIGURES.rate(base, quote, QUIET), rel=1e-4)


@pytest.mark.parametrize("name", ["ecb", "cbn", "cbe", "sarb"])
def test_before_its_hour_a_bank_has_the_days_before_alone(name, snapshot):
    frame, _, failures = snapshot(name, QUIET, at=time(6))
    assert failures == []
    assert frame["reference_date"].max() == QUIET - timedelta(days=1)


def test_dakar_has_nothing_of_a_day_that_is_not_out(snapshot):
    frame, _, failures = snapshot("bceao", QUIET, at=time(6))
    assert frame is None
    assert [type(failure) for failure in failures] == [EmptyPage]


@pytest.mark.parametrize(
    ("name", "source", "failure", "said"),
    [
        ("layout", "ecb", LayoutChanged, "OBS_VALUE"),
        ("down", "ecb", Unavailable, "503"),
        ("maintenance", "cbn", NotThisPage, "markup"),
        ("empty", "sarb", EmptyPage, "no row"),
        ("wall", "bceao", Blocked, "403"),
        ("cut", "bceao", LayoutChanged, "breaks off"),
        ("rejected", "cbe", Blocked, "Request Rejected"),
    ],
)
def test_a_day_that_cannot_be_had_is_named(name, source, failure, said, snapshot):
    frame, _, failures = snapshot(source, day_with(name, source))
    assert frame is None
    assert all(isinstance(each, failure) for each in failures)
    assert any(said in str(each) for each in failures)


@pytest.mark.parametrize(("name", "source"), [("too_many", "ecb"), ("torn", "cbn")])
def test_a_passing_fault_is_waited_out(name, source, snapshot):
    day = day_with(name, source)
    frame, refused, failures = snapshot(source, day)
    assert (refused, failures) == ([], [])
    assert frame["reference_date"].max() == day


@pytest.mark.parametrize(
    ("name", "currency", "kinds"),
    [("conflict", "GBP", ["conflicting_rows"] * 2), ("zero", "EUR", ["row"])],
)
def test_a_rate_that_cannot_be_is_put_aside_and_the_others_stay(name, currency, kinds, snapshot):
    day = day_with(name, "cbn")
    frame, refused, _ = snapshot("cbn", day)
    assert [each.kind for each in refused] == kinds
    newest = set(frame.filter(pl.col("reference_date") == day)["base"])
    assert currency not in newest
    assert len(newest) == 11


def test_a_bare_nan_is_no_rate_and_another_series_is_none_of_its_own(snapshot):
    day = day_with("nan", "sarb")
    frame, _, failures = snapshot("sarb", day)
    assert failures == []
    assert frame["rate"].is_not_nan().all()
    assert frame["reference_date"].max() < day
    frame, _, failures = snapshot("sarb", day_with("swapped", "sarb"))
    assert len(failures) == 3
    assert all("was asked for" in str(each) for each in failures)
    assert "USD" not in frame["base"].to_list()


def test_dakars_other_days_are_what_their_headings_say(snapshot):
    day = day_with("day_before", "bceao")
    frame, _, failures = snapshot("bceao", day)
    days = set() if frame is None else set(frame["reference_date"])
    assert day not in days
    assert frame is not None or isinstance(failures[0], EmptyPage)
    day = day_with("old", "bceao")
    frame, _, _ = snapshot("bceao", day)
    assert frame["reference_date"].unique().to_list() == [day]
    said = frame.filter(pl.col("base") == "USD")["rate"].item()
    assert said == pytest.approx(FIGURES.rate("USD", "XOF", day - timedelta(days=364)), rel=1e-4)


def test_from_all_banks_every_currency_but_two_has_its_dollars(snapshot):
    frames = [snapshot(name, QUIET)[0] for name in SOURCES]
    rates = fx_rates(pl.concat(frames), pl.DataFrame(schema=EXCHANGE_RATES))
    crosses = cross_rates(rates, days=[QUIET], currencies=CURRENCIES, max_age_days=7)
    dollars = crosses.filter(pl.col("quote") == "USD")
    missing = dollars.filter(pl.col("rate").is_null())["base"].to_list()
    assert missing == ["GHS", "MAD", "MUR", "TND"]  # two of them are the Moroccan bank's alone
    for base, rate in dollars.drop_nulls("rate").select("base", "rate").rows():
        assert rate == pytest.approx(FIGURES.rate(base, "USD", QUIET), rel=1e-3)


def test_any_47_weekdays_hold_each_fault_once_and_none_two():
    assert len({fault.at for fault in FAULTS}) == len(FAULTS)
    for start in (0, 33, 100):
        met = [fault for day in WEEKDAYS[start : start + CYCLE] for fault in faults_on(day)]
        assert sorted(met) == sorted(FAULTS)
