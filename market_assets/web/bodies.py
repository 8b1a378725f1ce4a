"""The body of an answer, read within bounds and decoded; what came is kept when it breaks off."""

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import requests
import urllib3

from market_assets.web.failures import NotThisPage, SourceFailure, TornBody, Unavailable
from market_assets.web.limits import Limits

CHUNK = 65_536
GZIP_OR_ZLIB = 47
"""The ``wbits`` of zlib that take either header."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """What came, decoded, and why that is not all, in the words of ISO 28500 (WARC-Truncated)."""

    content: bytes
    truncated: str | None = None
    failure: SourceFailure | None = None


def body_of(response: requests.Response, *, limits: Limits) -> Body:
    """The decoded body of ``response``, whose ``raw`` is an unread ``urllib3`` response.

    A body that ends before its declared length or inside its compression is torn, one that takes
    too long is unavailable, and one that is too large or in an encoding that was not asked for is
    not the page.
    """
    content = bytearray()
    try:
        for piece in _decoded(response, room=limits.body_bytes, seconds=limits.body_seconds):
            content += piece
    except _BrokenOff as end:
        return Body(content=bytes(content), truncated=end.truncated, failure=end.failure)
    finally:
        response.close()
    return Body(content=bytes(content))


class _BrokenOff(Exception):
    """The body ended otherwise than it should."""

    def __init__(self, truncated: str, failure: SourceFailure) -> None:
        super().__init__(truncated)
        self.truncated = truncated
        self.failure = failure


def _decoded(response: requests.Response, *, room: int, seconds: float) -> Iterator[bytes]:
    url = response.url
    encoding = response.headers.get("content-encoding", "").strip().lower()
    inflate = _Inflate() if encoding in {"gzip", "x-gzip", "deflate"} else None
    if inflate is None and encoding not in {"", "identity"}:
        yield from _pieces(response, seconds=seconds)
        raise _BrokenOff(
            "unspecified", NotThisPage(f"{url}: encoded as {encoding}, which was not asked for")
        )
    for received in _pieces(response, seconds=seconds):
        try:
            piece = inflate.decoded(received, room=room + 1) if inflate else received
        except zlib.error as error:
            raise _BrokenOff(
                "unspecified", TornBody(f"{url}: the compression is broken: {error}")
            ) from error
        room -= len(piece)
        if room < 0:
            yield piece[:room]
            raise _BrokenOff("length", NotThisPage(f"{url}: larger than any page of this source"))
        yield piece
    if inflate and inflate.inside:
        raise _BrokenOff("disconnect", TornBody(f"{url}: ended inside its compression"))


def _pieces(response: requests.Response, *, seconds: float) -> Iterator[bytes]:
    """The bytes as they arrive. ``read1`` returns with each packet, so a drip cannot hold it."""
    deadline = time.monotonic() + seconds
    try:
        while received := response.raw.read1(CHUNK, decode_content=False):
            yield received
            if time.monotonic() > deadline:
                raise _BrokenOff("time", Unavailable(f"{response.url}: took over {seconds:g} s"))
    except urllib3.exceptions.ReadTimeoutError as error:
        failure = TornBody(f"{response.url}: stopped in the middle of the body")
        raise _BrokenOff("time", failure) from error
    except urllib3.exceptions.HTTPError as error:
        failure = TornBody(f"{response.url}: ended before its time: {error}")
        raise _BrokenOff("disconnect", failure) from error


class _Inflate:
    """Decompression of gzip (any number of members) or zlib, no further than there is room."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(GZIP_OR_ZLIB)
        self._begun = False

    @property
    def inside(self) -> bool:
        """Whether more must come."""
        return self._begun and not self._member.eof

    def decoded(self, received: bytes, *, room: int) -> bytes:
        content = b""
        while received and len(content) < room:
            if self._member.eof:
                self._member = zlib.decompressobj(GZIP_OR_ZLIB)
            self._begun = True
            content += self._member.decompress(received, room - len(content))
            received = self._member.unused_data
        return content
