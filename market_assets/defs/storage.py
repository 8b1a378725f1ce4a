"""Dagster's own SQLite storage, with an event log that compiles its statements once.

Dagster makes a new engine for every statement, which compiles it anew, and lets each close of the
index write the log of SQLite back into its file: 12 ms of work for an event, and as much again of
waiting for the disk. A back-fill books thousands. The files are the same.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
)
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, SqliteStorageConfig
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, NullPool, QueuePool, event

BUSY_SECONDS = 60
ENGINES = 16
"""Engines kept: a run writes two shards, a reader of the UI opens one for each run it looks at."""


class EventLog(SqliteEventLogStorage):
    """The event log of one folder, a shard for each run and an index of all."""

    def __init__(self, base_dir: str) -> None:
        self._engine = lru_cache(maxsize=ENGINES)(self._made_engine)
        super().__init__(base_dir)

    def dispose(self) -> None:
        """Stop watching, and close the index."""
        super().dispose()
        self._engine(INDEX_SHARD_NAME).dispose()

    def _made_engine(self, shard: str) -> Engine:
        # Who watches a run waits for its file to change, which the close of a shard brings about.
        pool = QueuePool if shard == INDEX_SHARD_NAME else NullPool
        engine = create_engine(
            self.conn_string_for_shard(shard),
            poolclass=pool,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", _write_without_waiting)
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
