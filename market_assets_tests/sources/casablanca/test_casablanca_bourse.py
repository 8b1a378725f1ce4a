"""The exchange's history, lists and export, as captured and as the sandbox speaks them."""

import json
from collections import ChainMap
from datetime import date, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.quotes.rows import QUOTES
from market_assets.sandbox.casablanca.casablanca_bourse import answer
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.casablanca.casablanca_bourse import SOURCE, history, parse, snapshot
from market_assets.sources.casablanca.exchange_lists import live_row
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.source import Ask
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets_tests.conversations import walked

SESSION = date(2026, 10, 8)
VALUES = [
    c for c in QUOTES if c not in {"ticker", "session", "dated", "source", "capture_id", "known_at"}
]
NEWEST_WINDOW = "history/ATW/2025-10-14..2026-10-08"


def item(**changes):
    return {
        "seance": "08/10/2026",
        "timestamp": 1791414000000,
        "symbol": "ATW  ",
        "ouverture": 680,
        "dernierCours": 670,
        "plusHaut": 680,
        "plusBas": 670,
        "titresEchanges": 49319,
        "volumeEchanges": 33070916.7,
        "nbTransactions": 113,
        "capitalisation": 144144362130,
    } | changes


def items(*rows, total=None):
    return json.dumps({"totalCount": total or len(rows), "items": rows})


def island(settings):
    return (
        '<!DOCTYPE html><html><script type="application/json" '
        f'data-drupal-selector="drupal-settings-json">{json.dumps(settings)}</script></html>'
    )


def action(status, **changes):
    traded = status == "T"
    return {
        "symbol": "ATW",
        "statut": {"fr": status},
        "ouverture": 670 if traded else None,
        "plusHaut": 676 if traded else None,
        "plusBas": 670 if traded else None,
        "dernierCours": 670.1,
        "volume": 1230406.1 if traded else None,
        "quantite": 1830 if traded else None,
        "nbTransactions": 43 if traded else 0,
        "capitalisation": 144165876213.9,
        "nombreTitres": 215140839,
    } | changes


def master(**changes):
    return {"ticker": "ATW", "codeISIN": "MA0000012445", "nombreTitres": 215140839} | changes


def ask(first, last, *tickers):
    lines = tuple(x for x in casablanca_lines() if x.ticker in tickers)
    return Ask(sessions=(first, last), lines=lines)


# The sandbox speaks, the parser hears.


def test_a_live_session_comes_back_row_by_row(market, asked, told, stated):
    _, (live, master) = asked(SOURCE, snapshot, answer, [SESSION])
    truths = market.truths(SESSION)
    quotes = parse(live).quotes
    suspended = pl.col("status") == "S"
    expected = told(truths, VALUES).with_columns(
        pl.when(~suspended).then("volume"), pl.when(~suspended).then("turnover")
    )
    assert_frame_equal(stated([parse(live)], VALUES), expected)
    assert {"T", "NT", "S"} == set(quotes["status"])
    assert parse(live).refused == ()

    listings = parse(master).tables["listings"]
    lines = [x.line for x in truths]
    assert listings["isin"].to_list() == [x.isin for x in lines]
    assert listings["shares"].to_list() == [x.shares for x in truths]
    assert parse(live).tables["listings"]["sector"].to_list() == [x.sector for x in lines]
    assert parse(master).quotes.is_empty()


def test_a_history_comes_back_row_by_row_through_all_its_windows(market, asked, told, stated):
    sessions = [x.session for x in market.history("ATW", date(2024, 9, 2), SESSION)]
    tickers = ("ATW", "REB", "SAM")
    requests, captures = asked(SOURCE, history, answer, sessions, tickers=tickers)
    truths = [
        truth
        for ticker in tickers
        for truth in market.history(ticker, sessions[0], sessions[-1])
        if truth.status != "S"
    ]
    assert_frame_equal(stated(map(parse, captures), VALUES), told(truths, VALUES))
    assert [x.key for x in requests[:3]] == [
        "history/ATW/2025-10-14..2026-10-08",
        "history/ATW/2024-10-19..2025-10-13",
        "history/ATW/2024-09-02..2024-10-18",
    ]
    assert "NT" in {truth.status for truth in truths}


def test_a_window_wider_than_a_year_is_silently_empty(market, page):
    query = {"instrument": "ATW", "market": "comptant", "type": "actions", "pageNumber": "1"}
    query |= {"pageSize": "1000", "startDate": "2015-01-01", "endDate": "2026-10-08"}
    asked = Question(method="GET", path="/api/boursenova/stock-historical", query=query)
    body = answer(asked, market, Moment(now=page(SOURCE, "").fetched_at, session=SESSION)).body
    assert body == b'{"totalCount": 0, "items": []}'
    with pytest.raises(EmptyPage, match="one the exchange refuses"):
        parse(page(SOURCE, body, key="history/ATW/2015-01-01..2026-10-08"))


def test_a_question_the_exchange_does_not_know_has_no_items(market, page):
    moment = Moment(now=page(SOURCE, "").fetched_at, session=SESSION)
    query = {"market": "terme", "type": "actions", "pageNumber": "1", "pageSize": "1000"}
    query |= {"instrument": "ATW", "startDate": "2026-10-01", "endDate": "2026-10-08"}
    for asked in ({}, query, query | {"market": "comptant", "instrument": "ZZZ"}):
        question = Question(method="GET", path="/api/boursenova/stock-historical", query=asked)
        assert json.loads(answer(question, market, moment).body)["totalCount"] == 0


def test_old_deep_links_are_the_home_page(market, page):
    moment = Moment(now=page(SOURCE, "").fetched_at, session=SESSION)
    for path in ("/", "/fr/live-market/marche-actions-listing"):
        home = answer(Question(method="GET", path=path), market, moment)
        assert home.status == 200
        with pytest.raises(NotThisPage, match="a home page"):
            parse(page(SOURCE, home.body, key="live"))
    assert answer(Question(method="GET", path="/nowhere"), market, moment).status == 404


# What was captured.


def test_the_captured_history_is_read_by_its_seance_and_not_its_timestamp(samples, page):
    path = samples / "casablanca/exchange_2026_excerpts/stock_historical_ATW_EXCERPT.json"
    parsed = parse(page(SOURCE, path.read_bytes()))
    assert parsed.refused == ()
    assert parsed.quotes.height == 13
    assert set(parsed.quotes["ticker"]) == {"ATW"}
    row = parsed.quotes.row(0, named=True)
    assert {c: row[c] for c in ("session", *VALUES)} == {
        "session": date(2026, 10, 8),
        "status": "T",
        "open": 680.0,
        "high": 680.0,
        "low": 670.0,
        "close": 670.0,
        "volume": 49319,
        "turnover": 33070916.7,
        "trades": 113,
        "market_cap": 144144362130.0,
    }
    cancelled = parsed.quotes.filter(pl.col("session") == date(2026, 9, 17)).row(0, named=True)
    assert {c: cancelled[c] for c in VALUES} == {
        "status": "NT",
        "open": None,
        "high": None,
        "low": None,
        "close": 697.7,
        "volume": 0,
        "turnover": 0.0,
        "trades": 0,
        "market_cap": 150103763370.3,
    }


def test_the_captured_live_list_is_of_an_open_session_and_gives_no_quote(samples, page):
    path = samples / "casablanca/exchange_2026_excerpts/live_market_actions_EXCERPT.html"
    parsed = parse(page(SOURCE, path.read_bytes(), key="live", session=date(2026, 10, 9)))
    assert parsed.quotes.is_empty()
    assert {x.reason for x in parsed.refused} == {"session open: the numbers are of part of a day"}
    assert {x.kind for x in parsed.refused} == {"before_close"}
    assert len(parsed.refused) == 16
    listings = parsed.tables["listings"]
    assert listings.height == 16
    agma = listings.filter(pl.col("ticker") == "AGM").row(0, named=True)
    assert (agma["sector"], agma["shares"], agma["status"]) == ("Assurances", 200000, "NT")


def test_the_captured_live_list_closed_gives_its_rows(samples, page):
    path = samples / "casablanca/exchange_2026_excerpts/live_market_actions_EXCERPT.html"
    closed = path.read_bytes().replace(
        b'"session":{"status":"open"', b'"session":{"status":"closed"'
    )
    quotes = parse(page(SOURCE, closed, key="live", session=date(2026, 10, 9))).quotes
    seen = {row[0]: row for row in quotes.select("ticker", "status", *VALUES[1:]).iter_rows()}
    assert seen["ATW"] == (
        *("ATW", "T", 670.0, 676.0, 670.0, 670.1, 1830, 1230406.1, 43, 144165876213.9),
    )
    assert seen["AFM"] == ("AFM", "NT", None, None, None, 1250.0, 0, 0.0, 0, 1250000000.0)
    assert seen["DIS"] == ("DIS", "S", None, None, None, 26.25, None, None, 0, 27651855.0)
    traded = quotes.filter(pl.col("status") == "T")
    mean = traded["turnover"] / traded["volume"]
    assert ((mean >= traded["low"]) & (mean <= traded["high"])).all()


def test_the_captured_export_keeps_the_unit_rule_on_all_its_sessions(samples, page):
    path = samples / "casablanca/pfe_atw_official_2023_2026/ATW_bourse_casa_full.csv"
    parsed = parse(page(SOURCE, path.read_bytes(), key="ATW_bourse_casa_full.csv"))
    quotes = parsed.quotes
    assert (quotes.height, parsed.refused) == (761, ())
    assert quotes.schema == QUOTES
    assert quotes.row(0) == (
        *("ATW", date(2023, 4, 3), "T", 400.0, 400.0, 400.0, 400.0, 150, 60000.0, 3),
        *(86056335600.0, True, "casablanca_bourse", "00000000", parsed.quotes["known_at"][0]),
    )
    block = quotes.filter(pl.col("session") == date(2023, 11, 21)).row(0, named=True)
    assert (block["volume"], block["trades"]) == (1426843, 48)
    mean = quotes["turnover"] / quotes["volume"]
    assert ((mean >= quotes["low"] - 0.01) & (mean <= quotes["high"] + 0.01)).all()
    assert quotes["session"].dt.weekday().max() == 5


# Pages written by hand.


def test_the_present_export_names_shares_and_money_apart(page):
    text = (
        "\ufeffSéance,Ticker,Ouverture,Dernier Cours,+haut du jour,+bas du jour,"
        "Volume (MAD),Titres Échangés,Nombre de transactions,Capitalisation\r\n"
        "2026-09-10,ADH,30.12,30,30.28,29.85,495276.72,16495,104,12076537620\r\n"
        "2026-09-11,ADH,,30,30.28,29.85,0,0,0,12076537620\r\n"
    )
    quotes = parse(page(SOURCE, text)).quotes
    assert quotes["volume"].to_list() == [16495, 0]
    assert quotes["turnover"].to_list() == [495276.72, 0.0]
    assert quotes["status"].to_list() == ["T", "NT"]
    assert quotes["high"].to_list() == [30.28, None]


def test_a_row_of_an_export_that_does_not_fit_is_put_aside_with_its_text(samples, page):
    path = samples / "casablanca/pfe_atw_official_2023_2026/ATW_bourse_casa_full.csv"
    heading, first, second, *_ = path.read_text("utf-8").splitlines()
    rows = [
        first.replace("150.0", "150.5"),
        first.replace("2023-04-03", "2023-02-30"),
        first + ",1",
        first.replace(",ATW,ATW,", ",XYZ,XYZ,"),
        second,
    ]
    parsed = parse(page(SOURCE, "\n".join([heading, *rows])))
    assert parsed.quotes["session"].to_list() == [date(2023, 4, 4)]
    assert [x.text for x in parsed.refused] == rows[:4]
    reasons = [x.reason for x in parsed.refused]
    assert reasons[0] == "'150.5' is not a whole number"
    assert "2023-02-30" in rows[1]
    assert reasons[2:] == ["12 cells under 11 headings", "unknown line: XYZ"]
    assert [x.kind for x in parsed.refused] == ["row", "row", "row", "unknown_line"]


def test_an_export_with_other_headings_or_no_row_is_refused(page):
    with pytest.raises(LayoutChanged, match="without"):
        parse(page(SOURCE, "Séance,Ticker,Dernier Cours\n2026-10-08,ATW,670\n"))
    headings = (
        "Séance,Ticker,Ouverture,Dernier Cours,+haut du jour,+bas du jour,"
        "Nombre de titres échangés,Volume des échanges,Nombre de transactions,Capitalisation"
    )
    with pytest.raises(EmptyPage, match="no row"):
        parse(page(SOURCE, headings))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"seance": "31/02/2026"}, "'31/02/2026' is not a date"),
        ({"seance": None}, "None"),
        ({"titresEchanges": 1.5}, "1.5 is not a whole number"),
        ({"titresEchanges": "49319"}, "'49319' is not a JSON number"),
        ({"dernierCours": True}, "True is not a JSON number"),
        ({"dernierCours": None}, "no close"),
        ({"symbol": "ZZZ  "}, "unknown line: ZZZ"),
        ({"symbol": None}, "unknown line: None"),
    ],
)
def test_a_session_that_cannot_be_read_is_put_aside_and_the_others_stay(changes, reason, page):
    parsed = parse(page(SOURCE, items(item(**changes), item(seance="07/10/2026"))))
    assert parsed.quotes["session"].to_list() == [date(2026, 10, 7)]
    (refused,) = parsed.refused
    assert reason in refused.reason
    assert json.loads(refused.text) == item(**changes)


def test_a_row_without_shares_but_with_an_opening_is_not_called_untraded(page):
    rows = items(item(titresEchanges=0, volumeEchanges=0), item(titresEchanges=None))
    assert parse(page(SOURCE, rows)).quotes["status"].to_list() == [None, None]


def test_duplicate_rows_are_left_for_others_to_judge(page):
    assert parse(page(SOURCE, items(item(), item()))).quotes.height == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("T", (670.0, 676.0, 670.0, 670.1, 1830, 1230406.1, 43)),
        ("NT", (None, None, None, 670.1, 0, 0.0, 0)),
        ("S", (None, None, None, 670.1, None, None, 0)),
    ],
)
def test_the_status_of_a_live_line_decides_what_its_nulls_mean(status, expected):
    row = dict(ChainMap(*live_row(action(status), SESSION)))
    columns = ("open", "high", "low", "close", "volume", "turnover", "trades")
    assert tuple(row.get(c) for c in columns) == expected
    assert (row["status"], row["session"], row["ticker"]) == (status, SESSION, "ATW")


@pytest.mark.parametrize(
    ("share", "reason"),
    [
        (action("X"), "unknown status 'X'"),
        (action("NT", quantite=5), "5 shares of a line that is NT"),
        (action("T", quantite=5.5), "5.5 is not a whole number"),
        (action("T", symbol="ZZZ"), "unknown line: ZZZ"),
    ],
)
def test_a_live_line_that_contradicts_itself_is_refused(share, reason):
    with pytest.raises(ValueError, match=reason):
        list(live_row(share, SESSION))


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        (b"", EmptyPage, "without a body"),
        ("<html><body>Site en maintenance</body></html>", NotThisPage, "no drupal-settings"),
        ("<html><body>Site en", LayoutChanged, "no drupal-settings"),
        (island({"live_market": {"actions": []}}), EmptyPage, "no row"),
        (island({"path": 1}), NotThisPage, "a home page"),
        (island({"live_market": []}), LayoutChanged, "live_market is no JSON object"),
        (island([]), LayoutChanged, "settings island is no JSON object"),
        (
            island({"boursenova": {"actions": [master(emetteur=[])]}}),
            LayoutChanged,
            "no JSON object",
        ),
        (island({"live_market": {"actions": {}}}), LayoutChanged, "no JSON list"),
        (island({"live_market": {"actions": [{"symbol": "ATW"}]}}), LayoutChanged, "statut"),
        (island({"live_market": {"actions": [action("T")]}}), LayoutChanged, "closed"),
        (island({"boursenova": {"actions": [{"ticker": "ATW"}]}}), LayoutChanged, "codeISIN"),
        (island({"path": 1})[:-18], LayoutChanged, "not whole JSON"),
        ('{"totalCount":1,"items":[{"seance":"08', LayoutChanged, "not whole JSON"),
        ('{"totalCount":1,"data":[]}', NotThisPage, "totalCount and items"),
        ('{"totalCount":1,"items":null}', LayoutChanged, "not a list"),
        ('{"totalCount":1,"items":[{"date":"2026-10-08"}]}', LayoutChanged, "no row of a history"),
        ('[{"TICKER":{}}]', NotThisPage, "no page of the Casablanca exchange"),
        ("Date,Price,Open,High,Low,Vol.,Change %\n", NotThisPage, "no page of the Casablanca"),
        ("Séance,Ticker\n".encode("latin-1"), LayoutChanged, "not UTF-8"),
    ],
)
def test_what_is_not_a_page_of_the_exchange_is_named(body, failure, said, page):
    with pytest.raises(failure, match=said):
        parse(page(SOURCE, body))


def test_a_404_is_not_this_page(page):
    with pytest.raises(NotThisPage, match="404"):
        parse(page(SOURCE, items(item()), status=404))


@pytest.mark.parametrize(
    "key",
    [
        NEWEST_WINDOW,
        "history/ATW/2024-10-19..2025-10-13/page-2",
        "history.json",
    ],
)
def test_an_empty_history_is_a_failure(key, page):
    with pytest.raises(EmptyPage, match="no item"):
        parse(page(SOURCE, items(), key=key))


@pytest.mark.parametrize(
    "key", ["history/T2S/2024-10-19..2025-10-13", "history/SAM/2025-10-14..2026-10-08"]
)
def test_a_window_before_the_first_row_or_of_a_suspended_line_may_be_empty(key, page):
    assert parse(page(SOURCE, items(), key=key)).quotes.is_empty()


# The conversation.


def test_the_walk_back_ends_at_the_first_empty_window(page):
    def reply(request):
        newest = request.params["endDate"] == "2026-10-08"
        return page(SOURCE, items(item()) if newest else items(), key=request.key)

    asked = walked(history(ask(date(2020, 1, 2), SESSION, "ATW", "T2S")), reply)
    assert [(x.params["instrument"], x.params["startDate"]) for x in asked] == [
        ("ATW", "2025-10-14"),
        ("ATW", "2024-10-19"),
        ("T2S", "2025-10-14"),
        ("T2S", "2024-10-19"),
    ]
    assert all(x.params["isCoursAjuste"] == "false" for x in asked)


def test_no_window_is_wider_than_360_days_and_together_they_miss_no_day(page):
    first = date(2021, 5, 6)
    reply = lambda request: page(SOURCE, items(item()), key=request.key)  # noqa: E731
    asked = walked(history(ask(first, SESSION, "ATW")), reply)
    days = [(x.params["startDate"], x.params["endDate"]) for x in asked]
    reached = SESSION + timedelta(days=1)
    for start, end in (map(date.fromisoformat, window) for window in days):
        assert end == reached - timedelta(days=1)
        assert timedelta() <= end - start < timedelta(days=360)
        reached = start
    assert reached == first


def test_a_window_that_cannot_be_read_does_not_end_the_walk(page):
    def reply(request):
        newest = request.params["endDate"] == "2026-10-08"
        return page(SOURCE, "down" if newest else items(), status=503 if newest else 200)

    assert len(walked(history(ask(date(2020, 1, 2), SESSION, "ATW")), reply)) == 2


def test_further_pages_are_asked_while_the_count_says_so(page):
    def reply(request):
        rows = {"1": [item(), item()], "2": [item()]}[request.params["pageNumber"]]
        return page(SOURCE, items(*rows, total=3), key=request.key)

    asked = walked(history(ask(SESSION, SESSION, "ATW")), reply)
    assert [x.key for x in asked] == [
        "history/ATW/2026-10-08..2026-10-08",
        "history/ATW/2026-10-08..2026-10-08/page-2",
    ]


def test_a_count_that_is_never_reached_does_not_ask_for_ever(page):
    def reply(request):
        rows = [item()] if request.params["pageNumber"] == "1" else []
        return page(SOURCE, items(*rows, total=244), key=request.key)

    assert len(walked(history(ask(SESSION, SESSION, "ATW")), reply)) == 2
