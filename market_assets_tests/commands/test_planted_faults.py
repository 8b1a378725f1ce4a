"""Every fault planted in the sandbox shows where it should, and changed no number.

That no number changed is ``test_run``: these sessions equal the truth.
"""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.calendars.sessions import sessions_between
from market_assets.defs.captures import asked_source
from market_assets.defs.casablanca.asking import ASKING
from market_assets.defs.platform import Platform
from market_assets.defs.window import Window
from market_assets.sandbox.casablanca.mischief import FAULTS, faults_on
from market_assets.settings import read_settings
from market_assets.sources.registry import source
from market_assets.web.archive import Archive
from market_assets_tests.built import FIRST, LAST, Built, invoked, published

PLANTED = {
    (fault.name, fault.source): session
    for session in sessions_between("XCAS", FIRST, LAST)
    for fault in faults_on(session)
}
"""The last session of the run with each fault."""


def quality(built: Built, name: str, source_name: str) -> dict:
    session = PLANTED[name, source_name]
    rows = published(
        built.first,
        "FROM casablanca.volume_data_quality WHERE source = ? AND session = ?",
        source_name,
        session,
    )
    return rows.row(0, named=True)


def put_aside(built: Built, name: str, source_name: str) -> dict[str, int]:
    session = PLANTED[name, source_name]
    rows = published(
        built.first,
        "SELECT reason, count(*) FROM quality.quarantine "
        "WHERE source = ? AND session = ? GROUP BY reason",
        source_name,
        session,
    )
    return dict(rows.iter_rows())


def attempts(built: Built, name: str, source_name: str) -> list[tuple[int, str | None]]:
    session = PLANTED[name, source_name]
    archive = Archive(built.first / "sandbox/captures")
    rows = archive.attempts(source_name, session, session)
    archive.close()
    return [(row.status, row.truncated) for row in rows if row.kind == "attempt"]


def test_the_sessions_of_the_run_have_every_fault_there_is():
    assert PLANTED.keys() == {(fault.name, fault.source) for fault in FAULTS}


def test_a_source_that_lags_stated_nothing_of_the_session(built: Built):
    row = quality(built, "lag", "cdg_capital")
    assert (row["stated"], row["completeness"], row["score"]) == (0, 0.0, 0.0)
    assert row["issues"].startswith("81 of 81 lines missing")
    assert "volume_data_quality: lagging_source" in built.said("first")


def test_a_source_that_is_down_is_reported_and_its_answers_are_kept(built: Built):
    assert attempts(built, "down", "bmce_capital") == [(503, None)] * 4
    assert "bmce_capital: source_answered" in built.said("first")
    assert quality(built, "down", "bmce_capital")["completeness"] == 1.0  # by its history


def test_a_source_that_asks_to_wait_is_waited_for(built: Built):
    assert attempts(built, "too_many", "casablanca_bourse") == [(429, None)]
    assert "casablanca_bourse: source_answered" not in built.said("first")
    assert quality(built, "too_many", "casablanca_bourse")["completeness"] == 1.0


def test_a_body_that_broke_off_is_asked_for_again(built: Built):
    assert attempts(built, "torn", "cdg_capital") == [(200, "disconnect")]
    assert quality(built, "torn", "cdg_capital")["stated"] > 60


def test_money_where_shares_belong_is_a_disagreement_on_every_traded_line(built: Built):
    session = PLANTED["money", "tradingview"]
    rows = published(
        built.first,
        "SELECT d.field, d.value, d.chosen, q.volume, q.turnover FROM quality.disagreements d "
        "JOIN casablanca.daily_quotes q USING (ticker, session) "
        "WHERE d.source = 'tradingview' AND session = ?",
        session,
    )
    traded = published(
        built.first,
        "SELECT count(*) FROM casablanca.daily_quotes WHERE volume > 0 AND session = ?",
        session,
    ).item()
    assert rows.height == traded > 60
    assert set(rows["field"]) == {"volume"}
    assert rows["chosen"].equals(rows["volume"].cast(pl.Float64).alias("chosen"))
    assert (rows["value"] - rows["turnover"]).abs().max() <= 0.5


def test_a_changed_layout_is_put_aside_and_said(built: Built):
    reasons = put_aside(built, "layout", "african_markets")
    assert [reason.partition(":")[0] for reason in reasons] == ["LayoutChanged"]
    assert "no column ['price'] among" in next(iter(reasons))
    assert quality(built, "layout", "african_markets")["score"] == 0.0


@pytest.mark.parametrize(("name", "lines"), [("wafabourse", 81), ("tradingview", 78)])
def test_a_session_that_replays_the_one_before_is_a_ghost(built: Built, name, lines):
    assert put_aside(built, "replay", name)["ghost session"] == lines
    assert quality(built, "replay", name)["score"] == 0.0
    assert "volume_data_quality: ghost_session" in built.said("first")


def test_a_ghost_is_known_also_where_the_session_before_comes_later(built: Built, tmp_path: Path):
    data, session = tmp_path / "data", PLANTED["replay", "tradingview"]
    about = ("--market", "casablanca", "--until", session, "--data-dir", data)
    ghosts = (
        "SELECT source, ticker FROM quality.quarantine "
        "WHERE kind = 'ghost_session' AND session = ? ORDER BY ALL"
    )
    judged = (
        "SELECT source, stated, completeness, validity, score, issues "
        "FROM casablanca.volume_data_quality WHERE session = ? ORDER BY ALL"
    )
    assert invoked("run", *about, "--days", 1).status == 0
    assert published(data, ghosts, session).is_empty()
    assert invoked("run", *about, "--days", 2).status == 0
    for query in (ghosts, judged):
        at_once = published(built.first, query, session)
        assert at_once.height > 0
        assert_frame_equal(published(data, query, session), at_once)
    replayed = invoked("replay", "--data-dir", data)
    assert replayed.status == 0, replayed.out


def test_a_line_said_twice_counts_once(built: Built):
    assert put_aside(built, "duplicate", "cdg_capital")["duplicate row"] == 1
    assert "1 x duplicate row" in quality(built, "duplicate", "cdg_capital")["issues"]
    assert "volume_data_quality: doubled_rows" in built.said("first")


def test_a_line_that_keeps_an_old_price_is_put_aside_and_counts_as_no_fault(built: Built):
    plain = "source = 'cdg_capital' AND session = '2026-10-16'"
    kinds = published(
        built.first,
        f"SELECT kind, count(*) FROM quality.quarantine WHERE {plain} GROUP BY kind",
    )
    ((kind, untraded),) = kinds.rows()
    judged = published(
        built.first,
        f"SELECT validity, issues FROM casablanca.volume_data_quality WHERE {plain}",
    )
    assert kind == "stale"
    assert judged.rows() == [(1.0, f"{untraded} of 81 lines missing")]


def test_a_line_that_is_not_listed_is_put_aside(built: Built):
    assert put_aside(built, "unknown", "tradingview") == {"unknown line": 1}
    text = published(built.first, "FROM quality.quarantine WHERE reason = 'unknown line'")["text"]
    assert text[0].startswith("ZZZ 2026-10-21 ")
    assert "volume_data_quality: unlisted_lines" in built.said("first")


def test_numbers_in_another_locale_are_refused_and_never_read(built: Built):
    reasons = put_aside(built, "locale", "african_markets")
    refused = {reason for reason in reasons if reason.endswith("as this source writes them")}
    assert "'102,10' is not a number as this source writes them" in refused
    assert len(refused) > 70
    assert quality(built, "locale", "african_markets")["score"] == 0.0


@pytest.mark.parametrize(
    ("name", "session", "failure", "status"),
    [
        ("investing", date(2026, 10, 19), "Blocked", 403),
        ("bmce_capital", date(2026, 10, 30), "Unavailable", 503),
    ],
)
def test_a_source_that_does_not_answer_on_the_day_is_a_named_failure(
    tmp_path, name, session, failure, status
):
    platform = Platform(read_settings({"data_dir": tmp_path}))
    asked = asked_source(platform, source(name), Window(sessions=(session,)), ASKING)
    assert asked.captures == 0
    assert all(failed.startswith(f"{session}: {failure}") for failed in asked.failures)
    statuses = {row.status for row in platform.archive.attempts(name, session, session)}
    platform.archive.close()
    assert status in statuses
