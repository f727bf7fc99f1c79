"""One database, one writer: connections, transactions and the locks around them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from tools.store.changes import BooksError
from tools.store.queue_lock import QueueLock

BUSY_SECONDS = 60
PAGE_CACHE_KIB = 65_536


class Database:
    """An engine with the two ways in: ``reading`` and ``writing``.

    SQLite: WAL, foreign keys, and every write transaction starts with BEGIN IMMEDIATE behind one
    lock, so writers queue fairly instead of failing.  PostgreSQL: one advisory lock does the same
    for writers of all processes, so the rules of the books see a still picture.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self.dialect = self.engine.dialect.name
        self._writer = QueueLock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose statements see one consistent picture."""
        with self.engine.connect() as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """A write transaction: committed at the end, or rolled back whole.

        ``durable`` ones are on the disk before this returns, so that a power cut loses none of them;
        others (what was said, not what was done) survive the death of the process.

        Raises:
            RuntimeError: this thread is inside another one, which it would wait for forever.
        """
        if self._writer.is_mine():
            raise RuntimeError("a write transaction was opened inside another")
        with self._writer, self.engine.connect() as connection:
            connection = connection.execution_options(writes="FULL" if durable else "NORMAL")
            with connection.begin():
                if self.dialect == "postgresql":
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7205)")
                yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_size=10, pool_pre_ping=True)
    if parsed.get_backend_name() != "sqlite":
        raise BooksError(f"the database has to be SQLite or PostgreSQL, not {parsed.get_backend_name()}")
    options = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(parsed, connect_args=options, pool_size=10)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling opens them deferred; ours decides (see _begin_sqlite).
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        # Without it, INSERT OR REPLACE deletes past the append-only triggers.
        "recursive_triggers=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        f"cache_size=-{PAGE_CACHE_KIB}",
        "temp_store=FILE",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    synchronous = connection.get_execution_options().get("writes")
    if synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if synchronous else "BEGIN DEFERRED")
