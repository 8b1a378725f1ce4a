"""HKEXnews over real sockets: a whole run fills its days, whatever happens on the way.

One run of 45 sessions from all of HKEX's sources, played once: with a weekend, holidays, a day that
has no page of its own, one out of range, and faults at five of the others.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pytest_httpserver import HTTPServer

from market_assets.calendars.sessions import sessions_between
from market_assets_tests.built import Ran, published
from market_assets_tests.built_hkex import hkex
from market_assets_tests.live.hkex.addresses import everybody_at, only
from market_assets_tests.live.hkex.figures import (
    HOLIDAYS,
    LAST,
    LINES,
    QUARTER_END,
    STANDING,
    STORM,
    held,
)
from market_assets_tests.live.hkex.hkexnews import INVALID, Hkexnews
from market_assets_tests.live.scenes import once

BEGIN, UNTIL = date(2026, 8, 20), date(2026, 10, 26)
SESSIONS = sessions_between("XHKG", BEGIN, UNTIL)
SERVED = [day for day in SESSIONS if day not in {STORM, UNTIL}]
REFUSED, UNDER_MAINTENANCE, CUT, EMPTY, OTHER_DAY = (
    date.fromisoformat(day)
    for day in ("2026-09-02", "2026-09-09", "2026-09-16", "2026-10-08", "2026-10-09")
)
TROUBLES = {
    REFUSED: "refused",
    UNDER_MAINTENANCE: "maintenance",
    CUT: "cut",
    EMPTY: "empty",
    OTHER_DAY: "other_day",
}
SOURCES = ("hkex_southbound", "hkex_participants", "hkex_securities", "hkex_northbound")
SOUTHBOUND, SEARCH = "mutualmarket.aspx?t=hk", "searchsdw.aspx"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """How the run went and what HKEXnews heard: the days posted to each page, and the GETs."""

    data: Path
    done: Ran
    posted: Mapping[str, list[date]]
    got: list[str]
    resets: int
    misspoken: list[str]

    def table(self, query: str, *values: object) -> pl.DataFrame:
        """What is published."""
        return published(self.data, query, *values, mode="live")


@pytest.fixture(scope="session")
def scene(stage) -> Scene:
    """The run, played by whichever process comes first."""
    return once(stage, "hkexnews", _played)


def _played(folder: Path) -> Scene:
    with HTTPServer() as server:
        heard = Hkexnews(server, troubles=TROUBLES)
        settings = everybody_at(server) | only(*SOURCES)
        done = hkex("--days", len(SESSIONS), "--until", UNTIL, data=folder, **settings)
    return Scene(
        data=folder,
        done=done,
        posted=dict(heard.posted),
        got=heard.got,
        resets=heard.resets,
        misspoken=heard.misspoken,
    )


def quarantined(scene: Scene, source: str) -> list[tuple[date, str, str]]:
    """The session, the kind and the reason of each page of ``source`` that was put aside."""
    return scene.table(
        "SELECT DISTINCT session, kind, reason FROM quality.quarantine "
        "WHERE source = ? ORDER BY ALL",
        source,
    ).rows()


def test_every_day_is_published_as_served_and_no_other(scene):
    assert scene.done.status == 0, scene.done.out + scene.done.err
    found = scene.table(
        "SELECT code, session, name, shares, percent FROM hkex.southbound_holdings "
        "ORDER BY session, code"
    )
    rows = [
        (row.code, day, row.name, row.shares, row.percent) for day in SERVED for row in held(day)
    ]
    assert_frame_equal(found, pl.DataFrame(rows, schema=found.schema, orient="row"))
    assert len(SERVED) >= 40


def test_no_form_was_sent_that_a_browser_would_not_send(scene):
    assert scene.misspoken == []


def test_only_sessions_are_asked_for_and_what_came_is_not_asked_again(scene):
    posted = Counter(scene.posted[SOUTHBOUND])
    assert sorted(posted) == list(SESSIONS)
    assert not HOLIDAYS & set(posted)
    again = {*TROUBLES, STORM, UNTIL}
    assert {day: count for day, count in posted.items() if count > 1} == dict.fromkeys(again, 2)


def test_connections_were_reset_on_the_way(scene):
    assert scene.resets >= 3


def test_the_page_of_saturday_is_put_aside_as_a_repetition_of_friday(scene):
    rows = [row for row in quarantined(scene, "hkex_southbound") if row[0] == LAST]
    assert rows == [(LAST, "not_a_session", "not a session: repeats 2026-10-23")]


def test_a_day_out_of_range_is_a_failure_by_its_name(scene):
    for source in ("hkex_southbound", "hkex_participants"):
        (row,) = [row for row in quarantined(scene, source) if row[0] == UNTIL]
        assert row[1] == "page"
        assert row[2].startswith("OutOfRange: ")
        assert row[2].endswith(INVALID)


@pytest.mark.parametrize(
    ("day", "kind", "reason"),
    [
        (REFUSED, "page", "LayoutChanged: "),
        (UNDER_MAINTENANCE, "page", "Unavailable: "),
        (CUT, "page", "Incomplete: the page of "),
        (EMPTY, "page", "EmptyPage: "),
        (OTHER_DAY, "lag", "lagging: the page of 2026-10-09 shows 2026-10-08"),
        (STORM, "lag", "lagging: the page of 2026-10-14 shows 2026-10-13"),
    ],
)
def test_why_a_day_was_asked_for_twice_is_in_the_quarantine(scene, day, kind, reason):
    ((_, found, said),) = [row for row in quarantined(scene, "hkex_southbound") if row[0] == day]
    assert found == kind
    assert said.startswith(reason)


def test_nothing_else_of_southbound_was_put_aside(scene):
    days = {day for day, *_ in quarantined(scene, "hkex_southbound")}
    assert days == {*TROUBLES, STORM, LAST, UNTIL}


def test_quality_tells_the_days_that_lag_and_that_came_late(scene):
    rows = scene.table(
        "SELECT session, stated, issues FROM hkex.holdings_data_quality "
        "WHERE source = 'hkex_southbound' ORDER BY session"
    )
    issues = {day: (stated, said) for day, stated, said in rows.rows()}
    assert sorted(issues) == list(SESSIONS)
    assert issues[STORM] == (
        0,
        "no rows; 2 x lagging: the page of 2026-10-14 shows 2026-10-13",
    )
    assert issues[OTHER_DAY] == (520, "1 x lagging: the page of 2026-10-09 shows 2026-10-08")
    assert issues[SERVED[-1]] == (520, None)


def test_standing_still_while_the_mainland_rests_is_not_staleness(scene):
    changes = scene.table(
        "SELECT session, sum(abs(change_shares)) AS moved FROM hkex.holding_deltas "
        "WHERE horizon = 1 AND session >= ? GROUP BY session ORDER BY session",
        SERVED[1],
    )
    still = {day for day, moved in changes.rows() if moved == 0}
    assert still == STANDING
    assert changes["session"].to_list() == SERVED[1:]


def test_participants_tell_the_channels_of_their_stock(scene):
    found = scene.table(
        "SELECT session, shanghai_shares, shenzhen_shares FROM hkex.southbound_holdings "
        "WHERE code = '00700' ORDER BY session"
    )
    totals = [(day, next(row.shares for row in held(day) if row.code == "00700")) for day in SERVED]
    assert found.rows() == [(day, total // 3, total - total // 3) for day, total in totals]
    others = scene.table(
        "SELECT count(*) FROM hkex.southbound_holdings "
        "WHERE code <> '00700' AND shanghai_shares IS NOT NULL"
    )
    assert others.item() == 0
    assert set(scene.posted[SEARCH]) == set(SESSIONS)


def test_participants_are_those_of_the_page_investors_without_an_id_too(scene):
    found = scene.table(
        "SELECT participant, participant_id, consenting, shares FROM hkex.participant_holdings "
        "WHERE session = ? ORDER BY shares",
        SERVED[-1],
    )
    assert found.rows()[:3] == [
        ("KO TIN FOOK", None, True, 44),
        ("THE HONGKONG AND SHANGHAI BANKING", "C00019", False, 4_000),
        ("FUTU SECURITIES INTERNATIONAL", "B01955", False, 5_000),
    ]
    assert found.height == 5


def test_the_list_of_securities_and_northbound_are_asked_for_once(scene):
    lists = [path for path in scene.got if "stocklist" in path]
    assert len(lists) == 1
    assert scene.table("SELECT count(*) FROM hkex.securities").item() == 520
    assert [path for path in scene.got if path.endswith(("t=sh", "t=sz"))] == [
        f"/sdw/search/mutualmarket.aspx?t={kind}" for kind in LINES
    ]
    found = scene.table("SELECT session, code, a_code FROM hkex.northbound_holdings ORDER BY code")
    assert found.rows() == [(QUARTER_END, *codes) for codes in sorted(LINES.values())]
