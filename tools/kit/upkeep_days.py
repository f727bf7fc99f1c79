"""Days at the workshop: which vehicles the plan of a day must leave out, and which day spares one best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from tools.kit.rounds_settings import travels_by
from tools.kit.upkeep_codes import meaning
from tools.maths.routing.travel import CYCLING
from tools.maths.upkeep.days import DayLoad, sparest
from tools.store import Store
from tools.store.trip_facts import LIVE_TRIPS, Vehicle
from tools.store.upkeep_facts import STOP

LOOKS_AHEAD = 14
SATURDAY = 5


def is_cycle(vehicle: Vehicle) -> bool:
    """Whether it has pedals: by its profile, else by its name."""
    return travels_by(vehicle) == CYCLING


def out_of_service(store: Store, day: date) -> frozenset[str]:
    """The codes of the vehicles that cannot go out on a day: at the workshop, or not safe to drive."""
    return frozenset(code for code, _ in why_out(store, day))


def why_out(store: Store, day: date) -> tuple[tuple[str, str], ...]:
    """The vehicles that cannot go out on a day, each with the reason as the rest of a sentence."""
    upkeep = store.upkeep
    at_workshop = [
        (one.vehicle, "is booked in at the workshop") for one in upkeep.bookings(first=day, last=day)
    ]
    unsafe = [
        (one.vehicle, f"has an open defect: {one.text}") for one in upkeep.defects() if one.severity == STOP
    ]
    faults = [
        (one.vehicle, f"shows {one.code} ({meaning(one.code).words})")
        for one in upkeep.faults()
        if meaning(one.code).severity == STOP
    ]
    found: dict[str, str] = {}
    for code, reason in (*at_workshop, *unsafe, *faults):
        found.setdefault(code, reason)
    return tuple(found.items())


def loads(store: Store, vehicle: Vehicle, today: date, days: int = LOOKS_AHEAD) -> tuple[DayLoad, ...]:
    """What the next days ask of a vehicle, from tomorrow on; workshops are closed at the weekend."""
    first, last = today + timedelta(days=1), today + timedelta(days=days)
    orders: Counter[date] = Counter()
    for order in store.trips.deliverable(first, last):
        due = order.due_to or order.due_from
        if due is not None:
            orders[due.date()] += 1
    kin = [
        other.code
        for other in store.trips.vehicles()
        if other.code != vehicle.code and is_cycle(other) == is_cycle(vehicle)
    ]
    away = {(one.vehicle, one.day) for one in store.upkeep.bookings(kin, first=first, last=last)}
    trips = Counter(trip.day for trip in store.trips.trips(statuses=LIVE_TRIPS, vehicle=vehicle.code))
    found = []
    for ahead in range(1, days + 1):
        day = today + timedelta(days=ahead)
        others = sum(1 for code in kin if (code, day) not in away)
        found.append(DayLoad(day, orders[day], trips[day], others, open=day.weekday() < SATURDAY))
    return tuple(found)


def workshop_day(found: Sequence[DayLoad], latest: date | None) -> DayLoad | None:
    """The day on which the plan spares the vehicle, at the latest when the work is due if that is ahead."""
    first = found[0].day if found else None
    return sparest(found, None if latest is None or first is None else max(latest, first))
