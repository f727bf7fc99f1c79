"""OR-Tools' routing behind our own door: for days with breaks, and where PyVRP is not installed.

The first plan is parallel cheapest insertion, bettered by guided local search (Voudouris and Tsang, 1999).
Every stop may be left out at a price, so that there is always a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.maths.routing.problem import FOREVER, Break, Job, Load, Problem, serves
from tools.maths.routing.pyvrp_solver import Wish, units
from tools.maths.routing.schedule import Visit, plain_visits

_FINER = 100
"""OR-Tools takes larger numbers than PyVRP: costs of a second are told in so many more units."""
_NO_LIMIT = 10**12
_NOWHERE = -1
_A_DAY = 86_400.0

Orders = dict[str, list[list[Visit]]]
"""For each vehicle its trips of stops, in order."""


def solve(problem: Problem, wish: Wish) -> Orders | None:
    """The best order of stops found, or None where the solver finds nothing at all.

    Its breaks may lie on the way; ours are taken parked, so the times are not the solver's but worked out
    again.  ``wish.worth`` is the price of leaving out a stop that has to be served.
    """
    model = _Model(problem, wish)
    found = model.search()
    return None if found is None else model.orders(found)


@dataclass(frozen=True, slots=True)
class _Stop:
    job: Job
    visit: Visit
    brought: Load


class _Model:
    """A problem in the solver's terms: stops first, then starts, ends, and places to load again."""

    def __init__(self, problem: Problem, wish: Wish) -> None:
        from ortools.constraint_solver import pywrapcp  # type: ignore[import-untyped]

        self.problem, self.wish = problem, wish
        self.units = units(problem) * _FINER
        self.stops = _stops(problem)
        count, fleet = len(self.stops), len(problem.vehicles)
        self.reloads = [] if _takes_back(problem) else _reloads(problem, count)
        places = [stop.job.place for stop in self.stops]
        places += [vehicle.start for vehicle in problem.vehicles]
        places += [_NOWHERE if vehicle.end is None else vehicle.end for vehicle in problem.vehicles]
        places += [problem.vehicles[number].start for number in self.reloads]
        self.places = np.array(places)
        starts = list(range(count, count + fleet))
        ends = list(range(count + fleet, count + 2 * fleet))
        self.again = count + 2 * fleet
        self.manager = pywrapcp.RoutingIndexManager(len(places), fleet, starts, ends)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.solver = self.routing.solver()
        self._costs()
        self.time = self._times()
        self._loads()
        self._choices()
        self._windows()

    # -- into the solver ---------------------------------------------------------------------------

    def _table(self, lengths: Any, at: Sequence[int] | None = None) -> list[list[int]]:
        """Lengths between nodes, with what each node takes itself (``at``)."""
        places = np.maximum(self.places, 0)
        table = lengths[np.ix_(places, places)].astype(np.int64)
        table[:, self.places == _NOWHERE] = 0
        table[self.places == _NOWHERE, :] = 0
        if at is not None:
            table = table + np.array(at)[:, None]
        rows: list[list[int]] = table.tolist()
        return rows

    def _services(self) -> list[int]:
        loading = self.problem.load_seconds
        fleet = len(self.problem.vehicles)
        own = [stop.job.service for stop in self.stops]
        return own + [loading] * fleet + [0] * fleet + [loading] * len(self.reloads)

    def _costs(self) -> None:
        known: dict[tuple[str, float], int] = {}
        for number, vehicle in enumerate(self.problem.vehicles):
            key = (vehicle.profile, vehicle.per_metre)
            if key not in known:
                metres = self.problem.matrix(vehicle).distances * (vehicle.per_metre * self.units)
                known[key] = self.routing.RegisterTransitMatrix(self._table(np.rint(metres)))
            self.routing.SetArcCostEvaluatorOfVehicle(known[key], number)
            self.routing.SetFixedCostOfVehicle(round(vehicle.fixed * self.units), number)

    def _by_profile(self, at: Sequence[int] | None, *, metres: bool) -> list[int]:
        known: dict[str, int] = {}
        for vehicle in self.problem.vehicles:
            if vehicle.profile not in known:
                matrix = self.problem.matrix(vehicle)
                table = self._table(matrix.distances if metres else matrix.durations, at)
                known[vehicle.profile] = self.routing.RegisterTransitMatrix(table)
        return [known[vehicle.profile] for vehicle in self.problem.vehicles]

    def _times(self) -> Any:
        services = self._services()
        fleet = self.problem.vehicles
        latest = max(vehicle.shift.last for vehicle in fleet)
        self.routing.AddDimensionWithVehicleTransits(
            self._by_profile(services, metres=False), latest, latest, False, "time"
        )
        time = self.routing.GetDimensionOrDie("time")
        if any(vehicle.farthest < FOREVER for vehicle in fleet):
            most = [vehicle.farthest for vehicle in fleet]
            metres = self._by_profile(None, metres=True)
            self.routing.AddDimensionWithVehicleTransitAndCapacity(metres, 0, most, True, "metres")
        visits = [
            services[self.manager.IndexToNode(index)] if index < self.routing.Size() else 0
            for index in range(self.routing.Size())
        ]
        for number, vehicle in enumerate(fleet):
            for index in (self.routing.Start(number), self.routing.End(number)):
                time.CumulVar(index).SetRange(vehicle.shift.first, vehicle.shift.last)
            time.SetSpanCostCoefficientForVehicle(round(vehicle.per_second * self.units), number)
            if vehicle.longest < FOREVER:
                time.SetSpanUpperBoundForVehicle(vehicle.longest, number)
            if vehicle.breaks:
                rests = [self._rest(rest, vehicle.id) for rest in vehicle.breaks]
                time.SetBreakIntervalsOfVehicle(rests, number, visits)
        return time

    def _rest(self, rest: Break, name: str) -> Any:
        window = rest.window
        return self.solver.FixedDurationIntervalVar(window.first, window.last, rest.length, False, name)

    def _loads(self) -> None:
        loads = [load for stop in self.stops for load in (stop.visit.change, stop.brought)]
        width = max((len(load) for load in loads), default=0)
        for dimension in range(width):
            most = [_at(vehicle.capacity, dimension, _NO_LIMIT) for vehicle in self.problem.vehicles]
            brought = [_at(stop.brought, dimension, 0) for stop in self.stops]
            changes = [_at(stop.visit.change, dimension, 0) for stop in self.stops]
            if all(change == -load for change, load in zip(changes, brought, strict=True)):
                self._dimension(f"load {dimension}", brought, most)
            else:
                self._both_ways(dimension, brought, changes, most)

    def _dimension(self, name: str, amounts: Sequence[int], most: Sequence[int]) -> Any:
        """What is brought, all told; a reload makes room again."""
        room = max(most)
        rest = [0] * (len(self.places) - len(amounts) - len(self.reloads))
        vector = [*amounts, *rest, *(-most[number] for number in self.reloads)]
        callback = self.routing.RegisterUnaryTransitVector(vector)
        slack = room if self.reloads else 0
        self.routing.AddDimensionWithVehicleCapacity(callback, slack, list(most), True, name)
        dimension = self.routing.GetDimensionOrDie(name)
        if self.reloads:
            for node in range(len(self.stops)):
                dimension.SlackVar(self.manager.NodeToIndex(node)).SetValue(0)
        return dimension

    def _both_ways(
        self, number: int, brought: Sequence[int], changes: Sequence[int], most: Sequence[int]
    ) -> None:
        """On board at the start is what the route brings in all; then each stop adds and takes."""
        total = self._dimension(f"brought {number}", brought, most)
        rest = [0] * (len(self.places) - len(changes))
        callback = self.routing.RegisterUnaryTransitVector([*changes, *rest])
        name = f"on board {number}"
        self.routing.AddDimensionWithVehicleCapacity(callback, 0, list(most), False, name)
        aboard = self.routing.GetDimensionOrDie(name)
        for vehicle in range(len(most)):
            first, last = self.routing.Start(vehicle), self.routing.End(vehicle)
            self.solver.Add(aboard.CumulVar(first) == total.CumulVar(last))

    def _choices(self) -> None:
        """Who may serve what, and what leaving it out costs."""
        for node, stop in enumerate(self.stops):
            index = self.manager.NodeToIndex(node)
            head = self._head(stop)
            able = [at for at, vehicle in enumerate(self.problem.vehicles) if serves(vehicle, head)]
            self.routing.VehicleVar(index).SetValues([-1, *able])
            self.routing.AddDisjunction([index], self._price(stop))
            if stop.job.release > 0:
                self._released(index, stop.job.release, able)
        for at, number in enumerate(self.reloads):
            index = self.manager.NodeToIndex(self.again + at)
            self.routing.VehicleVar(index).SetValues([-1, number])
            self.routing.AddDisjunction([index], 0)
        first = len(self.problem.jobs)
        for at in range(len(self.problem.shipments)):
            self._pair(*(self.manager.NodeToIndex(first + 2 * at + more) for more in (0, 1)))

    def _pair(self, pickup: int, delivery: int) -> None:
        self.routing.AddPickupAndDelivery(pickup, delivery)
        self.solver.Add(self.routing.VehicleVar(pickup) == self.routing.VehicleVar(delivery))
        self.solver.Add(self.time.CumulVar(pickup) <= self.time.CumulVar(delivery))

    def _head(self, stop: _Stop) -> Job:
        for one in self.problem.shipments:
            if stop.job is one.delivery:
                return one.pickup
        return stop.job

    def _price(self, stop: _Stop) -> int:
        if stop.visit.kind == "delivery":
            return 0
        worth = (self.wish.worth or 0.0) if stop.job.value is None else stop.job.value
        return max(1, round(worth * self.units))

    def _released(self, index: int, release: int, able: Sequence[int]) -> None:
        """The vehicle leaves after the goods are ready; with a second trip that is sooner than it needs."""
        for number in able:
            there = self.solver.IsEqualCstVar(self.routing.VehicleVar(index), number)
            self.solver.Add(self.time.CumulVar(self.routing.Start(number)) >= there * release)

    def _windows(self) -> None:
        for node, stop in enumerate(self.stops):
            if not stop.job.windows:
                continue
            begin = self.time.CumulVar(self.manager.NodeToIndex(node))
            windows = sorted(stop.job.windows, key=lambda one: one.first)
            begin.SetRange(windows[0].first, max(one.last for one in windows))
            reached = windows[0].last
            for window in windows[1:]:
                if window.first > reached + 1:
                    begin.RemoveInterval(reached + 1, window.first - 1)
                reached = max(reached, window.last)

    # -- and back ----------------------------------------------------------------------------------

    def search(self) -> Any:
        """The solver's answer, or None."""
        parameters = self._parameters()
        halt = self.wish.halt
        if halt is not None:
            self.routing.AddSearchMonitor(self.solver.CustomLimit(halt))
        self.routing.CloseModelWithParameters(parameters)
        begin = self._begin()
        if begin is None:
            return self.routing.SolveWithParameters(parameters)
        return self.routing.SolveFromAssignmentWithParameters(begin, parameters)

    def _parameters(self) -> Any:
        from ortools.constraint_solver import pywrapcp, routing_enums_pb2

        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        )
        ways = routing_enums_pb2.LocalSearchMetaheuristic
        if self.wish.iterations is not None:
            # Guided local search never ends by itself; going down to where nothing helps does.
            parameters.local_search_metaheuristic = ways.GREEDY_DESCENT
            return parameters
        parameters.local_search_metaheuristic = ways.GUIDED_LOCAL_SEARCH
        # With a clock of one's own the wall is only a limit that nobody reaches.
        wall = self.wish.seconds if self.wish.halt is None else _A_DAY
        parameters.time_limit.FromMilliseconds(max(1, round(1000 * wall)))
        return parameters

    def _begin(self) -> Any:
        if not self.wish.start or self.reloads:
            return None
        nodes = {stop.job.id: node for node, stop in enumerate(self.stops)}
        routes = [
            [
                self.manager.NodeToIndex(nodes[name])
                for trip in self.wish.start.get(vehicle.id, ())
                for name in trip
                if name in nodes
            ]
            for vehicle in self.problem.vehicles
        ]
        return self.routing.ReadAssignmentFromRoutes(routes, True)

    def orders(self, found: Any) -> Orders:
        """The stops of each vehicle in order, trip by trip."""
        orders: Orders = {}
        for number, vehicle in enumerate(self.problem.vehicles):
            trips: list[list[Visit]] = [[]]
            index = found.Value(self.routing.NextVar(self.routing.Start(number)))
            while not self.routing.IsEnd(index):
                node = self.manager.IndexToNode(index)
                if node >= self.again:
                    trips.append([])
                else:
                    trips[-1].append(self.stops[node].visit)
                index = found.Value(self.routing.NextVar(index))
            filled = [trip for trip in trips if trip]
            if filled:
                orders[vehicle.id] = filled
        return orders


def _stops(problem: Problem) -> list[_Stop]:
    visits = plain_visits(problem.jobs)
    stops = [_Stop(visit.job, visit, visit.job.delivery) for visit in visits]
    for one in problem.shipments:
        away = tuple(-amount for amount in one.amount)
        stops.append(_Stop(one.pickup, Visit("pickup", one.pickup, one.amount), ()))
        stops.append(_Stop(one.delivery, Visit("delivery", one.delivery, away), ()))
    return stops


def _takes_back(problem: Problem) -> bool:
    """Whether anything comes on board on the way: then a second trip is left to those who can plan it."""
    return bool(problem.shipments) or any(any(job.pickup) for job in problem.jobs)


def _reloads(problem: Problem, stops: int) -> list[int]:
    """For each place to load again the number of its vehicle; never more trips than stops."""
    return [
        number
        for number, vehicle in enumerate(problem.vehicles)
        for _ in range(min(vehicle.reloads, max(stops - 1, 0)))
    ]


def _at(load: Load, dimension: int, default: int) -> int:
    return load[dimension] if dimension < len(load) else default
