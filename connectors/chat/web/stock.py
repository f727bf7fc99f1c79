"""The stock list and the page of one product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import dropwhile
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from connectors.chat.web.auth import TheVisitor, Visitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.models import speakable
from connectors.chat.web.pages import page
from connectors.chat.web.shelves import (
    Wanted,
    held_at,
    levels_of,
    page_of,
    standings,
    totals_of,
    visible_places,
    wanted_skus,
)
from tools.kit import Chart, Period, Right, Series
from tools.store import Level, Movement, Product

router = APIRouter(include_in_schema=False)
SORTS = ("name", "sku", "category", "price")
MOST_MOVES = 50
CHART_DAYS = 90
FEWEST_DAYS = 2
Words = Annotated[str, Field(max_length=200)]


class Asked(BaseModel):
    """What the list's address says."""

    search: Words = ""
    category: Words = ""
    location: Words = ""
    low: Words = ""
    sort: Words = ""
    page: int = Field(default=1, ge=1, le=1_000_000)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to, and how it is ordered."""

    search: str
    category: str
    location: str
    low: bool
    sort: str
    falling: bool

    def address(self, **changed: object) -> str:
        """The list's address with some of it changed."""
        values: dict[str, object] = {
            "search": self.search,
            "category": self.category,
            "location": self.location,
            "low": "on" if self.low else "",
            "sort": ("-" if self.falling else "") + self.sort,
        } | changed
        if values["sort"] == "name":
            values["sort"] = ""
        return "/stock?" + urlencode({key: value for key, value in values.items() if value})

    def turned(self, sort: str) -> str:
        """The address of the list ordered by a column, the other way round where it is already."""
        falling = sort == self.sort and not self.falling
        return self.address(sort=f"-{sort}" if falling else sort, page="")


@dataclass(frozen=True, slots=True)
class Row:
    """One product of the list."""

    product: Product
    level: Level
    state: str


@dataclass(frozen=True, slots=True)
class Step:
    """One stock move as the page tells it."""

    move: Movement
    sign: str
    way: str
    undone: bool


@router.get("/stock", response_class=HTMLResponse)
def stock_page(
    request: Request, door: TheDoor, visitor: TheVisitor, asked: Annotated[Asked, Query()]
) -> Response:
    """Products with what is there of them, fifty at a time."""
    need(door, visitor, Right.SEE_STOCK)
    filters = _filters(asked)
    skus = _chosen(door, visitor, filters)
    number = asked.page
    shown, pages = page_of(skus, number)
    catalogue = door.house.store.catalogue()
    places = visible_places(door, visitor.user)
    return page(
        request,
        "stock.html",
        visitor,
        filters=filters,
        rows=_rows(door, visitor, shown, filters),
        total=len(skus),
        number=min(number, pages),
        pages=pages,
        categories=sorted(catalogue.categories, key=str.casefold),
        places=[place for place in catalogue.locations if places is None or place.code in places],
        whole=len(catalogue.products),
    )


def _filters(asked: Asked) -> Filters:
    column = asked.sort.removeprefix("-")
    known = column if column in SORTS else "name"
    words = speakable(asked.search).strip()
    return Filters(words, asked.category, asked.location, bool(asked.low), known, asked.sort.startswith("-"))


def _chosen(door: Door, visitor: Visitor, filters: Filters) -> Sequence[str]:
    skus = wanted_skus(door, Wanted(filters.search, filters.category, filters.sort, filters.falling))
    places = visible_places(door, visitor.user, filters.location)
    if filters.low:
        low = standings(door, visitor.user, filters.location)
        skus = [sku for sku in skus if sku in low]
    if filters.location:
        held = held_at(door, places or ())
        skus = [sku for sku in skus if sku in held]
    return skus


def _rows(door: Door, visitor: Visitor, skus: Sequence[str], filters: Filters) -> list[Row]:
    products = door.house.store.catalogue().products
    totals = totals_of(door, skus, visible_places(door, visitor.user, filters.location))
    pressing = standings(door, visitor.user, filters.location, skus)
    return [Row(products[sku], totals[sku], pressing.get(sku, "")) for sku in skus]


@router.get("/stock/{sku:path}", response_class=HTMLResponse)
def product_page(request: Request, door: TheDoor, visitor: TheVisitor, sku: str) -> Response:
    """Everything about one product: where it is, its lots, how it sold, what happened to it."""
    need(door, visitor, Right.SEE_STOCK)
    product = door.house.store.catalogue().products.get(sku)
    if product is None:
        raise HTTPException(404, "There is no such product.")
    places = visible_places(door, visitor.user)
    today = door.house.now().date()
    return page(
        request,
        "product.html",
        visitor,
        product=product,
        total=totals_of(door, (sku,), places)[sku],
        state=standings(door, visitor.user, skus=(sku,)).get(sku, ""),
        levels=levels_of(door, (sku,), places).get(sku, []),
        lots=[
            lot
            for lot in door.house.store.stock.lots((sku,), locations=places, today=today)
            if lot.lot or lot.expires_on
        ],
        charts=_charts(door, visitor, product, today),
        steps=_steps(door, sku, places),
        catalogue=door.house.store.catalogue(),
        sees_costs=door.house.may(visitor.user, Right.SEE_COSTS.value),
        questions=_questions(door, visitor, product),
    )


def _questions(door: Door, visitor: Visitor, product: Product) -> list[str]:
    name = product.name
    asked = [f"what happened to {name} this month?", f"who supplies {name}?"]
    if door.house.may(visitor.user, Right.SEE_SALES.value):
        asked.insert(0, f"how many {name} did we sell last week?")
    if door.house.may(visitor.user, Right.MOVE_STOCK.value):
        asked.append(f"I counted … {name}")
    return asked


def _charts(door: Door, visitor: Visitor, product: Product, today: date) -> list[Chart]:
    window = Period(today - timedelta(days=CHART_DAYS - 1), today)
    places = visible_places(door, visitor.user)
    drawn = [_stock_chart(door, product, window, places)]
    if door.house.may(visitor.user, Right.SEE_SALES.value):
        drawn.insert(0, _sales_chart(door, product, window, places))
    return [chart for chart in drawn if chart is not None]


def _sales_chart(
    door: Door, product: Product, window: Period, places: tuple[str, ...] | None
) -> Chart | None:
    covered = door.house.store.sales.coverage()
    if covered is None or covered[1] < window.first:
        return None
    first = max(window.first, covered[0])
    totals = door.house.store.sales.totals(
        first=first, last=window.last, skus=(product.sku,), locations=places, by="day"
    )
    sold = {total.key: float(total.net) for total in totals}
    labels = [
        (first + timedelta(days=number)).isoformat() for number in range((window.last - first).days + 1)
    ]
    series = Series("sold", tuple(sold.get(label, 0.0) for label in labels))
    return Chart("Sold each day", "bar", tuple(labels), (series,), _unit(product))


def _stock_chart(
    door: Door, product: Product, window: Period, places: tuple[str, ...] | None
) -> Chart | None:
    """From the first day with stock on: before that the books say nothing."""
    held = door.house.store.stock.daily(
        (product.sku,), locations=places, first=window.first, last=window.last
    )
    known = list(dropwhile(lambda one: not one[1], held))
    if len(known) < FEWEST_DAYS:
        return None
    series = Series("on hand", tuple(float(quantity) for _day, quantity in known))
    labels = tuple(one.isoformat() for one, _quantity in known)
    return Chart("On hand at the end of each day", "line", labels, (series,), _unit(product))


def _unit(product: Product) -> str:
    return "" if product.unit == "each" else product.unit


def _steps(door: Door, sku: str, places: tuple[str, ...] | None) -> list[Step]:
    moves = door.house.store.stock.movements((sku,), locations=places, limit=MOST_MOVES)
    reversed_ones = {move.reverses for move in moves if move.reverses is not None}
    return [_step(door, move, undone=move.seq in reversed_ones) for move in moves]


def _step(door: Door, move: Movement, *, undone: bool) -> Step:
    name = door.house.store.catalogue().location_name
    gone, came = move.source, move.destination
    if gone.startswith("@"):
        return Step(move, "+", f"into {name(came)} from {gone[1:]}", undone)
    if came.startswith("@"):
        return Step(move, "−", f"out of {name(gone)} to {came[1:]}", undone)
    return Step(move, "", f"{name(gone)} → {name(came)}", undone)
