"""What Medias24's pages say: shares, never its computed money, on the day they state."""

import csv
import json
from datetime import date

import pytest
from polars.testing import assert_frame_equal

from market_assets.calendars.sessions import sessions_between
from market_assets.sandbox.casablanca import medias24 as sandbox
from market_assets.sandbox.casablanca.last_trade import last_trade
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.casablanca.medias24 import SOURCE, history, parse
from market_assets.web.failures import LayoutChanged, NotThisPage

FIRST, LAST = date(2026, 7, 15), date(2026, 10, 8)
PRINTED = [  # getPriceHistory of ATW as a public client printed it
    ("09/02/2017", 430.05, 430.05, 431.50, 49717),
    ("10/02/2017", 430.00, 430.00, 432.95, 20909),
    ("13/02/2017", 440.00, 430.00, 440.00, 3028),
    ("14/02/2017", 427.00, 427.00, 435.00, 2038),
    ("15/02/2017", 430.00, 427.00, 432.00, 82428),
    ("16/02/2017", 430.00, 427.00, 433.80, 4937),
]
ADDOHA = {  # getStockInfo of ADH as a public client printed it
    "name": "Addoha P",
    "name_2": "ADDOHA",
    "ISIN": "MA0000011512",
    "nbTitre": "402551254",
    "cours": "11.900",
    "cloture": "11.55",
    "capitalisation": "4790359922.60",
    "cotation": "18/02/2022 à 15:39",
    "variation": "3.03",
    "volume_variation": "0.35",
    "volume": "30613642",
    "volumeTitre": "2572575",
    "ouverture": "11.900",
    "min": "11.700",
    "max": "12.240",
}


def row(day="08/10/2026", **changed):
    return {
        "date": day,
        "value": 680.0,
        "min": 670,
        "max": 681.5,
        "variation": 0.1,
        "volume": 7,
    } | (changed)


def answer(*rows):
    return b"\xef\xbb\xbf" + json.dumps({"result": list(rows), "message": "200 OK"}).encode()


def test_a_history_is_read_behind_its_byte_order_mark(page):
    rows = [row(d, value=c, min=low, max=f"{h:.2f}", volume=v) for d, c, low, h, v in PRINTED]
    quotes = parse(page(SOURCE, answer(*rows))).quotes
    assert quotes.select("session", "close", "low", "high", "volume").rows() == [
        (date(int(d[6:]), int(d[3:5]), int(d[:2])), c, low, h, v) for d, c, low, h, v in PRINTED
    ]
    assert quotes["ticker"].unique().to_list() == ["ATW"]
    assert quotes["turnover"].null_count() == quotes["open"].null_count() == len(PRINTED)


def test_the_volume_of_a_history_is_the_exchanges_count_of_shares(samples):
    path = samples / "casablanca" / "spyamine_etf_1996_2020" / "ATW.csv"
    with path.open(encoding="utf-8") as lines:
        shares = {line["date"]: line["volume"] for line in csv.DictReader(lines)}
    for day, *_, volume in PRINTED:
        assert float(shares[f"{day[6:]}-{day[3:5]}-{day[:2]}"]) == volume


def test_the_money_of_a_snapshot_is_computed_from_the_last_price(samples):
    path = samples / "casablanca" / "pfe_atw_official_2023_2026" / "ATW_intraday.csv"
    with path.open(encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    products = [float(r["shares_traded"]) * float(r["last_price"]) for r in rows]
    money = [float(r["value_traded_mad"]) for r in rows]
    assert money == [int(product + 1e-6) for product in products]
    assert len(money) == 49


@pytest.mark.parametrize("day", ["2026-10-08", "1791414000000", "8/10/2026", "31/02/2026", None])
def test_a_row_dated_in_another_form_is_put_aside(day, page):
    parsed = parse(page(SOURCE, answer(row(), row(day))))
    assert parsed.quotes.height == 1
    assert json.loads(parsed.refused[0].text)["date"] == day
    assert str(day) in parsed.refused[0].reason


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"value": None}, "no close is stated"),
        ({"value": "-"}, "no close is stated"),
        ({"value": "1 430,05"}, "1 430,05"),
        ({"volume": 12.5}, "12.5"),
        ({"max": True}, "True"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_with_its_text(changed, reason, page):
    parsed = parse(page(SOURCE, answer(row(**changed))))
    assert parsed.quotes.is_empty()
    assert json.loads(parsed.refused[0].text) == row(**changed)
    assert reason in parsed.refused[0].reason


def test_what_is_not_stated_is_null_and_a_stated_zero_is_zero(page):
    quotes = parse(page(SOURCE, answer(row(min=None, max="", volume=None), row(volume=0)))).quotes
    assert quotes.select("low", "high", "volume").rows() == [(None, None, None), (670, 681.5, 0)]


def test_rows_that_come_twice_are_both_kept(page):
    assert parse(page(SOURCE, answer(row(), row()))).quotes.height == 2


def test_a_line_that_did_not_trade_has_no_rows_and_is_no_failure(page):
    parsed = parse(page(SOURCE, answer()))
    assert parsed.quotes.is_empty()
    assert parsed.refused == ()


@pytest.mark.parametrize("name", ["date", "value", "min", "max", "volume"])
def test_a_field_that_every_row_lacks_is_a_changed_layout_that_names_it(name, page):
    short = {key: value for key, value in row().items() if key != name}
    with pytest.raises(LayoutChanged, match=rf"no row of the result has \[{name!r}\]"):
        parse(page(SOURCE, answer(short, short)))
    parsed = parse(page(SOURCE, answer(short, row())))
    assert parsed.quotes.height + len(parsed.refused) == 2


@pytest.mark.parametrize("name", ["ISIN", "cotation", "cours", "volumeTitre"])
def test_a_latest_quote_without_a_field_is_a_changed_layout_that_names_it(name, page):
    short = {key: value for key, value in ADDOHA.items() if key != name}
    with pytest.raises(LayoutChanged, match=rf"no row of the result has \[{name!r}\]"):
        parse(page(SOURCE, json.dumps({"result": short})))


@pytest.mark.parametrize("body", ['{"message": "x"}', '{"result": null}', '{"result": [1]}'])
def test_an_answer_without_a_list_of_rows_is_a_changed_layout(body, page):
    with pytest.raises(LayoutChanged, match="result"):
        parse(page(SOURCE, body))


@pytest.mark.parametrize(
    "cotation",
    [
        "18/02/2022 à 15:39",
        "18/02/2022 Ã\xa0 15:39",
        "18/02/2022 \ufffd 15:39",
        "18/02/2022",
        "2022-02-18T15:39",
        "2022-02-18T15:39+01:00",
        "2022-02-18",
    ],
)
def test_the_latest_quote_goes_to_the_day_it_states(cotation, page):
    body = json.dumps({"result": ADDOHA | {"cotation": cotation}, "message": "200 OK"})
    quotes = parse(page(SOURCE, body, key="info.json")).quotes
    columns = ("ticker", "session", "open", "high", "low", "close", "volume", "market_cap")
    assert quotes.select(columns).rows() == [
        ("ADH", date(2022, 2, 18), 11.9, 12.24, 11.7, 11.9, 2572575, 4790359922.6)
    ]


@pytest.mark.parametrize(
    "cotation",
    [
        "18/02/2022 à 15:30",
        "18/02/2022 à 15:29",
        "18/02/2022 à 9:45",
        "2022-02-18T15:30",
        "2022-02-18T15:29:59",
        "2022-02-18 13:30",
    ],
)
def test_a_latest_quote_of_before_the_close_is_put_aside(cotation, page):
    parsed = parse(page(SOURCE, json.dumps({"result": ADDOHA | {"cotation": cotation}})))
    if "15:30" in cotation:
        assert parsed.quotes["session"].to_list() == [date(2022, 2, 18)]
        assert parsed.refused == ()
    else:
        assert parsed.quotes.is_empty()
        (refused,) = parsed.refused
        assert refused.reason.startswith("before the close: quoted at ")
        assert refused.kind == "before_close"
        assert (refused.ticker, refused.session) == ("ADH", date(2022, 2, 18))


def test_a_latin_1_byte_makes_the_page_unreadable(page):
    body = json.dumps({"result": ADDOHA}, ensure_ascii=False).encode("latin-1")
    with pytest.raises(LayoutChanged, match="is not UTF-8"):
        parse(page(SOURCE, body))


def test_the_computed_money_of_the_latest_quote_is_never_turnover(page):
    quotes = parse(page(SOURCE, json.dumps({"result": ADDOHA}))).quotes
    assert quotes["turnover"].to_list() == [None]


@pytest.mark.parametrize("cotation", [None, "15:39", "18-02-2022", "1645195140"])
def test_a_latest_quote_without_a_day_is_put_aside(cotation, page):
    parsed = parse(page(SOURCE, json.dumps({"result": ADDOHA | {"cotation": cotation}})))
    assert parsed.quotes.is_empty()
    assert str(cotation) in parsed.refused[0].reason


def test_a_latest_quote_of_an_unknown_isin_is_another_page(page):
    with pytest.raises(NotThisPage, match="US0378331005"):
        parse(page(SOURCE, json.dumps({"result": ADDOHA | {"ISIN": "US0378331005"}})))


def test_the_conversation_is_one_question_per_line_for_any_range(asked):
    sessions = sessions_between("XCAS", FIRST, LAST)
    requests, _ = asked(SOURCE, history, sandbox.answer, sessions)
    assert len(requests) == len({request.key for request in requests}) == 81
    assert requests[10].key == "history/ATW"
    assert requests[10].params == {
        "method": "getPriceHistory",
        "ISIN": "MA0000012445",
        "format": "json",
        "from": "2026-07-15",
        "to": "2026-10-08",
    }


def test_the_sandbox_says_the_truth_of_every_traded_session(asked, told, stated, market):
    sessions = sessions_between("XCAS", FIRST, LAST)
    _, captures = asked(SOURCE, history, sandbox.answer, sessions)
    columns = ("high", "low", "close", "volume")
    traded = [t for s in sessions for t in market.truths(s) if t.status == "T"]
    parsed = [parse(capture) for capture in captures]
    assert_frame_equal(stated(parsed, columns), told(traded, columns))
    assert not any(p.refused for p in parsed)


def test_the_sandbox_shows_an_untraded_lines_last_trade(market, page, told, stated):
    moment = Moment(now=None, session=LAST)
    parsed, last = [], []
    for line in market.lines:
        query = {"method": "getStockInfo", "ISIN": line.isin, "format": "json"}
        asked = Question(method="GET", path="/content/api", query=query)
        parsed.append(parse(page(SOURCE, sandbox.answer(asked, market, moment).body)))
        last.append(last_trade(market, line.ticker, LAST))
    columns = ("open", "high", "low", "close", "volume", "market_cap")
    assert_frame_equal(stated(parsed, columns), told([t for t in last if t], columns))
    assert {t.session for t in last if t} > {LAST}
    assert sum(len(p.refused) for p in parsed) == last.count(None)
