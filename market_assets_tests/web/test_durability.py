"""What a kill, a full disk or a forbidden directory leaves behind, and what several openings do."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from market_assets.web.archive import Archive
from market_assets_tests.web.children import add
from market_assets_tests.web.processes import said, started
from market_assets_tests.web.scene import SESSION, SOURCE


def unfinished(archive) -> list:
    return list((archive.directory / ".unfinished").glob("*"))


def finished(archive) -> list:
    return list(archive.directory.glob("*/*/*/*"))


def aged(path):
    hours_ago = time.time() - 7200
    os.utime(path, (hours_ago, hours_ago))
    return path


def test_a_kill_loses_the_file_in_progress_and_nothing_else(archive):
    with archive.writing(SOURCE, SESSION, SESSION) as writing:
        add(writing, 0, b"before")
    writer = started("write_for_ever", archive.directory)
    while int(writer.stdout.readline()) < 20:
        pass
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    with Archive(archive.directory).writing(SOURCE, SESSION, SESSION) as writing:
        add(writing, 1, b"after")
    bodies = [archive.read(row).body for row in archive.captures(SOURCE, SESSION, SESSION)]
    assert bodies == [b"before", b"after"]
    assert len(finished(archive)) == 2
    (left,) = unfinished(archive)
    assert left.stat().st_size > 0
    writer.stdout.close()


def test_what_a_dead_process_left_is_swept_when_old_and_what_a_living_one_writes_never(archive):
    writer = started("write_for_ever", archive.directory)
    writer.stdout.readline()
    writer.send_signal(signal.SIGSTOP)
    (part,) = unfinished(archive)
    aged(part)
    Archive(archive.directory)
    assert unfinished(archive) == [part]
    writer.kill()
    writer.wait()
    os.utime(part)
    Archive(archive.directory)
    assert unfinished(archive) == [part]
    aged(part)
    Archive(archive.directory)
    assert unfinished(archive) == []
    writer.stdout.close()


def test_a_full_disk_is_an_error_and_leaves_whole_captures_only(archive):
    with archive.writing(SOURCE, SESSION, SESSION) as writing:
        add(writing, 0, b"before")
    room = 150_000
    assert said(started("fill_the_disk", archive.directory, room)) == ["OSError File too large"]
    rows = Archive(archive.directory).captures(SOURCE, SESSION, SESSION)
    sizes = sorted(len(archive.read(row).body) for row in rows)
    assert sizes == [len(b"before"), *[20_000] * (room // (20_000 + 752))]
    assert unfinished(archive) == []


def test_a_disk_that_was_full_from_the_start_leaves_no_file(archive):
    assert said(started("fill_the_disk", archive.directory, 100)) == ["OSError File too large"]
    assert finished(archive) == unfinished(archive) == []
    assert said(started("fill_the_disk", archive.directory, 2_000)) == ["OSError File too large"]
    assert finished(archive) == unfinished(archive) == []


def test_a_directory_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        Archive(tmp_path / "file" / "captures")


@pytest.fixture
def unwritable():
    """A directory that everyone may enter and nobody may write."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o555)
    yield directory
    directory.rmdir()


def test_a_directory_that_may_not_be_written_is_an_error(unwritable):
    code = (
        "import os, sys; from pathlib import Path; from market_assets.web.archive import Archive\n"
        "os.geteuid() or os.setuid(65534)\n"
        "try: Archive(Path(sys.argv[1]))\n"
        "except PermissionError as error: print(error.filename)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(unwritable)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(unwritable / "index.sqlite.lock")


def test_processes_that_open_a_new_archive_at_once_all_write_to_it(tmp_path):
    directory = tmp_path / "captures"
    processes = [started("archive_one", directory) for _ in range(4)]
    assert all(said(process) == ["1"] for process in processes)
    archive = Archive(directory)
    assert len(archive.index.rows("TRUE", [])) == 4
    assert len(finished(archive)) == 4


def test_an_index_without_room_is_an_error_of_the_disk_and_the_file_is_whole(archive):
    archive.index._connection.execute("PRAGMA max_page_count = 12")

    def captures_many():
        with archive.writing(SOURCE, SESSION, SESSION) as writing:
            for number in range(200):
                add(writing, number, b"page")

    with pytest.raises(OSError, match="No space left on device"):
        captures_many()
    assert archive.captures(SOURCE, SESSION, SESSION) == []
    assert len(Archive(archive.directory).captures(SOURCE, SESSION, SESSION)) == 200
