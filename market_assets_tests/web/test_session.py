"""What a publisher sees of us, and what a conversation gets back."""

import gzip
import time
from importlib.metadata import version

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug import Response

from market_assets.web.messages import Request
from market_assets_tests.web.scene import NOON, SESSION, SOURCE


def test_a_request_says_who_asks_and_no_source_can_disguise_it(open_publisher, converse):
    open_publisher.answers("/prices", Response("ok"))
    ask = converse(open_publisher.url)
    ask("/prices", headers={"user-agent": "Mozilla/5.0", "Accept-Language": "fr"})
    headers = open_publisher.asked[-1].headers
    assert headers["User-Agent"] == f"market-assets/{version('market-assets')} (+desk@example.org)"
    assert headers["Accept-Language"] == "fr"


def test_without_a_contact_only_the_name_is_said(open_publisher, converse):
    open_publisher.answers("/prices", Response("ok"))
    converse(open_publisher.url, contact=None)("/prices")
    agent = open_publisher.asked[-1].headers["User-Agent"]
    assert agent == f"market-assets/{version('market-assets')}"


@pytest.mark.parametrize("name", ["Ocp-Apim-Subscription-Key", "authorization", "X-API-Key"])
def test_a_key_reaches_the_publisher_and_never_the_archive(open_publisher, converse, archive, name):
    open_publisher.answers("/prices", Response("ok"))
    capture = converse(open_publisher.url)("/prices", headers={name: "s3cret", "X-Page": "2"})
    assert open_publisher.asked[-1].headers[name] == "s3cret"
    kept = gzip.decompress((archive.directory / capture.file).read_bytes())
    assert f"{name}: withheld".encode() in kept
    assert b"X-Page: 2" in kept
    assert b"s3cret" not in kept


@pytest.mark.parametrize(
    ("referer", "seen", "origin"),
    [
        ("/fr/market", "{base}/fr/market", "{host}"),
        ("https://www.example.org/a?b", "https://www.example.org/a?b", "https://www.example.org"),
    ],
)
def test_the_referer_is_a_path_of_the_publisher_or_an_address(
    open_publisher, converse, referer, seen, origin
):
    open_publisher.answers("/mirror/prices", Response("ok"))
    base = f"{open_publisher.url}/mirror"
    converse(base)("/prices", referer=referer)
    headers = open_publisher.asked[-1].headers
    assert headers["Referer"] == seen.format(base=base)
    assert headers["Origin"] == origin.format(host=open_publisher.url)


def test_nothing_is_said_of_a_referer_that_is_not_given(open_publisher, converse):
    open_publisher.answers("/prices", Response("ok"))
    converse(open_publisher.url)("/prices")
    assert not {"Referer", "Origin", "Cookie"} & set(open_publisher.asked[-1].headers.keys())


def test_parameters_and_json_arrive_as_asked(open_publisher, converse):
    open_publisher.answers("/api/", Response("ok"))
    ask = converse(open_publisher.url)
    ask("/api/", method="POST", params={"a": "b c"}, json={"ACTIONS": [{"Nom": "é"}]})
    received = open_publisher.asked[-1]
    assert (received.method, received.args["a"]) == ("POST", "b c")
    assert received.get_json() == {"ACTIONS": [{"Nom": "é"}]}


def test_cookies_last_for_the_conversation_and_no_longer(open_publisher, converse):
    first = Response("home", headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2; Path=/")])
    open_publisher.answers("/", first)
    open_publisher.answers("/token", Response("token"))
    ask = converse(open_publisher.url)
    home = ask("/")
    ask("/token")
    assert dict(open_publisher.asked[-1].cookies) == {"a": "1", "b": "2"}
    assert home.headers["set-cookie"] == "a=1, b=2; Path=/"
    converse(open_publisher.url)("/token")
    assert dict(open_publisher.asked[-1].cookies) == {}


def test_the_answer_is_the_capture_that_the_archive_keeps(open_publisher, converse, archive):
    open_publisher.answers("/prices", Response("é".encode("latin-1"), mimetype="text/html"))
    capture = converse(open_publisher.url)("/prices", key="snapshot", params={"p": "1"})
    assert (capture.key, capture.source, capture.status) == ("snapshot", SOURCE, 200)
    assert (capture.first_session, capture.last_session) == (SESSION, SESSION)
    assert capture.url == f"{open_publisher.url}/prices?p=1"
    assert (capture.media_type, capture.body) == ("text/html", b"\xe9")
    assert capture.fetched_at > NOON
    (row,) = archive.captures(SOURCE, SESSION, SESSION)
    assert archive.read(row) == capture == archive.read(capture.capture_id)


@pytest.mark.parametrize("status", [400, 404, 405, 410, 422])
def test_a_lasting_refusal_of_one_page_is_an_answer_and_asked_once(
    open_publisher, converse, archive, status
):
    open_publisher.answers("/gone", Response("no such page", status=status))
    capture = converse(open_publisher.url)("/gone")
    assert (capture.status, capture.body) == (status, b"no such page")
    assert open_publisher.paths.count("/gone") == 1
    assert [row.status for row in archive.captures(SOURCE, SESSION, SESSION)] == [status]


class Echo(HTTPAdapter):
    """Answers without a network."""

    def send(self, request, *_args, **_options):
        raw = HTTPResponse(
            body=b"", headers={"Content-Type": "text/plain"}, status=200, preload_content=False
        )
        return self.build_response(request, raw)


def test_over_a_transport_in_the_networks_place_time_passes_on_the_clock_only(
    archive, converse, clock
):
    ask = converse("https://publisher.example", transport=Echo())
    ask("/first")
    begun, began = time.perf_counter(), clock.now()
    for number in range(20):
        ask(f"/{number}")
    assert (clock.now() - began).total_seconds() == 20 * 2.5
    assert time.perf_counter() - begun < 20 * 2.5
    assert len(archive.captures(SOURCE, SESSION, SESSION)) == 21


def test_an_address_that_is_none_is_a_mistake_of_ours_and_bubbles(converse):
    with pytest.raises(requests.exceptions.MissingSchema):
        converse("publisher.example")("/prices")


def test_answers_of_one_source_are_not_kept_under_another(open_publisher, converse, archive):
    session = converse(open_publisher.url).args[0]
    with (
        archive.writing("other", SESSION, SESSION) as writing,
        pytest.raises(ValueError, match="answers of cdg_capital do not belong to other"),
    ):
        session.exchange(Request(key="a", path="/a"), writing=writing)
    assert open_publisher.asked == []
