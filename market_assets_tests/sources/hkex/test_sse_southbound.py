"""Shanghai's Southbound holdings and list, as the clients that read them describe them."""

import json
from datetime import date, timedelta

import pytest
from polars.testing import assert_frame_equal
from werkzeug import Response

from market_assets.domain.holdings.rows import ELIGIBLE, HOLDINGS
from market_assets.sources.hkex.sse_southbound import SOURCE, history, parse, snapshot
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, NotThisPage, Unavailable
from market_assets_tests.sources.hkex.conftest import a_hundred

DAY = date(2026, 8, 5)
NEXT = date(2026, 8, 6)
HOLDINGS_PATH = "/sseQuery/commonSoaQuery.do"


def holding(number, **changes):
    return {
        "secCode": f"{number:05}",
        "totalHoldings": 1000 * number,
        "cnAbbr": f"股票{number}",
        "enAbbr": f"STOCK {number}",
        "tradeDate": "20260805",
    } | changes


def line(number, **changes):
    return {
        "SECURITY_CODE": f"{number:05}",
        "ABBR_CN": f"股票{number}\u3000\u3000",
        "ABBR_EN": f"STOCK {number}",
        "SECURITY_TYPE": "股票",
        "TRADE_FLAG": "1",
        "UPDATE_DATE": "2026-08-05",
    } | changes


CROWD = [holding(number) for number in range(1, 101)]
LINES = [line(number) for number in range(1, 101)]


def page_of(*rows, **facts):
    return json.dumps({"pageHelp": {"data": list(rows)} | facts})


def list_of(*rows, **page):
    return json.dumps({"result": list(rows)} | page)


def asked(page, body, *, key=f"holdings/{DAY}", session=DAY, **answer):
    return parse(page(SOURCE, body, key=key, session=session, **answer))


def test_a_day_comes_back_row_by_row(page):
    parsed = asked(page, page_of(*CROWD, total=100, pageCount=1))
    assert set(parsed.tables) == {"holdings"}
    assert parsed.refused == ()
    frame = parsed.tables["holdings"]
    assert frame.schema == HOLDINGS
    told = a_hundred("shanghai", DAY)
    assert_frame_equal(frame.drop("source", "capture_id", "known_at"), told)
    assert frame["source"].unique().to_list() == ["sse_southbound"]


def test_rows_go_to_the_day_the_page_states(page):
    parsed = asked(page, page_of(*CROWD), session=NEXT, key=f"holdings/{NEXT}")
    assert parsed.tables["holdings"]["session"].unique().to_list() == [DAY]


def test_the_rows_may_stand_in_either_place_and_the_day_in_either_form(page):
    dashed = [row | {"tradeDate": "2026-08-05"} for row in CROWD]
    one = asked(page, page_of(*CROWD)).tables["holdings"]
    for body in (page_of(*dashed), list_of(*CROWD), list_of(*CROWD, pageHelp={"data": None})):
        assert_frame_equal(asked(page, body).tables["holdings"], one)


def test_numbers_and_texts_are_the_same(page):
    texts = [
        row | {"secCode": int(row["secCode"]), "totalHoldings": f"{row['totalHoldings']:,}"}
        for row in CROWD
    ]
    frame = asked(page, page_of(*CROWD)).tables["holdings"]
    assert_frame_equal(asked(page, page_of(*texts)).tables["holdings"], frame)


def test_a_line_without_a_chinese_name_has_its_english_one(page):
    odd = [holding(700, cnAbbr=" "), holding(701, cnAbbr=None, enAbbr=None)]
    frame = asked(page, page_of(*CROWD, *odd)).tables["holdings"]
    assert frame.tail(2)["name"].to_list() == ["STOCK 700", None]


def test_nothing_held_is_a_holding_of_zero(page):
    frame = asked(page, page_of(*CROWD, holding(700, totalHoldings=0))).tables["holdings"]
    assert frame.tail(1)["shares"].to_list() == [0]


@pytest.mark.parametrize(
    ("odd", "code", "reason"),
    [
        (holding(700, totalHoldings=None), "00700", "no holding is stated"),
        (holding(700, totalHoldings="-"), "00700", "no holding is stated"),
        (holding(700, totalHoldings=1.5), "00700", "1.5 is not a whole number"),
        (holding(700, totalHoldings="4.7亿"), "00700", "'4.7亿' is not a number"),
        (holding(700, secCode="0700.HK"), None, "'0700.HK' is not a stock code"),
        (holding(700, secCode=None), None, "None is not a stock code"),
        (holding(700, cnAbbr=7), "00700", "7 is not a name"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_and_the_others_stay(odd, code, reason, page):
    parsed = asked(page, page_of(odd, *CROWD, total=101))
    assert parsed.tables["holdings"].height == 100
    (refused,) = parsed.refused
    assert (refused.ticker, refused.session) == (code, DAY)
    assert reason in refused.reason
    assert json.loads(refused.text) == odd


@pytest.mark.parametrize(
    "body",
    [
        page_of(),
        json.dumps({"pageHelp": {"data": None, "total": 0}, "result": []}),
        json.dumps({"result": None}),
    ],
)
def test_a_day_that_is_not_out_is_an_empty_page_that_says_so(body, page):
    with pytest.raises(EmptyPage, match="nothing of 2026-08-06 is out"):
        asked(page, body, key=f"holdings/{NEXT}", session=NEXT)


def test_a_part_of_a_day_is_held_back(page):
    said = "held back: 99 rows of Shanghai's holdings of 2026-08-05, fewer than 100"
    with pytest.raises(EmptyPage, match=said):
        asked(page, page_of(*CROWD[:99]))
    with pytest.raises(EmptyPage, match=said):
        asked(page, page_of(*CROWD[:99], holding(700, totalHoldings=None)))


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        (b"", EmptyPage, "without a body"),
        ("<html>maintenance</html>", NotThisPage, "markup where the answer was expected"),
        (page_of(*CROWD)[:-40], LayoutChanged, "not whole JSON"),
        ("jsonpCallback({})", LayoutChanged, "not whole JSON"),
        ("[]", LayoutChanged, "the answer is no JSON object"),
        ('{"success": "false"}', LayoutChanged, r"neither pageHelp.data nor result"),
        ('{"pageHelp": 5}', LayoutChanged, "pageHelp is no JSON object"),
        ('{"pageHelp": {"data": {"a": 1}}}', LayoutChanged, "the rows is no JSON list"),
        ('{"pageHelp": {"data": ["a"]}}', LayoutChanged, "no JSON object"),
        (page_of(*CROWD, total=644), LayoutChanged, "the total is 644, but 100 rows came"),
        (page_of(*CROWD, pageCount=2), LayoutChanged, "on 2 pages"),
        (page_of({"secCode": "00700"}), LayoutChanged, "totalHoldings"),
        (
            page_of(*CROWD, holding(700, tradeDate="20260804")),
            LayoutChanged,
            "states 2 days as tradeDate",
        ),
        (
            page_of(*[row | {"tradeDate": "05/08/2026"} for row in CROWD]),
            LayoutChanged,
            "'05/08/2026' is a date of none of the forms",
        ),
        (page_of(*[row | {"tradeDate": 20260805} for row in CROWD]), LayoutChanged, "20260805 is"),
        ('{"result": "é"}'.encode("latin-1"), LayoutChanged, "not UTF-8"),
    ],
)
def test_what_is_no_whole_answer_is_named(body, failure, said, page):
    with pytest.raises(failure, match=said):
        asked(page, body)


@pytest.mark.parametrize(("status", "failure"), [(404, NotThisPage), (403, Blocked)])
def test_a_refusal_is_no_page(status, failure, page):
    with pytest.raises(failure, match=str(status)):
        asked(page, page_of(*CROWD), status=status)


def test_a_byte_order_mark_is_no_part_of_the_page(page):
    marked = asked(page, b"\xef\xbb\xbf" + page_of(*CROWD).encode())
    assert_frame_equal(marked.tables["holdings"], asked(page, page_of(*CROWD)).tables["holdings"])


def test_the_list_goes_to_the_day_it_was_updated(page):
    fund = line(2800, SECURITY_TYPE="ETF", ABBR_CN="\u3000", ABBR_EN=" TRACKER FUND ")
    parsed = asked(page, list_of(*LINES, fund), key="eligible", session=NEXT)
    assert set(parsed.tables) == {"eligible_lists"}
    frame = parsed.tables["eligible_lists"]
    assert frame.schema == ELIGIBLE
    columns = ("code", "session", "channel", "name", "name_en", "kind")
    assert frame.select(columns).rows()[0] == ("00001", DAY, "shanghai", "股票1", "STOCK 1", "股票")
    assert frame.select(columns).rows()[-1] == (
        *("02800", DAY, "shanghai"),
        *(None, "TRACKER FUND", "ETF"),
    )
    assert frame.height == 101


@pytest.mark.parametrize("flag", ["0", "2", "", None])
def test_a_line_that_may_not_be_known_to_be_bought_is_put_aside(flag, page):
    parsed = asked(page, list_of(*LINES, line(700, TRADE_FLAG=flag)), key="eligible")
    assert "00700" not in parsed.tables["eligible_lists"]["code"]
    assert [(x.ticker, x.session) for x in parsed.refused] == [("00700", DAY)]
    assert parsed.refused[0].reason.startswith(f"TRADE_FLAG is {flag!r}; only 1")


@pytest.mark.parametrize(
    "facts", [{}, {"total": 0}, {"total": None}, {"total": 100, "pageCount": 10}, {"pageCount": 1}]
)
def test_a_count_is_compared_where_it_says_something(facts, page):
    parsed = asked(page, list_of(*LINES, pageHelp={"data": None} | facts), key="eligible")
    assert parsed.tables["eligible_lists"].height == 100


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        (list_of(*LINES[:99]), EmptyPage, "held back: 99 rows of Shanghai's list of 2026-08-05"),
        (list_of(*LINES, pageHelp={"total": 644}), LayoutChanged, "the total is 644"),
        (list_of(*LINES, line(7, UPDATE_DATE="2026-08-04")), LayoutChanged, "as UPDATE_DATE"),
        (list_of({"SECURITY_CODE": "00700"}), LayoutChanged, "TRADE_FLAG"),
        (list_of(), EmptyPage, "nothing of 2026-08-05 is out"),
    ],
)
def test_what_is_no_whole_list_is_named(body, failure, said, page):
    with pytest.raises(failure, match=said):
        asked(page, body, key="eligible")


def test_one_question_per_session_that_is_published(publisher, held):
    publisher.answers(HOLDINGS_PATH, Response(page_of(*CROWD)), Response(page_of()))
    sessions = [date(2024, 8, 16), DAY, NEXT]
    got = held(SOURCE, history, sessions)
    assert got.failure is None
    assert [capture.key for capture in got.captures] == [f"holdings/{DAY}", f"holdings/{NEXT}"]
    request = publisher.asked[1]
    assert request.args.to_dict() == {
        "sqlId": "FW_HGTZL_GGTSCSJ_GGTZQCYSL",
        "isPagination": "true",
        "tradeDate": "20260805",
        "pageHelp.pageSize": "2000",
        "pageHelp.pageNo": "1",
        "pageHelp.beginPage": "1",
        "pageHelp.endPage": "1",
    }
    page = "https://www.sse.com.cn/services/hkexsc/ggtscsj/ggtzqcysl/"
    assert request.headers["Referer"] == page
    assert parse(got.captures[0]).tables["holdings"].height == 100
    with pytest.raises(EmptyPage, match="nothing of 2026-08-06 is out"):
        parse(got.captures[1])


def test_the_list_is_asked_in_one_question(publisher, held):
    publisher.answers("/commonQuery.do", Response(list_of(*LINES)))
    got = held(SOURCE, snapshot, [DAY])
    assert publisher.asked[-1].args.to_dict() == {"sqlId": "COMMON_SSE_JYFW_HGT_XXPL_BDZQQD_L"}
    assert publisher.asked[-1].headers["Referer"].endswith("/services/hkexsc/disclo/eligible/")
    assert parse(got.captures[0]).tables["eligible_lists"].height == 100


def test_one_day_that_cannot_be_had_does_not_stop_the_next(publisher, held):
    fails = Response("oops", status=500)
    publisher.answers(HOLDINGS_PATH, fails, Response(page_of(*CROWD)))
    got = held(SOURCE, history, [DAY, NEXT])
    assert [capture.key for capture in got.captures] == [f"holdings/{NEXT}"]
    assert got.failure is None
    assert [type(failure) for failure in got.handled] == [Unavailable]


def test_three_days_in_a_row_that_cannot_be_had_end_the_conversation(publisher, held):
    days = [DAY + timedelta(days=n) for n in range(5)]
    fails = [Response("oops", status=500) for _ in range(3)]
    publisher.answers(HOLDINGS_PATH, *fails, Response(page_of(*CROWD)))
    got = held(SOURCE, history, days)
    assert got.captures == ()
    assert isinstance(got.failure, Unavailable)
