"""The catalogue against the parsers: every indicator in it comes out of one of them."""

import re
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from market_assets.domain.central_bank.currentness import RHYTHMS, currentness
from market_assets.domain.central_bank.indicators import indicators
from market_assets.domain.central_bank.rates import (
    interbank_rate,
    lending_rates,
    monia,
    policy_rate,
)
from market_assets.domain.central_bank.statements import (
    exchange_rates,
    observations,
    treasury_curve,
)
from market_assets.sandbox.central_bank.bkam_api import KEYS
from market_assets.sandbox.central_bank.world import CentralBankWorld
from market_assets.sources.central_bank import bkam, bkam_api, bkam_series
from market_assets.sources.central_bank.bkam_api import keyed
from market_assets.sources.central_bank.bkam_requests import DAILY, SELDOM
from market_assets.sources.central_bank.catalogue import PLACES, catalogue, labels
from market_assets.sources.central_bank.channels import CHANNELS, channels
from market_assets.sources.central_bank.subjects import SUBJECTS
from market_assets.sources.source import Ask
from market_assets_tests.sources.central_bank.conftest import evening
from market_assets_tests.sources.conftest import answered, capture, question

SOURCES = (bkam.SOURCE, bkam.SELDOM_SOURCE, bkam_series.SOURCE, keyed(KEYS))


@pytest.fixture(scope="module")
def said(quiet_day):
    """What every source says the day after a quiet day: its rows by source, subject and page."""
    world, rows = CentralBankWorld(seed=2026), {}
    ask, now = Ask(sessions=(quiet_day,)), evening(quiet_day + timedelta(days=1))
    for source in SOURCES:
        talk = source.snapshot(ask)
        request = next(talk, None)
        while request is not None:
            asked = question(request)
            asked = replace(asked, headers={**asked.headers, "user-agent": "desk"})
            taken = answered(source, request, world.answer(source.name, asked, now), ask)
            for subject, frame in source.parse(taken).tables.items():
                rows[source.name, subject, taken.key] = frame
            try:
                request = talk.send(taken)
            except StopIteration:
                request = None
    return rows


def tables(said):
    """The long table of what was said."""
    stated = {
        subject: pl.concat(rows for (_, name, _), rows in said.items() if name == subject)
        for subject in SUBJECTS
    }
    return indicators(
        exchange_rates(stated["exchange_rates"], sources=channels()).table,
        treasury_curve(stated["treasury_curve"], sources=channels()).table,
        observations(stated["observations"], sources=channels()).table,
        catalogue=catalogue(),
    )


def test_there_are_at_least_106_indicators_each_once_and_whole():
    rows = catalogue()
    assert rows.schema == PLACES
    assert rows.height >= 106
    assert rows["indicator_id"].n_unique() == rows["name"].n_unique() == rows.height
    assert rows.drop("per").null_count().row(0) == (0,) * (len(PLACES) - 1)
    assert rows.filter(pl.any_horizontal(pl.col(pl.String).exclude("api") == "")).height == 0


def test_every_indicator_of_the_catalogue_is_produced_by_a_parser(said):
    assert set(tables(said)["indicator_id"]) == set(catalogue()["indicator_id"])


def test_every_indicator_stands_on_the_page_and_in_the_source_that_the_catalogue_names(said):
    for row in catalogue().rows(named=True):
        for page in row["page"].split("+"):
            frame = said[row["source"], row["subject"], page]
            if row["subject"] == "observations":
                assert row["indicator_id"] in set(frame["indicator_id"])
            if row["subject"] == "exchange_rates":
                _, kind, side, currency = row["indicator_id"].split(".")
                here = frame.filter(kind=kind, currency=currency)
                assert here[side].null_count() == 0
                assert set(here["unit_count"]) == {row["per"]}


def test_no_parser_states_an_observation_that_the_catalogue_lacks(said):
    stated = pl.concat(rows for (_, subject, _), rows in said.items() if subject == "observations")
    assert set(stated["indicator_id"]) <= set(catalogue()["indicator_id"])


def test_the_api_states_what_the_catalogue_says_it_does(said):
    for page, operation in (("reference_rates", "CoursVirement"), ("banknotes", "CoursBBE")):
        ((_, frame),) = (
            (key, rows)
            for (source, _, key), rows in said.items()
            if source == "bkam_api" and key.startswith(page)
        )
        here = catalogue().filter(pl.col("api").str.ends_with(operation))
        assert set(here["page"]) == {page}
        assert set(here["row"]) <= set(frame["currency"])


def test_units_name_the_count_of_units_and_the_currency():
    for row in catalogue().rows(named=True):
        stated = re.fullmatch("MAD per ([0-9]+) ([A-Z]{3})", row["unit"])
        if row["subject"] == "exchange_rates":
            assert (int(stated[1]), stated[2]) == (row["per"], row["row"])
        else:
            assert (row["per"], row["unit"] in {"MAD", "percent"}) == (None, True)


def test_bands_of_the_curve_follow_each_other_without_gap_or_overlap():
    rows = catalogue().filter(subject="treasury_curve")["row"].to_list()
    ends = [tuple(map(int, row.split("-"))) for row in rows]
    assert [low for low, _ in ends] == [1, *(high + 1 for _, high in ends[:-1])]
    standard = [timedelta(weeks=13), timedelta(weeks=26), timedelta(weeks=52)]
    assert [high for _, high in ends[:3]] == [period.days for period in standard]
    assert ends[-1][1] == round(30 * 365.25)


def test_every_frequency_has_a_rhythm_and_every_page_is_asked():
    rows = catalogue()
    assert set(rows["frequency"]) <= set(RHYTHMS)
    pages = {page for both in set(rows["page"]) for page in both.split("+")}
    assert pages <= {*DAILY, *SELDOM, *bkam_series.SERIES}


def test_every_source_speaks_by_a_channel():
    assert {source.name for source in SOURCES} == set(CHANNELS)
    assert bkam_api.SOURCE.name == channels()["source"][0]


def test_labels_are_those_of_one_page():
    assert labels("monia") == {"Indice MONIA": "monia.rate", "Volume JJ": "monia.volume"}
    both = {labels(page)["Crédit bancaire"] for page in ("credit_by_object", "credit_by_sector")}
    assert both == {"credit.total"}


@pytest.fixture(scope="module")
def real(samples):
    """The long table of the real pages of July 2026."""
    folder = samples / "bam_africa" / "bkam_html"
    said = {
        (path.name, subject, ""): rows
        for path in folder.glob("*.html")
        for subject, rows in bkam.parse(capture(bkam.SOURCE, path.read_bytes())).tables.items()
    }
    return tables(said)


def test_real_pages_state_the_indicators_of_their_pages(real):
    unseen = {
        *("banknotes", "credit_by_object", "credit_by_sector", "monetary_aggregates"),
        *("interventions", "reserve_assets"),
    }
    expected = catalogue().filter(~pl.col("page").str.split("+").list.first().is_in(unseen))
    assert set(real["indicator_id"]) == set(expected["indicator_id"])
    curve_of = real.filter(reference_date=date(2026, 7, 13))
    points = dict(curve_of.select("indicator_id", "value").rows())
    assert [points[f"curve.{band}"] for band in ("13w", "26w", "52w", "2y", "5y")] == [
        *(2.16, 2.17, 2.2, 2.22, 2.72)
    ]
    assert [points[f"curve.{band}"] for band in ("10y", "15y", "20y", "30y")] == [
        *(3.11, 3.64, 3.73, 4.1)
    ]


def test_real_banknotes_of_the_api_state_both_sides_of_every_catalogued_currency(samples, page):
    body = (samples / "bam_africa" / "fx" / "bam_CoursBBE_2023-05-12.json").read_bytes()
    rates = bkam_api.parse(page(bkam_api.SOURCE, body)).tables["exchange_rates"]
    currencies = set(catalogue().filter(page="banknotes")["row"])
    assert set(rates["currency"]) == currencies
    assert rates.filter(pl.any_horizontal(pl.col("bid", "ask").is_null())).height == 0


def test_on_the_day_of_the_real_pages_only_the_decisions_were_late(real):
    found = currentness(real, as_of=date(2026, 7, 14))
    late = found.filter(pl.col("status") != "current")
    assert set(late["status"]) == {"stale"}
    assert set(late["indicator_id"]) == {
        *("policy.rate", "policy.reserve_ratio", "policy.reserve_remuneration")
    }
    years_later = currentness(real, as_of=date(2028, 1, 1))
    assert set(years_later["status"]) == {"frozen"}
    assert years_later["value"].null_count() == years_later.height


def test_the_tables_of_the_real_pages_are_those_of_their_pages(real):
    assert policy_rate(real).height == 77
    assert policy_rate(real)["change"].drop_nulls().len() == 76
    assert interbank_rate(real)["volume"].null_count() == 4
    assert monia(real).row(-1)[:4] == (
        *(date(2026, 7, 13), date(2026, 7, 14), 2.221, 13_137_000_000.0),
    )
    assert lending_rates(real)["total"].to_list()[-2:] == [4.82, 4.66]
