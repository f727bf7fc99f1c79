"""Goods of a purchase order come in: on which line, into which stock, how many of them broken."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, select, update

from tools.store.among import table_of
from tools.store.buying_changes import Arrival
from tools.store.buying_events import LINE, Order
from tools.store.changes import BooksError
from tools.store.entry import SCRAP, SUPPLIER, Entry, Good, Words, check_quantity
from tools.store.ledger import Posting
from tools.store.lots import lot_for_receipt
from tools.store.tables import PurchaseOrderRow, SupplierRow

_ORDER = table_of(PurchaseOrderRow)
_SUPPLIER = table_of(SupplierRow)
_NOTHING = Decimal(0)


def receive_lines(entry: Entry, order: Order, arrivals: Sequence[Arrival]) -> None:
    """Book every arrival in: its good part into stock, its broken part away at once.

    Raises:
        BooksError: nothing arrived, or the order has no line for it.
    """
    if not arrivals:
        raise BooksError("there is nothing to book in")
    reason = _from_supplier(entry, order)
    lines = [dict(line) for line in order.lines]
    for arrival in arrivals:
        good = entry.good(arrival.sku)
        _check(arrival)
        _share_out(entry, good, arrival, lines, order.po_no)
        _into_stock(entry, good, arrival, Words("receive", reason, order.po_no))
    for line in lines:
        _keep(entry, line)


def _check(arrival: Arrival) -> None:
    check_quantity(arrival.quantity)
    check_quantity(arrival.defective, or_zero=True)
    if arrival.defective > arrival.quantity:
        raise BooksError(f"{arrival.defective} broken of {arrival.quantity} is more than came")


def _from_supplier(entry: Entry, order: Order) -> str:
    query = select(_SUPPLIER.c.name).join(_ORDER, _ORDER.c.supplier_id == _SUPPLIER.c.id)
    name = entry.connection.execute(query.where(_ORDER.c.id == order.id)).scalar()
    return f"from {name}" if name else ""


def _share_out(
    entry: Entry, good: Good, arrival: Arrival, lines: Sequence[dict[str, Any]], po_no: str
) -> None:
    """Fill the lines of this product in order, those for the place first; what is over goes on the last."""
    place = entry.place(arrival.location).id
    fitting = [line for line in lines if line["product_id"] == good.id]
    if not fitting:
        raise BooksError(f"{po_no} has no line for {good.sku}")
    fitting.sort(key=lambda line: (line["location_id"] != place, line["line"]))
    left, broken = arrival.quantity, arrival.defective
    for line in fitting:
        room = max(line["quantity"] - (line["received_quantity"] or _NOTHING), _NOTHING)
        taken = left if line is fitting[-1] else min(room, left)
        bad = min(broken, taken)
        _add(entry, line, taken, bad)
        left, broken = left - taken, broken - bad


def _add(entry: Entry, line: dict[str, Any], taken: Decimal, bad: Decimal) -> None:
    if taken <= 0:
        return
    zone = ZoneInfo(entry.setting("time_zone") or "UTC")
    line["received_quantity"] = (line["received_quantity"] or _NOTHING) + taken
    line["defective_quantity"] = (line["defective_quantity"] or _NOTHING) + bad
    line["received_at"] = entry.header.at.astimezone(zone).replace(tzinfo=None)
    line["changed"] = True


def _into_stock(entry: Entry, good: Good, arrival: Arrival, words: Words) -> None:
    sound = arrival.quantity - arrival.defective
    place, source = entry.place(arrival.location), entry.virtual(SUPPLIER)
    if sound > 0:
        lot = lot_for_receipt(entry, good, arrival.lot, arrival.expires_on)
        entry.put(good, place, [(lot, sound)], source=source, words=words)
    if arrival.defective > 0:
        scrap = entry.virtual(SCRAP)
        broken = "broken on arrival"
        entry.journal.post(
            [Posting(good.id, 0, arrival.defective, source.id, scrap.id, "receive", broken, words.document)]
        )


def _keep(entry: Entry, line: dict[str, Any] | RowMapping) -> None:
    if not line.get("changed"):
        return
    names = ("received_quantity", "defective_quantity", "received_at")
    values = {name: line[name] for name in names}
    entry.connection.execute(update(LINE).where(LINE.c.id == line["id"]).values(**values))
