"""HKEXnews' list of securities, as an HTML window and as JSON."""

import json
from datetime import date
from html import escape

import pytest
from polars.testing import assert_frame_equal
from werkzeug import Response

from market_assets.domain.holdings.rows import SECURITIES
from market_assets.sources.hkex.hkex_securities import SOURCE, history, parse
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, NotThisPage

DAY = date(2026, 8, 5)
CROWD = [(f"{number:05}", f"COMPANY {number} LIMITED") for number in range(1, 501)]
COLUMNS = ("code", "session", "name", "category", "temporary")


def window(*rows, day="20260805"):
    lines = "".join(
        f"<tr><td>\r\n {code}\r\n</td><td><a href='#'>\r\n {escape(name)}</a></td></tr>"
        for code, name in rows
    )
    return (
        "<!DOCTYPE html><html><body>"
        f'<form action="./stocklist.aspx?sortby=stockcode&amp;shareholdingdate={day}">'
        "<table class='table'><thead><tr><th colspan='2'>List of Stocks</th></tr>"
        "<tr><th>Stock Code</th><th>Stock Name</th></tr></thead>"
        f"<tbody>{lines}</tbody></table></form></body></html>"
    )


def listed(*rows):
    return json.dumps([{"c": code, "n": name} for code, name in rows])


def asked(page, body, *, key=f"securities/{DAY}", session=DAY, **answer):
    return parse(page(SOURCE, body, key=key, session=session, **answer))


@pytest.mark.parametrize("form", [window, listed])
def test_both_forms_say_what_is_listed_under_each_code(form, page):
    parsed = asked(page, form(*CROWD, ("90519", "KWEICHOW MOUTAI & CO.,LTD. (A #600519)")))
    assert set(parsed.tables) == {"securities"}
    assert parsed.refused == ()
    frame = parsed.tables["securities"]
    assert frame.schema == SECURITIES
    assert frame.select(COLUMNS).rows()[0] == ("00001", DAY, "COMPANY 1 LIMITED", None, False)
    assert frame["name"].to_list()[-1] == "KWEICHOW MOUTAI & CO.,LTD. (A #600519)"
    assert frame.height == 501


@pytest.mark.parametrize("form", [window, listed])
@pytest.mark.parametrize(
    ("code", "name", "temporary"),
    [
        ("02955", "CHINA FORDOO HOLDINGS LIMITED-TEMPORARY COUNTER", True),
        ("02954", "ZHAOBANGJI PROPERTIES HOLDINGS LIMITED- TEMPORARY COUNTER", True),
        ("02906", "CHINA WAH YAN HEALTHCARE LIMITED-OLD", True),
        ("08586", "WEALTH GLORY HOLDINGS LIMITED-OLD", True),
        ("77750", "CONTEMPORARY AMPEREX TECHNOLOGY CO., LIMITED (A #300750)", False),
        ("00040", "GOLD PEAK INDUSTRIES (HOLDINGS) LTD", False),
        ("00621", "TAUNG-OLDER INTERNATIONAL LIMITED", False),
        ("02979", "HAOSEN FINTECH", False),
    ],
)
def test_a_temporary_counter_is_told_by_the_end_of_its_name(form, code, name, temporary, page):
    frame = asked(page, form(*CROWD, (code, name))).tables["securities"]
    assert frame.select("code", "temporary").rows()[-1] == (code, temporary)


def test_a_window_goes_to_the_day_it_states_and_json_to_the_day_asked_for(page):
    body = window(*CROWD, day="20191027")
    assert set(asked(page, body).tables["securities"]["session"]) == {date(2019, 10, 27)}
    assert set(asked(page, listed(*CROWD)).tables["securities"]["session"]) == {DAY}


def test_a_window_without_a_day_gets_the_day_asked_for(page):
    body = window(*CROWD).replace("shareholdingdate=20260805", "")
    assert set(asked(page, body).tables["securities"]["session"]) == {DAY}


def test_a_byte_order_mark_is_no_part_of_the_page(page):
    for body in (window(*CROWD), listed(*CROWD)):
        marked = asked(page, b"\xef\xbb\xbf" + body.encode()).tables["securities"]
        assert_frame_equal(marked, asked(page, body).tables["securities"])


@pytest.mark.parametrize("form", [window, listed])
@pytest.mark.parametrize(
    ("odd", "code", "reason"),
    [
        (("ABC", "X"), None, "'ABC' is not a stock code"),
        (("", "X"), None, "'' is not a stock code"),
        (("00700", " "), "00700", "no name is stated"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_and_the_others_stay(form, odd, code, reason, page):
    parsed = asked(page, form(*CROWD, odd))
    assert parsed.tables["securities"].height == 500
    (refused,) = parsed.refused
    assert (refused.ticker, refused.session) == (code, DAY)
    assert reason in refused.reason


def test_a_row_of_other_cells_is_put_aside(page):
    body = window(*CROWD).replace("</tbody>", "<tr><td>00700</td></tr></tbody>")
    (refused,) = asked(page, body).refused
    assert (refused.text, refused.reason) == ("00700", "1 cells, not a code and a name")


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        (b"", EmptyPage, "without a body"),
        ("[]", EmptyPage, "no row"),
        ("System is under maintenance", LayoutChanged, "not whole JSON"),
        ("<html>System is under maintenance</html>", NotThisPage, "no list of securities"),
        (window(*CROWD)[:9000], LayoutChanged, "breaks off before its end"),
        (window(*CROWD, day="20261340"), LayoutChanged, "'20261340' is not a date"),
        (window(), EmptyPage, "held back: 0 rows of the securities of 2026-08-05"),
        (window(*CROWD[:499]), EmptyPage, "held back: 499 rows"),
        (listed(*CROWD[:499]), EmptyPage, "held back: 499 rows"),
        (listed(*CROWD)[:-9], LayoutChanged, "not whole JSON"),
        ('{"c": "00001"}', LayoutChanged, "no JSON list"),
        ('[{"code": "00001"}]', LayoutChanged, r"has \['c', 'n'\]"),
        (listed(*CROWD).encode("utf-16"), LayoutChanged, "not UTF-8"),
    ],
)
def test_what_is_no_whole_list_is_named(body, failure, said, page):
    with pytest.raises(failure, match=said):
        asked(page, body)


def test_a_refusal_is_no_page(page):
    with pytest.raises(Blocked, match="403"):
        asked(page, listed(*CROWD), status=403)


def test_one_question_per_session(publisher, held):
    publisher.answers("/sdw/search/stocklist.aspx", Response(listed(*CROWD)))
    got = held(SOURCE, history, [date(2026, 8, 4), DAY])
    assert got.failure is None
    request = publisher.asked[-1]
    assert request.args.to_dict() == {"sortby": "stockcode", "shareholdingdate": "20260805"}
    assert request.headers["X-Requested-With"] == "XMLHttpRequest"
    assert request.headers["Referer"] == f"{publisher.url}/sdw/search/searchsdw.aspx"
    days = [set(parse(capture).tables["securities"]["session"]) for capture in got.captures]
    assert days == [{date(2026, 8, 4)}, {DAY}]


def test_it_is_asked_only_by_those_who_opt_in():
    assert not SOURCE.live
    assert "mechanical means" in SOURCE.terms


def test_the_real_window_of_2019_is_read_whole(samples, page):
    body = (samples / "hkex" / "html" / "stocklist_2019-10-27.html").read_bytes()
    parsed = asked(page, body, key="stocklist.html")
    frame = parsed.tables["securities"]
    assert parsed.refused == ()
    assert frame.height == frame["code"].n_unique() == 4755
    assert set(frame["session"]) == {date(2019, 10, 27)}
    assert frame["name"].null_count() == 0
    assert sorted(frame.filter(frame["temporary"])["code"]) == [
        *("02906", "02954", "02955", "02956", "08586"),
    ]
    names = dict(frame.select("code", "name").iter_rows())
    assert names["00001"] == "CK HUTCHISON HOLDINGS LIMITED"
    assert names["00086"] == "SUN HUNG KAI & CO.LTD"
    assert names["93997"] == "NINGBO JIFENG AUTO PARTS CO.,LTD (A #603997)"
    assert sum("(A #" in name for name in names.values()) == 2086
