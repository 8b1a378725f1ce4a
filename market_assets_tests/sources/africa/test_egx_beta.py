"""Cairo's market watch, from the real rows of a day and from rows changed by hand."""

import json
from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from market_assets.sources.africa.egx_beta import PAGE, SOURCE, parse, snapshot
from market_assets.sources.africa.exchanges import DOLLAR_LINES
from market_assets.sources.africa.icb_sectors import icb_industries
from market_assets.sources.source import Ask
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, NotThisPage

DAY = date(2026, 8, 13)
ROW = {
    "closePrice": 0.703,
    "currShort": "US$",
    "high": 0.707,
    "isin": "EGS69082C013",
    "lastPrice": 0.703,
    "lastTradeDate": "2026-08-13T00:00:00",
    "low": 0.693,
    "mc": 29371668103.637672,
    "name": "Valmore Holding",
    "reuters": "VLMR.CA",
    "sector": "Non-bank financial services",
    "symbolType": "C",
    "trades": 423,
    "value": 34766995.905,
    "volume": 989800,
}
VALMORE = ("VLMR", DAY, "T", 0.707, 0.693, 0.703, 989800, 34766995.905, 423)


def body(*rows):
    return json.dumps({"data": {"data": list(rows)}})


@pytest.fixture(scope="module")
def day(samples, page):
    path = samples / "bam_africa/egx/egx_beta_market_watch_2026-08-13.json"
    return parse(page(SOURCE, body(*json.loads(path.read_text("utf-8")))))


def test_the_objects_of_several_pages_in_one_list_say_the_same(day, samples, page):
    path = samples / "bam_africa/egx/egx_beta_market_watch_2026-08-13.json"
    saved = parse(page(SOURCE, path.read_text("utf-8")))
    assert (
        saved.tables["african_quotes"]
        .drop("capture_id")
        .equals(day.tables["african_quotes"].drop("capture_id"))
    )


def test_the_saved_day_is_220_shares_and_a_bond_that_is_none(day):
    frame = day.tables["african_quotes"]
    assert frame.height == 220
    assert frame["session"].unique().to_list() == [DAY]
    assert frame.filter(
        pl.any_horizontal(pl.col("close", "volume", "market_cap").is_null())
    ).is_empty()
    (bond,) = day.refused
    assert (bond.kind, bond.reason) == ("unknown_line", "no share: symbolType 'B'")
    assert "EGBKRSK01CV" in bond.text


def test_nine_lines_have_prices_in_dollars_and_turnover_in_pounds(day):
    frame = day.tables["african_quotes"]
    dollars = frame.filter(pl.col("currency") == "USD")
    assert set(dollars["ticker"]) == DOLLAR_LINES
    rates = dollars["turnover"] / dollars["volume"] / dollars["close"]
    assert rates.is_between(46, 52).all()
    pounds = frame.filter(pl.col("currency") == "EGP")
    average = pounds["turnover"] / pounds["volume"]
    assert (average.is_between(pounds["low"] - 0.001, pounds["high"] + 0.001)).all()
    assert pounds.height == 211


def test_one_saved_close_lies_outside_high_and_low_and_stays_as_stated(day):
    frame = day.tables["african_quotes"]
    odd = frame.filter(~pl.col("close").is_between(pl.col("low"), pl.col("high")))
    assert odd.select("ticker", "low", "high", "close").rows() == [("EGSA", 8.79, 8.79, 8.66)]


def test_every_saved_sector_is_in_the_map(day):
    listings = day.tables["african_listings"]
    assert listings["isin"].n_unique() == 220
    industries = [icb_industries().get(("egx_beta", sector)) for sector in listings["sector"]]
    assert sum(industry is None for industry in industries) == 28
    assert industries.count("Financials") == 79


def test_a_row_comes_back(page, quotes):
    parsed = parse(page(SOURCE, body(ROW)))
    assert quotes(parsed) == [VALMORE]
    assert quotes(parsed, "mic", "currency", "market_cap", "dated", "open") == [
        ("XCAI", "USD", 29371668103.637672, True, None)
    ]
    assert parsed.tables["african_listings"].select("isin", "name", "sector").rows() == [
        ("EGS69082C013", "Valmore Holding", "Non-bank financial services")
    ]


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"mc": 0}, "market_cap", None),
        ({"mc": float("nan")}, "market_cap", None),
        ({"high": 0}, "high", None),
        ({"volume": 0}, "status", "NT"),
        ({"volume": 0}, "low", None),
        ({"volume": None}, "status", None),
        ({"currShort": "L.E"}, "currency", "EGP"),
    ],
)
def test_nothing_stands_for_what_is_not_stated(changes, column, value, page, quotes):
    assert quotes(parse(page(SOURCE, body(ROW | changes))), column) == [(value,)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"closePrice": 0}, "no close is stated"),
        ({"closePrice": None}, "no close is stated"),
        ({"currShort": "EUR"}, "prices in 'EUR'"),
        ({"currShort": None}, "prices in None"),
        ({"reuters": "VLMR"}, "'VLMR' is not a symbol of Cairo"),
        ({"reuters": None}, "None is not a symbol of Cairo"),
        ({"lastTradeDate": "13/08/2026"}, "is not a date"),
        ({"symbolType": None}, "symbolType None"),
        ({"volume": 0.5}, "0.5 is not a whole number"),
        ({"name": 7}, "7 is not a name"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_and_the_others_stay(changes, reason, page, quotes):
    parsed = parse(page(SOURCE, body(ROW | changes, ROW)))
    assert quotes(parsed) == [VALMORE]
    assert [reason in refused.reason for refused in parsed.refused] == [True]


@pytest.mark.parametrize(
    ("text", "failure", "said"),
    [
        ("<html><title>Request Rejected</title></html>", Blocked, "Request Rejected"),
        ("<html>elsewhere</html>", NotThisPage, "markup"),
        ('{"data": {"data": []}}', EmptyPage, "no row"),
        ('{"data": {}}', LayoutChanged, "'data' is missing"),
        ('{"rows": []}', LayoutChanged, "'data' is missing"),
        ("[]", EmptyPage, "no row"),
        ("[1]", LayoutChanged, "no JSON object"),
        (body(ROW)[:-9], LayoutChanged, "not whole JSON"),
        (body({"reuters": "A.CA"}), LayoutChanged, "closePrice"),
    ],
)
def test_what_is_no_market_watch_is_named(text, failure, said, page):
    with pytest.raises(failure, match=said):
        parse(page(SOURCE, text))


@pytest.mark.parametrize(("rows", "pages"), [([221], 1), ([PAGE, 3], 2), ([PAGE] * 9, 4)])
def test_the_next_page_is_asked_for_after_a_full_one_and_not_for_ever(rows, pages, page):
    talk = snapshot(Ask(sessions=(DAY,)))
    asked = [next(talk)]
    for count in rows:
        try:
            asked.append(talk.send(page(SOURCE, body(*[ROW] * count))))
        except StopIteration:
            break
    assert [request.params["Page"] for request in asked] == [str(n + 1) for n in range(pages)]
    assert all(one.key != other.key for one, other in pairwise(asked))
