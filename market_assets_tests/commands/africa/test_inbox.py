"""Real answers of central banks, as recorded in 2026: each rate in its table, crossed and aged."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from market_assets_tests.built import Ran, invoked, published
from market_assets_tests.built_africa import run

ANSWERS = {
    "ecb": (
        "2026-03-18",
        "fx/ecb_EXR_csvdata_2026-02-17_2026-03-18.csv",
        ": 638 rows of rates, 2026-02-17 to 2026-03-18; capture ",
    ),
    "bceao": (
        "2026-03-16",
        "fx/bceao_reference_2026-03-16.html",
        ": 21 rows of rates, 2026-03-16 to 2026-03-16, 6 refused (",
    ),
    "sarb": (
        "2026-03-27",
        "fx/sarb_EXCX135D_20260323_20260327.json",
        ": 4 rows of rates, 2026-03-24 to 2026-03-27; capture ",
    ),
    "egx_beta": (
        "2026-08-13",
        "egx/egx_beta_market_watch_2026-08-13.json",
        ": 220 rows of african_quotes, 2026-08-13 to 2026-08-13, 220 rows of african_listings",
    ),
}
REFUSED = {
    "ngx": ("2026-06-05", "ngx/ngx_equities_trimmed_2026-06-05.json", "5 rows of the price list"),
    "sarb": ("2026-03-18", "fx/ecb_EXR_csvdata_2026-02-17_2026-03-18.csv", "is not whole JSON"),
    "afx": ("2025-11-28", "afx_derived/ngx_companies.json", "no table: not a page of AFX"),
}


@pytest.fixture(scope="module")
def saved(samples, tmp_path_factory) -> tuple[Path, dict[str, Ran], Ran]:
    """The data directory, what each addition said and what the run said."""
    data = tmp_path_factory.mktemp("saved") / "data"
    folder = samples / "bam_africa"
    said = {
        name: invoked("inbox", "add", name, day, folder / file, "--data-dir", data)
        for name, (day, file, _) in ANSWERS.items()
    }
    return data, said, run("africa", "--from-captures", data=data, WEB="live")


def live(data: Path, query: str) -> pl.DataFrame:
    """The rows of ``query``: what a person saved is real."""
    return published(data, query, mode="live")


def test_what_an_answer_says_is_counted(saved):
    _, said, ran = saved
    assert {name: ANSWERS[name][2] in told.out for name, told in said.items()} == dict.fromkeys(
        ANSWERS, True
    )
    assert ran.status == 0


def test_rates_are_those_of_the_answers(saved):
    data, *_ = saved
    counts = live(data, "SELECT source, count(*) FROM africa.quoted_rates GROUP BY 1")
    assert dict(counts.rows()) == {"ecb": 638, "bceao": 21, "sarb": 4}


def test_crosses_of_the_day_name_what_they_were_made_of(saved):
    data, *_ = saved
    rows = live(data, "FROM africa.fx_rates WHERE as_of = DATE '2026-03-28'")  # a Saturday
    (dollar,) = rows.filter(base="USD", quote="ZAR").iter_rows(named=True)
    assert (dollar["rate"], dollar["sources"], dollar["age_days"]) == (17.1302, "sarb", 1)
    known = live(data, "FROM africa.fx_rates WHERE as_of = DATE '2026-03-16'")
    (rand,) = known.filter(base="ZAR", quote="XOF").iter_rows(named=True)
    (cfa,) = known.filter(base="XOF", quote="USD").iter_rows(named=True)
    assert (rand["path"], rand["sources"], rand["age_days"]) == ("ZAR>XOF", "bceao", 0)
    assert (cfa["path"], cfa["sources"], cfa["age_days"]) == ("XOF>USD", "bceao", 0)
    assert cfa["rate"] == pytest.approx(1 / 605.52, rel=1e-3)


def test_cairo_s_lines_keep_their_prices_in_dollars_and_their_turnover_in_pounds(saved):
    data, *_ = saved
    rows = live(data, "FROM africa.daily_quotes")
    assert set(rows["session"]) == {date(2026, 8, 13)}
    assert dict(rows.group_by("currency").len().rows()) == {"EGP": 211, "USD": 8}
    (aside,) = live(data, "FROM quality.quarantine WHERE ticker IS NOT NULL").rows(named=True)
    assert (aside["ticker"], aside["reason"]) == ("EGSA", "impossible price")
    (valmore,) = rows.filter(ticker="VLMR").iter_rows(named=True)
    figures = valmore["currency"], valmore["close"], valmore["volume"], valmore["turnover"]
    assert figures == ("USD", 0.703, 989_800, 34_766_995.905)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_in_its_publishers_own_format_is_refused_and_not_kept(name, samples, tmp_path):
    day, file, reason = REFUSED[name]
    path = samples / "bam_africa" / file
    said = invoked("inbox", "add", name, day, path, "--data-dir", tmp_path)
    assert said.status != 0
    assert reason in said.err
    assert "Nothing was kept." in said.err
