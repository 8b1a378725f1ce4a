"""The monetary series: real figures in workbooks of the bank's order, and the invented bank's."""

import csv
from calendar import monthrange
from collections import defaultdict
from datetime import UTC, date, datetime

import polars as pl
import pytest

from market_assets.domain.central_bank.rows import OBSERVATIONS
from market_assets.sandbox.central_bank.series import FILES, OTHERS, newest_month
from market_assets.sandbox.central_bank.series_figures import (
    AGGREGATES,
    OBJECTS,
    SECTORS,
    amounts,
    months,
)
from market_assets.sources.central_bank.bkam_series import PAGE, SERIES, SOURCE, links, parse
from market_assets.sources.central_bank.series_workbook import letters
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets_tests.sources.central_bank.conftest import evening
from market_assets_tests.sources.conftest import capture
from market_assets_tests.sources.workbooks import workbook

HEAD = ["", date(2026, 3, 25), date(2026, 4, 25), date(2026, 5, 25)]
AGGREGATE_ROWS = [[row.label, 1.5, 2, 3] for row in AGGREGATES]


def month_end(day):
    return day.replace(day=monthrange(day.year, day.month)[1])


def at_midnight(cells):
    """The cells with dates as the workbook's library shows them: texts of instants."""
    return [f"{x} 00:00:00" if isinstance(x, date) else x for x in cells]


def book(*rows, unit="Encours en MDH", head=HEAD, title="Agrégats de monnaie"):
    lines = [[title], [unit], at_midnight(head), *map(at_midnight, rows)]
    return capture(SOURCE, workbook(lines, inline=False), key="monetary_aggregates")


def stated(parsed):
    rows = parsed.tables["observations"]
    assert rows.schema == OBSERVATIONS
    assert rows.select("indicator_id", "reference_date").is_duplicated().sum() == 0
    return {(name, day): value for name, day, value in rows.select(rows.columns[:3]).rows()}


def page(*anchors):
    links = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in anchors)
    return capture(SOURCE, f"<html><title>bkam.ma</title><ul>{links}</ul></html>", key="series")


@pytest.fixture(scope="module")
def derived(samples):
    """The rows that another project read from a real workbook: category, its months and MDH."""

    def rows(name):
        path = samples / "bam_africa" / "bkam_derived" / f"bkam_{name}.csv"
        found = defaultdict(dict)
        for row in csv.DictReader(path.read_text("utf-8").splitlines()):
            day = date.fromisoformat(row["periode"])
            found[row["categorie"]][day] = float(row["encours_mdh"])
        return dict(found)

    return rows


@pytest.mark.parametrize(("name", "categories"), [("credit_objet_eco", 12), ("credit_secteur", 15)])
def test_the_real_figures_come_out_of_a_workbook_in_the_banks_order(derived, name, categories):
    real = derived(name)
    days = sorted({day for stated in real.values() for day in stated})
    rows = [[category, *(stated.get(day) for day in days)] for category, stated in real.items()]
    parsed = parse(book(*rows, head=["", *days], title="titre"))
    assert parsed.refused == ()
    values = stated(parsed)
    assert (len(real), len({name for name, _ in values})) == (categories, categories)
    assert len(values) == sum(map(len, real.values()))
    total, newest = real["Créditbancaire"], date(2026, 5, 31)
    for day, millions in total.items():
        assert values["credit.total", month_end(day)] == pytest.approx(millions * 1e6, abs=0.02)
    assert round(values["credit.total", newest] / 1e6) == 1_259_114


def test_non_performing_loans_are_the_real_stock_of_may_2026(derived):
    real = derived("credit_objet_eco")
    days = sorted(real["Créditbancaire"])
    rows = [[category, *(stated.get(day) for day in days)] for category, stated in real.items()]
    values = stated(parse(book(*rows, head=["", *days])))
    assert values["credit.object.non_performing", date(2026, 5, 31)] == 105_973_385_000
    housing = {day for name, day in values if name == "credit.object.housing_participatory"}
    assert (min(housing), len(housing)) == (date(2017, 10, 31), 104)


def test_real_parts_add_up_to_the_real_total(derived):
    objects = {letters(name): values for name, values in derived("credit_objet_eco").items()}
    sectors = {letters(name): values for name, values in derived("credit_secteur").items()}
    for rows, known in ((OBJECTS, objects), (SECTORS, sectors)):
        total = known[letters(rows[0].label)]
        parts = [known[letters(rows[part].label)] for part in rows[0].parts]
        for day, millions in total.items():
            assert sum(part[day] for part in parts) == pytest.approx(millions, abs=1)


def test_the_page_then_each_series_it_links_to_comes_back_as_invented(held, figures, quiet_day):
    collected = held(SOURCE, SOURCE.snapshot, [quiet_day], evening(quiet_day))
    assert collected.failure is None
    pages = {taken.key: parse(taken) for taken in collected.captures}
    assert set(pages) == {"series", *SERIES}
    assert {name: parsed.refused for name, parsed in pages.items()} == dict.fromkeys(pages, ())
    newest = newest_month(quiet_day)
    for key, rows in (
        ("credit_by_object", OBJECTS),
        ("credit_by_sector", SECTORS),
        ("monetary_aggregates", AGGREGATES),
    ):
        values = stated(pages[key])
        invented = amounts(rows, newest, figures.seed)
        assert max(day for _, day in values) == newest
        assert len({name for name, _ in values}) == len(rows)
        ends = months(newest)
        since = sum(end >= row.since for row in rows for end in ends)
        assert len(values) == since
        last = sorted(value for (_, day), value in values.items() if day == newest)
        assert last == pytest.approx(sorted(row[-1] * 1e6 for row in invented), abs=1)


def test_both_files_of_credit_state_the_same_total(figures):
    until = date(2026, 5, 31)
    by_object, by_sector = (amounts(rows, until, figures.seed)[0] for rows in (OBJECTS, SECTORS))
    assert by_object == by_sector


def test_a_longer_series_begins_like_a_shorter_one():
    shorter = amounts(SECTORS, date(2026, 4, 30), 5)
    longer = amounts(SECTORS, date(2026, 5, 31), 5)
    assert [row[:-1] for row in longer] == [*map(tuple, shorter)]


def test_links_are_known_by_their_letters_whatever_accents_capitals_and_spaces():
    found = links(
        page(
            ("/content/download/1/1/6-AGREGATSdemonnaie.XLSX", ""),
            (
                "https://www.bkam.ma/content/12-%20Ventilation%20du%20cr%C3%A9dit.xlsx",
                "12- VENTILATION DU CREDIT BANCAIRE PAR OBJET ECONOMIQUE",
            ),
            ("/a/13- Ventilation du crédit bancaire  par secteur  institutionnel.xlsx", "(XLSX)"),
            ("/b/13- Ventilation du crédit bancaire par secteur institutionnel.xlsx", "older"),
        )
    )
    assert found == {
        "monetary_aggregates": "/content/download/1/1/6-AGREGATSdemonnaie.XLSX",
        "credit_by_object": "/content/12- Ventilation du crédit.xlsx",
        "credit_by_sector": (
            "/a/13- Ventilation du crédit bancaire  par secteur  institutionnel.xlsx"
        ),
    }


def test_neighbours_other_hosts_and_other_files_are_no_series_of_ours():
    crossed = "Ventilation croisée du crédit bancaire par objet économique et par secteur"
    asked = page(
        ("/a/14.xlsx", crossed),
        ("/a/39.xlsx", "Créances des ASF sur les agents non financiers par objet économique"),
        ("https://elsewhere.org/AgregatsDeMonnaie.xlsx", "Agrégats de monnaie"),
        ("/a/AgregatsDeMonnaie.xls", "Agrégats de monnaie 1985-2001"),
        ("/a/AgregatsDeMonnaie.pdf", ""),
    )
    assert links(asked) == {}
    with pytest.raises(LayoutChanged, match="links to none of the series"):
        parse(asked)


def test_a_series_that_is_no_longer_linked_is_told():
    refused = parse(page(("/a/6-AgregatsDeMonnaie.xlsx", ""))).refused
    assert [line.reason for line in refused] == [
        f"the page does not link to the series {key}"
        for key in ("credit_by_object", "credit_by_sector")
    ]


def test_a_column_is_about_its_month_whatever_day_is_written_above_it():
    parsed = parse(book(*AGGREGATE_ROWS))
    ends = {date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)}
    assert {day for _, day in stated(parsed)} == ends
    assert stated(parsed)["money.m3", date(2026, 3, 31)] == 1_500_000


@pytest.mark.parametrize("unit", ["Encours en MDH", "(En millions de dirhams)", "(en MDH)"])
def test_millions_of_dirhams_may_be_written_in_full(unit):
    assert stated(parse(book(*AGGREGATE_ROWS, unit=unit)))["money.m3", date(2026, 5, 31)] == 3e6


def test_what_is_not_available_is_no_row_and_no_zero():
    rows = [["M1", "ND", 0, "-"], *(row for row in AGGREGATE_ROWS if row[0] != "M1")]
    parsed = parse(book(*rows))
    found = {day: x for (name, day), x in stated(parsed).items() if name == "money.m1"}
    assert found == {date(2026, 4, 30): 0.0}
    assert parsed.refused == ()


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("n.d.", "'n.d.' is not a number as this source writes them"),
        (-3, "an outstanding amount of -3.0"),
    ],
)
def test_one_unreadable_cell_costs_one_cell(cell, reason):
    rows = [["M1", cell, 2, 3], *(row for row in AGGREGATE_ROWS if row[0] != "M1")]
    parsed = parse(book(*rows))
    (line,) = parsed.refused
    assert (line.reason, line.session) == (reason, date(2026, 3, 31))
    assert line.text == f"M1 | 2026-03 | {cell}"
    assert len(stated(parsed)) == len(AGGREGATES) * 3 - 1


def test_unknown_repeated_and_missing_categories_are_told():
    rows = [row for row in AGGREGATE_ROWS if row[0] not in {"M1", "M2"}]
    parsed = parse(book(*rows, ["M2", 1, 2, 3], ["m2", 4, 5, 6], ["M4", 7, 8, 9]))
    assert [line.reason for line in parsed.refused] == [
        "2 rows are called 'M2'",
        "2 rows are called 'm2'",
        "'M4' is no category of the series that is known",
        "no row of money.m1",
    ]
    assert {name for name, _ in stated(parsed)}.isdisjoint({"money.m1", "money.m2"})


def test_months_that_come_twice_or_have_not_ended_are_put_aside():
    head = [*HEAD, date(2026, 5, 2), date(2027, 1, 25), "total"]
    rows = [[*row, 4, 5, 6] for row in AGGREGATE_ROWS]
    parsed = parse(book(*rows, head=head))
    fetched = capture(SOURCE, b"x").fetched_at.date()
    assert [line.reason for line in parsed.refused] == [
        "a second column of 2026-05",
        f"2027-01 had not ended on {fetched}",
        "'total' is no date of a month",
    ]
    assert stated(parsed)["money.m3", date(2026, 5, 31)] == 3_000_000


@pytest.mark.parametrize(
    ("taken", "failure", "words"),
    [
        (book(*AGGREGATE_ROWS, unit="Encours"), LayoutChanged, "says that it is in MDH"),
        (book(*AGGREGATE_ROWS, unit="Encours en MMDH"), LayoutChanged, "says that it is in MDH"),
        (book(*AGGREGATE_ROWS, head=["", "mars", "avril", "mai"]), LayoutChanged, "no row of mon"),
        (book(["Réserves", 1, 2, 3]), LayoutChanged, "no series is known with the categories"),
        (book(*([row[0], "ND", "ND", "-"] for row in AGGREGATE_ROWS)), EmptyPage, "no amount"),
        (capture(SOURCE, b"PK\x03\x04broken"), LayoutChanged, "broken workbook"),
        (capture(SOURCE, "<html>another page</html>"), NotThisPage, "neither a workbook nor"),
        (capture(SOURCE, '{"a": 1}'), NotThisPage, "neither a workbook nor"),
    ],
)
def test_what_cannot_be_used_says_why(taken, failure, words):
    with pytest.raises(failure, match=words):
        parse(taken)


def test_a_head_that_moved_down_is_found_where_it_is(held, figures, day_with):
    day = day_with("bkam_series", "moved_head")
    captures = held(SOURCE, SOURCE.snapshot, [day], evening(day)).captures
    (moved,) = (taken for taken in captures if taken.key == "credit_by_object")
    values = stated(parse(moved))
    total = amounts(OBJECTS, newest_month(day), figures.seed)[0][-1]
    assert values["credit.total", newest_month(day)] == pytest.approx(total * 1e6, abs=1)


@pytest.mark.parametrize(
    ("fault", "words"),
    [("moved_sheet", "no row of months on the first sheet"), ("other_unit", "that it is in MDH")],
)
def test_figures_on_another_sheet_or_of_another_unit_are_not_read(held, day_with, fault, words):
    day = day_with("bkam_series", fault)
    captures = held(SOURCE, SOURCE.snapshot, [day], evening(day)).captures
    assert len(captures) == 1 + len(SERIES)
    for taken in captures[1:]:
        with pytest.raises(LayoutChanged, match=words):
            parse(taken)


def test_a_torn_page_is_asked_again(held, day_with):
    day = day_with("bkam_series", "torn")
    collected = held(SOURCE, SOURCE.snapshot, [day], evening(day))
    assert (collected.failure, len(collected.captures)) == (None, 1 + len(SERIES))


def test_the_invented_page_lists_neighbours_that_are_never_asked(held, quiet_day):
    captures = held(SOURCE, SOURCE.snapshot, [quiet_day], evening(quiet_day)).captures
    said = captures[0].body.decode()
    assert all(title in said for title in OTHERS.values())
    assert set(links(captures[0]).values()) == set(FILES)
    assert captures[0].url.endswith(PAGE)


def test_an_edition_is_out_a_month_after_its_month():
    out = {newest_month(day) for day in (date(2026, 7, 2), date(2026, 7, 31))}
    assert out == {date(2026, 5, 31)}
    assert newest_month(date(2026, 7, 1)) == date(2026, 4, 30)
    assert newest_month(date(2026, 8, 1)) == date(2026, 6, 30)


def test_amounts_name_the_capture_they_were_read_from():
    rows = parse(book(*AGGREGATE_ROWS)).tables["observations"]
    taken = rows.select("source", "publication_date", "known_at").unique()
    assert taken.height == 1
    assert taken["source"].to_list() == ["bkam_series"]
    assert taken["publication_date"].to_list() == [None]
    assert taken["known_at"].to_list()[0] < datetime(2030, 1, 1, tzinfo=UTC)
    assert pl.Series(rows["value"]).is_finite().all()
