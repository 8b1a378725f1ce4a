"""Dagster's own SQLite storage, with an event log that compiles its statements once.

Dagster makes a new engine for every statement, which compiles it anew and reads the file's schema,
and lets each close write the log of SQLite back into its file: 12 ms of work for an event, and as
much again of waiting for the disk. A back-fill books thousands. The files are the same.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    SqliteEventLogStorage,
)
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, SqliteStorageConfig
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, QueuePool
from sqlalchemy.event import listen

BUSY_SECONDS = 60
ENGINES = 16
"""Engines kept: a run writes two shards, a reader of the UI opens one for each run it looks at."""


class EventLog(SqliteEventLogStorage):
    """The event log of one folder, a shard for each run and an index of all."""

    def __init__(self, base_dir: str) -> None:
        self._engines: dict[str, Engine] = {}  # the one used last comes last
        super().__init__(base_dir)

    def store_event(self, event: EventLogEntry) -> None:
        """Store ``event``, and tell who watches its run: they wait for the file to change.

        What is committed stands in the log beside it until a checkpoint or the last close.
        """
        super().store_event(event)
        os.utime(self.path_for_shard(event.run_id))

    def dispose(self) -> None:
        """Stop watching, and close the files."""
        super().dispose()
        self._close()

    def forget(self, run: str) -> None:
        """Remove the file of a run, whose events are gone."""
        with self._db_lock:
            self._initialized_dbs.discard(run)
            if engine := self._engines.pop(run, None):
                engine.dispose()
            for ending in ("", "-wal", "-shm"):
                Path(self.path_for_shard(run) + ending).unlink(missing_ok=True)

    def wipe(self) -> None:
        """Forget everything."""
        self._close()
        super().wipe()

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None) or self._made_engine(shard)
        if len(self._engines) == ENGINES:
            self._engines.pop(next(iter(self._engines))).dispose()
        self._engines[shard] = engine
        return engine

    def _made_engine(self, shard: str) -> Engine:
        engine = create_engine(
            self.conn_string_for_shard(shard),
            poolclass=QueuePool,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        listen(engine, "connect", _write_without_waiting)
        return engine

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection


def _write_without_waiting(connection: sqlite3.Connection, _: object) -> None:
    """Leave to the log's own checkpoints when the disk is waited for.

    A power cut may take the last events of a run, never break the file; a killed process takes
    none.
    """
    connection.execute("PRAGMA synchronous = NORMAL")


class Storage(DagsterSqliteStorage):
    """Runs, events and schedules in SQLite under one folder, as Dagster's own ``sqlite`` has it."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(str(Path(base_dir) / "history" / "runs"))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData, config_value: SqliteStorageConfig
    ) -> "Storage":
        """As ``dagster.yaml`` has it: ``base_dir``."""
        return cls.from_local(inst_data=inst_data, **config_value)
