"""Purchase orders in the books: what each step needs, changes and leaves behind.

States: draft -> approved -> sent -> confirmed -> partial -> received | closed | cancelled.  Orders of
an import may also be "ordered" or "in_transit", which count as sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_never

from sqlalchemy import RowMapping, insert, select, update

from tools.store.among import table_of
from tools.store.buying_changes import (
    ApproveOrder,
    CancelOrder,
    CloseShort,
    ConfirmOrder,
    DraftOrder,
    OrderChange,
    OrderLine,
    OrderSteps,
    ReceiveOrder,
    ReviseOrder,
    SendOrder,
)
from tools.store.buying_events import Order, read_order, write_event
from tools.store.buying_receipt import receive_lines
from tools.store.changes import BooksError
from tools.store.entry import Entry, check_quantity
from tools.store.facts import ON_ORDER
from tools.store.tables import PurchaseOrderLineRow, PurchaseOrderRow, SupplierRow

ORDER = table_of(PurchaseOrderRow)
LINE = table_of(PurchaseOrderLineRow)
_SUPPLIER = table_of(SupplierRow)

FIRST_NUMBER = 1001
PREFIX = "PO-"
MOST_LINES = 2_000
_DEAREST = Decimal(10) ** 9


def order(entry: Entry, change: OrderChange) -> None:  # noqa: C901 - one line for each kind
    """Write one step of a purchase order.

    Raises:
        BooksError: the order is not in a state for it; the text says in which it is.
    """
    match change:
        case OrderSteps():
            for step in change.steps:
                order(entry, step)
        case DraftOrder():
            _draft(entry, change)
        case ReviseOrder():
            _revise(entry, change)
        case ApproveOrder():
            _approve(entry, change)
        case SendOrder():
            _send(entry, change)
        case ConfirmOrder():
            _confirm(entry, change)
        case ReceiveOrder():
            _receive(entry, change)
        case CloseShort():
            _close(entry, change)
        case CancelOrder():
            _cancel(entry, change)
        case _:
            assert_never(change)


def _draft(entry: Entry, change: DraftOrder) -> None:
    supplier = entry.connection.execute(
        select(_SUPPLIER.c.id).where(_SUPPLIER.c.code == change.supplier)
    ).scalar()
    if supplier is None:
        raise BooksError(f"there is no supplier {change.supplier}")
    number = _next_number(entry)
    row = {
        "po_no": number,
        "supplier_id": supplier,
        "status": "draft",
        "ordered_at": None,
        "expected_on": change.expected_on,
        "approved_by": "",
        "approved_at": None,
        "confirmed_at": None,
    }
    key = int(entry.connection.execute(insert(ORDER).returning(ORDER.c.id), row).scalar_one())
    _write_lines(entry, key, change.lines)
    write_event(entry, key, number, "draft", {"note": change.note, "lines": _plain(change.lines)}, before={})


def _next_number(entry: Entry) -> str:
    numbers = entry.connection.execute(
        select(ORDER.c.po_no).where(ORDER.c.po_no.like(f"{PREFIX}%"))
    ).scalars()
    used = [int(number[len(PREFIX) :]) for number in numbers if number[len(PREFIX) :].isdecimal()]
    return f"{PREFIX}{max([FIRST_NUMBER - 1, *used]) + 1}"


def _write_lines(entry: Entry, key: int, lines: Sequence[OrderLine]) -> None:
    if not lines:
        raise BooksError("an order needs at least one line")
    if len(lines) > MOST_LINES:
        raise BooksError(f"an order has at most {MOST_LINES} lines, not {len(lines)}")
    rows = [_line_row(entry, key, number, line) for number, line in enumerate(lines, 1)]
    entry.connection.execute(insert(LINE), rows)


def _line_row(entry: Entry, key: int, number: int, line: OrderLine) -> dict[str, Any]:
    return {
        "purchase_order_id": key,
        "line": number,
        "product_id": entry.good(line.sku).id,
        "location_id": entry.place(line.location).id if line.location else None,
        "quantity": check_quantity(line.quantity),
        "received_quantity": None,
        "defective_quantity": None,
        "unit_cost": _checked_cost(line.unit_cost),
        "received_at": None,
        "closed_short": False,
    }


def _checked_cost(cost: Decimal | None) -> Decimal | None:
    if cost is not None and (not cost.is_finite() or cost < 0 or cost > _DEAREST or cost.scaleb(4) % 1):
        raise BooksError(f"{cost} is no price that the books can hold")
    return cost


def _plain(lines: Sequence[OrderLine]) -> list[dict[str, str | None]]:
    return [
        {
            "sku": line.sku,
            "quantity": f"{line.quantity.normalize():f}",
            "location": line.location,
            "unit_cost": None if line.unit_cost is None else f"{line.unit_cost.normalize():f}",
        }
        for line in lines
    ]


def _revise(entry: Entry, change: ReviseOrder) -> None:
    found = read_order(entry, change.po_no)
    if found.status != "draft":
        raise BooksError(f"{found.po_no} {found.state}, so its lines stay as they are")
    _check_seen(found, change.seen)
    entry.connection.execute(LINE.delete().where(LINE.c.purchase_order_id == found.id))
    _write_lines(entry, found.id, change.lines)
    if change.expected_on:
        _set(entry, found.id, expected_on=change.expected_on)
    write_event(
        entry, found.id, found.po_no, "revise", {"lines": _plain(change.lines)}, before=found.snapshot
    )


def _approve(entry: Entry, change: ApproveOrder) -> None:
    found = read_order(entry, change.po_no)
    if found.status != "draft":
        raise BooksError(f"{found.po_no} {found.state} already")
    _check_seen(found, change.seen)
    _set(
        entry,
        found.id,
        status="approved",
        approved_by=entry.header.actor.name[:120],
        approved_at=entry.header.at,
    )
    write_event(entry, found.id, found.po_no, "approve", {}, before=found.snapshot)


def _check_seen(found: Order, seen: int | None) -> None:
    if seen is not None and seen != found.events:
        raise BooksError(f"{found.po_no} was changed since you saw it; look at it again")


def _send(entry: Entry, change: SendOrder) -> None:
    found = read_order(entry, change.po_no)
    if found.status != "approved":
        reason = "is a draft: approve it first" if found.status == "draft" else f"{found.state} already"
        raise BooksError(f"{found.po_no} {reason}")
    _set(entry, found.id, status="sent", ordered_at=entry.day)
    write_event(entry, found.id, found.po_no, "send", {"how": change.how}, before=found.snapshot)


def _confirm(entry: Entry, change: ConfirmOrder) -> None:
    found = read_order(entry, change.po_no)
    if found.status not in ("approved", "ordered", "sent", "confirmed", "in_transit"):
        raise BooksError(f"{found.po_no} {found.state}, so there is nothing to confirm")
    values: dict[str, Any] = {"status": "confirmed", "confirmed_at": entry.header.at}
    if found.ordered_at is None:
        values["ordered_at"] = entry.day
    if change.expected_on:
        values["expected_on"] = change.expected_on
    for line in change.lines:
        _change_line(entry, found.lines, line, found.po_no)
    _set(entry, found.id, **values)
    detail = {"expected_on": str(change.expected_on or ""), "lines": _plain(change.lines)}
    write_event(entry, found.id, found.po_no, "confirm", detail, before=found.snapshot)


def _change_line(entry: Entry, lines: Sequence[RowMapping], wanted: OrderLine, po_no: str) -> None:
    product = entry.good(wanted.sku).id
    fitting = [line for line in lines if line["product_id"] == product]
    if wanted.location:
        place = entry.place(wanted.location).id
        fitting = [line for line in fitting if line["location_id"] == place] or fitting
    if not fitting:
        raise BooksError(f"{po_no} has no line for {wanted.sku}")
    values: dict[str, Any] = {"quantity": check_quantity(wanted.quantity)}
    if wanted.unit_cost is not None:
        values["unit_cost"] = _checked_cost(wanted.unit_cost)
    entry.connection.execute(update(LINE).where(LINE.c.id == fitting[0]["id"]).values(**values))


def _receive(entry: Entry, change: ReceiveOrder) -> None:
    found = read_order(entry, change.po_no)
    if found.status not in ON_ORDER:
        reason = "is a draft: approve it first" if found.status == "draft" else found.state
        raise BooksError(f"{found.po_no} {reason}, so nothing can be booked in on it")
    _check_seen(found, change.seen)
    receive_lines(entry, found, change.arrivals)
    if change.last:
        _close_lines(entry, found.id, None)
    values: dict[str, Any] = {"status": _status_after(entry, found.id)}
    if found.ordered_at is None:
        values["ordered_at"] = entry.day
    _set(entry, found.id, **values)
    detail = {
        "last": change.last,
        "arrivals": [
            {
                "sku": one.sku,
                "quantity": f"{one.quantity.normalize():f}",
                "defective": f"{one.defective.normalize():f}",
                "location": one.location,
                "lot": one.lot,
                "expires_on": str(one.expires_on or ""),
            }
            for one in change.arrivals
        ],
    }
    write_event(entry, found.id, found.po_no, "receive", detail, before=found.snapshot)


def _close(entry: Entry, change: CloseShort) -> None:
    found = read_order(entry, change.po_no)
    if found.status not in ON_ORDER:
        raise BooksError(f"{found.po_no} {found.state}, so nothing is still to come")
    products = None if change.skus is None else [entry.good(sku).id for sku in change.skus]
    if not _close_lines(entry, found.id, products):
        raise BooksError(f"nothing of that is still to come on {found.po_no}")
    _set(entry, found.id, status=_status_after(entry, found.id, before=found.status))
    detail = {"skus": list(change.skus or ())}
    write_event(entry, found.id, found.po_no, "close", detail, before=found.snapshot)


def _close_lines(entry: Entry, key: int, products: Sequence[int] | None) -> int:
    closed = 0
    for line in _lines(entry, key):
        open_ = not line["closed_short"] and line["quantity"] > (line["received_quantity"] or Decimal(0))
        if open_ and (products is None or line["product_id"] in products):
            entry.connection.execute(update(LINE).where(LINE.c.id == line["id"]).values(closed_short=True))
            closed += 1
    return closed


def _lines(entry: Entry, key: int) -> Sequence[RowMapping]:
    query = select(LINE).where(LINE.c.purchase_order_id == key).order_by(LINE.c.line)
    return entry.connection.execute(query).mappings().all()


def _status_after(entry: Entry, key: int, before: str = "partial") -> str:
    """Where the order stands by its lines: every line has to be settled, one is not enough."""
    lines = _lines(entry, key)
    came = any((line["received_quantity"] or Decimal(0)) > 0 for line in lines)
    open_ = any(
        not line["closed_short"] and line["quantity"] > (line["received_quantity"] or Decimal(0))
        for line in lines
    )
    if open_:
        return "partial" if came else before
    return "closed" if any(line["closed_short"] for line in lines) else "received"


def _cancel(entry: Entry, change: CancelOrder) -> None:
    found = read_order(entry, change.po_no)
    if found.status not in ("draft", *ON_ORDER):
        raise BooksError(f"{found.po_no} {found.state} already")
    if any((line["received_quantity"] or Decimal(0)) > 0 for line in found.lines):
        raise BooksError(f"goods of {found.po_no} have come; close the rest of it short instead")
    _set(entry, found.id, status="cancelled")
    write_event(entry, found.id, found.po_no, "cancel", {"reason": change.reason}, before=found.snapshot)


def _set(entry: Entry, key: int, **values: Any) -> None:
    entry.connection.execute(update(ORDER).where(ORDER.c.id == key).values(**values))
