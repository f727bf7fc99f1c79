"""What the books know of a vehicle's upkeep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

ODOMETER, VOLTAGE, TEMPERATURE = "odometer", "voltage", "temperature"
READING_KINDS = (ODOMETER, VOLTAGE, TEMPERATURE)
# How bad something is, the least first: "stop" means that the vehicle is not to be driven.
SEVERITIES = ("note", "soon", "stop")
STOP = "stop"


@dataclass(frozen=True, slots=True)
class PartFigures:
    """A part with the shop's own figures; None where the usual ones stand."""

    code: str
    name: str = ""
    every_km: Decimal | None = None
    every_days: int | None = None
    life_km: Decimal | None = None
    shape: float | None = None
    severity: str = ""
    planned_cost: Decimal | None = None
    failure_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Something that was done to a vehicle; ``failed``: the part had given up before it was changed."""

    vehicle: str
    part: str
    done_on: date
    odometer_km: Decimal | None = None
    failed: bool = False
    cost: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Odometer:
    """Kilometres on the clock at a moment.  ``source``: told, import, trip, service or list."""

    vehicle: str
    at: datetime
    km: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class VehicleReading:
    """One measurement (V or °C) at the shop's wall time; ``ambient`` is the temperature outside."""

    vehicle: str
    kind: str
    at: datetime
    value: float
    ambient: float | None = None


@dataclass(frozen=True, slots=True)
class VehicleFault:
    """A fault code that is not cleared."""

    id: int
    vehicle: str
    code: str
    seen_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that a person found wrong and that is not mended."""

    id: int
    vehicle: str
    text: str
    severity: str
    found_at: datetime
    found_by: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A day that a vehicle is at the workshop, and for which parts."""

    id: int
    vehicle: str
    day: date
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TripDriven:
    """A trip that is done and its kilometres; ``measured``: by the clock, not as it was planned."""

    vehicle: str
    at: datetime
    km: Decimal
    measured: bool
