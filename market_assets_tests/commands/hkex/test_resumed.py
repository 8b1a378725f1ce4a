"""A back-fill that was killed goes on where it was, and growing is the same as one run over all."""

import signal
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.web.archive import Archive
from market_assets.web.index import IndexRow
from market_assets_tests.built import invoked, published, started
from market_assets_tests.built_hkex import FIRST, LAST, SESSIONS, faulty, hkex

COUNT = 15
WINDOW = SESSIONS[-COUNT:]
LISTS = ("NORTHBOUND", "SECURITIES", "PARTICIPANTS")
ALONE = {f"SOURCES__HKEX_{name}__ENABLED": "false" for name in LISTS}
"""Only those who state holdings are asked."""


def rows(data: Path, table: str, first: date, last: date) -> pl.DataFrame:
    """Its rows but for 00700, whose participants were not asked, and which capture says them."""
    return published(
        data,
        f"SELECT COLUMNS(c -> c NOT IN ('capture_id', 'known_at')) FROM hkex.{table} "
        "WHERE code <> '00700' AND session BETWEEN ? AND ? ORDER BY ALL",
        first,
        last,
    )


def captured(data: Path, source: str) -> list[IndexRow]:
    archive = Archive(data / "sandbox/captures")
    found = archive.captures(source, FIRST, LAST)
    archive.close()
    return found


@pytest.fixture(scope="module")
def killed(tmp_path_factory) -> tuple[Path, dict[str, list[str]]]:
    """Data after a kill in the middle of capturing and a second run; what the first captured."""
    data = tmp_path_factory.mktemp("killed") / "data"
    command = ("run", "--market", "hkex", "--days", COUNT, "--until", LAST, "--data-dir", data)
    process = started(*command, **ALONE)
    while not any(data.glob("sandbox/captures/hkex_southbound/*/*/*.warc.gz")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    before = {
        name: [row.capture_id for row in captured(data, name)]
        for name in ("hkex_southbound", "sse_southbound", "szse_southbound")
    }
    resumed = hkex("--days", COUNT, "--until", LAST, data=data, **ALONE)
    assert resumed.status == 0, resumed.out
    return data, before


def test_the_kill_came_in_the_middle(killed):
    _, before = killed
    assert 10 <= len(before["hkex_southbound"]) < COUNT
    assert before["szse_southbound"] == []


def test_only_what_is_missing_is_asked_for(killed):
    data, before = killed
    known = set(before["hkex_southbound"])
    rows = captured(data, "hkex_southbound")
    first = [row.key for row in rows if row.capture_id in known and "/" in row.key]
    second = [row.key for row in rows if row.capture_id not in known and "/" in row.key]
    other_day = faulty("other_day", "hkex_southbound")
    assert set(first) & set(second) <= {f"southbound/{other_day}"}
    assert len(second) <= COUNT - len(known) + 1
    asked = [row.key for row in captured(data, "szse_southbound") if row.key.startswith("hold")]
    assert len(asked) == len(set(asked))


def test_the_result_is_that_of_a_run_that_nobody_disturbed(killed, hkex_built):
    data, _ = killed
    first, last = WINDOW[0], WINDOW[-1]
    holdings = [rows(each, "southbound_holdings", first, last) for each in (data, hkex_built)]
    assert_frame_equal(*holdings)
    changes = [rows(each, "holding_deltas", WINDOW[1], last) for each in (data, hkex_built)]
    assert_frame_equal(*(frame.filter(pl.col("horizon") == 1) for frame in changes))


def test_nothing_is_asked_when_all_is_there(killed):
    data, _ = killed
    before = len(captured(data, "hkex_southbound"))
    again = hkex("--days", COUNT, "--until", LAST, data=data, **ALONE)
    assert "Nothing new: every session that was asked for is published." in again.out
    assert len(captured(data, "hkex_southbound")) == before


def test_growing_is_the_same_as_one_run_over_all(hkex_built, tmp_path):
    last = SESSIONS[3]
    for count in (2, 4):
        grown = hkex("--days", count, "--until", SESSIONS[count - 1], data=tmp_path, **ALONE)
        assert grown.status == 0, grown.out
    for table in ("southbound_holdings", "holding_deltas", "holding_streaks"):
        parts = (rows(each, table, FIRST, last) for each in (tmp_path, hkex_built))
        assert_frame_equal(*parts)


def test_days_before_those_there_are_give_what_a_replay_of_all_gives(tmp_path):
    data = tmp_path / "data"
    for days in (1, 3):
        assert hkex("--days", days, "--until", LAST, data=data).status == 0
    replayed = invoked("replay", "--data-dir", data)
    assert replayed.status == 0, replayed.out
