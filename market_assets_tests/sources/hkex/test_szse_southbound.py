"""Shenzhen's Southbound holdings, in a workbook without a date, and its list on many pages."""

import json
from datetime import date

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from werkzeug import Response

from market_assets.domain.holdings.rows import ELIGIBLE, HOLDINGS
from market_assets.sources.hkex.szse_southbound import SOURCE, history, parse, snapshot
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, NotThisPage
from market_assets_tests.sources.conftest import capture
from market_assets_tests.sources.hkex.conftest import a_hundred
from market_assets_tests.sources.workbooks import workbook

DAY = date(2026, 8, 5)
NEXT = date(2026, 8, 6)
HEADINGS = ("证券代码", "证券简称", "港股通投资者合计持有数量")
CROWD = [(f"{number:05}", f"股票{number}", f"{1000 * number:,}") for number in range(1, 101)]
BOOK_PATH = "/api/report/ShowReport"
LIST_PATH = "/api/report/ShowReport/data"


def book(rows):
    return workbook(rows, inline=False)


def line(number, **changes):
    return {"zqdm": f"{number:05}", "zqjc": f"股票{number}", "zqywjc": f"STOCK {number}"} | changes


def page_of(number, *, records=130, size=20, lines=None, **changes):
    first = (number - 1) * size + 1
    some = [line(x) for x in range(first, min(first + size, records + 1))]
    counts = {"pagecount": -(-records // size), "recordcount": records, "subname": "2026-08-05"}
    report = {"metadata": counts | changes, "data": some if lines is None else lines}
    return json.dumps([report], ensure_ascii=False)


def without(body, field):
    (report,) = json.loads(body)
    del report["metadata"][field]
    return json.dumps([report])


def asked(body, *, key=f"holdings/{DAY}", session=DAY, **answer):
    return parse(capture(SOURCE, body, key=key, session=session, **answer))


def test_a_day_comes_back_row_by_row_on_the_day_asked_for():
    parsed = asked(book([HEADINGS, *CROWD]))
    assert set(parsed.tables) == {"holdings"}
    assert parsed.refused == ()
    frame = parsed.tables["holdings"]
    assert frame.schema == HOLDINGS
    told = a_hundred("shenzhen", DAY)
    assert_frame_equal(frame.drop("source", "capture_id", "known_at"), told)
    assert not SOURCE.states_date


def test_cells_may_be_numbers_and_columns_elsewhere():
    moved = [("序号", HEADINGS[2], HEADINGS[0], HEADINGS[1])]
    moved += [("", 1000 * number, number, f"股票{number}") for number in range(1, 101)]
    frame = asked(book([HEADINGS, *CROWD])).tables["holdings"]
    assert_frame_equal(asked(book(moved)).tables["holdings"], frame)


@pytest.mark.parametrize(
    ("odd", "code", "reason"),
    [
        (("00700", "腾讯", ""), "00700", "no holding is stated"),
        (("00700", "腾讯", "-"), "00700", "no holding is stated"),
        (("00700", "腾讯", "1.5"), "00700", "'1.5' is not a whole number"),
        (("00700", "腾讯", "4,69,383"), "00700", "'4,69,383' is not a number"),
        (("合计", "", "5050000"), None, "'合计' is not a stock code"),
        (("600519", "茅台", "1"), None, "'600519' is not a stock code"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_and_the_others_stay(odd, code, reason):
    parsed = asked(book([HEADINGS, *CROWD, odd]))
    assert parsed.tables["holdings"].height == 100
    (refused,) = parsed.refused
    assert (refused.ticker, refused.session) == (code, DAY)
    assert reason in refused.reason
    assert refused.text == " | ".join(odd)


@pytest.mark.parametrize("rows", [[], [HEADINGS], [("没有找到符合条件的数据",)]])
def test_a_day_that_is_not_out_is_an_empty_page_that_says_so(rows):
    with pytest.raises(EmptyPage, match="nothing of 2026-08-06 is out"):
        asked(book(rows), key=f"holdings/{NEXT}", session=NEXT)


@pytest.mark.parametrize(
    ("rows", "failure", "said"),
    [
        (
            [HEADINGS, *CROWD[:99]],
            EmptyPage,
            "held back: 99 rows of Shenzhen's holdings of 2026-08-05, fewer than 100",
        ),
        ([HEADINGS, ("没有数据", "", "")], EmptyPage, "held back: 0 rows"),
        (CROWD, LayoutChanged, "0 headings have '代码'"),
        ([(*HEADINGS, "英文简称"), *CROWD], LayoutChanged, "2 headings have '简称'"),
        ([HEADINGS[:2], *CROWD], LayoutChanged, "0 headings have '数量'"),
    ],
)
def test_what_is_no_whole_day_is_named(rows, failure, said):
    with pytest.raises(failure, match=said):
        asked(book(rows))


def test_a_broken_book_and_a_page_in_its_place_are_named():
    with pytest.raises(LayoutChanged, match="a workbook of holdings is a broken workbook"):
        asked(book([HEADINGS, *CROWD])[:-40])
    with pytest.raises(NotThisPage, match="no workbook where a workbook of holdings was expected"):
        asked("<html>系统维护</html>")
    with pytest.raises(Blocked, match="403"):
        asked(book([HEADINGS, *CROWD]), status=403)
    with pytest.raises(EmptyPage, match="without a body"):
        asked(b"")


def test_a_saved_book_gets_the_day_it_was_added_for():
    saved = asked(book([HEADINGS, *CROWD]), key="港股通持股数量.xlsx", session=NEXT)
    assert saved.tables["holdings"]["session"].unique().to_list() == [NEXT]


def test_a_page_of_the_list_goes_to_the_day_it_states():
    odd = [line(2800, zqjc="\u3000", zqywjc=" TRACKER "), *[line(x) for x in range(1, 20)]]
    parsed = asked(page_of(1, lines=odd), key="eligible/1", session=NEXT)
    assert set(parsed.tables) == {"eligible_lists"}
    frame = parsed.tables["eligible_lists"]
    assert frame.schema == ELIGIBLE
    columns = ("code", "session", "channel", "name", "name_en", "kind")
    assert frame.select(columns).rows()[:2] == [
        ("02800", DAY, "shenzhen", None, "TRACKER", None),
        ("00001", DAY, "shenzhen", "股票1", "STOCK 1", None),
    ]
    assert frame.height == 20


def test_a_line_without_a_code_is_put_aside():
    lines = [line(1, zqdm="ABC"), *[line(x) for x in range(2, 21)]]
    parsed = asked(page_of(1, lines=lines), key="eligible/1")
    assert parsed.tables["eligible_lists"].height == 19
    assert [x.reason[:5] for x in parsed.refused] == ["'ABC'"]


@given(st.integers(100, 2000), st.integers(20, 2000), st.data())
def test_every_page_of_a_list_fits_it(records, size, data):
    number = data.draw(st.integers(1, -(-records // size)))
    frame = asked(page_of(number, records=records, size=size), key=f"eligible/{number}")
    rows = frame.tables["eligible_lists"].height
    assert rows == min(size, records - (number - 1) * size)


@given(st.integers(100, 2000), st.integers(20, 500))
def test_a_last_page_that_lost_a_row_does_not_fit(records, size):
    pages = -(-records // size)
    assume(pages != 2)
    lines = [line(x) for x in range(records - (pages - 1) * size - 1)]
    assume(lines)
    with pytest.raises(LayoutChanged, match="do not fit"):
        asked(page_of(pages, records=records, size=size, lines=lines), key=f"eligible/{pages}")


@pytest.mark.parametrize(
    ("body", "number", "said"),
    [
        (page_of(1, lines=[line(x) for x in range(1, 19)]), 1, "18 rows on page 1 of 7"),
        (page_of(1, lines=[line(x) for x in range(1, 23)]), 1, "22 rows on page 1 of 7"),
        (page_of(7, lines=[line(x) for x in range(1, 10)]), 7, "9 rows on page 7 of 7"),
        (page_of(7), 8, "10 rows on page 8 of 7"),
        (page_of(1, size=200, lines=[line(1)]), 1, "1 rows on page 1 of 1"),
        (page_of(1, lines=[line(x) for x in range(1, 19)]), None, "18 rows on page None of 7"),
    ],
)
def test_rows_that_do_not_fit_the_counts_are_a_cut_page(body, number, said):
    key = "list.json" if number is None else f"eligible/{number}"
    with pytest.raises(LayoutChanged, match=f"{said} do not fit the 130 lines"):
        asked(body, key=key)


def test_a_page_without_its_number_is_the_first_or_the_last():
    assert asked(page_of(1), key="list.json").tables["eligible_lists"].height == 20
    assert asked(page_of(7), key="list.json").tables["eligible_lists"].height == 10


def test_another_page_than_asked_for_is_not_this_page():
    assert asked(page_of(3, pageno=3), key="eligible/3").tables["eligible_lists"].height == 20
    with pytest.raises(NotThisPage, match="page 1 of the list, where page 3 was asked for"):
        asked(page_of(1, pageno=1), key="eligible/3")


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        ("<html>维护</html>", NotThisPage, "markup where a page of the list was expected"),
        (page_of(1)[:-9], LayoutChanged, "not whole JSON"),
        ("{}", LayoutChanged, "a page of the list is no JSON list"),
        ("[]", LayoutChanged, "has 0 reports"),
        ('[{"error": "x"}]', LayoutChanged, "'metadata' is missing"),
        (page_of(1, lines=[]), EmptyPage, "no row"),
        (page_of(1, lines=[{"zqdm": "00700"}]), LayoutChanged, "zqjc"),
        (without(page_of(1), "subname"), LayoutChanged, "'subname' is missing"),
        (without(page_of(1), "recordcount"), LayoutChanged, "'recordcount' is missing"),
        (page_of(1, subname="数据日期: 2026-08-05"), LayoutChanged, "is not a date"),
        (page_of(1, pagecount="many"), LayoutChanged, "'many' is not a number"),
        (page_of(1, pagecount=0), LayoutChanged, "pagecount is 0"),
        (page_of(1, pagecount=101), LayoutChanged, "101 pages are more than 100"),
        (page_of(1, records=99), EmptyPage, "held back: a list of 99 lines, fewer than 100"),
    ],
)
def test_what_is_no_page_of_the_list_is_named(body, failure, said):
    with pytest.raises(failure, match=said):
        asked(body, key="eligible/1")


def test_one_question_per_session_that_is_served(publisher, held):
    publisher.answers(
        BOOK_PATH,
        Response(book([HEADINGS, *CROWD])),
        Response(book([HEADINGS])),
    )
    got = held(SOURCE, history, [date(2022, 12, 30), DAY, NEXT])
    assert got.failure is None
    assert [capture.key for capture in got.captures] == [f"holdings/{DAY}", f"holdings/{NEXT}"]
    request = publisher.asked[1]
    assert request.args.to_dict() == {
        "SHOWTYPE": "xlsx",
        "CATALOGID": "SGT_GGTCGSL",
        "TABKEY": "tab1",
        "txtDate": "2026-08-05",
        "txtZqdm": "",
    }
    page = f"{publisher.url}/szhk/szhkshareholding/hkholdamount/index.html"
    assert request.headers["Referer"] == page
    frame = parse(got.captures[0]).tables["holdings"]
    assert frame["session"].unique().to_list() == [DAY]
    with pytest.raises(EmptyPage, match="nothing of 2026-08-06 is out"):
        parse(got.captures[1])


def serves(publisher, **odd):
    """The publisher answers each page of its list, but for those in ``odd`` by "page_N"."""

    def answer(request):
        number = int(request.args["PAGENO"])
        return Response(odd.get(f"page_{number}", page_of(number)))

    publisher.answers(LIST_PATH, answer)


def test_every_page_of_the_list_is_asked_for_once(publisher, held):
    serves(publisher)
    got = held(SOURCE, snapshot, [DAY])
    assert got.failure is None
    assert [capture.key for capture in got.captures] == [f"eligible/{x}" for x in range(1, 8)]
    asked_for = [dict(request.args) for request in publisher.asked[1:]]
    fixed = {"SHOWTYPE": "JSON", "CATALOGID": "SGT_GGTBDQD", "TABKEY": "tab1"}
    assert asked_for == [fixed | {"PAGENO": str(number)} for number in range(1, 8)]
    assert publisher.asked[1].headers["Referer"].endswith("/szhk/hkbussiness/underlylist/")
    whole = pl.concat([parse(capture).tables["eligible_lists"] for capture in got.captures])
    assert whole["code"].to_list() == [f"{number:05}" for number in range(1, 131)]


@pytest.mark.parametrize(
    ("odd", "captures", "ending"),
    [
        ({"page_3": page_of(3, subname="2026-08-06")}, 3, (LayoutChanged, "the list changed")),
        ({"page_3": page_of(3, records=131)}, 3, (LayoutChanged, "the list changed")),
        ({"page_3": page_of(2)}, 7, (LayoutChanged, "110 codes came of a list of 130 lines")),
        ({"page_3": page_of(3, lines=[])}, 3, (EmptyPage, "no row")),
        ({"page_1": "<html>维护</html>"}, 1, (NotThisPage, "markup")),
    ],
)
def test_a_list_that_is_not_one_whole_ends_the_conversation(odd, captures, ending, publisher, held):
    serves(publisher, **odd)
    got = held(SOURCE, snapshot, [DAY])
    assert len(got.captures) == captures
    failure, said = ending
    with pytest.raises(failure, match=said):
        raise got.failure
