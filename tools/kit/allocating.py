"""From the books to the question which place sends which order: sites, stock, ways and what they cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from math import asin, cos, radians, sin, sqrt

from tools.kit.allocating_costs import SendCosts, send_costs
from tools.kit.allocating_ways import Ways
from tools.kit.ask import Ask
from tools.kit.planning_demand import demands
from tools.kit.planning_leads import lead_times
from tools.maths.allocation.batch import Allocation, allocate
from tools.maths.allocation.problem import Cell, Line, Order, Problem, Way
from tools.maths.replenishment.outlook import Outlook
from tools.maths.replenishment.shortfall import expected_beyond
from tools.store import Level, Location, Product
from tools.store.facts import CustomerOrder, Named

STEPS = 1_000
"""Quantities are counted in thousandths of the base unit."""
SOLVE_SECONDS = 1.0
ONE_ROOF_KM = 0.15
EARTH_KM = 6371.0
ROLLING = frozenset({"van"})


@dataclass(frozen=True, slots=True)
class Site:
    """Places under one roof, such as a shop and its back room: what they hold leaves as one parcel."""

    name: str
    places: tuple[Location, ...]

    @property
    def head(self) -> Location:
        """The place that gives it its name."""
        return self.places[0]

    @property
    def code(self) -> str:
        """The code of that place."""
        return self.head.code


@dataclass(frozen=True)
class Sending:
    """The orders that are placed, the answer, and what both rest on; ``ways`` names how ways are known.

    ``orders`` by number; ``km`` by (order, site) where both are on the map, ``ready`` when the goods could be
    there.  ``late`` are orders that no place can send in time any more.
    """

    orders: Mapping[str, CustomerOrder]
    sites: tuple[Site, ...]
    found: Allocation
    km: Mapping[tuple[str, str], float]
    ready: Mapping[tuple[str, str], datetime]
    late: frozenset[str]
    costs: SendCosts
    levels: Sequence[Level]
    ways: str = ""
    set_aside: Decimal = Decimal(0)

    @cached_property
    def placed(self) -> dict[str, Order]:
        """The orders as they were placed, by number."""
        return {order.key: order for order in self.found.problem.orders}

    def site(self, code: str | None) -> Site | None:
        """The site with this code."""
        return next((site for site in self.sites if site.code == code), None)


def straight_km(one: Location | Named, other: Location | Named) -> float | None:
    """The way between two points by the haversine formula; None where one is not on the map."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    points = (one.latitude, one.longitude, other.latitude, other.longitude)
    north, east, north_too, east_too = (radians(float(value or 0.0)) for value in points)
    half = sin((north_too - north) / 2) ** 2
    half += cos(north) * cos(north_too) * sin((east_too - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def sites_of(ask: Ask) -> tuple[Site, ...]:
    """The places that this person may see, those under one roof together; vans are none."""
    places = [
        place for place in ask.catalogue.locations if place.code in ask.places and place.kind not in ROLLING
    ]
    found: list[list[Location]] = []
    for place in sorted(places, key=lambda one: one.kind not in ("shop", "warehouse")):
        near = [group for group in found if _one_roof(group[0], place)]
        if near:
            near[0].append(place)
        else:
            found.append([place])
    return tuple(Site(group[0].name, tuple(group)) for group in found)


def _one_roof(one: Location, other: Location) -> bool:
    km = straight_km(one, other)
    return km is not None and km <= ONE_ROOF_KM


def send(ask: Ask, orders: Sequence[CustomerOrder], others: Sequence[CustomerOrder]) -> Sending:
    """Place these orders together; ``others`` wait already packed, and their goods are not to be had."""
    books = _Books(ask, orders, sites_of(ask))
    placed = tuple(books.order(order) for order in orders)
    stock, aside = books.stock(others)
    found = allocate(Problem(placed, stock, books.costs.split), seconds=SOLVE_SECONDS)
    return Sending(
        {order.order_no: order for order in orders},
        books.sites,
        found,
        books.km,
        books.ready,
        frozenset(books.late),
        books.costs,
        books.levels,
        books.roads.told,
        aside,
    )


@dataclass
class _Books:
    """All that the books hold about some orders."""

    ask: Ask
    orders: Sequence[CustomerOrder]
    sites: tuple[Site, ...]
    km: dict[tuple[str, str], float] = field(default_factory=dict)
    ready: dict[tuple[str, str], datetime] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)

    @cached_property
    def costs(self) -> SendCosts:
        return send_costs(self.ask.store)

    @cached_property
    def customers(self) -> dict[str, Named]:
        wanted = {order.customer for order in self.orders}
        return {one.code: one for one in self.ask.catalogue.customers if one.code in wanted}

    @cached_property
    def roads(self) -> Ways:
        return Ways(self.ask.roads, [*(site.head for site in self.sites), *self.customers.values()])

    @cached_property
    def products(self) -> list[Product]:
        named = dict.fromkeys(sku for order in self.orders for sku, _ in order.lines)
        return [self.ask.catalogue.products[sku] for sku in named if sku in self.ask.catalogue.products]

    @cached_property
    def levels(self) -> list[Level]:
        skus = [product.sku for product in self.products]
        return self.ask.store.stock.levels(skus, today=self.ask.today)

    @cached_property
    def good(self) -> dict[Cell, Decimal]:
        """By product and site what may be promised."""
        home = {place.code: site.code for site in self.sites for place in site.places}
        sums: dict[Cell, Decimal] = defaultdict(Decimal)
        for level in self.levels:
            if level.location in home:
                sums[(level.sku, home[level.location])] += level.available
        return dict(sums)

    def stock(self, others: Sequence[CustomerOrder]) -> tuple[dict[Cell, int], Decimal]:
        """The same in steps, less what packed orders hold: nobody noted where, so the fullest gives it."""
        good, aside = dict(self.good), Decimal(0)
        for sku, wanted in (line for order in others for line in order.lines):
            cells = [cell for cell in good if cell[0] == sku]
            if cells:
                good[max(cells, key=lambda cell: good[cell])] -= wanted
                aside += wanted
        return {cell: int(max(amount, Decimal(0)) * STEPS) for cell, amount in good.items()}, aside

    @cached_property
    def _outlooks(self) -> dict[str, list[Mapping[str, Outlook]]]:
        """By site what each of its places expects to sell."""
        store, today = self.ask.store, self.ask.today
        return {
            site.code: [
                demands(store, self.products, today, location=place.code).outlooks for place in site.places
            ]
            for site in self.sites
        }

    @cached_property
    def _days(self) -> dict[str, int]:
        """By product how long a place has to do with what it holds."""
        leads = lead_times(self.ask.store)
        return {product.sku: max(1, round(leads.of(product).mean_days)) for product in self.products}

    def order(self, order: CustomerOrder) -> Order:
        ways = {site.code: self._way(order, site) for site in self.sites}
        in_time = {code: way for code, way in ways.items() if self._in_time(order, code)}
        if not in_time:
            self.late.add(order.order_no)
        wanted: dict[str, Decimal] = defaultdict(Decimal)
        for sku, quantity in order.lines:
            wanted[sku] += quantity
        lines = tuple(self._line(sku, quantity) for sku, quantity in wanted.items() if quantity > 0)
        return Order(order.order_no, lines, in_time or ways)

    def _in_time(self, order: CustomerOrder, site: str) -> bool:
        return order.due_to is None or self.ready[(order.order_no, site)] <= order.due_to

    def _way(self, order: CustomerOrder, site: Site) -> Way:
        customer = self.customers.get(order.customer)
        km = self.roads.km(site.head, customer) if customer else None
        driving = self.roads.hours(site.head, customer) if customer else None
        hours = self.costs.packing_hours(site.head.kind) + (driving or 0.0)
        key = (order.order_no, site.code)
        self.ready[key] = self.ask.now.replace(tzinfo=None) + timedelta(hours=hours)
        if km is not None:
            self.km[key] = km
        return Way(self.costs.parcel + (km or 0.0) * self.costs.km, hours * self.costs.hour)

    def _line(self, sku: str, quantity: Decimal) -> Line:
        product = self.ask.catalogue.products.get(sku)
        value = float((product.price if product else None) or 0) * float(quantity)
        risk = (
            {site.code: self._risk(product, site.code, float(quantity)) for site in self.sites}
            if product
            else {}
        )
        return Line(sku, int(quantity * STEPS), self.costs.missing + 2 * value, risk)

    def _risk(self, product: Product, site: str, quantity: float) -> float:
        """The margin of sales that are then expected to be lost there before new goods come."""
        stock = float(max(self.good.get((product.sku, site), Decimal(0)), Decimal(0)))
        lost = 0.0
        for outlooks in self._outlooks[site]:
            outlook = outlooks.get(product.sku)
            if outlook is None:
                continue
            start = outlook.day_number(self.ask.today)
            law = outlook.law(start, start + self._days[product.sku])
            beyond = expected_beyond(law.mean, law.variance, [max(stock - quantity, 0.0), stock], law.kind)
            lost += float(beyond[0] - beyond[1])
        return lost * self.costs.margin(product)
