"""Promises: stock held for somebody.  Rows with states; totals are summed from them, never kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from tools.store.allocate import GOOD
from tools.store.changes import BooksError, Hold, NotEnough
from tools.store.entry import LOCATIONS, LOTS, Entry, Good, check_quantity
from tools.store.ledger import BALANCE, plain
from tools.store.tables import ReservationRow

RESERVATIONS = ReservationRow.__table__  # type: ignore[attr-defined]
HELD = "held"
ANYWHERE = "anywhere"

_COLUMNS = RESERVATIONS.c
_HELD = select(_COLUMNS.location_id, _COLUMNS.quantity).where(
    _COLUMNS.product_id == bindparam("product"), _COLUMNS.state == HELD
)
_GOOD_STOCK = (
    select(BALANCE.c.location_id, BALANCE.c.quantity)
    .select_from(
        BALANCE.join(LOCATIONS, LOCATIONS.c.id == BALANCE.c.location_id).outerjoin(
            LOTS, LOTS.c.id == BALANCE.c.lot_id
        )
    )
    .where(BALANCE.c.product_id == bindparam("product"), LOCATIONS.c.code.not_like("@%"))
    .where(or_(LOTS.c.id.is_(None), LOTS.c.status == GOOD))
    .where(or_(LOTS.c.expires_on.is_(None), LOTS.c.expires_on >= bindparam("day")))
)


HeldRow = tuple[int, int, int | None, Decimal]


class Promised(NamedTuple):
    """What is held at a place (None: everywhere), against the good stock there."""

    location_id: int | None
    there: Decimal
    held: Decimal


def hold(
    entry: Entry, holds: Sequence[Hold], for_type: str, for_ref: str, expires_at: datetime | None
) -> tuple[int, ...]:
    """Promise all of it, or none.  Asked again for the same reference, the same promises answer.

    Raises:
        NotEnough: less is available, all lines of the request together.
        BooksError: the reference holds something else already.
    """
    expire(entry.connection, entry.header.at)
    held = _held_for(entry.connection, for_type, for_ref)
    wanted = [(entry.good(each.sku), each) for each in holds]
    if held:
        return _same(entry, held, wanted)
    ids = tuple(_write(entry, good, each, for_type, for_ref, expires_at) for good, each in wanted)
    for good in {good.id: good for good, _ in wanted}.values():
        _check(entry, good, [each for other, each in wanted if other.id == good.id])
    return ids


def settle(connection: Connection, for_type: str, for_ref: str, state: Literal["used", "released"]) -> int:
    """End what is still held for a reference; returns how many promises that were."""
    done = connection.execute(
        update(RESERVATIONS)
        .where(_COLUMNS.for_type == for_type, _COLUMNS.for_ref == for_ref, _COLUMNS.state == HELD)
        .values(state=state)
    )
    return int(done.rowcount)


def expire(connection: Connection, at: datetime) -> int:
    """End the promises whose time has passed; returns how many."""
    done = connection.execute(
        update(RESERVATIONS)
        .where(_COLUMNS.state == HELD, _COLUMNS.expires_at.is_not(None), _COLUMNS.expires_at <= at)
        .values(state="expired")
    )
    return int(done.rowcount)


def overpromised(connection: Connection, product_id: int, day: date) -> list[Promised]:
    """Where more is held than good stock is there; location None: all places together."""
    held = _sums(connection.execute(_HELD, {"product": product_id}))
    if not held:
        return []
    good = _sums(connection.execute(_GOOD_STOCK, {"product": product_id, "day": day}))
    rows = [
        Promised(place, good.get(place, Decimal(0)), quantity)
        for place, quantity in held.items()
        if place is not None
    ]
    rows.append(Promised(None, sum(good.values(), Decimal(0)), sum(held.values(), Decimal(0))))
    return [row for row in rows if row.held > row.there]


def broken_promises(entry: Entry) -> tuple[str, ...]:
    """A note for every product of which this change left less than is promised."""
    notes = []
    for sku in dict.fromkeys(sku for sku, _ in entry.taken):
        good = entry.good(sku)
        taken = sum((quantity for key, quantity in entry.taken.items() if key[0] == sku), Decimal(0))
        for _, there, held in overpromised(entry.connection, good.id, entry.day)[:1]:
            if there + taken < held:
                continue
            notes.append(
                f"{held.normalize():f} of {good.name} are promised to customers, "
                f"and only {there.normalize():f} are there to give."
            )
    return tuple(notes)


def _sums(rows: Iterable[tuple[int | None, Decimal]]) -> dict[int | None, Decimal]:
    sums: dict[int | None, Decimal] = {}
    for place, quantity in rows:
        sums[place] = sums.get(place, Decimal(0)) + quantity
    return sums


def _check(entry: Entry, good: Good, holds: Sequence[Hold]) -> None:
    """With the new promises written: whatever is over is what cannot be had."""
    for location_id, there, held in overpromised(entry.connection, good.id, entry.day):
        code = entry.place_of(location_id).code if location_id else ANYWHERE
        asked = [each.quantity for each in holds if location_id is None or each.location == code]
        wanted = sum(asked, Decimal(0))
        raise NotEnough(good.sku, code, max(there - held + wanted, Decimal(0)), wanted)


def _held_for(connection: Connection, for_type: str, for_ref: str) -> list[HeldRow]:
    rows = connection.execute(
        select(_COLUMNS.id, _COLUMNS.product_id, _COLUMNS.location_id, _COLUMNS.quantity)
        .where(_COLUMNS.for_type == for_type, _COLUMNS.for_ref == for_ref, _COLUMNS.state == HELD)
        .order_by(_COLUMNS.id)
    )
    return [(row.id, row.product_id, row.location_id, row.quantity) for row in rows]


def _same(
    entry: Entry,
    held: Sequence[HeldRow],
    wanted: Sequence[tuple[Good, Hold]],
) -> tuple[int, ...]:
    asked = [(good.id, _location_id(entry, each), each.quantity) for good, each in wanted]
    if [row[1:] for row in held] != asked:
        raise BooksError("something else is held for it already; release that first")
    return tuple(row[0] for row in held)


def _location_id(entry: Entry, each: Hold) -> int | None:
    return None if each.location is None else entry.place(each.location).id


def _write(
    entry: Entry, good: Good, each: Hold, for_type: str, for_ref: str, expires_at: datetime | None
) -> int:
    row = {
        "product_id": good.id,
        "location_id": _location_id(entry, each),
        "quantity": check_quantity(each.quantity),
        "for_type": for_type,
        "for_ref": for_ref,
        "state": HELD,
        "expires_at": expires_at,
        "created_at": entry.header.at,
        "actor": plain(entry.header.actor.name, 120),
    }
    return int(entry.connection.execute(insert(RESERVATIONS).returning(_COLUMNS.id), row).scalar_one())
