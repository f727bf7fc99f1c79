"""What a shop's rounds rest on beside the books: minutes at a door, wages, usual weights; each can be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from math import isfinite

from tools.maths.routing.problem import Break, Window
from tools.maths.routing.travel import CYCLING, DRIVING
from tools.store import Store
from tools.store.trip_facts import Vehicle

USUAL: Mapping[str, float] = {
    "round_service_minutes": 5.0,
    "round_collect_minutes": 3.0,
    "round_loading_minutes": 15.0,
    "round_km_cost": 0.45,
    "round_bike_km_cost": 0.05,
    "round_hour_cost": 15.0,
    "round_vehicle_cost": 0.0,
    "round_weight_kg": 0.5,
    "round_volume_l": 1.0,
}
CHILLED = "round_chilled_vehicles"
"""The setting that names the vehicles that may carry what is kept in a fridge; unset: all of them."""
USUAL_SHIFT = ("08:00", "17:00")
_CYCLES = ("bike", "cycl", "trike")


@dataclass(frozen=True, slots=True)
class RoundSettings:
    """Seconds for a stop, for goods picked up on the way and for loading; money; usual sizes of a unit.

    ``km``, ``bike_km``, ``hour`` and ``vehicle`` are money for what a vehicle has no figure of its own for;
    ``kg`` and ``litres`` are taken for a unit of a product without weight or volume.
    """

    service: int
    collect: int
    loading: int
    km: float
    bike_km: float
    hour: float
    vehicle: float
    kg: float
    litres: float
    chilled: frozenset[str]

    def cost_of_km(self, vehicle: Vehicle) -> float:
        """Money for a kilometre of this vehicle."""
        if vehicle.cost_per_km is not None:
            return float(vehicle.cost_per_km)
        return self.bike_km if travels_by(vehicle) == CYCLING else self.km

    def cost_of_hour(self, vehicle: Vehicle) -> float:
        """Money for an hour on the road."""
        return self.hour if vehicle.cost_per_hour is None else float(vehicle.cost_per_hour)

    def cost_of_use(self, vehicle: Vehicle) -> float:
        """Money for using it at all on a day."""
        return self.vehicle if vehicle.cost_fixed is None else float(vehicle.cost_fixed)


def round_settings(store: Store) -> RoundSettings:
    """The figures that hold now; one that is no number or below 0 counts as not set."""
    kept = store.settings.all()
    read = {key: _figure(kept.get(key, ""), usual) for key, usual in USUAL.items()}
    return RoundSettings(
        service=round(60 * read["round_service_minutes"]),
        collect=round(60 * read["round_collect_minutes"]),
        loading=round(60 * read["round_loading_minutes"]),
        km=read["round_km_cost"],
        bike_km=read["round_bike_km_cost"],
        hour=read["round_hour_cost"],
        vehicle=read["round_vehicle_cost"],
        kg=read["round_weight_kg"],
        litres=read["round_volume_l"],
        chilled=frozenset(kept.get(CHILLED, "").replace(",", " ").split()),
    )


def travels_by(vehicle: Vehicle) -> str:
    """The kind of travel times it needs: by its profile, else by its name."""
    named = (vehicle.profile or f"{vehicle.code} {vehicle.name}").lower()
    return CYCLING if any(part in named for part in _CYCLES) else DRIVING


def _figure(text: str, usual: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return usual
    return value if isfinite(value) and value >= 0 else usual


def breaks_of(vehicle: Vehicle) -> tuple[Break, ...]:
    """The rest that its driver takes, as the problem has it; none where it is not known."""
    if not vehicle.break_minutes or not vehicle.break_from or not vehicle.break_to:
        return ()
    window = Window(clock_seconds(vehicle.break_from), clock_seconds(vehicle.break_to))
    return (Break(60 * vehicle.break_minutes, window),)


def clock_seconds(text: str) -> int:
    """Seconds of a wall time such as "08:00"; 0 where it is none."""
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return 0
    return 3600 * at.hour + 60 * at.minute + at.second
