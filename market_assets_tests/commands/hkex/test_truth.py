"""The holdings are what is held, on the days they are held, whatever went wrong at publishers."""

import re
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.defs.markets import HKEX
from market_assets.sandbox.hkex.mischief import FAULTS
from market_assets.sources.registry import source
from market_assets.web.archive import Archive
from market_assets_tests.built import published
from market_assets_tests.built_hkex import (
    ABROAD,
    FIRST,
    LAST,
    MARKET,
    SESSIONS,
    faulty,
    holdings,
    truth,
)

PARTIAL, JUMP = (faulty(name, "hkex_southbound") for name in ("partial", "jump"))
DOWN = tuple(faulty("down", f"{exchange}_southbound") for exchange in ("sse", "szse"))
DISPUTED = faulty("disagree", "szse_southbound")


def test_the_closing_table_names_all_who_answered_also_those_who_state_no_totals(hkex_built):
    said = (hkex_built.parent / "said.txt").read_text("utf-8")
    (line,) = [line for line in said.splitlines() if line.startswith("sources ")]
    assert "6 answered (sessions): " in line
    named = {word.strip(",") for word in line.split()}
    assert {each.name for each in HKEX.sources} <= named


def test_a_conversation_that_failed_says_the_range_of_days_it_was_about(hkex_built):
    said = (hkex_built.parent / "said.txt").read_text("utf-8")
    (line,) = [line for line in said.splitlines() if line.startswith("sse_southbound: ")]
    first, last = re.match(r"sse_southbound: (\S+) to (\S+): Unavailable: ", line).groups()
    assert FIRST <= date.fromisoformat(first) <= DOWN[0] <= date.fromisoformat(last) <= LAST


def test_every_holding_of_every_session_is_the_truth(hkex_built):
    told = truth(SESSIONS, MARKET)
    no_page = pl.col("session").is_in([PARTIAL, JUMP])
    expected = told.with_columns(percent=pl.when(~no_page).then("percent"))
    columns = ("code", "session", "name", "shares", "percent")
    assert_frame_equal(holdings(hkex_built).select(columns), expected.select(columns))


def test_channels_are_the_truth_and_unknown_where_their_page_is_not_there(hkex_built):
    told = truth(SESSIONS, MARKET)
    asked = pl.col("code") == "00700"  # its participants tell the channels, on every session
    disputed = (pl.col("session") == DISPUTED) & (pl.col("code") == "00005")
    hidden = pl.col("session").is_in(ABROAD) | disputed
    down = (pl.col("session") == day for day in DOWN)
    channels = ("shanghai_shares", "shenzhen_shares")
    expected = told.with_columns(
        pl.when(asked | ~(hidden | gone)).then(c).alias(c)
        for c, gone in zip(channels, down, strict=True)
    )
    columns = ("code", "session", *channels)
    assert_frame_equal(holdings(hkex_built).select(columns), expected.select(columns))


def test_only_sessions_have_rows(hkex_built):
    assert set(holdings(hkex_built)["session"]) == set(SESSIONS)
    assert (SESSIONS[0], SESSIONS[-1], len(SESSIONS)) == (FIRST, LAST, 47)


def test_the_empty_percentages_are_null_and_never_zero(hkex_built):
    found = holdings(hkex_built).filter(~pl.col("session").is_in([PARTIAL, JUMP]))
    assert set(found.filter(pl.col("percent").is_null())["code"]) == {"00425", "01071", "01357"}


def test_the_disputed_holding_is_outvoted_and_reported(hkex_built):
    rows = published(hkex_built, "SELECT * EXCLUDE capture_id FROM quality.holding_disagreements")
    true = truth([DISPUTED], MARKET).filter(pl.col("code") == "00005")["shares"].item()
    assert rows.drop("difference").rows() == [
        ("00005", DISPUTED, "shares", "sse_southbound+szse_southbound", true + 1e6, float(true))
    ]
    sources, confidence = published(
        hkex_built,
        "SELECT sources, confidence FROM hkex.southbound_holdings "
        "WHERE code = '00005' AND session = ?",
        DISPUTED,
    ).row(0)
    assert (sources, round(confidence, 2)) == ("hkex_southbound", 0.72)


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("partial", "page", "Incomplete: 199 rows of 2026-08-20 can be used, fewer than 500"),
        ("view_state", "page", "LayoutChanged: "),
        ("maintenance", "page", "Unavailable: "),
        ("cut", "page", "Incomplete: "),
        ("other_day", "lag", "lagging: the page of 2026-10-14 shows 2026-10-13"),
        ("jump", "held_back", "page held back: 49.5% of the holdings leapt since 2026-09-29"),
    ],
)
def test_a_page_that_cannot_be_used_is_in_the_quarantine(hkex_built, name, kind, reason):
    rows = published(
        hkex_built,
        "SELECT DISTINCT source, kind, reason FROM quality.quarantine WHERE session = ? "
        "AND NOT ends_with(reason, '% of the issued shares')",  # as some of a doubled page are
        faulty(name, "hkex_southbound"),
    ).rows()
    assert [row[:2] for row in rows] == [("hkex_southbound", kind)]
    assert rows[0][2].startswith(reason)


def test_nothing_else_is_in_the_quarantine(hkex_built):
    rows = published(hkex_built, "SELECT DISTINCT session FROM quality.quarantine")
    told = ("partial", "view_state", "maintenance", "cut", "other_day", "jump")
    assert set(rows["session"]) == {faulty(name, "hkex_southbound") for name in told}


@pytest.mark.parametrize(("name", "status"), [("torn", 200), ("too_many", 429)])
def test_an_answer_that_was_asked_again_is_kept_as_an_attempt(hkex_built, name, status):
    day = faulty(name, "hkex_southbound")
    archive = Archive(hkex_built / "sandbox/captures")
    tried = archive.attempts("hkex_southbound", day, day)
    archive.close()
    assert status in [row.status for row in tried if row.key == f"southbound/{day}"]


def test_the_answer_for_another_day_is_kept_and_the_day_asked_once_more(hkex_built):
    day = faulty("other_day", "hkex_southbound")
    archive = Archive(hkex_built / "sandbox/captures")
    asked = [row for row in archive.captures("hkex_southbound", day, day) if str(day) in row.key]
    parse = source("hkex_southbound").parse
    said = [parse(archive.read(row)).tables["holdings"]["session"][0] for row in asked]
    archive.close()
    assert said == [date(2026, 10, 13)]  # and once more as the latest page, which is right


@pytest.mark.parametrize("name", ["sse_southbound", "szse_southbound"])
def test_a_channel_that_is_down_has_no_rows_and_makes_no_partial_total(hkex_built, name):
    day = faulty("down", name)
    said = published(hkex_built, f"FROM hkex.{name}_statements WHERE session = ?", day)
    sources = published(
        hkex_built,
        "SELECT DISTINCT sources FROM hkex.southbound_holdings "
        "WHERE session = ? AND code <> '00700'",
        day,
    )
    assert (said.height, sources["sources"].to_list()) == (0, ["hkex_southbound"])


def test_every_planted_fault_lies_in_the_window():
    assert all(FIRST < faulty(fault.name, fault.source) <= LAST for fault in FAULTS)


@pytest.mark.parametrize(
    ("session", "implied"),
    [
        ("2026-08-19", "2026-08-17"),
        ("2026-08-24", "2026-08-20"),  # a Monday: Friday settles Thursday's at the earliest
        ("2026-09-25", "2026-09-23"),  # the mainland's Mid-Autumn
        ("2026-09-28", "2026-09-24"),
        ("2026-09-29", "2026-09-24"),  # nothing was traded on the 25th
        ("2026-09-30", "2026-09-28"),
        ("2026-10-02", "2026-09-29"),  # the 1st is a holiday of both
        ("2026-10-05", "2026-09-30"),
        ("2026-10-06", "2026-09-30"),  # the mainland rests to the 7th
        ("2026-10-09", "2026-09-30"),
        ("2026-10-12", "2026-10-08"),
        ("2026-10-20", "2026-10-15"),  # the 19th is a holiday of Hong Kong
    ],
)
def test_what_is_held_was_settled_that_day_and_traded_two_before(hkex_built, session, implied):
    found = published(
        hkex_built,
        "SELECT DISTINCT settlement_date, implied_trade_date FROM hkex.southbound_holdings "
        "WHERE session = ?",
        date.fromisoformat(session),
    )
    assert found.rows() == [(date.fromisoformat(session), date.fromisoformat(implied))]
