"""An order to a supplier: it becomes a draft, or goes onto the supplier's open draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from tools.kit import (
    Ask,
    Detail,
    Missing,
    Option,
    Period,
    Place,
    Plan,
    Products,
    Quantity,
    Refused,
    Result,
    Right,
    Span,
    SupplierCode,
    Unclear,
    Unit,
    listed,
    tool,
    words,
)
from tools.kit.answers import SupplierAnswer, confirm_plan, told_plan
from tools.kit.choose import not_positive, the_product
from tools.kit.drafts import drafts_plan
from tools.kit.holdings import scope_of
from tools.kit.planning import Plans, plans
from tools.kit.planning_pictures import stock_picture
from tools.kit.plans import Said, full_slots, said_amount, unusual_size
from tools.kit.proposals import delivery_places, draft_of, drafted, exact
from tools.kit.purchases import find_order, supplier_name, unpacked
from tools.maths.replenishment import Decision
from tools.store import Product
from tools.store.buying_changes import OrderLine

# More than so many usual days of sales is asked about.
USUAL_DAYS_BOUGHT = 180
MOST_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be ordered: ``wanted`` as it was said (base unit), ``quantity`` as it can be bought."""

    product: Product
    wanted: Decimal
    quantity: Decimal
    supplier: str
    place: str | None
    cost: Decimal | None
    said: Said | None
    decision: Decision
    expected_on: date


@tool(
    right=Right.BUY,
    writes=True,
)
def create(  # noqa: PLR0913 - the contract's slots
    ask: Ask,
    products: Products,
    quantity: Quantity | None = None,
    unit: Unit | None = None,
    supplier: SupplierCode | None = None,
    location: Place | None = None,
    period: Span | None = None,
    detail: Detail | None = None,
) -> Result:
    """Order goods from a supplier."""
    answered = _answered(ask, products, supplier, detail)
    if answered is not None:
        return answered
    product = the_product(ask, products)
    if isinstance(product, Unclear | Refused):
        return product
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    seller = _seller(ask, product, supplier)
    if isinstance(seller, Unclear | Refused):
        return seller
    known = plans(ask.store, (product,), ask.today)
    amount = _amount(product, quantity, unit, known.decisions[0])
    if isinstance(amount, Missing | Refused):
        return amount
    return _plan(ask, _order(ask, known, (product, seller, location), amount, period), period)


def _answered(
    ask: Ask, products: tuple[str, ...], supplier: str | None, detail: str | None
) -> Plan | Refused | None:
    """A supplier's answer that sounds like an order ("Acme confirmed 8 mugs for Friday")."""
    wanted = unpacked(detail)
    plan: Plan | Refused | None = told_plan(ask, None, supplier)
    if wanted.get("do") == "confirm":
        order = find_order(ask, str(wanted.get("po")))
        if isinstance(order, Refused):
            return order
        plan = confirm_plan(ask, order, SupplierAnswer.from_json(wanted))
    if isinstance(plan, Plan):
        return replace(plan, slots={"products": list(products), "detail": plan.slots["detail"]})
    return plan


def _seller(ask: Ask, product: Product, named: str | None) -> str | Unclear | Refused:
    """Whom it is bought from: the one named, else the product's own, else one to choose."""
    code = named or product.supplier
    if code is not None:
        known = ask.catalogue.supplier(code)
        return code if known else Refused(f"I know no supplier called {code}.")
    suppliers = ask.catalogue.suppliers[:MOST_OPTIONS]
    if not suppliers:
        return Refused("No suppliers are on the books yet. Import them first: suppliers.csv.")
    options = tuple(Option(each.name, {"supplier": each.code}) for each in suppliers)
    names = listed([option.label for option in options], "or")
    return Unclear("supplier", f"From whom is {product.name} bought: {names}?", options)


def _amount(
    product: Product, quantity: Decimal | None, unit: str | None, decision: Decision
) -> tuple[Decimal, Said | None] | Missing | Refused:
    """How much is wanted; without a word the policy's own quantity, where it asks for any."""
    if quantity is None:
        if decision.quantity > 0:
            return exact(decision.quantity), None
        return Missing("quantity", f"How many? {product.name} needs none by the policy: {decision.why}.")
    said = said_amount(product, quantity, unit)
    if isinstance(said, Refused):
        return said
    return not_positive(quantity) or (said.base, said)


def _order(
    ask: Ask,
    known: Plans,
    what: tuple[Product, str, str | None],
    amount: tuple[Decimal, Said | None],
    period: Period | None,
) -> _Order:
    product, seller, location = what
    wanted, said = amount
    decision = known.decisions[0]
    item = known.items[0]
    quantity = exact(item.rounded_up(float(wanted))) if seller == product.supplier else wanted
    places = delivery_places(ask.store, location)
    place = places.get(product.sku, places.get(""))
    cost = None if item.unit_cost is None else Decimal(str(round(item.unit_cost, 4)))
    lead = known.leads.of_supplier(seller, _stated(ask, seller)) if seller != product.supplier else item.lead
    soonest = ask.today + timedelta(days=ceil(lead.mean_days))
    wished = period.last if period is not None else soonest
    return _Order(product, wanted, quantity, seller, place, cost, said, decision, max(soonest, wished))


def _stated(ask: Ask, supplier: str) -> float | None:
    found = ask.catalogue.supplier(supplier)
    return found.lead_time_days if found else None


def _plan(ask: Ask, order: _Order, period: Period | None) -> Plan:
    line = OrderLine(order.product.sku, order.quantity, order.place, order.cost)
    step = drafted(ask.store, order.supplier, (line,), order.expected_on, note="asked for in chat")
    said = order.said
    slots = full_slots(
        products=(order.product.sku,),
        quantity=said.said if said else order.wanted,
        unit=said.unit if said else None,
        supplier=order.supplier,
        location=order.place,
        period=period,
    )
    told = words.sentences(
        _rounding(order),
        _unasked(order),
        _too_late(ask, order, period),
        _already(order),
        _onto_draft(ask, order),
        _other_supplier(ask, order),
    )
    plan = drafts_plan(ask, (step,), slots, goods=words.quantity_of(order.product, order.quantity), said=told)
    picture = stock_picture(ask, order.decision.item, float(order.quantity))
    return replace(plan, doubts=_doubts(ask, order), blocks=picture)


def _rounding(order: _Order) -> str:
    """What packs and the least quantity made of the amount, before -> after; "" where it stays."""
    if order.quantity == order.wanted:
        return ""
    product = order.product
    before, now = words.quantity(product, order.wanted), words.quantity(product, order.quantity)
    least = product.moq is not None and product.moq > order.wanted
    pack = f"packs of {words.amount(product.pack_size)}" if product.pack_size else ""
    rule = f"the least quantity is {words.amount(product.moq)}" if least and product.moq else pack
    return f"{before} → {now} of {product.name}: {rule}."


def _unasked(order: _Order) -> str:
    """Where the amount comes from if nobody said one."""
    if order.said is not None:
        return ""
    return f"You named no quantity, so this is what the policy asks for: {order.decision.why}."


def _too_late(ask: Ask, order: _Order, period: Period | None) -> str:
    if period is None or order.expected_on <= period.last:
        return ""
    lead = order.decision.item.lead
    name = supplier_name(ask, order.supplier)
    when, wished = words.day(order.expected_on, ask.today), words.day(period.last, ask.today)
    return f"{name} takes about {lead.mean_days:.0f} days, so it comes about {when}, after {wished}."


def _already(order: _Order) -> str:
    """What is on order of it already."""
    coming = sum(one.quantity for one in order.decision.item.on_order)
    if coming <= 0:
        return ""
    amount = words.quantity(order.product, exact(coming))
    return f"{amount} of it {'is' if coming == 1 else 'are'} on order or drafted already."


def _onto_draft(ask: Ask, order: _Order) -> str:
    found = draft_of(ask.store, order.supplier)
    return f"It goes onto the open draft {found.po_no}." if found else ""


def _other_supplier(ask: Ask, order: _Order) -> str:
    usual = order.product.supplier
    if usual is None or usual == order.supplier:
        return ""
    cost = " at its usual cost" if order.cost is not None else ""
    return f"{order.product.name} usually comes from {supplier_name(ask, usual)}; this is reckoned{cost}."


def _doubts(ask: Ask, order: _Order) -> tuple[str, ...]:
    doubts = [unusual_size(ask, order.said, USUAL_DAYS_BOUGHT)] if order.said else []
    found = draft_of(ask.store, order.supplier)
    same = [line for line in found.lines if line.sku == order.product.sku] if found else []
    if same and found:
        there = words.quantity_of(order.product, words.summed(line.quantity for line in same))
        doubts.append(f"{there} is on the draft {found.po_no} already; this comes on top.")
    return tuple(doubt for doubt in doubts if doubt)
