"""How a day of deliveries goes: on time, late, what a stop costs, how full the vehicles are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tools.kit.trip_pictures import is_late
from tools.store import Catalogue
from tools.store.trip_facts import Trip, TripStop, Vehicle

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Figures of the trips of a day.

    ``on_time`` is the share of the deliveries with a promised time that kept it (None: none was made),
    ``late`` are stops still to be made that are expected after what was promised, ``cost_per_stop`` is the
    planned cost of the trips over their stops.
    """

    stops: int
    delivered: int
    failed: int
    skipped: int
    to_do: int
    late: int
    promised: int
    kept: int
    planned_km: Decimal
    driven_km: Decimal | None
    cost: Decimal | None
    cost_per_stop: Decimal | None

    @property
    def on_time(self) -> Decimal | None:
        """The share of deliveries that kept their promise, 0 to 1."""
        return Decimal(self.kept) / self.promised if self.promised else None


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a vehicle leaves: what it carries and, where known, what it can."""

    kg: Decimal
    litres: Decimal
    most_kg: Decimal | None
    most_litres: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """The fuller of weight and volume, as a share; None where no capacity is known."""
        shares = [
            held / most for held, most in ((self.kg, self.most_kg), (self.litres, self.most_litres)) if most
        ]
        return max(shares, default=None)


def day_figures(trips: Iterable[Trip]) -> DayFigures:
    """The figures of these trips, cancelled ones left out."""
    made = [trip for trip in trips if trip.status != "cancelled"]
    stops = [stop for trip in made for stop in trip.stops]
    delivered = [stop for stop in stops if stop.status == "delivered"]
    promised = [stop for stop in delivered if stop.due_to is not None and stop.done_at is not None]
    costs = [trip.planned_cost for trip in made if trip.planned_cost is not None]
    driven = [km for trip in made if (km := driven_km(trip)) is not None]
    return DayFigures(
        stops=len(stops),
        delivered=len(delivered),
        failed=_count(stops, "failed"),
        skipped=_count(stops, "skipped"),
        to_do=sum(stop.is_open for stop in stops),
        late=sum(stop.is_open and is_late(stop) for stop in stops),
        promised=len(promised),
        kept=sum(not is_late(stop) for stop in promised),
        planned_km=sum((trip.planned_km or ZERO for trip in made), ZERO),
        driven_km=sum(driven, ZERO) if driven else None,
        cost=sum(costs, ZERO) if costs else None,
        cost_per_stop=sum(costs, ZERO) / len(stops) if costs and stops else None,
    )


def driven_km(trip: Trip) -> Decimal | None:
    """What the odometer says a trip took; None where it was not read twice."""
    if trip.odometer_start is None or trip.odometer_end is None:
        return None
    return trip.odometer_end - trip.odometer_start


def minutes_off(planned: datetime | None, actual: datetime | None) -> int | None:
    """Minutes after plan (negative: before); None where either is not known."""
    if planned is None or actual is None:
        return None
    return round((actual - planned).total_seconds() / 60)


def fill_of(stops: Sequence[TripStop], catalogue: Catalogue, vehicle: Vehicle | None) -> Fill:
    """What the goods of these stops weigh and take up, beside what the vehicle holds.

    Goods without a known weight or volume count nothing.
    """
    kg = litres = ZERO
    for line in (line for stop in stops for line in stop.lines):
        product = catalogue.products.get(line.sku)
        if product is not None:
            own = Decimal(1) if product.unit == "kg" else product.weight_kg or ZERO
            kg += line.quantity * own
            litres += line.quantity * (product.volume_l or ZERO)
    most = (vehicle.capacity_kg, vehicle.capacity_l) if vehicle else (None, None)
    return Fill(kg, litres, *most)


def _count(stops: Iterable[TripStop], status: str) -> int:
    return sum(stop.status == status for stop in stops)
