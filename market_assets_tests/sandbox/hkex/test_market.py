"""The invented holdings keep the rules that real ones keep, and every planted event is there."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.calendars.settlement import implied_trade_date
from market_assets.sandbox.hkex.days import sessions
from market_assets.sandbox.hkex.figures import figures, issued_shares
from market_assets.sandbox.hkex.market import TEMPORARY, UNSTATED, Market
from market_assets.sandbox.hkex.plot import CYCLE, OFFSETS, SAME_STOCK
from market_assets.sandbox.hkex.stocks import HKD_SUFFIX, mainland_lines, stocks
from market_assets_tests.sandbox.hkex.reading import MARKET

SESSIONS = st.sampled_from(sessions())
FEWEST = 500


def planted(kind):
    """The events of a kind in the last seven whole cycles, with the sessions before and of each."""
    for event in MARKET.events:
        if event.kind == kind and 0 < len(MARKET.sessions) // CYCLE - event.ordinal // CYCLE < 8:
            session = MARKET.shown(event.ordinal)
            yield event, sessions()[sessions().index(session) - 1], session


def held(session):
    return {row["code"]: row for row in MARKET.holdings(session).to_dicts()}


def code_of(event):
    return MARKET.stocks[event.column].code


def points(before, now):
    return abs(now["percent"] - before["percent"])


@settings(max_examples=10, deadline=None)
@given(session=SESSIONS)
def test_the_total_is_both_channels_and_the_percent_is_of_the_issued_shares(session):
    rows = MARKET.holdings(session)
    assert rows["shares"].equals(rows["shanghai"] + rows["shenzhen"], check_names=False)
    assert rows.filter(pl.col("percent").is_null())["code"].to_list() == list(UNSTATED)
    for row in rows.filter(pl.col("percent").is_not_null()).to_dicts():
        assert row["percent"] == round(100 * row["shares"] / row["issued"], 2)
        assert 0 < row["shares"] < row["issued"]


@settings(max_examples=10, deadline=None)
@given(session=SESSIONS)
def test_every_session_has_over_500_holdings_each_of_one_listed_code(session):
    codes = MARKET.holdings(session)["code"]
    assert codes.len() > FEWEST
    assert codes.to_list() == sorted(set(codes))
    assert set(codes) <= set(MARKET.listed(session)["code"])
    assert set(MARKET.eligible(session)["code"]) <= set(MARKET.listed(session)["code"])


def test_the_same_seed_is_the_same_market_and_another_seed_another():
    session = MARKET.sessions[800]
    assert_frame_equal(Market(seed=2026).holdings(session), MARKET.holdings(session))
    assert not Market(seed=1).holdings(session).equals(MARKET.holdings(session))


def test_a_longer_calendar_leaves_earlier_figures_as_they_were():
    codes = np.arange(1, 21)
    issued = issued_shares(len(codes), seed=7)
    short, long = (figures(codes, issued, (), sessions=count, seed=7) for count in (40, 90))
    assert (long.shanghai[:40] == short.shanghai).all()
    assert (long.shenzhen[:40] == short.shenzhen).all()


def test_holdings_move_exactly_when_trades_of_another_day_have_settled():
    days = [day for day in sessions() if date(2025, 9, 1) <= day <= date(2026, 11, 13)]
    held = [MARKET.holdings(day) for day in days]
    moved = [not now.equals(before) for before, now in pairwise(held)]
    traded = [implied_trade_date(day) for day in days]
    assert moved == [now != before for before, now in pairwise(traded)]
    assert not all(moved)


def test_any_60_sessions_hold_every_event():
    """Over all of 2024 to 2026; each cycle of Southbound sessions has each once."""
    at = {}
    for event in MARKET.events:
        at.setdefault(MARKET.shown(event.ordinal), set()).add(event.kind)
    days = [day for day in sessions() if 2024 <= day.year <= 2026]
    for start in range(len(days) - 60):
        kinds = {kind for day in days[start : start + 60] for kind in at.get(day, ())}
        assert kinds == set(OFFSETS)


def test_an_event_has_its_stock_for_itself():
    casts = Counter(e.column for e in MARKET.events if e.kind not in SAME_STOCK)
    assert set(casts.values()) == {1}


def test_a_new_holding_was_eligible_before_and_never_held():
    for event, before, session in planted("new_holding"):
        code = code_of(event)
        assert code in set(MARKET.eligible(before)["code"])
        assert code in held(session)
        assert all(code not in held(day) for day in sessions()[: sessions().index(session) : 40])


def test_a_line_that_became_eligible_is_not_yet_held():
    for event, before, session in planted("became_eligible"):
        code = code_of(event)
        assert code not in set(MARKET.eligible(before)["code"])
        assert code in set(MARKET.eligible(session)["code"])
        assert code not in held(session)


def test_a_line_that_left_the_list_is_still_held():
    for event, before, session in planted("left_list"):
        code = code_of(event)
        assert code in set(MARKET.eligible(before)["code"])
        assert code not in set(MARKET.eligible(session)["code"])
        assert code in held(session)


def test_an_exit_is_final_and_the_line_stays_listed():
    for event, before, session in planted("exit"):
        code, later = code_of(event), MARKET.shown(event.ordinal + CYCLE - 1)
        assert code in held(before)
        assert code not in held(session)
        assert code not in held(later)
        assert code in set(MARKET.listed(session)["code"])


def test_a_reentry_was_held_before_its_pause():
    for event, before, session in planted("reentry"):
        code = code_of(event)
        pause = event.ordinal - OFFSETS["reentry"] + OFFSETS["pause"]
        assert code in held(sessions()[sessions().index(MARKET.shown(pause)) - 1])
        assert code not in held(MARKET.shown(pause))
        assert code not in held(before)
        assert code in held(session)


@pytest.mark.parametrize(
    ("kind", "ratios"), [("split", {2, 5, 10}), ("consolidation", {10, 5, 20})]
)
def test_a_split_multiplies_the_shares_and_hardly_moves_the_percent(kind, ratios):
    met = set()
    for event, before, session in planted(kind):
        was, now = held(before)[code_of(event)], held(session)[code_of(event)]
        ratio = round(event.factor if event.factor > 1 else 1 / event.factor)
        met.add(ratio)
        assert now["issued"] == pytest.approx(was["issued"] * event.factor)
        assert now["shares"] / was["shares"] == pytest.approx(event.factor, rel=0.02)
        assert points(was, now) < 0.02 * was["percent"] + 0.01
    assert met == ratios


def test_a_holding_stands_under_a_temporary_code_and_comes_back_multiplied():
    for event, before, session in planted("temporary_counter"):
        code, temporary = code_of(event), f"{event.other_code:05d}"
        stay = [MARKET.shown(place) for place in range(event.ordinal, event.ordinal + 10)]
        assert stay[0] == session
        for day in stay:
            rows = held(day)
            assert code not in rows
            assert rows[temporary]["name"].endswith(TEMPORARY)
            assert code not in set(MARKET.listed(day)["code"])
        back = held(MARKET.shown(event.ordinal + 10))
        was, last, now = held(before)[code], held(stay[-1])[temporary], back[code]
        assert temporary not in back
        assert held(session)[temporary]["shares"] == pytest.approx(was["shares"], rel=0.02)
        ratio = now["issued"] // was["issued"]
        assert ratio in {2, 5, 10}
        assert now["shares"] == pytest.approx(last["shares"] * ratio, rel=0.02)
        assert points(was, now) < 0.1 * was["percent"]


def test_no_temporary_or_former_code_is_another_stock_s():
    others = {event.other_code for event in MARKET.events} - {0}
    assert not {f"{code:05d}" for code in others} & {stock.code for stock in MARKET.stocks}


def test_a_new_name_comes_under_the_same_code():
    for event, before, session in planted("renamed"):
        code = code_of(event)
        assert held(before)[code]["name"] != held(session)[code]["name"]
        assert held(session)[code]["name"] == MARKET.stocks[event.column].name


def test_a_delisted_line_is_gone_from_everywhere():
    for event, before, session in planted("delisted"):
        code = code_of(event)
        for lines in (MARKET.holdings, MARKET.listed, MARKET.eligible):
            assert code in set(lines(before)["code"])
            assert code not in set(lines(session)["code"])


def test_a_move_to_the_main_board_changes_the_code_and_not_the_name():
    for event, before, session in planted("moved_board"):
        old, new = f"{event.other_code:05d}", code_of(event)
        assert old.startswith("08")
        assert held(before)[old]["name"] == held(session)[new]["name"]
        assert new not in held(before)
        assert old not in held(session)


def test_dual_counters_say_which_of_their_shares_are_meant():
    rows = held(MARKET.sessions[900])
    assert rows["00700"]["name"] == "TENCENT" + HKD_SUFFIX
    assert not rows["00005"]["name"].endswith(HKD_SUFFIX)


def test_the_aggregate_never_jumps_by_itself():
    totals = np.array([MARKET.holdings(day)["shares"].sum() for day in MARKET.sessions[-400:]])
    assert np.abs(np.diff(totals) / totals[:-1]).max() < 0.04


def test_the_lists_are_as_long_as_they_say():
    kinds = Counter(stock.kind for stock in stocks())
    assert kinds == {"equity": 613, "etf": 31}
    assert all(line.code[-3:] == line.a_code[-3:] for line in mainland_lines())


def test_a_day_between_sessions_has_the_figures_of_the_one_before():
    friday = sessions()[-60]
    while friday.weekday() != 4:
        friday -= timedelta(days=1)
    assert_frame_equal(MARKET.holdings(friday + timedelta(days=1)), MARKET.holdings(friday))
