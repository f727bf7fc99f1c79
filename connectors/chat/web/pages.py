"""What all pages share: templates, the frame around them, and how values are shown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from connectors.chat import routes_words, tiles
from connectors.chat.routes_layout import NARROW, WIDE, Layout, Leg, laid_out
from connectors.chat.web.auth import Visitor, form_token
from connectors.chat.web.door import Door, door_of
from tools.kit import Right, RouteMap, Table
from tools.kit.words import amount, money, quantity

HERE = Path(__file__).parent
FIGURE = re.compile(r"[−+-]?[£$€₹]?\d[\d,]*(\.\d+)?( ?(%|kg|g|l|ml|packs?|cases?))?")
JSON_PATHS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/files/")


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation; what is needed less often stands under "More"."""

    address: str
    name: str
    icon: str
    right: Right
    more: bool = False


ROOMS = (
    Room("/", "Chat", "chat", Right.TALK),
    Room("/today", "Today", "today", Right.SEE_STOCK),
    Room("/needs", "Needs you", "needs", Right.SEE_STOCK),
    Room("/stock", "Stock", "stock", Right.SEE_STOCK),
    Room("/orders", "Orders", "orders", Right.SEE_STOCK),
    Room("/deliveries", "Deliveries", "deliveries", Right.SEE_STOCK),
    Room("/vehicles", "Vehicles", "deliveries", Right.DELIVER, more=True),
    Room("/forecast", "Forecast", "forecast", Right.SEE_SALES, more=True),
    Room("/said", "Customers' words", "chat", Right.SEE_SALES, more=True),
    Room("/learned", "Words", "words", Right.SEE_STOCK, more=True),
    Room("/import", "Data", "import", Right.MANAGE, more=True),
    Room("/people", "People", "people", Right.MANAGE, more=True),
)


@cache
def templates() -> Environment:
    """The page templates; everything that they show is escaped."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "amount": amount,
        "cell": cell,
        "money": money,
        "clock": clock,
        "day": day,
        "iso": lambda value: value.isoformat(),
        "chart_json": chart_json,
        "figure": figure,
        "quantity": lambda value, product: quantity(product, value),
        "number_columns": number_columns,
        "laid_out": _laid_out,
        "look": lambda route: "none" if route < 0 else routes_words.look(route),
        "map_tables": routes_words.tables,
        "map_words": routes_words.told,
        "points": _points,
        "route_words": routes_words.route_words,
        "stop_words": routes_words.stop_words,
        "tiles": lambda laid: list(tiles.tiles_under(laid)) if tiles.in_use() else (),
    }
    environment.globals["static"] = static
    environment.globals["map_credit"] = lambda: getattr(tiles.in_use(), "credit", "")
    return environment


@cache
def static(name: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep it."""
    content = (HERE / "static" / name).read_bytes()
    return f"/static/{name}?{sha256(content).hexdigest()[:10]}"


def render(name: str, values: Mapping[str, Any]) -> str:
    """One template as HTML."""
    return templates().get_template(name).render(**values)


def page(
    request: Request, name: str, visitor: Visitor | None, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A whole page for a visitor, with the navigation that the role allows."""
    return HTMLResponse(render(name, {**frame(request, visitor), **values}), status)


def frame(request: Request, visitor: Visitor | None) -> dict[str, Any]:
    """What every template may use."""
    door = door_of(request)
    return {
        "visitor": visitor,
        "rooms": _rooms(door, visitor),
        "path": request.url.path,
        "form_token": form_token(door, visitor),
        "shop_name": door.house.store.settings.get("shop_name", ""),
        "currency": door.house.store.settings.get("currency", "GBP"),
        "today": door.house.now().date(),
        "trusts_names": door.trusts_names,
    }


def _rooms(door: Door, visitor: Visitor | None) -> list[Room]:
    if visitor is None:
        return []
    return [room for room in ROOMS if door.house.may(visitor.user, room.right.value)]


def wants_page(request: Request) -> bool:
    """Whether a browser asked for something to look at (rather than a program for JSON)."""
    accepted = request.headers.get("accept", "*/*")
    return not request.url.path.startswith(JSON_PATHS) and ("html" in accepted or "*/*" in accepted)


def problem_page(
    request: Request, status: int, words: str, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A problem, said on a page; a part of a page where only a part was asked for."""
    name = "parts/problem.html" if "hx-request" in request.headers else "problem.html"
    values = {**frame(request, None), "words": words, "status": status}
    return HTMLResponse(render(name, values), status, dict(headers or {}))


def reads_as_number(value: Any) -> bool:
    """Whether a cell belongs to the right: a number, a quantity, an amount of money, a percentage."""
    return isinstance(value, Decimal | int | float) or (
        isinstance(value, str) and bool(FIGURE.fullmatch(value))
    )


def number_columns(table: Table) -> set[int]:
    """The columns that hold nothing but numbers, by their place."""
    found = set()
    for place in range(len(table.columns)):
        cells = [row[place] for row in table.rows if row[place] not in (None, "", "–")]
        if cells and all(reads_as_number(value) for value in cells):
            found.add(place)
    return found


def cell(value: Any) -> str:
    """One value of a table."""
    if value is None:
        return "–"
    if isinstance(value, Decimal):
        return amount(value)
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def clock(value: datetime) -> str:
    """A time of day."""
    return f"{value:%H:%M}"


def day(value: date) -> str:
    """A date in short: "Mon 16 Mar 2026"."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def chart_json(chart: Any) -> str:
    """What the script draws a chart from."""
    return json.dumps(
        {
            "kind": chart.kind,
            "labels": chart.labels,
            "unit": chart.unit,
            "series": [
                {"name": series.name, "values": series.values, "look": series.look} for series in chart.series
            ],
        }
    )


def figure(value: float | None) -> str:
    """A chart's value in its table."""
    return "–" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def _laid_out(shown: RouteMap, kind: str) -> Layout:
    """A map for a desk or for a phone."""
    return laid_out(shown, WIDE if kind == "wide" else NARROW)


def _points(leg: Leg) -> str:
    return " ".join(f"{x},{y}" for x, y in leg.points)
