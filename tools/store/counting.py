"""Counts: what stood there is compared with the books as they were at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import and_, bindparam, insert, or_, select

from tools.store.allocate import NO_LOT, Pile
from tools.store.changes import BooksError, Count, NotEnough
from tools.store.entry import ADJUSTMENT, Entry, Good, Place, Which, Words, check_quantity, total
from tools.store.ledger import MOVES
from tools.store.lots import ids_of_code, known_lot, lots_for_found
from tools.store.tables import StockCountRow

COUNTS = StockCountRow.__table__  # type: ignore[attr-defined]
COUNT = "count"

_REVERSED = MOVES.alias("reversed")
_SINCE = (
    select(MOVES.c.lot_id, MOVES.c.quantity, MOVES.c.to_location_id)
    .select_from(MOVES.outerjoin(_REVERSED, _REVERSED.c.seq == MOVES.c.reverses))
    .where(MOVES.c.product_id == bindparam("product"), MOVES.c.seq > bindparam("position"))
    .where(or_(MOVES.c.from_location_id == bindparam("place"), MOVES.c.to_location_id == bindparam("place")))
    .where(MOVES.c.kind != COUNT)
    .where(
        or_(
            MOVES.c.reverses.is_(None),
            and_(_REVERSED.c.seq > bindparam("position"), _REVERSED.c.kind != COUNT),
        )
    )
)
_INSERT = insert(COUNTS)


def count(entry: Entry, step: Count) -> None:
    """Compare what was counted with the books at ``step.position`` and post the difference.

    Goods that moved after the count are no difference.  What was written after it about the time
    before it (another count, an undo) is knowledge, not movement, so it counts as already known.

    Raises:
        BooksError: the position is not in the ledger, or the place would end below zero.
    """
    good, place = entry.good(step.sku), entry.place(step.location)
    check_quantity(step.counted, or_zero=True)
    if not 0 <= step.position <= entry.journal.position:
        raise BooksError(f"the ledger has no position {step.position}")
    lot = None if step.lot is None else known_lot(entry, good, step.lot)
    expected = _expected(entry, good, place, step)
    difference = step.counted - expected
    _post(entry, good, place, step, difference)
    entry.connection.execute(
        _INSERT,
        {
            "group_id": entry.header.group_id,
            "product_id": good.id,
            "location_id": place.id,
            "lot_id": (lot.lot_id or None) if lot else None,
            "counted": step.counted,
            "expected": expected,
            "difference": difference,
            "at_seq": step.position,
            "posted_seq": entry.journal.position,
            "recorded_at": entry.header.at,
            "actor": entry.header.actor.name[:120],
            "undone": False,
        },
    )


def _expected(entry: Entry, good: Good, place: Place, step: Count) -> Decimal:
    piles = entry.piles(good, place)
    lots = None if step.lot is None else ids_of_code(entry, good, step.lot)
    now = total([pile for pile in piles if lots is None or pile.lot_id in lots])
    since = entry.connection.execute(
        _SINCE, {"product": good.id, "place": place.id, "position": step.position}
    )
    moved = Decimal(0)
    for move in since:
        if lots is None or (move.lot_id or NO_LOT) in lots:
            moved += move.quantity if move.to_location_id == place.id else -move.quantity
    return now - moved


def _post(entry: Entry, good: Good, place: Place, step: Count, difference: Decimal) -> None:
    away, words = entry.virtual(ADJUSTMENT), Words(COUNT, f"counted {step.counted.normalize():f}")
    if difference > 0:
        entry.put(good, place, _found(entry, good, place, step, difference), source=away, words=words)
    elif difference < 0:
        try:
            entry.take(good, place, -difference, to=away, words=words, which=Which(step.lot, expired=True))
        except NotEnough as short:
            raise BooksError(
                f"{good.sku} at {place.code} moved since that count, "
                f"and only {short.have.normalize():f} are left: please count it again"
            ) from short
    else:
        entry.remember_nothing(good, place)


def _found(
    entry: Entry, good: Good, place: Place, step: Count, quantity: Decimal
) -> Sequence[tuple[Pile, Decimal]]:
    if step.lot is None:
        return lots_for_found(entry, good, place, quantity)
    return [(known_lot(entry, good, step.lot), quantity)]
