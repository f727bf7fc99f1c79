"""Stock rose or fell without being bought, sold or moved: broken, stolen, found."""

from __future__ import annotations

from tools.kit import (
    Ask,
    Place,
    Plan,
    Products,
    Quantity,
    Reason,
    Refused,
    Result,
    Right,
    Unclear,
    Unit,
    tool,
    words,
)
from tools.kit.choose import Chosen, shortage, the_place, the_product
from tools.kit.holdings import Holding, holdings, scope_of
from tools.kit.plans import (
    SMALL,
    Said,
    assumption,
    at_stake,
    before_after,
    done,
    effect_at,
    full_slots,
    said_amount,
    unusual_size,
)
from tools.kit.stocktalk import is_are
from tools.store import Adjust, Applied


@tool(
    right=Right.MOVE_STOCK,
    writes=True,
)
def adjust(
    ask: Ask,
    products: Products,
    quantity: Quantity,
    unit: Unit | None = None,
    location: Place | None = None,
    reason: Reason | None = None,
) -> Result:
    """Take stock off the books or put it on: broken, stolen, gone off, found."""
    if quantity == 0:
        return Refused("A change of 0 changes nothing: how many more or fewer are there?")
    product = the_product(ask, products)
    if isinstance(product, Unclear | Refused):
        return product
    said = said_amount(product, abs(quantity), unit)
    if isinstance(said, Refused):
        return said
    place = the_place(ask, product, location, leaves=quantity < 0)
    if not isinstance(place, Chosen):
        return place
    short = shortage(ask, product, place.location, said.base, only_good=False) if quantity < 0 else None
    return short or _plan(ask, said, place, falls=quantity < 0, reason=reason or "")


def _plan(ask: Ask, said: Said, place: Chosen, *, falls: bool, reason: str) -> Plan:
    product, change = said.product, -said.base if falls else said.base
    held = holdings(ask, (product,), scope_of(ask, None))[0]
    before = held.at(place.location)
    verb, past = ("take {} out", "took {} out") if falls else ("add {}", "added {}")
    where = f" at {ask.catalogue.location_name(place.location)}" + (f" ({reason})" if reason else "")
    figures = {**said.figures, "location": place.location, "quantity": change}

    def tell(applied: Applied) -> str:
        effect = effect_at(applied, product.sku, place.location)
        return f"Done: {past.format(said.words)}{where}: {before_after(product, effect)}."

    steps = f"{words.quantity(product, before)} → {words.quantity(product, before + change)}"
    return Plan(
        summary=f"{words.capital(verb.format(said.words))}{where}: {steps}.{assumption(ask, place)}",
        change=Adjust(product.sku, place.location, change, reason),
        tell=done(ask, tell, **figures),
        slots=full_slots(
            products=(product.sku,),
            quantity=-said.said if falls else said.said,
            unit=said.unit,
            location=place.location,
            reason=reason,
        ),
        value=at_stake(product, said.base),
        doubts=_doubts(ask, said, held, falls=falls),
        data=words.facts(**figures, before=before, after=before + change),
    )


def _doubts(ask: Ask, said: Said, held: Holding, *, falls: bool) -> tuple[str, ...]:
    doubts = [unusual_size(ask, said, 10) if falls else ""]
    if not falls and said.base >= SMALL and said.base > held.on_hand:
        there = words.quantity(said.product, held.on_hand)
        doubts.append(
            f"{words.quantity(said.product, said.base)} is more than everything there is ({there})."
        )
    if falls and held.reserved > held.on_hand - held.unusable - said.base:
        promised = words.quantity_of(said.product, held.reserved)
        doubts.append(f"{promised} {is_are(said.product, held.reserved)} promised to orders.")
    return tuple(doubt for doubt in doubts if doubt)
