"""What the invented neighbours are told to say, the real client and parsers bring back."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest

from market_assets.calendars.sessions import bounds, sessions_between
from market_assets.sandbox.africa.market import Market
from market_assets.sandbox.africa.mischief import CYCLE, FAULTS, faults_on
from market_assets.sources.africa import african_lists, afx, egx_beta, ngx
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, Unavailable

MARKET = Market(seed=7)
MONDAYS = [
    day
    for day in sessions_between("AFRICA", date(2026, 1, 1), date(2026, 12, 31))
    if day.weekday() in {0, 1, 2} and day.month in {2, 7, 11}
]
QUIET = next(day for day in MONDAYS if not faults_on(day))
SOURCES = {"ngx": ngx.SOURCE, "egx_beta": egx_beta.SOURCE}
SOURCES |= {"african_lists": african_lists.SOURCE, "afx": afx.SOURCE}


def evening(day):
    return datetime.combine(day, time(19), UTC)


def day_with(name, source):
    for day in sessions_between("AFRICA", date(2025, 1, 6), date(2026, 12, 31)):
        found = [fault for fault in faults_on(day) if (fault.name, fault.source) == (name, source)]
        traded = all(day in MARKET.sessions(mic) for mic in ("XNSA", "XCAI", "XJSE", "XBRV"))
        if found and traded:
            return day
    raise AssertionError(f"no day with {name}")


def told(mic, day, *columns):
    rows = [
        (truth.line.ticker, *(getattr(truth, column) for column in columns))
        for truth in MARKET.truths(mic, day)
    ]
    return sorted(rows)


def test_lagos_comes_back(snapshot):
    held = snapshot(ngx.SOURCE, QUIET, evening(QUIET))
    columns = ("close", "volume", "turnover", "trades")
    assert held.failures == []
    assert sorted(held.quotes.select("ticker", *columns).rows()) == told("XNSA", QUIET, *columns)
    assert held.quotes["session"].unique().to_list() == [QUIET]
    nothing = held.quotes.filter(pl.col("volume") == 0)
    assert nothing["status"].unique().to_list() == ["NT"]
    still = held.quotes.filter(pl.col("high").is_null() & (pl.col("status") == "T"))
    assert still.height + nothing.height == held.quotes["high"].null_count()


def test_cairo_comes_back_in_two_currencies(snapshot):
    held = snapshot(egx_beta.SOURCE, QUIET, evening(QUIET))
    columns = ("close", "volume", "turnover", "trades", "market_cap")
    assert sorted(held.quotes.select("ticker", *columns).rows()) == told("XCAI", QUIET, *columns)
    assert held.quotes.filter(pl.col("currency") == "USD").height == 9
    ((bond,),) = [parsed.refused for parsed in held.parsed]
    assert bond.kind == "unknown_line"


def test_the_lists_come_back_but_for_dollars_and_the_dead(snapshot):
    held = snapshot(african_lists.SOURCE, QUIET, evening(QUIET))
    assert [capture.key for capture in held.collected.captures] == ["ngse", "egx", "jse", "brvm"]
    for parsed, mic in zip(held.parsed, ("XNSA", "XCAI", "XJSE", "XBRV"), strict=True):
        quotes = parsed.tables["african_quotes"]
        lines = {line.line.ticker: line for line in MARKET.truths(mic, QUIET)}
        known = {t for t, line in lines.items() if line.line.currency != "USD"}
        assert set(quotes["ticker"]) == known
        assert quotes["session"].unique().to_list() == [QUIET]
        for ticker, close, cap in quotes.select("ticker", "close", "market_cap").iter_rows():
            assert close == lines[ticker].close
            assert cap is None or abs(cap - lines[ticker].market_cap) <= 5e6 + 1
        kinds = [refused.kind for refused in parsed.refused]
        assert kinds.count("stale") == 1
        assert len(kinds) == len(lines) - len(known) + 1


def test_afx_comes_back_over_its_pages_without_a_date(snapshot):
    held = snapshot(afx.SOURCE, QUIET, evening(QUIET))
    assert [capture.key for capture in held.collected.captures][:2] == ["ngx/1", "ngx/2"]
    for mic in ("XNSA", "XJSE", "XBRV"):
        quotes = held.quotes.filter(pl.col("mic") == mic).unique(["mic", "ticker"])
        assert sorted(quotes.select("ticker", "volume").rows()) == told(mic, QUIET, "volume")
    assert held.quotes["dated"].unique().to_list() == [False]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_on_a_sunday_and_a_holiday_the_session_before_is_repeated_under_its_own_date(
    name, snapshot
):
    sunday = next(
        day
        for day in sessions_between("AFRICA", date(2026, 2, 1), date(2026, 12, 1))
        if day.weekday() == 6 and not faults_on(day)
    )
    quotes = snapshot(SOURCES[name], sunday, evening(sunday)).quotes
    days = {
        mic: set(part["session"])
        for (mic,), part in quotes.partition_by("mic", as_dict=True).items()
    }
    friday = sunday - timedelta(days=2)
    shown = {"XNSA": {friday}, "XJSE": {friday}, "XBRV": {friday}, "XCAI": {sunday}}
    if name == "afx":  # nothing there states a day
        shown = {"XNSA": {sunday}, "XJSE": {sunday}, "XBRV": {sunday}}
    assert days == {mic: shown[mic] for mic in days}


def test_dates_without_a_year_keep_theirs_at_new_year(snapshot):
    day = date(2026, 1, 1)
    quotes = snapshot(african_lists.SOURCE, day, evening(day)).quotes
    by_mic = dict(quotes.group_by("mic").agg(pl.col("session").unique()).iter_rows())
    assert by_mic == {
        "XNSA": [date(2025, 12, 31)],
        "XJSE": [date(2025, 12, 31)],
        "XBRV": [date(2025, 12, 31)],
        "XCAI": [day],
    }


@pytest.mark.parametrize(
    ("name", "source", "failure", "said"),
    [
        ("short", "ngx", EmptyPage, "held back: 85 rows"),
        ("rejected", "egx_beta", Blocked, "Request Rejected"),
        ("layout", "african_lists", LayoutChanged, "price"),
        ("challenge", "african_lists", Blocked, "403"),
        ("down", "afx", Unavailable, "503"),
        ("cut", "afx", LayoutChanged, "breaks off"),
    ],
)
def test_a_day_that_cannot_be_had_is_named(name, source, failure, said, snapshot):
    day = day_with(name, source)
    held = snapshot(SOURCES[source], day, evening(day))
    ended = [held.collected.failure] if held.collected.failure else []
    assert held.parsed == []
    found = [*held.failures, *ended]
    assert all(isinstance(each, failure) for each in found)
    assert any(said in str(each) for each in found)


@pytest.mark.parametrize(("name", "source"), [("too_many", "ngx"), ("torn", "egx_beta")])
def test_a_passing_fault_is_waited_out(name, source, snapshot):
    day = day_with(name, source)
    held = snapshot(SOURCES[source], day, evening(day))
    assert (held.collected.failure, held.failures) == (None, [])
    assert held.quotes["session"].unique().to_list() == [day]


def test_a_bare_nan_and_a_market_cap_of_zero_are_missing(snapshot):
    day = day_with("nan", "ngx")
    held = snapshot(ngx.SOURCE, day, evening(day))
    assert b"NaN" in held.collected.captures[0].body
    assert held.quotes.height == 147
    assert held.quotes["high"].is_not_nan().all()
    assert held.quotes["high"].null_count() > 0
    day = day_with("worthless", "egx_beta")
    held = snapshot(egx_beta.SOURCE, day, evening(day))
    assert held.quotes["market_cap"].null_count() == 5


def test_a_lagging_list_and_a_replayed_watch_are_what_they_say(snapshot):
    day = day_with("lag", "african_lists")
    held = snapshot(african_lists.SOURCE, day, evening(day))
    assert max(held.quotes["session"]) < day
    day = day_with("replay", "egx_beta")
    held = snapshot(egx_beta.SOURCE, day, evening(day))
    before = [x for x in MARKET.sessions("XCAI") if x < day][-1]
    assert held.quotes["session"].unique().to_list() == [day]
    rows = held.quotes.select("ticker", "close", "volume").rows()
    assert sorted(rows) == told("XCAI", before, "close", "volume")


def test_any_60_sessions_hold_each_fault_once_and_no_session_two():
    assert len({fault.at for fault in FAULTS}) == len(FAULTS)
    days = sessions_between("AFRICA", *bounds("AFRICA"))
    for start in (0, 100, 777):
        met = [fault for day in days[start : start + CYCLE] for fault in faults_on(day)]
        assert sorted(met) == sorted(FAULTS)
