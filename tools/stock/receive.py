"""Goods came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tools.kit import (
    Ask,
    Day,
    Lot,
    Place,
    Plan,
    Products,
    Quantity,
    Refused,
    Result,
    Right,
    SupplierCode,
    Unclear,
    Unit,
    listed,
    tool,
    words,
)
from tools.kit.choose import Chosen, not_positive, the_place, the_product
from tools.kit.holdings import Holding, Scope, coming, holdings, scope_of
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
from tools.store import Applied, Product, Receive

# A delivery for longer than this at the usual pace is asked about.
USUAL_DAYS_BOUGHT = 120


@dataclass(frozen=True, slots=True)
class _Delivery:
    said: Said
    place: Chosen
    supplier: str | None
    lot: str
    expiry: date | None


@tool(
    right=Right.MOVE_STOCK,
    writes=True,
)
def receive(  # noqa: PLR0913 - the delivery note has that many fields
    ask: Ask,
    products: Products,
    quantity: Quantity,
    unit: Unit | None = None,
    location: Place | None = None,
    supplier: SupplierCode | None = None,
    lot: Lot | None = None,
    expiry: Day | None = None,
) -> Result:
    """Book in goods that came from a supplier."""
    product = the_product(ask, products)
    if isinstance(product, Unclear | Refused):
        return product
    said = said_amount(product, quantity, unit)
    if isinstance(said, Refused):
        return said
    wrong = not_positive(quantity) or _unknown_supplier(ask, supplier)
    if wrong:
        return wrong
    place = the_place(ask, product, location, leaves=False)
    if not isinstance(place, Chosen):
        return place
    return _plan(ask, _Delivery(said, place, supplier, lot or "", expiry))


def _plan(ask: Ask, delivery: _Delivery) -> Plan:
    said, place = delivery.said, delivery.place
    product = said.product
    held = holdings(ask, (product,), scope_of(ask, None))[0]
    before = held.at(place.location)
    what = f"{said.words}{_origin(ask, delivery)} at {ask.catalogue.location_name(place.location)}"
    ordered = _still_ordered(ask, product)
    figures = {**said.figures, "location": place.location, "quantity": said.base}

    def tell(applied: Applied) -> str:
        effect = effect_at(applied, product.sku, place.location)
        start = f"Done: booked in {what}: {before_after(product, effect)}."
        return words.sentences(start, _undated(delivery), ordered)

    steps = f"{words.quantity(product, before)} → {words.quantity(product, before + said.base)}"
    return Plan(
        summary=f"Book in {what}: {steps}.{assumption(ask, place)}",
        change=Receive(
            product.sku, place.location, said.base, delivery.supplier, delivery.lot, delivery.expiry
        ),
        tell=done(ask, tell, **figures, on_order=held.on_order, expires_on=delivery.expiry, lot=delivery.lot),
        slots=_slots(delivery),
        value=at_stake(product, said.base),
        doubts=_doubts(ask, delivery, held),
        data=words.facts(**figures, before=before, after=before + said.base, expires_on=delivery.expiry),
    )


def _slots(delivery: _Delivery) -> dict[str, object]:
    return dict(
        full_slots(
            products=(delivery.said.product.sku,),
            quantity=delivery.said.said,
            unit=delivery.said.unit,
            location=delivery.place.location,
            supplier=delivery.supplier,
            lot=delivery.lot,
            expiry=delivery.expiry,
        ),
    )


def _origin(ask: Ask, delivery: _Delivery) -> str:
    found = ask.catalogue.supplier(delivery.supplier)
    parts = [f"lot {delivery.lot}"] if delivery.lot else []
    if delivery.expiry:
        parts.append(f"use by {words.day(delivery.expiry, ask.today)}")
    origin = f" from {found.name}" if found else ""
    return f"{origin} ({', '.join(parts)})" if parts else origin


def _undated(delivery: _Delivery) -> str:
    if delivery.expiry or not delivery.said.product.shelf_life_days:
        return ""
    return "No use-by date was given, so I can't warn you before it goes off."


def _still_ordered(ask: Ask, product: Product) -> str:
    """That an order for it is still open: this delivery is not booked against it."""
    lines = coming(ask, (product,), Scope(ask.places, whole=ask.user.locations is None))
    if not lines:
        return ""
    total = words.summed(line.outstanding for line in lines)
    orders = listed(sorted({line.po_no for line in lines}))
    amount = words.quantity(product, total)
    return f"{amount} {is_are(product, total)} still open on {orders}: this is not booked against an order."


def _unknown_supplier(ask: Ask, supplier: str | None) -> Refused | None:
    if supplier is None or ask.catalogue.supplier(supplier):
        return None
    names = listed(sorted(each.name for each in ask.catalogue.suppliers)) or "none yet"
    return Refused(f"I know no supplier called {supplier}. There are: {names}.")


def _doubts(ask: Ask, delivery: _Delivery, held: Holding) -> tuple[str, ...]:
    product, base = delivery.said.product, delivery.said.base
    doubts = [unusual_size(ask, delivery.said, USUAL_DAYS_BOUGHT)]
    if not doubts[0] and base > SMALL * 10 and base > held.on_hand * 10 > Decimal(0):
        there = words.quantity(product, held.on_hand)
        doubts.append(f"{words.quantity(product, base)} is more than ten times what there is ({there}).")
    if base > SMALL * 10 and held.on_hand <= 0 and not at_stake(product, base):
        doubts.append(
            f"{words.quantity(product, base)} is a lot of a thing that has no stock, cost or price."
        )
    if delivery.supplier and product.supplier and delivery.supplier != product.supplier:
        usual = ask.catalogue.supplier(product.supplier)
        doubts.append(f"{product.name} usually comes from {usual.name if usual else product.supplier}.")
    if delivery.expiry and delivery.expiry < ask.today:
        doubts.append(f"The use-by date {words.day(delivery.expiry, ask.today)} is already past.")
    return tuple(doubt for doubt in doubts if doubt)
