"""The neighbours' quotes are what was traded, as far as sources state it; faults leave marks."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets_tests.built import LAST, published
from market_assets_tests.built_africa import (
    DAYS,
    FIRST,
    MICS,
    RENAMED,
    REPLAYED,
    SHORT,
    SUNDAYS,
    run,
    truth,
)

FIGURES = ("close", "volume", "turnover", "trades")
CUT = 5e6 + 1
"""African Markets cuts market caps to two decimals of a billion."""
UNVALUED = 3
"""The place of the line whose market cap African Markets states as 0.00."""


def quotes(data, mic: str) -> pl.DataFrame:
    query = "FROM africa.daily_quotes WHERE mic = ? ORDER BY session, ticker"
    return published(data, query, mic)


def unstated(told: pl.DataFrame, mic: str) -> pl.DataFrame:
    """``told`` without what no page says: of two exchanges there is only AFX, without money."""
    day, no = pl.col("session"), pl.lit(value=True)
    gone = {
        "XNSA": {"turnover": day == SHORT, "trades": day == SHORT},
        "XCAI": dict.fromkeys(FIGURES[1:], day == REPLAYED),
        "XJSE": {"turnover": no, "trades": no},
        "XBRV": {"turnover": no, "trades": no},
    }[mic]
    return told.with_columns(pl.when(~where).then(name).alias(name) for name, where in gone.items())


@pytest.mark.parametrize("mic", MICS)
def test_every_number_is_the_truth_as_far_as_a_source_states_it(africa_built, mic):
    told = unstated(truth(mic), mic)
    if mic == "XCAI":  # of the replayed day only African Markets tells, which leaves dollars out
        told = told.filter((pl.col("session") != REPLAYED) | (pl.col("currency") != "USD"))
    columns = ["mic", "session", "ticker", "currency", *FIGURES]
    assert_frame_equal(
        quotes(africa_built, mic).select(columns), told.select(columns), check_exact=True
    )


@pytest.mark.parametrize("mic", MICS)
def test_market_caps_are_exact_of_the_exchange_and_to_a_hundredth_of_a_billion_of_the_list(
    africa_built, mic
):
    rows = quotes(africa_built, mic).join(truth(mic), on=["session", "ticker"], suffix="_told")
    apart = (pl.col("market_cap") - pl.col("market_cap_told")).abs()
    exact = pl.col("source") == "egx_beta"
    assert rows.filter(exact)["market_cap"].null_count() == 0
    assert rows.filter(pl.when(exact).then(apart > 0).otherwise(apart > CUT)).is_empty()
    if mic == "XCAI":
        return
    unvalued = rows.filter(pl.col("market_cap").is_null())["ticker"].unique().to_list()
    assert unvalued == [sorted(set(rows["ticker"]))[UNVALUED]]


def test_lines_in_dollars_keep_their_turnover_in_pounds(africa_built):
    rows = quotes(africa_built, "XCAI").filter(currency="USD")
    assert rows["ticker"].n_unique() == 9
    traded = rows.filter(pl.col("volume") > 0)
    pounds = traded["turnover"] / traded["volume"] / traded["close"]
    assert pounds.is_between(45, 55).all()


def test_hundredths_are_no_currency(africa_built):
    codes = published(
        africa_built,
        "SELECT currency AS code FROM africa.daily_quotes UNION SELECT currency FROM "
        "africa.cross_market UNION SELECT local_currency FROM africa.cross_market UNION "
        "SELECT base FROM africa.fx_rates UNION SELECT base FROM africa.quoted_rates",
    )["code"].drop_nulls()
    assert codes.str.contains("^[A-Z]{3,4}$").all()
    assert {"ZAR", "USD", "EGP", "NGN", "XOF"} <= set(codes)


def test_what_shows_no_date_is_no_quote_of_an_exchange_that_rests(africa_built):
    for mic in ("XNSA", "XJSE", "XBRV"):
        assert not set(SUNDAYS) & set(quotes(africa_built, mic)["session"])
    put_aside = published(
        africa_built,
        "SELECT session, count(*) AS rows FROM quality.quarantine "
        "WHERE source = 'afx' AND kind = 'not_a_session' GROUP BY ALL ORDER BY session",
    )
    assert put_aside.rows() == [(day, 147 + 83 + 47) for day in SUNDAYS]


def marks(data, source: str, day) -> str:
    query = "SELECT issues FROM africa.data_quality WHERE source = ? AND session = ?"
    return published(data, query, source, day)["issues"].item()


def test_planted_faults_leave_their_mark(africa_built):
    assert "fewer than 100" in marks(africa_built, "ngx", SHORT)
    assert "64 x ghost session" in marks(africa_built, "egx_beta", REPLAYED)
    assert "LayoutChanged" in marks(africa_built, "african_lists", RENAMED)
    assert "Request Rejected" in marks(africa_built, "egx_beta", LAST.replace(day=12))


def test_on_the_replayed_day_only_the_list_is_heard(africa_built):
    rows = quotes(africa_built, "XCAI").filter(session=REPLAYED)
    assert rows["source"].unique().to_list() == ["african_lists"]
    assert rows["confidence"].max() < 1 / 2


def test_the_closing_table_counts_what_is_there(africa_built):
    said = (africa_built.parent / "africa.txt").read_text("utf-8")
    assert f"africa, sandbox: {DAYS} sessions, {FIRST} to {LAST}" in said
    for name, value in (("exchanges", "4"), ("lines", "341"), ("currencies", "10")):
        (line,) = [line for line in said.splitlines() if line.startswith(f"{name} ")]
        assert line.split() == [name, value]
    assert "0 failed" in said
    assert "9 answered (sessions): " in said


def test_a_second_run_has_nothing_new(africa_built):
    again = run("africa", "--days", DAYS, "--until", LAST, data=africa_built)
    assert again.status == 0
    assert "Nothing new: every session that was asked for is published." in again.out
