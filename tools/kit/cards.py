"""The card of one product: what it is, what there is of it, and what can be done with it at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.codes import Scanned
from tools.kit.holdings import Holding, holdings, never_booked, scope_of, stock_source
from tools.kit.reply import Block, Button, Call, Reply, Table
from tools.kit.slots import slot_to_json
from tools.kit.stocktalk import low_words, order_words, promise_words, where_words
from tools.kit.tool import all_tools
from tools.kit.words import PIECES, day, facts, money, plural, quantity, sentences
from tools.store import Product

NOTHING_SCANNED = Scanned("")
_OFFERS = (
    ("Count", "stock.count"),
    ("Receive", "stock.receive"),
    ("Move", "stock.transfer"),
    ("Reorder", "reorder.create"),
)


def card(ask: Ask, product: Product, scanned: Scanned = NOTHING_SCANNED) -> Reply:
    """The product with its stock at each place that this person sees, and buttons for their role."""
    held = holdings(ask, (product,), scope_of(ask, None))[0]
    text = sentences(_what(ask, product), _stock(ask, held), _carried(ask, product, scanned))
    data = {"rows": [_row(ask, held)], "places": held.place_rows(), **_scan_data(scanned)}
    return Reply(
        text, data, _blocks(ask, held), _buttons(ask, product, scanned), (stock_source(ask, [held]),)
    )


def _what(ask: Ask, product: Product) -> str:
    each = "" if product.unit in PIECES else f" a {product.unit}"
    price = "" if product.price is None else f", {money(product.price, ask.catalogue.currency)}{each}"
    cost = ""
    if product.cost is not None and ask.may(Right.SEE_COSTS):
        cost = f", costs us {money(product.cost, ask.catalogue.currency)}"
    return f"{product.name} ({product.sku}){price}{cost}."


def _stock(ask: Ask, held: Holding) -> str:
    product = held.product
    if never_booked(ask, [product.sku]):
        return "It was never booked in or counted."
    coming = order_words(held)
    coming = f"{coming}." if coming else ""
    if held.on_hand < 0:
        short = f"The books stand at {quantity(product, held.on_hand)}: please count it."
        return sentences(short, coming)
    if not held.on_hand:
        return sentences("None in stock.", promise_words(held), coming)
    total = f"{quantity(product, held.on_hand)} in stock: {where_words(ask.catalogue, held)}."
    return sentences(total, promise_words(held), coming, low_words(held))


def _carried(ask: Ask, product: Product, scanned: Scanned) -> str:
    """What the code tells beyond the product."""
    parts = [f"lot {scanned.lot}"] if scanned.lot else []
    if scanned.expiry:
        past = " (past)" if scanned.expiry < ask.today else ""
        parts.append(f"use by {day(scanned.expiry, ask.today)}{past}")
    amount = _amount(product, scanned)
    if amount is not None:
        parts.append(plural(amount, "piece") if product.unit in PIECES else quantity(product, amount))
    outer = "It is the code of a case: say “2 cases” for two of them." if scanned.outer else ""
    return sentences(f"The code says {', '.join(parts)}." if parts else "", outer)


def _amount(product: Product, scanned: Scanned) -> Decimal | None:
    """How much the code says there is, in the unit in which the product is kept."""
    if product.unit == "kg":
        return scanned.kilograms
    return scanned.quantity if product.unit in PIECES and not scanned.outer else None


def _row(ask: Ask, held: Holding) -> dict[str, Any]:
    product = held.product
    cost = product.cost if ask.may(Right.SEE_COSTS) else None
    known = {"price": product.price, "unit_cost": cost, "barcode": product.barcode or None}
    return {**held.row(), **facts(**{name: value for name, value in known.items() if value is not None})}


def _scan_data(scanned: Scanned) -> dict[str, Any]:
    if not scanned.shown:
        return {}
    carried: dict[str, Any] = {
        "lot": scanned.lot or None,
        "expires_on": scanned.expiry,
        "outer": scanned.outer or None,
    }
    carried |= {"quantity": scanned.quantity, "kilograms": scanned.kilograms}
    known = {name: value for name, value in carried.items() if value is not None}
    return {"code": scanned.shown, **facts(**known)}


def _blocks(ask: Ask, held: Holding) -> tuple[Block, ...]:
    stocked = [level for level in held.placed if level.on_hand]
    if len(stocked) < 2:
        return ()
    rows = tuple((ask.catalogue.location_name(level.location), level.on_hand) for level in stocked)
    return (Table(("Place", "In stock"), rows),)


def _buttons(ask: Ask, product: Product, scanned: Scanned) -> tuple[Button, ...]:
    tools = all_tools()
    return tuple(
        Button(label, Call(intent, {"products": [product.sku], **_with(intent, product, scanned)}))
        for label, intent in _OFFERS
        if tools[intent].built and ask.may(tools[intent].right)
    )


def _with(intent: str, product: Product, scanned: Scanned) -> dict[str, Any]:
    """What the code tells of a delivery; a count or a move takes nothing from it."""
    if intent != "stock.receive":
        return {}
    told = {"lot": scanned.lot or None, "expiry": scanned.expiry, "quantity": _amount(product, scanned)}
    return {name: slot_to_json(value) for name, value in told.items() if value is not None}
