"""The day at a glance: what sold, and what needs a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from connectors.chat.web.auth import TheVisitor, Visitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.needs import standing
from connectors.chat.web.pages import page
from connectors.chat.web.shelves import ask_of, visible_places
from tools.kit import Chart, Period, Reply, Right, Series, Table, all_tools
from tools.kit.words import day, product_name, quantity
from tools.store import PurchaseLine
from tools.store.facts import ON_ORDER

router = APIRouter(include_in_schema=False)
MOST_ROWS = 8
CHART_DAYS = 28


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to look after: what it says, its rows, and the question that says more."""

    title: str
    words: str
    count: int = 0
    table: Table | None = None
    question: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with what it means and how old it is."""

    name: str
    value: Decimal
    units: Decimal
    note: str


@router.get("/today", response_class=HTMLResponse)
def today_page(request: Request, door: TheDoor, visitor: TheVisitor) -> Response:
    """What somebody should see first in the morning."""
    need(door, visitor, Right.SEE_STOCK)
    now = door.house.now()
    sees_sales = door.house.may(visitor.user, Right.SEE_SALES.value)
    return page(
        request,
        "today.html",
        visitor,
        now=now,
        tiles=_tiles(door, visitor, now.date()) if sees_sales else (),
        chart=_sales_chart(door, visitor, now.date()) if sees_sales else None,
        cards=_cards(door, visitor),
        position=door.house.store.stock.position(),
        standing=standing(door, visitor),
    )


def _cards(door: Door, visitor: Visitor) -> list[Card]:
    found = (
        _running_low(door, visitor),
        _going_off(door, visitor),
        _late_orders(door, visitor),
        _to_approve(door, visitor),
    )
    return [card for card in found if card is not None]


def _told(door: Door, visitor: Visitor, intent: str, slots: Mapping[str, Any]) -> Reply | None:
    """A tool's own answer, so that the page and the chat cannot disagree."""
    tool = all_tools().get(intent)
    if tool is None or not tool.built or not door.house.may(visitor.user, tool.right.value):
        return None
    result = tool.call(ask_of(door, visitor.user), slots)
    return result if isinstance(result, Reply) else None


def _running_low(door: Door, visitor: Visitor) -> Card | None:
    reply = _told(door, visitor, "stock.low", {})
    if reply is None:
        return None
    rows = reply.data.get("rows", ())
    words = f"{reply.data['out']} out, {reply.data['low']} low." if rows else reply.text
    table = Table(
        ("Product", "Can be sold", "Lasts days", "On order"),
        tuple(
            (row["name"], row["available"], row["days_of_cover"], row["on_order"] or None)
            for row in rows[:MOST_ROWS]
        ),
    )
    return Card("Running low", words, len(rows), table, "what's running low?", "/stock?low=on")


def _going_off(door: Door, visitor: Visitor) -> Card | None:
    today = door.house.now().date()
    week = Period(today, today + timedelta(days=7))
    reply = _told(door, visitor, "stock.expiring", {"period": week.to_json()})
    if reply is None:
        return None
    catalogue = door.house.store.catalogue()
    rows = [*reply.data.get("expired", ()), *reply.data.get("rows", ())]
    table = Table(
        ("Product", "Place", "Quantity", "Use by"),
        tuple(
            (
                row["name"],
                catalogue.location_name(row["location"]),
                quantity(catalogue.products[row["sku"]], Decimal(str(row["quantity"]))),
                day(date.fromisoformat(row["expires_on"]), today),
            )
            for row in rows[:MOST_ROWS]
        ),
    )
    words = f"{len(rows)} {'lot' if len(rows) == 1 else 'lots'}, the oldest first." if rows else reply.text
    return Card("Going off within a week", words, len(rows), table, "what goes off in the next 7 days?")


def _late_orders(door: Door, visitor: Visitor) -> Card | None:
    today = door.house.now().date()
    lines = [
        line
        for line in door.house.store.purchasing.lines(statuses=ON_ORDER)
        if line.expected_on is not None and line.expected_on < today and line.outstanding > 0
    ]
    mine = [line for line in lines if _is_mine(visitor, line)]
    if not mine:
        return None
    mine.sort(key=lambda line: (line.expected_on or today, line.po_no), reverse=True)
    rows = tuple(_late_row(door, line, today) for line in mine[:MOST_ROWS])
    orders = len({line.po_no for line in mine})
    words = f"{orders} purchase {'order is' if orders == 1 else 'orders are'} late."
    table = Table(("Order", "Supplier", "Product", "Still to come", "Due"), rows)
    return Card("Late from suppliers", words, orders, table, "what's on order?")


def _is_mine(visitor: Visitor, line: PurchaseLine) -> bool:
    allowed = visitor.user.locations
    return allowed is None or line.location in allowed


def _late_row(door: Door, line: PurchaseLine, today: date) -> tuple[str, ...]:
    catalogue = door.house.store.catalogue()
    supplier, product = catalogue.supplier(line.supplier), catalogue.products.get(line.sku)
    due = day(line.expected_on, today) if line.expected_on else "–"
    name = product_name(product) if product else line.sku
    amount = quantity(product, line.outstanding) if product else str(line.outstanding)
    return (line.po_no, supplier.name if supplier else line.supplier, name, amount, due)


def _to_approve(door: Door, visitor: Visitor) -> Card | None:
    if not door.house.may(visitor.user, Right.BUY.value):
        return None
    lines = door.house.store.purchasing.lines(statuses=("draft", "waiting", "pending"))
    names = sorted({line.po_no for line in lines if _is_mine(visitor, line)})
    if not names:
        return None
    rows = tuple((name,) for name in names[:MOST_ROWS])
    words = f"{len(names)} purchase {'order waits' if len(names) == 1 else 'orders wait'} for a yes."
    return Card("To approve", words, len(names), Table(("Order",), rows), f"where's {names[0]}?")


def _tiles(door: Door, visitor: Visitor, today: date) -> list[Tile]:
    places = visible_places(door, visitor.user)
    tiles = []
    for name, when in (("Sold today", today), ("Sold yesterday", today - timedelta(days=1))):
        totals = door.house.store.sales.totals(first=when, last=when, locations=places, by="all")
        revenue = sum((total.revenue for total in totals), Decimal(0))
        units = sum((total.net for total in totals), Decimal(0))
        tiles.append(Tile(name, revenue, units, _age(door, today)))
    return tiles


def _age(door: Door, today: date) -> str:
    covered = door.house.store.sales.coverage()
    if covered is None:
        return "No sales are in the books yet"
    last = covered[1]
    return "Sales lines up to today" if last >= today else f"Sales lines up to {day(last, today)}"


def _sales_chart(door: Door, visitor: Visitor, today: date) -> Chart | None:
    first = today - timedelta(days=CHART_DAYS - 1)
    places = visible_places(door, visitor.user)
    totals = door.house.store.sales.totals(first=first, last=today, locations=places, by="day")
    by_day = {total.key: float(total.revenue) for total in totals}
    if not by_day:
        return None
    days = [(first + timedelta(days=number)).isoformat() for number in range(CHART_DAYS)]
    currency = door.house.store.settings.get("currency", "GBP")
    values = tuple(by_day.get(one, 0.0) for one in days)
    return Chart("Sales of the last four weeks", "bar", tuple(days), (Series("revenue", values),), currency)
