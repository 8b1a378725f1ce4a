"""What is tried again and after how long, what is not, and that every answer is kept."""

from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug import Response

from market_assets.web.failures import RateLimited, Unavailable
from market_assets.web.waits import backoff, retry_after
from market_assets_tests.web.scene import NOON, SESSION, SOURCE


def kept(archive):
    rows = archive.attempts(SOURCE, SESSION, SESSION)
    return [(row.status, archive.read(row).body) for row in rows if row.kind == "attempt"]


def test_a_429_is_waited_out_as_long_as_it_says(open_publisher, converse, archive, clock):
    limited = Response("slower", status=429, headers={"Retry-After": "100"})
    open_publisher.answers("/prices", limited, Response("ok"))
    capture = converse(open_publisher.url)("/prices")
    assert capture.body == b"ok"
    assert capture.fetched_at == clock.now() == NOON + timedelta(seconds=2.5 + 100)
    assert kept(archive) == [(429, b"slower")]
    assert archive.captures(SOURCE, SESSION, SESSION)[0].capture_id == capture.capture_id


def test_a_retry_after_may_be_a_date(open_publisher, converse, clock):
    again = format_datetime(NOON + timedelta(seconds=90), usegmt=True)
    limited = Response("slower", status=503, headers={"Retry-After": again})
    open_publisher.answers("/prices", limited, Response("ok"))
    assert converse(open_publisher.url)("/prices").body == b"ok"
    assert timedelta(seconds=90) <= clock.now() - NOON < timedelta(seconds=91)


def test_a_429_without_a_time_is_backed_off_from(open_publisher, converse, clock):
    open_publisher.answers("/prices", Response("slower", status=429), Response("ok"))
    assert converse(open_publisher.url)("/prices").body == b"ok"
    assert timedelta(seconds=2.5) <= clock.now() - NOON - timedelta(seconds=2.5)


def test_a_429_that_lasts_is_rate_limited(open_publisher, converse, archive):
    open_publisher.answers("/prices", Response("slower", status=429))
    with pytest.raises(RateLimited, match=r"/prices: status 429$"):
        converse(open_publisher.url)("/prices")
    assert kept(archive) == [(429, b"slower")] * 4
    assert archive.captures(SOURCE, SESSION, SESSION) == []


def test_a_wait_of_an_hour_is_not_waited_and_remembered(open_publisher, converse, clock, archive):
    limited = Response("slower", status=429, headers={"Retry-After": "3600"})
    open_publisher.answers("/prices", limited, Response("ok"))
    ask = converse(open_publisher.url)
    message = r"wants no request before 2026-10-09 13:00:02 UTC, in 3600 s; at most 120 s"
    with pytest.raises(RateLimited, match=message):
        ask("/prices")
    with pytest.raises(RateLimited, match="wants no request before"):
        ask("/prices")
    assert open_publisher.paths.count("/prices") == 1
    assert kept(archive) == [(429, b"slower")]
    clock.sleep(3600)
    assert ask("/prices").body == b"ok"


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 599])
def test_what_passes_is_tried_again(open_publisher, converse, archive, status):
    open_publisher.answers("/prices", Response("oops", status=status), Response("ok"))
    assert converse(open_publisher.url)("/prices").body == b"ok"
    assert kept(archive) == [(status, b"oops")]


def test_a_storm_of_500_ends_after_three_retries_ever_further_apart(
    open_publisher, converse, archive
):
    open_publisher.answers("/prices", *[Response(f"oops {n}", status=500) for n in range(9)])
    with pytest.raises(Unavailable, match=r"/prices: status 500$"):
        converse(open_publisher.url)("/prices")
    assert kept(archive) == [(500, f"oops {n}".encode()) for n in range(4)]
    rows = archive.attempts(SOURCE, SESSION, SESSION)[1:]
    pauses = [(later.fetched_at - row.fetched_at).total_seconds() for row, later in pairwise(rows)]
    for pause, (least, most) in zip(pauses, [(2.5, 3), (2.5, 6), (4, 12)], strict=True):
        assert least <= pause <= most


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Fri, 09 Oct 2026 12:01:00 GMT", 60.0),
        ("Fri, 09 Oct 2026 13:01:00 +0100", 60.0),
        ("Fri, 09 Oct 2026 12:01:00 -0000", 60.0),
        ("Thu, 08 Oct 2026 12:01:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("99999999999999999999", None),
        ("", None),
        (None, None),
    ],
)
def test_a_retry_after_is_read_or_ignored(value, seconds):
    assert retry_after(value, now=NOON) == seconds


NUMBERS = st.integers(0, 10**20).map(str) | st.sampled_from(["", "0", "9", "2026", "Oct"])
DATES = st.builds("Fri, {} Oct {} {}:{}:00 {}{}".format, *[NUMBERS] * 4, st.text("+-GMT"), NUMBERS)


@given(st.text() | DATES)
@example("0\x1f")
@example("Fri, 09 Oct 99999999999999999999 12:00:00 GMT")
def test_no_retry_after_breaks_anything(value):
    seconds = retry_after(value, now=NOON)
    assert seconds is None or seconds >= 0


@given(st.integers(0, 5), st.text(), st.floats(0.1, 10))
def test_back_off_doubles_within_its_jitter_and_can_be_repeated(attempt, seed, first):
    pause = backoff(attempt, first=first, seed=seed)
    assert first * 2**attempt * 0.5 <= pause <= first * 2**attempt * 1.5
    assert pause == backoff(attempt, first=first, seed=seed)


def test_two_askers_do_not_come_back_together():
    assert backoff(0, first=2.0, seed="a@x.org") != backoff(0, first=2.0, seed="b@x.org")
