"""The archive: what is kept is found by its sessions, never overwritten, and never half there."""

import logging
import os
import shutil
import sqlite3
from datetime import date, datetime, timedelta

import pytest

from market_assets.web.archive import Archive, BrokenFiles
from market_assets.web.messages import Capture
from market_assets.web.warc import Answered, Asked
from market_assets_tests.web.children import add
from market_assets_tests.web.scene import NOON, SESSION, SOURCE

DAY = timedelta(days=1)


def fill(archive, source=SOURCE, first=SESSION, last=SESSION, numbers=(0, 1)) -> None:
    with archive.writing(source, first, last) as writing:
        for number in numbers:
            add(writing, number, b"page %d" % number)


def files(archive) -> list[str]:
    paths = archive.directory.glob("*/*/*/*")
    return sorted(path.relative_to(archive.directory).as_posix() for path in paths)


def everything(archive):
    return archive.index.rows("TRUE ORDER BY file, offset", [])


def again(archive) -> Archive:
    """The archive as another process opens it."""
    return Archive(archive.directory)


def test_a_file_is_named_by_source_session_and_attempt_and_never_overwritten(archive):
    fill(archive)
    fill(archive)
    first, second = files(archive)
    assert first.startswith("cdg_capital/2026/10/2026-10-09-20261009T120000Z-")
    assert second.startswith("cdg_capital/2026/10/2026-10-09-20261009T120000Z-")
    assert first != second


def test_nothing_captured_leaves_no_file(archive):
    with archive.writing(SOURCE, SESSION, SESSION):
        pass
    assert files(archive) == []
    assert list(archive.directory.glob(".unfinished/*")) == []


def test_what_came_before_an_exception_is_kept(archive):
    def fails_after_a_page():
        with archive.writing(SOURCE, SESSION, SESSION) as writing:
            add(writing, 0, b"page 0")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_after_a_page()
    (row,) = archive.captures(SOURCE, SESSION, SESSION)
    assert archive.read(row).body == b"page 0"


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (SESSION - 5 * DAY, SESSION - 4 * DAY, False),
        (SESSION - 5 * DAY, SESSION - 3 * DAY, True),
        (SESSION - 2 * DAY, SESSION - 2 * DAY, True),
        (SESSION - 9 * DAY, SESSION + 9 * DAY, True),
        (SESSION, SESSION + DAY, True),
        (SESSION + DAY, SESSION + DAY, False),
    ],
)
def test_captures_are_found_by_the_sessions_that_were_asked_for(archive, first, last, found):
    fill(archive, first=SESSION - 3 * DAY, numbers=[0])
    assert bool(archive.captures(SOURCE, first, last)) == found
    assert archive.captures("other", first, last) == []


def test_captures_come_oldest_first_whatever_their_file(archive):
    fill(archive, numbers=[3, 5])
    fill(archive, first=SESSION - DAY, last=SESSION - DAY, numbers=[1, 4])
    keys = [row.key for row in archive.captures(SOURCE, SESSION - DAY, SESSION)]
    assert keys == ["page/1", "page/3", "page/4", "page/5"]


def test_the_same_capture_made_twice_is_one(archive):
    fill(archive, numbers=[0, 1])
    fill(archive, numbers=[1, 2])
    rows = archive.captures(SOURCE, SESSION, SESSION)
    assert [row.key for row in rows] == ["page/0", "page/1", "page/2"]
    assert len(everything(archive)) == 4


def test_only_answers_are_captures(archive):
    with archive.writing(SOURCE, SESSION, SESSION) as writing:
        for kind in ("attempt", "robots", "answer"):
            writing.add(
                key=kind,
                kind=kind,
                asked=Asked(method="GET", url="https://a.org/"),
                answered=Answered(status=200),
                body=b"",
                fetched_at=NOON,
            )
    assert [row.key for row in archive.captures(SOURCE, SESSION, SESSION)] == ["answer"]
    assert [row.key for row in archive.attempts(SOURCE, SESSION, SESSION)] == ["attempt", "robots"]


def test_an_id_follows_from_what_is_captured(archive):
    fill(archive, numbers=[0, 1])
    fill(archive, first=SESSION - DAY, numbers=[0])
    ids = {row.capture_id for row in everything(archive)}
    assert len(ids) == 3
    assert all(len(capture_id) == 20 for capture_id in ids)
    assert isinstance(archive.read(ids.pop()), Capture)
    with pytest.raises(LookupError, match=r"^no capture nothing in "):
        archive.read("nothing")


@pytest.mark.parametrize("source", ["", "../etc", "a/b", "CDG", "a b", ".unfinished"])
def test_a_source_is_a_plain_name(archive, source):
    with (
        pytest.raises(ValueError, match="is no name for a source"),
        archive.writing(source, SESSION, SESSION),
    ):
        pass


def test_sessions_are_in_order_and_instants_have_a_zone(archive):
    with (
        pytest.raises(ValueError, match="2026-10-10 is after 2026-10-09"),
        archive.writing(SOURCE, SESSION + DAY, SESSION),
    ):
        pass
    naive = datetime(2026, 10, 9)  # noqa: DTZ001 - what is refused
    with (
        pytest.raises(ValueError, match="has no time zone"),
        archive.writing(SOURCE, SESSION, SESSION) as writing,
    ):
        writing.add(
            key="a",
            kind="answer",
            asked=Asked(method="GET", url="https://a.org/"),
            answered=Answered(status=200),
            body=b"",
            fetched_at=naive,
        )
    assert files(archive) == []


@pytest.fixture
def filled(archive):
    """An archive of three files in two months and two sources."""
    fill(archive)
    fill(archive, last=SESSION + 30 * DAY, numbers=[7])
    fill(archive, source="wafabourse")
    return archive


def test_an_index_made_again_is_the_same(filled):
    rows = everything(filled)
    filled.rebuild_index()
    assert everything(filled) == rows
    shutil.copytree(filled.directory, copy := filled.directory.with_name("copy"))
    for name in copy.glob("index.sqlite*"):
        name.unlink()
    assert everything(Archive(copy)) == rows


def test_a_file_that_was_never_indexed_is_found_on_opening(filled):
    rows = everything(filled)
    filled.index.forget([rows[0].file])
    assert everything(filled) != rows
    assert everything(again(filled)) == rows


def test_a_file_that_is_taken_away_is_forgotten_on_opening(filled):
    (kept, *_), gone = files(filled)[:1], files(filled)[1:]
    for file in gone:
        (filled.directory / file).unlink()
    shutil.rmtree(filled.directory / "wafabourse")
    assert {row.file for row in everything(again(filled))} == {kept}


def test_directories_that_did_not_change_are_not_looked_through(filled):
    hour_ago = 1_790_000_000
    for directory in filled.directory.glob("*/*/*"):
        os.utime(directory, (hour_ago, hour_ago))
    again(filled)
    (row, *_) = everything(filled)
    filled.index.forget([row.file])
    assert row not in everything(again(filled))
    os.utime((filled.directory / row.file).parent)
    assert row in everything(again(filled))


def test_a_broken_file_is_named_and_loses_no_other(filled, caplog):
    rows = everything(filled)
    victim = rows[1]
    path = filled.directory / victim.file
    content = bytearray(path.read_bytes())
    content[victim.offset + 40] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BrokenFiles, match=victim.file) as raised:
        filled.rebuild_index()
    assert [(fault.file, fault.offset) for fault in raised.value.faults] == [
        (victim.file, victim.offset)
    ]
    assert everything(filled) == [row for row in rows if row != victim]
    (filled.directory / "index.sqlite").unlink()
    with caplog.at_level(logging.WARNING):
        assert everything(again(filled)) == [row for row in rows if row != victim]
    assert f"broken capture file: {victim.file} at {victim.offset}" in caplog.text


@pytest.mark.parametrize(
    "foreign", [b"", b"\x1f\x8bnot a warc", b"WARC/1.1\r\n\r\n"], ids=["empty", "gzip", "plain"]
)
def test_a_strange_file_among_the_captures_stops_nothing(filled, foreign):
    rows = everything(filled)
    (filled.directory / "cdg_capital/2026/10/strange.warc.gz").write_bytes(foreign)
    (filled.directory / "cdg_capital/2026/10/notes.txt").write_text("seen")
    assert everything(again(filled)) == rows


@pytest.mark.parametrize("damage", ["text", "half", "foreign"])
def test_a_broken_index_is_set_aside_and_made_again(filled, caplog, damage):
    rows = everything(filled)
    filled.close()
    index = filled.directory / "index.sqlite"
    content = index.read_bytes()
    for file in filled.directory.glob("index.sqlite*"):
        file.unlink()
    if damage == "foreign":
        with sqlite3.connect(index) as connection:
            connection.execute("CREATE TABLE captures (something_else)")
    else:
        index.write_bytes(b"no database" * 99 if damage == "text" else content[:5000])
    with caplog.at_level(logging.WARNING):
        assert everything(again(filled)) == rows
    assert "index.sqlite is broken (" in caplog.text
    (aside,) = filled.directory.glob("index.sqlite.broken-*")
    assert aside.stat().st_size > 0


def test_an_index_that_is_whole_is_not_set_aside(filled):
    filled.close()
    rows = everything(again(filled))
    assert len(rows) == 5
    assert list(filled.directory.glob("*.broken-*")) == []


def test_dates_and_instants_come_back_as_such(filled):
    row = filled.captures(SOURCE, SESSION, SESSION)[0]
    assert type(row.first_session) is date
    assert row.fetched_at == NOON


def test_old_files_are_forgotten_but_for_those_with_a_body_that_is_still_referred_to(archive):
    fill(archive, numbers=[0])
    fill(archive, numbers=[1])
    with archive.writing(SOURCE, SESSION + DAY, SESSION + DAY) as writing:
        old, referred = everything(archive)
        writing.add_unchanged(
            key="page/1",
            asked=Asked(method="GET", url="https://publisher.example/1"),
            answered=Answered(status=304, reason="Not Modified", headers=[]),
            earlier=archive.read(referred),
            body_of=referred.capture_id,
            fetched_at=NOON + DAY,
        )
    assert archive.forget(NOON) == 0
    assert archive.forget(NOON + DAY) == 1
    assert everything(archive)[0].file == referred.file
    assert len(files(archive)) == 2
    assert everything(again(archive)) == everything(archive)
    with pytest.raises(LookupError):
        archive.row(old.capture_id)
    assert archive.forget(NOON + 2 * DAY) == 2
    assert files(archive) == []
