"""HKEXnews' pages of participants: complete, and at one with the pages of holdings."""

from datetime import date

import polars as pl
import pytest
from parsel import Selector

from market_assets.sandbox.hkex.form_state import INVALID_DATE, REFUSED
from market_assets.sandbox.messages import Question
from market_assets_tests.sandbox.hkex.reading import (
    MARKET,
    SATURDAY_MORNING,
    SEARCH_PAGE,
    cells,
    got,
    hidden,
    new_world,
)

DAY = date(2026, 11, 6)


def form_page(world):
    question = Question(method="GET", path=SEARCH_PAGE)
    return world.answer("hkex_participants", question, SATURDAY_MORNING)


def searched(code, day=DAY, **changed):
    world = new_world()
    form = {
        **hidden(form_page(world)),
        "__EVENTTARGET": "btnSearch",
        "txtShareholdingDate": f"{day:%Y/%m/%d}",
        "txtStockCode": code,
        **changed,
    }
    question = Question(method="POST", path=SEARCH_PAGE, form=form)
    return world.answer("hkex_participants", question, SATURDAY_MORNING)


def whole(text):
    return int(text.replace(",", ""))


def summary(answer):
    rows = Selector(answer.body.decode()).css("#pnlResultSummary .ccass-search-datarow")
    return {
        row.css(".summary-category::text").get(): (
            whole(row.css(".shareholding .value::text").get()),
            whole(row.css(".number-of-participants .value::text").get()),
        )
        for row in rows
    }


def shown(answer):
    return cells(answer, "#pnlResultNormal table.table-scroll")


def truth(code, day=DAY):
    return MARKET.holdings(day).filter(pl.col("code") == code).row(0, named=True)


@pytest.mark.parametrize("code", ["00700", "00005", "02800", "09999"])
def test_the_two_chinaclear_accounts_hold_what_the_channels_hold(code):
    held = {row[0]: whole(row[3]) for row in shown(searched(code)) if row[0]}
    assert held["A00003"] == truth(code)["shanghai"]
    assert held["A00004"] == truth(code)["shenzhen"]


@pytest.mark.parametrize("code", ["00700", "00005", "02800", "09999"])
def test_the_summary_counts_the_rows_and_adds_them_up(code):
    answer = searched(code)
    rows, totals = shown(answer), summary(answer)
    intermediaries = totals["Market Intermediaries"]
    consenting = totals["Consenting Investor Participants"]
    silent = totals["Non-consenting Investor Participants"]
    assert len(rows) == intermediaries[1] + consenting[1]
    assert sum(whole(row[3]) for row in rows) == intermediaries[0] + consenting[0]
    assert totals["Total"] == (
        intermediaries[0] + consenting[0] + silent[0],
        intermediaries[1] + consenting[1] + silent[1],
    )
    issued = Selector(answer.body.decode()).css(".ccass-search-remarks .summary-value::text")
    assert whole(issued.get()) == truth(code)["issued"] > totals["Total"][0]
    assert [whole(row[3]) for row in rows] == sorted((whole(r[3]) for r in rows), reverse=True)


def test_investors_and_the_clearing_company_have_no_id():
    nameless = [row[1] for row in shown(searched("00700")) if not row[0]]
    assert nameless[0] == "HONG KONG SECURITIES CLEARING CO. LTD."
    assert len(nameless) == 3
    assert all(name.endswith(" *") for name in nameless[1:])


def test_the_page_says_its_day_and_stock():
    page = Selector(searched("700", date(2026, 11, 7)).body.decode())
    selected = ".search-bar__selectedItem-filter"
    assert page.css(f"{selected}.searchDate::text").getall()[-1].strip() == "2026/11/07"
    assert page.css(f"{selected}.searchStock::text").get().strip() == "00700"
    assert page.css(f"{selected}.searchStock b::text").get() == "TENCENT -HKD TRADED SHARES"


def test_the_last_heading_is_not_closed():
    head = searched("00700").body.partition(b"<thead>")[2].partition(b"</thead>")[0]
    assert (head.count(b"<th "), head.count(b"</th>")) == (5, 4)


def test_a_listed_stock_without_a_holding_has_no_chinaclear_row():
    held = set(MARKET.holdings(DAY)["code"])
    code = next(code for code in MARKET.listed(DAY)["code"] if code not in held)
    ids = {row[0] for row in shown(searched(code))}
    assert "C00019" in ids
    assert not ids & {"A00003", "A00004"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"txtStockCode": "99999"}, "does not exist OR not available for enquiry"),
        ({"txtShareholdingDate": "2026/11/21"}, INVALID_DATE),
        ({"txtShareholdingDate": ""}, INVALID_DATE),
    ],
)
def test_what_cannot_be_shown_is_said_in_the_alert_and_has_no_result(changed, words):
    answer = searched("00700", **changed)
    assert words in hidden(answer)["alertMsg"]
    assert not Selector(answer.body.decode()).css("#pnlResultSummary")


def test_the_form_alone_has_no_result_and_a_foreign_state_is_refused():
    assert not Selector(form_page(new_world()).body.decode()).css("#pnlResultNormal")
    assert searched("00700", __VIEWSTATE=hidden(got(new_world()))["__VIEWSTATE"]) == REFUSED
    elsewhere = Question(method="GET", path="/sdw/search/partlist.aspx")
    answer = new_world().answer("hkex_participants", elsewhere, SATURDAY_MORNING)
    assert answer.status == 404
