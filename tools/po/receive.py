"""The goods of a purchase order have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Detail,
    Option,
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
from tools.kit.answers import SupplierAnswer, confirm_plan, line_meant, told_plan
from tools.kit.arrivals import Told, is_last, read_delivery
from tools.kit.letters import receipt_letter
from tools.kit.purchases import (
    button,
    goods_words,
    line_amount,
    line_name,
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
from tools.store import Applied, PurchaseLine
from tools.store.buying_changes import Arrival, CloseShort, ReceiveOrder
from tools.store.facts import ON_ORDER
from tools.store.planning_facts import PurchaseOrder

ZERO = Decimal(0)
NONE_OPEN = "Nothing is on order, so there is nothing to book in."


@dataclass(frozen=True, slots=True)
class _Came:
    """``quantity`` of a line came to ``place``, ``broken`` of it no good."""

    line: PurchaseLine
    place: str
    quantity: Decimal
    broken: Decimal = ZERO

    @property
    def over(self) -> Decimal:
        """What nobody had ordered."""
        return max(self.quantity - self.line.outstanding, ZERO)

    @property
    def missing(self) -> Decimal:
        """What is still to come of it."""
        return max(self.line.outstanding - self.quantity, ZERO)


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
    told = read_delivery(ask.text, order.po_no, quantity)
    came = _came(ask, order, told)
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


# -- what came ---------------------------------------------------------------------------------------


def _came(ask: Ask, order: PurchaseOrder, told: Told) -> Sequence[_Came] | Unclear | Refused:
    """Each line with what came of it."""
    places = [_place(ask, line) for line in order.open]
    if None in places:
        return Refused(f"{order.po_no} names no place, and there is none that I could take for it.")
    whole = [
        _Came(line, place or "", line.outstanding) for line, place in zip(order.open, places, strict=True)
    ]
    if told.is_plain or (told.came == words.summed(each.quantity for each in whole) and not told.broken):
        return whole
    line = line_meant(ask, order.open, ask.text, None)
    if line is None:
        return _which_line(order, ask, whole, told)
    return _told_of(whole, line.sku, told)


def _told_of(whole: Sequence[_Came], sku: str, told: Told) -> Sequence[_Came] | Refused:
    """What was said belongs to one line; only a bare amount says that the other lines have not come."""
    mine = next(each for each in whole if each.line.sku == sku)
    amount = _amount(mine.line.outstanding, told)
    if amount < 0:
        return Refused(f"Only {mine.line.outstanding.normalize():f} of that were still to come.")
    told_line = _Came(mine.line, mine.place, amount, told.broken)
    if told.came is not None:
        return [told_line] if amount > 0 else Refused("Nothing of it came, so there is nothing to book in.")
    return [told_line if each is mine else each for each in whole if each is not mine or amount > 0]


def _amount(outstanding: Decimal, told: Told) -> Decimal:
    if told.came is not None:
        return told.came
    return outstanding - (told.short or ZERO) + (told.over or ZERO)


def _which_line(order: PurchaseOrder, ask: Ask, whole: Sequence[_Came], told: Told) -> Unclear:
    """Ask which of the lines an amount is of."""
    options: list[Option] = []
    for each in whole:
        found = _told_of(whole, each.line.sku, told)
        if not isinstance(found, Refused):
            label = f"{_told_words(told)} of {line_name(ask, each.line)}"
            slots = {"po": order.po_no, "detail": _settled(found, order, last=False)}
            options.append(Option(label, slots))
    names = listed([option.label for option in options], "or")
    return Unclear("detail", f"{order.po_no} has {len(whole)} lines: {names}?", tuple(options))


def _told_words(told: Told) -> str:
    figures = (("", told.came), ("short", told.short), ("over", told.over), ("broken", told.broken or None))
    return " ".join(f"{words.amount(value)} {name}".strip() for name, value in figures if value is not None)


def _place(ask: Ask, line: PurchaseLine) -> str | None:
    """Where the goods of a line go: as ordered, else the only place, else the only warehouse."""
    if line.location:
        return line.location
    if len(ask.places) == 1:
        return ask.places[0]
    stores = [place.code for place in ask.catalogue.locations if place.kind == "warehouse"]
    mine = [code for code in stores if code in ask.places]
    return mine[0] if len(mine) == 1 else None


def _settled(came: Sequence[_Came], order: PurchaseOrder, *, last: bool) -> str:
    """All that a yes needs, so that it repeats exactly this."""
    rows = [[each.line.sku, each.place, str(each.quantity), str(each.broken)] for each in came]
    return packed(came=rows, seen=order.events, last=last)


def _as_settled(ask: Ask, order: PurchaseOrder, wanted: Mapping[str, Any]) -> Plan | Refused:
    if int(wanted.get("seen", -1)) != order.events:
        again = button(f"{order.po_no} arrived", "po.receive", order.po_no)
        rest = goods_words(ask, order.open, outstanding=True)
        return Refused(f"{order.po_no} was changed since you saw it; still to come: {rest}.", (again,))
    came = [
        _Came(line, place, Decimal(quantity), Decimal(broken))
        for sku, place, quantity, broken in wanted.get("came", ())
        if place in ask.places and (line := _line_for(order, sku, place)) is not None
    ]
    return _plan(ask, order, came, last=bool(wanted.get("last")))


def _line_for(order: PurchaseOrder, sku: str, place: str) -> PurchaseLine | None:
    lines = sorted((line for line in order.lines if line.sku == sku), key=lambda line: line.location != place)
    return lines[0] if lines else None


# -- the plan ----------------------------------------------------------------------------------------


def _plan(ask: Ask, order: PurchaseOrder, came: Sequence[_Came], *, last: bool) -> Plan | Refused:
    if any(each.broken > each.quantity for each in came):
        return Refused("More can't be broken than came.")
    arrivals = tuple(Arrival(each.line.sku, each.quantity, each.place, each.broken) for each in came)
    where = listed(sorted({ask.catalogue.location_name(each.place) for each in came}))
    goods = listed([_came_words(ask, each) for each in came[:5]]) + (" and more" if len(came) > 5 else "")

    def tell(applied: Applied) -> Reply:
        return _told_reply(ask, order, applied, came, f"Booked in on {order.po_no} at {where}: {goods}.")

    return Plan(
        summary=f"Book in on {order.po_no} at {where}: {goods}",
        change=ReceiveOrder(order.po_no, arrivals, last=last, seen=order.events),
        tell=tell,
        slots={"po": order.po_no, "detail": _settled(came, order, last=last)},
        value=_unordered(came),
        doubts=_doubts(ask, came),
        data=order_facts(ask, order),
        blocks=(lines_table(ask, order),),
        sources=(order_source(ask, [order]),),
    )


def _unordered(came: Sequence[_Came]) -> Decimal:
    """The money that was not approved with the order: what came over, and what is broken."""
    return words.summed((each.over + each.broken) * (each.line.unit_cost or ZERO) for each in came)


def _came_words(ask: Ask, each: _Came) -> str:
    text = line_words(ask, each.line, each.quantity)
    notes = []
    if each.missing:
        notes.append(f"{line_amount(ask, each.line, each.missing)} short")
    if each.over:
        notes.append(f"{line_amount(ask, each.line, each.over)} more than ordered")
    if each.broken:
        notes.append(f"{line_amount(ask, each.line, each.broken)} broken")
    return f"{text} ({', '.join(notes)})" if notes else text


def _doubts(ask: Ask, came: Sequence[_Came]) -> tuple[str, ...]:
    over = [each for each in came if each.over]
    said = [
        f"{line_words(ask, each.line, each.quantity)} came, "
        f"{line_amount(ask, each.line, each.line.outstanding)} were still to come: "
        f"take {line_amount(ask, each.line, each.over)} too many?"
        for each in over
    ]
    return tuple(said)


def _told_reply(ask: Ask, order: PurchaseOrder, applied: Applied, came: Sequence[_Came], text: str) -> Reply:
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


def _undated(ask: Ask, came: Sequence[_Came]) -> str:
    """That goods which go off were booked in without their date."""
    products = [ask.catalogue.products.get(each.line.sku) for each in came]
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
