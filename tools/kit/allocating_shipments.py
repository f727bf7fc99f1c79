"""From the books to what could travel together: rounds to customers, deliveries from suppliers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from math import atan2, degrees

from tools.kit.allocating import Site, sites_of
from tools.kit.allocating_ways import Spot, Ways
from tools.kit.ask import Ask
from tools.kit.cold import kept_cold
from tools.kit.slots import Period
from tools.maths.consolidation.shipments import Carrier, Load, Shipments, consolidate
from tools.store import PurchaseLine
from tools.store.facts import ON_ORDER, CustomerOrder, Named
from tools.store.trip_facts import Vehicle

SOLVE_SECONDS = 0.5
CO2_PER_LITRE, LITRES_PER_KM = 2.51, 0.1
CO2_PER_KM = CO2_PER_LITRE * LITRES_PER_KM
CO2_SOURCE = (
    f"{CO2_PER_LITRE} kg CO2e a litre of diesel (UK government greenhouse gas conversion factors, as listed "
    f"by the Energy Saving Trust's fleet toolkit) at {LITRES_PER_KM * 100:g} litres for 100 km"
)
KM_COST, TRIP_COST, DELIVERY_COST = 0.45, 15.0, 12.0
ASKING = 1.0
"""What a day sooner costs: somebody has to be asked."""
SOONER = 3
"""No more days sooner than this is asked for."""
VAN_KG, VAN_L, VAN_HOURS = Decimal(600), Decimal(3_000), 8
"""What a vehicle holds and works where the books do not say."""
GRAMS = 1_000
STOP_MINUTES = 15
"""A stop with the way to it."""
TO_GO = ("open", "packed")
QUARTERS = ("east", "north", "west", "south")


@dataclass(frozen=True)
class Together:
    """What is due in a period, and how little of it has to travel by itself.

    ``rounds`` go to customers, ``deliveries`` come from suppliers; ``km`` are before and after, None where
    customers are not on the map, ``ways`` says how they are known.  ``vehicles`` are those counted with.
    """

    period: Period
    orders: Mapping[str, CustomerOrder]
    rounds: Shipments
    lines: Mapping[str, Sequence[PurchaseLine]]
    deliveries: Shipments
    km: tuple[float, float] | None
    ways: str
    vehicles: tuple[str, ...]

    @property
    def cost(self) -> tuple[float, float]:
        """Of trips, kilometres and taking in, before and after."""
        before, after = self.km or (0.0, 0.0)
        apart = TRIP_COST * len(self.rounds.days) + DELIVERY_COST * len(self.deliveries.days)
        joined = TRIP_COST * self.rounds.carriers + DELIVERY_COST * self.deliveries.carriers
        return apart + KM_COST * before, joined + KM_COST * after

    @property
    def co2(self) -> tuple[float, float] | None:
        """Kilograms before and after."""
        return (self.km[0] * CO2_PER_KM, self.km[1] * CO2_PER_KM) if self.km else None


def together(ask: Ask, period: Period, supplier: str | None) -> Together:
    """What is due in the period, put together; a supplier leaves customers' orders out."""
    books = _Books(ask, period, sites_of(ask))
    orders = {} if supplier else books.orders()
    lines = books.lines(supplier)
    vehicles = ask.store.trips.vehicles()
    carriers = [_carrier(one) for one in vehicles or (Vehicle("", "a usual van"),)]
    rounds = consolidate([books.order_load(one) for one in orders.values()], carriers, seconds=SOLVE_SECONDS)
    truck = [Carrier("delivery", (1,), DELIVERY_COST)]
    loads = [books.purchase_load(key, same) for key, same in lines.items()]
    deliveries = consolidate(loads, truck, seconds=SOLVE_SECONDS)
    km = books.kilometres(orders, rounds)
    names = tuple(carrier.name for carrier in carriers)
    return Together(period, orders, rounds, lines, deliveries, km, books.roads(orders).told, names)


def _carrier(vehicle: Vehicle) -> Carrier:
    """A vehicle by what it holds and how many minutes it works."""
    shift = [_minute(text) for text in (vehicle.shift_from, vehicle.shift_to) if text]
    minutes = shift[1] - shift[0] if len(shift) == 2 else VAN_HOURS * 60
    kilograms, litres = vehicle.capacity_kg or VAN_KG, vehicle.capacity_l or VAN_L
    return Carrier(vehicle.name, (int(kilograms * GRAMS), int(litres * GRAMS), max(minutes, 0)), TRIP_COST)


def _minute(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes or 0)


@dataclass
class _Books:
    ask: Ask
    period: Period
    sites: tuple[Site, ...]
    _ways: Ways | None = None

    @cached_property
    def customers(self) -> dict[str, Named]:
        return {one.code: one for one in self.ask.catalogue.customers}

    @cached_property
    def cold(self) -> frozenset[str]:
        return kept_cold(self.ask)

    def orders(self) -> dict[str, CustomerOrder]:
        """The customers' orders that go out in the period."""
        found = self.ask.store.sales.customer_orders(statuses=TO_GO)
        return {one.order_no: one for one in found if (day := _day(one)) and self._within(day)}

    def lines(self, supplier: str | None) -> dict[str, list[PurchaseLine]]:
        """What suppliers bring in the period, by order and site."""
        found: dict[str, list[PurchaseLine]] = defaultdict(list)
        homes = {place.code: site for site in self.sites for place in site.places}
        for line in self.ask.store.purchasing.lines(statuses=ON_ORDER):
            wanted = supplier in (None, line.supplier) and line.outstanding > 0
            if wanted and line.expected_on and self._within(line.expected_on) and line.location in homes:
                found[f"{line.po_no} to {homes[line.location].name}"].append(line)
        return dict(found)

    def _within(self, day: date) -> bool:
        return max(self.period.first, self.ask.today) <= day <= self.period.last

    def order_load(self, order: CustomerOrder) -> Load:
        own = _day(order) or self.ask.today
        return Load(
            order.order_no,
            f"{self.zone(order)}, {self._class(sku for sku, _ in order.lines)}",
            self._sizes(order),
            own.toordinal(),
            own.toordinal(),
            own.toordinal(),
        )

    def purchase_load(self, key: str, lines: Sequence[PurchaseLine]) -> Load:
        own = min(line.expected_on for line in lines if line.expected_on)
        tomorrow = self.ask.today + timedelta(days=1)
        first = min(own, max(own - timedelta(days=SOONER), tomorrow))
        group = f"{lines[0].supplier} {key.partition(' to ')[2]} {self._class(line.sku for line in lines)}"
        return Load(key, group, (0,), first.toordinal(), own.toordinal(), own.toordinal(), ASKING)

    def _class(self, skus: Iterable[str]) -> str:
        return "chilled" if any(sku in self.cold for sku in skus) else "dry"

    def _sizes(self, order: CustomerOrder) -> tuple[int, int, int]:
        products, grams, millilitres = self.ask.catalogue.products, Decimal(0), Decimal(0)
        for sku, quantity in order.lines:
            product = products.get(sku)
            grams += quantity * ((product.weight_kg if product else None) or 0) * GRAMS
            millilitres += quantity * ((product.volume_l if product else None) or 0) * GRAMS
        return int(grams), int(millilitres), STOP_MINUTES

    @cached_property
    def _home(self) -> Site | None:
        """Where rounds start: the warehouse, else the first place."""
        return min(self.sites, key=lambda site: site.head.kind != "warehouse", default=None)

    def zone(self, order: CustomerOrder) -> str:
        """The quarter of the map seen from where rounds start."""
        customer, home = self.customers.get(order.customer), self._home
        if customer is None or home is None or None in _point(customer) or None in _point(home.head):
            return "off the map"
        north = float(customer.latitude or 0) - float(home.head.latitude or 0)
        east = float(customer.longitude or 0) - float(home.head.longitude or 0)
        return QUARTERS[round(degrees(atan2(north, east)) / 90) % 4]

    def kilometres(
        self, orders: Mapping[str, CustomerOrder], rounds: Shipments
    ) -> tuple[float, float] | None:
        """Out and back for each order, against rounds from stop to nearest stop."""
        if self._home is None or not orders:
            return None
        points = {key: self.customers.get(orders[key].customer) for key in rounds.days}
        home, ways = self._home.head, self.roads(orders)
        known = {key: one for key, one in points.items() if one and ways.km(home, one) is not None}
        if len(known) < len(points):
            return None
        before = sum(_round(ways, home, [one]) for one in known.values())
        trips = [keys for trip in rounds.trips.values() for _, keys in trip]
        return before, sum(_round(ways, home, [known[key] for key in keys]) for keys in trips)

    def roads(self, orders: Mapping[str, CustomerOrder]) -> Ways:
        """The ways between where rounds start and the customers of these orders."""
        if self._ways is None:
            named = {order.customer for order in orders.values()}
            customers = [one for code, one in self.customers.items() if code in named]
            self._ways = Ways(self.ask.roads, [*([self._home.head] if self._home else []), *customers])
        return self._ways


def _round(ways: Ways, home: Spot, stops: Sequence[Spot]) -> float:
    """Kilometres from stop to nearest stop, out and back."""
    here, left, km = home, list(stops), 0.0
    while left:
        nearest = min(left, key=lambda stop: ways.km(here, stop) or 0.0)
        km += ways.km(here, nearest) or 0.0
        left.remove(nearest)
        here = nearest
    return km + (ways.km(here, home) or 0.0)


def _point(spot: Spot) -> tuple[float | None, float | None]:
    return spot.latitude, spot.longitude


def _day(order: CustomerOrder) -> date | None:
    until = order.due_to or order.due_from
    return until.date() if until else None
