"""The form "Count stock": a product, a place, a quantity; what is wrong is said at the field."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from connectors.chat.message import House
from connectors.chat.slack.blocks import Json, section
from connectors.chat.slack.desk import HOW, text_at
from connectors.chat.slack.text import escape, shortened
from tools.kit import Ask, Button, Call
from tools.store import Catalogue, Product, User

COUNT = "count_stock"
PRODUCT, PLACE, QUANTITY = "product", "place", "quantity"
MOST_OPTIONS, MOST_OPTION, MOST_VALUE = 100, 75, 150
MOST_COUNTED = Decimal(10_000_000)
NUMBER: Json = {"type": "number_input", "is_decimal_allowed": True, "min_value": "0"}
WHICH_PRODUCT = "Choose a product from the list."
WHICH_PLACE = "Choose one of your places."
HOW_MANY = "A number is needed, such as 12 or 1.5."


@dataclass(frozen=True, slots=True)
class Counted:
    """A filled form, as a request that can be stored."""

    button: Button
    position: int


def count_form(house: House, ask: Ask) -> Json:
    """The form, for somebody known; it remembers how the books stood when it was opened."""
    places = [_option(code, ask.catalogue.location_name(code)) for code in ask.places[:MOST_OPTIONS]]
    return {
        **_modal("Count stock"),
        "submit": _plain("Write down"),
        "callback_id": COUNT,
        "private_metadata": json.dumps({"position": house.store.stock.position()}),
        "blocks": [
            _input(PRODUCT, "Product", {"type": "external_select", "min_query_length": 0}),
            _input(PLACE, "Place", {"type": "static_select", "options": places, **_only(places)}),
            _input(
                QUANTITY, "Counted", {"type": "number_input", "is_decimal_allowed": True, "min_value": "0"}
            ),
        ],
    }


def stranger_form() -> Json:
    """What somebody sees whom no code made known."""
    return {**_modal("Who are you?"), "blocks": [section(escape(HOW))]}


def no_place_form() -> Json:
    """What somebody sees who has no place to count at."""
    return {**_modal("Count stock"), "blocks": [section("There is no place yet that you can count at.")]}


def options(house: House, typed: str) -> list[Json]:
    """Products to choose from, best match first."""
    catalogue = house.store.catalogue()
    found = house.search(typed, MOST_OPTIONS) if typed.strip() else sorted(catalogue.products)[:MOST_OPTIONS]
    known = [catalogue.products[sku] for sku in found if sku in catalogue.products]
    return [_option(one.sku, _named(one)) for one in known if len(one.sku) <= MOST_VALUE]


def filled(house: House, person: User, view: Json) -> Counted | dict[str, str]:
    """What a sent form asks for, else what is wrong by field."""
    catalogue = house.store.catalogue()
    sku = text_at(view, "state", "values", PRODUCT, PRODUCT, "selected_option", "value")
    place = text_at(view, "state", "values", PLACE, PLACE, "selected_option", "value")
    typed = text_at(view, "state", "values", QUANTITY, QUANTITY, "value")
    number = _number(typed)
    product = catalogue.products.get(sku)
    wrong = {
        PRODUCT: "" if product else WHICH_PRODUCT,
        PLACE: "" if place in _places(catalogue, person) else WHICH_PLACE,
        QUANTITY: "" if number is not None else HOW_MANY,
    }
    if any(wrong.values()) or product is None or number is None:
        return {field: words for field, words in wrong.items() if words}
    slots = {"products": [sku], "quantity": float(number), "location": place, "unit": product.unit}
    label = f"Count {_named(product)}: {number.normalize():f}"
    return Counted(Button(label, Call("stock.count", slots)), _position(view))


def _number(typed: str) -> Decimal | None:
    try:
        number = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        return None
    good = number.is_finite() and 0 <= number <= MOST_COUNTED and number == round(number, 3)
    return number if good else None


def _position(view: Json) -> int:
    try:
        kept: Any = json.loads(text_at(view, "private_metadata") or "{}")
    except ValueError:
        return 0
    position = kept.get("position") if isinstance(kept, dict) else 0
    return position if isinstance(position, int) else 0


def _places(catalogue: Catalogue, person: User) -> Sequence[str]:
    codes = [place.code for place in catalogue.locations]
    return [code for code in codes if person.locations is None or code in person.locations]


def _named(product: Product) -> str:
    return f"{product.name} ({product.sku})"


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def _option(value: str, label: str) -> Json:
    return {"text": _plain(shortened(label, MOST_OPTION) or value), "value": value}


def _only(places: Sequence[Json]) -> Json:
    return {"initial_option": places[0]} if len(places) == 1 else {}


def _modal(title: str) -> Json:
    return {"type": "modal", "title": _plain(title), "close": _plain("Close")}


def _input(name: str, label: str, element: Json) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": _plain(label),
        "element": {**element, "action_id": name},
    }
