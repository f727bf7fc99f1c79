"""Sentences about stock that several answers share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tools.kit.holdings import Holding
from tools.kit.reply import listed
from tools.kit.words import (
    MEASURES,
    PIECES,
    UNCOUNTED,
    amount,
    near_day,
    plural,
    quantity,
    quantity_of,
    sentences,
    summed,
)
from tools.store import Catalogue, Product, PurchaseLine


def is_are(product: Product, value: object) -> str:
    """The verb after an amount: "1 is", "2 are", "2.8 kg is"."""
    return "is" if product.unit in MEASURES or value == 1 else "are"


def where_words(catalogue: Catalogue, held: Holding) -> str:
    """What each place has: "High Street shop 12, Warehouse 18"."""
    return ", ".join(
        f"{catalogue.location_name(level.location)} {quantity(held.product, level.on_hand)}"
        for level in held.placed
        if level.on_hand
    )


def promise_words(held: Holding) -> str:
    """What is not for sale of it and what is left: "2 are promised, so 40 can be sold."; "" where all is."""
    product = held.product
    parts = [
        f"{quantity(product, value)} {is_are(product, value)} {what}"
        for value, what in ((held.reserved, "promised"), (held.unusable, "past the date or held back"))
        if value
    ]
    if not parts or held.on_hand < 0:
        return ""
    if held.available < 0:
        short = quantity(product, -held.available)
        return f"{listed(parts)}: {short} more than there {is_are(product, held.on_hand)}."
    rest = quantity(product, held.available) if held.available else "none"
    return f"{listed(parts)}, so {rest} can be sold."


def order_words(held: Holding) -> str:
    """What is on order, as the start of a sentence: "24 more are on order"; "" where nothing is."""
    if not held.on_order:
        return ""
    more = " more" if held.on_hand > 0 else ""
    return f"{quantity(held.product, held.on_order)}{more} {is_are(held.product, held.on_order)} on order"


def due_words(held: Holding, lines: Sequence[PurchaseLine], today: date) -> str:
    """What suppliers still bring: "24 more are on order, due Mon 23 Mar (PO-1042)."; "" where nothing is."""
    start = order_words(held)
    mine = [line for line in lines if line.sku == held.product.sku]
    if not start or not mine:
        return f"{start}." if start else ""
    first = mine[0]
    part = "" if len(mine) == 1 else f"the first {quantity(held.product, first.outstanding)} "
    if first.expected_on is None:
        return f"{start} ({first.po_no}), no day given."
    late = "due since" if first.expected_on < today else "due"
    return f"{start}, {part}{late} {near_day(first.expected_on, today)} ({first.po_no})."


def low_words(held: Holding) -> str:
    """That the product is at its reorder point, or ""."""
    point = held.product.reorder_point
    if point is None or held.available + held.on_order > point:
        return ""
    under = "under" if held.available + held.on_order < point else "at"
    return f"That is {under} the reorder point of {quantity(held.product, point)}."


def together(held: Sequence[Holding]) -> Holding:
    """Several products of one unit as if they were one."""
    return Holding(held[0].product, tuple(level for each in held for level in each.levels))


def same_unit(held: Sequence[Holding]) -> bool:
    """Whether these amounts may be added up."""
    return len({each.product.unit for each in held}) == 1


def total_words(held: Sequence[Holding], name: str) -> str:
    """The sum with what it is a sum of: "42 red mugs", "109 pieces of cheese", "2 kg and 12 packs of fruit".

    Amounts of different units stand beside each other, never added up.
    """
    by_unit: dict[str, list[Holding]] = {}
    for each in held:
        by_unit.setdefault("" if each.product.unit in PIECES else each.product.unit, []).append(each)
    if name and list(by_unit) == [""] and not is_stuff(name):
        return f"{amount(summed(each.on_hand for each in held))} {name}"
    total = listed([_unit_total(unit, group) for unit, group in by_unit.items()])
    return f"{total} of {name}" if name else total


def is_stuff(name: str) -> bool:
    """Whether a name is of stuff that is not counted ("cheese", "green tea")."""
    return (name.split() or [""])[-1] in UNCOUNTED


def _unit_total(unit: str, held: Sequence[Holding]) -> str:
    total = summed(each.on_hand for each in held)
    return quantity(held[0].product, total) if unit else plural(total, "piece")


def amounts_words(held: Sequence[Holding], catalogue: Catalogue, *, places: bool) -> str:
    """Each product with its amount and places: "30 × Red Mug 350ml (...) and 12 × Red Mug 500ml (...)"."""
    parts = []
    for each in held:
        where = where_words(catalogue, each) if places else ""
        parts.append(quantity_of(each.product, each.on_hand) + (f" ({where})" if where else ""))
    return listed(parts)


def nothing_words(held: Sequence[Holding], at: str) -> str:
    """Which products are out: "No Red Mug 500ml and no Red Mug 350ml at High Street shop."; "" for none."""
    if not held:
        return ""
    return sentences(f"No {listed([each.product.name for each in held], 'or')}{at or ' in stock'}.")
