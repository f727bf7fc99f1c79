"""How long deliveries take, learned from the receipts on the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from tools.maths.replenishment import Arrival, LeadTime, Receipt, learn, still_takes
from tools.store import Catalogue, Product, PurchaseLine, Store

HAVE_COME = ("partial", "received", "closed")


@dataclass(frozen=True, slots=True)
class Awaited:
    """Goods on order that are counted upon in ``days``.

    ``late`` is by how many days they are overdue, ``like`` how many late orders of the supplier tell when
    such goods come.
    """

    line: PurchaseLine
    days: float
    late: int = 0
    like: int = 0

    @property
    def arrival(self) -> Arrival:
        """The same for the maths."""
        return Arrival(self.days, float(self.line.outstanding))

    def on(self, today: date) -> date:
        """The day on which they are counted upon, a part of a day counted as one."""
        return today + timedelta(days=ceil(self.days))


@dataclass(frozen=True)
class LeadTimes:
    """Receipts by supplier and by product, oldest first, and what is learned of them."""

    catalogue: Catalogue
    by_supplier: Mapping[str, Sequence[Receipt]]
    by_product: Mapping[str, Sequence[Receipt]]
    _known: dict[tuple[str, float | None], LeadTime] = field(default_factory=dict)

    def of(self, product: Product) -> LeadTime:
        """The lead time of a product: of its supplier, unless it is stated to take its own time."""
        supplier = self.catalogue.supplier(product.supplier)
        usual = supplier.lead_time_days if supplier else None
        stated = product.lead_time_days if product.lead_time_days is not None else usual
        own = product.lead_time_days is not None and usual not in (None, product.lead_time_days)
        if own:
            return learn(self.by_product.get(product.sku, ()), stated)
        return self.of_supplier(product.supplier or "", stated)

    def awaited(self, line: PurchaseLine, today: date, lead_days: float) -> Awaited:
        """When what is open of a line is counted upon.

        On its day; without one a lead time after it was ordered (a draft: from today); where it is overdue
        when its supplier's late orders came.
        """
        if line.expected_on is None:
            return Awaited(line, (((line.ordered_at or today) - today).days) + lead_days)
        days = (line.expected_on - today).days
        if days >= 0:
            return Awaited(line, float(days))
        takes, like = still_takes(self.by_supplier.get(line.supplier, ()), float(-days))
        return Awaited(line, takes, -days, like)

    def of_supplier(self, code: str, stated: float | None) -> LeadTime:
        """The lead time of a supplier that states so many days."""
        key = (code, stated)
        if key not in self._known:
            self._known[key] = learn(self.by_supplier.get(code, ()) if code else (), stated)
        return self._known[key]


def lead_times(store: Store) -> LeadTimes:
    """What all receipts tell."""
    lines = store.purchasing.lines(statuses=HAVE_COME)
    by_order: dict[tuple[str, str], list[PurchaseLine]] = defaultdict(list)
    by_product: dict[str, list[tuple[date, Receipt]]] = defaultdict(list)
    for line in lines:
        if line.ordered_at is not None and line.received_at is not None and line.received_quantity > 0:
            by_order[line.supplier, line.po_no].append(line)
            by_product[line.sku].append((line.ordered_at, _receipt([line])))
    by_supplier: dict[str, list[tuple[date, Receipt]]] = defaultdict(list)
    for (supplier, _), same in by_order.items():
        by_supplier[supplier].append((same[0].ordered_at or date.min, _receipt(same)))
    return LeadTimes(store.catalogue(), _sorted(by_supplier), _sorted(by_product))


def _sorted(found: Mapping[str, list[tuple[date, Receipt]]]) -> dict[str, list[Receipt]]:
    return {
        key: [receipt for _, receipt in sorted(dated, key=lambda one: one[0])] for key, dated in found.items()
    }


def _receipt(lines: Sequence[PurchaseLine]) -> Receipt:
    """One order as one receipt: its days are the mean over what came."""
    came = _sum(line.received_quantity for line in lines)
    days = sum(_days(line) * float(line.received_quantity) for line in lines) / float(came)
    ordered = _sum(line.quantity for line in lines)
    first = lines[0]
    promised = None
    if first.expected_on is not None and first.ordered_at is not None:
        promised = float((first.expected_on - first.ordered_at).days)
    share = min(float(came / ordered), 1.0) if ordered > 0 else 1.0
    return Receipt(max(days, 0.0), promised, share)


def _days(line: PurchaseLine) -> int:
    if line.ordered_at is None or line.received_at is None:
        return 0
    return (line.received_at.date() - line.ordered_at).days


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
