"""Each recipient is told once; who cannot be reached is tried again, and then no more."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.outbox import LEASE, Message
from market_assets.serving.delivery.state import State

NOW = datetime(2026, 11, 20, 19, tzinfo=UTC)


@pytest.fixture
def state(tmp_path) -> State:
    return State(tmp_path)


def message(**changed: str) -> Message:
    given = {
        "kind": "digest hkex",
        "about": "2026-11-20",
        "recipient": "anna",
        "title": "Southbound",
        "body": "text",
    }
    return Message(**(given | changed))


def states(state: State) -> list[tuple[str, int]]:
    with state.reading() as connection:
        return [(row["state"], row["attempts"]) for row in outbox.listed(connection)]


def taken(state: State, at: datetime) -> outbox.Taken | None:
    with state.writing() as connection:
        return outbox.take(connection, at)


def test_the_same_digest_day_and_recipient_are_put_in_once(state):
    with state.writing() as connection:
        assert outbox.put(connection, message(), NOW)
        assert not outbox.put(connection, message(title="made again"), NOW)
        for other in ({"kind": "weekly"}, {"about": "2026-11-19"}, {"recipient": "ben"}):
            assert outbox.put(connection, message(**other), NOW)
    assert len(states(state)) == 4


def test_what_was_put_in_first_goes_first(state):
    told = [str(number) for number in range(9)]
    with state.writing() as connection:
        for about in told:
            outbox.put(connection, message(about=about), NOW)
    assert [taken(state, NOW).message.about for _ in told] == told
    with state.reading() as connection:
        assert [row["about"] for row in outbox.listed(connection)] == told[::-1]


def test_what_was_sent_is_not_put_in_again(state):
    with state.writing() as connection:
        outbox.put(connection, message(), NOW)
    with state.writing() as connection:
        outbox.sent(connection, outbox.take(connection, NOW).message, NOW)
        assert not outbox.put(connection, message(), NOW + timedelta(days=30))
    assert taken(state, NOW + timedelta(days=30)) is None


def test_what_nobody_took_waits_twice_as_long_each_time_up_to_an_hour(state):
    with state.writing() as connection:
        outbox.put(connection, message(), NOW)
    at, waits = NOW, []
    for _ in range(9):
        attempt = taken(state, at)
        with state.writing() as connection:
            outbox.failed(connection, attempt, at, said="refused", final=False)
        wait = outbox.pause(attempt.attempts)
        assert taken(state, at + wait - timedelta(seconds=1)) is None
        waits.append(wait.total_seconds() / 60)
        at += wait
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_what_is_being_sent_is_left_alone_until_its_sender_must_be_gone(state):
    with state.writing() as connection:
        outbox.put(connection, message(), NOW)
    first = taken(state, NOW)
    assert taken(state, NOW + LEASE - timedelta(seconds=1)) is None
    again = taken(state, NOW + LEASE)
    assert (again.message, again.message.key) == (first.message, first.message.key)
    assert states(state) == [("sending", 2)]


def test_what_is_given_up_is_not_taken_again(state):
    with state.writing() as connection:
        outbox.put(connection, message(), NOW)
    attempt = taken(state, NOW)
    with state.writing() as connection:
        outbox.failed(connection, attempt, NOW, said="no such user", final=True)
    assert taken(state, NOW + timedelta(days=9)) is None
    assert states(state) == [("given_up", 1)]


def test_processes_that_send_at_once_share_the_messages(state, tmp_path):
    with state.writing() as connection:
        for number in range(40):
            outbox.put(connection, message(about=str(number)), NOW)
    found: list[str] = []

    def empty() -> None:
        own = State(tmp_path)
        while attempt := taken(own, NOW):
            found.append(attempt.message.about)

    threads = [threading.Thread(target=empty) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=int) == [str(number) for number in range(40)]


def test_only_what_is_done_with_is_forgotten(state):
    with state.writing() as connection:
        outbox.put(connection, message(about="sent"), NOW)
        outbox.sent(connection, outbox.take(connection, NOW).message, NOW)
        outbox.put(connection, message(about="waiting"), NOW)
        assert outbox.trim(connection, NOW) == 0
        assert outbox.trim(connection, NOW + timedelta(days=1)) == 1
    assert states(state) == [("waiting", 0)]
