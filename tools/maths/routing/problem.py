"""What a routing problem is: stops, shipments, vehicles, travel, and what counts as good.

Times are whole seconds from a common zero, distances whole metres, loads whole units of each dimension
(grams, millilitres ...).  Places are rows of the travel matrices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Load = tuple[int, ...]
Aim = Literal["cheapest", "fewest", "even"]

FOREVER = 10**9
"""Later than any window, in seconds (some 30 years)."""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, both ends included."""

    first: int = 0
    last: int = FOREVER


@dataclass(frozen=True, slots=True)
class Job:
    """One stop.

    Attributes:
        id: Its name in the plan.
        place: Its row of the matrices.
        delivery: What is brought from the depot, by dimension.
        pickup: What is taken back to the depot, by dimension.
        service: Seconds at the stop.
        windows: Service begins within one of them; none: at any time.
        skills: What the vehicle has to have (a fridge, a lift).
        release: The goods are not ready before.
        value: What it is worth to serve it, in money; None: it has to be served.
        vehicle: The only vehicle that may serve it (its goods are loaded there); "" for any.
    """

    id: str
    place: int
    delivery: Load = ()
    pickup: Load = ()
    service: int = 0
    windows: tuple[Window, ...] = ()
    skills: frozenset[str] = frozenset()
    release: int = 0
    value: float | None = None
    vehicle: str = ""


@dataclass(frozen=True, slots=True)
class Shipment:
    """Goods that go from one stop to another on the same trip; the two jobs carry no load of their own.

    ``value``, ``skills`` and ``vehicle`` are those of ``pickup``.
    """

    pickup: Job
    delivery: Job
    amount: Load


@dataclass(frozen=True, slots=True)
class Break:
    """A rest of ``length`` seconds that begins within the window."""

    length: int
    window: Window


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle and its driver's day.

    Attributes:
        id: Its name in the plan.
        start: The row where the day begins.
        end: The row where it ends; None: wherever the last stop is.
        capacity: By dimension; () for no limit.
        skills: What it has.
        shift: The route lies within.
        longest: Seconds that a route may take at most.
        farthest: Metres that a route may have at most.
        breaks: Rests, each taken once by a route that begins before its window is over and ends after it.
        fixed: Money for using it at all.
        per_metre: Money a metre.
        per_second: Money a second, from leaving to being back, waiting and service included.
        reloads: How often it may load again at its start.
        profile: The matrix it travels by.
    """

    id: str
    start: int
    end: int | None = None
    capacity: Load = ()
    skills: frozenset[str] = frozenset()
    shift: Window = field(default_factory=Window)
    longest: int = FOREVER
    farthest: int = FOREVER
    breaks: tuple[Break, ...] = ()
    fixed: float = 0.0
    per_metre: float = 1.0
    per_second: float = 0.0
    reloads: int = 0
    profile: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Travel between all places: seconds and metres, from row to column."""

    durations: Whole
    distances: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """All of it.  ``load_seconds`` is what loading at the start of each trip takes."""

    vehicles: tuple[Vehicle, ...]
    matrices: Mapping[str, Matrix]
    jobs: tuple[Job, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    aim: Aim = "cheapest"
    load_seconds: int = 0

    def matrix(self, vehicle: Vehicle) -> Matrix:
        """How this vehicle travels."""
        return self.matrices[vehicle.profile]

    def vehicle(self, name: str) -> Vehicle:
        """The vehicle of this name.

        Raises:
            KeyError: there is none.
        """
        for one in self.vehicles:
            if one.id == name:
                return one
        raise KeyError(name)


def serves(vehicle: Vehicle, job: Job) -> bool:
    """Whether the vehicle is the right one for a stop, whatever else it has to do."""
    return job.skills <= vehicle.skills and job.vehicle in ("", vehicle.id)
