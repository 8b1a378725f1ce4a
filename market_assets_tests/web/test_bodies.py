"""Bodies that break off, drip, swell or cannot be decoded, over raw sockets."""

import gzip
import socket
import struct
import time
import zlib
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from market_assets.web.archive import Archive
from market_assets.web.clock import SetClock
from market_assets.web.failures import NotThisPage, SourceFailure, TornBody, Unavailable
from market_assets.web.hosts import Hosts
from market_assets.web.limits import Limits
from market_assets.web.messages import Request
from market_assets.web.session import PoliteSession
from market_assets_tests.web.publishers import NO_ROBOTS, saying, speaking, whole
from market_assets_tests.web.scene import NOON, SESSION, SOURCE

PAGE = b"<html>" + bytes(range(256)) * 40
TORN_LENGTH = whole(PAGE).replace(b"Length: 1", b"Length: 9", 1)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
IMPATIENT = Limits(retries=0, read_seconds=0.2, body_seconds=0.5, body_bytes=1000)


def kept(archive):
    rows = archive.attempts(SOURCE, SESSION, SESSION)
    return [(row.truncated, archive.read(row).body) for row in rows if row.kind == "attempt"]


def packed(content: bytes, encoding: str = "gzip") -> bytes:
    return whole(content, f"Content-Encoding: {encoding}")


@pytest.mark.parametrize(
    "answer",
    [
        whole(PAGE),
        packed(gzip.compress(PAGE)),
        packed(gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), "x-gzip"),
        packed(zlib.compress(PAGE), "deflate"),
        packed(PAGE, "identity"),
        CHUNKED + b"2806\r\n" + PAGE + b"\r\n0\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["length", "gzip", "members", "deflate", "identity", "chunked", "to the end", "nothing"],
)
def test_a_whole_body_is_decoded_and_kept(converse, archive, answer):
    with speaking(saying(answer)) as url:
        capture = converse(url)("/prices")
    assert capture.body == (b"" if answer.endswith(b"Length: 0\r\n\r\n") else PAGE)
    assert archive.read(capture.capture_id) == capture
    assert kept(archive) == []


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (TORN_LENGTH, PAGE),
        (CHUNKED + b"2806\r\n" + PAGE[:700], PAGE[:700]),
        (CHUNKED + b"10\r\n" + PAGE[:16] + b"\r\n", PAGE[:16]),
        (CHUNKED + b"zz\r\n", b""),
        (packed(gzip.compress(PAGE, 0)[:5000]), None),
        (packed(gzip.compress(PAGE, 0)[:5000] + b"x" * 6000), None),
        (packed(gzip.compress(PAGE, 0)[:-8] + b"wrongcrc"), None),
        (packed(b"this is no gzip at all"), b""),
    ],
    ids=["length", "chunk", "chunks", "no chunk", "gzip", "garbled", "checksum", "no gzip"],
)
def test_a_torn_body_is_tried_again_and_what_came_is_kept(converse, archive, answer, came):
    with speaking(saying(answer, whole(PAGE))) as url:
        assert converse(url)("/prices").body == PAGE
    ((truncated, body),) = kept(archive)
    assert truncated in {"disconnect", "unspecified"}
    assert body == came if came is not None else body[:4000] == PAGE[:4000]


def test_a_body_that_stays_torn_is_a_torn_body(converse, archive):
    with (
        speaking(saying(TORN_LENGTH)) as url,
        pytest.raises(TornBody, match=r"/prices: ended before its time: .*IncompleteRead"),
    ):
        converse(url)("/prices")
    assert kept(archive) == [("disconnect", PAGE)] * 4


def test_a_broken_compression_says_so(converse):
    with (
        speaking(saying(packed(b"no gzip"))) as url,
        pytest.raises(TornBody, match=r"the compression is broken: .*incorrect header"),
    ):
        converse(url, limits=IMPATIENT)("/prices")
    with (
        speaking(saying(packed(gzip.compress(PAGE)[:-20]))) as url,
        pytest.raises(TornBody, match="ended inside its compression"),
    ):
        converse(url, limits=Limits(retries=0))("/prices")


def test_a_body_that_stops_is_not_waited_for(converse, archive):
    def stops(connection, _turn):
        connection.sendall(whole(PAGE)[:-100])
        time.sleep(0.6)

    with speaking(stops) as url, pytest.raises(TornBody, match="stopped in the middle"):
        converse(url, limits=Limits(retries=0, read_seconds=0.2))("/prices")
    assert kept(archive) == [("time", PAGE[:-100])]


def test_a_body_that_drips_is_given_up_in_time(converse, archive):
    def drips(connection, _turn):
        connection.sendall(whole(PAGE)[: -len(PAGE)])
        with suppress(ConnectionError):
            for place in range(40):
                connection.sendall(PAGE[place : place + 1])
                time.sleep(0.05)

    begun = time.monotonic()
    with speaking(drips) as url:
        with pytest.raises(Unavailable, match=r"took over 0.5 s"):
            converse(url, limits=IMPATIENT)("/prices")
        assert time.monotonic() - begun < 1.5
    ((truncated, body),) = kept(archive)
    assert truncated == "time"
    assert body == PAGE[: len(body)] != b""


def test_an_answer_that_never_begins_is_unavailable(converse, archive):
    with (
        speaking(lambda _connection, _turn: time.sleep(0.5)) as url,
        pytest.raises(Unavailable, match="Read timed out"),
    ):
        converse(url, limits=IMPATIENT)("/prices")
    assert kept(archive) == []


def test_a_reset_connection_is_tried_again(converse):
    def resets_first(connection, turn):
        if turn:
            connection.sendall(whole(PAGE))
        else:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    with speaking(resets_first) as url:
        assert converse(url)("/prices").body == PAGE


@pytest.mark.parametrize(
    "answer",
    [whole(b"x" * 5000), packed(gzip.compress(b"x" * 50_000_000, 1))],
    ids=["plain", "bomb"],
)
def test_a_body_over_the_cap_is_cut_kept_and_not_asked_again(converse, archive, answer):
    with speaking(saying(answer)) as url, pytest.raises(NotThisPage, match="larger than any"):
        converse(url, limits=Limits(body_bytes=1000))("/prices")
    assert kept(archive) == [("length", b"x" * 1000)]


def test_a_body_of_exactly_the_cap_is_whole(converse):
    with speaking(saying(packed(gzip.compress(b"x" * 1000)))) as url:
        assert converse(url, limits=IMPATIENT)("/prices").body == b"x" * 1000


def test_an_encoding_that_was_not_asked_for_is_not_the_page(converse, archive):
    with (
        speaking(saying(packed(b"\x0b\x02\x80", "br"))) as url,
        pytest.raises(NotThisPage, match="encoded as br, which was not asked for"),
    ):
        converse(url)("/prices")
    assert kept(archive) == [("unspecified", b"\x0b\x02\x80")]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=60),
        st.builds(
            lambda head, body: b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body,
            st.binary(max_size=40),
            st.binary(max_size=40),
        ),
    )
)
def test_whatever_a_server_says_is_an_answer_or_a_failure_of_the_source(answer):
    """No byte on the wire raises anything that is not foreseen."""
    assert_said(answer)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n\r\n",
        b"HTTP/1.1 99999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\nE\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n: nameless\r\n\r\n",
        b"HTTP/1.1 200 \xe9t\xe9\r\nA: \xff\xfe\r\nSet-Cookie: \x00=\xe9\r\n\r\nabc",
        b"HTTP/1.1 302 X\r\nLocation: http://[::1\r\n\r\n",
        b"HTTP/1.1 302 X\r\nLocation: \xff\xfe//\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 X\r\nLocation: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 None\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n") + b"3\r\nabc\r\n0\r\n\r\n",
        NO_ROBOTS,
    ],
)
def test_known_oddities_of_servers_are_foreseen(answer):
    assert_said(answer)


def assert_said(answer: bytes) -> None:
    """One question is answered with ``answer``: a capture that reads back, or a failure."""
    with TemporaryDirectory() as folder, speaking(saying(answer)) as url:
        archive = Archive(Path(folder))
        limits = Limits(retries=0, read_seconds=0.5)
        session = PoliteSession(
            SOURCE,
            url,
            contact=None,
            min_interval=0,
            daily_requests=9,
            clock=SetClock(NOON),
            ca_bundle=None,
            transport=None,
            state=Hosts(None, limits=limits),
        )
        with session, archive.writing(SOURCE, SESSION, SESSION) as writing:
            try:
                capture = session.exchange(Request(key="a", path="/a"), writing=writing)
            except SourceFailure:
                capture = None
        rows = archive.captures(SOURCE, SESSION, SESSION)
        assert [archive.read(row) for row in rows] == ([] if capture is None else [capture])
        archive.rebuild_index()
        archive.close()
