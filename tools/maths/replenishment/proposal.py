"""A proposal: what to buy today of every supplier, and why; the joint order over single decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tools.maths.demand.laws import chances
from tools.maths.replenishment.items import Item
from tools.maths.replenishment.joint import JointOrder, joint_order
from tools.maths.replenishment.joint_lines import Limits, Line, Order, SupplierRule, reached
from tools.maths.replenishment.policy import YEAR, Decision, Policy, decide, figure
from tools.maths.replenishment.projection import runs_out
from tools.maths.replenishment.shortfall import each_kind

# What is bought early, to reach a minimum or a better price, should be used up in these days.
FORWARD_DAYS = 60.0
# The need is valued in these parts: the first units are wanted almost surely, the last are for rare weeks.
_PARTS = 4
_EVEN = 1e-9


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """One product to buy.

    Attributes:
        decision: What it follows from.
        quantity: What to buy.
        unit_cost: At that quantity, None where not known.
        limits: Rules that changed the quantity, in words.
    """

    decision: Decision
    quantity: float
    unit_cost: float | None
    limits: tuple[str, ...]

    @property
    def item(self) -> Item:
        """The product at its place."""
        return self.decision.item

    @property
    def why(self) -> str:
        """The inequality with its values, and the rules that changed the quantity."""
        return "; ".join((self.decision.why, *self.limits))

    @property
    def cost(self) -> float | None:
        """What it costs; None where the unit cost is not known."""
        return None if self.unit_cost is None else self.unit_cost * self.quantity

    @property
    def arrives_on(self) -> date:
        """When it should be here."""
        return self.decision.arrives_on

    @property
    def runs_out_on(self) -> date | None:
        """When stock runs out without it; None where it lasts a year."""
        return runs_out(self.item, self.decision.day)

    @property
    def risk(self) -> float:
        """The chance of running out before it is here."""
        return self.decision.risk


@dataclass(frozen=True)
class Proposal:
    """What to buy today.

    Attributes:
        day: The day.
        lines: What to buy; where most money is at risk first.
        uncovered: Products whose need is not or not all covered, with what is bought of them.
        status: "optimal", "gap 0.4 %" or "greedy".
        binding: The rules that bind the whole order, in words.
        joint: The plan with its costs and bound.
        decisions: What each product alone asks for, in the order of the items.
    """

    day: date
    lines: tuple[ProposedLine, ...]
    uncovered: tuple[ProposedLine, ...]
    status: str
    binding: tuple[str, ...]
    joint: JointOrder
    decisions: tuple[Decision, ...]

    @property
    def cost(self) -> float:
        """What all lines cost together; lines without a unit cost count as nothing."""
        return sum(line.cost or 0.0 for line in self.lines)


def propose(
    items: Sequence[Item],
    rules: Mapping[str, SupplierRule],
    *,
    today: date,
    policy: Policy | None = None,
    limits: Limits | None = None,
    solver_seconds: float = 2.0,
) -> Proposal:
    """What to buy today.

    Args:
        items: The products, each at a place; one line for each.
        rules: By supplier: minimum value and cost of an order.
        today: The day.
        policy: How the shop buys.
        limits: Budget and room that all lines share.
        solver_seconds: How long to look for something better than the greedy plan.
    """
    decisions = decide(items, policy or Policy(), today)
    lines = _lines(decisions, rules)
    order = Order(tuple(lines.values()), rules, limits or Limits())
    joint = joint_order(order, seconds=solver_seconds)
    chosen = {row: _proposed(decisions[row], line, joint) for row, line in lines.items()}
    bought = [line for line in chosen.values() if line.quantity > 0]
    short = [line for line in chosen.values() if line.quantity < line.decision.needed - _EVEN]
    return Proposal(
        today,
        tuple(sorted(bought, key=_urgency)),
        tuple(sorted(short, key=_urgency)),
        joint.status,
        (*_limit_words(order, joint), *_supplier_words(order, joint)),
        joint,
        tuple(decisions),
    )


def _urgency(line: ProposedLine) -> tuple[float, float, str, str]:
    return -(line.decision.money_at_risk or 0.0), -line.risk, line.item.sku, line.item.place


def _lines(decisions: Sequence[Decision], rules: Mapping[str, SupplierRule]) -> dict[int, Line]:
    """Lines with a need, and where a supplier's minimum is not reached those that can be bought early."""
    needed = [row for row, decision in enumerate(decisions) if decision.needed > 0]
    worth = _worth([decisions[row] for row in needed])
    found = {row: _line(row, decisions[row], parts) for row, parts in zip(needed, worth, strict=True)}
    by_supplier: dict[str, list[Line]] = defaultdict(list)
    for line in found.values():
        by_supplier[line.supplier].append(line)
    poor = {
        supplier
        for supplier, lines in by_supplier.items()
        if not reached(lines, rules.get(supplier, SupplierRule()).minimum_value)
    }
    for row, decision in enumerate(decisions):
        if row not in found and decision.item.supplier in poor and decision.item.unit_cost:
            line = _line(row, decision, ())
            if line.most >= line.least:
                found[row] = line
    return found


def _line(row: int, decision: Decision, worth: tuple[tuple[float, float], ...]) -> Line:
    item = decision.item
    need = min(decision.needed, decision.quantity)
    start = item.outlook.day_number(decision.day)
    end = start + item.lead.mean_days + decision.review_days
    room = decision.order_up_to - decision.position
    if item.stocked:
        room += item.outlook.mean(end, end + FORWARD_DAYS)
    if item.shelf_life_days is not None:
        life = start + item.lead.mean_days + item.shelf_life_days
        room = min(room, item.outlook.mean(start, life) - decision.position)
    cost = item.unit_cost or 0.0
    return Line(
        key=str(row),
        supplier=item.supplier,
        need=need,
        most=max(need, room, 0.0),
        unit_cost=cost,
        pack=item.pack_size if item.pack_size > 0 else 1.0,
        moq=item.moq,
        tiers=item.price_tiers,
        worth=worth,
        holding=cost * item.holding_rate * FORWARD_DAYS / 2 / YEAR,
        volume=item.volume_l,
        weight=item.weight_kg,
    )


def _worth(decisions: Sequence[Decision]) -> list[tuple[tuple[float, float], ...]]:
    """What each part of the needs is worth a unit: its margin times the chance that it is wanted.

    The margin is taken as at least what the service level says of it: at the level asked for, the last
    unit is worth what it costs to hold.
    """
    if not decisions:
        return []
    needs = np.array([min(one.needed, one.quantity) for one in decisions])
    bottom = np.array([one.order_up_to - one.needed for one in decisions])
    middles = bottom[:, None] + (np.arange(_PARTS) + 0.5) * needs[:, None] / _PARTS
    means = np.repeat([one.mean for one in decisions], _PARTS)
    variances = np.repeat([one.sd**2 for one in decisions], _PARTS)
    kinds = [one.item.outlook.kind for one in decisions for _ in range(_PARTS)]
    within = each_kind(kinds, chances, means, variances, middles.ravel()).reshape(-1, _PARTS)
    margins = np.array([_margin(one) for one in decisions])
    worth = (1.0 - within) * margins[:, None]
    return [
        tuple((float(need) / _PARTS, float(money)) for money in row)
        for need, row in zip(needs, worth, strict=True)
    ]


def _margin(decision: Decision) -> float:
    item, days = decision.item, decision.item.lead.mean_days + decision.review_days
    held = (item.unit_cost or 0.0) * item.holding_rate * days / YEAR
    return max(item.margin or 0.0, held * decision.level / (1 - decision.level))


def _proposed(decision: Decision, line: Line, joint: JointOrder) -> ProposedLine:
    quantity = joint.quantities[line.key]
    unit_cost = None if decision.item.unit_cost is None else line.price(quantity)
    limits = [text for text in decision.limits if quantity == decision.quantity or "shelf" in text]
    if quantity < line.need - _EVEN:
        limits.append(f"{figure(line.full)} cut to {figure(quantity)}")
    if 0 < line.full < quantity and unit_cost is not None and unit_cost < line.price(line.full) - _EVEN:
        before = f"{figure(line.full)} at {line.price(line.full):.2f}"
        limits.append(f"{figure(quantity)} at {unit_cost:.2f} instead of {before}")
    elif line.full < quantity:
        limits.append(f"{figure(quantity - line.full)} early, for the supplier's minimum")
    return ProposedLine(decision, quantity, unit_cost, tuple(limits))


def _limit_words(order: Order, joint: JointOrder) -> list[str]:
    if not joint.limited:
        return []
    names = ("budget", "volume limit of litres", "weight limit of kilograms")
    cut = sum(1 for line in order.lines if joint.quantities[line.key] < line.need - _EVEN)
    return [
        f"{name} {figure(most)}: {figure(used)} used, {cut} needs not or not all covered"
        for name, used, most in zip(names, order.taken(joint.quantities), order.most, strict=True)
        if used > 0.9 * most
    ]


def _supplier_words(order: Order, joint: JointOrder) -> list[str]:
    found = []
    for supplier, lines in order.by_supplier().items():
        minimum = order.rule(supplier).minimum_value
        value = sum(line.purchase(joint.quantities[line.key]) for line in lines)
        needs = sum(line.purchase(line.full) for line in lines)
        rule = f"{supplier}'s minimum of {figure(minimum)}: needs come to {figure(needs)}"
        if 0 < needs < minimum:
            found.append(f"{rule}, {'topped up' if value > 0 else 'it waits'}")
        elif value <= 0 < needs:
            found.append(f"nothing of {supplier}, for want of money or room")
    return found
