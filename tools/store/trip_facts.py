"""What the store tells of vehicles and delivery trips: frozen facts, no database objects.

Times are the shop's wall times, quantities Decimal in the product's base unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

TripStatus = Literal["planned", "loaded", "out", "done", "cancelled"]
StopStatus = Literal["planned", "loaded", "delivered", "failed", "skipped"]
PointKind = Literal["start", "collect", "stop", "break", "end"]

LIVE_TRIPS: tuple[TripStatus, ...] = ("planned", "loaded", "out")
"""Trips that are not over."""
OPEN_STOPS: tuple[StopStatus, ...] = ("planned", "loaded")
"""Stops that are still to be made."""
TO_DELIVER = ("open", "packed", "out_for_delivery")
"""States of a customer's order that still has to reach somebody."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What delivers.  Shift and break are wall times ("08:00"), "" where none is known.

    ``home`` is a place's code, ``profile`` how it travels ("van", "bike", ...), ``skills`` what it has
    ("fridge", "lift"); costs are in the shop's currency.
    """

    code: str
    name: str
    capacity_kg: Decimal | None = None
    capacity_l: Decimal | None = None
    home: str = ""
    shift_from: str = ""
    shift_to: str = ""
    odometer_km: Decimal | None = None
    active: bool = True
    driver: str = ""
    profile: str = ""
    skills: tuple[str, ...] = ()
    cost_fixed: Decimal | None = None
    cost_per_km: Decimal | None = None
    cost_per_hour: Decimal | None = None
    break_minutes: int | None = None
    break_from: str = ""
    break_to: str = ""


class StopLine(NamedTuple):
    """``quantity`` (> 0, base unit) of a product for a stop, out of ``location`` (a place's code)."""

    sku: str
    quantity: Decimal
    location: str


class RoutePoint(NamedTuple):
    """One point of a trip's way, the depot and collections included; ``time``: planned to be there."""

    latitude: float
    longitude: float
    label: str
    time: datetime | None = None
    kind: PointKind = "stop"


@dataclass(frozen=True, slots=True)
class TripStop:
    """One customer's order on a trip.

    ``source`` is the place that the goods (or most of them) leave; ``eta`` is the latest estimate of
    the arrival, ``done_at`` and ``done_by`` say when and by whom it was finished.
    """

    order_no: str
    position: int
    customer: str = ""
    name: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    source: str = ""
    due_from: datetime | None = None
    due_to: datetime | None = None
    planned_arrival: datetime | None = None
    planned_departure: datetime | None = None
    eta: datetime | None = None
    status: StopStatus = "planned"
    done_at: datetime | None = None
    done_by: str = ""
    note: str = ""
    lines: tuple[StopLine, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.status in OPEN_STOPS

    @property
    def expected(self) -> datetime | None:
        """The latest estimate of the arrival, or the planned one."""
        return self.eta or self.planned_arrival


@dataclass(frozen=True, slots=True)
class Trip:
    """One round of one vehicle; a vehicle that loads again makes another trip on the same day.

    ``events`` counts what has happened to it (ETAs that moved apart); a change that carries an older
    figure as ``seen`` is refused.  ``travel_estimate``: the times are straight-line estimates.
    """

    trip_no: str
    day: date
    vehicle: str
    driver: str = ""
    status: TripStatus = "planned"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    planned_km: Decimal | None = None
    planned_cost: Decimal | None = None
    travel_source: str = ""
    travel_estimate: bool = False
    stops: tuple[TripStop, ...] = ()
    events: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    odometer_start: Decimal | None = None
    odometer_end: Decimal | None = None
    route: tuple[RoutePoint, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether it is not over yet."""
        return self.status in LIVE_TRIPS

    @property
    def open_stops(self) -> tuple[TripStop, ...]:
        """The stops that are still to be made, in their order."""
        return tuple(stop for stop in self.stops if stop.is_open)

    def stop(self, order_no: str) -> TripStop | None:
        """The stop of this order."""
        return next((stop for stop in self.stops if stop.order_no == order_no), None)


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A customer's order that is to be brought: where to, when, and what.

    ``trip_no`` is the trip that is not over and has it as an open stop; "" for none.
    """

    order_no: str
    status: str
    customer: str = ""
    name: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    placed_at: datetime | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    lines: tuple[tuple[str, Decimal], ...] = ()
    trip_no: str = ""


@dataclass(frozen=True, slots=True)
class StopDone:
    """One finished stop, what was planned beside what happened, for learning travel times."""

    trip_no: str
    vehicle: str
    day: date
    order_no: str
    status: StopStatus
    latitude: float | None
    longitude: float | None
    due_from: datetime | None
    due_to: datetime | None
    planned_arrival: datetime | None
    planned_departure: datetime | None
    done_at: datetime
    started_at: datetime | None = None
    """When its trip left."""


@dataclass(frozen=True, slots=True)
class LastWord:
    """What was last said of an order: ``kind`` send, delivered, failed or skipped, ``at`` a wall time."""

    kind: str
    at: datetime
    by: str
    note: str = ""
    trip_no: str = ""
    group_id: str = ""


@dataclass(frozen=True, slots=True)
class TripEvent:
    """One step in the life of a trip; ``order_no`` where it was about one stop, ``at`` an instant."""

    kind: str
    order_no: str
    at: datetime
    actor: str
    undone: bool = False
