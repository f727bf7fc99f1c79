"""Which products, which place: from what was said and what the books hold.

A question may be about many things, a change is about exactly one product at one place;
what is not said is only assumed where there is no other way to read it, and the assumption is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tools.kit.ask import Ask
from tools.kit.holdings import Holding, holdings, scope_of
from tools.kit.reply import Option, Refused, Unclear, listed
from tools.kit.words import amount, group_name, plural, quantity, quantity_of
from tools.store import Product

MOST_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class Chosen:
    """A place for a change; ``assumed`` says why it was taken where nobody named it."""

    location: str
    assumed: str = ""


def known_products(ask: Ask, skus: Sequence[str]) -> tuple[Product, ...]:
    """The products behind these SKUs, in this order; what left the catalogue is left out."""
    return tuple(product for sku in skus if (product := ask.catalogue.products.get(sku)) is not None)


def category_skus(ask: Ask, category: str) -> tuple[str, ...] | Refused:
    """All SKUs of a category, whatever the case of its name."""
    for name, skus in ask.catalogue.categories.items():
        if name.lower() == category.lower():
            return tuple(skus)
    names = listed(sorted(ask.catalogue.categories))
    return Refused(f"There is no category called {category}. There are: {names}.")


def chosen_products(
    ask: Ask,
    products: Sequence[str] | None,
    category: str | None,
    supplier: str | None = None,
) -> tuple[Product, ...] | Refused:
    """The products that a question is about; all of them where none were named."""
    skus: Sequence[str] | Refused = tuple(ask.catalogue.products)
    if products:
        skus = products
    elif category:
        skus = category_skus(ask, category)
    if isinstance(skus, Refused):
        return skus
    found = known_products(ask, skus)
    if supplier is not None:
        found = tuple(product for product in found if product.supplier == supplier)
    return found or Refused(_nothing_chosen(ask, supplier))


def the_product(ask: Ask, products: Sequence[str]) -> Product | Unclear | Refused:
    """The one product that a change is about; several are asked about, with what each place holds."""
    found = known_products(ask, products)
    if not found:
        return Refused("I don't find that product in the catalogue.")
    if len(found) == 1:
        return found[0]
    shown = found[:MOST_OPTIONS]
    options = tuple(
        Option(f"{held.product.name} ({where_held(ask, held)})", {"products": [held.product.sku]})
        for held in holdings(ask, shown, scope_of(ask, None))
    )
    name = group_name(found) or plural(len(found), "product")
    names = listed([product.name for product in shown], "or")
    rest = len(found) - len(shown)
    more = f" There are {amount(rest)} more: say the full name for another." if rest else ""
    return Unclear("products", f"Which of the {name}: {names}?{more}", options)


def where_held(ask: Ask, held: Holding) -> str:
    """What each place has of it: "High Street shop 12, Warehouse 18"."""
    parts = [
        f"{ask.catalogue.location_name(level.location)} {quantity(held.product, level.on_hand)}"
        for level in held.placed
        if level.on_hand
    ]
    return ", ".join(parts) or "none in stock"


def the_place(
    ask: Ask,
    product: Product,
    named: str | None,
    *,
    leaves: bool,
    counted: bool = False,
    slot: str = "location",
) -> Chosen | Unclear | Refused:
    """The place of a change: the one named, the person's only one, else the only one that can be meant.

    ``leaves`` is true where stock falls: then only a place that holds it can be meant.
    ``counted`` prefers such a place, but nothing has to be there.
    """
    if named is not None:
        return _named_place(ask, named)
    if len(ask.places) == 1:
        return Chosen(ask.places[0])
    if not ask.places:
        return Refused("You have no place of the shop that you may change.")
    held = holdings(ask, (product,), scope_of(ask, None))[0]
    holding = [level.location for level in held.placed if level.on_hand > 0 and level.location]
    if (leaves or counted) and len(holding) == 1:
        return Chosen(holding[0], "the only place that has any")
    if leaves and not holding and not below_zero_allowed(ask):
        return Refused(f"There is no {product.name} in stock{_seen(ask)}, so none can leave.")
    return _which_place(ask, held, holding if leaves and holding else list(ask.places), slot)


def shortage(
    ask: Ask, product: Product, location: str, wanted: Decimal, *, only_good: bool = True
) -> Refused | None:
    """Why ``wanted`` cannot leave the place; None where it can (or the shop lets stock go below zero).

    ``only_good``: what is past its date or held back may not leave (it may be written off).
    """
    held = holdings(ask, (product,), scope_of(ask, None))[0]
    bad = held.unusable_at(location) if only_good else Decimal(0)
    here = held.at(location) - bad
    if here >= wanted or below_zero_allowed(ask):
        return None
    there = f"Only {quantity_of(product, here)}" if here > 0 else f"No {product.name}"
    place, other = ask.catalogue.location_name(location), _elsewhere(ask, held, location)
    old = f" ({quantity(product, bad)} past the date or held back)" if bad else ""
    return Refused(f"{there} at {place}{old}, not {quantity(product, wanted)}{other}.")


def _elsewhere(ask: Ask, held: Holding, location: str) -> str:
    others = [
        f"{ask.catalogue.location_name(level.location)} has {quantity(held.product, level.on_hand)}"
        for level in held.placed
        if level.location != location and level.on_hand > 0
    ]
    return f"; {listed(others)}" if others else ""


def below_zero_allowed(ask: Ask) -> bool:
    """Whether the shop's policy lets stock fall below zero."""
    return str(ask.store.settings.get("allow_negative", "0")) == "1"


def not_positive(quantity_said: Decimal) -> Refused | None:
    """Refuse an amount of nothing or less."""
    if quantity_said > 0:
        return None
    return Refused(f"The quantity has to be more than 0, not {amount(quantity_said)}.")


def _named_place(ask: Ask, named: str) -> Chosen | Refused:
    scope = scope_of(ask, named)
    return scope if isinstance(scope, Refused) else Chosen(named)


def _which_place(ask: Ask, held: Holding, codes: Sequence[str], slot: str) -> Unclear:
    options = tuple(
        Option(f"{ask.catalogue.location_name(code)} ({quantity(held.product, held.at(code))})", {slot: code})
        for code in codes[:MOST_OPTIONS]
    )
    names = [ask.catalogue.location_name(code) for code in codes[:MOST_OPTIONS]]
    return Unclear(slot, f"{held.product.name}: at which place, {listed(names, 'or')}?", options)


def _seen(ask: Ask) -> str:
    return "" if ask.user.locations is None else " at the places that you see"


def _nothing_chosen(ask: Ask, supplier: str | None) -> str:
    if supplier is None:
        return "I don't find that product in the catalogue."
    found = ask.catalogue.supplier(supplier)
    return f"No product has {found.name if found else supplier} as its supplier."
