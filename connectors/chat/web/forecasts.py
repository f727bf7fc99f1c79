"""What will sell: every product's forecast with its range, how good it was, and people's own figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from connectors.chat.web.auth import FormVisitor, TheVisitor, Visitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.files import keep_chart
from connectors.chat.web.models import speakable
from connectors.chat.web.pages import page
from connectors.chat.web.shelves import Wanted, ask_of, page_of, wanted_skus
from tools.kit import Ask, Chart, Refused, Reply, Right, all_tools
from tools.kit.foretalk import rounded
from tools.kit.hindsight import judged
from tools.kit.holdings import Scope, scope_of
from tools.kit.outlook import Foreseen, expected, foreseen, outlook_of
from tools.kit.scorecard import scorecard
from tools.kit.slots import Period
from tools.store import Actor, Product
from tools.store.forecasts import ASKED
from tools.store.planning_facts import ForecastOverride, ForecastRun

router = APIRouter(include_in_schema=False)
DAY = timedelta(days=1)
AHEAD = 91
Words = Annotated[str, Field(max_length=200)]
MOST = Decimal(10) ** 9


class Asked(BaseModel):
    """What the list's address says."""

    search: Words = ""
    page: int = Field(default=1, ge=1, le=1_000_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One product of the list; figures are None where there is no forecast."""

    product: Product
    mean: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    kind: str = ""
    weeks: int = 0
    note: str = ""


@router.get("/forecast", response_class=HTMLResponse)
def forecast_page(
    request: Request, door: TheDoor, visitor: TheVisitor, asked: Annotated[Asked, Query()]
) -> Response:
    """The next seven days of each product, and the scorecard."""
    need(door, visitor, Right.SEE_SALES)
    ask = ask_of(door, visitor.user)
    search = speakable(asked.search).strip()
    skus = wanted_skus(door, Wanted(search))
    shown, pages = page_of(skus, asked.page)
    scope = scope_of(ask, None)
    rows = () if isinstance(scope, Refused) else _rows(ask, shown, scope)
    latest = ask.store.forecasts.latest()
    whole = ask.user.locations is None
    return page(
        request,
        "forecast.html",
        visitor,
        latest=latest,
        running=_running(ask),
        card=scorecard(ask) if latest is not None and whole else None,
        sees_costs=ask.may(Right.SEE_COSTS),
        manages=ask.may(Right.MANAGE),
        rows=rows,
        search=search,
        total=len(skus),
        number=min(asked.page, pages),
        pages=pages,
        products=ask.catalogue.products,
    )


def _running(ask: Ask) -> ForecastRun | None:
    newest = next(iter(ask.store.forecasts.runs(1)), None)
    return newest if newest is not None and newest.state == "running" else None


def _rows(ask: Ask, skus: Sequence[str], scope: Scope) -> list[Row]:
    products = [ask.catalogue.products[sku] for sku in skus]
    found = foreseen(ask, products, scope)
    week = Period(ask.today, ask.today + 6 * DAY)
    return [_row(product, found.get(product.sku), week) for product in products]


def _row(product: Product, found: Foreseen | None, week: Period) -> Row:
    if found is None:
        return Row(product)
    figures = expected([found.between(week)])
    mean, low, high = (
        Decimal(str(rounded(product, value))) for value in (figures.mean, figures.low, figures.high)
    )
    stored = found.stored
    return Row(product, mean, low, high, stored.demand_class, stored.periods, stored.note)


@router.post("/forecast/again", response_class=HTMLResponse)
def again(door: TheDoor, visitor: FormVisitor) -> Response:
    """Ask for a new forecast; it is begun within moments, in the background."""
    need(door, visitor, Right.MANAGE)
    actor = Actor(visitor.user.name, "web", visitor.user.id)
    now = door.house.now()
    latest = next(iter(door.house.store.forecasts.runs(1)), None)
    door.house.store.settings.set(ASKED, f"after run {latest.id if latest else 0}", actor=actor, at=now)
    return RedirectResponse("/forecast", 303)


@router.post("/forecast/own/{number}/withdraw", response_class=HTMLResponse)
def withdraw(
    door: TheDoor, visitor: FormVisitor, number: int, sku: Annotated[str, Form(max_length=80)] = ""
) -> Response:
    """Go back to the model's figure."""
    need(door, visitor, Right.BUY)
    actor = Actor(visitor.user.name, "web", visitor.user.id)
    door.house.store.forecasts.withdraw(number, actor, door.house.now())
    return RedirectResponse(f"/forecast/{quote(sku)}", 303)


class Own(BaseModel):
    """A person's own figure, as the form has it."""

    quantity: str = Field(max_length=20)
    first: date
    last: date
    reason: str = Field(default="", max_length=300)


@router.post("/forecast/{sku:path}/own", response_class=HTMLResponse)
def keep_own(
    request: Request, door: TheDoor, visitor: FormVisitor, sku: str, own: Annotated[Own, Form()]
) -> Response:
    """Keep a person's figure for some days; the forecast goes by it from now on."""
    need(door, visitor, Right.BUY)
    ask = ask_of(door, visitor.user)
    product = _product(ask, sku)
    wrong = _wrong(ask, own)
    stored = ask.store.forecasts.of([sku])
    if wrong or not stored:
        return _product_page(request, door, visitor, product, wrong or "There is no forecast of it yet.")
    model = outlook_of(stored[0]).between(own.first, own.last).mean
    figure = ForecastOverride(
        0,
        sku,
        None,
        own.first,
        own.last,
        Decimal(own.quantity),
        Decimal(str(round(model, 3))),
        speakable(own.reason),
        ask.user.name,
        ask.now,
    )
    ask.store.forecasts.override(figure, Actor(ask.user.name, "web", ask.user.id))
    return RedirectResponse(f"/forecast/{quote(sku)}", 303)


def _wrong(ask: Ask, own: Own) -> str:
    """Why a figure cannot be kept, as a sentence; "" where it can."""
    try:
        quantity = Decimal(own.quantity)
    except InvalidOperation:
        return f"{own.quantity} is no number."
    if not quantity.is_finite() or not 0 <= quantity <= MOST:
        return f"{own.quantity} is no number of goods."
    if own.last < own.first:
        return "The last day is before the first."
    if own.last < ask.today:
        return "These days are over already."
    if (own.last - ask.today).days > AHEAD * 4:
        return "That is more than a year ahead."
    return ""


@router.get("/forecast/{sku:path}", response_class=HTMLResponse)
def product_page(request: Request, door: TheDoor, visitor: TheVisitor, sku: str) -> Response:
    """One product: what sold, what is expected, what becomes of the stock, and people's figures."""
    need(door, visitor, Right.SEE_SALES)
    return _product_page(request, door, visitor, _product(ask_of(door, visitor.user), sku))


def _product(ask: Ask, sku: str) -> Product:
    product = ask.catalogue.products.get(sku)
    if product is None:
        raise HTTPException(404, "There is no such product.")
    return product


def _product_page(
    request: Request, door: Door, visitor: Visitor, product: Product, wrong: str = ""
) -> HTMLResponse:
    ask = ask_of(door, visitor.user)
    ahead = Period(ask.today, ask.today + (AHEAD - 1) * DAY).to_json()
    week = Period(ask.today, ask.today + 6 * DAY).to_json()
    about = {"products": [product.sku]}
    demand = _told(ask, "forecast.demand", {**about, "period": week})
    further = _told(ask, "forecast.demand", {**about, "period": ahead})
    stock = _told(ask, "forecast.stockout", about)
    accuracy = _told(ask, "forecast.accuracy", about)
    replies = [reply for reply in (demand, stock, accuracy) if reply is not None]
    return page(
        request,
        "forecast_product.html",
        visitor,
        status=422 if wrong else 200,
        product=product,
        replies=replies,
        charts=_charts(door, visitor, [one for one in (further, stock) if one is not None]),
        own=ask.store.forecasts.overrides([product.sku], first=ask.today, last=ask.today + 400 * DAY),
        past=judged(ask, [product.sku]),
        may_say=ask.may(Right.BUY) and isinstance(demand, Reply),
        wrong=wrong,
        monday=ask.today + timedelta(days=7 - ask.today.weekday()),
        sunday=ask.today + timedelta(days=13 - ask.today.weekday()),
    )


def _told(ask: Ask, intent: str, slots: Mapping[str, Any]) -> Reply | None:
    """A tool's own answer, so that the page and the chat cannot disagree; a refusal is told as one."""
    tool = all_tools()[intent]
    if not tool.built or not ask.may(tool.right):
        return None
    result = tool.call(ask, slots)
    if isinstance(result, Reply):
        return result
    return Reply(result.reason) if isinstance(result, Refused) else None


def _charts(door: Door, visitor: Visitor, replies: Sequence[Reply]) -> list[tuple[Chart, str]]:
    charts = [block for reply in replies for block in reply.blocks if isinstance(block, Chart)]
    return [
        (chart, keep_chart(door, chart, user=visitor.user, event_id=f"forecast:{hash(chart)}", number=number))
        for number, chart in enumerate(charts)
    ]
