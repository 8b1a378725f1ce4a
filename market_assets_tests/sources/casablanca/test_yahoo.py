"""Yahoo gives no rows: it knows no Casablanca line, and states no date if it did."""

import json
from datetime import date

import pytest

from market_assets.sandbox.casablanca import yahoo as sandbox
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.casablanca.yahoo import SOURCE, history, parse
from market_assets.sources.source import Ask
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage, RateLimited

CASABLANCA = {"currency": "MAD", "gmtoffset": 0, "exchangeTimezoneName": "Africa/Casablanca"}
BARS = {
    "open": [680, None],
    "high": [680, None],
    "low": [670, None],
    "close": [670, None],
    "volume": [49319, None],
}


def chart(meta, *, epochs=(1791363600, 1791450000), quote=None):
    result = {"meta": meta, "timestamp": list(epochs), "indicators": {"quote": [quote or BARS]}}
    return json.dumps({"chart": {"result": [result], "error": None}})


def test_the_conversation_ends_at_the_first_line_that_is_not_found(asked):
    requests, captures = asked(SOURCE, history, sandbox.answer, [date(2026, 10, 8)])
    assert [(r.key, r.path) for r in requests] == [("chart/ADH", "/v8/finance/chart/ADH.CS")]
    with pytest.raises(NotThisPage, match="does not list"):
        parse(captures[0])


def test_the_conversation_goes_on_while_lines_are_found(page):
    talk = history(Ask(sessions=(date(2026, 10, 8),), lines=casablanca_lines()))
    assert next(talk).key == "chart/ADH"
    assert talk.send(page(SOURCE, chart(CASABLANCA))).key == "chart/ADI"


def test_an_answer_without_a_result_is_not_found_whatever_its_status(page):
    body = '{"chart": {"result": null, "error": {"code": "Not Found"}}}'
    with pytest.raises(NotThisPage, match=r"^Yahoo does not list [\w.-]+: Not Found$"):
        parse(page(SOURCE, body))


@pytest.mark.parametrize(
    "meta",
    [
        {"currency": "USD", "exchangeTimezoneName": "America/New_York"},
        {"currency": "EUR", "exchangeTimezoneName": "Europe/Paris"},
        {"currency": "USD", "exchangeTimezoneName": "Africa/Casablanca"},
        {"currency": None, "exchangeTimezoneName": None},
    ],
)
def test_the_same_ticker_elsewhere_is_another_company(meta, page):
    with pytest.raises(NotThisPage, match="another company"):
        parse(page(SOURCE, chart(meta)))


def test_bars_without_a_date_are_put_aside_never_dated_by_their_epoch(page):
    parsed = parse(page(SOURCE, chart(CASABLANCA)))
    assert parsed.quotes.is_empty()
    assert [json.loads(refused.text) for refused in parsed.refused] == [
        {
            "timestamp": 1791363600,
            "open": 680,
            "high": 680,
            "low": 670,
            "close": 670,
            "volume": 49319,
        },
        {"timestamp": 1791450000} | dict.fromkeys(BARS),
    ]
    assert {refused.reason for refused in parsed.refused} == {
        "it is dated by an epoch only, no date is stated"
    }


def test_arrays_of_different_lengths_are_a_changed_layout(page):
    with pytest.raises(LayoutChanged, match="'close' has 1 values for 2 bars"):
        parse(page(SOURCE, chart(CASABLANCA, quote=BARS | {"close": [670]})))


@pytest.mark.parametrize("name", ["currency", "exchangeTimezoneName"])
def test_a_missing_field_is_a_changed_layout_that_names_it(name, page):
    meta = {key: value for key, value in CASABLANCA.items() if key != name}
    with pytest.raises(LayoutChanged, match=name):
        parse(page(SOURCE, chart(meta)))


def test_a_chart_without_bars_is_an_empty_page(page):
    with pytest.raises(EmptyPage, match="no bar"):
        parse(page(SOURCE, chart(CASABLANCA, epochs=(), quote={key: [] for key in BARS})))


@pytest.mark.parametrize("text", ["Too Many Requests", "Edge: Too Many Requests"])
def test_too_many_requests_in_plain_text_is_a_rate_limit_whatever_its_status(text, page):
    with pytest.raises(RateLimited):
        parse(page(SOURCE, text))
