"""What is planted at the publishers is there, on its sessions and nowhere else."""

import json
from dataclasses import replace

import pytest
from parsel import Selector

from market_assets.sandbox.hkex.days import sessions
from market_assets.sandbox.hkex.form_state import REFUSED
from market_assets.sandbox.hkex.mischief import FAULTS, PASSING
from market_assets.sandbox.hkex.plot import CYCLE
from market_assets.sandbox.messages import Question
from market_assets_tests.sandbox.hkex.reading import (
    MARKET,
    SATURDAY_MORNING,
    got,
    hidden,
    new_world,
    posted,
    shown_holdings,
    stated_date,
    true_holdings,
)
from market_assets_tests.sandbox.hkex.test_channels_and_lists import (
    SHANGHAI_SITE,
    shenzhen_sheet,
)

RECENT = [day for day in MARKET.sessions if day <= SATURDAY_MORNING.date()][-3 - CYCLE : -3]


def session_with(name, source="hkex_southbound"):
    (at,) = (fault.at for fault in FAULTS if (fault.name, fault.source) == (name, source))
    return next(day for day in RECENT if MARKET.ordinal(day) % CYCLE == at)


def shanghai(world, day):
    query = {
        "sqlId": "FW_HGTZL_GGTSCSJ_GGTZQCYSL",
        "tradeDate": f"{day:%Y%m%d}",
        "pageHelp.pageSize": "2000",
    }
    question = Question(
        method="GET", path="/sseQuery/commonSoaQuery.do", query=query, headers=SHANGHAI_SITE
    )
    return world.answer("sse_southbound", question, SATURDAY_MORNING)


def test_any_60_sessions_hold_every_fault_and_no_session_two():
    at = {fault.at for fault in FAULTS}
    assert len(at) == len(FAULTS)
    days = [day for day in sessions() if 2024 <= day.year <= 2026]
    for start in range(0, len(days) - 60, 7):
        met = {MARKET.ordinal(day) % CYCLE for day in days[start : start + 60]}
        assert at <= met


@pytest.mark.parametrize("name", sorted(PASSING))
def test_a_passing_fault_is_over_with_the_second_attempt(name):
    world, day = new_world(), session_with(name)
    first = posted(world, day)
    assert (
        first.torn
        or first.status != 200
        or stated_date(first) != f"{day:%Y/%m/%d}"
        or (shown_holdings_or_none(first) != true_holdings(day))
    )
    second = posted(world, day)
    assert not second.torn
    assert shown_holdings(second) == true_holdings(day)


def shown_holdings_or_none(answer):
    try:
        return shown_holdings(answer)
    except ValueError:  # the row that was cut
        return None


def test_a_refused_state_is_helped_by_a_new_get():
    world, day = new_world(), session_with("view_state")
    state = hidden(got(world))
    assert posted(world, day, state=state) == REFUSED
    assert shown_holdings(posted(world, day)) == true_holdings(day)


def test_too_many_questions_say_when_to_come_back():
    answer = posted(new_world(), session_with("too_many"))
    assert (answer.status, answer.headers) == (429, {"Retry-After": "2"})


def test_maintenance_is_said_on_a_page_like_any_other():
    answer = posted(new_world(), session_with("maintenance"))
    assert answer.status == 200
    assert b"System is under maintenance" in answer.body


def test_a_torn_answer_is_right_but_for_its_end():
    world, day = new_world(), session_with("torn")
    first = posted(world, day)
    assert first.torn
    assert replace(first, torn=False) == posted(world, day)


def test_a_cut_page_ends_in_the_middle_of_a_row():
    world, day = new_world(), session_with("cut")
    cut, whole = posted(world, day).body, posted(world, day).body
    assert whole.startswith(cut)
    assert not cut.rstrip().endswith((b"</tr>", b"</html>"))
    assert cut.count(b"<tr>") == cut.count(b"</tr>") + 2  # this row, and the notes' own
    assert len(Selector(cut.decode()).css("#mutualmarket-result tbody tr")) > 200


def test_another_day_is_answered_under_its_own_date():
    world, day = new_world(), session_with("other_day")
    before = MARKET.sessions[MARKET.ordinal(day) - 1]
    answer = posted(world, day)
    assert stated_date(answer) == f"{before:%Y/%m/%d}"
    assert shown_holdings(answer) == true_holdings(before)


def test_a_partial_page_has_under_500_true_rows_each_time():
    world, day = new_world(), session_with("partial")
    for _ in range(2):
        rows = shown_holdings(posted(world, day))
        assert 0 < len(rows) < 500
        assert set(rows) < set(true_holdings(day))


def test_a_page_that_jumps_has_every_second_holding_tripled():
    day = session_with("jump")
    rows, truth = shown_holdings(posted(new_world(), day)), true_holdings(day)
    assert [row[2] for row in rows] == [
        row[2] * (1 if place % 2 else 3) for place, row in enumerate(truth)
    ]
    assert sum(row[2] for row in rows) > 1.5 * sum(row[2] for row in truth)


def test_a_channel_that_is_down_is_down_for_that_session_alone():
    world, day = new_world(), session_with("down", "sse_southbound")
    assert shanghai(world, day).status == 503
    after = MARKET.sessions[MARKET.ordinal(day) + 1]
    assert json.loads(shanghai(world, after).body)["pageHelp"]["data"]
    assert shown_holdings(posted(world, day)) == true_holdings(day)


def test_shenzhen_is_down_on_another_session():
    day = session_with("down", "szse_southbound")
    query = {"SHOWTYPE": "xlsx", "CATALOGID": "SGT_GGTCGSL", "txtDate": f"{day}"}
    question = Question(method="GET", path="/api/report/ShowReport", query=query)
    assert new_world().answer("szse_southbound", question, SATURDAY_MORNING).status == 503
    assert shanghai(new_world(), day).status == 200


def test_shenzhen_disagrees_about_one_stock():
    day = session_with("disagree", "szse_southbound")
    _, *rows = shenzhen_sheet(day)
    told = {code: int(shares.replace(",", "")) for code, _, shares in rows}
    truth = dict(MARKET.holdings(day).select("code", "shenzhen").rows())
    assert {code: told[code] - truth[code] for code in truth if told[code] != truth[code]} == {
        "00005": 1_000_000
    }


def test_other_sources_of_the_same_host_are_spared():
    question = Question(method="GET", path="/sdw/search/mutualmarket.aspx", query={"t": "sh"})
    world = new_world()
    southbound = world.answer("hkex_southbound", question, SATURDAY_MORNING)
    assert world.answer("hkex_northbound", question, SATURDAY_MORNING) == southbound
