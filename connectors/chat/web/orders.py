"""Purchase orders: what waits, what comes, what came; approved, received and cancelled as in the chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from connectors.chat.message import Answer, Message
from connectors.chat.web.api import CHANNEL, admit, answered, event_name
from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.chat import ShownTurn, conversation_of, shown
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.files import keep_chart
from connectors.chat.web.pages import page
from connectors.chat.web.shelves import ask_of
from tools.kit import Ask, Button, Call, Chart, Refused, Reply, Right, all_tools
from tools.kit.deliveries import Part, row_of, settled_rows
from tools.kit.planning_pictures import order_picture
from tools.kit.purchases import (
    due_words,
    find_order,
    goods_words,
    is_late,
    seen,
    supplier_name,
)
from tools.store import StoredAction
from tools.store.facts import ON_ORDER
from tools.store.planning_facts import PurchaseOrder

router = APIRouter(include_in_schema=False)
MOST_OVER = 30
TOKEN_LENGTH = 22
MOST_LOTS = 5
STANDINGS = {
    "draft": "draft",
    "approved": "approved",
    "ordered": "ordered",
    "sent": "sent",
    "confirmed": "confirmed",
    "in_transit": "on its way",
    "partial": "came in part",
    "received": "received",
    "closed": "closed",
    "cancelled": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One order in the list."""

    order: PurchaseOrder
    supplier: str
    standing: str
    goods: str
    late: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Orders that wait for the same."""

    title: str
    lines: Sequence[Line]
    nothing: str


@dataclass(frozen=True, slots=True)
class Step:
    """A button of an order's page: one that acts has a token, one that only shows has an address."""

    label: str
    style: str
    token: str = ""
    address: str = ""


@router.get("/orders", response_class=HTMLResponse)
def orders_page(request: Request, door: TheDoor, visitor: TheVisitor) -> Response:
    """All purchase orders, those that wait for a yes first."""
    need(door, visitor, Right.SEE_STOCK)
    ask = ask_of(door, visitor.user)
    orders = [order for each in ask.store.purchasing.orders() if (order := seen(ask, each)) is not None]
    return page(
        request,
        "orders.html",
        visitor,
        groups=_groups(ask, orders),
        sees_costs=ask.may(Right.SEE_COSTS),
        buys=ask.may(Right.BUY),
    )


def _groups(ask: Ask, orders: Sequence[PurchaseOrder]) -> list[Group]:
    drafts = [order for order in orders if order.status == "draft"]
    coming = [order for order in orders if order.status in ON_ORDER]
    over = [order for order in orders if order.status not in (*ON_ORDER, "draft")]
    over.sort(key=lambda order: order.po_no, reverse=True)
    coming.sort(key=lambda order: (not is_late(ask, order), order.expected_on or ask.today, order.po_no))
    parts = (
        ("To approve", drafts, "No draft waits for a yes."),
        ("On the way", coming, "Nothing is on order."),
        ("Over", over[:MOST_OVER], "None yet."),
    )
    return [Group(title, [_line(ask, order) for order in found], none) for title, found, none in parts]


def _line(ask: Ask, order: PurchaseOrder) -> Line:
    standing = STANDINGS.get(order.status, order.status)
    late = order.status in ON_ORDER and is_late(ask, order)
    name = supplier_name(ask, order.supplier) if order.supplier else "–"
    return Line(order, name, standing, goods_words(ask, order.lines), late)


@router.get("/orders/{po_no}", response_class=HTMLResponse)
def order_page(
    request: Request, door: TheDoor, visitor: TheVisitor, po_no: str, show: str = "", lots: int = 1
) -> Response:
    """One order: what is on it, what it does to the stock, and what can be done with it now.

    ``lots`` is how many lots of each line the form of what came has room for.
    """
    need(door, visitor, Right.SEE_STOCK)
    return _order_page(request, door, visitor, po_no, show=show, lots=lots)


@router.post("/orders/{po_no}/press", response_class=HTMLResponse)
async def press(
    request: Request,
    door: TheDoor,
    visitor: FormVisitor,
    po_no: str,
    action: Annotated[str, Form(min_length=1, max_length=64)],
) -> Response:
    """One of its buttons; the same as if it was pressed in the chat."""
    need(door, visitor, Right.SEE_STOCK)
    return await _pressed(request, door, visitor, po_no, action)


@router.post("/orders/{po_no}/receive", response_class=HTMLResponse)
async def receive(request: Request, door: TheDoor, visitor: FormVisitor, po_no: str) -> Response:
    """What came of each line, booked in through the same dialogue."""
    need(door, visitor, Right.MOVE_STOCK)
    form = {str(name): str(value) for name, value in (await request.form()).items()}
    token = await run_sync(_arrival, door, visitor, po_no, form)
    return await _pressed(request, door, visitor, po_no, token)


async def _pressed(request: Request, door: Door, visitor: Visitor, po_no: str, token: str) -> Response:
    user = visitor.user
    event = event_name(user, f"order:{token}")
    message = Message(conversation_of(user), user, CHANNEL, "", token, event)
    await admit(door, message)
    answer = await answered(door, message)
    now = door.house.now()
    said = await run_sync(lambda: shown(door, user, answer, text="", at=now, event_id=event))
    return await run_sync(_order_page, request, door, visitor, po_no, said)


def _order_page(  # noqa: PLR0913 - what is shown goes by the address
    request: Request,
    door: Door,
    visitor: Visitor,
    po_no: str,
    said: ShownTurn | None = None,
    show: str = "",
    lots: int = 1,
) -> HTMLResponse:
    ask = ask_of(door, visitor.user)
    order = _order(ask, po_no)
    told = all_tools()["po.status"].call(ask, {"po": order.po_no})
    reply = told if isinstance(told, Reply) else Reply(str(getattr(told, "reason", "")))
    if show:
        said = _shown(door, visitor, ask, reply, show)
    return page(
        request,
        "order.html",
        visitor,
        line=_line(ask, order),
        order=order,
        due=due_words(ask, order),
        reply=reply,
        charts=_pictures(door, visitor, ask, order),
        steps=_steps(door, visitor, order, reply),
        said=said,
        products=ask.catalogue.products,
        catalogue=ask.catalogue,
        receives=order.status in ON_ORDER and bool(order.open) and ask.may(Right.MOVE_STOCK),
        sees_costs=ask.may(Right.SEE_COSTS),
        lots=max(1, min(lots, MOST_LOTS)),
        more_lots=lots < MOST_LOTS,
    )


def _order(ask: Ask, po_no: str) -> PurchaseOrder:
    found = find_order(ask, po_no)
    if isinstance(found, Refused):
        raise HTTPException(404, "There is no such purchase order.")
    return found


def _pictures(door: Door, visitor: Visitor, ask: Ask, order: PurchaseOrder) -> list[tuple[Chart, str]]:
    """The stock with and without the order, each with the address of its drawn picture."""
    moment = f"order:{order.po_no}:{order.events}:{ask.today}"
    return [
        (chart, keep_chart(door, chart, user=visitor.user, event_id=moment, number=number))
        for number, chart in enumerate(order_picture(ask, order))
    ]


def _steps(door: Door, visitor: Visitor, order: PurchaseOrder, reply: Reply) -> list[Step]:
    return [_step(door, visitor, order, button) for button in reply.buttons]


def _step(door: Door, visitor: Visitor, order: PurchaseOrder, button: Button) -> Step:
    """What changes the books goes by a token that works once; what only tells is a link."""
    if not all_tools()[button.call.intent].writes:
        return Step(button.label, button.style, address=f"/orders/{order.po_no}?show={_show_of(button)}")
    return Step(button.label, button.style, token=_token(door, visitor, order, button))


def _show_of(button: Button) -> str:
    return "".join(letter for letter in button.label.lower() if letter.isalnum())[:40]


def _shown(door: Door, visitor: Visitor, ask: Ask, reply: Reply, show: str) -> ShownTurn | None:
    for button in reply.buttons:
        tool = all_tools()[button.call.intent]
        if _show_of(button) == show and not tool.writes and ask.may(tool.right):
            told = tool.call(ask, button.call.slots)
            if isinstance(told, Reply):
                answer = Answer(conversation_of(visitor.user), (Reply(told.text, told.data, told.blocks),))
                event = f"show:{show}:{ask.now.isoformat()}"
                return shown(door, visitor.user, answer, text="", at=ask.now, event_id=event)
    return None


def _token(door: Door, visitor: Visitor, order: PurchaseOrder, button: Button) -> str:
    """The same button of the same state has the same token: pressed twice, it acts once."""
    ask = ask_of(door, visitor.user)
    parts = (order.po_no, str(order.events), button.label, str(sorted(button.call.slots.items())))
    token = door.seal("order", visitor.user.name, ask.today.isoformat(), *parts)[:TOKEN_LENGTH]
    if ask.store.talk.action(token) is None:
        action = StoredAction(
            token=token,
            conversation=conversation_of(visitor.user),
            user=visitor.user.name,
            label=button.label,
            style=button.style,
            intent=button.call.intent,
            slots=dict(button.call.slots),
            position=ask.position,
            state="offered",
            offer=token,
        )
        ask.store.talk.offer([action], ask.now)
    return token


def _arrival(door: Door, visitor: Visitor, po_no: str, form: dict[str, str]) -> str:
    """A button for exactly what the form says."""
    ask = ask_of(door, visitor.user)
    order = _order(ask, po_no)
    came = [
        row_of(line.sku, line.location or form.get(f"place-{number}", ""), part)
        for number, line in enumerate(order.lines)
        for part in _parts(form, number)
    ]
    if not came:
        raise HTTPException(422, "Say of at least one line how many came.")
    seen_events = int(form.get("seen", "-1")) if form.get("seen", "").isdecimal() else -1
    detail = settled_rows(came, seen_events, last=form.get("last") == "on")
    slots: dict[str, Any] = {"po": order.po_no, "detail": detail}
    # The form sent twice is the same button, whatever the order looks like by then.
    as_seen = replace(order, events=seen_events)
    return _token(door, visitor, as_seen, Button("Book it in", Call("po.receive", slots), "primary"))


def _parts(form: dict[str, str], number: int) -> Iterator[Part]:
    """What came of one line, a part for each lot that the form has room for."""
    for lot in range(MOST_LOTS):
        said = {name: form.get(f"{name}-{number}-{lot}", "") for name in ("came", "broken", "lot", "until")}
        quantity, broken = _figure(said["came"]), _figure(said["broken"])
        if quantity or broken:
            yield Part(quantity, broken, said["lot"].strip().upper(), _day(said["until"]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise HTTPException(422, f"{text} is no day.") from error


def _figure(text: str) -> Decimal:
    try:
        value = Decimal(text.strip() or "0")
    except InvalidOperation as error:
        raise HTTPException(422, f"{text} is no number.") from error
    if not value.is_finite() or value < 0:
        raise HTTPException(422, f"{text} is no number of goods.")
    return value
