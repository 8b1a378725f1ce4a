"""Lagos's price list, from real rows and from rows changed by hand."""

import json
from datetime import date

import polars as pl
import pytest

from market_assets.domain.africa.rows import AFRICAN_LISTINGS, AFRICAN_QUOTES
from market_assets.sources.africa.ngx import SOURCE, parse, read, snapshot
from market_assets.sources.source import Ask
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, NotThisPage

DAY = date(2026, 6, 5)
ROW = {
    "Symbol": "DANGSUGAR",
    "PrevClosingPrice": 70.35,
    "OpeningPrice": 70.35,
    "HighPrice": 72.0,
    "LowPrice": 71.5,
    "ClosePrice": 72.0,
    "Trades": 1977,
    "Volume": 5924847.0,
    "Value": 424853958.3,
    "Sector": "CONSUMER GOODS",
    "Company2": "DANGSUGAR ",
    "TradeDate": "2026-06-05T00:00:00",
}
NONE = {"Volume": 0, "Trades": 0, "Value": 0.0}
SUGAR = ("DANGSUGAR", DAY, "T", 72.0, 71.5, 72.0, 5924847, 424853958.3, 1977)


def crowd(*odd):
    return [*odd, *(ROW | {"Symbol": f"LINE{place}"} for place in range(100 - len(odd)))]


def one(page, **changes):
    return read([ROW | changes], page(SOURCE, "[]"))


def test_five_saved_rows_come_back_as_they_were_stated(samples, page, quotes):
    path = samples / "bam_africa/ngx/ngx_equities_trimmed_2026-06-05.json"
    parsed = read(json.loads(path.read_text("utf-8")), page(SOURCE, "[]"))
    assert quotes(parsed) == [
        ("DANGCEM", DAY, "T", None, None, 1180.0, 1136842, 1231421139.7, 2228),
        SUGAR,
        ("MTNN", DAY, "T", 791.3, 775.0, 775.0, 4158130, 3270964187.1, 4507),
        ("NASCON", DAY, "T", None, None, 219.5, 678610, 134286481.8, 333),
        ("ZENITHBANK", DAY, "T", 128.0, 124.0, 128.0, 11030577, 1375296444.45, 3367),
    ]
    frame = parsed.tables["african_quotes"]
    assert frame.schema == AFRICAN_QUOTES
    assert frame.select("mic", "currency", "dated").unique().rows() == [("XNSA", "NGN", True)]
    assert frame.select("open", "market_cap").null_count().row(0) == (5, 5)
    listings = parsed.tables["african_listings"]
    assert listings.schema == AFRICAN_LISTINGS
    assert listings["sector"].to_list()[2] == "ICT"
    assert listings["name"].null_count() == 5
    assert parsed.refused == ()


def test_the_saved_rows_alone_are_a_part_of_the_list_and_held_back(samples, page):
    path = samples / "bam_africa/ngx/ngx_equities_trimmed_2026-06-05.json"
    with pytest.raises(EmptyPage, match="held back: 5 rows of the price list, fewer than 100"):
        parse(page(SOURCE, path.read_bytes()))


def test_a_hundred_rows_are_enough_and_one_less_is_not(page):
    whole = parse(page(SOURCE, json.dumps(crowd(ROW))))
    assert whole.tables["african_quotes"].height == 100
    with pytest.raises(EmptyPage, match="held back: 99 rows"):
        parse(page(SOURCE, json.dumps(crowd(ROW)[1:])))


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"HighPrice": None, "LowPrice": None}, (*SUGAR[:3], None, None, *SUGAR[5:])),
        ({"HighPrice": float("nan")}, (*SUGAR[:3], None, *SUGAR[4:])),
        ({"Symbol": "DANGSUGAR [MRF] [BLS]"}, SUGAR),
        (
            {"ClosePrice": None, "Volume": 0.0, "Trades": 0, "Value": 0.0},
            ("DANGSUGAR", DAY, "NT", None, None, 70.35, 0, 0.0, 0),
        ),
        (
            {"ClosePrice": None, "Volume": None, "Trades": None, "Value": None},
            ("DANGSUGAR", DAY, "NT", None, None, 70.35, None, None, None),
        ),
        (
            {"Volume": 0, "Trades": None, "Value": 0.0},
            ("DANGSUGAR", DAY, "NT", None, None, 72.0, 0, 0.0, None),
        ),
        ({"Volume": None}, ("DANGSUGAR", DAY, None, 72.0, 71.5, 72.0, None, *SUGAR[7:])),
    ],
)
def test_what_a_row_leaves_out_is_missing_or_did_not_trade(changes, row, page, quotes):
    assert quotes(one(page, **changes)) == [row]


@pytest.mark.parametrize(
    ("changes", "kind", "reason"),
    [
        ({"ClosePrice": None}, "before_close", "5924847 shares in 1977 trades"),
        ({"ClosePrice": None, "Volume": None}, "before_close", "None shares in 1977 trades"),
        ({"Volume": 0}, "before_close", "0 shares in 1977 trades for 424853958.3, a close of 72.0"),
        ({"ClosePrice": 0.0, "PrevClosingPrice": 0, **NONE}, "row", "no close is stated"),
        ({"ClosePrice": float("inf")}, "row", "inf is not a finite number"),
        ({"ClosePrice": "72.0"}, "row", "'72.0' is not a JSON number"),
        ({"Volume": 1.5}, "row", "1.5 is not a whole number"),
        ({"TradeDate": "05/06/2026"}, "row", "'05/06/2026' is not a date"),
        ({"TradeDate": None}, "row", "None is not a date"),
        ({"Symbol": ""}, "row", "'' is not a ticker"),
        ({"Symbol": None}, "row", "None is not a ticker"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside(changes, kind, reason, page):
    parsed = parse(page(SOURCE, json.dumps(crowd(ROW | changes))))
    assert parsed.tables["african_quotes"].height == 99
    (refused,) = parsed.refused
    assert refused.kind == kind
    assert reason in refused.reason


def test_each_row_goes_to_the_day_it_states(page):
    parsed = one(page, TradeDate="2026-06-04T00:00:00")
    assert parsed.tables["african_quotes"]["session"].to_list() == [date(2026, 6, 4)]


def test_a_name_that_is_one_is_kept_without_its_mark(page):
    parsed = one(page, Company2="Dangote  Sugar [DWL] ")
    assert parsed.tables["african_listings"]["name"].to_list() == ["Dangote Sugar"]


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        (b"", EmptyPage, "without a body"),
        ("[]", EmptyPage, "has no row"),
        ("<html>Down for maintenance</html>", NotThisPage, "markup where the price list"),
        (json.dumps(crowd(ROW))[:-30], LayoutChanged, "not whole JSON"),
        ('{"message": "x"}', LayoutChanged, "no JSON list"),
        (json.dumps([{"Symbol": "A"}] * 100), LayoutChanged, "'TradeDate'"),
    ],
)
def test_what_is_no_price_list_is_named(body, failure, said, page):
    with pytest.raises(failure, match=said):
        parse(page(SOURCE, body))


def test_a_refusal_is_a_wall(page):
    with pytest.raises(Blocked, match="403"):
        parse(page(SOURCE, "[]", status=403))


def test_one_question_asks_for_all_of_them():
    (request,) = snapshot(Ask(sessions=(DAY,)))
    assert request.params["pageSize"] == "1000"


def test_listings_are_one_per_line(page):
    parsed = read([ROW, ROW | {"TradeDate": "2026-06-04T00:00:00"}], page(SOURCE, "[]"))
    assert parsed.tables["african_quotes"].height == 2
    assert parsed.tables["african_listings"].select(pl.len()).item() == 1
