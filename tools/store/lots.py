"""Batches: which one a delivery opens, and which one found goods belong to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, exists, insert, or_, select, update

from tools.store.allocate import GOOD, NO_LOT, Pile
from tools.store.changes import BooksError
from tools.store.entry import ADJUSTMENT, CUSTOMER, LOTS, SCRAP, Entry, Good, Place
from tools.store.ledger import MOVES

_LONGEST_CODE = 64
_OF_CODE = (
    select(LOTS.c.id, LOTS.c.code, LOTS.c.expires_on, LOTS.c.status)
    .where(LOTS.c.product_id == bindparam("product"), LOTS.c.code == bindparam("wanted"))
    .order_by(LOTS.c.id.desc())
)
_UNDOING = MOVES.alias("undoing")
_LATEST = (
    select(LOTS.c.id, LOTS.c.code, LOTS.c.expires_on, LOTS.c.status)
    .join(MOVES, MOVES.c.lot_id == LOTS.c.id)
    .where(MOVES.c.product_id == bindparam("product"), MOVES.c.to_location_id == bindparam("place"))
    .where(MOVES.c.from_location_id.not_in(bindparam("corrections", expanding=True)))
    .where(LOTS.c.status == GOOD, or_(LOTS.c.expires_on.is_(None), LOTS.c.expires_on >= bindparam("day")))
    .where(MOVES.c.reverses.is_(None), ~exists().where(_UNDOING.c.reverses == MOVES.c.seq))
    .order_by(MOVES.c.seq.desc())
    .limit(1)
)


def lot_for_receipt(entry: Entry, good: Good, code: str, expires_on: date | None) -> Pile:
    """The lot that a delivery belongs to, opened where it is new; no lot without code and expiry.

    The same code with another expiry is another lot; an expiry learned later is written into the lot.
    """
    if not code and expires_on is None:
        return Pile(NO_LOT, Decimal(0))
    if len(code) > _LONGEST_CODE or not code.isprintable():
        raise BooksError(f"the name of a lot has at most {_LONGEST_CODE} characters, on one line")
    lots = _lots_of(entry, good, code)
    for lot in lots:
        if lot.expires_on == expires_on or (expires_on is None and code):
            return lot
    unknown = next((lot for lot in lots if lot.expires_on is None), None)
    if unknown:
        entry.connection.execute(
            update(LOTS).where(LOTS.c.id == unknown.lot_id).values(expires_on=expires_on)
        )
        return Pile(unknown.lot_id, Decimal(0), code, expires_on, unknown.status)
    return _open(entry, good, code, expires_on)


def known_lot(entry: Entry, good: Good, code: str) -> Pile:
    """The newest lot with this code; an empty code means stock that is not kept by lot.

    Raises:
        BooksError: there is none.
    """
    if not code:
        return Pile(NO_LOT, Decimal(0))
    lots = _lots_of(entry, good, code)
    if not lots:
        raise BooksError(f"there is no lot {code} of {good.sku}")
    return lots[0]


def ids_of_code(entry: Entry, good: Good, code: str) -> frozenset[int]:
    """All lots of this code; for an empty one also the stock without a lot."""
    ids = {lot.lot_id for lot in _lots_of(entry, good, code)}
    return frozenset(ids if code else ids | {NO_LOT})


def lots_for_found(entry: Entry, good: Good, place: Place, quantity: Decimal) -> list[tuple[Pile, Decimal]]:
    """Where goods belong that turned up: first they pay the place's debt, then the newest good lot."""
    bare = sum((pile.quantity for pile in entry.piles(good, place) if pile.lot_id == NO_LOT), Decimal(0))
    paid = min(quantity, max(-bare, Decimal(0)))
    parts = [(Pile(NO_LOT, Decimal(0)), paid), (_latest_lot(entry, good, place), quantity - paid)]
    return [(pile, part) for pile, part in parts if part > 0]


def _latest_lot(entry: Entry, good: Good, place: Place) -> Pile:
    corrections = [entry.virtual(code).id for code in (ADJUSTMENT, SCRAP, CUSTOMER)]
    row = entry.connection.execute(
        _LATEST, {"product": good.id, "place": place.id, "corrections": corrections, "day": entry.day}
    ).first()
    if row is None:
        return Pile(NO_LOT, Decimal(0))
    return Pile(row.id, Decimal(0), row.code, row.expires_on, row.status)


def _lots_of(entry: Entry, good: Good, code: str) -> list[Pile]:
    rows = entry.connection.execute(_OF_CODE, {"product": good.id, "wanted": code})
    return [Pile(row.id, Decimal(0), row.code, row.expires_on, row.status) for row in rows]


def _open(entry: Entry, good: Good, code: str, expires_on: date | None) -> Pile:
    row = {"product_id": good.id, "code": code, "expires_on": expires_on, "status": "good"}
    lot_id = entry.connection.execute(insert(LOTS).returning(LOTS.c.id), row).scalar_one()
    return Pile(int(lot_id), Decimal(0), code, expires_on)
