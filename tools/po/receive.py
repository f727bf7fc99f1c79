"""The goods of a purchase order have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Detail,
    Plan,
    PurchaseOrderNumber,
    Quantity,
    Refused,
    Reply,
    Result,
    Right,
    Unclear,
    listed,
    tool,
    words,
)
from tools.kit.answers import SupplierAnswer, confirm_plan, told_plan
from tools.kit.arrivals import is_last
from tools.kit.deliveries import Came, Part, settled, unsettled
from tools.kit.delivery_words import what_came
from tools.kit.letters import receipt_letter
from tools.kit.purchases import (
    button,
    goods_words,
    line_amount,
    line_words,
    lines_table,
    now_standing,
    order_facts,
    order_source,
    packed,
    retold,
    seen_orders,
    state,
    supplier_name,
    the_order,
    unpacked,
)
from tools.store import Applied
from tools.store.buying_changes import CloseShort, ReceiveOrder
from tools.store.facts import ON_ORDER
from tools.store.planning_facts import PurchaseOrder

ZERO = Decimal(0)
NONE_OPEN = "Nothing is on order, so there is nothing to book in."


@tool(
    right=Right.MOVE_STOCK,
    writes=True,
)
def receive(
    ask: Ask,
    po: PurchaseOrderNumber | None = None,
    quantity: Quantity | None = None,
    detail: Detail | None = None,
) -> Result:
    """Book in a purchase order."""
    answered = told_plan(ask, po, None)
    if answered is not None:
        return answered
    candidates = [order for order in seen_orders(ask, ON_ORDER) if order.open]
    order = the_order(ask, po, candidates, "has come", NONE_OPEN)
    if isinstance(order, Unclear | Refused):
        return order
    wanted = unpacked(detail)
    if wanted:
        return _pressed(ask, order, wanted)
    if order.status not in ON_ORDER or not order.open:
        return _too_late(ask, order)
    came = what_came(ask, order, quantity)
    if isinstance(came, Unclear | Refused):
        return came
    return _plan(ask, order, came, last=is_last(ask.text))


def _pressed(ask: Ask, order: PurchaseOrder, wanted: Mapping[str, Any]) -> Result:
    """What a button asks for."""
    step = wanted.get("do")
    if step == "close":
        return _close(ask, order)
    if step == "keep":
        return _keep(ask, order)
    if step == "confirm":
        return confirm_plan(ask, order, SupplierAnswer.from_json(wanted))
    if order.status not in ON_ORDER or not order.open:
        return _too_late(ask, order)
    return _as_settled(ask, order, wanted)


def _too_late(ask: Ask, order: PurchaseOrder) -> Refused:
    if order.status == "draft":
        approve = button(f"Approve {order.po_no}", "po.approve", order.po_no, "primary")
        buttons = (approve,) if ask.may(Right.BUY) else ()
        return Refused(f"{order.po_no} is a draft and was never approved, so I don't book it in.", buttons)
    return Refused(f"{order.po_no} {state(order)} already, so there is nothing to book in on it.")


# -- the plan ---------------------------------------------------------------------------------------


def _as_settled(ask: Ask, order: PurchaseOrder, wanted: Mapping[str, Any]) -> Plan | Refused:
    if int(wanted.get("seen", -1)) != order.events:
        again = button(f"{order.po_no} arrived", "po.receive", order.po_no)
        rest = goods_words(ask, order.open, outstanding=True)
        return Refused(f"{order.po_no} was changed since you saw it; still to come: {rest}.", (again,))
    came = unsettled(wanted, order, ask.places)
    return _plan(ask, order, came, last=bool(wanted.get("last")))


def _plan(ask: Ask, order: PurchaseOrder, came: Sequence[Came], *, last: bool) -> Plan | Refused:
    if any(each.broken > each.quantity for each in came):
        return Refused("More can't be broken than came.")
    arrivals = tuple(arrival for each in came for arrival in each.arrivals)
    where = listed(sorted({ask.catalogue.location_name(each.place) for each in came}))
    goods = listed([_came_words(ask, each) for each in came[:5]]) + (" and more" if len(came) > 5 else "")

    def tell(applied: Applied) -> Reply:
        return _told_reply(ask, order, applied, came, f"Booked in on {order.po_no} at {where}: {goods}.")

    return Plan(
        summary=f"Book in on {order.po_no} at {where}: {goods}",
        change=ReceiveOrder(order.po_no, arrivals, last=last, seen=order.events),
        tell=tell,
        slots={"po": order.po_no, "detail": settled(came, order, last=last)},
        value=_unordered(came),
        doubts=_doubts(ask, came),
        data=order_facts(ask, order),
        blocks=(lines_table(ask, order),),
        sources=(order_source(ask, [order]),),
    )


def _unordered(came: Sequence[Came]) -> Decimal:
    """The money that was not approved with the order: what came over, and what is broken."""
    return words.summed((each.over + each.broken) * (each.line.unit_cost or ZERO) for each in came)


def _came_words(ask: Ask, each: Came) -> str:
    text = line_words(ask, each.line, each.quantity)
    notes = [_lot_words(ask, each, part) for part in each.parts if part.lot or part.expires_on]
    if each.missing:
        notes.append(f"{line_amount(ask, each.line, each.missing)} short")
    if each.over:
        notes.append(f"{line_amount(ask, each.line, each.over)} more than ordered")
    if each.broken:
        notes.append(f"{line_amount(ask, each.line, each.broken)} broken")
    return f"{text} ({', '.join(notes)})" if notes else text


def _lot_words(ask: Ask, each: Came, part: Part) -> str:
    """A lot and its date, and where there are several how many came of it."""
    amount = f"{line_amount(ask, each.line, part.quantity)} of " if len(each.parts) > 1 else ""
    lot = f"lot {part.lot}" if part.lot else "no lot"
    until = f"use by {words.day(part.expires_on, ask.today)}" if part.expires_on else ""
    if not amount and not part.lot:
        return until
    return f"{amount}{lot}{f' {until}' if until else ''}"


def _doubts(ask: Ask, came: Sequence[Came]) -> tuple[str, ...]:
    over = [each for each in came if each.over]
    said = [
        f"{line_words(ask, each.line, each.quantity)} came, "
        f"{line_amount(ask, each.line, each.line.outstanding)} were still to come: "
        f"take {line_amount(ask, each.line, each.over)} too many?"
        for each in over
    ]
    dates = {part.expires_on for each in came for part in each.parts if part.expires_on}
    past = sorted(day for day in dates if day < ask.today)
    said += [f"The use-by date {words.day(day, ask.today)} is already past." for day in past]
    return tuple(said)


def _told_reply(ask: Ask, order: PurchaseOrder, applied: Applied, came: Sequence[Came], text: str) -> Reply:
    now = now_standing(ask, order)
    rest = f"Still to come: {goods_words(ask, now.open, outstanding=True)}." if now.open else ""
    complete = "" if now.open else f"{order.po_no} {state(now)}."
    reply = retold(ask, applied, words.sentences(text, rest, complete, _undated(ask, came)), now)
    short = [(line, line.outstanding) for line in now.open]
    broken = [(each.line.sku, each.broken) for each in came if each.broken]
    letter = receipt_letter(ask, now, short, broken)
    effects = [
        words.facts(sku=one.sku, location=one.location, before=one.before, after=one.after, on_hand=one.after)
        for one in applied.effects
        if one.location in ask.places
    ]
    blocks = (lines_table(ask, now), *((letter,) if letter else ()))
    return Reply(reply.text, {**reply.data, "stock": effects}, blocks, _rest_buttons(now), reply.sources)


def _rest_buttons(order: PurchaseOrder) -> tuple[Button, ...]:
    if not order.open:
        return ()
    return (
        button("Keep the rest on order", "po.receive", order.po_no, do="keep"),
        button("Close the rest short", "po.receive", order.po_no, do="close"),
    )


def _undated(ask: Ask, came: Sequence[Came]) -> str:
    """That goods which go off were booked in without their date."""
    undated = [each for each in came if not all(part.expires_on for part in each.parts)]
    products = [ask.catalogue.products.get(each.line.sku) for each in undated]
    names = [product.name for product in products if product and product.shelf_life_days]
    if not names:
        return ""
    return (
        f"No use-by date was given for {words.first_few(names, 3)}, so I can't warn you before it goes off."
    )


# -- the rest ----------------------------------------------------------------------------------------


def _keep(ask: Ask, order: PurchaseOrder) -> Reply | Refused:
    if not order.open:
        return _too_late(ask, order)
    rest = goods_words(ask, order.open, outstanding=True)
    text = f"Kept: {rest} stay on order from {supplier_name(ask, order.supplier)} ({order.po_no})."
    return Reply(text, order_facts(ask, order), sources=(order_source(ask, [order]),))


def _close(ask: Ask, order: PurchaseOrder) -> Plan | Refused:
    if order.status not in ON_ORDER or not order.open:
        return _too_late(ask, order)
    rest = goods_words(ask, order.open, outstanding=True)

    def tell(applied: Applied) -> Reply:
        now = now_standing(ask, order)
        return retold(ask, applied, f"{order.po_no} {state(now)}: {rest} will not come any more.", now)

    return Plan(
        summary=f"Close the rest of {order.po_no} short: {rest} will not come any more",
        change=CloseShort(order.po_no, tuple(line.sku for line in order.open)),
        tell=tell,
        slots={"po": order.po_no, "detail": packed(do="close")},
        data=order_facts(ask, order),
    )
