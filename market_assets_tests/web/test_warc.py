"""What is written as WARC is read back, by us and by others, and damage never passes unseen."""

import gzip
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from market_assets.web.archive import Archive
from market_assets.web.warc import Answered, Asked
from market_assets.web.warc_reading import BrokenRecord, records
from market_assets_tests.web.children import add
from market_assets_tests.web.scene import NOON, SESSION, SOURCE

NAMES = st.text("abcdefghijklmnopqrstuvwxyz-ETagContent", min_size=1, max_size=12)
VALUES = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=20).map(
    str.strip
)
HEADERS = st.lists(st.tuples(NAMES | st.sampled_from(["Content-Length", "Set-Cookie"]), VALUES))


@settings(max_examples=20, deadline=None)
@given(
    key=st.text(),
    status=st.integers(100, 599),
    headers=HEADERS,
    body=st.binary(max_size=300),
    seconds=st.floats(-1e9, 1e9),
)
def test_every_capture_reads_back_as_it_was_given(key, status, headers, body, seconds):
    with TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        with archive.writing(SOURCE, SESSION, SESSION) as writing:
            capture = writing.add(
                key=key,
                kind="answer",
                asked=Asked(method="POST", url="https://a.org/b?c", headers=headers, body=body),
                answered=Answered(status=status, reason="", headers=headers),
                body=body,
                fetched_at=NOON + timedelta(seconds=seconds),
            )
        rows = archive.captures(SOURCE, SESSION, SESSION)
        assert [archive.read(row) for row in rows] == [capture]
        assert (capture.key, capture.status, capture.body) == (key, status, body)
        archive.rebuild_index()
        assert archive.captures(SOURCE, SESSION, SESSION) == rows
        archive.close()


@pytest.fixture
def file(archive):
    """A file of three captures."""
    with archive.writing(SOURCE, SESSION, SESSION) as writing:
        for number in range(3):
            add(writing, number, b"page %d" % number)
    (row, *_) = archive.captures(SOURCE, SESSION, SESSION)
    return archive.directory / row.file


def test_other_programs_read_it_and_its_digests_hold(file):
    with file.open("rb") as stream:
        found = [
            (record.rec_type, record.rec_headers["WARC-Target-URI"], record.raw_stream.read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    page = "https://publisher.example/0"
    assert [kind for kind, _, _ in found] == ["warcinfo", *["response", "request"] * 3]
    assert found[1] == ("response", page, b"page 0")
    assert found[2] == ("request", page, b"")


def test_a_record_says_where_it_belongs_and_what_answered_what(file, archive):
    (row, *_) = archive.captures(SOURCE, SESSION, SESSION)
    with file.open("rb") as stream:
        _, response, request, *_ = [
            (record.rec_headers, record.http_headers) for record in ArchiveIterator(stream)
        ]
    facts, head = response
    assert facts["WARC-Payload-Digest"] == f"sha256:{row.sha256}"
    assert facts["WARC-Date"] == "2026-10-09T12:00:00.000000Z"
    assert request[0]["WARC-Concurrent-To"] == facts["WARC-Record-ID"]
    assert request[1]["Host"] == "publisher.example"
    assert head["Content-Length"] == "6"
    for fact in (row.capture_id, row.sha256, SOURCE, "page/0", "2026-10-09"):
        assert fact in facts["WARC-JSON-Metadata"]


def test_the_encodings_of_the_way_are_told_apart_from_what_is_kept(archive):
    sent = [("Content-Encoding", "gzip"), ("Content-Length", "99"), ("X-Other", "é")]
    with archive.writing(SOURCE, SESSION, SESSION) as writing:
        capture = writing.add(
            key="a",
            kind="answer",
            asked=Asked(method="GET", url="https://a.org/"),
            answered=Answered(status=200, headers=sent),
            body=b"decoded",
            fetched_at=NOON,
        )
    assert capture.headers == {"content-encoding": "gzip", "content-length": "99", "x-other": "é"}
    assert archive.read(capture.capture_id) == capture
    with (archive.directory / capture.file).open("rb") as stream:
        _, response, _ = ArchiveIterator(stream)
        kept = dict(response.http_headers.headers)
    assert kept["X-Crawler-Content-Encoding"] == "gzip"
    assert kept["X-Crawler-Content-Length"] == "99"
    assert kept["Content-Length"] == "7"
    assert "Content-Encoding" not in kept


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_flipped_byte_is_noticed(file, archive, part):
    rows = archive.captures(SOURCE, SESSION, SESSION)
    row = rows[1]
    content = bytearray(file.read_bytes())
    content[row.offset + int(row.length * part)] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(BrokenRecord) as raised:
        archive.read(row)
    assert (raised.value.file, raised.value.offset) == (row.file, row.offset)
    assert str(raised.value).startswith(f"{row.file} at {row.offset}: ")
    assert archive.read(rows[0]).body == b"page 0"
    assert archive.read(rows[2]).body == b"page 2"


def test_another_body_under_the_same_digest_is_noticed(file, archive):
    row = archive.captures(SOURCE, SESSION, SESSION)[1]
    content = file.read_bytes()
    record = gzip.decompress(content[row.offset : row.offset + row.length])
    other = gzip.compress(record.replace(b"page 1", b"page 9"))
    file.write_bytes(content[: row.offset] + other)
    with pytest.raises(BrokenRecord, match="does not have the sha256 it was kept with"):
        archive.read(row)


@pytest.mark.parametrize(("left", "reason"), [(5, "ends inside a record"), (0, "ends before it")])
def test_a_file_cut_short_is_noticed(file, archive, left, reason):
    row = archive.captures(SOURCE, SESSION, SESSION)[2]
    file.write_bytes(file.read_bytes()[: row.offset + left])
    with pytest.raises(BrokenRecord, match=reason):
        archive.read(row)


def test_a_file_that_is_gone_is_named(file, archive):
    row = archive.captures(SOURCE, SESSION, SESSION)[0]
    file.unlink()
    with pytest.raises(BrokenRecord, match=f"{row.file} at {row.offset}: the file is gone"):
        archive.read(row)


def test_records_are_found_across_the_bounds_of_reading(archive):
    bodies = [bytes([number]) * 200_000 + number.to_bytes(2, "big") * 50_000 for number in range(5)]
    with archive.writing(SOURCE, SESSION, SESSION) as writing:
        for number, body in enumerate(bodies):
            add(writing, number, body)
    rows = archive.captures(SOURCE, SESSION, SESSION)
    assert [archive.read(row).body for row in rows] == bodies
    path = archive.directory / rows[0].file
    places = [(offset, length) for offset, length, _ in records(path, "file", offset=0)]
    assert [(row.offset, row.length) for row in rows] == places[1::2]
    assert sum(length for _, length in places) == path.stat().st_size


def test_an_uncompressed_neighbour_is_refused(tmp_path):
    path = tmp_path / "plain.warc.gz"
    path.write_bytes(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n\r\n")
    with pytest.raises(BrokenRecord, match=r"^plain at 0: .*incorrect header"):
        next(records(path, "plain", offset=0))
    assert list(records(Path("/dev/null"), "nothing", offset=0)) == []
