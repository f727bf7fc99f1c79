"""What can be told of a vehicle's upkeep.  Each is data; ``Store.apply`` makes it, once, whole.

``Applied.documents`` names the vehicles that were touched.  Each can be undone while nothing more has
happened to the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NoteOdometer:
    """``km`` (>= 0) stood on the clock at a wall time."""

    vehicle: str
    km: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteService:
    """Parts were changed, or jobs done, on a day; ``failed`` where they had given up before."""

    vehicle: str
    parts: tuple[str, ...]
    day: date
    km: Decimal | None = None
    failed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoteDefect:
    """A person found something wrong; ``severity``: note, soon or stop."""

    vehicle: str
    text: str
    severity: str = "soon"


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement at a wall time: V or °C, or km on the clock; ``ambient`` in °C outside."""

    kind: str
    value: Decimal
    at: datetime
    ambient: Decimal | None = None


@dataclass(frozen=True, slots=True)
class NoteReadings:
    """What was measured at a vehicle."""

    vehicle: str
    readings: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class NoteFaults:
    """Codes that the vehicle's computer shows; those that stand already stay as they are."""

    vehicle: str
    codes: tuple[str, ...]
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class MendVehicle:
    """Open defects and fault codes, by their numbers, are mended and cleared."""

    vehicle: str
    defects: tuple[int, ...] = ()
    faults: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BookWorkshop:
    """A vehicle is at the workshop for a day; its other bookings from today on give way."""

    vehicle: str
    day: date
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelWorkshop:
    """A booked day is not wanted any more."""

    booking: int


UpkeepStep = (
    NoteOdometer
    | NoteService
    | NoteDefect
    | NoteReadings
    | NoteFaults
    | MendVehicle
    | BookWorkshop
    | CancelWorkshop
)


@dataclass(frozen=True, slots=True)
class UpkeepSteps:
    """Several things told at once: all of them, or none."""

    steps: tuple[UpkeepStep, ...]


UpkeepChange = UpkeepStep | UpkeepSteps
