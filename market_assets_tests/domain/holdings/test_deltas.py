"""What a change is measured from, and which changes are not what they seem."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.holdings import deltas as subject
from market_assets.domain.holdings.code_changes import code_changes
from market_assets.domain.holdings.deltas import (
    HOLDING_DELTAS,
    history_sessions,
    holding_deltas,
)
from market_assets.domain.holdings.numbering import REACH
from market_assets.domain.holdings.soundness import deltas_faults
from market_assets_tests.domain.holdings.holding_rows import line, weekdays

DAYS = weekdays(40)


def changed(*lines: pl.DataFrame, horizons=(1,), days=DAYS) -> pl.DataFrame:
    deltas = holding_deltas(pl.concat(lines), horizons=horizons, sessions=days)
    assert deltas.schema == HOLDING_DELTAS
    assert set(deltas_faults(deltas).values()) <= {0}
    return deltas


def row(deltas: pl.DataFrame, code: str, day: date, horizon: int = 1) -> dict:
    return deltas.row(
        by_predicate=(pl.col("code") == code)
        & (pl.col("session") == day)
        & (pl.col("horizon") == horizon),
        named=True,
    )


def statuses(deltas: pl.DataFrame, code: str, horizon: int = 1) -> list[str]:
    of = deltas.filter(pl.col("code") == code, pl.col("horizon") == horizon).sort("session")
    return of["status"].to_list()


def test_a_change_is_given_in_shares_in_percent_and_in_points():
    deltas = changed(line([200, 250, 225], percents=[2.0, 2.5, 2.25]), horizons=(1, 2))
    assert row(deltas, "00700", DAYS[1]) == {
        "code": "00700",
        "session": DAYS[1],
        "horizon": 1,
        "base_session": DAYS[0],
        "base_shares": 200,
        "shares": 250,
        "change_shares": 50,
        "change_pct": 25.0,
        "change_points": 0.5,
        "status": "ok",
    }
    two = row(deltas, "00700", DAYS[2], 2)
    assert (two["base_session"], two["change_shares"], two["change_pct"]) == (DAYS[0], 25, 12.5)
    assert row(deltas, "00700", DAYS[0])["status"] == "base_missing"
    assert row(deltas, "00700", DAYS[1], 2)["status"] == "base_missing"


def test_the_closest_earlier_base_serves_within_reach_and_no_further():
    near = line([100, *[None] * REACH, 110], code="00001")
    far = line([100, *[None] * (REACH + 1), 120], code="00002")
    market = line([1000] * (REACH + 3), code="00003")
    deltas = changed(near, far, market)
    found = row(deltas, "00001", DAYS[REACH + 1])
    assert (found["base_session"], found["change_shares"]) == (DAYS[0], 10)
    lost = row(deltas, "00002", DAYS[REACH + 2])
    assert (lost["status"], lost["base_session"], lost["change_shares"]) == ("new", None, None)


def test_a_missing_percent_gives_no_points_and_a_base_of_nothing_no_percent():
    deltas = changed(line([0, 5], percents=[None, 0.1]))
    assert row(deltas, "00700", DAYS[1])["change_pct"] is None
    assert row(deltas, "00700", DAYS[1])["change_points"] is None
    assert row(deltas, "00700", DAYS[1])["change_shares"] == 5


def test_an_exit_has_one_row_where_the_code_vanished():
    deltas = changed(line([7, 9, None, None], code="00001"), line([10, 11, 12, 13]))
    gone = row(deltas, "00001", DAYS[2])
    assert (gone["status"], gone["shares"], gone["change_shares"]) == ("exited", 0, -9)
    assert (gone["change_pct"], gone["change_points"]) == (-100.0, -1.0)
    assert statuses(deltas, "00001") == ["base_missing", "ok", "exited"]


def test_a_session_without_any_row_is_nobodys_exit():
    deltas = changed(line([7, None, 8], code="00001"), line([10, None, 12]))
    assert statuses(deltas, "00001") == ["base_missing", "ok"]


def test_a_total_that_is_not_known_is_no_exit():
    unknown = line([7, 8, 9], code="00001").with_columns(
        shares=pl.when(pl.col("session") != DAYS[1]).then("shares")
    )
    deltas = changed(unknown, line([10, 11, 12]))
    assert statuses(deltas, "00001") == ["base_missing", "ok"]
    assert row(deltas, "00001", DAYS[2])["base_session"] == DAYS[0]


@pytest.mark.parametrize(
    ("shares", "percents", "status"),
    [
        ([100, 500], [3.0, 3.0], "split_suspect"),
        ([500, 101], [3.0, 3.02], "split_suspect"),
        ([100, 500], [None, 3.0], "split_suspect"),
        ([100, 500], [3.0, 15.0], "ok"),
        ([100, 250], [3.0, 3.0], "ok"),
        ([100, 150], [3.0, 3.0], "ok"),
    ],
)
def test_a_whole_ratio_with_a_standing_percent_looks_like_a_split(shares, percents, status):
    deltas = changed(line(shares, percents=percents))
    assert row(deltas, "00700", DAYS[1])["status"] == status


def test_a_split_spoils_every_horizon_that_spans_it():
    deltas = changed(line([100, 110, 500, 560, 580]), horizons=(1, 3))
    assert statuses(deltas, "00700", 1) == ["base_missing", "ok", "ok", "ok", "ok"]
    deltas = changed(line([100, 110, 550, 650, 660, 670]), horizons=(1, 3))
    assert statuses(deltas, "00700", 1)[2] == "split_suspect"
    assert statuses(deltas, "00700", 3)[3:] == ["split_suspect", "split_suspect", "ok"]


def test_a_temporary_counter_is_neither_an_exit_nor_a_new_holding():
    old = line([100, 100, *[None] * 10, 500], code="00700")
    temporary = line([None, None, *[500] * 10, None], code="02954")
    market = line([1] * 13, code="00001")
    deltas = changed(old, temporary, market, horizons=(1, 5))
    assert row(deltas, "00700", DAYS[2])["status"] == "code_change_suspect"
    assert row(deltas, "02954", DAYS[2])["status"] == "code_change_suspect"
    assert row(deltas, "02954", DAYS[6], 5)["status"] == "code_change_suspect"
    assert row(deltas, "02954", DAYS[12])["status"] == "code_change_suspect"
    assert row(deltas, "00700", DAYS[12])["status"] == "code_change_suspect"
    pairs = code_changes(pl.concat([old, temporary, market]), DAYS)
    assert pairs.rows() == [
        (DAYS[2], "00700", "02954", "ratio"),
        (DAYS[12], "02954", "00700", "shares"),
    ]


def test_a_code_with_the_name_of_one_that_went_is_not_new_even_after_a_settlement_gap():
    market = line([1] * 9, code="00001")
    old = line([50, 50, *[None] * 7], code="08001", name="ACME LIMITED")
    new = line([None] * 4 + [61] * 5, code="01999", name="Acme Limited")
    deltas = changed(old, new, market)
    assert row(deltas, "01999", DAYS[4])["status"] == "code_change_suspect"
    assert row(deltas, "08001", DAYS[2])["status"] == "exited"
    other = line([None] * 4 + [61] * 5, code="01999", name="Other")
    assert row(changed(old, other, market), "01999", DAYS[4])["status"] == "new"


def test_counters_merged_in_2025_are_not_compared_across_that_day():
    days = weekdays(20, date(2025, 6, 23))
    merged = line([100, 100, 100, 100, 100, 180, 181], code="00700", days=days[:7])
    renminbi = line([80] * 5, code="80700", days=days[:5])
    single = line([100] * 5 + [180, 181], code="00005", days=days[:7])
    deltas = changed(merged, renminbi, single, days=days)
    assert row(deltas, "00700", date(2025, 6, 30))["status"] == "code_change_suspect"
    assert row(deltas, "80700", date(2025, 6, 30))["status"] == "code_change_suspect"
    assert row(deltas, "00005", date(2025, 6, 30))["status"] == "ok"
    assert row(deltas, "00700", date(2025, 7, 1))["status"] == "ok"


def test_what_cannot_be_numbered_is_refused():
    with pytest.raises(ValueError, match="not a session: 2026-01-10"):
        changed(line([1], days=[date(2026, 1, 10)]))
    with pytest.raises(ValueError, match="two rows of 00700 on 2026-01-05"):
        changed(line([1]), line([2]))


def test_nothing_in_nothing_out():
    assert changed(line([])).height == 0


held = st.lists(st.one_of(st.none(), st.integers(0, 2000)), min_size=40, max_size=40)


def oracle(lines: dict[str, list], code: str, at: int, horizon: int) -> tuple:
    for back in range(at - horizon, max(at - horizon - REACH, 0) - 1, -1):
        if lines[code][back] is not None:
            return DAYS[back], lines[code][at] - lines[code][back]
    return None, None


@settings(max_examples=25)
@given(held, held, st.sampled_from([1, 5, 20]), st.integers(5, 60))
def test_every_base_is_the_closest_of_its_own_line_and_never_after(a, b, horizon, block):
    lines = {"00001": a, "00002": b}
    before, subject.BLOCK_ROWS = subject.BLOCK_ROWS, block
    try:
        deltas = changed(*(line(v, code=c) for c, v in lines.items()), horizons=(horizon,))
    finally:
        subject.BLOCK_ROWS = before
    for found in deltas.rows(named=True):
        at = DAYS.index(found["session"])
        if lines[found["code"]][at] is None:  # what went, be it by an exit or under another code
            assert found["status"] in {"exited", "code_change_suspect"}
            continue
        wanted = oracle(lines, found["code"], at, horizon)
        assert (found["base_session"], found["change_shares"]) == wanted


@settings(max_examples=25)
@given(held, held, held)
def test_a_window_with_its_history_gives_what_all_history_gives(a, b, c):
    rows = pl.concat([line(a, code="00001"), line(b, code="00002"), line(c, code="02950")])
    horizons = (1, 5)
    start = 39 - history_sessions(horizons)
    whole = changed(rows, horizons=horizons).filter(pl.col("session") == DAYS[39])
    part = rows.filter(pl.col("session") >= DAYS[start])
    window = changed(part, horizons=horizons).filter(pl.col("session") == DAYS[39])
    assert_frame_equal(window, whole)


def test_five_stocks_of_2020_change_as_chinaclears_accounts_did(samples):
    file = samples / "hkex/data/ccass_20stocks_daily_2020-07-31_2020-08-27.csv"
    raw = pl.read_csv(file, schema_overrides={"Ticker": pl.String})
    rows = (
        raw.filter(pl.col("CCASS ID").is_in(["A00003", "A00004"]))
        .with_columns(
            code=pl.col("Ticker").str.zfill(5), session=pl.col("Date").str.to_date("%Y/%m/%d")
        )
        .group_by("code", "session")
        .agg(
            shares=pl.col("Shareholding").sum(),
            percent=pl.col("% of Issued Shares *").sum(),
            name=pl.lit(None, dtype=pl.String),
        )
    )
    days = sorted(set(rows["session"]))
    assert (rows["code"].n_unique(), len(days), rows.height) == (5, 20, 100)
    deltas = changed(rows, horizons=(1, 5, 19), days=days)
    counts = {h: 5 * (20 - h) for h in (1, 5, 19)}
    ok = deltas.filter(pl.col("status") == "ok")
    assert dict(ok.group_by("horizon").len().iter_rows()) == counts
    assert row(deltas, "01600", date(2020, 8, 3))["change_shares"] == 32_000
    assert row(deltas, "00412", date(2020, 8, 5))["change_shares"] == -162_000
    long = row(deltas, "01608", date(2020, 8, 27), 19)
    assert (long["base_session"], long["change_shares"]) == (date(2020, 7, 31), 2_608_000)
    assert long["change_pct"] == pytest.approx(2_608_000 / 1_964_000 * 100)
