"""How vehicles stand: kilometres, what is due, what may fail, what is wrong, what drifts, what is booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import inf
from typing import TypeVar

from tools.kit.upkeep_codes import Meaning, meaning
from tools.kit.upkeep_days import is_cycle
from tools.maths.upkeep.drift import SIGNALS, Drift, Reading, watch_drift
from tools.maths.upkeep.due import Clock, Due, Pace, due, pace
from tools.maths.upkeep.parts import CYCLE, MOTOR, OF_CYCLES, PARTS, Part, Severity
from tools.maths.upkeep.replacement import best_age
from tools.maths.upkeep.weibull import Fitted, Life, Prior, fit
from tools.store import Store
from tools.store.trip_facts import Vehicle
from tools.store.upkeep_facts import (
    Booking,
    Defect,
    Odometer,
    PartFigures,
    Service,
    TripDriven,
    VehicleFault,
    VehicleReading,
)

FEWEST_LIVES = 3
# So many kilometres ahead a failure is reckoned: a few weeks of a van, and of a cargo bike.
AHEAD_KM = {MOTOR: 3_000.0, CYCLE: 300.0}
# A part that is less likely to fail than this over the next kilometres is not worth a word.
LIKELY = 0.10
READINGS_KEPT = timedelta(days=730)
OfVehicle = TypeVar("OfVehicle", Odometer, TripDriven, Service, Defect, VehicleFault, VehicleReading, Booking)
_GRADES: tuple[Severity, ...] = ("note", "soon", "stop")
_URGENT = {"overdue": 0, "soon": 1, "later": 2, "unknown": 3}


@dataclass(frozen=True, slots=True)
class Job:
    """One part of one vehicle.

    Attributes:
        part: The part, with the shop's own figures where it has some.
        last: When it was last done; None where the log has nothing.
        last_km: Kilometres on the clock then; 0 for a part that must be the first one.
        age_km: Kilometres since; None where nobody knows.
        every_km: After how many kilometres it is changed; None where only the date counts.
        due: When it has to be done, by the interval.
        state: overdue, soon, later or unknown.
        chance: Chance that it fails within the kilometres ahead, where its life is modelled.
        fitted: What is known of its life.
        best_km: The age at which changing costs least by the log; None where there is no such age.
        own: Whether the interval is the shop's own figure.
    """

    part: Part
    last: Service | None
    last_km: float | None
    age_km: float | None
    every_km: float | None
    due: Due
    state: str
    chance: float | None = None
    fitted: Fitted | None = None
    best_km: float | None = None
    own: bool = False

    @property
    def known(self) -> bool:
        """Whether anything can be said of it."""
        return self.last is not None or self.age_km is not None


@dataclass(frozen=True, slots=True)
class Drifting:
    """A signal of a vehicle, and how many readings it has."""

    kind: str
    drift: Drift
    readings: int
    latest_on: date


@dataclass(frozen=True, slots=True)
class Health:
    """How one vehicle stands."""

    vehicle: Vehicle
    today: date
    clock: Odometer | None
    pace: Pace | None
    jobs: tuple[Job, ...]
    services: int
    defects: tuple[Defect, ...] = ()
    faults: tuple[tuple[VehicleFault, Meaning], ...] = ()
    drifts: tuple[Drifting, ...] = ()
    booking: Booking | None = None

    @property
    def ahead_km(self) -> float:
        """How far ahead chances are reckoned."""
        return AHEAD_KM[CYCLE if is_cycle(self.vehicle) else MOTOR]

    @property
    def pressing(self) -> tuple[Job, ...]:
        """What is overdue or due soon, the most urgent first."""
        found = [job for job in self.jobs if job.state in ("overdue", "soon")]
        return tuple(sorted(found, key=urgency_of))

    @property
    def risky(self) -> tuple[Job, ...]:
        """What is not due and likely to fail all the same, the likeliest first."""
        found = [job for job in self.jobs if job.state not in ("overdue", "soon") and _likely(job)]
        return tuple(sorted(found, key=lambda job: -(job.chance or 0.0)))

    @property
    def drifting(self) -> tuple[Drifting, ...]:
        """Signals that have passed their limit."""
        return tuple(one for one in self.drifts if one.drift.found is not None)

    @property
    def unknown(self) -> tuple[Part, ...]:
        """Parts with an interval of which nobody knows when they were last done."""
        return tuple(
            job.part
            for job in self.jobs
            if job.state == "unknown" and (job.part.every_km or job.part.every_days) and not job.known
        )

    @property
    def unsafe(self) -> tuple[str, ...]:
        """Why it should not go out at all, in words."""
        found = [one.text for one in self.defects if one.severity == "stop"]
        return (
            *found,
            *(f"{one.code} ({said.words})" for one, said in self.faults if said.severity == "stop"),
        )

    @property
    def needs_work(self) -> bool:
        """Whether anything at all is to be done."""
        return bool(self.pressing or self.defects or self.faults or self.drifting or self.risky)


def urgency_of(job: Job) -> tuple[int, date]:
    """Sorts the most urgent first."""
    return _URGENT[job.state], job.due.on or date.max


def _likely(job: Job) -> bool:
    return job.last is not None and job.chance is not None and job.chance >= LIKELY


def shop_parts(store: Store) -> dict[str, tuple[Part, bool]]:
    """All parts by code with the shop's own figures put in, and whether the interval is its own."""
    found: dict[str, tuple[Part, bool]] = {code: (part, False) for code, part in PARTS.items()}
    for figures in store.upkeep.parts():
        part = found.get(figures.code, (Part(figures.code, figures.name or figures.code), False))[0]
        own = figures.every_km is not None or figures.every_days is not None
        found[figures.code] = (_with(part, figures), own)
    return found


def _with(part: Part, figures: PartFigures) -> Part:
    return replace(
        part,
        name=figures.name or part.name,
        every_km=_either(figures.every_km, part.every_km),
        every_days=figures.every_days or part.every_days,
        life_km=_either(figures.life_km, part.life_km),
        shape=figures.shape or part.shape,
        severity=next((each for each in _GRADES if each == figures.severity), part.severity),
        planned_cost=_either(figures.planned_cost, part.planned_cost) or part.planned_cost,
        failure_cost=_either(figures.failure_cost, part.failure_cost) or part.failure_cost,
    )


def _either(own: Decimal | None, usual: float | None) -> float | None:
    return float(own) if own else usual


def interval_km(part: Part, best: float | None, lives: int, *, own: bool) -> float | None:
    """After how many kilometres a part is changed; None where only the date counts.

    The shop's own figure stands, and the maker's while the log has few lives of the part.  Else it is
    changed where that costs least by the log and the maker's figures; one that wrecks the engine never
    after the maker's limit.
    """
    if own or best is None or lives < FEWEST_LIVES:
        return part.every_km
    if part.firm and part.every_km is not None:
        return min(best, part.every_km)
    return best


def fleet(store: Store, now: datetime, vehicles: Collection[str] | None = None) -> tuple[Health, ...]:
    """How the vehicles stand at a moment of the shop's time (None: all of them), in the books' order."""
    return tuple(_Fleet(store, now).health(each) for each in _wanted(store, vehicles))


def _wanted(store: Store, vehicles: Collection[str] | None) -> list[Vehicle]:
    return [each for each in store.trips.vehicles() if vehicles is None or each.code in vehicles]


class _Fleet:
    """Everything that is known of all vehicles, read once: lives of parts are learned from all of them."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.now = now.replace(tzinfo=None)
        self.today = now.date()
        upkeep = store.upkeep
        self.parts = shop_parts(store)
        self.odometer = _by_vehicle([one for one in upkeep.odometer() if one.at <= self.now])
        self.driven = _by_vehicle(upkeep.driven())
        self.services = _by_vehicle(upkeep.services())
        self.defects = _by_vehicle(upkeep.defects())
        self.faults = _by_vehicle(upkeep.faults())
        since = self.now - READINGS_KEPT
        self.readings = {kind: _by_vehicle(upkeep.readings(kind, since=since)) for kind in SIGNALS}
        self.bookings = _by_vehicle(upkeep.bookings(first=self.today))
        self.kinds = {each.code: CYCLE if is_cycle(each) else MOTOR for each in store.trips.vehicles()}
        self.paces = {code: self._pace(code) for code in self.kinds}
        self.fits: dict[str, Fitted] = {}

    def _clocks(self, code: str) -> list[Clock]:
        return [Clock(one.at.date(), float(one.km)) for one in self.odometer.get(code, [])]

    def _pace(self, code: str) -> Pace | None:
        driven = [Clock(one.at.date(), float(one.km)) for one in self.driven.get(code, [])]
        return pace(self._clocks(code), driven, self.today)

    def health(self, vehicle: Vehicle) -> Health:
        """How one vehicle stands."""
        code = vehicle.code
        clocks, bookings = self.odometer.get(code, []), self.bookings.get(code, [])
        kind = self.kinds[code]
        jobs = (self._job(code, part, own) for part, own in self.parts.values() if kind in part.fits)
        return Health(
            vehicle,
            self.today,
            clocks[-1] if clocks else None,
            self.paces[code],
            tuple(sorted(jobs, key=urgency_of)),
            len(self.services.get(code, [])),
            tuple(self.defects.get(code, [])),
            tuple((fault, meaning(fault.code)) for fault in self.faults.get(code, [])),
            tuple(self._drifts(code)),
            bookings[0] if bookings else None,
        )

    def _job(self, code: str, part: Part, own: bool) -> Job:
        now, fitted = self.paces[code], self._fitted(part)
        done = self._done(code, part)
        last = done[-1] if done else None
        last_km = self._km_of(code, last) if last else self._from_new(part, now)
        age = None if now is None or last_km is None else max(now.km - last_km, 0.0)
        best = best_age(fitted.law, part.planned_cost, part.failure_cost) if fitted else inf
        cheapest = None if best == inf else best
        every_km = interval_km(part, cheapest, fitted.lives if fitted else 0, own=own)
        found = due(
            self.today,
            now,
            last_km=last_km,
            last_day=last.done_on if last else None,
            every_km=every_km,
            every_days=part.every_days,
        )
        chance = fitted.failing(age, AHEAD_KM[self.kinds[code]]) if fitted and age is not None else None
        return Job(
            part, last, last_km, age, every_km, found, found.state(self.today), chance, fitted, cheapest, own
        )

    def _done(self, code: str, part: Part) -> list[Service]:
        return [
            one
            for one in self.services.get(code, [])
            if part.code in (one.part, self._on_cycle(code, one.part))
            and one.done_on <= self.today + timedelta(days=1)
        ]

    def _on_cycle(self, code: str, part: str) -> str | None:
        return OF_CYCLES.get(part) if self.kinds[code] == CYCLE else None

    def _km_of(self, code: str, service: Service) -> float | None:
        """Kilometres on the clock at a service: as noted, else between the readings around it."""
        if service.odometer_km is not None:
            return float(service.odometer_km)
        clocks = sorted(self._clocks(code), key=lambda clock: clock.day)
        before = [clock for clock in clocks if clock.day <= service.done_on]
        after = [clock for clock in clocks if clock.day >= service.done_on]
        if not before:
            return None
        if not after:
            now = self.paces[code]
            passed = (service.done_on - before[-1].day).days
            return before[-1].km + (now.per_day or 0.0 if now else 0.0) * passed
        first, then = before[-1], after[0]
        days = (then.day - first.day).days
        share = (service.done_on - first.day).days / days if days else 0.0
        return first.km + share * (then.km - first.km)

    def _from_new(self, part: Part, now: Pace | None) -> float | None:
        """A part that lasts longer than the vehicle has run is taken to be its first one."""
        lasts = part.every_km or part.life_km
        return 0.0 if now is not None and lasts is not None and now.km < lasts else None

    def _fitted(self, part: Part) -> Fitted | None:
        """What the whole log tells of a part's life; None where its life is not modelled."""
        if part.shape is None or part.life_km is None:
            return None
        if part.code not in self.fits:
            lives = [life for code in self.kinds for life in self._lives(code, part)]
            self.fits[part.code] = fit(lives, Prior(part.shape, part.life_km))
        return self.fits[part.code]

    def _lives(self, code: str, part: Part) -> list[Life]:
        """What the log tells of one vehicle: from change to change, and the part that still runs."""
        if self.kinds[code] not in part.fits:
            return []
        done = self._done(code, part)
        kms = [self._km_of(code, one) for one in done]
        now = self.paces[code]
        ends = [(km, one.failed) for km, one in zip(kms, done, strict=True)]
        first = None if ends else self._from_new(part, now)
        starts = [first, *(km for km, _ in ends)]
        running = [(now.km, False)] if now is not None else []
        found = []
        for start, (end, failed) in zip(starts, [*ends, *running], strict=False):
            if start is not None and end is not None and end > start:
                found.append(Life(end - start, failed))
        return found

    def _drifts(self, code: str) -> list[Drifting]:
        found = []
        for kind, signal in SIGNALS.items():
            start = self._new_since(code, kind)
            own = [
                Reading(one.at.date(), one.value, one.ambient)
                for one in self.readings[kind].get(code, [])
                if start is None or one.at.date() >= start
            ]
            drift = watch_drift(own, signal)
            if drift is not None:
                found.append(Drifting(kind, drift, len(own), own[-1].day))
        return found

    def _new_since(self, code: str, kind: str) -> date | None:
        """A new battery has a voltage of its own."""
        if kind != "voltage":
            return None
        done = [one.done_on for one in self.services.get(code, []) if one.part == "battery"]
        return done[-1] if done else None


def _by_vehicle(rows: Iterable[OfVehicle]) -> Mapping[str, list[OfVehicle]]:
    found: dict[str, list[OfVehicle]] = defaultdict(list)
    for row in rows:
        found[row.vehicle].append(row)
    return found
