"""What can be done to delivery trips.  Each is data; ``Store.apply`` makes it, once, whole.

Times are the shop's wall times.  ``seen`` is how many events the trip had when it was shown (None: not
checked): what was changed in between is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from tools.store.trip_facts import RoutePoint, StopLine

Outcome = Literal["delivered", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """An order to bring; no ``lines``: those of the order, all out of ``source``."""

    order_no: str
    source: str
    arrival: datetime | None = None
    departure: datetime | None = None
    lines: tuple[StopLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedTrip:
    """One round of one vehicle as it was planned; the stops in their order."""

    vehicle: str
    stops: tuple[PlannedStop, ...]
    driver: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    planned_km: Decimal | None = None
    planned_cost: Decimal | None = None
    travel_source: str = ""
    travel_estimate: bool = False
    route: tuple[RoutePoint, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmTrips:
    """The plan of a day stands: new trips, in place of those that it ``replaces`` (not loaded yet).

    ``seen`` is :meth:`Trips.seen` of the day when the plan was shown.
    """

    day: date
    trips: tuple[PlannedTrip, ...]
    seen: int | None = None
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadTrip:
    """The goods of all stops not loaded yet leave their places and are on the van."""

    trip_no: str
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class StartTrip:
    """The van leaves; what was not loaded yet is loaded by it."""

    trip_no: str
    at: datetime
    odometer_km: Decimal | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class SendOut:
    """An order that is on no trip leaves ``place`` (None: a place that has it) on its way to the customer."""

    order_no: str
    at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class FinishStop:
    """What became of a delivery, on a trip or without one; the ``etas`` of the stops after it move along.

    ``place`` is where the goods left from if they were not loaded (None: the stop's source, or a place
    that has them).
    """

    order_no: str
    outcome: Outcome
    at: datetime
    note: str = ""
    place: str | None = None
    etas: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class RevisedTrip:
    """What is left of a trip, in its new order; the stops already made stay as they are.

    A loaded stop that is in no revised trip comes back with the van, one not loaded is off the plan.
    None of ``driver``, ``starts_at`` ... leaves that as it is.
    """

    trip_no: str
    stops: tuple[PlannedStop, ...]
    seen: int | None = None
    driver: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    planned_km: Decimal | None = None
    planned_cost: Decimal | None = None
    travel_source: str | None = None
    travel_estimate: bool | None = None
    route: tuple[RoutePoint, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviseTrips:
    """A running day is planned anew: stops in another order, on another van, added or dropped.

    ``new`` are further trips of ``day``.  Goods on a van stay there; a loaded stop given to another
    trip was handed over from van to van.  ``seen`` is that of the ``day``, as in :class:`ConfirmTrips`
    (each trip may carry its own instead).
    """

    trips: tuple[RevisedTrip, ...]
    new: tuple[PlannedTrip, ...] = ()
    day: date | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class MoveEtas:
    """When the van will be at its next stops, by order number, as far as is known now."""

    trip_no: str
    etas: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class EndTrip:
    """The van is back: what was not delivered returns to the places that it left."""

    trip_no: str
    at: datetime
    odometer_km: Decimal | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class CancelTrips:
    """Trips that have not left are not wanted any more; what was loaded goes back."""

    trips: tuple[str, ...]
    reason: str = ""
    seen: int | None = None
    """Checked where it is one trip."""


TripChange = (
    ConfirmTrips
    | LoadTrip
    | StartTrip
    | SendOut
    | FinishStop
    | ReviseTrips
    | MoveEtas
    | EndTrip
    | CancelTrips
)
