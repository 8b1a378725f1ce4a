"""Exchanges as WARC 1.1 records (ISO 28500), one gzip member each; knows the format, no folders.

The body is kept decoded, so the headers that describe its transport (Content-Encoding,
Transfer-Encoding, Content-Length) are kept under ``X-Crawler-`` names, as Common Crawl does.
Our own facts about a response are JSON in its header ``WARC-JSON-Metadata``. An answer 304 is a
``revisit`` record of the profile server-not-modified, which refers to the record with the body.
"""

# warcio has no types:
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import gzip
import json
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Headers = Sequence[tuple[str, str]]

TRANSPORT = frozenset({"content-encoding", "transfer-encoding", "content-length"})
KEPT_AS = "X-Crawler-"
METADATA = "WARC-JSON-Metadata"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
CHUNK = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it was sent."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The head of an answer. ``truncated`` says why the body is not whole (WARC-Truncated)."""

    status: int
    reason: str = ""
    headers: Headers = ()
    truncated: str | None = None


COMPRESSION = 6
"""Of each record. The 9 that warcio takes is 7 % smaller on a page of holdings and takes three
times as long."""


class BrokenRecord(Exception):
    """Bytes of a WARC file that are not what was written there."""

    def __init__(self, file: str, offset: int, reason: str) -> None:
        super().__init__(f"{file} at {offset}: {reason}")
        self.file = file
        self.offset = offset
        self.reason = reason


def opening_record(software: str, *, at: datetime) -> bytes:
    """The ``warcinfo`` record that a file begins with."""
    block = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
    name = record_id(f"{software} {at.isoformat()} {uuid.uuid4()}")
    more = {"Content-Type": "application/warc-fields"}
    return _member("warcinfo", name, more, at=at, head=b"", body=block)


def response_record(
    facts: Mapping[str, Any], answered: Answered, body: bytes, *, at: datetime
) -> bytes:
    """A ``response`` with its body, or a ``revisit`` without when ``facts`` say whose it has."""
    revisit = facts["body_of"] is not None
    headers = [(_kept_name(name), value) for name, value in answered.headers]
    head = _head(
        f"HTTP/1.1 {answered.status} {answered.reason}",
        [*headers, ("Content-Length", str(len(body)))],
    )
    more = {
        "WARC-Target-URI": facts["url"],
        "WARC-Payload-Digest": f"sha256:{facts['sha256']}",
        METADATA: json.dumps(facts),
        "Content-Type": "application/http; msgtype=response",
    }
    if answered.truncated:
        more["WARC-Truncated"] = answered.truncated
    if revisit:
        more["WARC-Profile"] = NOT_MODIFIED
        more["WARC-Refers-To"] = record_id(facts["body_of"])
    kind = "revisit" if revisit else "response"
    block = b"" if revisit else body
    return _member(kind, record_id(facts["capture_id"]), more, at=at, head=head, body=block)


def request_record(capture_id: str, asked: Asked, *, at: datetime) -> bytes:
    """The ``request`` that the response ``capture_id`` answers."""
    target = urlsplit(asked.url)
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    head = _head(f"{asked.method} {path} HTTP/1.1", [("Host", target.netloc), *asked.headers])
    more = {
        "WARC-Target-URI": asked.url,
        "WARC-Concurrent-To": record_id(capture_id),
        "Content-Type": "application/http; msgtype=request",
    }
    name = record_id(f"request {capture_id}")
    return _member("request", name, more, at=at, head=head, body=asked.body)


def record_id(name: str) -> str:
    """The record id that follows from ``name``."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, name)}>"


def records(path: Path, file: str, *, offset: int = 0) -> Iterator[tuple[int, int, bytes]]:
    """The offset, length and inflated bytes of each record of ``path`` from ``offset`` on.

    Raises ``BrokenRecord``, with the name ``file``, at the first that is not whole and sound.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        received = stream.read(CHUNK)
        while received:
            inflate, record, length = zlib.decompressobj(31), bytearray(), 0
            while received and not inflate.eof:
                try:
                    record += inflate.decompress(received)
                except zlib.error as error:
                    raise BrokenRecord(file, offset, str(error)) from error
                length += len(received) - len(inflate.unused_data)
                received = inflate.unused_data or stream.read(CHUNK)
            if not inflate.eof:
                raise BrokenRecord(file, offset, "the file ends inside a record")
            yield offset, length, bytes(record)
            offset += length


def facts_of(record: bytes, *, file: str, offset: int) -> dict[str, Any] | None:
    """Our facts about an inflated response or revisit, verified; None for another record."""
    kind, headers, block = _parsed(record, file=file, offset=offset)
    if kind not in {"response", "revisit"}:
        return None
    metadata = headers.get_header(METADATA)
    if metadata is None:
        raise BrokenRecord(file, offset, f"a response without {METADATA}: another program's file")
    facts = json.loads(metadata)
    if kind == "response":
        verify(block.partition(b"\r\n\r\n")[2], facts["sha256"], file=file, offset=offset)
    return facts


def head_and_body(record: bytes, *, file: str, offset: int) -> tuple[dict[str, str], bytes]:
    """The headers by lower-case name and the body of an inflated response or revisit."""
    _, _, block = _parsed(record, file=file, offset=offset)
    head, _, body = block.partition(b"\r\n\r\n")
    # Between the status line and the Content-Length that was added when it was written.
    lines = [line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:-1]]
    return joined([(name.removeprefix(KEPT_AS), value) for name, _, value in lines]), body


def verify(body: bytes, digest: str, *, file: str, offset: int) -> None:
    """Raise ``BrokenRecord`` unless ``body`` has this sha256."""
    if sha256(body).hexdigest() != digest:
        raise BrokenRecord(file, offset, "the body does not have the sha256 it was kept with")


def joined(headers: Headers) -> dict[str, str]:
    """``headers`` by lower-case name; one that came more than once, with commas (RFC 9110 5.2)."""
    named: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        named[lower] = f"{named[lower]}, {value}" if lower in named else value
    return named


def refreshed(headers: Mapping[str, str], unchanged: Mapping[str, str]) -> dict[str, str]:
    """The ``headers`` of a stored answer, updated by those of an answer 304 (RFC 9111 3.2)."""
    return {**headers, **{n: v for n, v in unchanged.items() if n not in TRANSPORT}}


def _kept_name(name: str) -> str:
    return f"{KEPT_AS}{name}" if name.lower() in TRANSPORT else name


def _head(first: str, headers: Headers) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


def _parsed(record: bytes, *, file: str, offset: int) -> tuple[str, StatusAndHeaders, bytes]:
    try:
        parsed = next(ArchiveIterator(BytesIO(record), no_record_parse=True))
        return parsed.rec_type, parsed.rec_headers, parsed.raw_stream.read()
    except (ArchiveLoadFailed, StopIteration, UnicodeDecodeError) as error:
        raise BrokenRecord(file, offset, f"no WARC record: {error}") from error


class _Head(StatusAndHeaders):
    """An HTTP head written as it came; warcio's own percent-encodes what is not ASCII."""

    def __init__(self, text: bytes) -> None:
        super().__init__("as it came", [])
        self._text = text

    def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002 - as warcio calls it
        self.headers_buff = self._text


def _member(
    kind: str,
    name: str,
    more: Mapping[str, str],
    *,
    at: datetime,
    head: bytes,
    body: bytes,
) -> bytes:
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": name,
        "WARC-Date": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "WARC-Block-Digest": f"sha256:{sha256(head + body).hexdigest()}",
        **more,
    }
    record = ArcWarcRecord(
        "warc",
        kind,
        StatusAndHeaders("", list(headers.items()), protocol="WARC/1.1"),
        BytesIO(body),
        _Head(head) if head else None,
        headers["Content-Type"],
        len(body),
        payload_length=len(body),
    )
    out = BytesIO()
    WARCWriter(out, gzip=False, warc_version="1.1").write_record(record)
    return gzip.compress(out.getvalue(), compresslevel=COMPRESSION, mtime=0)
