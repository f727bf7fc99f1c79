"""What a supplier answered to an order, read from a person's words, and how it differs from the order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.purchases import (
    due_words,
    line_amount,
    line_name,
    now_standing,
    order_facts,
    packed,
    retold,
    seen_orders,
    state,
    supplier_name,
)
from tools.kit.reply import Plan, Refused, Reply, listed
from tools.kit.words import facts, money, near_day, number, summed
from tools.store import Applied, PurchaseLine
from tools.store.buying_changes import ConfirmOrder, OrderLine
from tools.store.planning_facts import PurchaseOrder

_LITTLE = frozenset({"of", "the", "a", "an", "and", "in", "on", "with", "for", "to", "no", "all", "pack"})
AS_READ = "The supplier's answer, as I read it:"
TO_CONFIRM = ("approved", "ordered", "sent", "confirmed", "in_transit")
_TOLD = re.compile(r"\b(confirmed|confirms|acknowledged|acknowledges|promised|promises)\b", re.IGNORECASE)
_ASKED = re.compile(
    r"^\W*(has|have|had|did|do|does|is|was|are|were|when|what|which|who|why|how|if|can|could|will|whether)\b"
    r"|\?\s*$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"(?P<new>\d+(?:[.,]\d+)?)\s*(?:x|×)?\s*(?P<what>[^\d,.;]{0,60}?)\s*(?:instead of|rather than|not)\s*"
    r"(?P<old>\d+(?:[.,]\d+)?)?",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\bonly\s+(?P<new>\d+(?:[.,]\d+)?)\b(?P<what>[^\d,.;]{0,60})", re.IGNORECASE)
_COST = re.compile(r"\bat\s*[£$€]?\s*(?P<cost>\d+\.\d{1,4})\b(?:\s*each)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """The supplier's word: perhaps another day, perhaps other quantities or costs (SKU -> value)."""

    day: date | None = None
    quantities: tuple[tuple[str, Decimal], ...] = ()
    costs: tuple[tuple[str, Decimal], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For a button."""
        return {
            "day": self.day.isoformat() if self.day else "",
            "quantities": {sku: str(value) for sku, value in self.quantities},
            "costs": {sku: str(value) for sku, value in self.costs},
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> SupplierAnswer:
        """The inverse of :meth:`to_json`."""
        day = str(raw.get("day") or "")
        return cls(
            date.fromisoformat(day) if day else None,
            tuple((sku, Decimal(value)) for sku, value in dict(raw.get("quantities") or {}).items()),
            tuple((sku, Decimal(value)) for sku, value in dict(raw.get("costs") or {}).items()),
        )


def is_answer(text: str) -> bool:
    """Whether somebody tells (and does not ask) that the supplier confirmed."""
    return bool(_TOLD.search(text)) and not _ASKED.search(text)


def told_plan(ask: Ask, po: str | None, supplier: str | None) -> Plan | None:
    """What to note where a message tells a supplier's answer to the one order that can be meant."""
    if not is_answer(ask.text) or not ask.may(Right.BUY):
        return None
    orders = seen_orders(ask, TO_CONFIRM, supplier)
    said = set(re.findall(r"\d+", ask.text))
    named = [order for order in orders if order.po_no == po or order.po_no.rpartition("-")[2] in said]
    meant = named or ([] if po else orders)
    plan = confirm_plan(ask, meant[0], read_answer(ask, meant[0])) if len(meant) == 1 else None
    return replace(plan, doubts=(AS_READ,)) if isinstance(plan, Plan) else None


def read_answer(ask: Ask, order: PurchaseOrder) -> SupplierAnswer:
    """What the words tell about this order."""
    text = ask.text
    span = ask.days_in(text)
    line, quantity = _changed_quantity(ask, order, text)
    priced = _COST.search(text)
    target = line or (order.lines[0] if len(order.lines) == 1 else None)
    return SupplierAnswer(
        span.last if span else None,
        ((line.sku, quantity),) if line and quantity is not None else (),
        ((target.sku, Decimal(priced["cost"])),) if priced and target else (),
    )


def _changed_quantity(
    ask: Ask, order: PurchaseOrder, text: str
) -> tuple[PurchaseLine | None, Decimal | None]:
    found = _INSTEAD.search(text) or _ONLY.search(text)
    if not found:
        return None, None
    new = Decimal(found["new"].replace(",", "."))
    old = found.groupdict().get("old")
    line = line_meant(ask, order.lines, found["what"] or text, Decimal(old) if old else None)
    return line, new


def line_meant(
    ask: Ask, lines: Sequence[PurchaseLine], words: str, ordered: Decimal | None = None
) -> PurchaseLine | None:
    """The line that words mean: by its product's name, by what was ordered, or the only one."""
    if len(lines) == 1:
        return lines[0]
    said = set(re.findall(r"[a-z0-9]+", words.lower())) - _LITTLE
    said |= {word[:-1] for word in said if word.endswith("s")}
    hits = [(_likeness(said & _name_words(ask, line)), line) for line in lines]
    best = max((score for score, _ in hits), default=(0, 0))
    named = [line for score, line in hits if score == best] if best[0] else []
    if len(named) == 1:
        return named[0]
    fitting = [line for line in named or lines if ordered is not None and line.quantity == ordered]
    return fitting[0] if len(fitting) == 1 else None


def _likeness(shared: set[str]) -> tuple[int, int]:
    """How well a name fits: by its words, then by its figures ("4" alone names nothing)."""
    told = sum(1 for word in shared if not word.isdigit())
    return told, len(shared) - told


def _name_words(ask: Ask, line: PurchaseLine) -> set[str]:
    product = ask.catalogue.products.get(line.sku)
    names = " ".join([product.name, *product.aliases]) if product else line.sku
    words = set(re.findall(r"[a-z0-9]+", names.lower()))
    return words | {word[:-1] for word in words if word.endswith("s")} | {line.sku.lower()}


def confirm_change(order: PurchaseOrder, answer: SupplierAnswer) -> ConfirmOrder:
    """The change of the books that an answer stands for."""
    quantities, costs = dict(answer.quantities), dict(answer.costs)
    lines = tuple(
        OrderLine(line.sku, quantities.get(line.sku, line.quantity), line.location, costs.get(line.sku))
        for line in order.lines
        if line.sku in quantities or line.sku in costs
    )
    return ConfirmOrder(order.po_no, answer.day, lines)


def difference_words(ask: Ask, order: PurchaseOrder, answer: SupplierAnswer) -> str:
    """What is not as ordered, before -> after; "as ordered" where all is."""
    lines = {line.sku: line for line in order.lines}
    parts = []
    if answer.day and answer.day != order.expected_on:
        before = f"{near_day(order.expected_on, ask.today)} → " if order.expected_on else ""
        parts.append(f"arrival {before}{near_day(answer.day, ask.today)}")
    for sku, value in answer.quantities:
        line = lines[sku]
        if value != line.quantity:
            was, now = line_amount(ask, line, line.quantity), line_amount(ask, line, value)
            parts.append(f"{line_name(ask, line)} {was} → {now}")
    if ask.may(Right.SEE_COSTS):
        parts += [_cost_words(ask, lines[sku], value) for sku, value in answer.costs]
    return listed(parts) or "as ordered"


def _cost_words(ask: Ask, line: PurchaseLine, cost: Decimal) -> str:
    currency = ask.catalogue.currency
    before = f"{money(line.unit_cost, currency)} → " if line.unit_cost is not None else ""
    return f"{line_name(ask, line)} {before}{money(cost, currency)} each"


def confirm_plan(ask: Ask, order: PurchaseOrder, answer: SupplierAnswer) -> Plan | Refused:
    """Note what the supplier answered; refused where the order is in no state for it."""
    if order.status not in TO_CONFIRM:
        return Refused(f"{order.po_no} {state(order)}, so there is nothing to confirm.")
    name, change = supplier_name(ask, order.supplier), difference_words(ask, order, answer)
    late = _later(ask, order, answer)

    def tell(applied: Applied) -> Reply:
        now = now_standing(ask, order)
        text = f"{order.po_no} is confirmed by {name}: {change}{due_words(ask, now)}.{late}"
        return retold(ask, applied, text, now, before=_before(order), after=_before(now))

    return Plan(
        summary=f"Note that {name} confirmed {order.po_no}: {change}.{late}",
        change=confirm_change(order, answer),
        tell=tell,
        slots={"po": order.po_no, "detail": packed(do="confirm", po=order.po_no, **answer.to_json())},
        value=_dearer(order, answer),
        data={**order_facts(ask, order), "confirmed": answer.to_json()},
    )


def _before(order: PurchaseOrder) -> dict[str, Any]:
    quantities = {line.sku: number(line.quantity) for line in order.lines}
    return facts(expected_on=order.expected_on, quantities=quantities)


def _later(ask: Ask, order: PurchaseOrder, answer: SupplierAnswer) -> str:
    """That it comes after the day that it was wanted for; "" where it does not."""
    wanted = order.expected_on
    if wanted is None or answer.day is None or answer.day <= wanted:
        return ""
    return f" That is after {near_day(wanted, ask.today)}, when it was wanted."


def _dearer(order: PurchaseOrder, answer: SupplierAnswer) -> Decimal:
    """The money that the answer adds to what was approved."""
    quantities, costs = dict(answer.quantities), dict(answer.costs)
    after = summed(
        quantities.get(line.sku, line.quantity) * costs.get(line.sku, line.unit_cost or Decimal(0))
        for line in order.lines
    )
    return max(after - order.value, Decimal(0))
