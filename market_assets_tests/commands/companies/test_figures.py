"""The companies are who is listed, worth what is stated; no window is told that is not whole."""

import shutil
from datetime import date

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.companies.adjustment import adjusted_quotes, dated_splits
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.mischief import OLD_SHARES, faults_on
from market_assets.sources.casablanca.identity_changes import identity_changes
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.warehouse.reader import Published
from market_assets.web.archive import Archive
from market_assets_tests.built import LAST, SEED, copied, published, tampered
from market_assets_tests.built_africa import DAYS, run

SPLIT = date(2026, 7, 27)
"""Of MNG, ten for one; its row is dated before to be divided."""
ITS_ROW = "ticker = 'MNG' AND session = DATE '2026-10-16'"


def test_every_line_is_listed_in_each_session_with_its_isin(africa_built):
    rows = published(africa_built, "FROM companies.listings")
    known = {line.ticker: line.isin for line in casablanca_lines()}
    for _, listed in rows.group_by("session"):
        assert dict(listed.select("ticker", "isin").rows()) == known
    assert rows["session"].n_unique() == DAYS


def test_market_caps_are_the_truth_or_price_times_shares(africa_built):
    rows = published(africa_built, "FROM companies.fundamentals ORDER BY session, ticker")
    market = Market(seed=SEED)
    told = {
        (told.line.ticker, session): told.market_cap
        for session in rows["session"].unique()
        for told in market.truths(session)
    }
    for ticker, session, cap, source, close, shares in rows.select(
        "ticker", "session", "market_cap", "market_cap_source", "close", "shares"
    ).rows():
        by_hand = close * shares if source == "price x shares" else told[ticker, session]
        assert cap == pytest.approx(by_hand, abs=0.01)
    assert rows.height == DAYS * len(casablanca_lines())


def test_a_range_of_52_weeks_is_unknown_after_a_month(africa_built):
    rows = published(africa_built, "FROM companies.fundamentals")
    for column in ("high_52w", "low_52w", "turnover_velocity_52w", "ytd"):
        assert rows[column].null_count() == rows.height
    assert rows.filter(session=LAST)["turnover_velocity_20"].null_count() == 0


def test_shares_of_sectors_make_up_the_market(africa_built):
    sums = published(
        africa_built,
        "SELECT taxonomy, sum(market_cap_share) AS caps, sum(turnover_share) AS turnovers "
        "FROM companies.sector_summary GROUP BY session, taxonomy",
    )
    assert set(sums["taxonomy"]) == {"exchange", "icb"}
    assert (pl.concat([sums["caps"], sums["turnovers"]]) - 1).abs().max() < 1e-9


def test_a_market_cap_that_is_not_price_x_shares_is_shown_on_its_line_and_day(africa_built):
    said = published(africa_built, "FROM quality.market_cap_disagreements")
    (row,) = said.rows(named=True)
    assert (row["ticker"], row["source"], row["field"]) == ("IAM", "african_markets", "market_cap")
    assert "old_shares" in {fault.name for fault in faults_on(row["session"])}
    (told,) = Market(seed=SEED).history("IAM", row["session"], row["session"])
    assert row["chosen"] == told.market_cap
    assert row["value"] == pytest.approx(told.market_cap * OLD_SHARES, abs=1e7)
    stands = published(
        africa_built,
        "SELECT market_cap, market_cap_source, market_cap_computed FROM companies.fundamentals "
        f"WHERE ticker = 'IAM' AND session = DATE '{row['session']}'",
    )
    ((cap, source, computed),) = stands.rows()
    assert (cap, source) == (told.market_cap, "casablanca_bourse")
    assert computed == pytest.approx(told.market_cap, rel=1e-12)


def test_every_figure_leads_to_a_capture_and_says_how_certain_its_quote_is(africa_built):
    rows = published(
        africa_built,
        "SELECT f.*, q.capture_id AS quoted, q.close_confidence AS certain "
        "FROM companies.fundamentals f JOIN casablanca.daily_quotes q USING (ticker, session)",
    )
    assert rows["capture_id"].to_list() == rows["quoted"].to_list()
    assert rows["close_confidence"].to_list() == rows["certain"].to_list()
    index = Archive(africa_built / "sandbox/captures")
    stated = rows.filter(pl.col("market_cap_source") != "price x shares")
    for column, of in (("market_cap_capture_id", stated), ("shares_capture_id", rows)):
        found = {index.row(capture).source for capture in of[column].unique()}
        assert found == {"casablanca_bourse"}, column


@pytest.fixture(scope="module")
def disputed(africa_built, tmp_path_factory):
    """Where another source states a market cap of its own."""
    data = copied(africa_built, tmp_path_factory.mktemp("disputed") / "data")
    tampered(
        data,
        "INSERT INTO casablanca.medias24_quotes BY NAME SELECT * REPLACE ('ATW' AS ticker, "
        "7e9 AS market_cap, NULL AS replaced_at) FROM casablanca.medias24_quotes "
        "WHERE ticker = 'IAM' AND session = DATE '2026-11-13' LIMIT 1",
    )
    done = run("companies", "--days", DAYS, "--until", LAST, "--again", data=data)
    assert done.status == 0, done.out + done.err
    return data


def test_the_adjusted_series_is_the_pure_function_and_the_raw_stays_raw(africa_built, tmp_path):
    whole = Published(africa_built / "sandbox/published").current()
    with duckdb.connect(shutil.copy(whole, tmp_path / "of_its_own.duckdb")) as connection:
        connection.execute(
            "INSERT INTO casablanca.daily_quotes SELECT * REPLACE (DATE '2026-07-24' AS session) "
            f"FROM casablanca.daily_quotes WHERE {ITS_ROW}"
        )
        raw, view = (
            connection.sql(f"FROM {table} ORDER BY session, ticker").pl()
            for table in ("casablanca.daily_quotes", "companies.adjusted_quotes")
        )
    computed = adjusted_quotes(raw, dated_splits(identity_changes()))
    assert_frame_equal(view, computed.select(view.columns))
    assert_frame_equal(view.select(raw.columns), raw)
    (row,) = view.filter(pl.col("session") < SPLIT).iter_rows(named=True)
    assert (row["ticker"], row["split_factor"]) == ("MNG", 10.0)
    assert row["adjusted_close"] == row["close"] / 10
    assert row["adjusted_volume"] == row["volume"] * 10


def test_who_says_another_market_cap_is_shown_and_moves_nothing(africa_built, disputed):
    query = (
        "SELECT market_cap, market_cap_source FROM companies.fundamentals "
        "WHERE ticker = 'ATW' AND session = DATE '2026-11-13'"
    )
    stands = published(disputed, query)
    assert_frame_equal(stands, published(africa_built, query))
    said = published(disputed, "FROM quality.market_cap_disagreements WHERE ticker <> 'IAM'")
    assert said.select("ticker", "source", "value", "chosen").rows() == [
        ("ATW", "medias24", 7e9, stands["market_cap"].item())
    ]
