"""The demo shop's vans: a year of odometer readings, a service log, a battery that fades, a fault code."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

SERVICE_COLUMNS = "done_on vehicle part odometer_km failed cost note"
READING_COLUMNS = "read_at vehicle kind value ambient"
FAULT_COLUMNS = "seen_at vehicle code cleared_at note"
# Kilometres on the clock today and in a week, as in the list of vehicles.
CLOCKS = {"VAN": (48_210, 390), "TRIKE": (2_960, 55)}
BATTERY_DAYS, FADES_FOR = 150, 24
# Vehicle, part, days ago, failed, cost, note.
_LOG = (
    ("VAN", "service", 318, "", "240.00", ""),
    ("VAN", "oil", 318, "", "", "with the service"),
    ("VAN", "mot", 356, "", "54.85", ""),
    ("VAN", "tyres", 402, "", "380.00", ""),
    ("VAN", "brake_pads", 476, "", "165.00", ""),
    ("VAN", "brake_fluid", 476, "", "", ""),
    ("VAN", "wipers", 130, "", "28.00", ""),
    ("TRIKE", "bike_service", 210, "", "70.00", ""),
    ("TRIKE", "chain", 210, "", "", "with the service"),
    ("TRIKE", "bike_brakes", 245, "", "22.00", ""),
    ("TRIKE", "bike_tyres", 120, "yes", "48.00", "glass on the ring road"),
)
Row = tuple[Any, ...]


def services(today: date) -> list[Row]:
    """The service log, oldest first."""
    rows = [
        ((today - timedelta(days=ago)).isoformat(), vehicle, part, _clock(vehicle, ago), failed, cost, note)
        for vehicle, part, ago, failed, cost, note in _LOG
    ]
    return sorted(rows)


def _clock(vehicle: str, ago: int) -> int:
    """Kilometres so many days ago."""
    now, weekly = CLOCKS[vehicle]
    return max(round(now - weekly * ago / 7), 0)


def readings(today: date, seed: int) -> Iterator[Row]:
    """The clocks week by week, and the van's battery each morning: it has been fading lately."""
    chance = np.random.default_rng([seed, 9])
    for vehicle in CLOCKS:
        for ago in range(364, 0, -7):
            at = datetime.combine(today - timedelta(days=ago), time(17, 40))
            yield at.isoformat(timespec="minutes"), vehicle, "odometer", _clock(vehicle, ago), ""
    for ago in range(BATTERY_DAYS, -1, -1):
        day = today - timedelta(days=ago)
        around = math.cos((day.timetuple().tm_yday - 200) / 365.25 * 2 * math.pi)
        ambient = 8.0 + 7.0 * around + chance.normal(0, 1.5)
        volts = 12.64 + 0.005 * (ambient - 15.0) + chance.normal(0, 0.02)
        volts -= 0.012 * max(0, FADES_FOR - ago)
        at = datetime.combine(day, time(7, 35))
        yield at.isoformat(timespec="minutes"), "VAN", "voltage", f"{volts:.3f}", f"{ambient:.1f}"


def faults(today: date) -> list[Row]:
    """One code that can wait, and one that was cleared."""
    shown, cleared = today - timedelta(days=5), today - timedelta(days=90)
    return [
        (f"{cleared}T08:10", "VAN", "P0302", f"{cleared + timedelta(days=2)}T16:00", "new spark plug"),
        (f"{shown}T07:50", "VAN", "P0420", "", ""),
    ]
