"""robots.txt is asked first and obeyed; RFC 9309 says what a missing or failing one means."""

from datetime import timedelta

import pytest
from werkzeug import Response

from market_assets.web.failures import Blocked, Disallowed, NotThisPage, RateLimited
from market_assets.web.limits import Limits
from market_assets_tests.web.scene import NOON, SESSION, SOURCE

RULES = """
User-agent: *
Disallow: /
User-agent: market-assets
Disallow: /private
Allow: /private/open
"""


def kinds(archive):
    return [(row.kind, row.key) for row in archive.attempts(SOURCE, SESSION, SESSION)]


def test_robots_is_asked_first_once_and_kept(publisher, converse, archive):
    publisher.answers("/robots.txt", Response(RULES))
    publisher.answers("/prices", Response("ok"))
    ask = converse(publisher.url)
    ask("/prices")
    ask("/prices")
    assert publisher.paths == ["/robots.txt", "/prices", "/prices"]
    assert "market-assets/" in publisher.asked[0].headers["User-Agent"]
    (row,) = archive.attempts(SOURCE, SESSION, SESSION)
    assert (row.kind, row.key, row.status) == ("robots", "robots.txt", 200)
    assert archive.read(row).body == RULES.encode()


def test_what_robots_forbids_is_not_asked(publisher, converse):
    publisher.answers("/robots.txt", Response(RULES))
    publisher.answers("/private/open", Response("ok"))
    ask = converse(publisher.url)
    with pytest.raises(Disallowed, match=r"robots.txt of localhost:\d+ forbids .*/private/1\?a=b"):
        ask("/private/1", params={"a": "b"})
    assert ask("/private/open").body == b"ok"
    assert publisher.paths == ["/robots.txt", "/private/open"]


def test_rules_for_everyone_are_ours_when_none_name_us(publisher, converse):
    publisher.answers("/robots.txt", Response("\ufeffUser-agent: *\nDisallow: /private"))
    with pytest.raises(Disallowed):
        converse(publisher.url)("/private")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_robots_that_is_not_there_allows_everything(publisher, converse, status):
    publisher.answers("/robots.txt", Response("User-agent: *\nDisallow: /", status=status))
    publisher.answers("/prices", Response("ok"))
    assert converse(publisher.url)("/prices").body == b"ok"


@pytest.mark.parametrize("status", [500, 503])
def test_while_robots_fails_nothing_is_asked(publisher, converse, archive, status):
    failing = [Response("oops", status=status)] * 4
    publisher.answers("/robots.txt", *failing, Response(""))
    publisher.answers("/prices", Response("ok"))
    ask = converse(publisher.url)
    with pytest.raises(
        Disallowed, match=f"nothing may be asked while .*robots.txt: status {status}"
    ):
        ask("/prices")
    assert publisher.paths == ["/robots.txt"] * 4
    assert kinds(archive) == [("attempt", "robots.txt")] * 4
    assert ask("/prices").body == b"ok"


def test_while_robots_cannot_be_reached_nothing_is_asked(converse):
    with pytest.raises(Disallowed, match=r"nothing may be asked while .*Connection refused"):
        converse("http://127.0.0.1:9", limits=Limits(retries=0))("/prices")


def test_a_limit_on_robots_is_a_limit(publisher, converse):
    limited = Response("", status=429, headers={"Retry-After": "9999"})
    publisher.answers("/robots.txt", limited)
    with pytest.raises(RateLimited):
        converse(publisher.url)("/prices")


def test_a_challenge_for_robots_blocks(publisher, converse):
    page = Response("<title>Just a moment...</title>", status=403, mimetype="text/html")
    publisher.answers("/robots.txt", page)
    with pytest.raises(Blocked, match=r"robots.txt: a wall"):
        converse(publisher.url)("/prices")


def test_a_robots_on_another_host_is_none_we_may_rely_on(publisher, converse):
    publisher.answers("/robots.txt", Response("", 301, {"Location": "https://example.org/r"}))
    with pytest.raises(Disallowed, match="which is not the same host") as raised:
        converse(publisher.url)("/prices")
    assert isinstance(raised.value.__cause__, NotThisPage)


def test_a_robots_that_moved_on_the_host_is_followed(publisher, converse):
    publisher.answers("/robots.txt", Response("", 301, {"Location": "/en/robots.txt"}))
    publisher.answers("/en/robots.txt", Response("User-agent: *\nDisallow: /"))
    with pytest.raises(Disallowed, match="forbids"):
        converse(publisher.url)("/prices")


def test_a_page_in_the_place_of_robots_forbids_nothing(publisher, converse):
    publisher.answers("/robots.txt", Response("<html>home", mimetype="text/html"))
    publisher.answers("/prices", Response("ok"))
    assert converse(publisher.url)("/prices").body == b"ok"


@pytest.mark.parametrize(("stated", "waited"), [("10", 10), ("1", 2.5), ("nonsense", 2.5)])
def test_the_longer_of_crawl_delay_and_interval_is_kept(
    publisher, converse, archive, stated, waited
):
    publisher.answers("/robots.txt", Response(f"User-agent: *\nCrawl-delay: {stated}"))
    publisher.answers("/prices", Response("ok"))
    ask = converse(publisher.url)
    ask("/prices")
    ask("/prices")
    first, second = archive.captures(SOURCE, SESSION, SESSION)
    assert second.fetched_at - first.fetched_at == timedelta(seconds=waited)


@pytest.mark.parametrize("stated", ["100000", "1000000000000"])
def test_a_crawl_delay_beyond_patience_is_a_limit(publisher, converse, stated):
    publisher.answers("/robots.txt", Response(f"User-agent: *\nCrawl-delay: {stated}"))
    publisher.answers("/prices", Response("ok"))
    with pytest.raises(RateLimited, match="at most 120 s are waited"):
        converse(publisher.url)("/prices")


@pytest.mark.parametrize(("hours", "times"), [(23, 1), (25, 2)])
def test_robots_holds_for_a_day_in_this_conversation_and_the_next(
    publisher, converse, clock, hours, times
):
    publisher.answers("/robots.txt", Response(RULES))
    publisher.answers("/prices", Response("ok"))
    ask = converse(publisher.url)
    ask("/prices")
    clock.sleep(hours * 3600)
    ask("/prices")
    converse(publisher.url)("/prices")
    assert publisher.paths.count("/robots.txt") == times


def test_a_robots_from_the_future_is_not_relied_on(publisher, converse, clock):
    publisher.answers("/robots.txt", Response(RULES))
    publisher.answers("/prices", Response("ok"))
    converse(publisher.url)("/prices")
    clock.set(NOON - timedelta(days=2))
    converse(publisher.url)("/prices")
    assert publisher.paths.count("/robots.txt") == 2
