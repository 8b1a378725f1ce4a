"""CDG Capital Bourse's market, in the shape its clients describe."""

import json
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.sandbox.casablanca.cdg_capital import answer
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.casablanca.cdg_capital import SOURCE, parse, snapshot
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.casablanca.nt_soft import action
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage

SESSION = date(2026, 10, 8)
TICKERS = [line.ticker for line in casablanca_lines() if not line.suspended]
VALUES = ["status", "open", "high", "low", "close", "volume", "turnover"]


def line(ticker, **changes):
    return {
        "Symbol": ticker,
        "Cours": 670,
        "Ouverture": 680,
        "PlusHaut": 680,
        "PlusBas": 670,
        "QteEchangee": 10,
        "Volumes": 6750.5,
        "DateDernierCours": "08/10/2026 15:29:59",
    } | changes


def market_of(*lines, nested=True, valid=True):
    data = [list(lines)] if nested else list(lines)
    return json.dumps([{"MARKET-RESUME": {"Valid": valid, "Data": data}}])


CROWD = [line(ticker) for ticker in TICKERS[:20]]
ODD = TICKERS[30]


def test_a_session_comes_back_row_by_row_and_old_prices_do_not(market, asked, told, stated):
    (request,), (capture,) = asked(SOURCE, snapshot, answer, [SESSION])
    parsed = parse(capture)
    truths = market.truths(SESSION)
    traded = [x for x in truths if x.status == "T"]
    assert_frame_equal(stated([parsed], VALUES), told(traded, VALUES))
    assert len(parsed.refused) == len(truths) - len(traded)
    assert all(x.reason.startswith("stale: a price of ") for x in parsed.refused)
    assert {x.kind for x in parsed.refused} == {"stale"}
    assert parsed.quotes["market_cap"].null_count() == len(traded)
    assert request.json["ACTIONS"][0]["PARAMS"][0] == {
        "NAME": "Lang_",
        "TYPE": "S",
        "VALUE": "fr",
    }


def test_a_page_that_lags_goes_to_the_session_it_states(page):
    parsed = parse(page(SOURCE, market_of(*CROWD), session=date(2026, 10, 9)))
    assert set(parsed.quotes["session"]) == {SESSION}


def test_numbers_and_texts_nested_or_not_are_the_same(page):
    texts = [{name: str(value) for name, value in line(ticker).items()} for ticker in TICKERS[:20]]
    one = parse(page(SOURCE, market_of(*CROWD))).quotes
    two = parse(page(SOURCE, market_of(*texts, nested=False))).quotes
    assert_frame_equal(one, two)
    assert one.row(0, named=True)["volume"] == 10


def test_a_line_without_trades_today_has_no_prices_but_its_close(page):
    blank = {"Ouverture": 0, "PlusHaut": "", "PlusBas": None, "QteEchangee": 0, "Volumes": 0}
    quotes = parse(page(SOURCE, market_of(*CROWD, line(ODD, **blank)))).quotes
    row = quotes.filter(pl.col("ticker") == ODD).row(0, named=True)
    assert [row[c] for c in VALUES] == [None, None, None, None, 670.0, 0, 0.0]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (line(ODD, DateDernierCours="02/10/2026 11:00:00"), "stale: a price of 2026-10-02"),
        (line(ODD, DateDernierCours="09/10/2026 09:31:00"), "ahead of the page"),
        (line(ODD, DateDernierCours="31/02/2026"), "'31/02/2026' is not a date"),
        (line(ODD, DateDernierCours=None), "'None' is not a date"),
        (line(ODD, QteEchangee=1.5), "1.5 is not a whole number"),
        (line(ODD, Volumes="6 750,50"), "'6 750,50' is not a number"),
        (line(ODD, Cours=0), "no close"),
        (line("ZZZ"), "unknown line: ZZZ"),
    ],
)
def test_a_line_that_cannot_be_read_is_put_aside_and_the_others_stay(odd, reason, page):
    parsed = parse(page(SOURCE, market_of(*CROWD, odd)))
    assert parsed.quotes["ticker"].to_list() == TICKERS[:20]
    (refused,) = parsed.refused
    known = odd["Symbol"] == ODD
    assert (refused.ticker, refused.session) == ((ODD, SESSION) if known else (None, None))
    assert reason in refused.reason
    kinds = {"stale": "stale", "unknown line": "unknown_line"}
    assert refused.kind == kinds.get(reason.partition(":")[0], "row")
    assert json.loads(refused.text) == odd


def test_duplicate_rows_are_left_for_others_to_judge(page):
    assert parse(page(SOURCE, market_of(*CROWD, CROWD[0]))).quotes.height == 21


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        (b"", EmptyPage, "without a body"),
        ("<html>Bourse</html>", NotThisPage, "markup"),
        (market_of(*CROWD)[:-40], LayoutChanged, "not whole JSON"),
        ('[{"TICKER": {"Valid": true, "Data": []}}]', NotThisPage, "no answer to MARKET-RESUME"),
        ('{"totalCount": 1, "items": []}', LayoutChanged, "MARKET-RESUME is no JSON list"),
        ("[]", NotThisPage, "no answer to MARKET-RESUME"),
        (market_of(*CROWD, valid=False), LayoutChanged, "without Valid: true"),
        (market_of(nested=False), EmptyPage, "no row"),
        (market_of(), EmptyPage, "no row"),
        ('[{"MARKET-RESUME": {"Valid": true, "Data": null}}]', EmptyPage, "no Data"),
        ('[{"MARKET-RESUME": {"Valid": true, "Data": "x"}}]', LayoutChanged, "no JSON list"),
        (market_of(*[{"Symbol": "ATW"}]), LayoutChanged, "QteEchangee"),
        (market_of(*CROWD[:19]), EmptyPage, "only 19 lines"),
        (market_of(line("ATW", DateDernierCours="")), LayoutChanged, "no DateDernierCours"),
        ('[{"MARKET-RESUME": "é"}]'.encode("latin-1"), LayoutChanged, "not UTF-8"),
    ],
)
def test_what_is_not_a_market_is_named(body, failure, said, page):
    with pytest.raises(failure, match=said):
        parse(page(SOURCE, body))


def test_another_question_is_answered_as_invalid_and_elsewhere_there_is_nothing(market, page):
    moment = Moment(now=page(SOURCE, "").fetched_at, session=SESSION)
    for asked in (None, {}, action("VALEUR-GRAPH-APPL", ("Symbol_", "S", "ATW"))):
        body = answer(Question(method="POST", path="/api/", json=asked), market, moment).body
        assert json.loads(body)[0].popitem()[1] == {"Valid": False, "Data": []}
    assert answer(Question(method="GET", path="/Bourse/market"), market, moment).status == 404


def test_a_404_is_not_this_page(page):
    with pytest.raises(NotThisPage, match="404"):
        parse(page(SOURCE, market_of(*CROWD), status=404))
