"""What Shanghai and Shenzhen publish of their channels, and HKEXnews of all that is listed."""

import io
import json
from datetime import date, timedelta

import fastexcel
import pytest

from market_assets.sandbox.hkex.days import southbound_session_of, southbound_sessions
from market_assets.sandbox.hkex.market import TEMPORARY
from market_assets.sandbox.messages import Question
from market_assets_tests.sandbox.hkex.reading import MARKET, SATURDAY_MORNING, new_world

SHANGHAI_SITE = {"referer": "https://www.sse.com.cn/services/hkexsc/ggtscsj/ggtzqcysl/"}
NEWEST_OUT = date(2026, 11, 18)
LIST_ID = "COMMON_SSE_JYFW_HGT_XXPL_BDZQQD_L"


def shanghai(path, *, headers=SHANGHAI_SITE, now=SATURDAY_MORNING, **query):
    question = Question(method="GET", path=path, query=query, headers=headers)
    return new_world().answer("sse_southbound", question, now)


def shanghai_holdings(day, **paging):
    query = {"sqlId": "FW_HGTZL_GGTSCSJ_GGTZQCYSL", "tradeDate": f"{day:%Y%m%d}"}
    paging = {"pageHelp.pageSize": "2000", "pageHelp.pageNo": "1"} | paging
    return json.loads(shanghai("/sseQuery/commonSoaQuery.do", **query, **paging).body)["pageHelp"]


def shenzhen(path, now=SATURDAY_MORNING, **query):
    question = Question(method="GET", path=path, query=query)
    return new_world().answer("szse_southbound", question, now)


def shenzhen_sheet(day):
    query = {"SHOWTYPE": "xlsx", "CATALOGID": "SGT_GGTCGSL", "TABKEY": "tab1"}
    answer = shenzhen("/api/report/ShowReport", txtDate=f"{day}", **query)
    sheet = fastexcel.read_excel(io.BytesIO(answer.body).read()).load_sheet(
        0, header_row=None, dtypes="string"
    )
    return sheet.to_polars().rows()


def securities(day, headers):
    query = {"sortby": "stockcode", "shareholdingdate": f"{day:%Y%m%d}"}
    question = Question(
        method="GET", path="/sdw/search/stocklist.aspx", query=query, headers=headers
    )
    return new_world().answer("hkex_securities", question, SATURDAY_MORNING)


def test_shanghai_states_its_own_channel():
    page = shanghai_holdings(NEWEST_OUT)
    rows = [(row["secCode"], int(row["totalHoldings"])) for row in page["data"]]
    assert rows == MARKET.holdings(NEWEST_OUT).select("code", "shanghai").rows()
    assert {row["tradeDate"] for row in page["data"]} == {"20261118"}
    assert page["total"] == len(rows)


def test_shenzhen_states_its_own_channel_in_a_sheet():
    headings, *rows = shenzhen_sheet(NEWEST_OUT)
    assert headings == ("证券代码", "证券简称", "港股通投资者合计持有数量")
    read = [(code, name, int(shares.replace(",", ""))) for code, name, shares in rows]
    assert read == MARKET.holdings(NEWEST_OUT).select("code", "name", "shenzhen").rows()


def test_both_are_two_sessions_behind_and_silent_on_days_without_southbound():
    late = southbound_sessions()[southbound_sessions().index(NEWEST_OUT) + 1]
    closed = date(2026, 10, 5)
    for day in (late, closed, NEWEST_OUT + timedelta(days=4)):
        assert shanghai_holdings(day)["data"] == []
        assert len(shenzhen_sheet(day)) == 1
    assert shanghai_holdings(date(2024, 8, 16))["data"] == []
    assert shanghai_holdings(date(2024, 8, 19))["data"]
    assert len(shenzhen_sheet(date(2023, 1, 3))) > 500


def test_the_same_sheet_has_the_same_bytes():
    query = {"SHOWTYPE": "xlsx", "CATALOGID": "SGT_GGTCGSL", "txtDate": f"{NEWEST_OUT}"}
    first, second = (shenzhen("/api/report/ShowReport", **query) for _ in range(2))
    assert first == second


def test_shanghai_pages_what_is_asked_for_in_pages():
    whole = shanghai_holdings(NEWEST_OUT)["data"]
    second = shanghai_holdings(NEWEST_OUT, **{"pageHelp.pageSize": "100", "pageHelp.pageNo": "2"})
    assert second["data"] == whole[100:200]
    assert second["pageCount"] == -(-len(whole) // 100)


def test_both_lists_of_what_may_be_bought_are_the_same():
    day = southbound_session_of(SATURDAY_MORNING.date())
    truth = MARKET.eligible(day)["code"].to_list()
    listed = json.loads(shanghai("/commonQuery.do", sqlId=LIST_ID).body)["result"]
    assert [row["SECURITY_CODE"] for row in listed] == truth
    assert {row["UPDATE_DATE"] for row in listed} == {f"{day}"} == {"2026-11-20"}
    assert {row["SECURITY_TYPE"] for row in listed} == {"股票", "ETF"}
    assert any(row["ABBR_CN"].endswith("\u3000") for row in listed)
    codes, number, pages = [], 1, 1
    while number <= pages:
        query = {"SHOWTYPE": "JSON", "CATALOGID": "SGT_GGTBDQD", "PAGENO": str(number)}
        (report,) = json.loads(shenzhen("/api/report/ShowReport/data", **query).body)
        pages, number = report["metadata"]["pagecount"], number + 1
        codes += [row["zqdm"] for row in report["data"]]
    assert codes == truth
    assert report["metadata"]["recordcount"] == len(truth)
    assert report["metadata"]["subname"] == f"{day}"


def test_shanghai_wants_to_be_asked_from_its_site_and_both_know_their_paths():
    assert shanghai("/commonQuery.do", sqlId=LIST_ID, headers={}).status == 403
    assert shanghai("/commonQuery.do", sqlId="OTHER").status == 404
    assert shenzhen("/api/report/ShowReport", SHOWTYPE="xlsx", CATALOGID="OTHER").status == 404


def test_the_list_of_securities_names_what_is_listed_and_temporary_counters():
    event = next(
        event
        for event in reversed(MARKET.events)
        if event.kind == "temporary_counter" and MARKET.shown(event.ordinal) < NEWEST_OUT
    )
    day = MARKET.shown(event.ordinal)
    answer = securities(day, {"x-requested-with": "XMLHttpRequest"})
    names = {row["c"]: row["n"] for row in json.loads(answer.body)}
    assert names[f"{event.other_code:05d}"].endswith(TEMPORARY)
    assert MARKET.stocks[event.column].code not in names
    assert dict(MARKET.listed(day).select("code", "name").rows()).items() <= names.items()
    assert names["90519"] == "KWEICHOW MOUTAI CO.,LTD. (A #600519)"


@pytest.mark.parametrize(
    ("headers", "start"),
    [({}, b"<!DOCTYPE html>"), ({"x-requested-with": "XMLHttpRequest"}, b"[]")],
)
def test_without_its_header_the_list_is_a_shell_and_out_of_range_it_is_empty(headers, start):
    assert securities(date(2020, 1, 2), headers).body.startswith(start)
