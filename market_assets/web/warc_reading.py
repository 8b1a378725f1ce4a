"""WARC records as they are read back, and whether their bytes are what was written; no folders."""

# warcio has no types:
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
import zlib
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from market_assets.web.headers import joined
from market_assets.web.warc import KEPT_AS, METADATA

CHUNK = 1 << 16


class BrokenRecord(Exception):
    """Bytes of a WARC file that are not what was written there."""

    def __init__(self, file: str, offset: int, reason: str) -> None:
        super().__init__(f"{file} at {offset}: {reason}")
        self.file = file
        self.offset = offset
        self.reason = reason


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


def _parsed(record: bytes, *, file: str, offset: int) -> tuple[str, StatusAndHeaders, bytes]:
    try:
        parsed = next(ArchiveIterator(BytesIO(record), no_record_parse=True))
        return parsed.rec_type, parsed.rec_headers, parsed.raw_stream.read()
    except (ArchiveLoadFailed, StopIteration, UnicodeDecodeError) as error:
        raise BrokenRecord(file, offset, f"no WARC record: {error}") from error
