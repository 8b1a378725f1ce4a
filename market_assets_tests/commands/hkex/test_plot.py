"""What happens to stocks is told for what it is: a split is no purchase, a new code no exit."""

import pytest

from market_assets_tests.built import published
from market_assets_tests.built_hkex import LAST, SESSIONS, happened

STATUS = (
    "SELECT status FROM hkex.holding_deltas "
    "WHERE code = ? AND session = ? AND horizon = ? ORDER BY ALL"
)


def status(data, code, session, horizon=1) -> list[str]:
    return published(data, STATUS, code, session, horizon)["status"].to_list()


def before(session):
    return SESSIONS[SESSIONS.index(session) - 1]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("renamed", "ok"),
        ("became_eligible", None),
        ("split", "split_suspect"),
        ("exit", "exited"),
        ("left_list", "ok"),
        ("new_holding", "new"),
        ("pause", "exited"),
        ("reentry", "new"),
        ("delisted", "exited"),
        ("consolidation", "split_suspect"),
        ("temporary_counter", "code_change_suspect"),
        ("original_counter", "code_change_suspect"),
        ("moved_board", "code_change_suspect"),
    ],
)
def test_each_event_has_its_status_on_its_session(hkex_built, kind, told):
    session, code, _ = happened(kind)
    assert status(hkex_built, code, session) == ([told] if told else [])


@pytest.mark.parametrize("kind", ["temporary_counter", "original_counter", "moved_board"])
def test_the_other_code_of_a_change_is_neither_new_nor_gone(hkex_built, kind):
    session, _, other = happened(kind)
    assert status(hkex_built, other, session) == ["code_change_suspect"]


@pytest.mark.parametrize("kind", ["split", "consolidation"])
def test_a_split_is_suspect_over_every_horizon_that_spans_it(hkex_built, kind):
    session, code, _ = happened(kind)
    reached = [status(hkex_built, code, session, horizon) for horizon in (1, 5, 20)]
    spans = 3 if SESSIONS.index(session) >= 20 else 2 if SESSIONS.index(session) >= 5 else 1
    assert reached[:spans] == [["split_suspect"]] * spans


def test_new_holdings_are_the_two_that_entered_and_tell_a_return_from_a_first_entry(hkex_built):
    first, entered, _ = happened("new_holding")
    again, returned, _ = happened("reentry")
    left = before(happened("pause")[0])
    rows = published(
        hkex_built,
        "SELECT session, code, entry, previous_last_seen FROM hkex.new_holdings "
        "WHERE status = 'new' ORDER BY session",
    )
    assert rows.rows() == [(first, entered, "first", None), (again, returned, "re_entry", left)]


def test_a_holding_that_goes_on_under_another_code_is_marked_among_the_new(hkex_built):
    away, original, stand_in = happened("temporary_counter")
    changes = [(away, stand_in, original), happened("original_counter"), happened("moved_board")]
    rows = published(
        hkex_built,
        "SELECT session, code, replaces FROM hkex.new_holdings "
        "WHERE status = 'code_change_suspect' ORDER BY session",
    )
    assert rows.rows() == sorted(changes)


def test_newly_eligible_is_not_newly_held(hkex_built):
    listed, code, _ = happened("became_eligible")
    held, same, _ = happened("new_holding")
    assert (code, listed < held) == (same, True)
    rows = published(
        hkex_built,
        "SELECT min(session) FROM hkex.southbound_holdings WHERE code = ? AND shares IS NOT NULL",
        code,
    )
    assert rows.item() == held
    lists = published(
        hkex_built,
        "SELECT min(session) FROM hkex.eligible_lists WHERE code = ?",
        code,
    )
    assert lists.item() < held


def test_what_left_the_list_is_removed_there_and_still_held(hkex_built):
    _, code, _ = happened("left_list")
    rows = published(
        hkex_built,
        "SELECT channel, change FROM hkex.southbound_eligibility WHERE code = ? ORDER BY ALL",
        code,
    )
    assert rows.rows() == [("shanghai", "removed"), ("shenzhen", "removed")]
    assert status(hkex_built, code, LAST) == ["ok"]


def test_a_name_is_that_of_its_session(hkex_built):
    session, code, _ = happened("renamed")
    names = published(
        hkex_built,
        "SELECT session < ? AS earlier, any_value(name) AS name, count(DISTINCT name) AS n "
        "FROM hkex.southbound_holdings WHERE code = ? GROUP BY earlier ORDER BY earlier DESC",
        session,
        code,
    )
    (old, new) = names["name"]
    assert names["n"].to_list() == [1, 1]
    assert old == f"{new} (OLD NAME)"


def test_suspects_and_exits_are_no_movers_that_only_a_split_made(hkex_built):
    for kind in ("split", "consolidation", "temporary_counter", "moved_board"):
        session, code, other = happened(kind)
        rows = published(
            hkex_built,
            "SELECT count(*) FROM hkex.movers WHERE session = ? AND code IN (?, ?) AND horizon = 1",
            session,
            code,
            other,
        )
        assert rows.item() == 0
