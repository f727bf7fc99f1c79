"""The check of the books: compares everything that is kept twice.  It reports and never heals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, not_, or_, select, union_all

from tools.store import audit, migrate, remarks
from tools.store.alert_changes_made import HISTORY as ALERTS
from tools.store.allocate import NO_LOT
from tools.store.buying_events import EVENT as ORDER_EVENTS
from tools.store.counting import COUNTS
from tools.store.entry import LOCATIONS, LOTS, PRODUCTS, SETTINGS
from tools.store.facts import Finding
from tools.store.ledger import BALANCE, MOVES, Key
from tools.store.outcomes import REQUESTS
from tools.store.reservations import HELD, RESERVATIONS, overpromised
from tools.store.selling import SALES
from tools.store.signals_kept import EVENT as SIGNAL_EVENTS
from tools.store.trip_reading import EVENT as TRIP_EVENTS
from tools.store.upkeep_made import HISTORY as UPKEEP

_SHOWN = 5
_REBUILD = "find out who wrote to the database, then rebuild the balance from the ledger"
_RESTORE = "keep this database aside and restore the last backup that passes this check"
_COUNT = "count these, or allow stock below zero in the settings"


def examine(connection: Connection, day: date) -> list[Finding]:
    """All findings, good and bad; ``day`` decides which lots have expired."""
    tables = _tables(connection)
    if not tables.ok:
        return [tables]
    checks = (_file, _balance, _zero_sums, _reversals, _lots, _groups, _chain, _below_zero)
    return [tables, *(check(connection) for check in checks), _promises(connection, day)]


def rebuild_balance(connection: Connection) -> int:
    """Replace the balance by the replay of the ledger; returns how many rows were wrong."""
    wrong = len(_unequal(connection))
    replayed = connection.execute(_replay()).mappings().all()
    connection.execute(delete(BALANCE))
    if replayed:
        connection.execute(insert(BALANCE), [dict(row) for row in replayed])
    return wrong


def _told(good: str, bad: list[str], remedy: str) -> Finding:
    if not bad:
        return Finding(True, good)
    more = f" and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return Finding(False, "; ".join(bad[:_SHOWN]) + more, remedy)


def _tables(connection: Connection) -> Finding:
    found, wanted = migrate.current(connection), migrate.head()
    bad = [] if found == wanted else [f"the tables stand at step {found}, not {wanted}"]
    return _told(f"the tables are those of step {wanted}", bad, "start this version once")


def _file(connection: Connection) -> Finding:
    bad: list[str] = []
    if connection.dialect.name == "sqlite":
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check")]
        bad = [line for line in said if line != "ok"]
        bad += [
            f"{row[0]} {row[1]} points to nothing"
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
        ]
    return _told("the database is sound", bad, _RESTORE)


def _replay() -> Select[Any]:
    """What the ledger alone says about every product, place and lot."""
    lot = func.coalesce(MOVES.c.lot_id, NO_LOT).label("lot_id")
    product, quantity, seq = MOVES.c.product_id, MOVES.c.quantity, MOVES.c.seq
    ends = union_all(
        select(product, MOVES.c.to_location_id.label("location_id"), lot, quantity.label("quantity"), seq),
        select(product, MOVES.c.from_location_id, lot, (-quantity).label("quantity"), seq),
    ).subquery()
    summed = func.sum(ends.c.quantity, type_=BALANCE.c.quantity.type).label("quantity")
    columns = (ends.c.product_id, ends.c.location_id, ends.c.lot_id)
    return select(*columns, summed, func.max(ends.c.seq).label("last_seq")).group_by(*columns)


def _unequal(connection: Connection) -> list[tuple[Key, Decimal, Decimal]]:
    """(product, place, lot), what the ledger says, what the balance says: where they differ."""
    ledger = _by_key(connection, _replay())
    balance = _by_key(connection, select(BALANCE))
    keys = sorted(ledger.keys() | balance.keys())
    none = Decimal(0)
    pairs = [(key, ledger.get(key, none), balance.get(key, none)) for key in keys]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _by_key(connection: Connection, query: Select[Any]) -> dict[Key, Decimal]:
    rows = connection.execute(query)
    return {(row.product_id, row.location_id, row.lot_id): row.quantity for row in rows}


def _balance(connection: Connection) -> Finding:
    bad = [
        f"product {key[0]} at place {key[1]}, lot {key[2]}: {ledger:f} by the ledger, {balance:f} kept"
        for key, ledger, balance in _unequal(connection)
    ]
    return _told("the replayed ledger equals the balance", bad, _REBUILD)


def _zero_sums(connection: Connection) -> Finding:
    summed = func.sum(BALANCE.c.quantity)
    rows = connection.execute(
        select(PRODUCTS.c.sku)
        .join(BALANCE, BALANCE.c.product_id == PRODUCTS.c.id)
        .group_by(PRODUCTS.c.sku)
        .having(summed != 0)
        .order_by(PRODUCTS.c.sku)
    )
    bad = [f"{row.sku} does not sum to zero over all places" for row in rows]
    return _told("every product sums to zero over all places", bad, _REBUILD)


def _reversals(connection: Connection) -> Finding:
    first = MOVES.alias("first")
    mirrored = and_(
        first.c.product_id == MOVES.c.product_id,
        func.coalesce(first.c.lot_id, NO_LOT) == func.coalesce(MOVES.c.lot_id, NO_LOT),
        first.c.quantity == MOVES.c.quantity,
        first.c.from_location_id == MOVES.c.to_location_id,
        first.c.to_location_id == MOVES.c.from_location_id,
    )
    query = select(MOVES.c.seq).join(first, first.c.seq == MOVES.c.reverses).where(not_(mirrored))
    bad = [f"move {row.seq} does not mirror the one it reverses" for row in connection.execute(query)]
    return _told("every undo mirrors what it undid", bad, _RESTORE)


def _lots(connection: Connection) -> Finding:
    moved = select(MOVES.c.seq).join(LOTS, LOTS.c.id == MOVES.c.lot_id)
    strange = connection.execute(moved.where(LOTS.c.product_id != MOVES.c.product_id))
    bad = [f"move {row.seq} names a lot of another product" for row in strange]
    unknown = connection.execute(
        select(BALANCE.c.product_id, BALANCE.c.lot_id)
        .outerjoin(LOTS, and_(LOTS.c.id == BALANCE.c.lot_id, LOTS.c.product_id == BALANCE.c.product_id))
        .where(BALANCE.c.lot_id != NO_LOT, LOTS.c.id.is_(None))
    )
    bad += [
        f"the balance of product {row.product_id} names lot {row.lot_id}, which it has not" for row in unknown
    ]
    return _told("every lot belongs to its product", bad, _REBUILD)


def _groups(connection: Connection) -> Finding:
    """Requests, counts and sales that stand alone: half of something."""
    written = (MOVES, COUNTS, ORDER_EVENTS, ALERTS.events, UPKEEP.events, TRIP_EVENTS, SIGNAL_EVENTS)
    has_any = [exists().where(table.c.group_id == REQUESTS.c.group_id) for table in written]
    is_undo = REQUESTS.c.kind == "undo"
    # Customers' words may be known already, and go when somebody asks to be forgotten.
    of_words = REQUESTS.c.kind.in_(remarks.KINDS)
    alone = select(REQUESTS.c.request_id).where(not_(or_(*has_any, is_undo, of_words)))
    bad = [f"request {row.request_id} wrote nothing" for row in connection.execute(alone)]
    for table, word in ((COUNTS, "count"), (SALES, "sale")):
        told = exists().where(REQUESTS.c.group_id == table.c.group_id)
        query = select(table.c.id).where(table.c.group_id != "", not_(told))
        bad += [f"{word} {row.id} belongs to no request" for row in connection.execute(query)]
    return _told("every request, count and sale is whole", bad, _RESTORE)


def _chain(connection: Connection) -> Finding:
    broken = audit.first_broken(connection)
    bad = [] if broken is None else [f"the audit log was changed at event {broken}"]
    return _told("the audit log is unbroken", bad, "find out who wrote to the database")


def _below_zero(connection: Connection) -> Finding:
    value = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.key == "allow_negative")).scalar()
    if value == "1":
        return Finding(True, "stock below zero is allowed")
    summed = func.sum(BALANCE.c.quantity, type_=BALANCE.c.quantity.type)
    rows = connection.execute(
        select(PRODUCTS.c.sku, LOCATIONS.c.code, summed.label("quantity"))
        .join(PRODUCTS, PRODUCTS.c.id == BALANCE.c.product_id)
        .join(LOCATIONS, LOCATIONS.c.id == BALANCE.c.location_id)
        .where(LOCATIONS.c.code.not_like("@%"))
        .group_by(PRODUCTS.c.sku, LOCATIONS.c.code)
        .having(summed < 0)
    )
    bad = [f"{row.sku} at {row.code} is at {row.quantity.normalize():f}" for row in rows]
    return _told("no place is below zero", bad, _COUNT)


def _promises(connection: Connection, day: date) -> Finding:
    """Orders may wait for goods, so this is told and is no fault of the books."""
    held = select(PRODUCTS.c.id, PRODUCTS.c.sku).where(
        exists().where(RESERVATIONS.c.product_id == PRODUCTS.c.id, RESERVATIONS.c.state == HELD)
    )
    waiting = [
        f"{over.held.normalize():f} of {row.sku} are promised, {over.there.normalize():f} are there"
        for row in connection.execute(held.order_by(PRODUCTS.c.sku)).all()
        for over in overpromised(connection, row.id, day)[:1]
    ]
    told = _told("no more is promised than there is", waiting, "reorder, or release some of the promises")
    return replace(told, ok=True)
