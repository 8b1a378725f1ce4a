"""HKEXnews' pages of holdings: what they show, and the protocol of their form."""

from datetime import date, time, timedelta

import pytest
from parsel import Selector

from market_assets.sandbox.hkex.days import instant
from market_assets.sandbox.hkex.form_state import HIDDEN, INVALID_DATE, LIFE, REFUSED
from market_assets.sandbox.hkex.market import UNSTATED
from market_assets.sandbox.hkex.mischief import FAULTS
from market_assets.sandbox.hkex.plot import CYCLE
from market_assets.sandbox.messages import Question
from market_assets_tests.sandbox.hkex.reading import (
    HOLDINGS_PAGE,
    MARKET,
    SATURDAY_MORNING,
    cells,
    got,
    hidden,
    new_world,
    posted,
    shown_holdings,
    stated_date,
    true_holdings,
)

CHINESE_PAGE = "/sdw/search/mutualmarket_c.aspx"
CALM = next(
    session
    for session in MARKET.sessions[-330:]
    if MARKET.ordinal(session) % CYCLE not in {fault.at for fault in FAULTS}
)


def posted_again(world, day, **moment):
    """The second answer: a fault that is over with the first may be planted on the day."""
    posted(world, day, **moment)
    return posted(world, day, **moment)


def alert(answer):
    return hidden(answer)["alertMsg"]


def test_the_newest_page_and_a_page_of_a_past_day_show_the_truth():
    world = new_world()
    newest = got(world)
    assert stated_date(newest) == "2026/11/20"
    assert shown_holdings(newest) == true_holdings(date(2026, 11, 20))
    past = posted(world, CALM)
    assert stated_date(past) == f"{CALM:%Y/%m/%d}"
    assert shown_holdings(past) == true_holdings(CALM)
    assert alert(past) == ""


def test_the_page_has_the_layout_of_the_publisher():
    body = got(new_world()).body
    page = Selector(body.decode())
    assert body.startswith(b"\r\n\r\n\r\n<!DOCTYPE html PUBLIC")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert b'<input type="hidden" name="alertMsg" id="alertMsg" />' in body
    assert page.css("table::attr(class)").get() == "note-table"
    assert page.css("#pnlResult #mutualmarket-result").attrib["class"].split()[0] == "table"
    row = page.css("#mutualmarket-result tbody tr")[0]
    assert row.css("td::attr(class)").getall() == [
        *("col-stock-code", "col-stock-name", "col-shareholding", "col-shareholding-percent"),
    ]
    assert row.css("div.mobile-list-body::text").get() == "    1"
    assert row.css("div.mobile-list-heading::text").get() == "Stock Code:"


def test_percents_of_three_codes_are_empty():
    rows = cells(got(new_world()), "#mutualmarket-result")
    assert [row[0].strip().zfill(5) for row in rows if not row[3]] == list(UNSTATED)


def test_the_chinese_page_says_the_same_in_other_words():
    answer = posted(new_world(), CALM, path=CHINESE_PAGE)
    page = Selector(answer.body.decode())
    assert "持股日期" in page.css("h2.ccass-heading span::text").get()
    assert page.css("div.mobile-list-heading::text").get() == "股份代號:"
    assert shown_holdings(answer) == true_holdings(CALM)


@pytest.mark.parametrize(
    ("asked", "stated"),
    [
        ("2026-11-15", "2026/11/14"),  # Sunday: Saturday
        ("2026-11-14", "2026/11/14"),  # Saturday
        ("2026-10-19", "2026/10/17"),  # Monday, a holiday: Saturday
        ("2026-10-01", "2026/09/30"),
        ("2026-04-07", "2026/04/02"),
    ],
)
def test_a_day_without_figures_of_its_own_states_the_day_it_shows(asked, stated):
    answer = posted_again(new_world(), date.fromisoformat(asked))
    assert stated_date(answer) == stated
    assert hidden(answer)["originalShareholdingDate"] == stated
    assert Selector(answer.body.decode()).css("#txtShareholdingDate").attrib["value"] == stated


def test_a_saturday_repeats_friday_s_figures_under_its_own_date():
    saturday = date(2026, 11, 14)
    answer = posted(new_world(), saturday)
    assert stated_date(answer) == "2026/11/14"
    assert shown_holdings(answer) == true_holdings(saturday - timedelta(days=1))


def test_on_monday_the_newest_page_is_saturday_s():
    monday = instant(date(2026, 11, 16), time(9))
    assert stated_date(got(new_world(), now=monday)) == "2026/11/14"


@pytest.mark.parametrize(("at", "newest"), [(time(8, 29), "11/18"), (time(8, 30), "11/19")])
def test_a_day_is_out_on_the_morning_after(at, newest):
    now = instant(date(2026, 11, 20), at)
    world = new_world()
    assert stated_date(got(world, now=now)) == f"2026/{newest}"
    assert stated_date(posted_again(world, date(2026, 11, 19), now=now)) == f"2026/{newest}"


@pytest.mark.parametrize(
    ("asked", "fits"),
    [("2025-11-20", False), ("2025-11-21", True), ("2026-11-20", True), ("2026-11-21", False)],
)
def test_a_day_out_of_the_last_year_is_refused_in_words(asked, fits):
    answer = posted_again(new_world(), date.fromisoformat(asked))
    assert alert(answer) == ("" if fits else INVALID_DATE)
    shown = asked.replace("-", "/") if fits else "2026/11/20"
    assert stated_date(answer) == shown


def test_what_is_no_date_is_refused_in_words():
    world = new_world()
    form = {**hidden(got(world)), "__EVENTTARGET": "btnSearch", "txtShareholdingDate": "20/11/2026"}
    question = Question(method="POST", path=HOLDINGS_PAGE, query={"t": "hk"}, form=form)
    assert alert(world.answer("hkex_southbound", question, SATURDAY_MORNING)) == INVALID_DATE


def test_every_answer_has_a_state_of_its_own_that_serves_the_next_question():
    world, now = new_world(), SATURDAY_MORNING
    state = hidden(got(world, now=now))
    states = {state["__VIEWSTATE"]}
    for _ in range(3):
        now += timedelta(seconds=2)
        answer = posted(world, CALM, now=now, state=state)
        state = hidden(answer)
        states.add(state["__VIEWSTATE"])
    assert len(states) == 4
    assert state["today"] == "20261121"


def test_a_state_that_is_old_is_refused_and_a_young_one_is_not():
    world, state = new_world(), hidden(got(new_world()))
    young = posted(world, CALM, state=state, now=SATURDAY_MORNING + LIFE)
    assert stated_date(young) == f"{CALM:%Y/%m/%d}"
    late = SATURDAY_MORNING + LIFE + timedelta(seconds=1)
    assert posted(world, CALM, state=state, now=late) == REFUSED


@pytest.mark.parametrize("name", HIDDEN)
def test_a_question_without_a_hidden_field_is_refused(name):
    state = {key: value for key, value in hidden(got(new_world())).items() if key != name}
    question = Question(
        method="POST",
        path=HOLDINGS_PAGE,
        query={"t": "hk"},
        form={"txtShareholdingDate": f"{CALM:%Y/%m/%d}", **state},
    )
    assert new_world().answer("hkex_southbound", question, SATURDAY_MORNING) == REFUSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"__VIEWSTATE": ""},
        {"__VIEWSTATE": "/wEPDwUJ+1+forged"},
        {"__VIEWSTATEGENERATOR": "A7B2BBE2"},
    ],
)
def test_an_altered_state_is_refused(wrong):
    state = hidden(got(new_world())) | wrong
    assert posted(new_world(), CALM, state=state) == REFUSED


def test_the_state_of_another_page_is_refused():
    state = hidden(got(new_world(), t="sh"))
    assert posted(new_world(), CALM, state=state) == REFUSED
    assert posted(new_world(), CALM, state=state, t="sh") != REFUSED


def test_a_post_that_presses_no_button_shows_the_newest_day():
    form = {**hidden(got(new_world())), "txtShareholdingDate": f"{CALM:%Y/%m/%d}"}
    question = Question(method="POST", path=HOLDINGS_PAGE, query={"t": "hk"}, form=form)
    answer = new_world().answer("hkex_southbound", question, SATURDAY_MORNING)
    assert stated_date(answer) == "2026/11/20"


@pytest.mark.parametrize(("t", "first"), [("sh", "9"), ("sz", "7")])
def test_northbound_is_of_the_newest_quarter_end_that_is_out(t, first):
    world = new_world()
    assert stated_date(got(world, t=t)) == "2026/09/30"
    for asked, stated in [
        (date(2026, 3, 30), "2025/12/31"),
        (date(2026, 3, 31), "2026/03/31"),
        (date(2026, 6, 29), "2026/03/31"),
    ]:
        answer = posted(world, asked, t=t)
        assert stated_date(answer) == stated
        rows = shown_holdings(answer)
        assert {code[0] for code, *_ in rows} == {first}
        assert all(name.endswith(")") and "(A #" in name for _, name, *_ in rows)
    chinese = posted(world, CALM, t=t, path=CHINESE_PAGE)
    assert not any("(A #" in name for _, name, *_ in shown_holdings(chinese))


@pytest.mark.parametrize(
    ("asked_on", "stated"), [("2026-07-07", "2026/03/31"), ("2026-07-08", "2026/06/30")]
)
def test_a_quarter_end_is_out_on_the_fifth_session_after_it(asked_on, stated):
    now = instant(date.fromisoformat(asked_on), time(9))
    assert stated_date(got(new_world(), now=now, t="sh")) == stated


@pytest.mark.parametrize("t", ["HK", ""])
def test_another_market_is_not_found(t):
    question = Question(method="GET", path=HOLDINGS_PAGE, query={"t": t})
    assert new_world().answer("hkex_southbound", question, SATURDAY_MORNING).status == 404


def test_a_row_takes_its_usual_bytes():
    assert len(got(new_world()).body) > 600 * 1_200
