"""What the central banks' parsers make of answers changed by hand, and what they refuse."""

import json
from datetime import date

import pytest

from market_assets.sources.currencies import bceao, cbe, cbn, ecb, sarb
from market_assets.sources.source import Ask
from market_assets.web.failures import Blocked, EmptyPage, LayoutChanged, NotThisPage
from market_assets_tests.sources.workbooks import workbook

DAY = date(2026, 10, 8)
EURO = "FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\r\nD,USD,2026-10-08,1.15\r\n"
DOLLAR = {"id": 1, "currency": "US DOLLAR", "ratedate": "2026-10-08", "centralrate": "1371.80"}
RAND = {"Period": "2026-10-08T00:00:00", "Timeseries": "Rand per US Dollar", "Value": 17.1}
SERIES = "EXCX135D/2026-10-08"
FRANC = (
    "<h2>Cours des devises du jeudi 8 octobre 2026</h2><table><tr><th>Devise</th><th>CFA</th></tr>"
    "<tr><td>Euro</td><td>655,9570</td></tr></table>"
)
POUND = [(), ("Date", "Currency", "Buy", "Sell"), ("2026-10-08", "US Dollar", 50.0, 50.2)]
TOKEN = '<input name="__RequestVerificationToken" type="hidden" value="abc" />'


def rates(parsed):
    return parsed.tables["rates"].select("base", "quote", "reference_date", "rate").rows()


def lagos(*rows):
    return json.dumps(rows)


@pytest.mark.parametrize(
    ("source", "body", "key", "row"),
    [
        (ecb, EURO, "rates", ("EUR", "USD", DAY, 1.15)),
        (ecb, "KEY,OBS_VALUE,FREQ,TIME_PERIOD,CURRENCY\nx,2,D,2026-10-08,JPY", "rates", None),
        (cbn, lagos(DOLLAR), "rates", ("USD", "NGN", DAY, 1371.8)),
        (cbn, lagos(DOLLAR, DOLLAR), "rates", ("USD", "NGN", DAY, 1371.8)),
        (cbn, lagos(DOLLAR | {"currency": " us  dollar "}), "rates", ("USD", "NGN", DAY, 1371.8)),
        (sarb, json.dumps([RAND]), SERIES, ("USD", "ZAR", DAY, 17.1)),
        (sarb, json.dumps([RAND, RAND | {"Value": None}]), SERIES, ("USD", "ZAR", DAY, 17.1)),
        (sarb, json.dumps([RAND]), "saved_EXCX135D_2026", ("USD", "ZAR", DAY, 17.1)),
        (sarb, json.dumps([RAND]), "saved.json", ("USD", "ZAR", DAY, 17.1)),
        (
            sarb,
            json.dumps([RAND | {"Timeseries": "Kenyan shilling"}]),
            "EXCB059D.json",
            ("ZAR", "KES", DAY, 17.1),
        ),
        (bceao, FRANC, "rates", ("EUR", "XOF", DAY, 655.957)),
        (bceao, FRANC.replace("jeudi 8", "1er"), "r", ("EUR", "XOF", date(2026, 10, 1), 655.957)),
        (cbe, workbook(POUND, inline=False), "US Dollar", ("USD", "EGP", DAY, 50.1)),
    ],
)
def test_a_rate_comes_back(source, body, key, row, page):
    parsed = source.parse(page(source.SOURCE, body, key=key))
    assert rates(parsed) == [row or ("EUR", "JPY", DAY, 2.0)]
    assert parsed.refused == ()


@pytest.mark.parametrize(
    ("source", "body", "key", "reason"),
    [
        (ecb, EURO + "M,JPY,2026-10,170\r\n", "rates", "a frequency of 'M'"),
        (ecb, EURO + "D,JPY,2026-10-08,0\r\n", "rates", "a rate of 0.0"),
        (ecb, EURO + "D,yen,2026-10-08,170\r\n", "rates", "'yen' is not a currency"),
        (ecb, EURO + "D,JPY,2026-1", "rates", "breaks off"),
        (ecb, EURO + "D,JPY,2026-10-08,N/A", "rates", "'N/A' is not a number"),
        (cbn, lagos(DOLLAR, DOLLAR | {"currency": "NAIRA"}), "rates", "unknown currency: 'NAIRA'"),
        (cbn, lagos(DOLLAR, DOLLAR | {"currency": None}), "rates", "unknown currency: None"),
        (
            cbn,
            lagos(DOLLAR, DOLLAR | {"currency": "EURO", "centralrate": "-3"}),
            "rates",
            "a rate of -3.0",
        ),
        (sarb, json.dumps([RAND, RAND | {"Period": "8/10/2026"}]), SERIES, "is not a date"),
        (sarb, json.dumps([RAND, RAND | {"Value": "17"}]), SERIES, "'17' is not a JSON number"),
        (bceao, FRANC.replace("</table>", "<tr><td>x</td></tr></table>"), "rates", "1 cells"),
        (cbe, workbook([*POUND, ("2026-10-08", "Euro", 51.0, 50.0)], inline=False), "x", "buys at"),
        (cbe, workbook([*POUND, ("2026-10-08", "Euro", 51.0, "")], inline=False), "x", "one side"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_and_the_others_stay(
    source, body, key, reason, page
):
    parsed = source.parse(page(source.SOURCE, body, key=key))
    assert len(rates(parsed)) == 1
    assert [reason in refused.reason for refused in parsed.refused] == [True]


def test_two_rates_of_a_pair_and_a_day_are_both_put_aside(page):
    pound = DOLLAR | {"currency": "POUND STERLING"}
    other = pound | {"currency": "POUNDS STERLING", "centralrate": "1840"}
    parsed = cbn.parse(page(cbn.SOURCE, lagos(DOLLAR, pound, other)))
    assert [row[0] for row in rates(parsed)] == ["USD"]
    assert {refused.kind for refused in parsed.refused} == {"conflicting_rows"}
    assert [refused.session for refused in parsed.refused] == [DAY, DAY]


@pytest.mark.parametrize(
    ("source", "body", "key", "failure", "said"),
    [
        (ecb, "<html>maintenance</html>", "rates", NotThisPage, "no CSV"),
        (ecb, EURO.replace("OBS_VALUE", "VALUE"), "rates", LayoutChanged, "OBS_VALUE"),
        (ecb, EURO.splitlines()[0], "rates", EmptyPage, "no row"),
        (ecb, EURO.replace("1.15", ""), "rates", EmptyPage, "no rate is stated"),
        (cbn, "<html>maintenance</html>", "rates", NotThisPage, "markup"),
        (cbn, "[]", "rates", EmptyPage, "no row"),
        (cbn, lagos(DOLLAR | {"ratedate": "2026-09-01"}), "rates", EmptyPage, "newest 2026-09-01"),
        (cbn, lagos(DOLLAR)[:-5], "rates", LayoutChanged, "not whole JSON"),
        (sarb, "[]", SERIES, EmptyPage, "no row"),
        (sarb, json.dumps([RAND]), "EXCZ002D/x", LayoutChanged, "'Rand per Euro' was asked for"),
        (sarb, json.dumps([RAND]), "EXCZ999D/x", NotThisPage, "no series that is known"),
        (
            sarb,
            json.dumps([RAND | {"Timeseries": "Kenyan shilling"}]),
            "saved.json",
            NotThisPage,
            r"labelled \['Kenyan shilling'\]",
        ),
        (bceao, "<html>elsewhere</html>", "rates", NotThisPage, "no heading"),
        (bceao, FRANC.partition("<table>")[0], "rates", EmptyPage, "2026-10-08 and no table"),
        (bceao, FRANC.replace("CFA", "EUR"), "rates", LayoutChanged, "headed"),
        (bceao, FRANC.replace("</table>", ""), "rates", LayoutChanged, "breaks off"),
        (bceao, FRANC.replace("octobre", "october"), "rates", LayoutChanged, "no month"),
        (bceao, FRANC.replace("8 octobre", "38 octobre"), "rates", LayoutChanged, "no day"),
        (cbe, "Request Rejected", "US Dollar", Blocked, "Request Rejected"),
        (cbe, "<html>elsewhere</html>", "page", NotThisPage, "no token"),
        (cbe, workbook([*POUND[:1], POUND[2]], inline=False), "x", LayoutChanged, "headed"),
        (cbe, workbook(POUND[:2], inline=False), "x", EmptyPage, "no row"),
        (cbe, "plain text", "x", NotThisPage, "no workbook"),
    ],
)
def test_what_is_no_list_of_rates_is_named(source, body, key, failure, said, *, page):
    with pytest.raises(failure, match=said):
        source.parse(page(source.SOURCE, body, key=key))


def test_the_page_with_the_token_has_no_rates(page):
    assert cbe.parse(page(cbe.SOURCE, f"<html>{TOKEN}</html>")).tables == {}


def test_cairo_is_asked_for_dollar_and_euro_in_spans_of_30_days(page):
    talk = cbe.history(Ask(sessions=(date(2026, 1, 1), date(2026, 2, 1))))
    assert next(talk).path == cbe.PAGE
    asked = [talk.send(page(cbe.SOURCE, TOKEN)), *talk]
    spans = [
        (request.form["FromDateRaw"], request.form["ToDateRaw"])
        for request in asked
        if request.form["SelectedSelectOptions"] == "Euro"
    ]
    assert spans == [("01/01/2026", "30/01/2026"), ("31/01/2026", "01/02/2026")]
    assert len({request.key for request in asked}) == len(asked) == 4
    assert {request.form["__RequestVerificationToken"] for request in asked} == {"abc"}


def test_a_snapshot_looks_a_week_back_and_never_ahead():
    ask = Ask(sessions=(DAY,))
    (euro,) = ecb.snapshot(ask)
    assert (euro.params["startPeriod"], euro.params["endPeriod"]) == ("2026-10-01", "2026-10-08")
    rand = list(sarb.snapshot(ask))
    assert all(request.path.endswith("/2026-10-01/2026-10-08") for request in rand)
    assert len({request.key for request in rand}) == len(sarb.SERIES)
    (franc,) = bceao.SOURCE.snapshot(ask)
    assert franc.params == {"dateJour": "2026-10-08"}
