"""African Markets' list and index, in the shape its clients describe."""

import csv
import json
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.sandbox.casablanca.african_markets import answer
from market_assets.sandbox.casablanca.last_trade import last_trade
from market_assets.sources.casablanca.african_markets import (
    SOURCE,
    history,
    parse,
    snapshot,
)
from market_assets.sources.company_lists import latest_day
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage

SESSION = date(2026, 10, 8)
HEADINGS = ("Company", "Sector", "Price", "1D", "YTD", "M.Cap", "Date")
LINK = "/en/stock-markets/bvc/listed-companies/company?code="


def company(code, price, cap, day, *, link=LINK, cells=7):
    texts = (f'<a href="{link}{code}">Name</a>', "Financials", price, "<p>-</p>")
    texts += ('<font color="green">+27.42%</font>', cap, day)
    return "<tr>" + "".join(f"<td>{text}</td>" for text in texts[:cells]) + "</tr>"


def listing(*rows, headings=HEADINGS):
    heads = "<tr>" + "".join(f"<th>{x}</th>" for x in headings) + "</tr>" if headings else ""
    return f"<!DOCTYPE html><html><body><table>{heads}{''.join(rows)}</table></body></html>"


def chart(points):
    return f"<html><script>\nvar chartData = {json.dumps(points)};\n</script></html>"


def rows(parsed):
    return parsed.quotes.select("ticker", "session", "close", "market_cap").rows()


def test_the_list_comes_back_row_by_row_without_a_volume(market, asked, told, stated):
    _, (companies,) = asked(SOURCE, snapshot, answer, [SESSION])
    parsed = parse(companies)
    truths = [
        (last_trade(market, x.line.ticker, SESSION) if x.status == "S" else x)
        for x in market.truths(SESSION)
        if x.line.african_markets_code and not x.line.suspended
    ]
    assert_frame_equal(stated([parsed], ["close"]), told(truths, ["close"]))
    caps = dict(parsed.quotes.select("ticker", "market_cap").iter_rows())
    assert all(abs(caps[x.line.ticker] - x.market_cap) <= 5e6 for x in truths)
    assert parsed.quotes["volume"].null_count() == parsed.quotes.height
    assert {"ADH", "DRI", "DWY", "NKL", "IBC", "SAH"} <= set(parsed.quotes["ticker"])
    assert sorted(x.reason for x in parsed.refused) == [
        "a suspended line, whose date has no year",
        "a suspended line, whose date has no year",
        "a suspended line, whose date has no year",
        "no price",
    ]


def test_the_index_comes_back_as_a_table_of_its_own(market, asked):
    _, (exchange,) = asked(SOURCE, history, answer, [SESSION])
    parsed = parse(exchange)
    index = parsed.tables["index_history"]
    assert index.select("session", "close").rows() == list(
        market.index(market.first_session, SESSION)
    )
    assert set(index["index"]) == {"MASI"}
    assert parsed.quotes.is_empty()


def test_prices_parsed_in_2025_come_back_from_the_documented_shape(samples, page):
    path = samples / "casablanca/african_markets/cse_companies_african_markets_20250718.csv"
    with path.open(encoding="utf-8") as lines:
        seen = [x for x in csv.DictReader(lines) if x["price"]]
    body = listing(
        *(
            company(x["company_url"].partition("code=")[2], x["price"], x["market_cap_billion"], d)
            for x, d in zip(seen, ["18/07"] * len(seen), strict=True)
        )
    )
    parsed = parse(page(SOURCE, body, session=date(2025, 7, 18)))
    assert {x.reason for x in parsed.refused} == {"a suspended line, whose date has no year"}
    assert {x.kind for x in parsed.refused} == {"stale"}
    assert parsed.quotes.height == len(seen) - 3
    assert set(parsed.quotes["session"]) == {date(2025, 7, 18)}
    atw = parsed.quotes.filter(pl.col("ticker") == "ATW").row(0, named=True)
    assert (atw["close"], atw["market_cap"]) == (725.0, 155.97e9)


def test_each_row_goes_to_the_day_it_states(page):
    body = listing(
        company("ATW", "680.50", "146.40", "08/10"),
        company("ADH.MA", "11,900.00", "12.08", "07/10"),
        company("DARI", "4,000.00", "", "09/12"),
        company("MNG", "1.00", "-", "29/02"),
    )
    assert rows(parse(page(SOURCE, body))) == [
        ("ATW", SESSION, 680.5, 146.4e9),
        ("ADH", date(2026, 10, 7), 11900.0, 12.08e9),
        ("DRI", date(2025, 12, 9), 4000.0, None),
        ("MNG", date(2024, 2, 29), 1.0, None),
    ]


def test_a_page_put_in_the_inbox_later_keeps_the_year_it_was_saved_in(page):
    body = listing(company("ATW", "725.00", "155.97", "18/07"))
    (row,) = rows(parse(page(SOURCE, body, session=date(2025, 7, 18))))
    assert row[1] == date(2025, 7, 18)


@pytest.mark.parametrize(
    "wrapper", ["<font>{}</font>", "<p>{}</p>", "<span> {}\u00a0</span>", "{}"]
)
def test_what_a_cell_says_is_found_whatever_stands_around_it(wrapper, page):
    cells = [wrapper.format(x) for x in ("680.50", "146.40", "08/10")]
    assert rows(parse(page(SOURCE, listing(company("ATW", *cells))))) == [
        ("ATW", SESSION, 680.5, 146.4e9)
    ]


def test_an_empty_cell_shifts_nothing(page):
    row = company("ATW", "680.50", "146.40", "08/10").replace("Financials", "")
    assert rows(parse(page(SOURCE, listing(row)))) == [("ATW", SESSION, 680.5, 146.4e9)]


def test_columns_are_found_by_heading_and_in_the_documented_order_without(page):
    cells = ["<td>08/10</td>", "<td>680.50</td>", f'<td><a href="{LINK}ATW">A</a></td>']
    cells += [f"<td>{x}</td>" for x in ("146.40", "", "", "")]
    headings = ("Date", "PRICE", "Company", "M.Cap", "1D", "YTD", "Sector")
    moved = listing(f"<tr>{''.join(cells)}</tr>", headings=headings)
    bare = listing(company("ATW", "680.50", "146.40", "08/10"), headings=())
    for body in (moved, bare):
        assert rows(parse(page(SOURCE, body))) == [("ATW", SESSION, 680.5, 146.4e9)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (company("HOL", "", "", ""), "no price"),
        (company("ATW", "-", "", ""), "no price"),
        (company("ATW", "0.00", "", "08/10"), "no price"),
        (company("ATW", "680,50", "1", "08/10"), "'680,50' is not a number"),
        (company("ATW", "680.50", "1B", "08/10"), "'1B' is not a number"),
        (company("ATW", "680.50", "1", "8 Oct"), "'8 Oct' is not a date dd/mm"),
        (company("ATW", "680.50", "1", "31/02"), "'31/02/2000' is not a date"),
        (company("ATW", "680.50", "1", ""), "'' is not a date dd/mm"),
        (company("SAM.TN", "127.80", "1.52", "05/08"), "a suspended line"),
        (company("ZZZ", "1.00", "1", "08/10"), "unknown line: ZZZ"),
        (company("ATW", "680.50", "1", "08/10", cells=6), "6 cells under 7 headings"),
    ],
)
def test_a_company_that_cannot_be_read_is_put_aside_and_the_others_stay(row, reason, page):
    parsed = parse(page(SOURCE, listing(row, company("IAM", "90.00", "79.51", "08/10"))))
    assert parsed.quotes["ticker"].to_list() == ["IAM"]
    (refused,) = parsed.refused
    assert reason in refused.reason
    assert "Name | Financials" in refused.text


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        (b"", EmptyPage, "without a body"),
        ("<html><body>down</body></html>", NotThisPage, "not a page of African Markets"),
        ('{"data": []}', NotThisPage, "not a page of African Markets"),
        (listing(company("ATW", "1", "1", "08/10"))[:-30], LayoutChanged, "breaks off"),
        (f'<html><a href="{LINK}ATW">A</a></html>', LayoutChanged, "not in a table"),
        (
            listing(company("ATW", "1", "1", "08/10"), headings=("Company", "Last")),
            LayoutChanged,
            "'price'",
        ),
        (
            listing(
                company("DANGCEM", "1", "1", "08/10", link="/en/stock-markets/ngse/company?code=")
            ),
            NotThisPage,
            "another exchange",
        ),
        ("<html>var chartData = [{", LayoutChanged, "not a whole list"),
        (chart([]), EmptyPage, "no row"),
        (chart([{"date": "2026-10-08", "value": 1}]), LayoutChanged, "close"),
        (chart([1]), LayoutChanged, "no JSON object"),
        (listing("é").encode("latin-1"), LayoutChanged, "not UTF-8"),
    ],
)
def test_what_is_not_a_page_of_african_markets_is_named(body, failure, said, page):
    with pytest.raises(failure, match=said):
        parse(page(SOURCE, body))


def test_a_404_is_not_this_page(page):
    with pytest.raises(NotThisPage, match="404"):
        parse(page(SOURCE, listing(company("ATW", "1", "1", "08/10")), status=404))


def test_points_of_the_index_come_as_texts_or_numbers(page):
    points = [
        {"date": "2026-10-07", "close": "18,100.5", "volume": "1"},
        {"date": "2026-10-08", "close": "18100.5", "volume": 12},
        {"date": "09/10/2026", "close": 18100.5, "volume": 12},
        {"date": "2026-10-10", "close": None, "volume": 12},
    ]
    parsed = parse(page(SOURCE, chart(points)))
    index = parsed.tables["index_history"]
    assert index.select("session", "close", "volume_stated").rows() == [(SESSION, 18100.5, 12.0)]
    assert [json.loads(x.text) for x in parsed.refused] == [points[0], *points[2:]]


@given(day=st.dates(date(2000, 3, 1), date(2090, 1, 1)), age=st.integers(0, 364))
def test_a_day_of_the_past_year_gets_its_year_back(day, age):
    not_after = date.fromordinal(day.toordinal() + age)
    assert latest_day(f"{day:%d/%m}", not_after=not_after) == day


@given(day=st.dates(date(1980, 1, 1), date(2200, 1, 1)))
def test_29_february_falls_in_a_leap_year_and_never_in_the_future(day):
    leap = latest_day("29/02", not_after=day)
    assert (leap.month, leap.day) == (2, 29)
    assert leap <= day
