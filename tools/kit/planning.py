"""From the books to what a policy needs: one home for stock, what is on order, demand and lead time.

Plans are about all places together (``place`` None) or about one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.kit.outlook import MOST_NAMED
from tools.kit.planning_demand import Demands, demands
from tools.kit.planning_leads import Awaited, LeadTimes, lead_times
from tools.kit.planning_policy import ShopPolicy, shop_policy
from tools.maths.replenishment import Decision, Item, SupplierRule, decide
from tools.maths.replenishment.classes import ABC, abc
from tools.store import Level, Product, PurchaseLine, Store
from tools.store.facts import ON_ORDER

CLASS_DAYS = 91
DRAFT = "draft"


@dataclass(frozen=True)
class Plans:
    """Items of some products, and what they rest on.

    ``drafted`` is what is on drafts by SKU (it counts as on order, so that nothing is proposed twice),
    ``overdue`` what should have come by now.
    """

    day: date
    place: str | None
    items: tuple[Item, ...]
    demand: Demands
    leads: LeadTimes
    policy: ShopPolicy
    classes: Mapping[str, ABC]
    drafted: Mapping[str, Decimal]
    overdue: tuple[Awaited, ...] = ()

    @property
    def decisions(self) -> list[Decision]:
        """What to buy of each item, looked at alone, in their order."""
        return decide(self.items, self.policy.policy, self.day)

    @property
    def cut_off(self) -> date | None:
        """The last day of sales that the forecasts knew; None where none is there."""
        return max((one.cut_off for one in self.demand.stored.values()), default=None)


def plans(
    store: Store, products: Sequence[Product], today: date, *, place: str | None = None, drafts: bool = True
) -> Plans:
    """What a policy needs of these products at one place, or at all places together.

    ``drafts``: whether what is on drafts counts as on order.
    """
    books = _Books(
        today=today,
        place=place,
        demand=demands(store, products, today, location=place),
        leads=lead_times(store),
        policy=shop_policy(store),
        classes=classes_of(store, today),
        levels=_levels(store, _few(products), place, today),
        lines=_coming(store, _few(products), (*ON_ORDER, DRAFT) if drafts else ON_ORDER, place),
        costs=_last_costs(store, products),
    )
    return Plans(
        today,
        place,
        tuple(books.item(product) for product in products),
        books.demand,
        books.leads,
        books.policy,
        books.classes,
        books.drafted,
        tuple(one for product in products for one in books.awaited(product) if one.late),
    )


@dataclass(frozen=True)
class _Books:
    """All that the books hold about some products at a place."""

    today: date
    place: str | None
    demand: Demands
    leads: LeadTimes
    policy: ShopPolicy
    classes: Mapping[str, ABC]
    levels: Mapping[str, Sequence[Level]]
    lines: Mapping[str, Sequence[PurchaseLine]]
    costs: Mapping[str, Decimal]

    @property
    def drafted(self) -> dict[str, Decimal]:
        """What is on drafts, by SKU."""
        drafts = {
            sku: sum((line.outstanding for line in lines if line.status == DRAFT), Decimal(0))
            for sku, lines in self.lines.items()
        }
        return {sku: quantity for sku, quantity in drafts.items() if quantity}

    def awaited(self, product: Product) -> list[Awaited]:
        """What is on order of a product, and when it is counted upon."""
        lead, lines = self.leads.of(product), self.lines.get(product.sku, ())
        return [self.leads.awaited(line, self.today, lead.mean_days) for line in lines]

    def item(self, product: Product) -> Item:
        """One product as a policy sees it."""
        levels, lead = self.levels.get(product.sku, ()), self.leads.of(product)
        cost = product.cost if product.cost is not None else self.costs.get(product.sku)
        return Item(
            sku=product.sku,
            outlook=self.demand.outlooks[product.sku],
            lead=lead,
            supplier=product.supplier or "",
            place=self.place or "",
            on_hand=float(sum((level.on_hand - level.unusable for level in levels), Decimal(0))),
            reserved=float(sum((level.reserved for level in levels), Decimal(0))),
            on_order=tuple(one.arrival for one in self.awaited(product)),
            pack_size=_pack(product),
            moq=float(product.moq or 0),
            unit_cost=None if cost is None else float(cost),
            price=None if product.price is None else float(product.price),
            shelf_life_days=product.shelf_life_days,
            volume_l=float(product.volume_l or 0),
            weight_kg=float(product.weight_kg or 0),
            service_level=self.policy.level(self.classes.get(product.sku, "C")),
            holding_rate=self.policy.holding_rate,
        )


def _few(products: Sequence[Product]) -> list[str] | None:
    """Their SKUs where they are few enough to be named in a query; None reads the whole shop."""
    return None if len(products) > MOST_NAMED else [product.sku for product in products]


def rules_of(store: Store, policy: ShopPolicy | None = None) -> dict[str, SupplierRule]:
    """Each supplier's least order, and what an order costs."""
    cost = (policy or shop_policy(store)).order_cost
    return {
        supplier.code: SupplierRule(float(supplier.min_order_value or 0), cost)
        for supplier in store.catalogue().suppliers
    }


def classes_of(store: Store, today: date) -> dict[str, ABC]:
    """A, B or C of each product by what it brought in over the last quarter with known sales."""
    covered = store.sales.coverage()
    if covered is None:
        return {}
    last = min(covered[1], today)
    totals = store.sales.totals(first=last - timedelta(days=CLASS_DAYS - 1), last=last, by="product")
    return abc({total.key: float(total.revenue) for total in totals})


def _levels(
    store: Store, skus: Sequence[str] | None, place: str | None, today: date
) -> dict[str, list[Level]]:
    found: dict[str, list[Level]] = defaultdict(list)
    for level in store.stock.levels(skus, locations=None if place is None else (place,), today=today):
        found[level.sku].append(level)
    return found


def _coming(
    store: Store, skus: Sequence[str] | None, states: Sequence[str], place: str | None
) -> dict[str, list[PurchaseLine]]:
    found: dict[str, list[PurchaseLine]] = defaultdict(list)
    for line in store.purchasing.lines(skus=skus, statuses=states):
        if line.outstanding > 0 and place in (None, line.location):
            found[line.sku].append(line)
    return found


def _last_costs(store: Store, products: Sequence[Product]) -> dict[str, Decimal]:
    """What was paid last for products whose cost is not in the catalogue."""
    without = [product.sku for product in products if product.cost is None]
    if not without:
        return {}
    named = without if len(without) <= MOST_NAMED else None
    lines = [line for line in store.purchasing.lines(skus=named) if line.unit_cost is not None]
    lines.sort(key=lambda line: line.ordered_at or date.min)
    return {line.sku: line.unit_cost for line in lines if line.unit_cost is not None}


def _pack(product: Product) -> float:
    """Packs that it is bought in; single units where none are told."""
    if product.pack_size is not None and product.pack_size > 0:
        return float(product.pack_size)
    return 1.0
