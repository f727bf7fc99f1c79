"""Problems of the literature: Solomon's and Homberger's text files, and VRPLIB's.

Lengths are kept as whole tenths where the convention truncates to one decimal (Solomon, Homberger, as in the
DIMACS challenge of 2022) and as whole numbers elsewhere; ``scale`` is what a cost is divided by to be told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tools.maths.routing.problem import FOREVER, Job, Matrix, Problem, Vehicle, Whole, Window

TENTHS = 10
Rounding = Literal["round", "dimacs", "exact"]
"""VRPLIB lengths and times: to the nearest whole, to tenths cut off, or to thousandths."""
_FACTORS: dict[Rounding, int] = {"round": 1, "dimacs": TENTHS, "exact": 1000}
_LENGTHS = (
    "edge_weight",
    "time_window",
    "service_time",
    "release_time",
    "prize",
    "vehicles_max_distance",
    "vehicles_max_duration",
    "vehicles_fixed_cost",
)
_HEAD_LINES = 9


@dataclass(frozen=True, slots=True)
class Instance:
    """A problem of the literature and how its cost is told."""

    problem: Problem
    scale: float


def read_instance(path: Path, rounding: Rounding = "round") -> Instance:
    """A Solomon, Homberger or VRPLIB file; ``rounding`` is that of a VRPLIB file's lengths.

    Raises:
        ValueError: it is none of these, or says what cannot be planned; tells what.
        OSError: it cannot be read.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    if "CUSTOMER" in text and "VEHICLE" in text and "CAPACITY" in text:
        return _solomon(text)
    if "DIMENSION" in text and "EOF" in text:
        return _vrplib(path, rounding)
    raise ValueError("neither a Solomon file (VEHICLE, CUSTOMER) nor a VRPLIB file (DIMENSION … EOF)")


# -- Solomon and Homberger ---------------------------------------------------------------------------


def _solomon(text: str) -> Instance:
    numbers = [_floats(line) for line in text.splitlines()]
    rows = [row for row in numbers if row]
    if not rows or len(rows[0]) < 2:
        raise ValueError("no line with the number of vehicles and their capacity")
    vehicles, capacity = int(rows[0][0]), int(rows[0][1])
    table = np.array([row for row in rows[1:] if len(row) >= 7])
    if len(table) < 2:
        raise ValueError("no customers (number, x, y, demand, ready, due, service)")
    lengths = np.floor(TENTHS * _euclid(table[:, 1:3])).astype(np.int64)
    times = (table[:, 4:7] * TENTHS).astype(np.int64)
    jobs = tuple(
        Job(
            str(number),
            number,
            delivery=(int(table[number, 3]),),
            service=int(times[number, 2]),
            windows=(Window(int(times[number, 0]), int(times[number, 1])),),
        )
        for number in range(1, len(table))
    )
    shift = Window(int(times[0, 0]), int(times[0, 1]))
    fleet = tuple(
        Vehicle(f"v{number}", 0, 0, (capacity,), shift=shift)
        for number in range(1, min(vehicles, len(jobs)) + 1)
    )
    return Instance(Problem(fleet, {"": Matrix(lengths, lengths)}, jobs), TENTHS)


def _floats(line: str) -> list[float]:
    try:
        return [float(word) for word in line.split()]
    except ValueError:
        return []


def _euclid(points: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    apart = points[:, None, :].astype(float) - points[None, :, :]
    return np.asarray(np.sqrt((apart**2).sum(axis=2)))


# -- VRPLIB ------------------------------------------------------------------------------------------


def _vrplib(path: Path, rounding: Rounding) -> Instance:
    import vrplib

    try:
        raw: dict[str, Any] = vrplib.read_instance(path, compute_edge_weights=False)
    except (KeyError, IndexError, TypeError, RuntimeError) as error:
        raise ValueError(f"a VRPLIB file that is not whole ({error})") from error
    raw.update({key: _whole(raw[key], rounding) for key in _LENGTHS if key in raw})
    lengths = _lengths(raw, rounding)
    depots = {int(one) for one in np.atleast_1d(raw.get("depot", [0]))}
    if not depots or max(depots) >= len(lengths):
        raise ValueError("a depot that is not among the nodes")
    jobs = tuple(_job(raw, at, number) for number, at in enumerate(_customers(lengths, depots), 1))
    matrix = Matrix(lengths, lengths)
    return Instance(Problem(_fleet(raw, len(jobs), min(depots)), {"": matrix}, jobs), _FACTORS[rounding])


def _whole(values: Any, rounding: Rounding) -> Whole:
    scaled = np.asarray(values, dtype=float) * _FACTORS[rounding]
    cut = np.floor(scaled) if rounding == "dimacs" else np.floor(scaled + 0.5)
    return np.asarray(cut).astype(np.int64)


def _customers(lengths: Whole, depots: set[int]) -> list[int]:
    return [at for at in range(len(lengths)) if at not in depots]


def _lengths(raw: dict[str, Any], rounding: Rounding) -> Whole:
    if "edge_weight" in raw:
        return np.asarray(raw["edge_weight"])
    if "node_coord" not in raw:
        raise ValueError("neither coordinates nor a matrix of lengths")
    return _whole(_euclid(np.asarray(raw["node_coord"])), rounding)


def _at(raw: dict[str, Any], key: str, at: int, default: int = 0) -> int:
    if key not in raw:
        return default
    values = np.asarray(raw[key])
    return int(values) if values.ndim == 0 else int(values[at])


def _rate(raw: dict[str, Any], number: int) -> float:
    rates = np.atleast_1d(np.asarray(raw.get("vehicles_unit_distance_cost", 1.0), dtype=float))
    return float(rates[number if len(rates) > 1 else 0])


def _job(raw: dict[str, Any], at: int, number: int) -> Job:
    windows = raw.get("time_window")
    prize = _at(raw, "prize", at)
    return Job(
        str(number),
        at,
        delivery=(_at(raw, "demand", at),),
        pickup=(_at(raw, "backhaul", at),) if "backhaul" in raw else (),
        service=_at(raw, "service_time", at),
        windows=(Window(int(windows[at][0]), int(windows[at][1])),) if windows is not None else (),
        release=_at(raw, "release_time", at),
        value=float(prize) if prize else None,
    )


def _fleet(raw: dict[str, Any], jobs: int, depot: int) -> tuple[Vehicle, ...]:
    depots = raw.get("vehicles_depot")
    count = int(raw.get("vehicles", len(np.atleast_1d(depots)) if depots is not None else jobs))
    most = max(jobs, 1)
    same: dict[Vehicle, int] = {}
    fleet = []
    for number in range(count):
        vehicle = _vehicle(raw, number, depot, jobs)
        alike = replace(vehicle, id="")
        same[alike] = same.get(alike, 0) + 1
        if same[alike] <= most:
            fleet.append(vehicle)
    return tuple(fleet)


def _vehicle(raw: dict[str, Any], number: int, depot: int, jobs: int) -> Vehicle:
    home = _at(raw, "vehicles_depot", number, depot + 1) - 1
    windows = raw.get("time_window")
    reloads = raw.get("vehicles_reload_depot")
    again = reloads is not None and bool(np.any(np.atleast_1d(np.asarray(reloads[number], dtype=float)) > 0))
    most = _at(raw, "vehicles_max_reloads", number, jobs if again else 0)
    return Vehicle(
        f"v{number + 1}",
        home,
        home,
        (_at(raw, "capacity", number),),
        shift=Window(int(windows[home][0]), int(windows[home][1])) if windows is not None else Window(),
        longest=_at(raw, "vehicles_max_duration", number, FOREVER),
        farthest=_at(raw, "vehicles_max_distance", number, FOREVER),
        fixed=float(_at(raw, "vehicles_fixed_cost", number)),
        per_metre=_rate(raw, number),
        reloads=most if again else 0,
    )
