"""Exchange rates: units in labels, codes in links, the ouguiya, and what is refused."""

from datetime import date

import pytest

from market_assets.sources.central_bank.bkam import SOURCE, parse
from market_assets.sources.central_bank.exchange_pages import ouguiya
from market_assets.web.failures import EmptyPage, LayoutChanged
from market_assets_tests.sources.conftest import capture

EURO = ("1 EURO", "EUR", "10,6416", "10,6000")


def reference(*rows, dates=("13/07/2026", "10/07/2026"), names=("Moyen", "Moyen")):
    head = "".join(f'<th colspan="1">{shown}</th>' for shown in dates)
    subs = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(
        f'<tr><td><a title="{label} ({code})">{label}</a></td>'
        + "".join(f"<td>{x}</td>" for x in values)
        + "</tr>"
        for label, code, *values in rows
    )
    return (
        "<html><table class='dynamic_contents_ref_18'>"
        f"<tr><th rowspan=2>Devises</th>{head}</tr><tr>{subs}</tr>{body}</table></html>"
    )


def read(body):
    return parse(capture(SOURCE, body, key="reference_rates"))


def rates(parsed):
    columns = ("currency", "reference_date", "kind", "unit_count", "mid", "bid", "ask")
    return parsed.tables["exchange_rates"].select(columns).rows()


def test_the_unit_is_in_the_label_and_the_code_in_the_link():
    parsed = read(reference(("100 YENS JAPONAIS", "JPY", "5,7440", "-")))
    assert rates(parsed) == [("JPY", date(2026, 7, 13), "reference", 100, 5.744, None, None)]


def test_buying_and_selling_under_one_date_are_one_row():
    body = reference(EURO, dates=("13/07/2026",), names=("Cours d'achat", "Cours de vente"))
    body = body.replace('colspan="1"', 'colspan="2"').replace("10,6416", "10,5000")
    assert rates(read(body)) == [
        ("EUR", date(2026, 7, 13), "reference", 1, None, 10.5, 10.6),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("EURO", "EUR", "10,6", "10,6"), "'EURO' is not a count and a currency"),
        (("1 EURO", "USD", "10,6", "10,6"), "'EURO' is EUR, but its link says USD"),
        (("1 THALER", "thaler", "10,6", "10,6"), "unknown currency: 'THALER'"),
        (("1 EURO", "EUR", "n.d.", "10,6"), "'n.d.' is not a number as this source writes them"),
        (("1 EURO", "EUR", "0,0000", "10,6"), "a rate of 0.0"),
        (("1 EURO", "EUR", "-1,2", "10,6"), "a rate of -1.2"),
        (("1 EURO", "EUR", "10,6"), "2 cells below 3 headings"),
    ],
)
def test_a_rate_that_cannot_be_trusted_is_put_aside(row, reason):
    parsed = read(reference(row, ("1 DOLLAR U.S.A.", "USD", "9,3116", "9,3000")))
    assert [line.reason for line in parsed.refused] == [reason]
    assert {currency for currency, *_ in rates(parsed)} == {"USD"}


def test_a_currency_the_bank_adds_is_known_by_its_link():
    parsed = read(reference(("1 DOLLAR DE HONG KONG", "HKD", "1,19", "1,19")))
    assert {currency for currency, *_ in rates(parsed)} == {"HKD"}


def test_who_buys_above_what_he_sells_at_is_refused():
    body = reference(EURO, dates=("13/07/2026",), names=("Cours d'achat", "Cours de vente"))
    with pytest.raises(EmptyPage, match=r"buys at 10\.6416, above the 10\.6 it sells at"):
        read(body.replace('colspan="1"', 'colspan="2"'))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"names": ("Moyen", "Cours du soir")}, "a column 'cours du soir'"),
        ({"dates": ("13/07/2026", "hier")}, "'hier' is not a date"),
    ],
)
def test_columns_that_nobody_knows_are_a_changed_layout(change, words):
    with pytest.raises(LayoutChanged, match=words):
        read(reference(EURO, **change))


@pytest.mark.parametrize(
    ("unit", "dirhams", "meant"),
    [
        (100, 23.532, ("MRU", 100)),
        (1, 26.11, ("MRU", 100)),
        (100, 2.62, ("MRO", 100)),
        (100, 4.7, ("MRO", 100)),
        (1, 2.62, ("MRO", 100)),
        (1, 0.2353, ("MRU", 1)),
    ],
)
def test_the_ouguiya_is_told_by_its_worth(unit, dirhams, meant):
    assert ouguiya(unit, dirhams) == meant


def banknotes(shown):
    return (
        f"<html><form class='form-filter'><input name='date' value='{shown}'></form>"
        "<table class='dynamic_contents_ref_19'><tr><th>Devises</th><th>Achat clientèle</th>"
        "<th>Vente clientèle</th></tr><tr><td><span class='object_name'>1 EURO</span></td>"
        "<td>9,9878</td><td>11,6074</td></tr></table></html>"
    )


def test_notes_are_bought_at_bid_and_sold_at_ask_on_the_day_of_the_form():
    assert rates(read(banknotes("13/07/2026"))) == [
        ("EUR", date(2026, 7, 13), "banknote", 1, None, 9.9878, 11.6074)
    ]


@pytest.mark.parametrize(
    ("shown", "words"), [("", "no date in its form"), ("2026-07-13", "the date in the form")]
)
def test_notes_without_a_certain_day_are_not_read(shown, words):
    with pytest.raises(LayoutChanged, match=words):
        read(banknotes(shown))
