"""The steps lead from nothing to the models and back, on both databases, also at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from tools.store import BooksError, Store, migrate, open_store
from tools.store.engine import Database

OPEN = "import sys; from tools.store import open_store; open_store(sys.argv[1]).close()"
ROOT = Path(__file__).parents[2]


def table_names(store: Store) -> set[str]:
    with store.database.reading() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_the_steps_lead_to_exactly_the_models(store: Store) -> None:
    assert migrate.differences(store.database) == []


def test_the_steps_lead_back_to_nothing_and_forward_again(store: Store) -> None:
    before = table_names(store)
    migrate.downgrade(store.database, "base")
    assert table_names(store) == set()
    migrate.upgrade(store.database)
    assert table_names(store) == before
    assert migrate.differences(store.database) == []


def test_the_virtual_places_are_there_from_the_start(store: Store) -> None:
    with store.database.reading() as connection:
        codes = connection.exec_driver_sql("SELECT code FROM location ORDER BY code").scalars().all()
    assert codes == ["@adjustment", "@customer", "@opening", "@scrap", "@supplier", "@transit"]


def test_books_of_a_newer_version_are_not_touched(store: Store) -> None:
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RuntimeError, match="newer than this program"):
        migrate.upgrade(store.database)


def test_processes_that_start_together_make_the_tables_once(url: str) -> None:
    database = Database(url)
    migrate.downgrade(database, "base")
    starts = [subprocess.Popen([sys.executable, "-c", OPEN, url], cwd=ROOT) for _ in range(4)]
    assert [start.wait(timeout=60) for start in starts] == [0, 0, 0, 0]
    assert migrate.differences(database) == []
    database.close()


def test_only_sqlite_and_postgresql_are_spoken() -> None:
    with pytest.raises(BooksError, match="SQLite or PostgreSQL, not mysql"):
        open_store("mysql://shop@host/books")
