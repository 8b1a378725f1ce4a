"""Tables of the bank: columns from spans, exports, fingerprints, and what is no table."""

import pytest

from market_assets.sources.central_bank.bkam import SOURCE, parse
from market_assets.sources.central_bank.bkam_tables import fold, page_of
from market_assets.web.failures import (
    Blocked,
    EmptyPage,
    Incomplete,
    LayoutChanged,
    NotThisPage,
    Unavailable,
)
from market_assets_tests.sources.conftest import capture

MONIA = ("Indice MONIA", "Volume JJ", "Date de référence", "Date de publication")
ROW = ("2,221 %", "13137", "13/07/2026", "14/07/2026")


def page(head, rows, *, menu="", classes="dynamic_contents_ref_8", unit="En millions de dirhams"):
    top = "".join(f"<tr>{line}</tr>" for line in head)
    body = "".join(f"<tr>{''.join(f'<td>{x}</td>' for x in row)}</tr>" for row in rows)
    return (
        f"<html><body>{menu}<h3>{unit}</h3><table class='{classes}'>{top}{body}</table>"
        "<p>bkam</p></body></html>"
    )


def heads(*names):
    return ["".join(f"<th>{name}</th>" for name in names)]


def monia(*rows, names=MONIA, **more):
    return page(heads(*names), rows, **more)


def seen(body, **more):
    return parse(capture(SOURCE, body, key="monia", **more))


def test_the_text_of_a_cell_is_all_of_it_whatever_its_spans_are_called():
    broken = '<span class="number">2,221</sapn>&nbsp;<span class="symbol">%</span>'
    rows = seen(monia((broken, *ROW[1:]))).tables["observations"]
    assert rows["value"].to_list() == [2.221, 13_137_000_000.0]


def test_columns_are_built_from_spans_and_sub_headings():
    head = [
        '<th rowspan="2">A</th><th colspan="2">B</th><th>C</th>',
        "<th>x</th><th>y</th><th>z</th>",
    ]
    (table,) = page_of(capture(SOURCE, page(head, [("1", "2", "3", "4")]))).tables
    assert table.columns == (("a",), ("b", "x"), ("b", "y"), ("c", "z"))


def test_tables_are_known_by_the_prefix_of_their_class_and_their_headings():
    assert seen(monia(ROW, classes="table dynamic_contents_ref_999")).tables
    with pytest.raises(LayoutChanged, match="no table of the bank's kind"):
        seen(monia(ROW, classes="anything"))


def test_a_fingerprint_is_that_of_the_table_and_not_of_its_menu():
    bodies = (
        monia(ROW, menu='<a href="/fr/page">x</a>'),
        monia(ROW, menu='<a href="/page">x</a>'),
        monia(("2,222 %", *ROW[1:])),
    )
    one, same, other = (page_of(capture(SOURCE, body)).tables[0].fingerprint for body in bodies)
    assert one == same != other


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Date d\u2019adjudication", "date d'adjudication"),
        ("Taux\u00a0 Moyen\nPondéré ", "taux moyen pondere"),
    ],
)
def test_headings_are_compared_without_accents_case_and_typography(text, folded):
    assert fold(text) == folded


def test_a_renamed_column_is_a_changed_layout_that_names_what_is_missing():
    names = ("Indice", *MONIA[1:])
    with pytest.raises(LayoutChanged, match=r"lacks \['indice monia'\]"):
        seen(monia(ROW, names=names))


def test_columns_may_change_places():
    rows = seen(monia(ROW[::-1], names=MONIA[::-1])).tables["observations"]
    assert rows["value"].to_list() == [2.221, 13_137_000_000.0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("2.221 %", *ROW[1:]), "'2.221 ' is not a number as this source writes them"),
        ((*ROW[:2], "2026-07-13", ROW[3]), "'2026-07-13' is not a date of the form %d/%m/%Y"),
        ((*ROW[:2], "31/06/2026", ROW[3]), "'31/06/2026' is not a date of the form %d/%m/%Y"),
        (ROW[:3], "3 cells below 4 headings"),
        ((*ROW[:3], "12/07/2026"), "published on 2026-07-12, before 2026-07-13 that it is about"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_with_its_text(row, reason):
    good = ("2,218 %", "11959", "10/07/2026", "13/07/2026")
    parsed = seen(monia(row, good))
    (refused,) = parsed.refused
    assert (refused.reason, refused.text) == (reason, " | ".join(row))
    assert parsed.tables["observations"].height == 2


def test_rows_that_come_twice_are_one_if_equal_and_none_if_they_differ():
    good = ("2,218 %", "11959", "10/07/2026", "13/07/2026")
    other = ("2,300 %", *ROW[1:])
    assert seen(monia(ROW, ROW)).tables["observations"].height == 2
    parsed = seen(monia(ROW, other, good))
    named = parsed.tables["observations"].select("indicator_id", "value").rows()
    assert ("monia.rate", 2.218) in named
    assert [row for row in named if row[0] == "monia.rate"] == [("monia.rate", 2.218)]
    assert {line.kind for line in parsed.refused} == {"conflicting_rows"}
    assert parsed.refused[0].reason == "2 rows of monia.rate 2026-07-13 differ"


def test_a_page_without_a_usable_row_is_empty():
    with pytest.raises(EmptyPage, match="monia states nothing of observations"):
        seen(monia(("", "", "", "")))
    with pytest.raises(EmptyPage, match="3 cells below 4 headings"):
        seen(monia(ROW[:3]))


def test_amounts_without_their_unit_are_not_read():
    with pytest.raises(LayoutChanged, match="millions of dirhams"):
        seen(monia(ROW, unit="En milliards de dirhams"))


def test_no_record_is_an_empty_page_in_its_own_words():
    body = "<html><div class='block-table'><p>Aucun  enregistrement</p></div></html>"
    with pytest.raises(EmptyPage, match="Aucun enregistrement"):
        seen(body)


@pytest.mark.parametrize(
    ("body", "status", "failure", "words"),
    [
        ("<html><body>hello</body></html>", 200, NotThisPage, "no page of Bank Al-Maghrib"),
        ("<html><body>", 200, Incomplete, "breaks off"),
        ("hello", 200, NotThisPage, "neither a page nor an export"),
        ("", 200, EmptyPage, "without a body"),
        ("<html></html>", 403, Blocked, "status 403"),
        ("<html></html>", 503, Unavailable, "503"),
        ("<html></html>", 404, NotThisPage, "404"),
    ],
)
def test_what_is_no_page_of_the_bank_is_a_typed_failure(body, status, failure, words):
    with pytest.raises(failure, match=words):
        seen(body, status=status)


REFERENCE_EXPORT = """"Cours de référence"
"<a href='x'>Service API Cours de référence</a>"
;13/07/2026;10/07/2026
Devises;Moyen;Moyen
"1 EURO";10,6947;10,6822
"1 DOLLAR U.S.A.";9,2126;9,2026
"100 OUGUIYAS MAURITANIENNES";23,532;-
"""


def test_the_export_of_reference_rates_is_read_below_its_titles():
    parsed = parse(capture(SOURCE, "\ufeff" + REFERENCE_EXPORT, key="saved.csv"))
    rows = parsed.tables["exchange_rates"].select("currency", "unit_count", "reference_date", "mid")
    said = [(code, unit, f"{day:%d/%m}", mid) for code, unit, day, mid in rows.rows()]
    assert said == [
        ("EUR", 1, "13/07", 10.6947),
        ("EUR", 1, "10/07", 10.6822),
        ("USD", 1, "13/07", 9.2126),
        ("USD", 1, "10/07", 9.2026),
        ("MRU", 100, "13/07", 23.532),
    ]


@pytest.mark.parametrize("rate", ["2,221 %", "2,221%", "2,221"])
def test_the_export_of_monia_is_read_with_or_without_the_sign(rate):
    text = f'"INDICE MONIA"\n"titre"\n{";".join(MONIA)}\n{rate};13137;13/07/2026;14/07/2026\n'
    rows = parse(capture(SOURCE, text, key="monia.csv")).tables["observations"]
    assert rows["value"].to_list() == [2.221, 13_137_000_000.0]


def test_a_page_in_the_place_of_an_export_is_a_typed_failure():
    body = monia(ROW)
    with pytest.raises(NotThisPage, match=r"a page came where the export monia\.csv was asked for"):
        parse(capture(SOURCE, body, key="monia.csv"))
    assert seen(body).tables


def test_an_export_whose_dates_and_headings_do_not_match_is_a_changed_layout():
    text = REFERENCE_EXPORT.replace("Devises;Moyen;Moyen", "Devises;Moyen;Cours d'achat;Vente")
    with pytest.raises(LayoutChanged, match="4 headings below 3 dates"):
        parse(capture(SOURCE, text, key="reference.csv"))
