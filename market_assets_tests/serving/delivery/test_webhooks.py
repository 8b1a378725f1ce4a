"""Webhooks through apprise: each message has its key in a header, and no secret in a failure."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug import Request, Response

from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.delivering import deliver
from market_assets.serving.delivery.outbox import LEASE, Message
from market_assets.serving.delivery.senders import with_key, without_secrets
from market_assets.serving.delivery.state import State
from market_assets.settings import Settings, read_settings
from market_assets_tests.serving.delivery.posts import delivering

MESSAGE = Message(
    kind="source", about="bkam 1 on", recipient="ops", title="source bkam fails", body="Blocked."
)


@pytest.fixture
def scene(tmp_path, httpserver):
    """A state with one message for a webhook, and its settings."""
    url = f"json://user:s3cretpass@{httpserver.host}:{httpserver.port}/hooks/t0kent0ken"
    settings = read_settings({"data_dir": tmp_path, "delivery": {"targets": {"ops": url}}})
    state = State(settings.mode_dir)
    with state.writing() as connection:
        outbox.put(connection, MESSAGE, datetime.now(UTC))
    return settings, state


def keys(httpserver) -> list[str | None]:
    return [request.headers.get("Idempotency-Key") for request, _ in httpserver.log]


def test_a_webhook_gets_the_message_and_its_key_once(scene, httpserver):
    settings, state = scene
    httpserver.expect_request("/hooks/t0kent0ken", method="POST").respond_with_data("taken")
    assert deliver(settings, state, datetime.now(UTC)).sent == 1
    assert deliver(settings, state, datetime.now(UTC) + timedelta(days=1)).sent == 0
    [(request, _)] = httpserver.log
    assert request.headers["Idempotency-Key"] == MESSAGE.key
    assert request.json["title"] == "source bkam fails"
    assert request.json["message"].splitlines() == ["Blocked.", "", f"ref {MESSAGE.key[:8]}"]


def test_a_webhook_that_fails_is_tried_again_under_the_same_key(scene, httpserver):
    settings, state = scene
    httpserver.expect_oneshot_request("/hooks/t0kent0ken").respond_with_data("", status=503)
    httpserver.expect_request("/hooks/t0kent0ken").respond_with_data("taken")
    now = datetime.now(UTC)
    [failure] = deliver(settings, state, now).failures
    assert failure.startswith("source to ops: ")
    assert "503" in failure
    assert not [part for part in ("s3cretpass", "t0kent0ken") if part in failure]
    assert deliver(settings, state, now + timedelta(minutes=1)).sent == 1
    assert keys(httpserver) == [MESSAGE.key, MESSAGE.key]


def test_killed_after_the_webhook_took_it_the_key_is_the_same(scene, httpserver):
    settings, state = scene
    children = []

    def kill(_: Request) -> Response:
        children.pop().kill() if children else None
        return Response("taken")

    httpserver.expect_request("/hooks/t0kent0ken").respond_with_handler(kill)
    child = delivering(settings)
    children.append(child)
    assert child.wait(60) == -9
    child.stdout.close()
    assert deliver(settings, state, datetime.now(UTC) + LEASE).sent == 1
    assert keys(httpserver) == [MESSAGE.key, MESSAGE.key]


def test_only_webhooks_of_our_own_carry_a_header():
    assert with_key("jsons://h/p", "k") == "jsons://h/p?+Idempotency-Key=k"
    assert with_key("xml://h/p?verify=no", "k") == "xml://h/p?verify=no&+Idempotency-Key=k"
    assert with_key("ntfy://topic", "k") == "ntfy://topic"


def test_a_url_that_apprise_does_not_know_is_given_up(tmp_path):
    given = {"targets": {"ops": "nonsense://host"}}
    settings: Settings = read_settings({"data_dir": tmp_path, "delivery": given})
    state = State(settings.mode_dir)
    with state.writing() as connection:
        outbox.put(connection, MESSAGE, datetime.now(UTC))
    [failure] = deliver(settings, state, datetime.now(UTC)).failures
    assert failure == "source to ops: apprise does not know the URL of this target"
    with state.reading() as connection:
        assert [row["state"] for row in outbox.listed(connection)] == ["given_up"]


def test_no_part_of_a_url_is_in_what_is_said():
    said = without_secrets(
        "POST http://host.example/abcd1234 as user: no", "json://user@host.example/abcd1234"
    )
    assert said == "POST http://***/*** as ***: no"
