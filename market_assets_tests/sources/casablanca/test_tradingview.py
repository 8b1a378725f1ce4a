"""What TradingView's scan says: values by the order of the columns, no date."""

import json
from datetime import date

import pytest
from polars.testing import assert_frame_equal

from market_assets.sandbox.casablanca import tradingview as sandbox
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.casablanca.tradingview import COLUMNS, SOURCE, parse, snapshot
from market_assets.web.failures import EmptyPage, LayoutChanged

SESSION = date(2026, 10, 8)
ATW = {
    "name": "ATW",
    "close": 670,
    "volume": 49319,
    "open": 680.0,
    "high": 680.0,
    "low": 670.0,
    "market_cap_basic": 144144362130,
    "sector": "Finance",
}


def scan(*lines, total=None):
    data = [{"s": f"CSEMA:{x['name']}", "d": [x.get(name) for name in COLUMNS]} for x in lines]
    return json.dumps({"totalCount": len(data) if total is None else total, "data": data})


def test_the_one_question_names_the_columns_the_answer_is_read_by(asked):
    (request,), _ = asked(SOURCE, snapshot, sandbox.answer, [SESSION])
    assert (request.method, request.path) == ("POST", "/morocco/scan")
    assert request.json == {
        "columns": list(COLUMNS),
        "range": [0, 500],
        "markets": ["morocco"],
        "sort": {"sortBy": "name", "sortOrder": "asc"},
    }


def test_values_are_read_by_the_order_of_the_columns_and_dated_as_asked(page):
    quotes = parse(page(SOURCE, scan(ATW), session=SESSION)).quotes
    columns = ("ticker", "session", "open", "high", "low", "close", "volume", "turnover")
    assert quotes.select(columns).rows() == [
        ("ATW", SESSION, 680.0, 680.0, 670.0, 670.0, 49319, None)
    ]
    assert quotes["market_cap"].to_list() == [None]


def test_what_is_null_stays_null(page):
    quotes = parse(page(SOURCE, scan({"name": "REB", "close": 97.5}))).quotes
    assert quotes.select("open", "high", "low", "close", "volume").rows() == [
        (None, None, None, 97.5, None)
    ]


def test_indices_are_no_lines(page):
    body = scan(ATW, {"name": "MASI", "close": 18573.12}, {"name": "MSI20", "close": 1500})
    parsed = parse(page(SOURCE, body))
    assert parsed.quotes["ticker"].to_list() == ["ATW"]
    assert parsed.refused == ()
    assert parsed.tables == {}


@pytest.mark.parametrize("total", [0, 2, None])
def test_a_count_that_differs_from_the_rows_is_a_cut_answer(total, page):
    body = json.loads(scan(ATW)) | {"totalCount": total}
    with pytest.raises(LayoutChanged, match="totalCount"):
        parse(page(SOURCE, json.dumps(body)))


@pytest.mark.parametrize("body", [{"data": []}, {"totalCount": 1}, {"totalCount": 1, "data": None}])
def test_an_answer_without_count_or_rows_is_a_changed_layout(body, page):
    with pytest.raises(LayoutChanged, match=r"totalCount|data"):
        parse(page(SOURCE, json.dumps(body)))


def test_a_market_without_a_line_is_an_empty_page(page):
    with pytest.raises(EmptyPage):
        parse(page(SOURCE, scan()))


@pytest.mark.parametrize("values", [list(ATW.values()), [], None, "670"])
def test_a_row_without_a_value_for_each_column_is_a_changed_layout(values, page):
    body = {"totalCount": 1, "data": [{"s": "CSEMA:ATW", "d": values}]}
    with pytest.raises(LayoutChanged):
        parse(page(SOURCE, json.dumps(body)))


@pytest.mark.parametrize("name", ["s", "d"])
def test_a_missing_field_is_a_changed_layout_that_names_it(name, page):
    body = json.loads(scan(ATW))
    del body["data"][0][name]
    with pytest.raises(LayoutChanged, match=rf"no row of the data of a scan has \[{name!r}\]"):
        parse(page(SOURCE, json.dumps(body)))


def test_a_symbol_of_another_exchange_or_name_is_put_aside(page):
    body = json.loads(scan(ATW, ATW, ATW))
    body["data"][0]["s"] = "NYSE:ATW"
    body["data"][1]["s"] = "CSEMA:ADI"
    parsed = parse(page(SOURCE, json.dumps(body)))
    assert parsed.quotes["ticker"].to_list() == ["ATW"]
    assert ["NYSE:ATW" in r.reason or "CSEMA:ADI" in r.reason for r in parsed.refused] == [True] * 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"close": None}, "no close"), ({"close": "670"}, "'670'"), ({"volume": 1.5}, "1.5")],
)
def test_a_row_that_cannot_be_read_is_put_aside_with_its_text(changed, reason, page):
    parsed = parse(page(SOURCE, scan(ATW | changed)))
    assert parsed.quotes.is_empty()
    assert reason in parsed.refused[0].reason
    assert json.loads(parsed.refused[0].text)["s"] == "CSEMA:ATW"


def test_the_sandbox_says_the_truth_of_every_quoted_line(asked, told, stated, market):
    _, captures = asked(SOURCE, snapshot, sandbox.answer, [SESSION])
    columns = ("open", "high", "low", "close")
    quoted = [truth for truth in market.truths(SESSION) if not truth.line.suspended]
    parsed = parse(captures[0])
    assert_frame_equal(stated([parsed], columns), told(quoted, columns))
    volumes = dict(parsed.quotes.select("ticker", "volume").iter_rows())
    assert volumes == {t.line.ticker: t.volume if t.status == "T" else None for t in quoted}


def test_the_sandbox_knows_no_other_page(market):
    answered = sandbox.answer(
        Question(method="GET", path="/morocco/scan"), market, Moment(now=None, session=SESSION)
    )
    assert answered.status == 404
