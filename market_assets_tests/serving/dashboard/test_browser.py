"""The dashboard as a person uses it, in a headless browser."""

import io
import statistics
import time
from contextlib import suppress
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from playwright.sync_api import Error, Page, expect
from polars.testing import assert_frame_equal

from market_assets.warehouse.publish import CURRENT
from market_assets_tests.serving.dashboard.conftest import Visit, rows, visiting

CHARTS = {
    "": 6,
    "company": 2,
    "holdings": 7,
    "central-bank": 6,
    "cross-market": 3,
    "quality": 1,
}
"""How many each page has."""
TABLES = ("companies", "provenance", "about")
MARKS = (
    ".scatterlayer path, .scatterlayer .point, .barlayer .point path, .heatmaplayer image, .slice"
)
SOON = 30_000


@pytest.mark.parametrize("address", CHARTS)
def test_every_chart_has_marks_fits_a_phone_and_the_console_is_silent(visit: Visit, address: str):
    page = visit.open(address)
    charts = page.locator(".js-plotly-plot")
    expect(charts).to_have_count(CHARTS[address], timeout=SOON)
    for number in range(CHARTS[address]):
        marks = charts.nth(number).locator(MARKS)
        expect(marks.first).to_be_attached(timeout=SOON)
    assert width_on_a_phone(page) <= 390
    assert visit.faults == []


@pytest.mark.parametrize("address", TABLES)
def test_every_table_is_drawn_fits_a_phone_and_the_console_is_silent(visit: Visit, address: str):
    page = visit.open(address)
    expect(page.locator("[data-testid=stDataFrame] canvas").first).to_be_visible(timeout=SOON)
    assert width_on_a_phone(page) <= 390
    assert visit.faults == []


def test_the_search_finds_as_it_is_typed_and_the_link_shows_the_same_to_another(visit, browser):
    page = visit.open("companies")
    page.get_by_role("textbox", name="Search").press_sequentially("attijari")
    expect(page.get_by_text("1 companies.")).to_be_visible(timeout=SOON)
    expect(page).to_have_url(f"{visit.url}/companies?q=attijari")
    context = browser.new_context()
    other = visiting(context, visit.url).open("companies?q=attijari")
    expect(other.get_by_text("1 companies.")).to_be_visible(timeout=SOON)
    expect(other.get_by_role("textbox", name="Search")).to_have_value("attijari")
    context.close()


def test_what_is_downloaded_are_the_rows_of_the_query(visit: Visit, data: Path):
    page = visit.open("holdings?code=00939")
    known = rows(data, "FROM hkex.southbound_holdings WHERE code = '00939' ORDER BY session DESC")
    text = downloaded(page, "00939-holdings", "csv")
    read = pl.read_csv(text, schema=known.schema | {"known_at": pl.String})
    instants = known["known_at"].dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
    assert_frame_equal(read, known.with_columns(instants))
    sheet = (
        fastexcel.read_excel(downloaded(page, "00939-holdings", "xlsx").getvalue())
        .load_sheet("data")
        .to_polars()
    )
    assert sheet["shares"].to_list() == known["shares"].to_list()
    assert sheet["percent"].to_list() == known["percent"].to_list()


def test_a_number_leads_to_the_bytes_it_was_read_from(visit: Visit):
    page = visit.open("company?ticker=IAM")
    page.locator(".card a").first.click()
    expect(page.get_by_role("heading", name="Provenance")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("heading", name="casablanca.daily_quotes · IAM")).to_be_visible()


def test_a_new_version_shows_itself(visit: Visit, data: Path):
    page = visit.open("about")
    current = data / "sandbox" / "published" / CURRENT
    before = current.readlink()
    newer = before.with_name(f"market-99991231T000000000000Z-test{before.suffix}")
    try:
        current.with_name(newer.name).hardlink_to(current.resolve())
        beside = current.with_name("beside")
        beside.symlink_to(newer)
        beside.replace(current)
        expect(page.get_by_text("market-99991231T000000000000Z-test").first).to_be_visible(
            timeout=SOON
        )
    finally:
        beside.symlink_to(before)
        beside.replace(current)
        current.with_name(newer.name).unlink()


def test_a_new_chart_follows_a_control(visit: Visit):
    page = visit.open("company")
    taken = [changed(page, "IAM" if number % 2 else "BCP") for number in range(2)]
    assert statistics.median(taken) < SOON / 1000


def width_on_a_phone(page: Page) -> int:
    """How wide the page is where 390 pixels are there."""
    page.set_viewport_size({"width": 390, "height": 844})
    width = "document.querySelector('[data-testid=stMain]').scrollWidth"
    with suppress(Error):  # charts follow a little later; who stays too wide is told below
        page.wait_for_function(f"{width} <= 390", timeout=SOON)
    return page.evaluate(width)


def changed(page: Page, ticker: str) -> float:
    """Seconds from choosing a company to the chart with another's prices."""
    line = page.locator(".js-plotly-plot").first.locator(".scatterlayer path.js-line").first
    before = line.get_attribute("d")
    page.get_by_role("combobox").first.click()
    page.keyboard.type(ticker)
    option = page.get_by_role("option").first
    expect(option).to_contain_text(ticker)
    begun = time.perf_counter()
    option.click()
    page.wait_for_function(
        "before => document.querySelector('.js-plotly-plot .scatterlayer path.js-line')"
        "?.getAttribute('d') != before",
        arg=before,
        polling="raf",
    )
    return time.perf_counter() - begun


def downloaded(page: Page, table: str, form: str) -> io.BytesIO:
    """The file of this form beside the table."""
    with page.expect_download(timeout=SOON) as download:
        page.locator(f".st-key-{table}-{form} button").first.click()
    return io.BytesIO(download.value.path().read_bytes())
