"""AFX's lists: minified pages as its clients describe them, with what one of them derived."""

import json
from datetime import date
from html import escape

import pytest

from market_assets.sources.africa.afx import SOURCE, parse, snapshot
from market_assets.sources.source import Ask
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage

SESSION = date(2025, 11, 28)
HEAD = "<tr><th>Ticker<th>Name<th>Volume<th>Price<th>Change"
FIGURES = ("mic", "ticker", "session", "status", "close", "volume", "currency", "dated")


def share(ticker, name, volume, price, change=""):
    return f"<tr><td><a href=/x/y.html>{ticker}</a><td>{name}<td>{volume}<td>{price}<td>{change}"


def listing(*rows, head=HEAD):
    return (
        "<!doctype html><html lang=en><body><table><tr><th>ASI Index<th>Market Cap."
        "<tr><td>165,370.40 (-156.91)<td>NGN 105.88Tr</table>"
        "<table><tr><th>Ticker<th>Price<th>Change<tr><td>AAA<td>1.00<td>+9.00%</table>"
        f"<div class=t><table><thead>{head}<tbody>{''.join(rows)}</table></div>"
    )


def asked(page, body, *, key="ngx/1"):
    return parse(page(SOURCE, body, key=key, session=SESSION))


def test_unclosed_cells_come_back_and_an_empty_volume_is_no_trade(page, quotes):
    body = listing(
        share("ACCESSCORP", "Access Holdings Plc", "103,289,063", "21.00", "-0.10"),
        share("SEPLAT", "Seplat &amp; Co", "", "5,917.20"),
    )
    parsed = asked(page, body)
    assert quotes(parsed, *FIGURES) == [
        ("XNSA", "ACCESSCORP", SESSION, "T", 21.0, 103289063, "NGN", False),
        ("XNSA", "SEPLAT", SESSION, "NT", 5917.2, 0, "NGN", False),
    ]
    assert parsed.tables["african_listings"]["name"].to_list()[1] == "Seplat & Co"
    assert parsed.refused == ()


def test_a_dash_for_a_volume_is_no_statement(page, quotes):
    parsed = asked(page, listing(share("A", "A", "-", "2.00")))
    assert quotes(parsed, "status", "volume", "close") == [(None, None, 2.0)]


DERIVED = [("ngx", "XNSA", 147), ("jse", "XJSE", 432), ("brvm", "XBRV", 47), ("gse", "XGHA", 38)]


@pytest.mark.parametrize("case", DERIVED)
def test_what_a_client_derived_comes_back_from_the_described_page(case, samples, page, quotes):
    """Of the page only the shape is described; the figures and names are those of 2025-11-28."""
    slug, mic, lines = case
    path = samples / f"bam_africa/afx_derived/{slug}_companies.json"
    derived = json.loads(path.read_text("utf-8"))
    rows = [
        share(
            item["ticker"],
            escape(item["name"]),
            f"{float(item['volume']):,.0f}" if item["volume"] else "",
            f"{item['price']:,.2f}",
        )
        for item in derived
    ]
    parsed = asked(page, listing(*rows), key=f"{slug}/1")
    expected = [
        (mic, item["ticker"], item["price"], int(float(item["volume"] or 0)))
        for item in derived
        if item["price"]
    ]
    assert quotes(parsed, "mic", "ticker", "close", "volume") == expected
    assert len(derived) == lines
    assert len(parsed.refused) == lines - len(expected)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (share("A", "A", "10", ""), "no close is stated"),
        (share("A", "A", "10", "0.00"), "no close is stated"),
        (share("A", "A", "1.5", "2.00"), "'1.5' is not a whole number"),
        (share("A", "A", "10", "2,5"), "'2,5' is not a number"),
        (share("A-B", "A", "10", "2.00"), "'A-B' is not a ticker"),
        ("<tr><td>A<td>A<td>10", "3 cells under 5 headings"),
    ],
)
def test_a_share_that_cannot_be_read_is_put_aside(row, reason, page, quotes):
    parsed = asked(page, listing(row, share("B", "B", "1", "2.00")))
    assert quotes(parsed, "ticker") == [("B",)]
    (refused,) = parsed.refused
    assert reason in refused.reason


@pytest.mark.parametrize("name", ["brvm/1", "brvm.html", "brvm 2026-10-08 (1).htm"])
def test_a_page_is_of_the_exchange_that_its_name_begins_with(name, page, quotes):
    parsed = asked(page, listing(share("SNTS", "Sonatel", "1", "25,425.00")), key=name)
    assert quotes(parsed, "mic", "currency", "close") == [("XBRV", "XOF", 25425.0)]


@pytest.mark.parametrize(
    ("body", "key", "failure", "said"),
    [
        (b"", "ngx/1", EmptyPage, "without a body"),
        ("<html>no", "ngx/1", NotThisPage, "no table"),
        (listing(share("A", "A", "1", "2.00"))[:-30], "ngx/1", LayoutChanged, "breaks off"),
        (listing(), "ngx/1", EmptyPage, "no row"),
        (listing(head="<tr><th>Ticker<th>Last"), "ngx/1", LayoutChanged, "no table with"),
        (listing(share("A", "A", "1", "2.00")), "mse/1", NotThisPage, "'mse'"),
    ],
)
def test_what_is_no_list_of_afx_is_named(body, key, failure, said, page):
    with pytest.raises(failure, match=said):
        asked(page, body, key=key)


def keys_asked(page, bodies):
    talk, keys = snapshot(Ask(sessions=(SESSION,))), []
    request = next(talk)
    while request is not None:
        keys.append(request.key)
        try:
            request = talk.send(page(SOURCE, bodies[request.key], key=request.key))
        except StopIteration:
            request = None
    return keys


def test_pages_are_asked_for_until_one_is_shorter_or_comes_again(page):
    full = [listing(*(share(f"{x}{n}", "A", "1", "2") for n in range(9))) for x in "ABC"]
    short = listing(share("Z", "Z", "1", "2"))
    bodies = {"ngx/1": full[0], "ngx/2": short, "jse/1": full[1], "jse/2": full[2]}
    bodies |= {"jse/3": full[2], "brvm/1": full[0], "brvm/2": short}
    assert keys_asked(page, bodies) == list(bodies)


def test_a_list_of_one_page_that_comes_again_is_asked_for_twice(page):
    one = listing(share("Z", "Z", "1", "2"))
    bodies = {f"{slug}/{number}": one for slug in ("ngx", "jse", "brvm") for number in (1, 2)}
    assert keys_asked(page, bodies) == list(bodies)
