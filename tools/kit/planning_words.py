"""How plans are said: the inequality behind a number, its inputs, and the rows of data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.planning import Plans
from tools.kit.planning_leads import Awaited
from tools.kit.proposals import exact
from tools.kit.purchases import supplier_name
from tools.kit.reply import Source
from tools.kit.words import day, facts, near_day, number, pennies, plural, quantity
from tools.maths.replenishment import Decision, ProposedLine, Transfer, newsvendor_level, runs_out
from tools.store import Product

MOST_ROWS = 50
MOST_OVERDUE = 2
STALE_DAYS = 21


def cents(value: float | None) -> Decimal | None:
    """Money that was reckoned with floats, to the penny."""
    return None if value is None else pennies(Decimal(str(value)))


def short(value: float) -> float:
    """A figure that is an estimate anyway: one decimal."""
    return round(value, 1)


def product_of(ask: Ask, sku: str) -> Product:
    """The product behind a SKU that a plan was made of."""
    return ask.catalogue.products[sku]


def decision_row(ask: Ask, decision: Decision) -> dict[str, Any]:
    """The figures of one decision for ``data``, under their standard names."""
    item = decision.item
    coming = sum(one.quantity for one in item.on_order)
    row = facts(
        sku=item.sku,
        name=product_of(ask, item.sku).name,
        supplier=item.supplier or None,
        location=item.place or None,
        on_hand=exact(item.on_hand),
        reserved=exact(item.reserved),
        available=exact(item.available),
        on_order=exact(coming),
        position=exact(decision.position),
        reorder_point=exact(decision.reorder_point),
        order_up_to=exact(decision.order_up_to),
        safety_stock=short(decision.reorder_point - decision.mean),
        demand=short(decision.mean),
        demand_sd=short(decision.sd),
        lead_time=short(item.lead.mean_days),
        lead_time_sd=short(item.lead.sd_days),
        lead_time_observations=item.lead.observations,
        review_days=short(decision.review_days),
        service_level=decision.level,
        risk=round(decision.risk, 3),
        needed=short(decision.needed),
        why=decision.why,
    )
    if ask.may(Right.SEE_COSTS):
        level = newsvendor_level(item, decision.review_days)
        row.update(
            facts(unit_cost=item.unit_cost, newsvendor_level=None if level is None else round(level, 3))
        )
    return row


def line_row(ask: Ask, line: ProposedLine) -> dict[str, Any]:
    """One proposed line for ``data``."""
    row = decision_row(ask, line.decision)
    row.update(
        facts(
            quantity=exact(line.quantity),
            arrives_on=line.arrives_on,
            runs_out_on=line.runs_out_on,
            why=line.why,
        )
    )
    if ask.may(Right.SEE_COSTS):
        row.update(facts(unit_cost=line.unit_cost, cost=cents(line.cost)))
    return row


def amount_words(ask: Ask, sku: str, value: float) -> str:
    """An amount of a product in its unit."""
    return quantity(product_of(ask, sku), exact(value))


def runs_out_words(decision: Decision, today: date) -> str:
    """When it runs out without an order: "runs out Thu 19 Mar", "is out"; "" where it lasts long."""
    if decision.item.available <= 0:
        return "is out"
    when = runs_out(decision.item, decision.day, days=60)
    return "" if when is None else f"runs out {near_day(when, today)}"


def plan_sources(ask: Ask, known: Plans, decisions: Sequence[Decision]) -> tuple[Source, ...]:
    """What the numbers rest on: each inequality with its values, the forecast, the lead times."""
    rows = [_why_row(ask, known, one) for one in decisions[:MOST_ROWS]]
    return (
        Source(f"Policy, {plural(len(decisions), 'product')}: {policy_words(known)}", rows=tuple(rows)),
        Source(demand_words(ask, known), as_of=str(known.cut_off or "")),
        Source("Lead times, from receipts and suppliers' own words", rows=_lead_rows(ask, known, decisions)),
    )


def policy_words(known: Plans) -> str:
    """The rule in words."""
    levels = " / ".join(f"{level:.0%}" for level in known.policy.service)
    return (
        "order when what can be sold plus what comes in time is at or under the reorder point, that is what "
        f"may be wanted until the delivery after the next look ({known.policy.review_days:g} days), at "
        f"{levels} for A / B / C products"
    )


def demand_words(ask: Ask, known: Plans) -> str:
    """What the demand stands on."""
    rough = len(known.demand.rough)
    run = next(iter(known.demand.stored.values()), None)
    parts = []
    if run is not None:
        parts.append(f"Forecast run {run.run_id} ({run.version}), sales up to {day(run.cut_off, ask.today)}")
    if rough:
        parts.append(f"{plural(rough, 'product')} without a forecast yet: mean of the last 28 days (rough)")
    return "; ".join(parts) or "No demand is known"


def rough_words(ask: Ask, known: Plans) -> str:
    """A plain word where the figures stand on little; "" where they are sound."""
    if known.demand.stored and known.cut_off and (ask.today - known.cut_off).days > STALE_DAYS:
        return f"The forecast knows sales up to {day(known.cut_off, ask.today)} only."
    if not known.demand.rough:
        return ""
    if not known.demand.stored:
        return "This is rough: no forecast yet, so I take the mean of the last 28 days."
    many = plural(len(known.demand.rough), "product")
    return f"{many} have no forecast yet: there I take the mean of the last 28 days."


def overdue_words(ask: Ask, overdue: Sequence[Awaited]) -> str:
    """That orders are overdue, and when they are counted upon; "" where none is."""
    by_order = {one.line.po_no: one for one in overdue}
    said = [overdue_order(ask, one) for one in list(by_order.values())[:MOST_OVERDUE]]
    rest = len(by_order) - len(said)
    more = [f"{plural(rest, 'more order')} {'is' if rest == 1 else 'are'} late, too"] if rest > 0 else []
    return f"{'; '.join([*said, *more])}." if said else ""


def overdue_order(ask: Ask, one: Awaited) -> str:
    """One overdue order: how late it is, and from what it is told when it comes."""
    when = near_day(one.on(ask.today), ask.today)
    name = supplier_name(ask, one.line.supplier)
    basis = (
        f"by {plural(one.like, 'late order')} of {name}" if one.like else f"no order of {name} was late yet"
    )
    return f"{one.line.po_no} is {plural(one.late, 'day')} late: I count on it {when} ({basis})"


def move_words(ask: Ask, move: Transfer) -> str:
    """A transfer: "6 × Red Mug from Warehouse to High Street"."""
    name, product = ask.catalogue.location_name, product_of(ask, move.sku)
    value = quantity(product, exact(move.quantity))
    return f"{value} × {product.name} from {name(move.source)} to {name(move.destination)}"


def move_row(move: Transfer) -> dict[str, Any]:
    """A transfer for ``data``."""
    return {
        "sku": move.sku,
        "source": move.source,
        "destination": move.destination,
        "quantity": number(exact(move.quantity)),
        "why": move.why,
    }


def _why_row(ask: Ask, known: Plans, decision: Decision) -> str:
    name = product_of(ask, decision.item.sku).name
    return f"{name}: {decision.why}; {known.demand.words(decision.item.sku)}"


def _lead_rows(ask: Ask, known: Plans, decisions: Sequence[Decision]) -> tuple[str, ...]:
    found = {overdue_order(ask, one): True for one in known.overdue}
    for one in decisions:
        supplier = ask.catalogue.supplier(one.item.supplier)
        found[f"{supplier.name if supplier else 'no supplier'}: {one.item.lead.words}"] = True
    return tuple(found)[:MOST_ROWS]
