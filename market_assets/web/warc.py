"""Exchanges as WARC 1.1 records (ISO 28500), one gzip member each: how they are written.

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
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from market_assets.web.headers import TRANSPORT, Headers

KEPT_AS = "X-Crawler-"
METADATA = "WARC-JSON-Metadata"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


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


def _kept_name(name: str) -> str:
    return f"{KEPT_AS}{name}" if name.lower() in TRANSPORT else name


def _head(first: str, headers: Headers) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


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
