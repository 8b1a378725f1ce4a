"""African Markets' lists of the neighbours, in the shape its clients describe."""

from datetime import date

import pytest

from market_assets.sources.africa.african_lists import SOURCE, parse, snapshot
from market_assets.sources.source import Ask
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage

SESSION = date(2026, 10, 8)
HEADINGS = ("Company", "Sector", "Price", "1D", "YTD", "M.Cap", "Date")
FIGURES = ("mic", "ticker", "session", "close", "market_cap", "currency")


def company(code, price, cap, day, *, slug="ngse", relative=False):
    folder = "" if relative else f"/en/stock-markets/{slug}/"
    link = f"{folder}listed-companies/company?code={code}"
    texts = (f"<a href='{link}'>Name &amp; Co</a>", "Financials", price, "<p>-</p>", "<p>-</p>")
    return "<tr>" + "".join(f"<td>{text}</td>" for text in (*texts, cap, day)) + "</tr>"


def listing(*rows, headings=HEADINGS):
    heads = "<tr>" + "".join(f"<th>{x}</th>" for x in headings) + "</tr>"
    return f"<!DOCTYPE html><html><body><table>{heads}{''.join(rows)}</table></body></html>"


@pytest.mark.parametrize(
    ("slug", "mic", "currency"),
    [
        ("ngse", "XNSA", "NGN"),
        ("egx", "XCAI", "EGP"),
        ("jse", "XJSE", "ZAR"),
        ("brvm", "XBRV", "XOF"),
        ("gse", "XGHA", "GHS"),
        ("nse", "XNAI", "KES"),
    ],
)
def test_a_list_is_of_the_exchange_its_links_name(slug, mic, currency, page, quotes):
    body = listing(company("ABC", "1,180.00", "19,910.80", "08/10", slug=slug))
    parsed = parse(page(SOURCE, body, session=SESSION))
    expected = (mic, "ABC", SESSION, 1180.0, 19910.8e9, currency)
    assert quotes(parsed, *FIGURES) == [expected]
    assert parsed.tables["african_listings"].select("name", "sector", "isin").rows() == [
        ("Name & Co", "Financials", None)
    ]
    assert parsed.tables["african_quotes"]["volume"].null_count() == 1


def test_without_a_folder_in_its_links_the_question_says_which(page, quotes):
    body = listing(company("COMI.CA", "120.90", "0.00", "08/10", relative=True))
    parsed = parse(page(SOURCE, body, key="egx", session=SESSION))
    assert quotes(parsed, *FIGURES) == [("XCAI", "COMI", SESSION, 120.9, None, "EGP")]
    with pytest.raises(NotThisPage, match="no known exchange: 'saved"):
        parse(page(SOURCE, body, key="saved.html", session=SESSION))


def test_the_year_around_new_year_is_that_of_the_day(page, quotes):
    rows = (company("A", "1.00", "1", "31/12"), company("B", "1.00", "1", "02/01"))
    parsed = parse(page(SOURCE, listing(*rows), session=date(2026, 1, 2)))
    assert quotes(parsed, "ticker", "session") == [
        ("A", date(2025, 12, 31)),
        ("B", date(2026, 1, 2)),
    ]


def test_a_row_far_older_than_the_newest_may_be_of_any_year(page, quotes):
    rows = (company("A", "1.00", "1", "08/10"), company("B", "1.00", "1", "07/09"))
    old = company("C", "1.00", "1", "06/09")
    parsed = parse(page(SOURCE, listing(*rows, old), session=SESSION))
    assert quotes(parsed, "ticker") == [("A",), ("B",)]
    (refused,) = parsed.refused
    assert (refused.kind, refused.ticker, refused.session) == ("stale", "C", None)


def test_a_line_in_dollars_is_put_aside_in_cairo_and_nowhere_else(page, quotes):
    rows = [company("EGSA", "8.79", "16.25", "08/10", slug="egx")]
    parsed = parse(page(SOURCE, listing(*rows), session=SESSION))
    assert [refused.reason for refused in parsed.refused] == [
        "a line in dollars, whose currency this list does not state"
    ]
    lagos = parse(page(SOURCE, listing(company("EGSA", "8.79", "1", "08/10")), session=SESSION))
    assert quotes(lagos, "ticker") == [("EGSA",)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (company("HOL", "", "", ""), "no price"),
        (company("A", "0.00", "1", "08/10"), "no price"),
        (company("A", "1,5", "1", "08/10"), "'1,5' is not a number"),
        (company("A", "1.00", "1", "8 Oct"), "'8 Oct' is not a date dd/mm"),
        (company("A", "1.00", "1", "31/02"), "'31/02/2000' is not a date"),
        (company("a-b", "1.00", "1", "08/10"), "'a-b' is not a ticker"),
        (company("A", "1.00", "1", "08/10", slug="jse"), "a link to no company of ngse"),
    ],
)
def test_a_company_that_cannot_be_read_is_put_aside(row, reason, page, quotes):
    body = listing(company("B", "90.00", "1", "08/10"), row)
    parsed = parse(page(SOURCE, body, session=SESSION))
    assert quotes(parsed, "ticker") == [("B",)]
    (refused,) = parsed.refused
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("body", "failure", "said"),
    [
        (b"", EmptyPage, "without a body"),
        ("<html>down</html>", NotThisPage, "not a list of African Markets"),
        (listing(company("A", "1", "1", "08/10"))[:-20], LayoutChanged, "breaks off"),
        (
            listing(company("A", "1", "1", "08/10"), headings=("Company", "Sector")),
            LayoutChanged,
            "no column",
        ),
        (listing(company("A", "1", "1", "08/10", slug="bvc")), NotThisPage, "'bvc'"),
    ],
)
def test_what_is_no_list_of_a_neighbour_is_named(body, failure, said, page):
    with pytest.raises(failure, match=said):
        parse(page(SOURCE, body, session=SESSION))


def test_exchanges_whose_sessions_are_not_known_are_not_asked_for():
    keys = [request.key for request in snapshot(Ask(sessions=(SESSION,)))]
    assert keys == ["ngse", "egx", "jse", "brvm"]
