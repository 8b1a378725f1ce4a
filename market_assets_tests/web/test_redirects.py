"""Redirects are followed on the same host, three times, in turn and as robots.txt allows."""

import pytest
from werkzeug import Response

from market_assets.web.answers import failure_of
from market_assets.web.bodies import Body
from market_assets.web.failures import Disallowed, NotThisPage
from market_assets.web.warc import Answered
from market_assets_tests.web.scene import SESSION, SOURCE


def to(location: str, status: int = 302) -> Response:
    return Response("moved", status, {"Location": location, "Set-Cookie": "seen=1"})


def test_a_redirect_on_the_host_is_followed_and_kept(open_publisher, converse, archive):
    open_publisher.answers("/old", to("/new?a=b"))
    open_publisher.answers("/new", Response("ok"))
    capture = converse(open_publisher.url)("/old", key="snapshot")
    assert (capture.key, capture.url) == ("snapshot", f"{open_publisher.url}/new?a=b")
    assert capture.body == b"ok"
    assert open_publisher.asked[-1].cookies["seen"] == "1"
    hop = archive.attempts(SOURCE, SESSION, SESSION)[-1]
    assert (hop.kind, hop.status, archive.read(hop).body) == ("attempt", 302, b"moved")
    assert [row.status for row in archive.captures(SOURCE, SESSION, SESSION)] == [200]


@pytest.mark.parametrize(
    ("status", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")]
)
def test_a_form_is_sent_again_only_where_that_is_meant(open_publisher, converse, status, method):
    open_publisher.answers("/old", to("/new", status))
    open_publisher.answers("/new", Response("ok"))
    converse(open_publisher.url)("/old", method="POST", json={"a": 1})
    received = open_publisher.asked[-1]
    assert received.method == method
    assert received.get_json(silent=True) == ({"a": 1} if method == "POST" else None)


@pytest.mark.parametrize(
    "location",
    [
        "http://example.org/",
        "//example.org/new",
        "https://localhost/",
        "ftp://localhost/x",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(open_publisher, converse, archive, location):
    open_publisher.answers("/old", to(location))
    with pytest.raises(NotThisPage, match=r"redirects to .*, which is not the same host"):
        converse(open_publisher.url)("/old")
    assert archive.attempts(SOURCE, SESSION, SESSION)[-1].status == 302


def test_the_fourth_redirect_is_one_too_many(open_publisher, converse):
    for place in range(3):
        open_publisher.answers(f"/{place}", to(f"/{place + 1}"))
    open_publisher.answers("/3", Response("ok"), to("/0"))
    ask = converse(open_publisher.url)
    assert ask("/0").body == b"ok"
    with pytest.raises(NotThisPage, match="3 redirects and no page"):
        ask("/0")


def test_a_redirect_to_where_robots_forbids_is_disallowed(publisher, converse):
    publisher.answers("/robots.txt", Response("User-agent: *\nDisallow: /new"))
    publisher.answers("/old", to("/new"))
    with pytest.raises(Disallowed, match=r"forbids .*/new"):
        converse(publisher.url)("/old")


def test_every_redirect_takes_its_turn(open_publisher, converse, archive):
    open_publisher.answers("/old", to("/new"))
    open_publisher.answers("/new", Response("ok"))
    capture = converse(open_publisher.url)("/old")
    hop = archive.attempts(SOURCE, SESSION, SESSION)[-1]
    assert (capture.fetched_at - hop.fetched_at).total_seconds() == 2.5


@pytest.mark.parametrize(
    ("url", "location", "followed"),
    [
        ("http://a.org/", "https://a.org/x", True),
        ("http://a.org/", "https://a.org:443/x", True),
        ("https://a.org/", "https://A.ORG:443/x", True),
        ("https://a.org/", "http://a.org/x", False),
        ("https://a.org/", "https://www.a.org/x", False),
        ("https://a.org/", "https://a.org:8443/x", False),
        ("https://a.org/", "https://a.org@b.org/x", False),
        ("https://a.org/", "https://a.org:x/", False),
        ("https://a.org/", "http://[", False),
        ("http://a.org:8080/", "https://a.org/x", False),
    ],
)
def test_the_same_host_is_told_from_others(url, location, followed):
    answer = Answered(status=301, headers=[("Location", location)])
    failure = failure_of(answer, Body(content=b""), url=url, robots=False)
    assert (failure is None) == followed
