"""The invented market keeps the rules that real markets keep."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from statistics import mean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market_assets.sandbox.casablanca.figures import WIDER_LIMITS, figures
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.plot import (
    HALT_FIRST,
    HALT_LAST,
    HALT_TICKER,
    SPLIT_RATIO,
    SPLIT_SESSION,
    SPLIT_TICKER,
)

MARKET = Market(seed=2026)
SESSIONS = st.sampled_from(MARKET.sessions)
TICKERS = st.sampled_from([line.ticker for line in MARKET.lines])


@cache
def whole(ticker):
    return MARKET.history(ticker, MARKET.sessions[0], MARKET.sessions[-1])


def of(ticker, session):
    (truth,) = MARKET.history(ticker, session, session)
    return truth


def exact(number):
    return Decimal(repr(number))


def test_it_begins_with_the_first_session_of_2023_and_has_every_line():
    assert MARKET.first_session == date(2023, 1, 2)
    truths = MARKET.truths(date(2026, 11, 20))
    assert [truth.line for truth in truths] == list(MARKET.lines)
    assert len(truths) == 81
    assert {truth.session for truth in truths} == {date(2026, 11, 20)}


@settings(deadline=None, max_examples=40)
@given(TICKERS, SESSIONS, st.integers(0, 40), st.integers(0, 40))
def test_a_value_does_not_depend_on_the_range_asked(ticker, session, before, after):
    first, last = session - timedelta(days=before), session + timedelta(days=after)
    around = {truth.session: truth for truth in MARKET.history(ticker, first, last)}
    assert around[session] == of(ticker, session)
    assert around[session] in MARKET.truths(session)
    assert list(around) == sorted(around)


def test_a_longer_calendar_leaves_earlier_figures_as_they_were():
    long = figures(MARKET.lines, MARKET.sessions, seed=7)
    short = figures(MARKET.lines, MARKET.sessions[:-200], seed=7)
    for name in ("open", "high", "low", "close", "volume", "turnover", "trades", "index"):
        assert (getattr(long, name)[:-200] == getattr(short, name)).all(), name


def test_the_seed_decides_and_nothing_else():
    session = date(2026, 6, 1)
    assert Market(seed=2026).truths(session) == MARKET.truths(session)
    other = Market(seed=2027).truths(session)
    same = [a.line.ticker for a, b in zip(MARKET.truths(session), other, strict=True) if a == b]
    assert same == []


@settings(deadline=None, max_examples=40)
@given(SESSIONS)
def test_turnover_over_volume_lies_between_low_and_high(session):
    for truth in MARKET.truths(session):
        if truth.status == "T":
            assert truth.low <= min(truth.open, truth.close)
            assert max(truth.open, truth.close) <= truth.high
            turnover = exact(truth.turnover)
            assert exact(truth.low) * truth.volume <= turnover <= exact(truth.high) * truth.volume
            assert turnover == round(turnover, 2)
            assert isinstance(truth.volume, int)
            assert 1 <= truth.trades <= truth.volume
            if truth.trades == 1:
                assert truth.open == truth.high == truth.low == truth.close


@settings(deadline=None, max_examples=40)
@given(SESSIONS)
def test_prices_stay_inside_the_daily_limits(session):
    limit = Decimal("0.06") if session < WIDER_LIMITS else Decimal("0.10")
    for truth in MARKET.truths(session):
        reference = exact(truth.previous_close)
        for price in (truth.open, truth.high, truth.low, truth.close):
            if price is not None:
                assert abs(exact(price) / reference - 1) <= limit, truth
                assert exact(price) == round(exact(price), 2)


@settings(deadline=None, max_examples=40)
@given(SESSIONS)
def test_an_untraded_line_keeps_its_price_and_states_nothing_else(session):
    for truth in MARKET.truths(session):
        if truth.status != "T":
            assert (truth.open, truth.high, truth.low) == (None, None, None)
            assert (truth.volume, truth.turnover, truth.trades) == (0, 0.0, 0)
            assert truth.close == truth.previous_close


@settings(deadline=None, max_examples=40)
@given(TICKERS)
def test_the_previous_close_is_the_close_before_but_for_the_split(ticker):
    for before, after in pairwise(whole(ticker)):
        if (ticker, after.session) != (SPLIT_TICKER, SPLIT_SESSION):
            assert after.previous_close == before.close
            assert after.shares == before.shares


def test_three_lines_are_suspended_throughout():
    always = [
        line.ticker for line in MARKET.lines if {t.status for t in whole(line.ticker)} == {"S"}
    ]
    assert always == ["DIS", "DLM", "SAM"]


def test_one_line_is_halted_and_resumes():
    halted = [truth.session for truth in whole(HALT_TICKER) if truth.status == "S"]
    inside = [day for day in MARKET.sessions if HALT_FIRST <= day <= HALT_LAST]
    assert halted == inside
    assert len(halted) == 15
    assert of(HALT_TICKER, date(2026, 9, 25)).status == "T"
    assert of(HALT_TICKER, date(2026, 10, 19)).status == "T"


def test_the_split_divides_the_price_and_multiplies_the_shares():
    before, after = of(SPLIT_TICKER, date(2026, 9, 18)), of(SPLIT_TICKER, SPLIT_SESSION)
    assert after.shares == SPLIT_RATIO * before.shares == 87_600_000
    assert after.previous_close == pytest.approx(before.close / SPLIT_RATIO, rel=0.001)
    assert 0.17 < after.close / before.close < 0.23
    assert after.market_cap == pytest.approx(before.market_cap, rel=0.11)


def test_known_share_counts_are_the_real_ones():
    known = {line.ticker: line.shares for line in MARKET.lines if line.shares}
    told = {t.line.ticker: t.shares for t in MARKET.truths(date(2026, 11, 20))}
    assert {ticker: told[ticker] for ticker in known} == known
    assert min(told.values()) > 0


def test_planted_events_are_far_beyond_the_alerts():
    for event in MARKET.volume_events:
        volumes = [truth.volume for truth in whole(event.ticker)]
        volume, recent = volumes[event.ordinal], volumes[event.ordinal - 20 : event.ordinal]
        if event.kind == "spike":
            assert volume > 3 * recent[-1]
            assert volume > 2 * mean(recent)
            assert volume > 2 * mean([*recent[1:], volume])
        else:
            assert 0 < volume < 0.3 * recent[-1]
            assert volume < 0.5 * mean([*recent[1:], volume])


def test_every_60_sessions_hold_several_events_of_each_kind():
    for start in range(24, len(MARKET.sessions) - 60, 7):
        inside = [e.kind for e in MARKET.volume_events if start <= e.ordinal < start + 60]
        assert inside.count("spike") == inside.count("drop") == 5


def test_the_market_is_as_large_and_as_uneven_as_the_real_one():
    days = [MARKET.truths(session) for session in MARKET.sessions[-250:]]
    totals = [sum(truth.turnover for truth in day) for day in days]
    assert 200e6 < median(totals) < 350e6
    assert sum(200e6 < total < 350e6 for total in totals) > 200
    assert all(55 <= sum(truth.status == "T" for truth in day) <= 78 for day in days)
    thin = [truth.volume for day in days for truth in day if 0 < truth.volume <= 20]
    assert len(thin) > 250


def test_the_index_moves_with_the_market_and_not_with_the_split():
    levels = MARKET.index(date(2026, 9, 1), date(2026, 9, 30))
    assert [session for session, _ in levels] == [
        session for session in MARKET.sessions if (session.year, session.month) == (2026, 9)
    ]
    everything = MARKET.index(MARKET.sessions[0], MARKET.sessions[-1])
    assert dict(everything)[levels[3][0]] == levels[3][1]
    assert all(abs(b / a - 1) < 0.03 for (_, a), (_, b) in pairwise(everything))
    assert all(5_000 < level < 40_000 and round(level, 2) == level for _, level in everything)


def test_a_telling_changes_what_is_told_and_not_the_market():
    session = MARKET.sessions[50]
    rumour = MARKET.told(lambda truth: (truth, truth) if truth.line.ticker == "ATW" else ())
    assert rumour.truths(session) == (of("ATW", session), of("ATW", session))
    assert len(rumour.history("ATW", *MARKET.sessions[:2])) == 4
    assert len(MARKET.truths(session)) == 81


def test_what_the_market_does_not_have_is_refused():
    with pytest.raises(ValueError, match="2026-11-18 is not a session of the invented market"):
        MARKET.truths(date(2026, 11, 18))
    with pytest.raises(ValueError, match="has no line 'XYZ'"):
        MARKET.history("XYZ", date(2026, 1, 1), date(2026, 2, 1))
    assert MARKET.history("ATW", date(2022, 1, 1), date(2022, 12, 31)) == ()
