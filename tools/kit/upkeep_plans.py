"""Changes of a vehicle's upkeep, planned: what was told of it, and its day at the workshop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.plans import full_slots
from tools.kit.purchases import packed
from tools.kit.reply import Button, Call, Plan, Refused, Reply, Source, listed
from tools.kit.upkeep import Health, fleet, shop_parts
from tools.kit.upkeep_codes import meaning, no_code_words
from tools.kit.upkeep_days import loads, workshop_day
from tools.kit.upkeep_told import Told, parts_named
from tools.kit.upkeep_words import health_row, job_words, km, load_source, sources
from tools.kit.words import amount, near_day, plural, sentences
from tools.maths.upkeep.days import DayLoad
from tools.store import Applied
from tools.store.upkeep_changes import (
    BookWorkshop,
    CancelWorkshop,
    Measured,
    MendVehicle,
    NoteDefect,
    NoteFaults,
    NoteOdometer,
    NoteReadings,
    NoteService,
    UpkeepStep,
    UpkeepSteps,
)
from tools.store.upkeep_facts import TEMPERATURE, VOLTAGE

INTENT = "vehicle.health"
# More than this in a day is a slip of the finger, unless somebody says so twice.
MOST_A_DAY = 900
# What is overdue or wrong goes to the workshop within so long: time enough to choose a quiet day.
WITHIN = timedelta(days=3)
SANE_VOLTS = (Decimal(8), Decimal(16))
SANE_DEGREES = (Decimal(-40), Decimal(160))
_NUMBERS = ("km", "miles", "voltage", "temperature", "ambient")


def told_to_json(said: Told) -> dict[str, Any]:
    """What was told, as a button carries it; the empty left out."""
    found = {name: getattr(said, name) for name in Told.__dataclass_fields__}
    return {
        name: value
        if isinstance(value, bool | str)
        else (list(value) if isinstance(value, tuple) else str(value))
        for name, value in found.items()
        if value is not None and value is not False and value not in ((), "")
    }


def told_from_json(found: Mapping[str, Any]) -> Told:
    """The inverse of :func:`told_to_json`; what is not readable is left out."""
    values: dict[str, Any] = {name: found[name] for name in Told.__dataclass_fields__ if name in found}
    try:
        values.update({name: Decimal(str(values[name])) for name in _NUMBERS if name in values})
        values.update({name: tuple(map(str, values[name])) for name in ("parts", "codes") if name in values})
        if "day" in values:
            values["day"] = date.fromisoformat(str(values["day"]))
    except (ValueError, TypeError, InvalidOperation):
        return Told()
    return Told(**values)


def note(ask: Ask, health: Health, said: Told) -> Plan | Reply | Refused:
    """What was told of a vehicle, as a change that is ready to be made."""
    wrong = _not_possible(said)
    if wrong:
        return Refused(wrong)
    steps = _steps(ask, health, said)
    if not steps:
        return _nothing_new(health, said)
    names = {code: part.name for code, (part, _) in shop_parts(ask.store).items()}
    words = "; ".join(_step_words(step, health, said, names) for step in steps)
    vehicle, name = health.vehicle.code, health.vehicle.name

    def tell(applied: Applied) -> Reply:
        now = fleet(ask.store, ask.now, [vehicle])[0]
        start = "That was done before: " if applied.repeated else "Noted: "
        strange = no_code_words(ask.text)
        text = sentences(f"{start}{name}: {words}.", strange, _consequence(health, now, steps))
        data = {**health_row(now), "group": applied.group_id}
        return Reply(text, data, buttons=book_buttons(ask, now), sources=sources([now]))

    return Plan(
        summary=f"Note for {name}: {words}",
        change=steps[0] if len(steps) == 1 else UpkeepSteps(steps),
        tell=tell,
        slots=full_slots(vehicle=vehicle, detail=packed(do="note", **told_to_json(said))),
        doubts=_doubts(ask, health, said, steps),
        data=health_row(health),
    )


def _not_possible(said: Told) -> str:
    volts, degrees = said.voltage, said.temperature
    if said.km is not None and said.km < 0:
        return f"No clock shows {amount(said.km)} km, so I have not noted it."
    if volts is not None and not SANE_VOLTS[0] <= volts <= SANE_VOLTS[1]:
        return f"{amount(volts)} V is no reading of a 12 V battery, so I have not noted it."
    if degrees is not None and not SANE_DEGREES[0] <= degrees <= SANE_DEGREES[1]:
        return f"{amount(degrees)} °C is no temperature of an engine, so I have not noted it."
    return ""


def _steps(ask: Ask, health: Health, said: Told) -> tuple[UpkeepStep, ...]:
    code, wall = health.vehicle.code, ask.now.replace(tzinfo=None, second=0, microsecond=0)
    day = said.day or _day_of(health, said)
    found: list[UpkeepStep] = []
    if said.parts:
        found.append(NoteService(code, said.parts, day, said.km, said.failed))
        found += [] if said.mended else _settled_by(health, said.parts)
    elif said.km is not None:
        at = wall if day == ask.today else datetime.combine(day, time(12))
        found.append(NoteOdometer(code, said.km, at))
    if said.mended:
        found += _mending(health, said)
    else:
        standing = {fault.code for fault, _ in health.faults}
        fresh = tuple(each for each in said.codes if each not in standing)
        found += [NoteFaults(code, fresh, wall)] if fresh else []
    measured = [
        Measured(kind, value, wall, said.ambient)
        for kind, value in ((VOLTAGE, said.voltage), (TEMPERATURE, said.temperature))
        if value is not None
    ]
    found += [NoteReadings(code, tuple(measured))] if measured else []
    if said.defect and not any(one.text == said.defect for one in health.defects):
        found.append(NoteDefect(code, said.defect, said.severity))
    return tuple(found)


def _day_of(health: Health, said: Told) -> date:
    """When a job was done of which only the kilometres were told: when the clock stood there."""
    pace = health.pace
    if not said.parts or said.km is None or pace is None or not pace.per_day:
        return health.today
    return health.today - timedelta(days=round(max(pace.km - float(said.km), 0.0) / pace.per_day))


def _settled_by(health: Health, done: Sequence[str]) -> list[UpkeepStep]:
    """Defects that name a part which was done are put right by it."""
    parts = [job.part for job in health.jobs if job.part.code in done]
    defects = tuple(one.id for one in health.defects if parts_named(one.text, parts))
    return [MendVehicle(health.vehicle.code, defects)] if defects else []


def _mending(health: Health, said: Told) -> list[UpkeepStep]:
    """What is put right: the codes that were named and what came with them, else everything open."""
    faults = [fault for fault, _ in health.faults if not said.codes or fault.code in said.codes]
    defects = [one for one in health.defects if not said.codes or _names(one.text, said.codes)]
    if not faults and not defects:
        return []
    return [
        MendVehicle(health.vehicle.code, tuple(one.id for one in defects), tuple(one.id for one in faults))
    ]


def _names(text: str, codes: Sequence[str]) -> bool:
    return any(code.lower() in text.lower() for code in codes)


def _nothing_new(health: Health, said: Told) -> Reply:
    name = health.vehicle.name
    if said.mended:
        text = f"Nothing was noted as wrong with {name}, so there is nothing to put right."
    else:
        text = f"That was noted for {name} already."
    return Reply(text, health_row(health), sources=sources([health]))


def _step_words(step: UpkeepStep, health: Health, said: Told, names: Mapping[str, str]) -> str:
    match step:
        case NoteService():
            done = listed([names.get(part, part) for part in step.parts])
            at = f" at {_km_said(said)}" if step.km is not None else ""
            how = "failed and was changed" if step.failed else "done"
            return f"{done} {how} {near_day(step.day, health.today)}{at}"
        case NoteOdometer():
            return f"{_km_said(said)} on the clock"
        case NoteReadings():
            units = {VOLTAGE: ("battery at rest", "V"), TEMPERATURE: ("engine", "°C")}
            return " and ".join(
                f"{units[one.kind][0]} {amount(one.value)} {units[one.kind][1]}" for one in step.readings
            )
        case NoteFaults():
            return listed([f"{code} ({meaning(code).words})" for code in step.codes])
        case NoteDefect():
            return f"“{step.text}”"
        case MendVehicle():
            return f"{_mended_words(health, step)} put right"
        case _:
            return ""


def _mended_words(health: Health, step: MendVehicle) -> str:
    found = [fault.code for fault, _ in health.faults if fault.id in step.faults]
    found += [f"“{one.text}”" for one in health.defects if one.id in step.defects]
    return listed(found)


def _km_said(said: Told) -> str:
    exact = amount(said.km) if said.km is not None else ""
    return f"{exact} km ({amount(said.miles)} miles)" if said.miles is not None else f"{exact} km"


def _consequence(before: Health, now: Health, steps: Sequence[UpkeepStep]) -> str:
    """What follows from it: off the plan, on it again, or what is due."""
    name = now.vehicle.name
    if now.unsafe:
        return f"I leave {name} out of the plan until it is put right."
    if before.unsafe:
        return f"{name} can go out again."
    advice = [
        f"{code}: {meaning(code).advice}"
        for step in steps
        if isinstance(step, NoteFaults)
        for code in step.codes
    ]
    drifting = any(isinstance(step, NoteReadings) for step in steps) and bool(now.drifting)
    drift = "It has been drifting: have it looked at." if drifting else ""
    pressing = [job_words(now, job) for job in now.pressing[:2]]
    due = f"{listed(pressing)}." if pressing else ""
    return sentences(*advice, drift, due[:1].upper() + due[1:])


def _doubts(ask: Ask, health: Health, said: Told, steps: Sequence[UpkeepStep]) -> tuple[str, ...]:
    found = []
    if said.day is not None and said.day > ask.today:
        found.append(f"{near_day(said.day, ask.today)} is still to come.")
    if said.km is not None and not (said.parts and _is_just_past(health, said.km)):
        found += _clock_doubts(ask, health, said.km, said.day or ask.today)
    for step in steps:
        if said.mended and isinstance(step, MendVehicle) and len(step.defects) + len(step.faults) > 1:
            found.append(f"That puts all of it right: {_mended_words(health, step)}.")
    return tuple(found)


def _is_just_past(health: Health, told: Decimal) -> bool:
    """Whether the clock has gone on a little since: what was done is often told some days later."""
    return health.clock is not None and 0 <= health.clock.km - told <= MOST_A_DAY * 2


def _clock_doubts(ask: Ask, health: Health, told: Decimal, day: date) -> list[str]:
    clock = health.clock
    if clock is None or day < clock.at.date():
        return []
    when = near_day(clock.at.date(), ask.today)
    if told < clock.km:
        return [f"{amount(told)} km is less than the {amount(clock.km)} km of {when}."]
    days = max((day - clock.at.date()).days, 1)
    more = told - clock.km
    if more > days * MOST_A_DAY:
        return [f"That is {km(float(more))} more than {when}."]
    return []


# -- the day at the workshop -------------------------------------------------------------------------


def book_buttons(ask: Ask, *found: Health) -> tuple[Button, ...]:
    """An offer of a day at the workshop for each vehicle that needs one and has none."""
    if not ask.may(Right.PLAN_DELIVERIES):
        return ()
    buttons = []
    for health in found:
        chosen = proposed(ask, health)[1] if _wants_workshop(health) else None
        if chosen is not None:
            label = f"Book {health.vehicle.name} in {near_day(chosen.day, ask.today)}"
            detail = packed(do="book", day=chosen.day.isoformat(), seen=0)
            call = Call(INTENT, {"vehicle": health.vehicle.code, "detail": detail})
            buttons.append(Button(label, call, "primary"))
    return tuple(buttons[:3])


def _wants_workshop(health: Health) -> bool:
    return health.needs_work and health.booking is None


def proposed(ask: Ask, health: Health) -> tuple[tuple[DayLoad, ...], DayLoad | None]:
    """What the next days ask of a vehicle, and the one that spares it best before its work is due."""
    days = loads(ask.store, health.vehicle, ask.today)
    due = [job.due.on for job in health.pressing if job.due.on is not None]
    soonest = ask.today + WITHIN
    wanted = [*due, *([soonest] if _soon(health) else [])]
    return days, workshop_day(days, max(min(wanted), soonest) if wanted else None)


def _soon(health: Health) -> bool:
    """Whether something other than an interval wants it looked at within days."""
    return bool(health.unsafe or health.drifting or any(said.severity == "soon" for _, said in health.faults))


@dataclass(frozen=True, slots=True)
class Spared:
    """Which day at the workshop the plan misses a vehicle least: in words, as figures, and why."""

    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


def spared(ask: Ask, health: Health) -> Spared:
    """The day to offer; empty where none is needed or the person may not plan."""
    if not _wants_workshop(health) or not ask.may(Right.PLAN_DELIVERIES):
        return Spared()
    days, chosen = proposed(ask, health)
    if chosen is None:
        return Spared("I find no day in the next two weeks on which the plan spares it.")
    text = f"The plan spares it best {near_day(chosen.day, ask.today)}{_load_words(chosen)}."
    data = {"workshop_day": chosen.day.isoformat(), "orders_due": chosen.orders, "trips": chosen.trips}
    return Spared(text, data, (load_source(days, chosen),))


def book(ask: Ask, health: Health, day: date | None, seen: int | None = None) -> Plan | Refused:
    """A day at the workshop: the one that was named, else the one that spares the vehicle best."""
    if not ask.may(Right.PLAN_DELIVERIES):
        return Refused(f"Your role ({ask.user.role}) may not {Right.PLAN_DELIVERIES.value}.")
    standing, name = health.booking, health.vehicle.name
    if seen is not None and seen != (standing.id if standing else 0):
        at = f": it is booked in for {near_day(standing.day, ask.today)}" if standing else ""
        return Refused(f"The workshop day of {name} was changed since you saw it{at}.")
    days, chosen = proposed(ask, health)
    load = next((one for one in days if one.day == day), None) if day else chosen
    wanted = day or (chosen.day if chosen else None)
    if wanted is None:
        return Refused(f"I find no day for {name} in the next two weeks; say which one.")
    if wanted < ask.today:
        return Refused(f"{near_day(wanted, ask.today)} is past.")
    parts = tuple(job.part.code for job in health.pressing)
    what = listed([job.part.name for job in health.pressing]) or "what is wrong with it"
    how = _load_words(load)
    moved = f" instead of {near_day(standing.day, ask.today)}" if standing else ""

    def tell(applied: Applied) -> Reply:
        now = fleet(ask.store, ask.now, [health.vehicle.code])[0]
        start = "That was done before: " if applied.repeated else ""
        text = (
            f"{start}{name} is at the workshop {near_day(wanted, ask.today)}{moved}, for {what}; "
            "I leave it out of that day's plan."
        )
        return Reply(text, {**health_row(now), "group": applied.group_id}, buttons=_off_buttons(now))

    doubts = (f"{name} has {plural(load.trips, 'trip')} that day.",) if load and load.trips else ()
    return Plan(
        summary=f"Book {name} in at the workshop {near_day(wanted, ask.today)}{moved}{how}, for {what}",
        change=BookWorkshop(health.vehicle.code, wanted, parts),
        tell=tell,
        slots=full_slots(
            vehicle=health.vehicle.code, detail=packed(do="book", day=wanted.isoformat(), seen=seen)
        ),
        doubts=doubts,
        data={**health_row(health), "day": wanted.isoformat(), "orders": load.orders if load else None},
        sources=(load_source(days, load),) if load else (),
    )


def _load_words(load: DayLoad | None) -> str:
    if load is None:
        return ""
    return f" ({plural(load.orders, 'order') if load.orders else 'no order'} due that day)"


def _off_buttons(now: Health) -> tuple[Button, ...]:
    if now.booking is None:
        return ()
    detail = packed(do="off", booking=now.booking.id)
    call = Call(INTENT, {"vehicle": now.vehicle.code, "detail": detail})
    return (Button("Call it off", call),)


def call_off(ask: Ask, health: Health, booking: int | None = None) -> Plan | Refused:
    """The vehicle need not go to the workshop after all."""
    if not ask.may(Right.PLAN_DELIVERIES):
        return Refused(f"Your role ({ask.user.role}) may not {Right.PLAN_DELIVERIES.value}.")
    standing, name = health.booking, health.vehicle.name
    if standing is None or (booking is not None and booking != standing.id):
        return Refused(f"{name} is not booked in at the workshop on a day that I know of.")
    when = near_day(standing.day, ask.today)

    def tell(applied: Applied) -> Reply:
        start = "That was done before: " if applied.repeated else ""
        return Reply(f"{start}{name} is not at the workshop {when}.", {"group": applied.group_id})

    return Plan(
        summary=f"Call off the day of {name} at the workshop, {when}",
        change=CancelWorkshop(standing.id),
        tell=tell,
        slots=full_slots(vehicle=health.vehicle.code, detail=packed(do="off", booking=standing.id)),
        data=health_row(health),
    )
