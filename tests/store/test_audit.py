"""The audit is a chain: what is changed, taken out or put in between shows."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DatabaseError

from tools.store import Actor, Store
from tools.store import audit as chain
from tools.store.tables import AuditRow

NOW = datetime(2026, 3, 16, 9, 0, 0, 123456, tzinfo=UTC)
EVENTS = AuditRow.__table__


@pytest.fixture
def written(store: Store) -> Store:
    for number in range(1, 6):
        store.audit.write("Anna", "adjust", f"group {number}", f"detail {number}", NOW)
    return store


@pytest.fixture
def unguarded(written: Store) -> Store:
    """Books in the hands of somebody who may do anything to the database."""
    drops = {
        "sqlite": ["DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_delete"],
        "postgresql": ["DROP TRIGGER audit_event_append_only ON audit_event"],
    }
    with written.database.writing() as connection:
        for drop in drops[written.dialect]:
            connection.exec_driver_sql(drop)
    return written


def test_the_database_itself_refuses_to_change_or_delete_events(written: Store) -> None:
    for statement in (update(EVENTS).values(detail="forged"), delete(EVENTS)):
        with pytest.raises(DatabaseError, match="append-only"), written.database.writing() as connection:
            connection.execute(statement)
    assert written.audit.verify() is None


def test_a_chain_that_nobody_touched_holds(written: Store) -> None:
    assert written.audit.verify() is None
    assert [event.subject for event in written.audit.rows(2)] == ["group 5", "group 4"]
    assert [event.detail for event in written.audit.rows(subject="group 2")] == ["detail 2"]


def test_an_empty_chain_holds(store: Store) -> None:
    assert store.audit.verify() is None


@pytest.mark.parametrize("column", ["actor", "channel", "action", "subject", "detail"])
def test_a_changed_word_breaks_the_chain_there(unguarded: Store, column: str) -> None:
    third = unguarded.audit.rows()[2].id
    with unguarded.database.writing() as connection:
        connection.execute(update(EVENTS).where(EVENTS.c.id == third).values({column: "forged"}))
    assert unguarded.audit.verify() == third


def test_a_changed_time_breaks_the_chain_there(unguarded: Store) -> None:
    third = unguarded.audit.rows()[2].id
    with unguarded.database.writing() as connection:
        connection.execute(
            update(EVENTS).where(EVENTS.c.id == third).values(at=NOW + timedelta(microseconds=1))
        )
    assert unguarded.audit.verify() == third


def test_an_event_taken_out_breaks_the_chain_after_it(unguarded: Store) -> None:
    rows = unguarded.audit.rows()
    with unguarded.database.writing() as connection:
        connection.execute(delete(EVENTS).where(EVENTS.c.id == rows[2].id))
    assert unguarded.audit.verify() == rows[1].id


def test_an_event_put_in_between_breaks_the_chain(written: Store) -> None:
    with written.database.writing() as connection:
        last = connection.execute(select(EVENTS).order_by(EVENTS.c.id.desc())).mappings().first()
        forged = {key: value for key, value in last.items() if key != "id"}
        connection.execute(insert(EVENTS).values({**forged, "detail": "forged"}))
    assert written.audit.verify() is not None


def test_words_cannot_wander_between_fields(store: Store) -> None:
    store.audit.write("ab", "c", "", "", NOW)
    store.audit.write("a", "bc", "", "", NOW)
    with store.database.reading() as connection:
        hashes = connection.execute(select(EVENTS.c.hash, EVENTS.c.previous_hash)).all()
    assert len({row.hash for row in hashes}) == 2
    assert hashes[1].previous_hash == hashes[0].hash


def test_any_time_zone_and_any_letters_hold(store: Store) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    store.audit.write("Zoë 🫖", "adjust", "x" * 500, "nul \0 and £\n" * 50, NOW.astimezone(kathmandu))
    assert store.audit.verify() is None
    assert store.audit.rows()[0].at == NOW


def test_an_event_belongs_to_its_transaction(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.database.writing() as connection:
        chain.append(connection, Actor("Anna", "web"), action="adjust", subject="s", detail="d", at=NOW)
        raise ZeroDivisionError
    assert store.audit.rows() == []


def test_writers_at_once_make_one_chain(store: Store) -> None:
    def write(name: str) -> None:
        for number in range(10):
            store.audit.write(name, "adjust", f"{name} {number}", "", NOW)

    threads = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.audit.rows(100)) == 40
    assert store.audit.verify() is None
