"""The goods of an order on their way: onto the van, to the customer, or back; and what is promised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, literal_column, select, update

from tools.store.allocate import NO_LOT, allocate, is_usable
from tools.store.among import table_of
from tools.store.changes import BooksError, Sell
from tools.store.entry import CUSTOMER, TRANSIT, Entry, Good, Place, Words, total
from tools.store.ledger import MOVES, plain
from tools.store.reservations import HELD, RESERVATIONS
from tools.store.selling import write_sale
from tools.store.tables import SaleLineRow
from tools.store.trip_events import HELD_FOR
from tools.store.trip_facts import LastWord, StopLine
from tools.store.trip_reading import ORDER, last_word, order_lines

SALES = table_of(SaleLineRow)
# Spelled as in the index, which a parameter would keep from being used.
HAS_ORDER = SALES.c.order_ref != literal_column("''")
WAITING = ("open", "packed")
"""States of an order in which its goods are promised and have not left."""
PACKED = "packed"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class OrderNow:
    """A customer's order as it stands."""

    id: int
    order_no: str
    status: str
    lines: tuple[tuple[str, Decimal], ...]


class Load(NamedTuple):
    """``quantity`` of a product and lot that went on the road from a place (all by their numbers)."""

    product_id: int
    lot_id: int
    quantity: Decimal
    place_id: int


def read_order(entry: Entry, order_no: str) -> OrderNow:
    """The order with this number.

    Raises:
        BooksError: there is none.
    """
    row = entry.connection.execute(
        select(ORDER.c.id, ORDER.c.status).where(ORDER.c.order_no == order_no)
    ).first()
    if row is None:
        raise BooksError(f"there is no order {order_no}")
    lines = order_lines(entry.connection, [row.id]).get(row.id, [])
    return OrderNow(row.id, order_no, row.status, tuple(lines))


def set_order(entry: Entry, order_no: str, status: str) -> None:
    """Where the order stands from now on; one that an import took away stays away."""
    entry.connection.execute(update(ORDER).where(ORDER.c.order_no == order_no).values(status=status))


# -- promises ----------------------------------------------------------------------------------------


def end_promise(entry: Entry, order_no: str, state: str) -> None:
    """Nothing is held for the order any more: it left (``used``) or will not (``released``)."""
    held = RESERVATIONS.c.for_type.in_(HELD_FOR) & (RESERVATIONS.c.for_ref == order_no)
    entry.connection.execute(
        update(RESERVATIONS).where(held, RESERVATIONS.c.state == HELD).values(state=state)
    )


def promise(entry: Entry, order: OrderNow) -> None:
    """Hold what the order needs, at no fixed place, unless something is held for it already."""
    held = select(RESERVATIONS.c.id).where(
        RESERVATIONS.c.for_type.in_(HELD_FOR),
        RESERVATIONS.c.for_ref == order.order_no,
        RESERVATIONS.c.state == HELD,
    )
    if not order.lines or entry.connection.execute(held.limit(1)).first() is not None:
        return
    rows = [
        {
            "product_id": entry.good(sku).id,
            "location_id": None,
            "quantity": quantity,
            "for_type": HELD_FOR[0],
            "for_ref": order.order_no,
            "state": HELD,
            "created_at": entry.header.at,
            "actor": plain(entry.header.actor.name, 120),
        }
        for sku, quantity in order.lines
    ]
    entry.connection.execute(insert(RESERVATIONS), rows)


def sent_by_itself(connection: Connection, order_no: str) -> LastWord | None:
    """That an order is on its way without a trip, with its goods on the road; None where it is not."""
    word = last_word(connection, order_no)
    return word if word and word.kind == "send" else None


# -- goods -------------------------------------------------------------------------------------------


def take_what_is_there(entry: Entry, line: StopLine, order_no: str, *, to: Place) -> Decimal:
    """Goods leave their place, as many as the books have and the shop's policy allows; returns how many.

    What was really taken is not for the books to refuse: where they have less, a note asks for a count.
    """
    good, place = entry.good(line.sku), entry.place(line.location)
    quantity = line.quantity
    if not entry.allows_negative:
        quantity = min(quantity, _usable(entry, good, place, quantity))
        if quantity < line.quantity:
            _note_short(entry, good, place, quantity, line.quantity)
    if quantity > 0:
        reason = "on its way" if to.code == TRANSIT else "delivered"
        kind = "load" if to.code == TRANSIT else "deliver"
        entry.take(good, place, quantity, to=to, words=Words(kind, reason, order_no))
    return quantity


def _usable(entry: Entry, good: Good, place: Place, wanted: Decimal) -> Decimal:
    found = allocate(entry.piles(good, place), wanted, lambda pile: is_usable(pile, entry.day))
    return max(found.have, ZERO)


def _note_short(entry: Entry, good: Good, place: Place, have: Decimal, wanted: Decimal) -> None:
    some = f"only {have.normalize():f}" if have else "none"
    entry.notes.append(
        f"The books had {some} of the {wanted.normalize():f} × {good.name} "
        f"at {place.name}: please count it there."
    )


def load(entry: Entry, lines: Iterable[StopLine], order_no: str) -> None:
    """The goods of an order go on the van."""
    for line in lines:
        take_what_is_there(entry, line, order_no, to=entry.virtual(TRANSIT))


def loaded(entry: Entry, group_id: str, order_no: str) -> list[Load]:
    """What one change brought on the road for an order."""
    columns = MOVES.c
    query = select(columns.product_id, columns.lot_id, columns.quantity, columns.from_location_id)
    road = entry.virtual(TRANSIT).id
    query = query.where(columns.group_id == group_id, columns.document == order_no)
    rows = entry.connection.execute(query.where(columns.to_location_id == road).order_by(columns.seq))
    return [Load(row.product_id, row.lot_id or NO_LOT, row.quantity, row.from_location_id) for row in rows]


def hand_over(entry: Entry, group_id: str, order_no: str, at: datetime) -> None:
    """The goods of an order go from the van to the customer."""
    words = Words("deliver", "delivered", order_no)
    for product, lot, quantity, source in loaded(entry, group_id, order_no):
        good = entry.good_of(product)
        moved = _off_the_road(entry, good, (lot, quantity), entry.virtual(CUSTOMER), words)
        sell(entry, StopLine(good.sku, moved, entry.place_of(source).code), order_no, at)


def bring_back(entry: Entry, group_id: str, order_no: str) -> None:
    """The goods of an order go from the van back to the places that they left."""
    words = Words("bring back", "not delivered", order_no)
    for product, lot, quantity, source in loaded(entry, group_id, order_no):
        good = entry.good_of(product)
        _off_the_road(entry, good, (lot, quantity), entry.place_of(source), words)


def _off_the_road(entry: Entry, good: Good, what: tuple[int, Decimal], to: Place, words: Words) -> Decimal:
    lot, quantity = what
    road = entry.virtual(TRANSIT)
    piles = [pile for pile in entry.piles(good, road) if pile.lot_id == lot]
    there = min(total(piles), quantity)
    if there > 0:
        entry.put(good, to, [(piles[0], there)], source=road, words=words)
    if there < quantity:
        lost = (quantity - there).normalize()
        entry.notes.append(f"{lost:f} × {good.name} had left the road in the books by another way.")
    return max(there, ZERO)


def deliver(entry: Entry, lines: Iterable[StopLine], order_no: str, at: datetime) -> None:
    """The goods of an order that was never loaded go from their places to the customer."""
    for line in lines:
        gone = take_what_is_there(entry, line, order_no, to=entry.virtual(CUSTOMER))
        sell(entry, line._replace(quantity=gone), order_no, at)


# -- the sale ----------------------------------------------------------------------------------------


def sell(entry: Entry, line: StopLine, order_no: str, at: datetime) -> None:
    """Write the sale of what was delivered, unless the order's sale is known or comes by itself.

    A shop whose sales name customers' orders brings them by its exports: written here, they would
    count twice as soon as the next export is read.
    """
    if line.quantity > 0 and not sale_is_known(entry.connection, order_no, entry.header.group_id):
        good, place = entry.good(line.sku), entry.place(line.location)
        write_sale(entry, good, place, Sell(line.sku, line.location, line.quantity, None, at, order_no))


def sale_is_known(connection: Connection, order_no: str, group_id: str = "") -> bool:
    """Whether an order's sale is among the sales, or will come with the next ones that are read."""
    sold = select(func.sum(SALES.c.quantity, type_=SALES.c.quantity.type)).where(
        SALES.c.order_ref == order_no,
        HAS_ORDER,
        SALES.c.kind == "sale",
        SALES.c.group_id != group_id,
    )
    if (connection.execute(sold).scalar() or ZERO) > 0:
        return True
    by_export = (
        select(SALES.c.id)
        .join(ORDER, ORDER.c.order_no == SALES.c.order_ref)
        .where(HAS_ORDER, func.coalesce(SALES.c.import_id, 0) != 0)
    )
    return connection.execute(by_export.limit(1)).first() is not None


# -- where from --------------------------------------------------------------------------------------


def find_goods(entry: Entry, order: OrderNow, preferred: Collection[str]) -> tuple[StopLine, ...]:
    """Where the goods of an order leave from if nobody said so: one place that has all of it, else several.

    ``preferred`` places come first; then where the most of each product lies.
    """
    wanted: dict[str, Decimal] = {}
    for sku, quantity in order.lines:
        wanted[sku] = wanted.get(sku, ZERO) + quantity
    have = {
        (sku, place.code): _usable(entry, entry.good(sku), place, quantity)
        for sku, quantity in wanted.items()
        for place in entry.physical_places
    }
    codes = list(dict.fromkeys([*preferred, *(place.code for place in entry.physical_places)]))
    whole = [code for code in codes if all(have[sku, code] >= quantity for sku, quantity in wanted.items())]
    if whole:
        return tuple(StopLine(sku, quantity, whole[0]) for sku, quantity in order.lines)
    return tuple(
        StopLine(
            sku, quantity, _best(preferred, codes, {code: have[sku, code] for code in codes}, wanted[sku])
        )
        for sku, quantity in order.lines
    )


def _best(
    preferred: Collection[str], codes: Sequence[str], have: Mapping[str, Decimal], wanted: Decimal
) -> str:
    enough = [code for code in codes if code in preferred and have[code] >= wanted]
    return enough[0] if enough else max(codes, key=lambda code: have[code])


def sold_from(connection: Connection, order_no: str) -> list[int]:
    """The places that the order's sale names, by their numbers."""
    query = select(SALES.c.location_id).where(SALES.c.order_ref == order_no, HAS_ORDER)
    found = connection.execute(query.where(SALES.c.location_id.is_not(None)).distinct())
    return [int(place) for place in found.scalars()]
