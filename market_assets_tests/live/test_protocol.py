"""Nine publishers on loopback, asked as a user asks them: by the command line, in live mode."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets_tests.live.truth import truths, untrue

LINES = len(casablanca_lines())
PAGES = {
    "casablanca_bourse": {
        "/live-market/actions": 1,
        "/marches-produits/actions": 1,
        "/api/boursenova/stock-historical": LINES,
    },
    "cdg_capital": {"/api/": 1},
    "wafabourse": {"/": 1, "/api/proxy/token": 1, "/api/proxy/data/JNNJ": LINES},
    "bmce_capital": {"/bkbbourse/lists/TK": 2, "/bkbbourse/details/hiku/": LINES},
    "medias24": {"/content/api": LINES},
    "investing": {
        "/api/financialdata/historical/": sum(1 for x in casablanca_lines() if x.investing_id)
    },
    "african_markets": {"/en/stock-markets/bvc": 1, "/en/stock-markets/bvc/listed-companies": 1},
    "yahoo": {"/v8/finance/chart/": 1},
}
"""How often each page is asked for three sessions; a path ending in / stands for those below it."""
UNDATED = {
    "wafabourse": {"/": 1, "/api/proxy/token": 1, "/api/proxy/data/JNNJ": 1},
    "tradingview": {"/morocco/scan": 1},
}
"""Asked besides, between two sessions: pages of the present that do not say of which day."""


def test_a_run_ends_well_and_says_so(well, between_sessions):
    assert (well.status, well.errors) == (0, "")
    assert f"{8 if between_sessions else 7} answered" in well.output
    assert " 0 failed" in well.output


def test_what_is_published_is_what_happened(well, market, days):
    expected = truths(market, days)
    traded = expected.filter(pl.col("status") != "S")
    found = well.quotes.select(expected.columns).join(traded, on=["ticker", "session"], how="semi")
    carried = pl.when(pl.col("status") == "T").then(pl.col("trades"))
    assert_frame_equal(
        found.with_columns(trades=carried),
        traded.with_columns(trades=carried),
        check_dtypes=False,
        check_row_order=False,
    )
    assert untrue(well.quotes, market).is_empty()


def test_a_suspended_line_has_no_volume_where_its_state_is_shown(well, days):
    suspended = [line.ticker for line in casablanca_lines() if line.suspended]
    rows = well.quotes.filter(pl.col("session") == days[-1], pl.col("ticker").is_in(suspended))
    assert rows["status"].to_list() == ["S"] * len(suspended)
    assert rows["volume"].null_count() == rows["turnover"].null_count() == len(suspended)


@pytest.mark.parametrize("scene", ["well", "refused", "wrong", "fenced", "trusted"])
def test_no_request_breaks_a_protocol(scene, request):
    assert request.getfixturevalue(scene).violations == []


def test_robots_is_asked_first_and_once(well):
    for name, seen in well.seen.items():
        assert [request.path for request in seen].index("/robots.txt") == 0, name
        assert len(seen) - len(well.asked(name)) == 1, name


@pytest.mark.parametrize("name", sorted({*PAGES, *UNDATED}))
def test_each_page_is_asked_as_often_as_needed(well, name, between_sessions):
    expected = Counter(PAGES.get(name, {}))
    expected += Counter(UNDATED.get(name, {}) if between_sessions else {})
    paths = [seen.path for seen in well.asked(name)]
    stems = [page for page in expected if page.endswith("/") and page not in paths]
    assert expected == Counter(
        next((stem for stem in stems if path.startswith(stem)), path) for path in paths
    )


def test_pages_of_the_present_tell_of_the_newest_session_only(well, days):
    for name in ("cdg_capital", "african_markets"):
        assert well.said(name)["session"].unique().to_list() == [days[-1]], name


def test_histories_are_asked_for_the_sessions_of_the_run(well, days):
    bounds = {
        ("casablanca_bourse", "startDate", "endDate"),
        ("medias24", "from", "to"),
        ("investing", "start-date", "end-date"),
    }
    for name, first, last in bounds:
        asked = {(seen.query[first], seen.query[last]) for seen in well.asked(name) if seen.query}
        assert asked == {(str(days[0]), str(days[-1]))}, name


def test_more_than_a_year_is_asked_in_windows_that_meet(trusted, market):
    windows: dict[str, list[tuple[date, date]]] = {}
    for seen in trusted.asked("casablanca_bourse"):
        if seen.query:
            bounds = [date.fromisoformat(seen.query[name]) for name in ("startDate", "endDate")]
            windows.setdefault(seen.query["instrument"], []).append((bounds[0], bounds[1]))
    for ticker, asked in windows.items():
        assert all(last - first < timedelta(days=360) for first, last in asked)
        assert all(newer[0] - older[1] == timedelta(days=1) for newer, older in pairwise(asked))
        suspended = any(x.suspended for x in casablanca_lines() if x.ticker == ticker)
        assert len(asked) == (1 if suspended else 2)
    assert len(windows) == LINES
    assert trusted.quotes["session"].n_unique() == 255
    assert untrue(trusted.quotes, market).is_empty()


def test_an_unknown_certificate_is_named_with_its_cure_and_an_added_one_is_trusted(fenced, trusted):
    (line,) = [x for x in fenced.output.splitlines() if x.startswith("casablanca_bourse:")]
    assert "Untrusted" in line
    assert "MARKET_ASSETS_CA_BUNDLE" in line
    assert fenced.seen["casablanca_bourse"] == []
    assert trusted.status == 0
