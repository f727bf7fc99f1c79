"""From the books to a day of deliveries: which orders, from which places, with which vehicles."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from tools.kit.ask import Ask
from tools.kit.rounds_facts import COLLECT, Drop, LeftOut, Round, Wish, seconds_of
from tools.kit.rounds_goods import Shelves, Sourced
from tools.kit.rounds_settings import USUAL_SHIFT, breaks_of, clock_seconds, round_settings, travels_by
from tools.kit.rounds_traffic import learn, traffic_for
from tools.kit.rounds_trips import stands_still
from tools.kit.upkeep_days import why_out
from tools.maths.routing.problem import Job, Load, Problem, Shipment, Window
from tools.maths.routing.problem import Vehicle as Van
from tools.maths.routing.travel import Point
from tools.store import Location, Product
from tools.store.trip_facts import TO_DELIVER, Deliverable, StopLine, Trip, Vehicle

GRAMS = 1_000
OVERDUE_DAYS = 30
"""Orders that were due longer ago are no deliveries that somebody forgot."""
COLD = "a fridge"
_KINDS = ("warehouse", "shop")
_NO_LIMIT = 10**12


def wall_now(ask: Ask) -> datetime:
    """The shop's wall time."""
    return ask.now.replace(tzinfo=None)


def due_day(order: Deliverable) -> date | None:
    """The day on which it should reach the customer."""
    until = order.due_to or order.due_from
    return until.date() if until else None


def due_after(order: Deliverable, day: date) -> bool:
    """Whether it is promised for a later day: brought sooner, it comes when nobody was told."""
    first = order.due_from or order.due_to
    return first is not None and first.date() > day


def due_on(ask: Ask, day: date, replaces: frozenset[str] = frozenset()) -> list[Deliverable]:
    """The orders that a plan of this day has to look at, the earliest due first.

    Those of the day, and those whose time is over; what is on another trip already is left there.
    """
    now = wall_now(ask)
    found = []
    for order in ask.store.trips.deliverable(day - timedelta(days=OVERDUE_DAYS), day):
        own = due_day(order)
        until = order.due_to or (datetime.combine(own, time(23, 59)) if own else now)
        if (own == day or until < now) and (not order.trip_no or order.trip_no in replaces):
            found.append(order)
    return sorted(found, key=lambda one: (one.due_to or datetime.max, one.order_no))  # noqa: DTZ901 - wall times


def to_bring(ask: Ask, day: date, wish: Wish) -> list[Deliverable]:
    """Those of :func:`due_on`, those to be taken along, and what else is on trips that are planned again."""
    own = due_on(ask, day, wish.replaces)
    known = {order.order_no for order in own}
    trips = [trip for trip in ask.store.trips.trips(day) if trip.trip_no in wish.replaces]
    numbers = wish.also.union(stop.order_no for trip in trips for stop in trip.open_stops)
    more = [ask.store.trips.order(number) for number in sorted(numbers - known)]
    return [*own, *(order for order in more if order is not None and _is_free(order, wish.replaces))]


def _is_free(order: Deliverable, replaces: frozenset[str]) -> bool:
    waits = order.status in (*TO_DELIVER, "failed")
    return waits and (not order.trip_no or order.trip_no in replaces)


class Builder:
    """Puts a day together; what every kind of plan (a new one, the rest of a running one) begins with."""

    def __init__(self, ask: Ask, day: date, wish: Wish, orders: Sequence[Deliverable] | None = None) -> None:
        self.ask, self.day, self.wish = ask, day, wish
        self.orders = to_bring(ask, day, wish) if orders is None else list(orders)
        self.settings = round_settings(ask.store)
        self.apart = False
        self.points: list[Point] = []
        self.names: list[str] = []
        self.left: list[LeftOut] = []
        self.sizes_assumed: dict[str, None] = {}

    # -- places -------------------------------------------------------------------------------------

    def row(self, latitude: float, longitude: float, name: str) -> int:
        """The row of the matrices for a point; the same point has one row."""
        point = (round(latitude, 6), round(longitude, 6))
        if point not in self.points:
            self.points.append(point)
            self.names.append(name)
        return self.points.index(point)

    @cached_property
    def shelves(self) -> Shelves:
        """What there is to take goods from."""
        return Shelves(self.ask, {sku for order in self.orders for sku, _ in order.lines})

    def site_of(self, code: str) -> str:
        """The site (by the code of its head) that a place belongs to; "" for none."""
        for site in self.shelves.sites:
            if any(place.code == code for place in site.places):
                return site.code
        return ""

    def place(self, site: str) -> Location | None:
        """A site's head, where it is on the map."""
        found = next((one.head for one in self.shelves.sites if one.code == site), None)
        on_map = found is not None and found.latitude is not None and found.longitude is not None
        return found if on_map else None

    def site_row(self, site: str) -> int | None:
        """The row of a site."""
        place = self.place(site)
        if place is None:
            return None
        return self.row(float(place.latitude or 0), float(place.longitude or 0), place.name)

    # -- vehicles -----------------------------------------------------------------------------------

    @cached_property
    def fleet(self) -> tuple[dict[str, Vehicle], tuple[tuple[Vehicle, str], ...]]:
        """The vehicles that can drive on the day, and those that cannot, each with the reason."""
        able: dict[str, Vehicle] = {}
        absent: list[tuple[Vehicle, str]] = []
        for vehicle in self.ask.store.trips.vehicles():
            why = self._why_not(vehicle)
            if why:
                absent.append((vehicle, why))
            elif self.wish.only in ("", vehicle.code):
                able[vehicle.code] = vehicle
        return able, tuple(absent)

    def _why_not(self, vehicle: Vehicle) -> str:
        if not vehicle.active:
            return "it is not in use any more"
        if vehicle.code in self.wish.without:
            return "you left it out"
        if vehicle.code in self._at_workshop:
            return f"it {self._at_workshop[vehicle.code]}"
        if any(trip.vehicle == vehicle.code and stands_still(trip, self._trips) for trip in self._trips):
            return "it stands still, others took over"
        if not self.home(vehicle):
            return "its home is not on the map"
        shift = self.shift(vehicle)
        return "its shift is over" if shift.first >= shift.last else ""

    @cached_property
    def _at_workshop(self) -> dict[str, str]:
        return dict(why_out(self.ask.store, self.day))

    def home(self, vehicle: Vehicle) -> str:
        """The site where it starts; without a home of its own the warehouse, else the first place."""
        own = self.site_of(vehicle.home)
        if vehicle.home:
            return own if self.place(own) else ""
        sites = [site for site in self.shelves.sites if self.place(site.code)]
        sites.sort(key=lambda site: _KINDS.index(site.head.kind) if site.head.kind in _KINDS else len(_KINDS))
        return sites[0].code if sites else ""

    def shift(self, vehicle: Vehicle) -> Window:
        """From when it is loaded and may leave until when it is back."""
        first = clock_seconds(vehicle.shift_from or USUAL_SHIFT[0])
        last = clock_seconds(vehicle.shift_to or USUAL_SHIFT[1])
        now = seconds_of(wall_now(self.ask), self.day)
        free = max(first, math.ceil(now / 60) * 60, self._free_from.get(vehicle.code, 0))
        return Window(min(free + self.settings.loading, last), last)

    @cached_property
    def _trips(self) -> Sequence[Trip]:
        return self.ask.store.trips.trips(self.day)

    @cached_property
    def _free_from(self) -> dict[str, int]:
        """When vehicles are back from trips that stay as they are."""
        ends: dict[str, int] = {}
        for trip in self._trips:
            if trip.is_live and trip.trip_no not in self.wish.replaces and trip.ends_at:
                until = max(trip.ends_at, wall_now(self.ask)) if trip.status == "out" else trip.ends_at
                ends[trip.vehicle] = max(ends.get(trip.vehicle, 0), seconds_of(until, self.day))
        return ends

    @cached_property
    def homes(self) -> list[str]:
        """The sites that vehicles start from, that of the most vehicles first."""
        codes = [self.home(vehicle) for vehicle in self.fleet[0].values()]
        return sorted(dict.fromkeys(codes), key=lambda code: (-codes.count(code), code))

    def van(self, vehicle: Vehicle) -> Van:
        """A vehicle in the terms of the problem."""
        home = self.home(vehicle)
        row = self.site_row(home) or 0
        limits = (vehicle.capacity_kg, vehicle.capacity_l)
        return Van(
            id=vehicle.code,
            start=row,
            end=row,
            capacity=tuple(_NO_LIMIT if one is None else int(one * GRAMS) for one in limits),
            skills=self._skills(vehicle, home),
            shift=self.shift(vehicle),
            breaks=breaks_of(vehicle),
            fixed=self.settings.cost_of_use(vehicle),
            per_metre=self.settings.cost_of_km(vehicle) / 1000,
            per_second=self.settings.cost_of_hour(vehicle) / 3600,
            profile=travels_by(vehicle),
        )

    def _skills(self, vehicle: Vehicle, home: str) -> frozenset[str]:
        cold = not self.settings.chilled or vehicle.code in self.settings.chilled
        skills = {home_skill(home), *vehicle.skills}
        return frozenset(skills | {COLD} if cold or "fridge" in vehicle.skills else skills)

    # -- orders -------------------------------------------------------------------------------------

    def ashore(self) -> list[Deliverable]:
        """The orders without those whose goods are still on a van that did not hand them over."""
        out = self.ask.store.trips.trips(statuses=("loaded", "out"))
        missed = {one.order_no for trip in out for one in trip.stops if one.status in ("failed", "skipped")}
        why, todo = "its goods are still on the van that had it", "Plan it again when that van is back."
        self.left += [LeftOut(one, why, "goods", todo) for one in self.orders if one.order_no in missed]
        return [one for one in self.orders if one.order_no not in missed]

    def drops(self, orders: Sequence[Deliverable], *, near: bool) -> dict[str, Drop]:
        """The orders that can be brought; the others go to ``left`` with their reasons."""
        found: dict[str, Drop] = {}
        for order in orders:
            drop = self.drop(order, near=near)
            if isinstance(drop, Drop):
                found[order.order_no] = drop
            else:
                self.left.append(drop)
        return found

    def drop(self, order: Deliverable, *, near: bool) -> Drop | LeftOut:
        """An order with its goods taken from the shelves, or why it stays behind."""
        if not order.lines:
            return LeftOut(order, "there are no goods on it", "goods", "Say what is on it, or cancel it.")
        if order.latitude is None or order.longitude is None:
            who = order.name or order.customer or "its customer"
            todo = f"Add latitude and longitude to {who} in customers.csv and import it."
            return LeftOut(order, "I don't know where its address is on the map", "address", todo)
        sourced = self.shelves.take(order, self.homes, near=near)
        if sourced.missing and order.status == "out_for_delivery" and self.homes:
            # It left before the books knew of trips: its goods are not on a shelf any more.
            lines = tuple(StopLine(sku, quantity, self.homes[0]) for sku, quantity in order.lines)
            sourced = Sourced(lines, (self.homes[0],))
        if sourced.missing:
            return LeftOut(order, sourced.missing, "goods", "It can go once the goods are booked in.")
        window = self.window(order)
        return Drop(
            order,
            sourced.lines,
            sourced.sites,
            self.load_of(order),
            () if window is None else (window,),
            late=window is None and order.due_to is not None and not due_after(order, self.day),
            chilled=any(sku in self._cold for sku, _ in order.lines),
        )

    @cached_property
    def _cold(self) -> frozenset[str]:
        """The products that are kept in a fridge; nobody asks where any vehicle may carry them."""
        fridges = [place.code for place in self.ask.catalogue.locations if place.kind == "fridge"]
        if not fridges or not self.settings.chilled:
            return frozenset()
        levels = self.ask.store.stock.levels(None, locations=fridges, today=self.ask.today)
        return frozenset(level.sku for level in levels if level.on_hand > 0)

    def window(self, order: Deliverable) -> Window | None:
        """When it may be handed over; None where it has no time, or that is over or waived."""
        if order.due_to is None or order.order_no in self.wish.late or due_after(order, self.day):
            return None
        first = 0 if order.due_from is None else max(0, seconds_of(order.due_from, self.day))
        last = seconds_of(order.due_to, self.day)
        over = last < max(0, seconds_of(wall_now(self.ask), self.day))
        return None if over or first > last else Window(first, last)

    def load_of(self, order: Deliverable) -> Load:
        """Grams and millilitres; products without a weight or a volume count as usual ones, and are named."""
        grams = millilitres = 0.0
        for sku, quantity in order.lines:
            product = self.ask.catalogue.products.get(sku)
            kg, litres = self._size(product)
            grams += float(quantity) * kg * GRAMS
            millilitres += float(quantity) * litres * GRAMS
        return math.ceil(grams - 1e-6), math.ceil(millilitres - 1e-6)

    def _size(self, product: Product | None) -> tuple[float, float]:
        if product is None:
            return self.settings.kg, self.settings.litres
        kg = 1.0 if product.unit == "kg" else self.settings.kg
        litres = kg if product.unit == "kg" else self.settings.litres
        if (product.weight_kg is None and product.unit != "kg") or product.volume_l is None:
            self.sizes_assumed[product.name] = None
        return (
            kg if product.weight_kg is None else float(product.weight_kg),
            litres if product.volume_l is None else float(product.volume_l),
        )

    # -- the problem --------------------------------------------------------------------------------

    def stop(self, drop: Drop) -> Job:
        """Handing an order over."""
        order = drop.order
        row = self.row(float(order.latitude or 0), float(order.longitude or 0), order.name or order.order_no)
        return Job(order.order_no, row, drop.load, service=self.settings.service, windows=drop.windows)

    def thing(self, drop: Drop, vehicle: str = "") -> Job | Shipment:
        """An order in the terms of the problem: from every vehicle's own home, or fetched on the way.

        Goods of two places are fetched at the second one, by a vehicle that starts at the first.
        """
        skills = frozenset({COLD}) if drop.chilled else frozenset()
        stop = self.stop(drop)
        if self.homes == [drop.sites[0]] and len(drop.sites) == 1:
            return replace(stop, skills=skills, vehicle=vehicle)
        if self.apart and len(drop.sites) == 1 and drop.sites[0] in self.homes:
            return replace(stop, skills=skills | {home_skill(drop.sites[0])}, vehicle=vehicle)
        if len(drop.sites) > 1:
            skills |= {home_skill(drop.sites[0])}
        where = drop.sites[-1]
        service = 0 if where in self.homes else self.settings.collect
        fetch = Job(f"{COLLECT}{drop.number}", self.site_row(where) or 0, service=service, skills=skills)
        return Shipment(replace(fetch, vehicle=vehicle), replace(stop, delivery=()), drop.load)

    def finished(
        self, things: Sequence[Job | Shipment], vans: Sequence[Van], drops: Mapping[str, Drop]
    ) -> Round:
        """The day, its ways looked up; every row has to be known by now."""
        profiles = dict.fromkeys(van.profile for van in vans)
        travel = {profile: self.ask.roads(self.points, profile) for profile in profiles}
        problem = Problem(
            tuple(vans),
            {profile: one.matrix for profile, one in travel.items()},
            tuple(one for one in things if isinstance(one, Job)),
            tuple(one for one in things if isinstance(one, Shipment)),
            self.wish.aim,
        )
        vehicles, absent = self.fleet
        return Round(
            day=self.day,
            wish=self.wish,
            drops=drops,
            left=tuple(self.left),
            vehicles=vehicles,
            absent=absent,
            problem=problem,
            traffic=traffic_for(self.ask.store, self.day),
            travel=travel,
            points=tuple(self.points),
            names=tuple(self.names),
            settings=self.settings,
            sizes_assumed=tuple(self.sizes_assumed),
            seen=self.ask.store.trips.seen(self.day),
            homes=tuple(self.homes),
        )


def gather(ask: Ask, day: date, wish: Wish, *, near: bool = False, apart: bool = False) -> Round:
    """The day as it can be planned from nothing.

    ``near`` takes goods from what is nearest the customer; ``apart`` leaves what lies at a vehicle's home to
    the vehicles that start there, which is found sooner where there is much to do.
    """
    learn(ask.store, ask.roads, ask.today)
    builder = Builder(ask, day, wish)
    builder.apart = apart
    vans = [builder.van(vehicle) for vehicle in builder.fleet[0].values()]
    drops: dict[str, Drop] = {}
    if vans:
        drops = builder.drops(builder.ashore(), near=near)
    else:
        builder.left += [LeftOut(one, "no vehicle can drive that day", "vehicles") for one in builder.orders]
    found = builder.finished([builder.thing(drop) for drop in drops.values()], vans, drops)
    return replace(found, near=near, apart=apart)


def home_skill(site: str) -> str:
    """What only vehicles have that start at a site."""
    return f"a start at {site}"
