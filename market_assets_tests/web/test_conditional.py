"""A page that has not changed is not sent again; its capture holds the bytes that came before."""

from datetime import date, timedelta

import pytest
from werkzeug import Response

from market_assets_tests.web.scene import SESSION, SOURCE

ETAG = '"v1"'
CHANGED = "Fri, 09 Oct 2026 10:00:00 GMT"


def page(body: str = "prices") -> Response:
    return Response(body, headers={"ETag": ETAG, "Last-Modified": CHANGED}, mimetype="text/html")


def unchanged() -> Response:
    return Response(status=304, headers={"ETag": ETAG, "X-Seen": "later"})


def test_an_unchanged_page_is_a_capture_of_its_own_with_the_earlier_bytes(
    open_publisher, converse, archive, clock
):
    open_publisher.answers("/prices", page(), unchanged())
    first = converse(open_publisher.url)("/prices", key="monday")
    clock.sleep(3600)
    second = converse(open_publisher.url)("/prices", key="tuesday")
    asked = open_publisher.asked[-1].headers
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == (ETAG, CHANGED)
    assert (second.status, second.body, second.sha256) == (200, b"prices", first.sha256)
    assert (second.key, second.media_type) == ("tuesday", "text/html")
    assert second.fetched_at - first.fetched_at >= timedelta(seconds=3600)
    assert second.capture_id != first.capture_id
    assert (second.file, second.offset) != (first.file, first.offset)
    assert second.headers["x-seen"] == "later"
    rows = archive.captures(SOURCE, SESSION, SESSION)
    assert [row.body_of for row in rows] == [None, first.capture_id]
    assert [archive.read(row) for row in rows] == [first, second]


def test_a_third_time_still_refers_to_the_bytes_and_survives_a_new_index(
    open_publisher, converse, archive, clock
):
    open_publisher.answers("/prices", page(), unchanged())
    captures = []
    for _ in range(3):
        captures.append(converse(open_publisher.url)("/prices"))
        clock.sleep(3600)
    rows = archive.captures(SOURCE, SESSION, SESSION)
    assert [row.body_of for row in rows] == [None, *[captures[0].capture_id] * 2]
    archive.rebuild_index()
    assert archive.captures(SOURCE, SESSION, SESSION) == rows
    assert [archive.read(row) for row in rows] == captures


def test_a_changed_page_comes_whole(open_publisher, converse, clock):
    open_publisher.answers("/prices", page(), page("new prices"))
    converse(open_publisher.url)("/prices")
    clock.sleep(3600)
    assert converse(open_publisher.url)("/prices").body == b"new prices"


@pytest.mark.parametrize(
    ("earlier", "path", "method"),
    [
        (Response("prices"), "/prices", "GET"),
        (Response("none", 404, {"ETag": ETAG}), "/prices", "GET"),
        (Response("prices", 200, {"ETag": ETAG}), "/prices?page=2", "GET"),
        (Response("prices", 200, {"ETag": ETAG}), "/prices", "POST"),
    ],
    ids=["no validator", "no page", "another address", "a form"],
)
def test_only_a_kept_page_of_that_very_address_is_asked_about(
    open_publisher, converse, earlier, path, method
):
    open_publisher.answers("/prices", earlier, Response("whole"))
    converse(open_publisher.url)("/prices")
    assert converse(open_publisher.url)(path, method=method).body == b"whole"
    assert not {"If-None-Match", "If-Modified-Since"} & set(open_publisher.asked[-1].headers.keys())


def test_a_page_whose_bytes_are_lost_is_asked_for_whole(open_publisher, converse, archive):
    open_publisher.answers("/prices", page(), page("again"))
    first = converse(open_publisher.url)("/prices")
    (archive.directory / first.file).unlink()
    assert converse(open_publisher.url)("/prices").body == b"again"
    assert "If-None-Match" not in open_publisher.asked[-1].headers


def test_what_another_source_kept_is_not_asked_about(open_publisher, converse, archive):
    open_publisher.answers("/prices", page())
    converse(open_publisher.url, source="other")("/prices")
    assert archive.captures("other", SESSION, SESSION)[0].etag == ETAG
    converse(open_publisher.url)("/prices")
    assert "If-None-Match" not in open_publisher.asked[-1].headers


def test_an_unasked_304_is_an_answer_without_a_body(open_publisher, converse):
    open_publisher.answers("/prices", unchanged())
    capture = converse(open_publisher.url)("/prices")
    assert (capture.status, capture.body) == (304, b"")


def test_what_a_post_answered_is_not_what_a_get_of_the_same_url_is_compared_with(
    open_publisher, converse
):
    open_publisher.answers("/form", page(), page("the form"))
    converse(open_publisher.url)("/form", method="POST", form={"day": "1"})
    got = converse(open_publisher.url)("/form")
    assert "If-None-Match" not in open_publisher.asked[-1].headers
    assert got.body == b"the form"


def test_sessions_of_other_days_do_not_change_what_is_newest(open_publisher, converse, archive):
    open_publisher.answers("/prices", page(), unchanged())
    first = converse(open_publisher.url)("/prices")
    row = archive.newest(SOURCE, url=first.url, until=first.fetched_at)
    assert row is not None
    assert row.capture_id == first.capture_id
    before = first.fetched_at - timedelta(microseconds=1)
    assert archive.newest(SOURCE, url=first.url, until=before) is None
    assert archive.captures(SOURCE, date(2026, 10, 10), date(2026, 10, 11)) == []
