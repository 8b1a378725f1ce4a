"""A conversation gets its captures, is told of failures, and keeps what it had."""

from collections.abc import Callable

import pytest
from werkzeug import Response

from market_assets.web.collect import Collected, collect
from market_assets.web.failures import (
    Disallowed,
    EmptyPage,
    LayoutChanged,
    NotThisPage,
    SourceFailure,
    Unavailable,
)
from market_assets.web.limits import Limits
from market_assets.web.messages import Capture, Conversation, Request
from market_assets_tests.web.scene import SESSION, SOURCE

FAILURES: dict[bytes, SourceFailure] = {
    b"home page": NotThisPage("a home page"),
    b"new layout": LayoutChanged("a new layout"),
    b"no row": EmptyPage("no row"),
    b" ": EmptyPage("no body"),
    b"": EmptyPage("no content"),
}


def read(capture: Capture) -> None:
    """A parser: some bodies cannot be used."""
    if failure := FAILURES.get(capture.body):
        raise failure


@pytest.fixture
def held(open_publisher, converse, archive) -> Callable[[Conversation], Collected]:
    """``held(conversation)`` holds it with the open publisher."""

    def collected(conversation: Conversation) -> Collected:
        session = converse(open_publisher.url, limits=Limits(retries=0)).args[0]
        with archive.writing(SOURCE, SESSION, SESSION) as writing:
            return collect(conversation, read=read, session=session, writing=writing)

    return collected


def kept(archive) -> list[str]:
    return [row.key for row in archive.captures(SOURCE, SESSION, SESSION)]


def test_each_capture_goes_back_to_the_conversation(open_publisher, held, archive):
    open_publisher.answers("/token", Response("secret"))
    open_publisher.answers("/prices", Response("ok"))

    def conversation() -> Conversation:
        token = yield Request(key="token", path="/token")
        yield Request(key="prices", path="/prices", headers={"X-Token": token.body.decode()})

    got = held(conversation())
    assert [capture.body for capture in got.captures] == [b"secret", b"ok"]
    assert (got.failure, got.handled) == (None, ())
    assert open_publisher.asked[-1].headers["X-Token"] == "secret"
    assert kept(archive) == ["token", "prices"]


def test_a_conversation_without_questions_asks_nothing(open_publisher, held, archive):
    assert held(iter_of()) == Collected(captures=(), failure=None, handled=())
    assert open_publisher.asked == []
    assert list(archive.directory.glob("*/*/*/*")) == []


def test_a_failure_ends_the_conversation_and_what_came_before_stays(open_publisher, held, archive):
    open_publisher.answers("/1", Response("ok"))
    open_publisher.answers("/2", Response("oops", status=500))
    got = held(iter_of("/1", "/2", "/1"))
    assert [capture.key for capture in got.captures] == ["/1"]
    assert isinstance(got.failure, Unavailable)
    assert kept(archive) == ["/1"]
    assert open_publisher.paths == ["/robots.txt", "/1", "/2"]


def test_a_conversation_may_go_on_after_a_failure_and_it_is_remembered(open_publisher, held):
    open_publisher.answers("/1", Response("oops", status=500))
    open_publisher.answers("/2", Response("ok"))

    def conversation() -> Conversation:
        try:
            yield Request(key="1", path="/1")
        except Unavailable:
            yield Request(key="2", path="/2")

    got = held(conversation())
    assert [capture.key for capture in got.captures] == ["2"]
    assert got.failure is None
    assert [str(failure)[-10:] for failure in got.handled] == ["status 500"]


def test_a_failure_handled_by_ending_is_remembered(open_publisher, held):
    open_publisher.answers("/1", Response("oops", status=500))

    def conversation() -> Conversation:
        try:
            yield Request(key="1", path="/1")
        except Unavailable:
            return

    got = held(conversation())
    assert (got.captures, got.failure, len(got.handled)) == ((), None, 1)


def test_a_failure_may_be_told_better(open_publisher, held):
    open_publisher.answers("/1", Response("oops", status=500))

    def conversation() -> Conversation:
        try:
            yield Request(key="1", path="/1")
        except Unavailable as failure:
            raise NotThisPage("no token") from failure

    got = held(conversation())
    assert isinstance(got.failure, NotThisPage)
    assert got.handled == ()


def test_what_a_conversation_finds_wrong_is_its_failure(open_publisher, held, archive):
    open_publisher.answers("/1", Response("no token here"))

    def conversation() -> Conversation:
        yield Request(key="1", path="/1")
        raise LayoutChanged("the page has no token")

    got = held(conversation())
    assert str(got.failure) == "the page has no token"
    assert [capture.key for capture in got.captures] == kept(archive) == ["1"]


def test_any_other_exception_bubbles_and_what_was_captured_stays(open_publisher, held, archive):
    open_publisher.answers("/1", Response("ok"))
    closed = []

    def conversation() -> Conversation:
        try:
            yield Request(key="1", path="/1")
            raise ZeroDivisionError("a mistake of ours")
        finally:
            closed.append(True)

    with pytest.raises(ZeroDivisionError):
        held(conversation())
    assert kept(archive) == ["1"]
    assert closed == [True]


def test_a_key_is_answered_once(open_publisher, held, archive):
    open_publisher.answers("/1", Response("ok"))
    with pytest.raises(ValueError, match=r"^cdg_capital asks '/1' again$"):
        held(iter_of("/1", "/1"))
    assert kept(archive) == ["/1"]


def test_a_page_that_robots_forbids_is_a_failure_like_others(publisher, converse, archive):
    publisher.answers("/robots.txt", Response("User-agent: *\nDisallow: /"))
    session = converse(publisher.url).args[0]
    with archive.writing(SOURCE, SESSION, SESSION) as writing:
        got = collect(iter_of("/1"), read=read, session=session, writing=writing)
    assert isinstance(got.failure, Disallowed)


def answers_in_turn(open_publisher, bodies: str) -> list[str]:
    """One page for each word; their paths."""
    paths = []
    for place, body in enumerate(bodies.split(", ")):
        open_publisher.answers(f"/{place}", Response(body))
        paths.append(f"/{place}")
    return paths


@pytest.mark.parametrize(
    ("bodies", "failure"),
    [
        ("home page, home page, home page", NotThisPage),
        ("ok, home page, new layout, new layout", LayoutChanged),
        (" ,  ,  ", EmptyPage),
    ],
)
def test_after_three_wrong_pages_in_a_row_nothing_more_is_asked(
    open_publisher, held, archive, bodies, failure
):
    wrong = answers_in_turn(open_publisher, bodies)
    got = held(iter_of(*wrong, "/more", "/and-more"))
    assert open_publisher.paths == ["/robots.txt", *wrong]
    assert kept(archive) == wrong
    assert type(got.failure) is failure
    assert str(got.failure).startswith("given up after 3 wrong pages in a row, the last: ")
    assert got.handled == ()


@pytest.mark.parametrize(
    "bodies",
    [
        "home page, home page, ok, home page, new layout, ok, home page",
        "home page, home page, no row, home page, home page, ok",
        "no row, no row, no row, no row",
    ],
)
def test_one_page_of_the_source_resets_the_count(open_publisher, held, archive, bodies):
    paths = answers_in_turn(open_publisher, bodies)
    got = held(iter_of(*paths))
    assert (got.failure, kept(archive)) == (None, paths)


def test_an_answer_that_means_to_be_empty_is_no_wrong_page(open_publisher, held, archive):
    paths = [f"/{place}" for place in range(4)]
    for path in paths:
        open_publisher.answers(path, Response(status=204))
    got = held(iter_of(*paths))
    assert (got.failure, kept(archive)) == (None, paths)


def test_a_conversation_that_would_go_on_is_ended_too(open_publisher, held):
    answers_in_turn(open_publisher, "home page, home page, home page, ok")
    ended = []

    def conversation() -> Conversation:
        try:
            for place in range(4):
                try:
                    yield Request(key=f"{place}", path=f"/{place}")
                except SourceFailure:
                    continue
        finally:
            ended.append(True)

    got = held(conversation())
    assert [capture.key for capture in got.captures] == ["0", "1", "2"]
    assert ended == [True]


def iter_of(*paths: str) -> Conversation:
    for path in paths:
        yield Request(key=path, path=path)
