"""VROOM's JSON, which openrouteservice speaks too: problems in, plans out.

Money is in the file's own unit; ``per_hour`` counts from leaving to being back, waiting included (VROOM
itself counts travel only).  Keys that are ours: ``release``, ``value`` and ``locked_to`` (a vehicle) of a
job, ``reloads`` of a vehicle (whose ``max_travel_time`` is the longest route), ``aim`` and ``load_seconds``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from tools.maths.routing.plan import Plan, Route, Step
from tools.maths.routing.problem import (
    FOREVER,
    Aim,
    Break,
    Job,
    Load,
    Matrix,
    Problem,
    Shipment,
    Vehicle,
    Window,
)

Json = Mapping[str, Any]
_METRES, _SECONDS = 1000.0, 3600.0
_USUAL_COSTS = {"fixed": 0, "per_hour": 3600, "per_km": 0}
_AIMS = ("cheapest", "fewest", "even")


def problem_of(found: Any) -> Problem:
    """The problem that a JSON object tells.

    Raises:
        ValueError: something is missing or is not what it should be; tells where.
    """
    if not isinstance(found, dict):
        raise _wrong("a JSON object with vehicles, jobs and matrices is expected")
    aim = found.get("aim", "cheapest")
    if aim not in _AIMS:
        raise _wrong(f"aim is one of {', '.join(_AIMS)}, not {aim!r}")
    matrices = {name: _matrix(name, one) for name, one in _dict(found, "matrices").items()}
    if not matrices:
        raise _wrong("matrices: at least one is needed, with durations and distances")
    size = len(next(iter(matrices.values())).durations)
    vehicles = tuple(_vehicle(one, at, matrices, size) for at, one in enumerate(_list(found, "vehicles")))
    jobs = tuple(_job(one, f"jobs[{at}]", size) for at, one in enumerate(_list(found, "jobs")))
    shipments = tuple(_shipment(one, at, size) for at, one in enumerate(_list(found, "shipments")))
    _no_twins("vehicle", [one.id for one in vehicles])
    _no_twins(
        "job",
        [*(one.id for one in jobs), *(job.id for one in shipments for job in (one.pickup, one.delivery))],
    )
    return Problem(
        vehicles, matrices, jobs, shipments, cast("Aim", aim), _whole(found, "load_seconds", "", 0)
    )


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as VROOM tells one, with a reason for each stop that is left out."""
    return {
        "code": 0,
        "summary": {
            "cost": round(plan.cost, 4),
            "routes": len(plan.routes),
            "unassigned": len(plan.unserved),
            "distance": plan.distance,
            "duration": sum(route.duration for route in plan.routes),
            "solver": plan.solver,
        },
        "routes": [_route_json(route) for route in plan.routes],
        "unassigned": [
            {"id": one.job, "rule": one.rule, "reason": one.reason, "cost": one.cost} for one in plan.unserved
        ],
    }


def _route_json(route: Route) -> dict[str, Any]:
    return {
        "vehicle": route.vehicle,
        "cost": round(route.cost, 4),
        "distance": route.distance,
        "duration": route.duration,
        "steps": [_step_json(step) for step in route.steps],
    }


def _step_json(step: Step) -> dict[str, Any]:
    told = {
        "type": step.kind,
        "location_index": step.place,
        "arrival": step.arrival,
        "waiting_time": step.waiting,
        "service": step.service,
        "load": list(step.load),
    }
    return {**told, "id": step.job} if step.job else told


def _wrong(what: str) -> ValueError:
    return ValueError(what)


# -- reading -----------------------------------------------------------------------------------------


def _list(found: Json, key: str) -> Sequence[Json]:
    value = found.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _wrong(f"{key}: a list of objects is expected")
    return value


def _dict(found: Json, key: str) -> Json:
    value = found.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(f"{key}: an object is expected")
    return value


def _whole(found: Json, key: str, where: str, default: int) -> int:
    value = found.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 1e15:
        raise _wrong(f"{where}{key}: a whole number is expected, not {value!r}")
    return round(value)


def _money(found: Json, key: str, where: str) -> float:
    value = found.get(key, _USUAL_COSTS[key])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise _wrong(f"{where}{key}: an amount of 0 or more is expected, not {value!r}")
    return float(value)


def _matrix(name: str, found: Any) -> Matrix:
    if not isinstance(found, dict) or "durations" not in found:
        raise _wrong(f"matrices.{name}: durations are missing")
    tables = {}
    for key in ("durations", "distances"):
        try:
            table = np.asarray(found.get(key, found["durations"]), dtype=np.int64)
        except (ValueError, TypeError, OverflowError) as error:
            raise _wrong(f"matrices.{name}.{key}: a square table of whole numbers is expected") from error
        if table.ndim != 2 or table.shape[0] != table.shape[1] or (table < 0).any():
            raise _wrong(f"matrices.{name}.{key}: a square table of numbers of 0 or more is expected")
        tables[key] = np.minimum(table, FOREVER)
    if tables["durations"].shape != tables["distances"].shape:
        raise _wrong(f"matrices.{name}: durations and distances have other sizes")
    return Matrix(tables["durations"], tables["distances"])


def _place(found: Json, key: str, where: str, size: int) -> int:
    at = _whole(found, key, where, -1)
    if not 0 <= at < size:
        raise _wrong(f"{where}{key}: a row of the matrices (0 to {size - 1}) is expected, not {at}")
    return at


def _load(found: Json, key: str, where: str) -> Load:
    value = found.get(key, [])
    if not isinstance(value, list):
        raise _wrong(f"{where}{key}: a list of amounts is expected")
    load = tuple(_whole({key: one}, key, where, 0) for one in value)
    if any(amount < 0 for amount in load):
        raise _wrong(f"{where}{key}: amounts of 0 or more are expected")
    return load


def _windows(found: Json, key: str, where: str) -> tuple[Window, ...]:
    value = found.get(key, [])
    try:
        windows = tuple(Window(int(first), int(last)) for first, last in value)
    except (TypeError, ValueError) as error:
        raise _wrong(f"{where}{key}: a list of [from, to] in seconds is expected") from error
    if any(one.first > one.last for one in windows):
        raise _wrong(f"{where}{key}: a window ends before it begins")
    return tuple(sorted(windows, key=lambda one: one.first))


def _name(found: Json, where: str) -> str:
    if "id" not in found:
        raise _wrong(f"{where}id is missing")
    return str(found["id"])


def _skills(found: Json) -> frozenset[str]:
    return frozenset(map(str, found.get("skills") or ()))


def _job(found: Json, where: str, size: int, suffix: str = "") -> Job:
    where = f"{where}."
    value = found.get("value")
    return Job(
        _name(found, where) + suffix,
        _place(found, "location_index", where, size),
        _load(found, "delivery", where),
        _load(found, "pickup", where),
        _whole(found, "service", where, 0) + _whole(found, "setup", where, 0),
        _windows(found, "time_windows", where),
        _skills(found),
        _whole(found, "release", where, 0),
        None if value is None else float(value),
        str(found.get("locked_to", "")),
    )


def _shipment(found: Json, at: int, size: int) -> Shipment:
    where = f"shipments[{at}]"
    ends = [_dict(found, key) for key in ("pickup", "delivery")]
    extra = {key: found[key] for key in ("skills", "value", "locked_to") if key in found}
    first = _job({**ends[0], **extra}, f"{where}.pickup", size, " pickup")
    last = _job({**ends[1], **extra}, f"{where}.delivery", size, " delivery")
    return Shipment(first, last, _load(found, "amount", f"{where}."))


def _vehicle(found: Json, at: int, matrices: Mapping[str, Matrix], size: int) -> Vehicle:
    where = f"vehicles[{at}]."
    profile = str(found.get("profile", next(iter(matrices))))
    if profile not in matrices:
        raise _wrong(f"{where}profile: there is no matrix {profile!r}")
    shift = _windows(
        {"time_window": [found["time_window"]]} if "time_window" in found else {}, "time_window", where
    )
    costs = _dict(found, "costs")
    return Vehicle(
        _name(found, where),
        _place(found, "start_index", where, size),
        _place(found, "end_index", where, size) if "end_index" in found else None,
        _load(found, "capacity", where),
        _skills(found),
        shift[0] if shift else Window(),
        _whole(found, "max_travel_time", where, FOREVER),
        _whole(found, "max_distance", where, FOREVER),
        tuple(_break(one, f"{where}breaks") for one in _list(found, "breaks")),
        _money(costs, "fixed", where),
        _money(costs, "per_km", where) / _METRES,
        _money(costs, "per_hour", where) / _SECONDS,
        _whole(found, "reloads", where, 0),
        profile,
    )


def _break(found: Json, where: str) -> Break:
    windows = _windows(found, "time_windows", f"{where}.")
    return Break(_whole(found, "service", f"{where}.", 0), windows[0] if windows else Window())


def _no_twins(kind: str, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise _wrong(f"there are two {kind}s with the id {name}")
        seen.add(name)
