"""Taking an import back: moves are reversed, its lines leave the figures, names get their old form again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, TableClause, and_, cast, select

from tools.store import imports_plain as p
from tools.store.audit import append
from tools.store.catalogue import bump
from tools.store.changes import Actor
from tools.store.imports_documents import writers
from tools.store.imports_names import Writer
from tools.store.imports_plain import Plain
from tools.store.imports_tally import Tally, Undone
from tools.store.ledger import MOVES, Header, Journal, Posting
from tools.store.signals_kept import drop_read
from tools.store.trip_facts import LIVE_TRIPS, OPEN_STOPS
from tools.store.trip_reading import ORDER, STOP, TRIP
from tools.store.undo import blocker

FACTS = {"sales": p.SALE_LINE, "feedback": p.FEEDBACK, "sensor_readings": p.READING, **p.UPKEEP}


class CannotUndo(Exception):
    """Why an import has to stay; nothing was written."""


def moves_header(import_id: int, actor: Actor, at: datetime) -> Header:
    """How the moves of an import are marked."""
    return Header(f"import:{import_id}", actor, at, at.date())


def take_back(connection: Connection, import_id: int, actor: Actor, at: datetime) -> Undone:
    """Undo one import inside the caller's write transaction.

    Raises:
        CannotUndo: later changes depend on it; the text says which.
    """
    _check_state(connection, import_id)
    tallies = {"stock": _reverse_moves(connection, import_id, actor, at)}
    brought = p.FEEDBACK.select().with_only_columns(p.FEEDBACK.c.id)
    drop_read(connection, brought.where(p.FEEDBACK.c.import_id == import_id))
    for table, source in FACTS.items():
        gone = connection.execute(source.delete().where(source.c.import_id == import_id)).rowcount
        tallies[table] = Tally(changed=gone)
    made = writers(connection, at, actor.name)
    for table in reversed(made):
        tallies[table] = _restore(connection, import_id, made[table]())
    _check_nothing_hangs(connection, import_id)
    _check_on_no_trip(connection)
    _close(connection, import_id, actor, at)
    return Undone({table: tally for table, tally in tallies.items() if tally.changed})


def _check_state(connection: Connection, import_id: int) -> None:
    state = connection.execute(
        p.RUN.select().with_only_columns(p.RUN.c.state).where(p.RUN.c.id == import_id)
    ).scalar()
    if state is None:
        raise CannotUndo("there is no such import")
    if state != "applied":
        raise CannotUndo(f"it is {state} already")


def _reverse_moves(connection: Connection, import_id: int, actor: Actor, at: datetime) -> Tally:
    header = moves_header(import_id, actor, at)
    query = select(MOVES).where(MOVES.c.group_id == header.group_id).order_by(MOVES.c.seq.desc())
    moves = connection.execute(query).mappings().all()
    if not moves:
        return Tally()
    reason = blocker(connection, header.group_id)
    if reason:
        raise CannotUndo(reason)
    journal = Journal(connection, Header(f"undo import:{import_id}", actor, at, at.date()))
    journal.post([_reversed(move) for move in moves])
    return Tally(changed=len(moves))


def _reversed(move: Mapping[Any, Any]) -> Posting:
    return Posting(
        move["product_id"],
        move["lot_id"] or 0,
        move["quantity"],
        move["to_location_id"],
        move["from_location_id"],
        "undo",
        reason=f"undo: {move['reason']}",
        reverses=move["seq"],
    )


def _restore(connection: Connection, import_id: int, writer: Writer) -> Tally:
    query = p.CHANGE.select().where(p.CHANGE.c.import_id == import_id, p.CHANGE.c.table_name == writer.table)
    tally = Tally()
    for chunk in p.chunks(connection.execute(query.order_by(p.CHANGE.c.id.desc())).mappings().all()):
        images = [json.loads(row["before"]) for row in chunk]
        _check_unchanged(connection, writer, images)
        writer.remove([image["after"] for image in images if image["before"] is None])
        # What was kept before a column was added has none of it.
        befores = [image["before"] for image in images if image["before"] is not None]
        writer.change([{**writer.blank(), **before} for before in befores])
        tally.changed += len(images)
    return tally


def _check_unchanged(connection: Connection, writer: Writer, images: Sequence[Mapping[str, Plain]]) -> None:
    found = writer.read([image["after"][writer.key] for image in images])
    for image in images:
        key = image["after"][writer.key]
        now = found.get(key)
        if now is None or any(now.get(name) != value for name, value in image["after"].items()):
            raise CannotUndo(
                f"{key} in {writer.table} was changed since{_by_import(connection, writer.table, key)}"
            )


def _by_import(connection: Connection, table: str, key: str) -> str:
    """Which later import touched the same row, if one did."""
    joined = p.CHANGE.join(p.RUN, p.RUN.c.id == p.CHANGE.c.import_id)
    same = and_(p.CHANGE.c.table_name == table, p.CHANGE.c.row_key == key, p.RUN.c.state == "applied")
    query = joined.select().with_only_columns(p.CHANGE.c.import_id).where(same).order_by(p.CHANGE.c.id.desc())
    latest = connection.execute(query).scalar()
    return f" (import {latest} touched it; undo that one first if it was that)" if latest else ""


def _check_nothing_hangs(connection: Connection, import_id: int) -> None:
    """What this import had brought and is hidden now must not be in use."""
    for use in _USES:
        key = p.CHANGE.c.row_key == use.source.c[use.key]
        ours = and_(key, p.CHANGE.c.import_id == import_id, p.CHANGE.c.table_name == use.table)
        brought = use.source.join(p.CHANGE, ours).join(use.other, use.link)
        query = brought.select().with_only_columns(use.source.c[use.key]).where(_off(use.source)).limit(1)
        found = connection.execute(query).scalar()
        if found is not None:
            raise CannotUndo(f"{found} came with it, and there {use.what} for it")


def _check_on_no_trip(connection: Connection) -> None:
    """No order goes away that a vehicle is still to bring."""
    query = (
        select(STOP.c.order_no, TRIP.c.trip_no)
        .join(TRIP, TRIP.c.id == STOP.c.trip_id)
        .outerjoin(ORDER, ORDER.c.order_no == STOP.c.order_no)
        .where(TRIP.c.status.in_(LIVE_TRIPS), STOP.c.status.in_(OPEN_STOPS), ORDER.c.id.is_(None))
    )
    found = connection.execute(query.limit(1)).first()
    if found:
        raise CannotUndo(f"order {found.order_no} came with it, and {found.trip_no} is to bring it")


def _off(source: TableClause) -> ColumnElement[bool]:
    return cast(source.c.active, Integer) == 0


@dataclass(frozen=True, slots=True)
class _Use:
    """Rows of ``other`` that need a row of ``source``."""

    table: str
    source: TableClause
    key: str
    what: str
    other: TableClause
    link: ColumnElement[bool]


_STOCK = p.BALANCE.c.quantity != 0
_PRODUCT, _PLACE, _SUPPLIER = p.PRODUCT.c.id, p.LOCATION.c.id, p.SUPPLIER.c.id
_PRODUCTS = ("products", p.PRODUCT, "sku")
_PLACES = ("locations", p.LOCATION, "code")
_SUPPLIERS = ("suppliers", p.SUPPLIER, "code")
_USES = (
    _Use(*_PRODUCTS, "is stock", p.BALANCE, _STOCK & (p.BALANCE.c.product_id == _PRODUCT)),
    _Use(*_PRODUCTS, "are sales", p.SALE_LINE, p.SALE_LINE.c.product_id == _PRODUCT),
    _Use(*_PRODUCTS, "are orders", p.ORDER_LINE, p.ORDER_LINE.c.product_id == _PRODUCT),
    _Use(*_PRODUCTS, "are purchase orders", p.PURCHASE_LINE, p.PURCHASE_LINE.c.product_id == _PRODUCT),
    _Use(*_PLACES, "is stock", p.BALANCE, _STOCK & (p.BALANCE.c.location_id == _PLACE)),
    _Use(*_PLACES, "are sales", p.SALE_LINE, p.SALE_LINE.c.location_id == _PLACE),
    _Use(*_PLACES, "are purchase orders", p.PURCHASE_LINE, p.PURCHASE_LINE.c.location_id == _PLACE),
    _Use(*_SUPPLIERS, "are purchase orders", p.PURCHASE, p.PURCHASE.c.supplier_id == _SUPPLIER),
    _Use(*_SUPPLIERS, "are products", p.PRODUCT, (p.PRODUCT.c.supplier_id == _SUPPLIER) & ~_off(p.PRODUCT)),
    _Use("customers", p.CUSTOMER, "code", "are orders", p.ORDER, p.ORDER.c.customer == p.CUSTOMER.c.code),
    _Use("sensors", p.SENSOR, "code", "are readings", p.READING, p.READING.c.sensor_id == p.SENSOR.c.id),
)


def _close(connection: Connection, import_id: int, actor: Actor, at: datetime) -> None:
    connection.execute(p.RUN.update().where(p.RUN.c.id == import_id).values(state="undone"))
    bump(connection)
    append(connection, actor, action="undo import", subject=f"import {import_id}", detail="{}", at=at)
