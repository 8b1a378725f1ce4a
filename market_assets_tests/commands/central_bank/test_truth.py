"""The tables are what the invented bank says, whatever went wrong at its site and its API."""

from contextlib import closing
from datetime import date
from itertools import pairwise

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.defs.central_bank.timing import complete_at
from market_assets.sources.central_bank.catalogue import catalogue
from market_assets.web.archive import Archive
from market_assets_tests.built import published
from market_assets_tests.built_central_bank import (
    DAYS,
    FIGURES,
    FIRST,
    LAST,
    SESSIONS,
    central_bank,
    faulty,
    in_window,
    known,
)

CODES = {"MRO": "MRU"}
"""The bank's code of the ouguiya, and the one of today."""
MILLION = 1e6


def table(rows: list[tuple], columns: tuple[str, ...], found: pl.DataFrame) -> pl.DataFrame:
    """``rows`` as ``found`` has its columns."""
    schema = {name: found.schema[name] for name in columns}
    return pl.DataFrame(rows, schema=schema, orient="row").sort(columns)


def test_the_closing_table_tells_who_answered_and_how_many_indicators(bank_built):
    said = (bank_built.parent / "said.txt").read_text("utf-8")
    assert f"sessions    {DAYS} of {DAYS}, {FIRST} to {LAST}" in said
    assert "bkam 25/25, bkam_api 25/25" in said
    assert "indicators  124" in said


def test_reference_rates_are_the_bank_s_by_day_and_currency(bank_built):
    columns = ("currency", "reference_date", "mid")
    found = known(bank_built, columns, "exchange_rates WHERE kind = 'reference'")
    days = sorted(set(found["reference_date"]))
    assert set(SESSIONS) <= set(days)
    told = [
        (CODES.get(code, code), day, mid)
        for day in days
        for code, mid in FIGURES.reference(day).items()
    ]
    assert_frame_equal(found, table(told, columns, found))


def test_banknotes_are_the_bank_s_by_day_and_currency(bank_built):
    columns = ("currency", "reference_date", "bid", "ask")
    found = known(bank_built, columns, "exchange_rates WHERE kind = 'banknote'")
    days = sorted(set(found["reference_date"]))
    assert set(SESSIONS) <= set(days)
    told = [
        (CODES.get(code, code), day, *sides)
        for day in days
        for code, sides in FIGURES.banknotes(day).items()
    ]
    assert_frame_equal(found, table(told, columns, found))


def test_monia_is_the_bank_s_from_its_first_day_on(bank_built):
    columns = ("reference_date", "rate", "volume")
    found = known(bank_built, columns, "monia")
    told = []
    for day in FIGURES.days:
        if day <= found["reference_date"].max():
            rate, volume = FIGURES.monia(day)
            told.append((day, rate, volume * MILLION))
    assert found["reference_date"].max() >= LAST
    assert_frame_equal(found, table(told, columns, found))


def test_the_interbank_rate_is_the_bank_s_on_every_day_of_the_calendar(bank_built):
    columns = ("reference_date", "rate", "volume", "outstanding")
    found = known(bank_built, columns, "interbank_rate")
    days = found["reference_date"]
    assert days.to_list() == pl.date_range(days.min(), days.max(), eager=True).to_list()
    assert days.max() >= LAST
    told = []
    for day in days:
        x = FIGURES.interbank(day)
        volume = None if x.volume is None else x.volume * MILLION
        told.append((day, x.rate, volume, x.outstanding * MILLION))
    assert_frame_equal(found, table(told, columns, found))


def test_interventions_are_the_bank_s_on_every_day_of_the_calendar(bank_built):
    columns = ("reference_date", "outstanding")
    found = known(bank_built, columns, "interventions")
    days = found["reference_date"]
    assert days.to_list() == pl.date_range(days.min(), days.max(), eager=True).to_list()
    assert days.min() < FIRST < LAST <= days.max()
    told = [(day, FIGURES.interventions(day) * MILLION) for day in days]
    assert_frame_equal(found, table(told, columns, found))


def test_reserve_assets_are_the_bank_s_of_the_newest_friday(bank_built):
    found = known(bank_built, ("reference_date", "assets"), "reserve_assets")
    ((friday, assets),) = found.rows()
    assert (friday.weekday(), assets) == (4, FIGURES.reserves(friday) * 1e9)
    assert 6 <= (complete_at(LAST).date() - friday).days <= 12


def test_decisions_are_the_council_s_with_their_changes(bank_built):
    found = known(bank_built, ("reference_date", "rate", "change"), "policy_rate")
    told = FIGURES.decisions(complete_at(LAST).date())[::-1]
    assert found.select("reference_date", "rate").rows() == list(told)
    rates = [rate for _, rate in told]
    changes = [round(b - a, 6) for a, b in pairwise(rates)]
    assert found["change"].to_list() == [None, *changes]


def test_the_curve_is_the_bank_s_point_by_point(bank_built):
    columns = ("reference_date", "maturity_date", "rate", "volume")
    found = known(bank_built, columns, "treasury_curve")
    days = sorted(set(found["reference_date"]))
    assert set(SESSIONS) <= set(days)
    told = [(day, *point) for day in days for point in FIGURES.curve(day)]
    assert_frame_equal(found, table(told, columns, found))


def test_at_least_106_indicators_have_the_catalogue_s_name_unit_and_frequency(bank_built):
    columns = ("indicator_id", "name", "unit", "frequency")
    found = known(bank_built, ("DISTINCT indicator_id", *columns[1:]), "indicators")
    assert found.height >= 106
    assert found["indicator_id"].is_unique().all()
    assert_frame_equal(found, catalogue().select(columns).join(found, on=columns).sort(columns))


def test_an_indicator_is_what_its_subject_s_table_says(bank_built):
    columns = ("reference_date", "value")
    told = known(bank_built, columns, "indicators WHERE indicator_id = 'fx.reference.mid.EUR'")
    assert told.rows() == [
        (day, FIGURES.reference(day)["EUR"]) for day in sorted(told["reference_date"])
    ]
    assert in_window(told).height == DAYS


@pytest.mark.parametrize(
    ("name", "source", "kind", "reason"),
    [
        ("layout", "bkam", "page", "LayoutChanged: no table is known that is headed"),
        ("page_for_export", "bkam", "page", "NotThisPage: a page came where the export"),
        ("unreadable", "bkam", "row", "'n.d.' is not a number as this source writes them"),
        ("conflict", "bkam_api", "conflicting_rows", "2 rows of EUR"),
        ("empty", "bkam_api", "page", "EmptyPage: curve/"),
        ("moved_sheet", "bkam_series", "page", "LayoutChanged: no row of months"),
        ("other_unit", "bkam_series", "page", "LayoutChanged: nothing above the months says"),
    ],
)
def test_a_planted_fault_is_put_aside_and_told_in_the_quality(
    bank_built, name, source, kind, reason
):
    session = faulty(name, source)
    rows = published(
        bank_built,
        "SELECT DISTINCT kind, reason FROM quality.quarantine WHERE source = ? AND session = ?",
        source,
        session,
    ).rows()
    assert {each for each, _ in rows} == {kind}
    assert all(text.startswith(reason) for _, text in rows)
    judged = published(
        bank_built,
        "SELECT put_aside > 0, score < 1 FROM central_bank.data_quality "
        "WHERE source = ? AND session = ?",
        source,
        session,
    ).rows()
    assert judged == [(True, True)] or source == "bkam_series"  # judged when an answer is due


@pytest.mark.parametrize(("name", "status"), [("wall", 403), ("maintenance", 503)])
def test_a_refusal_is_kept_as_it_came(bank_built, name, status):
    session = faulty(name, "bkam")
    with closing(Archive(bank_built / "sandbox/captures")) as archive:
        tried = archive.attempts("bkam", session, session)
        kept = archive.captures("bkam", session, session)
    assert status in {row.status for row in [*tried, *kept]}


def test_rows_that_came_twice_are_one(bank_built):
    session = faulty("doubles", "bkam_api")
    rows = published(
        bank_built,
        "SELECT count(*) FROM central_bank.bkam_api_exchange_rates "
        "WHERE reference_date = ? AND kind = 'reference'",
        session,
    )
    assert rows.item() == 30


def test_a_frozen_table_is_put_aside_under_the_session_that_asked_for_it(bank_built):
    rows = published(
        bank_built,
        "SELECT DISTINCT session, kind FROM quality.quarantine WHERE source = 'bkam_seldom'",
    )
    assert rows.rows() == [(LAST, "stale")]
    judged = published(
        bank_built,
        "SELECT session, put_aside, score FROM central_bank.data_quality "
        "WHERE source = 'bkam_seldom'",
    )
    assert judged.rows() == [(LAST, 0, 1.0)]


def test_where_page_and_api_agree_both_are_named_and_nothing_is_in_dispute(bank_built):
    rows = published(
        bank_built,
        "SELECT source, sources, round(confidence, 2) FROM central_bank.exchange_rates "
        "WHERE currency = 'EUR' AND kind = 'reference' AND reference_date = ?",
        date(2026, 10, 20),
    )
    assert rows.rows() == [("bkam_api", "bkam_api+bkam", 0.99)]
    assert published(bank_built, "FROM quality.exchange_rates_disagreements").height == 0


def test_a_second_run_has_nothing_new(bank_built):
    again = central_bank("--days", DAYS, "--until", LAST, data=bank_built)
    assert again.status == 0
    assert "Nothing new: every session that was asked for is published." in again.out
