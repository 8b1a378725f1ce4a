"""Wafabourse: its token, its list and its histories, in the shape its clients describe."""

import json
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.casablanca.wafabourse import answer
from market_assets.sandbox.messages import Question
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.casablanca.wafabourse import SOURCE, history, parse, snapshot
from market_assets.sources.source import Ask
from market_assets.web.failures import (
    Blocked,
    EmptyPage,
    LayoutChanged,
    NotThisPage,
    Unavailable,
)
from market_assets_tests.conversations import walked

SESSION = date(2026, 10, 8)
VALUES = ["open", "high", "low", "close", "turnover"]
HOME = {"x-csrf-token": "secret"}


def line(**changes):
    return {
        "Symbol": "ATW",
        "Libelle": "ATTIJARIWAFA BANK",
        "Cours": 670,
        "Volume": 33070916.7,
        "PlusHaut": 680,
        "PlusBas": 670,
        "Ouverture": 680,
    } | changes


def told_by(name, *rows, valid=True):
    return json.dumps([{name: {"Valid": valid, "Data": list(rows)}}])


def all_lines():
    return Ask(sessions=(SESSION,), lines=casablanca_lines())


def test_a_session_comes_back_row_by_row_without_shares(market, asked, told, stated):
    requests, captures = asked(SOURCE, snapshot, answer, [SESSION])
    *openings, ticker = map(parse, captures)
    assert [x.key for x in requests] == ["home", "token/1", "ticker"]
    assert all(x.quotes.is_empty() for x in openings)
    truths = market.truths(SESSION)
    assert_frame_equal(stated([ticker], VALUES), told(truths, VALUES))
    assert ticker.quotes["volume"].null_count() == len(truths)
    traded = {x.line.ticker for x in truths if x.status == "T"}
    assert set(ticker.quotes.filter(pl.col("status") == "T")["ticker"]) == traded
    assert set(ticker.quotes.filter(pl.col("status").is_null())["turnover"]) == {0.0}


def test_each_history_belongs_to_the_line_it_was_asked_for(market, asked, told, stated):
    tickers = ("ATW", "REB")
    _, captures = asked(SOURCE, history, answer, [SESSION], tickers=tickers)
    truths = [
        truth
        for ticker in tickers
        for truth in market.history(ticker, SESSION - timedelta(days=3 * 365), SESSION)
    ]
    columns = ["close", "turnover"]
    assert_frame_equal(stated(map(parse, captures), columns), told(truths, columns))


def test_a_token_is_used_for_less_than_its_minute(market, page):
    """Each answer takes 7 s, and the sandbox refuses a token of more than a minute."""
    now = page(SOURCE, "").fetched_at
    statuses = []

    def reply(request):
        nonlocal now
        asked = Question(
            method=request.method,
            path=request.path,
            headers={name.lower(): text for name, text in request.headers.items()},
            json=request.json,
        )
        said = answer(asked, market, Moment(now=now, session=SESSION))
        statuses.append(said.status)
        now += timedelta(seconds=7)
        capture = page(SOURCE, said.body, key=request.key, headers=said.headers)
        return replace(capture, fetched_at=now)

    requests = walked(history(all_lines()), reply)
    assert set(statuses) == {200}
    tokens = [x.key for x in requests if x.key.startswith("token/")]
    assert len(tokens) > len(requests) / 10
    assert len({x.key for x in requests}) == len(requests)


def test_an_old_or_missing_token_is_refused(market, page):
    now = page(SOURCE, "").fetched_at
    moment = Moment(now=now, session=SESSION)
    old = f"sandbox-{int(now.timestamp()) - 62}"
    csrf = answer(Question(method="GET", path="/"), market, moment).headers["x-csrf-token"]
    for headers in ({}, {"x-csrf-token": csrf}, {"x-csrf-token": csrf, "x-proxy-token": old}):
        asked = Question(method="POST", path="/api/proxy/data/JNNJ", headers=headers, json={})
        assert answer(asked, market, moment).status == 403
    assert answer(Question(method="GET", path="/api/proxy/token"), market, moment).status == 403


def test_the_page_carries_the_guards_of_its_home_page(page):
    def reply(request):
        body = {"home": "<html></html>", "token/1": '{"token": "fresh"}'}
        return page(SOURCE, body.get(request.key, "[]"), key=request.key, headers=HOME)

    _, token, ticker = walked(snapshot(all_lines()), reply)
    assert token.headers["X-CSRF-Token"] == "secret"
    assert ticker.headers == {
        "X-CSRF-Token": "secret",
        "Origin": "https://www.wafabourse.com",
        "x-proxy-token": "fresh",
    }
    assert ticker.json["ACTIONS"][0]["PARAMS"] == [
        {"NAME": "NumseqMin_", "TYPE": "I", "VALUE": "0"},
        {"NAME": "NumseqMax_", "TYPE": "I", "VALUE": "0"},
    ]


@pytest.mark.parametrize(
    ("home", "token", "failure", "said"),
    [
        ({"headers": {}}, {}, LayoutChanged, "x-csrf-token"),
        ({"status": 403}, {}, Blocked, "403"),
        ({"status": 503}, {}, Unavailable, "503"),
        ({}, {"body": '{"error": "no"}'}, LayoutChanged, "no token"),
        ({}, {"body": '{"token": 5}'}, LayoutChanged, "no token"),
        ({}, {"body": "<html></html>"}, NotThisPage, "markup where a token"),
    ],
)
def test_without_its_guards_nothing_is_asked(home, token, failure, said, page):
    replies = {
        "home": {"body": "<html></html>", "headers": HOME} | home,
        "token/1": {"body": '{"token": "fresh"}'} | token,
    }

    def reply(request):
        return page(SOURCE, **replies[request.key], key=request.key)

    with pytest.raises(failure, match=said):
        walked(snapshot(all_lines()), reply)


def test_numbers_may_come_as_texts(page):
    texts = {name: str(value) for name, value in line().items()}
    one, two = (parse(page(SOURCE, told_by("TICKER", row))).quotes for row in (line(), texts))
    assert_frame_equal(one, two)
    assert one["session"].to_list() == [SESSION]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Volume": "33.070.916,7"}, "'33.070.916,7' is not a number"),
        ({"Cours": 0}, "no close"),
        ({"Cours": None}, "no close"),
        ({"PlusHaut": True}, "True is not a JSON number"),
        ({"Symbol": "ZZZ"}, "unknown line: ZZZ"),
    ],
)
def test_a_line_that_cannot_be_read_is_put_aside_and_the_others_stay(changes, reason, page):
    parsed = parse(page(SOURCE, told_by("TICKER", line(**changes), line(Symbol="IAM"))))
    assert parsed.quotes["ticker"].to_list() == ["IAM"]
    (refused,) = parsed.refused
    assert reason in refused.reason
    assert json.loads(refused.text) == line(**changes)


def test_a_day_of_a_history_that_is_none_is_put_aside(page):
    days = ("08/10/2026 00:00:00", "07/10/2026", "31/02/2026 00:00:00", "2026-10-06")
    rows = [{"Seance": day, "Cours": 670, "Volume": 0} for day in days]
    parsed = parse(page(SOURCE, told_by("VALEUR-GRAPH", *rows), key="history/ATW"))
    assert parsed.quotes.select("ticker", "session", "turnover", "status").rows() == [
        ("ATW", SESSION, 0.0, None),
        ("ATW", date(2026, 10, 7), 0.0, None),
    ]
    assert [x.reason[:12] for x in parsed.refused] == ["'31/02/2026'", "'2026-10-06'"]


@pytest.mark.parametrize(
    ("key", "body", "failure", "said"),
    [
        ("ticker", b"", EmptyPage, "without a body"),
        ("ticker", "<html>shell</html>", NotThisPage, "markup"),
        ("ticker", told_by("TICKER", line())[:-9], LayoutChanged, "not whole JSON"),
        ("ticker", told_by("MARKET-RESUME", line()), NotThisPage, "no answer to TICKER"),
        ("ticker", told_by("TICKER", line(), valid=False), LayoutChanged, "Valid: true"),
        ("ticker", told_by("TICKER"), EmptyPage, "no row"),
        ("ticker", told_by("TICKER", {"Symbol": "ATW"}), LayoutChanged, "Cours"),
        ("ticker", told_by("VALEUR-GRAPH", {}), NotThisPage, "names none"),
        ("history/ATW", told_by("VALEUR-GRAPH"), EmptyPage, "no row"),
        ("history/ATW", told_by("VALEUR-GRAPH", {"Cours": 1}), LayoutChanged, "Seance"),
        ("home", b"", EmptyPage, "without a body"),
        ("token/1", "{}", LayoutChanged, "no token"),
        ("ticker", "é".encode("latin-1"), LayoutChanged, "not UTF-8"),
    ],
)
def test_what_is_not_an_answer_of_wafabourse_is_named(key, body, failure, said, page):
    with pytest.raises(failure, match=said):
        parse(page(SOURCE, body, key=key))


def test_a_suspended_line_may_have_no_history(page):
    assert parse(page(SOURCE, told_by("VALEUR-GRAPH"), key="history/SAM")).quotes.is_empty()


def test_a_404_is_not_this_page(page):
    with pytest.raises(NotThisPage, match="404"):
        parse(page(SOURCE, told_by("TICKER", line()), status=404))
