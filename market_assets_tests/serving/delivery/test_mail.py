"""Digests by a real mail server: what it takes is what was made, once, whatever dies meanwhile."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest

from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.delivering import deliver
from market_assets.serving.delivery.outbox import LEASE, Message
from market_assets.serving.delivery.senders import NotDelivered, send
from market_assets.serving.delivery.state import State
from market_assets.serving.delivery.telling import forget, tell_digests
from market_assets.serving.digests.files import kept
from market_assets_tests.serving.delivery.posts import (
    ANNA,
    SENDER,
    delivering,
    free_port,
    post_office,
    told_by_mail,
)

NOW = datetime(2026, 11, 20, 19, tzinfo=UTC)
TOLD = {"digests": {"hkex": ["anna"]}}
LEAST_DAYS = 14
"""For which the settings must keep what was sent."""


@pytest.fixture
def scene(tmp_path, rendered):
    """A state, the folder of a rendered digest, and that digest."""
    kept(tmp_path / "digests", rendered.digest.stem, rendered.forms)
    return State(tmp_path / "sandbox"), tmp_path / "digests", rendered


def put_in(settings, state, directory, now=NOW) -> int:
    with state.writing() as connection:
        return tell_digests(settings, connection, directory, now)


def contents(mail) -> list[tuple[str, str | None, object]]:
    """The parts that hold something: type, id, and what they hold."""
    return [
        (part.get_content_type(), part["Content-ID"], part.get_content())
        for part in mail.walk()
        if not part.is_multipart()
    ]


def test_what_arrives_is_what_was_made_and_arrives_once(scene, tmp_path):
    state, directory, rendered = scene
    with post_office(free_port()) as post:
        settings = told_by_mail(tmp_path, post.port, **TOLD)
        for minute in range(3):
            put_in(settings, state, directory)
            deliver(settings, state, NOW + timedelta(minutes=minute))
    [(recipient, mail)] = post.taken
    own = message_from_bytes(rendered.mail, policy=SMTP)
    assert (recipient, mail["To"], mail["From"]) == (ANNA, ANNA, SENDER)
    assert mail["Subject"] == own["Subject"]
    assert contents(mail) == contents(own)


def test_a_digest_that_is_made_again_is_not_sent_again(scene, tmp_path):
    state, directory, _ = scene
    with post_office(free_port()) as post:
        settings = told_by_mail(tmp_path, post.port, **TOLD)
        assert put_in(settings, state, directory) == 1
        deliver(settings, state, NOW)
        (directory / "hkex-2026-11-20.eml").write_bytes(b"Subject: revised\r\n\r\n")
        assert put_in(settings, state, directory) == 0
        deliver(settings, state, NOW + timedelta(hours=1))
    assert len(post.taken) == 1


def test_what_is_forgotten_is_not_sent_again(scene, tmp_path):
    state, directory, _ = scene
    with post_office(free_port()) as post:
        settings = told_by_mail(tmp_path, post.port, **TOLD)
        kept = timedelta(days=LEAST_DAYS)
        put_in(settings, state, directory)
        deliver(settings, state, NOW)
        for day, gone in ((9, 0), (LEAST_DAYS, 0), (LEAST_DAYS + 1, 1), (LEAST_DAYS + 1, 0)):
            now = NOW + timedelta(days=day)
            with state.writing() as connection:
                assert forget(connection, now, kept=kept) == gone
            assert put_in(settings, state, directory, now) == 0
            deliver(settings, state, now)
    assert len(post.taken) == 1


def test_an_old_digest_is_no_news(scene, tmp_path):
    state, directory, _ = scene
    settings = told_by_mail(tmp_path, free_port(), **TOLD)
    assert put_in(settings, state, directory, NOW + timedelta(days=11)) == 0
    assert put_in(settings, state, directory, NOW + timedelta(days=10)) == 1


def test_killed_between_sending_and_recording_it_is_sent_again_under_the_same_key(scene, tmp_path):
    state, directory, _ = scene
    with post_office(free_port()) as post:
        settings = told_by_mail(tmp_path, post.port, **TOLD)
        put_in(settings, state, directory, datetime.now(UTC))
        child = delivering(settings)
        post.meanwhile = child.kill  # the message is here, that it went nobody has written down
        assert child.wait(60) == -9
        child.stdout.close()
        post.meanwhile = lambda: None
        assert len(post.taken) == 1
        assert deliver(settings, state, datetime.now(UTC)).sent == 0
        assert deliver(settings, state, datetime.now(UTC) + LEASE).sent == 1
        assert deliver(settings, state, datetime.now(UTC) + 2 * LEASE).sent == 0
    (_, first), (_, second) = post.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", first["Message-ID"])
    assert contents(first) == contents(second)


def test_a_server_that_was_dead_gets_it_later(scene, tmp_path):
    state, directory, _ = scene
    port = free_port()
    settings = told_by_mail(tmp_path, port, **TOLD)
    put_in(settings, state, directory)
    outcome = deliver(settings, state, NOW)
    assert outcome.sent == 0
    [failure] = outcome.failures
    assert failure.startswith("digest hkex to anna: the mail server: ConnectionRefusedError")
    with post_office(port) as post:
        assert deliver(settings, state, NOW + timedelta(seconds=59)).sent == 0
        assert deliver(settings, state, NOW + timedelta(seconds=60)).sent == 1
    assert len(post.taken) == 1


def test_who_is_never_reached_is_given_up(scene, tmp_path):
    state, directory, _ = scene
    settings = told_by_mail(tmp_path, free_port(), give_up_hours=1, **TOLD)
    put_in(settings, state, directory)
    for minutes in (0, 59, 61, 180):
        deliver(settings, state, NOW + timedelta(minutes=minutes))
    with state.reading() as connection:
        [row] = outbox.listed(connection)
    assert (row["state"], row["attempts"]) == ("given_up", 3)


@pytest.mark.parametrize(
    ("answer", "final"), [("451 come again", False), ("554 no, and never", True)]
)
def test_a_no_for_good_is_told_from_one_for_now(answer, final, tmp_path):
    with post_office(free_port()) as post:
        post.answer = answer
        settings = told_by_mail(tmp_path, post.port)
        with pytest.raises(NotDelivered, match=answer) as caught:
            send(settings, told("anna"))
    assert caught.value.final is final


def test_a_target_that_is_gone_is_given_up(tmp_path):
    settings = told_by_mail(tmp_path, free_port())
    with pytest.raises(NotDelivered, match="no target is called ben any more") as caught:
        send(settings, told("ben"))
    assert caught.value.final


def told(recipient: str) -> Message:
    return Message(kind="late", about="hkex", recipient=recipient, title="hkex is late", body=".")
