"""How each kind of change becomes moves, once, in one transaction."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from sqlalchemy import Connection, bindparam, select

from tools.store import audit, outcomes
from tools.store.alert_changes import AlertChange
from tools.store.alert_changes_made import alert
from tools.store.buying import order
from tools.store.buying_changes import OrderChange
from tools.store.changes import (
    Adjust,
    Applied,
    Batch,
    BooksError,
    Change,
    Count,
    NotEnough,
    NoteRemark,
    Receive,
    Sell,
    Step,
    Transfer,
    Undo,
)
from tools.store.counting import count
from tools.store.entry import (
    ADJUSTMENT,
    CUSTOMER,
    SCRAP,
    SUPPLIER,
    TRANSIT,
    Entry,
    Which,
    Words,
    check_quantity,
)
from tools.store.ledger import Header
from tools.store.lots import known_lot, lot_for_receipt, lots_for_found
from tools.store.remarks import note, without_words
from tools.store.reservations import broken_promises
from tools.store.said_changes import SaidChange
from tools.store.said_made import correct
from tools.store.selling import write_sale
from tools.store.signal_changes import SignalChange
from tools.store.signal_made import decide
from tools.store.tables import SupplierRow
from tools.store.trip_changes import TripChange
from tools.store.trip_steps import trip
from tools.store.undo import undo
from tools.store.upkeep_changes import UpkeepChange
from tools.store.upkeep_made import upkeep

SUPPLIERS = SupplierRow.__table__  # type: ignore[attr-defined]

_SUPPLIER = select(SUPPLIERS.c.name).where(SUPPLIERS.c.code == bindparam("wanted"))
_WASTE = ("broke", "smash", "damag", "waste", "expired", "spoil", "rotten", "mould", "went off", "thrown")


def apply(connection: Connection, change: Change, header: Header) -> Applied:
    """Make the change, with its moves, balance, request and audit row, in the caller's transaction.

    Raises:
        BooksError: the rules forbid it, or the request id was used for another change.
    """
    known = outcomes.again(connection, header.request_id, change)
    if known:
        return known
    entry = Entry(connection, header)
    carry_out(entry, change)
    applied = Applied(
        group_id=header.group_id,
        position=entry.journal.position,
        effects=entry.effects,
        summary=summary(change),
        reversed_group=change.group_id if isinstance(change, Undo) else "",
        notes=(*entry.notes, *broken_promises(entry)),
        documents=tuple(dict.fromkeys(entry.documents)),
    )
    outcomes.keep(connection, header, change, applied)
    _write_audit(connection, header, change, applied)
    return applied


def summary(change: Change) -> str:
    """The kind of change in one word."""
    if not isinstance(change, Batch):
        return type(change).__name__.lower()
    kinds = {type(step).__name__.lower() for step in change.steps}
    return kinds.pop() if len(kinds) == 1 else "batch"


def carry_out(entry: Entry, change: Change) -> None:
    """Write the moves of any change."""
    match change:
        case Undo():
            undo(entry, change.group_id)
        case Batch():
            _batch(entry, change)
        case Adjust() | Count() | Receive() | Transfer() | Sell():
            _step(entry, change)
        case NoteRemark():
            note(entry, change)
        case _:
            _carry_out_told(entry, change)


def _carry_out_told(
    entry: Entry, change: OrderChange | AlertChange | SignalChange | TripChange | UpkeepChange | SaidChange
) -> None:
    """Write what is no move of stock by itself."""
    match change:
        case _ if isinstance(change, AlertChange):
            alert(entry, change)
        case _ if isinstance(change, SignalChange):
            decide(entry, change)
        case _ if isinstance(change, TripChange):
            trip(entry, change)
        case _ if isinstance(change, UpkeepChange):
            upkeep(entry, change)
        case _ if isinstance(change, SaidChange):
            correct(entry, change)
        case _:
            order(entry, change)


def _batch(entry: Entry, change: Batch) -> None:
    """All steps see what the ones before took, so the requirements count in sum."""
    if not change.steps:
        raise BooksError("there is nothing to do")
    for step in change.steps:
        try:
            _step(entry, step)
        except NotEnough as short:
            raise _in_sum(entry, change, short) from short


def _in_sum(entry: Entry, change: Batch, short: NotEnough) -> NotEnough:
    taken = entry.taken.get((short.sku, short.location), Decimal(0))
    wanted = sum((_leaving(step, short.sku, short.location) for step in change.steps), Decimal(0))
    return NotEnough(short.sku, short.location, short.have + taken, max(wanted, short.wanted), short.unusable)


def _leaving(step: Step, sku: str, location: str) -> Decimal:
    source = step.source if isinstance(step, Transfer) else step.location
    if step.sku != sku or source != location or isinstance(step, Count | Receive):
        return Decimal(0)
    return max(-step.quantity, Decimal(0)) if isinstance(step, Adjust) else step.quantity


def _step(entry: Entry, step: Step) -> None:
    match step:
        case Adjust():
            _adjust(entry, step)
        case Count():
            count(entry, step)
        case Receive():
            _receive(entry, step)
        case Transfer():
            _transfer(entry, step)
        case Sell():
            _sell(entry, step)
        case _:
            assert_never(step)


def _adjust(entry: Entry, step: Adjust) -> None:
    good, place = entry.good(step.sku), entry.place(step.location, or_transit=True)
    quantity, words = check_quantity(abs(step.quantity)), Words("adjust", step.reason)
    if step.quantity < 0:
        away = entry.virtual(SCRAP if _is_waste(step.reason) else ADJUSTMENT)
        entry.take(good, place, quantity, to=away, words=words, which=Which(step.lot, expired=True))
        return
    if step.lot is None:
        picks = lots_for_found(entry, good, place, quantity)
    else:
        picks = [(known_lot(entry, good, step.lot), quantity)]
    entry.put(good, place, picks, source=entry.virtual(ADJUSTMENT), words=words)


def _is_waste(reason: str) -> bool:
    return any(word in reason.lower() for word in _WASTE)


def _receive(entry: Entry, step: Receive) -> None:
    good, place = entry.good(step.sku), entry.place(step.location)
    quantity = check_quantity(step.quantity)
    words = Words("receive", _from_supplier(entry, step.supplier), step.document)
    lot = lot_for_receipt(entry, good, step.lot, step.expires_on)
    entry.put(good, place, [(lot, quantity)], source=entry.virtual(SUPPLIER), words=words)


def _from_supplier(entry: Entry, code: str | None) -> str:
    if not code:
        return ""
    name = entry.connection.execute(_SUPPLIER, {"wanted": code}).scalar()
    if name is None:
        raise BooksError(f"there is no supplier {code}")
    return f"from {name}"


def _transfer(entry: Entry, step: Transfer) -> None:
    """Sent is not received: ``in_transit`` ends on the road, a source of @transit starts there."""
    good, quantity = entry.good(step.sku), check_quantity(step.quantity)
    source, destination = entry.place(step.source, or_transit=True), entry.place(step.destination)
    to = entry.virtual(TRANSIT) if step.in_transit else destination
    if source.id == to.id:
        raise BooksError(f"{step.sku} is at {source.name} already")
    words = Words("transfer", f"to {destination.name}" if step.in_transit else "")
    picks = entry.take(
        good, source, quantity, to=to, words=words, which=Which(expired=not source.is_physical)
    )
    entry.put(good, to, picks, source=None, words=words)


def _sell(entry: Entry, step: Sell) -> None:
    good, place = entry.good(step.sku), entry.place(step.location)
    words = Words("sell", "", step.document)
    entry.take(good, place, check_quantity(step.quantity), to=entry.virtual(CUSTOMER), words=words)
    write_sale(entry, good, place, step)


def _write_audit(connection: Connection, header: Header, change: Change, applied: Applied) -> None:
    audit.append(
        connection,
        header.actor,
        action=applied.summary,
        subject=", ".join(applied.documents or dict.fromkeys(effect.sku for effect in applied.effects)),
        detail=outcomes.spelled(without_words(change), group=header.group_id),
        at=header.at,
    )
