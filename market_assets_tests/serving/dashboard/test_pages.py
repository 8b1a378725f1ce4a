"""The pages' logic, without a browser: the numbers shown are those of the query."""

import shutil
from pathlib import Path

import pytest

from market_assets.serving.dashboard import frame
from market_assets.serving.dashboard.main import PAGES
from market_assets_tests.serving.dashboard.conftest import rows
from market_assets_tests.serving.dashboard.seen import notes, page_of, series

FILES = [file for listed in PAGES.values() for file, _ in listed]


@pytest.fixture(autouse=True)
def read(data: Path, monkeypatch: pytest.MonkeyPatch):
    """The dashboard reads ``data``."""
    monkeypatch.setenv("MARKET_ASSETS_DATA_DIR", str(data))
    frame.reader.clear()
    yield
    frame.reader.clear()


@pytest.mark.parametrize("file", FILES)
def test_every_page_shows_itself_and_marks_the_sandbox(file):
    page = page_of(file)
    assert not page.exception
    assert len(page.title) == 1
    assert any("SANDBOX" in told.body for told in page.get("html"))


def test_the_turnover_drawn_is_the_turnover_published(data):
    drawn = series(page_of("overview"), "turnover chart", "Turnover")
    query = (
        "SELECT total_turnover / 1e6 AS v FROM casablanca.market_volume_summary ORDER BY session"
    )
    assert drawn == pytest.approx(rows(data, query)["v"].to_list())


def test_an_average_without_a_whole_window_is_a_gap():
    assert series(page_of("overview"), "turnover chart", "5-session average") == [None] * 3


def test_a_company_is_chosen_by_the_address(data):
    page = page_of("company", ticker="IAM")
    closes = rows(
        data, "SELECT close FROM casablanca.daily_quotes WHERE ticker = 'IAM' ORDER BY session"
    )
    assert page.selectbox(key="ticker").value == "IAM"
    assert series(page, "price chart", "close") == closes["close"].to_list()


def test_what_is_chosen_goes_into_the_address_and_the_usual_stays_out():
    page = page_of("company")
    page.selectbox(key="ticker").select("IAM").run()
    assert page.query_params["ticker"] == "IAM"
    page.selectbox(key="ticker").select("ATW").run()
    assert "ticker" not in page.query_params


@pytest.mark.parametrize("strange", ["NOBODY", "", "'; DROP TABLE x"])
def test_an_address_that_names_no_option_shows_the_usual(strange):
    page = page_of("company", ticker=strange)
    assert not page.exception
    assert page.selectbox(key="ticker").value == "ATW"


@pytest.mark.parametrize(
    ("typed", "found"), [("attijari", ["ATW"]), ("iam", ["IAM"]), ("MA0000012445", ["ATW"])]
)
def test_companies_are_found_by_name_ticker_and_isin(typed, found):
    page = page_of("companies", q=typed)
    assert page.dataframe[0].value["ticker"].to_list() == found


def test_a_search_that_finds_nothing_says_so():
    page = page_of("companies", q="nobody at all")
    assert not page.dataframe
    assert notes(page) == ["No company fits"]


@pytest.mark.parametrize(
    ("measure", "column"), [("percent", "change_pct"), ("shares", "change_shares")]
)
@pytest.mark.parametrize("side", ["top", "bottom"])
def test_the_movers_drawn_are_those_published(data, measure, column, side):
    page = page_of("holdings", measure=measure, most="5")
    known = rows(
        data,
        f"SELECT {column} AS v FROM hkex.movers WHERE horizon = 1 AND measure = ? AND side = ? "
        "AND session = (SELECT max(session) FROM hkex.movers) AND rank <= 5 ORDER BY rank",
        measure,
        side,
    )["v"]
    scale = 1e6 if measure == "shares" else 1
    drawn = series(page, f"movers {side} chart", None, axis="x")
    assert drawn == pytest.approx((known / scale).to_list())
    assert len(drawn) == 5


def test_what_no_source_states_is_null_not_nought():
    page = page_of("company")
    assert "The 52-week range is null" in notes(page)
    figures = next(each for each in page.dataframe if "figure" in each.value).value
    missing = figures[figures["figure"] == "Highest of 52 weeks"]
    assert missing["value"].to_list() == ["null"]


def test_a_number_is_explained_by_the_statements_behind_it(data):
    page = page_of("provenance", table="casablanca.daily_quotes", line="atw")
    said = page.dataframe[0].value
    bourse = said[said["source"] == "casablanca_bourse"]
    assert len(bourse["sha256"].iloc[0]) == 64
    close = rows(
        data, "SELECT close FROM casablanca.daily_quotes WHERE ticker = 'ATW' ORDER BY session DESC"
    )["close"][0]
    assert f"close {close:,}" in bourse["says"].iloc[0]


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"line": "NOBODY"}, "It cannot be explained"), ({"session": "today"}, "“today” is no day")],
)
def test_what_cannot_be_explained_says_why(asked, told):
    page = page_of("provenance", **asked)
    assert not page.exception
    assert notes(page) == [told]


@pytest.mark.parametrize("file", ["overview", "holdings", "about"])
def test_with_nothing_published_it_says_which_command_to_run(file, tmp_path, monkeypatch):
    monkeypatch.setenv("MARKET_ASSETS_DATA_DIR", str(tmp_path))
    frame.reader.clear()
    page = page_of(file)
    assert not page.exception
    assert [each.value for each in page.title] == ["Nothing is published yet"]
    assert [each.value for each in page.code] == [f"uv run market-assets run --data-dir {tmp_path}"]


def test_a_broken_file_says_what_to_do(data, tmp_path, monkeypatch):
    folder = tmp_path / "sandbox" / "published"
    shutil.copytree(data / "sandbox" / "published", folder, symlinks=True)
    (folder / "current.duckdb").resolve().write_bytes(b"no database")
    monkeypatch.setenv("MARKET_ASSETS_DATA_DIR", str(tmp_path))
    frame.reader.clear()
    page = page_of("overview")
    assert [each.value for each in page.title] == ["The published file cannot be shown"]
    assert "--from-captures" in page.code[0].value


def test_a_publisher_whose_terms_are_unread_leaves_no_file(monkeypatch):
    monkeypatch.setenv("MARKET_ASSETS_SOURCES__HKEX_SOUTHBOUND__REDISTRIBUTE", "false")
    frame.reader.clear()
    page = page_of("holdings")
    withheld = [told.value for told in page.caption if told.value.startswith("No files: ")]
    assert any("hkex_southbound, which may not leave" in told for told in withheld)
