"""A running day planned again: stops skipped or added, a van that stands still; loaded goods stay aboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tools.kit import compute
from tools.kit.ask import Ask
from tools.kit.reply import Refused
from tools.kit.rounds import Builder, home_skill, wall_now
from tools.kit.rounds_eta import etas_after, whereabouts
from tools.kit.rounds_facts import COLLECT, Drop, LeftOut, Round, Wish, seconds_of
from tools.kit.rounds_solving import AGAIN_SECONDS, Effort, Orders, Solved, solve_again
from tools.kit.rounds_trips import stands_still, trips_of_plan
from tools.kit.rounds_twice import driven_twice
from tools.maths.routing.plan import Plan as RoutePlan
from tools.maths.routing.problem import Job, Shipment, Window
from tools.maths.routing.problem import Vehicle as Van
from tools.maths.routing.replanning import Running, Whereabouts
from tools.store.trip_facts import Deliverable, RoutePoint, Trip, TripStop

WAIT_SECONDS = 20.0
OVERTIME = 4 * 3600
"""A van on the road may come back after its shift, at most so many seconds from now: its stops wait."""
RUNNING = Effort(AGAIN_SECONDS)
TOO_LATE = ("window", "lock")
"""Why a stop of a running day has no time: nobody can be there, or only a van that its goods are not on."""
STANDS = "where "
"""What the name of a point begins with at which a van stands."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What has happened to a running day.

    Attributes:
        skip: Orders that are not to be brought.
        add: Orders that are to be brought, too.
        broken: Vehicles that drive no more.
        free: Whether what is not loaded yet may change vans.
        late: Orders that may come after their time: better late than not at all.
    """

    skip: frozenset[str] = frozenset()
    add: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()
    free: bool = False
    late: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Revision:
    """The rest of a day as it would go now.

    ``before`` are the live trips by vehicle, ``after`` the same with their new stops (and new trips),
    ``expected`` when the vans would have been at their stops without the change.
    """

    day: date
    turn: Turn
    round: Round
    solved: Solved
    before: Mapping[str, Trip]
    after: Mapping[str, Trip]
    expected: Mapping[str, datetime]
    left: tuple[LeftOut, ...]

    @property
    def moved(self) -> list[str]:
        """Orders that stand elsewhere than before, new ones left aside."""
        here = [name for name in self.solved.moved if name in self.expected]
        return list(dict.fromkeys([*self.changed, *here]))

    @property
    def changed(self) -> list[str]:
        """Those on another van."""
        was = {stop.order_no: trip.vehicle for trip in self.before.values() for stop in trip.open_stops}
        return [name for name, (trip, _) in self.stops.items() if was.get(name, trip.vehicle) != trip.vehicle]

    @property
    def stops(self) -> dict[str, tuple[Trip, TripStop]]:
        """The stops to come, by order."""
        return {stop.order_no: (trip, stop) for trip in self.after.values() for stop in trip.open_stops}


def live_trips(ask: Ask, day: date) -> dict[str, Trip]:
    """The trip of each vehicle that is on or to come, of several the first; one that stands still is none."""
    found: dict[str, Trip] = {}
    trips = ask.store.trips.trips(day)
    for trip in trips:
        if trip.is_live and (trip.open_stops or trip.status == "out") and not stands_still(trip, trips):
            known = found.get(trip.vehicle)
            if known is None or (trip.status == "out") > (known.status == "out"):
                found[trip.vehicle] = trip
    return found


def revise(ask: Ask, day: date, turn: Turn, fixed: Orders | None = None) -> Revision | Refused:
    """The best way on from now; with ``fixed`` that order of stops, whatever else would be better.

    What is on a trip already and cannot come in time any more comes late.  Refused while a vehicle has two
    trips to make.
    """
    twice = driven_twice(ask, day)
    if twice is not None:
        return twice
    found = _revised(ask, day, turn, fixed)
    if isinstance(found, Refused) or fixed is not None:
        return found
    late = {one.order.order_no for one in found.left if one.rule in TOO_LATE} - set(turn.add) - turn.late
    return _revised(ask, day, replace(turn, late=turn.late | late), None) if late else found


def _revised(ask: Ask, day: date, turn: Turn, fixed: Orders | None) -> Revision | Refused:
    trips = live_trips(ask, day)
    added = [order for number in turn.add if (order := ask.store.trips.order(number)) is not None]
    state = _State(ask, day, turn, trips, added)
    round_ = state.round()
    try:
        solved = compute.run(
            solve_again, round_.problem, state.running, state.stood, round_.traffic, RUNNING, fixed,
            seconds=WAIT_SECONDS,
        )  # fmt: skip
    except compute.ComputeFailed as error:
        return Refused(f"I could not plan the rest again: {error}. Ask me again in a moment.")
    return Revision(
        day, turn, round_, solved, trips, state.after(round_, solved), state.expected,
        (*round_.left, *state.unserved(solved)),
    )  # fmt: skip


class _State:
    """How far the day is, in the terms of the problem."""

    def __init__(
        self, ask: Ask, day: date, turn: Turn, trips: Mapping[str, Trip], added: Sequence[Deliverable]
    ) -> None:
        self.ask, self.day, self.turn, self.trips = ask, day, turn, trips
        self.now = wall_now(ask)
        self.today = ask.store.trips.trips(day)
        self.open = {
            stop.order_no: (trip, stop)
            for trip in trips.values()
            for stop in trip.open_stops
            if stop.order_no not in turn.skip
        }
        known = {number: ask.store.trips.order(number) for number in self.open}
        self.orders = {number: order for number, order in known.items() if order is not None}
        self.added = [order for order in added if order.order_no not in self.open]
        wish = Wish(late=turn.late, replaces=frozenset(trip.trip_no for trip in trips.values()))
        self.builder = Builder(ask, day, wish, [*self.orders.values(), *self.added])
        self.expected = {
            number: moment
            for trip in trips.values()
            for number, moment in etas_after(ask.store, ask.roads, trip, self.now)
        }
        self.places: dict[str, Whereabouts] = {}
        self.drops: dict[str, Drop] = {}
        self.stood: dict[str, list[str]] = {}

    @property
    def running(self) -> Running:
        """How far the day is."""
        broken = {
            code: self.places[code].place if code in self.places else self._home_row(code)
            for code in self.turn.broken
        }
        vehicles = {code: where for code, where in self.places.items() if code not in broken}
        return Running(RoutePlan(()), seconds_of(self.now, self.day), vehicles, broken=broken)

    def round(self) -> Round:
        vans = [self._van(code) for code in self._codes()]
        things = [*self._planned(), *self._new()]
        return self.builder.finished(things, vans, self.drops)

    # -- vehicles ------------------------------------------------------------------------------------

    def _codes(self) -> list[str]:
        able = self.builder.fleet[0]
        for vehicle in self.ask.store.trips.vehicles(hidden=True):
            # A vehicle on the road drives whatever its shift says.
            if vehicle.code in self.trips and vehicle.code not in able and self.builder.home(vehicle):
                able[vehicle.code] = vehicle
        return list(able)

    def _home_row(self, code: str) -> int:
        return self.builder.site_row(self.builder.home(self.builder.fleet[0][code])) or 0

    def _van(self, code: str) -> Van:
        vehicle = self.builder.fleet[0][code]
        van, trip = self.builder.van(vehicle), self.trips.get(code)
        now = seconds_of(self.now, self.day)
        if trip is None or trip.status == "planned":
            return van
        shift = Window(max(van.shift.first - self.builder.settings.loading, now), van.shift.last)
        if trip.status == "out":
            where = whereabouts(self.ask.store, self.ask.roads, trip, self.now)
            if where is not None:
                row = self.builder.row(*where.point, f"{STANDS}{vehicle.name or code} is")
                self.places[code] = Whereabouts(row, seconds_of(where.at, self.day))
            shift = Window(now, max(van.shift.last, now + OVERTIME))
        # What lies at its home is not on board: a van on the road has to fetch it like anything else.
        skills = van.skills - {home_skill(self.builder.home(vehicle))}
        return replace(van, shift=shift, skills=skills)

    # -- stops ---------------------------------------------------------------------------------------

    def _planned(self) -> Iterator[Job | Shipment]:
        for number, order in self.orders.items():
            trip, stop = self.open[number]
            drop = self._drop(order, stop)
            self.drops[number] = drop
            yield self._on_its_van(trip, stop, drop)

    def _drop(self, order: Deliverable, stop: TripStop) -> Drop:
        """A stop as it was planned; who is late already may be as late as he is."""
        sites = dict.fromkeys(self.builder.site_of(line.location) for line in stop.lines)
        drop = Drop(order, stop.lines, tuple(sites), self.builder.load_of(order))
        window = self.builder.window(order)
        eta = self.expected.get(order.order_no)
        if window is None or eta is None:
            return drop if window is None else replace(drop, windows=(window,))
        # Arrivals are told to the minute begun: to the second it may be almost a minute later.
        arrival = seconds_of(eta, self.day)
        last = window.last if arrival < window.last else arrival + 59
        return replace(drop, windows=(replace(window, last=last),))

    def _on_its_van(self, trip: Trip, stop: TripStop, drop: Drop) -> Job | Shipment:
        vehicle = self.builder.fleet[0].get(trip.vehicle)
        row = self.stood.setdefault(trip.vehicle, [])
        home = self.builder.home(vehicle) if vehicle else ""
        stays = not self.turn.free and trip.vehicle not in self.turn.broken
        loaded = stop.status == "loaded"
        handed = self._handed_over(trip, stop) if loaded and trip.vehicle not in self.turn.broken else None
        if handed is not None:
            row.extend((f"{COLLECT}{drop.number}", drop.number))
            fetch = Job(f"{COLLECT}{drop.number}", handed, vehicle=trip.vehicle)
            return Shipment(fetch, replace(self.builder.stop(drop), delivery=()), drop.load)
        if loaded or (stays and trip.status != "out" and drop.sites == (home,)):
            row.append(drop.number)
            return replace(self.builder.stop(drop), vehicle=trip.vehicle)
        if stays:
            row.extend((f"{COLLECT}{drop.number}", drop.number))
        return self._fetched(drop, trip.vehicle if stays else "")

    def _handed_over(self, trip: Trip, stop: TripStop) -> int | None:
        """The row where goods wait that this van takes over from another; None where it has them."""
        others = (one for one in self.today if one.trip_no != trip.trip_no)
        was = [one for other in others if (one := other.stop(stop.order_no)) and one.status == "skipped"]
        if not was:
            return None
        for point in trip.route:
            ahead = trip.status != "out" or (point.time is not None and point.time > self.now)
            if point.kind == "collect" and point.label.startswith(STANDS) and ahead:
                return self.builder.row(point.latitude, point.longitude, point.label)
        return None

    def _new(self) -> Iterator[Shipment]:
        for order in self.added:
            drop = self.builder.drop(order, near=True)
            if isinstance(drop, LeftOut):
                self.builder.left.append(drop)
                continue
            self.drops[order.order_no] = drop
            yield self._fetched(drop, "")

    def _fetched(self, drop: Drop, van: str) -> Shipment:
        """Goods that are still at their place: a vehicle comes by, or begins there."""
        thing = self.builder.thing(drop, van)
        if isinstance(thing, Shipment):
            return thing
        where = self.builder.site_row(drop.sites[0]) or 0
        fetch = Job(f"{COLLECT}{drop.number}", where, skills=thing.skills, vehicle=van)
        return Shipment(fetch, replace(thing, delivery=(), skills=frozenset(), vehicle=""), drop.load)

    # -- the outcome ---------------------------------------------------------------------------------

    def after(self, round_: Round, solved: Solved) -> dict[str, Trip]:
        """The live trips with their new stops, and trips of vehicles that had none."""
        found = {trip.vehicle: trip for trip in trips_of_plan(round_, solved.plan)}
        after: dict[str, Trip] = {}
        for code, new in found.items():
            after[code] = _joined(self.trips[code], new) if code in self.trips else new
        for code, old in self.trips.items():
            after.setdefault(code, replace(old, stops=_made(old), route=old.route[:1], ends_at=None))
        return after

    def unserved(self, solved: Solved) -> Iterator[LeftOut]:
        """The orders that nobody brings any more."""
        heads = {one.job.partition(" (from ")[0].removeprefix(COLLECT): one for one in solved.plan.unserved}
        for number, one in heads.items():
            if number in self.drops:
                reason = one.reason
                if number in self.open and self.open[number][0].vehicle in self.turn.broken:
                    reason = f"no other vehicle can take it over: {reason}"
                yield LeftOut(self.drops[number].order, reason, one.rule, "", one.cost)


def _made(trip: Trip) -> tuple[TripStop, ...]:
    return tuple(stop for stop in trip.stops if not stop.is_open)


def _joined(old: Trip, new: Trip) -> Trip:
    """What a trip has made, then what is left in its new order."""
    made = _made(old)
    count = max((stop.position for stop in made), default=0)
    was = {stop.order_no: stop.status for stop in old.stops}
    stops = tuple(
        replace(stop, position=number, status="loaded" if was.get(stop.order_no) == "loaded" else "planned")
        for number, stop in enumerate(new.stops, count + 1)
    )
    out = old.status == "out"
    return replace(
        old,
        stops=(*made, *stops),
        starts_at=old.starts_at if out else new.starts_at,
        ends_at=new.ends_at,
        planned_km=old.planned_km if out else new.planned_km,
        planned_cost=old.planned_cost if out else new.planned_cost,
        travel_source=new.travel_source,
        travel_estimate=new.travel_estimate,
        route=_way(old, new) if out else new.route,
    )


def _way(old: Trip, new: Trip) -> tuple[RoutePoint, ...]:
    """The way so far, then the new one."""
    done = {stop.order_no for stop in _made(old)}
    so_far = [point for point in old.route if point.kind == "start" or point.label in done]
    return (*so_far, *new.route[1:])
