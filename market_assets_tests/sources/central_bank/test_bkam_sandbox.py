"""The invented bank asked politely: what comes back is what was invented, faults included."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from market_assets.sandbox.central_bank.bkam import answer
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.central_bank.bkam import SELDOM_SOURCE, SOURCE, parse
from market_assets.sources.central_bank.bkam_requests import DAILY
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, NotThisPage, Unavailable
from market_assets_tests.sources.central_bank.conftest import evening


def by_key(collected, *, without=""):
    assert (collected.failure, collected.handled) == (None, ())
    return {page.key: parse(page) for page in collected.captures if page.key != without}


def observed(parsed, name):
    rows = parsed.tables["observations"].select("indicator_id", "reference_date", "value").rows()
    return {day: value for indicator, day, value in rows if indicator == name}


def test_a_days_pages_come_back_as_they_were_invented(held, figures, quiet_day):
    pages = by_key(held(SOURCE, SOURCE.snapshot, [quiet_day], evening(quiet_day)))
    assert [*pages] == [*DAILY]
    assert all(parsed.refused == () for parsed in pages.values())
    rates = pages["reference_rates"].tables["exchange_rates"]
    assert set(rates["reference_date"]) == {quiet_day}  # a Monday: nothing of Sunday
    mids = {"MRU" if x == "MRO" else x: mid for x, mid in figures.reference(quiet_day).items()}
    assert dict(rates.select("currency", "mid").rows()) == mids
    notes = pages["banknotes"].tables["exchange_rates"].select("currency", "bid", "ask").rows()
    expected = figures.banknotes(quiet_day)
    assert {x: (bid, ask) for x, bid, ask in notes} == {
        "MRU" if x == "MRO" else x: sides for x, sides in expected.items()
    }
    yesterday, friday = quiet_day - timedelta(days=1), quiet_day - timedelta(days=3)
    assert max(observed(pages["interbank"], "interbank.rate")) == yesterday
    assert max(observed(pages["interbank"], "interbank.volume")) == friday
    volume = figures.interbank(friday).volume
    assert observed(pages["interbank"], "interbank.volume")[friday] == volume * 1e6
    monia = observed(pages["monia"], "monia.rate")
    assert (len(monia), max(monia)) == (10, friday)
    assert monia[friday] == figures.monia(friday)[0]
    curve = pages["curve"].tables["treasury_curve"]
    assert set(curve["reference_date"]) == {friday}
    points = [(matures, rate) for matures, rate, _ in figures.curve(friday)]
    assert curve.select("maturity_date", "rate").rows() == points


def test_the_seldom_pages_come_back_and_the_frozen_ones_are_told(held, figures, quiet_day):
    pages = by_key(held(SELDOM_SOURCE, SELDOM_SOURCE.snapshot, [quiet_day], evening(quiet_day)))
    assert observed(pages["policy_rate"], "policy.rate") == dict(figures.decisions(quiet_day))
    editions = figures.lending(quiet_day)
    total = observed(pages["lending_rates"], "lending.total")
    assert total == {end: rates[0] for end, rates, _ in editions}
    rows = pages["lending_rates"].tables["observations"]
    published = dict(rows.select("reference_date", "publication_date").rows())
    assert published[editions[-1][0]] == editions[-1][2]
    for key in ("bid_and_ask", "currency_auctions"):
        assert dict(pages[key].tables) == {}
        assert [line.kind for line in pages[key].refused] == ["stale"]


def test_history_has_every_session_and_a_thousand_days_of_the_market(held, figures, quiet_day):
    days = [day for day in figures.days if quiet_day - timedelta(days=9) <= day <= quiet_day]
    collected = held(SOURCE, SOURCE.history, days, evening(quiet_day))
    tomorrow = f"curve.csv/{quiet_day}"  # when it will be out
    pages = by_key(collected, without=tomorrow)
    (empty,) = (page for page in collected.captures if page.key == tomorrow)
    with pytest.raises(EmptyPage, match="states nothing of treasury_curve"):
        parse(empty)
    for day in days[:-1]:
        for name in ("reference_rates", "banknotes"):
            assert day in set(pages[f"{name}/{day}"].tables["exchange_rates"]["reference_date"])
        curve = pages[f"curve.csv/{day}"].tables["treasury_curve"]
        assert curve["rate"].to_list() == [rate for _, rate, _ in figures.curve(day)]
    assert len(observed(pages["interbank.csv"], "interbank.rate")) == 1000
    friday = quiet_day - timedelta(days=3)
    assert observed(pages["monia.csv"], "monia.rate")[friday] == figures.monia(friday)[0]


@pytest.mark.parametrize(
    ("at", "newest"), [(time(15, 0), date(2026, 7, 10)), (time(15, 30), date(2026, 7, 13))]
)
def test_the_page_of_reference_rates_turns_in_the_afternoon(figures, at, newest):
    now = datetime.combine(date(2026, 7, 13), at, UTC)  # an hour ahead in Casablanca
    assert Moment(now=now, figures=figures).reference == newest


def test_without_a_user_agent_nothing_is_given(figures):
    question = Question(method="GET", path=DAILY["monia"])
    now = datetime(2026, 7, 13, 12, tzinfo=UTC)
    assert answer(question, Moment(now=now, figures=figures)).status == 403


@pytest.mark.parametrize("fault", ["too_many", "torn"])
def test_a_passing_fault_is_over_with_the_second_attempt(held, day_with, fault):
    day = day_with("bkam", fault)
    assert len(by_key(held(SOURCE, SOURCE.snapshot, [day], evening(day)))) == len(DAILY)


def test_a_renamed_column_costs_its_page_and_no_other(held, day_with):
    day = day_with("bkam", "layout")
    collected = held(SOURCE, SOURCE.snapshot, [day], evening(day))
    failed = []
    for capture in collected.captures:
        try:
            parse(capture)
        except LayoutChanged as failure:
            failed.append((capture.key, str(failure)))
    ((key, words),) = failed
    assert key == "interbank"
    assert "lacks ['taux moyen pondere']" in words


@pytest.mark.parametrize(("fault", "failure"), [("wall", Blocked), ("maintenance", Unavailable)])
def test_a_site_that_refuses_ends_the_conversation(held, day_with, fault, failure):
    day = day_with("bkam", fault)
    collected = held(SOURCE, SOURCE.snapshot, [day], evening(day))
    assert isinstance(collected.failure, failure)
    assert collected.captures == ()


def test_a_page_in_the_place_of_an_export_is_told(held, day_with):
    day = day_with("bkam", "page_for_export")
    captures = held(SOURCE, SOURCE.history, [day], evening(day)).captures
    exports = [capture for capture in captures if ".csv" in capture.key]
    assert exports
    for capture in exports:
        with pytest.raises(NotThisPage, match="a page came where the export"):
            parse(capture)


def test_one_unreadable_rate_costs_one_row(held, day_with):
    day = day_with("bkam", "unreadable")
    pages = by_key(held(SOURCE, SOURCE.snapshot, [day], evening(day)))
    (refused,) = pages["reference_rates"].refused
    assert refused.reason == "'n.d.' is not a number as this source writes them"
    rates = pages["reference_rates"].tables["exchange_rates"]
    assert "EUR" not in set(rates["currency"])
    assert rates["currency"].n_unique() == 29
