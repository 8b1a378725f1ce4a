"""What Investing's pages say: the exact fields, never the rounded or the local ones."""

import json
from datetime import date

import pytest
from polars.testing import assert_frame_equal

from market_assets.calendars.sessions import sessions_between
from market_assets.sandbox.casablanca import investing as sandbox
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.casablanca.investing import SOURCE, history, parse
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged

FIRST, LAST = date(2026, 7, 15), date(2026, 10, 8)
ENGLISH = '"Date","Price","Open","High","Low","Vol.","Change %"\n'
FRENCH = '"Date","Dernier","Ouv."," Plus Haut","Plus Bas","Vol.","Variation %"\n'


def row(**changed):
    return {
        "rowDate": "8 oct. 2026",
        "rowDateRaw": 1791414000,
        "rowDateTimestamp": "2026-10-08T00:00:00Z",
        "last_close": "1,670.00",
        "last_open": "1,680.00",
        "last_max": "1,680.00",
        "last_min": "1,670.00",
        "volume": "49.32K",
        "volumeRaw": 49319,
        "change_precent": "-1.47",
        "last_closeRaw": "1670.0000000000",
        "last_openRaw": 1680,
        "last_maxRaw": "1680",
        "last_minRaw": 1670.0,
        "change_precentRaw": -1.47,
        "direction_color": "redFont",
    } | changed


def answer(*rows):
    return json.dumps({"data": list(rows)})


def test_numbers_and_numeric_strings_are_read_and_the_day_is_the_stated_one(page):
    quotes = parse(page(SOURCE, answer(row()))).quotes
    columns = ("ticker", "session", "open", "high", "low", "close", "volume", "turnover")
    assert quotes.select(columns).rows() == [
        ("ATW", date(2026, 10, 8), 1680.0, 1680.0, 1670.0, 1670.0, 49319, None)
    ]


@pytest.mark.parametrize(
    ("changed", "volume"),
    [
        ({"volumeRaw": None}, None),
        ({"volumeRaw": "49319"}, 49319),
        ({"volumeRaw": 0, "volume": "0"}, 0),
        ({"volumeRaw": 0, "volume": ""}, None),
        ({"volumeRaw": 0, "volume": "-"}, None),
    ],
)
def test_a_rounded_volume_is_not_used_and_an_unstated_one_is_null(changed, volume, page):
    assert parse(page(SOURCE, answer(row(**changed)))).quotes["volume"].to_list() == [volume]


def test_a_volume_that_is_missing_is_null(page):
    short = {key: value for key, value in row().items() if key != "volumeRaw"}
    assert parse(page(SOURCE, answer(short, row()))).quotes["volume"].to_list() == [None, 49319]


def test_a_range_without_sessions_has_no_rows_and_is_no_failure(page):
    assert parse(page(SOURCE, '{"data": null}')).quotes.is_empty()


@pytest.mark.parametrize(
    "name", ["rowDateTimestamp", "last_closeRaw", "last_openRaw", "last_maxRaw", "volumeRaw"]
)
def test_a_field_that_every_row_lacks_is_a_changed_layout_that_names_it(name, page):
    short = {key: value for key, value in row().items() if key != name}
    with pytest.raises(LayoutChanged, match=rf"no row of a history has \[{name!r}\]"):
        parse(page(SOURCE, answer(short)))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"rowDateTimestamp": "08/10/2026"}, "08/10/2026"),
        ({"rowDateTimestamp": None}, "None"),
        ({"last_closeRaw": None}, "no close"),
        ({"last_closeRaw": "1,670.00"}, "1,670.00"),
        ({"volumeRaw": "49.32K"}, "49.32K"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_with_its_text(changed, reason, page):
    parsed = parse(page(SOURCE, answer(row(), row(**changed))))
    assert parsed.quotes.height == 1
    assert reason in parsed.refused[0].reason
    assert json.loads(parsed.refused[0].text) == row(**changed)


@pytest.mark.parametrize(
    "body",
    [
        "\ufeff"
        + ENGLISH
        + '"10/08/2026","1,670.00","1,680.00","1,680.00","-","49.32K","-1.47%"\n',
        FRENCH + '"08/10/2026","1.670,00","1.680,00","1.680,00","","49,32K","-1,47%"\n',
    ],
)
def test_both_exports_are_read_without_their_rounded_volume(body, page):
    quotes = parse(page(SOURCE, body, key="ATW.csv")).quotes
    columns = ("ticker", "session", "open", "high", "low", "close", "volume")
    assert quotes.select(columns).rows() == [
        ("ATW", date(2026, 10, 8), 1680.0, 1680.0, None, 1670.0, None)
    ]


@pytest.mark.parametrize(("heading", "day"), [(ENGLISH, "25/09/2026"), (FRENCH, "09/25/2026")])
def test_one_date_the_wrong_way_round_makes_the_whole_export_unreadable(heading, day, page):
    body = f'{heading}"08/10/2026",1,1,1,1,,0\n"{day}",1,1,1,1,,0\n'
    with pytest.raises(LayoutChanged, match="in doubt"):
        parse(page(SOURCE, body))


def test_an_export_with_other_headings_or_without_rows_is_refused(page):
    with pytest.raises(LayoutChanged, match="Datum"):
        parse(page(SOURCE, '"Datum","Zuletzt"\n"08.10.2026","1"\n'))
    with pytest.raises(EmptyPage, match="no row"):
        parse(page(SOURCE, ENGLISH))


def test_an_export_row_that_is_cut_is_put_aside(page):
    parsed = parse(page(SOURCE, f'{ENGLISH}"10/08/2026","670"\n'))
    assert parsed.quotes.is_empty()
    assert parsed.refused[0].text == "10/08/2026,670"
    assert parsed.refused[0].reason == "2 cells below 7 headings"


def test_only_lines_with_a_known_number_are_asked_for(asked, market):
    requests, _ = asked(SOURCE, history, sandbox.answer, [FIRST, LAST])
    known = [line for line in market.lines if line.investing_id]
    assert [request.key for request in requests] == [f"history/{line.ticker}" for line in known]
    atw = next(request for request in requests if request.key == "history/ATW")
    assert atw.path == "/api/financialdata/historical/13237"
    assert atw.params == {
        "start-date": "2026-07-15",
        "end-date": "2026-10-08",
        "time-frame": "Daily",
        "add-missing-rows": "false",
    }
    assert (atw.headers["Domain-Id"], atw.headers["Origin"]) == ("www", "https://www.investing.com")
    assert atw.referer == "https://www.investing.com/"


def test_the_sandbox_says_the_truth_of_every_traded_session(asked, told, stated, market):
    sessions = sessions_between("XCAS", FIRST, LAST)
    _, captures = asked(SOURCE, history, sandbox.answer, sessions)
    columns = ("open", "high", "low", "close", "volume")
    traded = [
        truth
        for session in sessions
        for truth in market.truths(session)
        if truth.status == "T" and truth.line.investing_id
    ]
    parsed = [parse(capture) for capture in captures]
    assert_frame_equal(stated(parsed, columns), told(traded, columns))
    assert not any(p.refused for p in parsed)


def test_the_sandbox_is_newest_first(asked):
    _, captures = asked(SOURCE, history, sandbox.answer, [FIRST, LAST], tickers={"ATW"})
    days = [session["rowDateTimestamp"] for session in json.loads(captures[0].body)["data"]]
    assert days == sorted(days, reverse=True)
    assert len(days) > 50


def test_the_sandbox_challenges_who_names_no_edition(market, page):
    question = Question(method="GET", path="/api/financialdata/historical/13237")
    answered = sandbox.answer(question, market, Moment(now=None, session=LAST))
    with pytest.raises(Blocked):
        parse(page(SOURCE, answered.body, status=answered.status))
