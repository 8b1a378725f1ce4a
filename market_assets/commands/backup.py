"""``market-assets backup`` and ``restore``: all of a mode in one file, and back out of it.

In it are the captures, the warehouse, the published versions, reports, the databases of keys and
of the record, and Dagster's own state where that is SQLite. Settings and secrets of the environment
are not. Whoever has the file has everything: it is for its user alone.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from market_assets.commands.bundle import FILES as BUNDLED
from market_assets.commands.bundle import Heading, heading_of, unpack, write
from market_assets.commands.lock import only_run
from market_assets.defs.platform import Platform
from market_assets.modes import LAST_MODE, written_directory
from market_assets.settings import SettingRefused, Settings
from market_assets.warehouse.copying import copy_to
from market_assets.warehouse.files import place
from market_assets.web.product import product

DAGSTER = "dagster"
DATABASES = {".sqlite", ".db"}
"""Ends the names of SQLite's files, which may be in use."""
LEFT_OUT = ("*-wal", "*-shm", "*-journal", "*.wal", "*.lock", "*.building", "dagster.yaml")
"""Names of what goes with a file in use, of what is unfinished, and of what is written anew."""
OF_THE_PROJECT = {"README.md"}
"""What may lie in a folder that is restored into."""


def backup(settings: Settings, target: Path) -> None:
    """Write all of this mode to ``target``, as it is between two runs.

    Raises ``SettingRefused`` where there is nothing, or ``target`` exists or is inside the data.
    """
    target = target.absolute()
    if target.exists():
        raise SettingRefused(f"{target} exists: a backup is never written over")
    if target.is_relative_to(settings.data_dir.absolute()):
        raise SettingRefused(f"{target} is in the folder that it is to be a backup of")
    if not Platform(settings).warehouse.path.exists():
        raise SettingRefused(f"nothing is built in {settings.mode_dir} yet: `market-assets run`")
    heading = Heading(
        mode=settings.web, made_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", software=product()
    )
    with (
        only_run(settings),
        TemporaryDirectory(prefix=".backup-", dir=target.parent) as beside,
    ):
        building = Path(beside) / target.name
        building.touch(mode=0o600, exist_ok=False)
        count = write(building, heading, _files(settings, Path(beside)))
        place(building, target)
    print(f"{target}: {settings.web}, {count} files, {target.stat().st_size:,} bytes")
    if settings.dagster.postgres_url:
        print("Dagster's runs are in Postgres and not in it: pg_dump, see docs/operations.md")


def restore(settings: Settings, bundle: Path) -> None:
    """Put back what ``bundle`` holds into the data directory, which must be empty.

    Raises ``SettingRefused`` for another one, for the mode that is not set, and for a file that is
    not whole; then nothing is left behind.
    """
    directory = settings.data_dir
    mode = heading_of(bundle).mode
    if "web" in settings.model_fields_set and settings.web != mode:
        raise SettingRefused(f"{bundle} is of {mode} and {settings.web} is set: they never mix")
    written_directory(directory)
    if there := sorted({path.name for path in directory.iterdir()} - OF_THE_PROJECT):
        raise SettingRefused(
            f"{directory} is not empty, there is {', '.join(there[:5])}: restore into a new folder"
        )
    with TemporaryDirectory(prefix=".restore-", dir=directory) as beside:
        heading = unpack(bundle, Path(beside))
        for path in sorted((Path(beside) / BUNDLED).iterdir()):
            path.rename(directory / path.name)
    with Platform(settings.model_copy(update={"web": mode})).warehouse.connected():
        (directory / LAST_MODE).write_text(f"{mode}\n", "utf-8")
    print(f"{directory}: {mode} as of {heading.made_at}")


def _files(settings: Settings, beside: Path) -> Iterator[tuple[str, Path]]:
    """Each file's name in the backup and where to read it; copies are made in ``beside``.

    The warehouse first: what was captured after it belongs to the next run, not the reverse.
    """
    warehouse = Platform(settings).warehouse
    copy = beside / "copy"
    copy_to(warehouse, copy)
    yield _name(warehouse.path, settings), copy
    copy.unlink()
    for folder in (settings.mode_dir, settings.data_dir / DAGSTER):
        for path in sorted(folder.rglob("*")):
            if path.is_dir() or path == warehouse.path or _is_left_out(path, folder):
                continue
            if path.suffix in DATABASES:
                _copy_database(path, copy)
                yield _name(path, settings), copy
                copy.unlink()
            else:
                yield _name(path, settings), path


def _name(path: Path, settings: Settings) -> str:
    return path.relative_to(settings.data_dir).as_posix()


def _is_left_out(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return hidden or any(path.match(pattern) for pattern in LEFT_OUT)


def _copy_database(path: Path, copy: Path) -> None:
    """As one moment has it, whoever writes meanwhile, with the permissions it has."""
    copy.touch(mode=0o600)
    with (
        closing(sqlite3.connect(path.absolute().as_uri() + "?mode=rw", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    copy.chmod(path.stat().st_mode)
