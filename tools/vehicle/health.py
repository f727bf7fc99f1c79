"""Whether a vehicle is due for service or repair, what people tell of it, and its day at the workshop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Call,
    Detail,
    Option,
    Refused,
    Reply,
    Result,
    Right,
    Unclear,
    VehicleCode,
    listed,
    tool,
)
from tools.kit.purchases import packed, unpacked
from tools.kit.upkeep import Health, Job, fleet, shop_parts
from tools.kit.upkeep_codes import no_code_words
from tools.kit.upkeep_plans import (
    INTENT,
    Spared,
    book,
    book_buttons,
    call_off,
    note,
    spared,
    told_from_json,
    told_to_json,
)
from tools.kit.upkeep_told import Told, about, asks, parts_named, told
from tools.kit.upkeep_words import (
    chance_words,
    clock_words,
    drift_words,
    fleet_text,
    gaps,
    health_row,
    job_words,
    jobs_table,
    km,
    sources,
    vehicle_text,
)
from tools.kit.watch import Sighting, Urgency, watch
from tools.kit.words import capital, first_few, near_day, sentences

_ALL = re.compile(
    r"\b(?:any|all|every|each|which|both|either|no) (?:of (?:the |our )?)?(?:van|vehicle|truck|car|bike)s?\b|"
    r"\b(?:vans|vehicles|fleet)\b",
    re.IGNORECASE,
)
NO_VEHICLES = "There are no vehicles in the books: they come with vehicles.csv."
MOST_OPTIONS = 6
# A due part is told of so long before, in time to find a day at the workshop.
TOLD_AHEAD = timedelta(days=14)
ADVICE = {
    "voltage": "A battery that fades like this fails some weeks later: have it tested.",
    "temperature": "Have the cooling looked at before it overheats.",
}


@tool(
    right=Right.DELIVER,
)
def health(
    ask: Ask,
    vehicle: VehicleCode | None = None,
    detail: Detail | None = None,
) -> Result:
    """Check whether vehicles need a service."""
    wanted = unpacked(detail)
    if wanted and vehicle is not None:
        return _pressed(ask, vehicle, wanted)
    found = fleet(ask.store, ask.now)
    if not found:
        return Refused(NO_VEHICLES)
    vehicle = _meant(ask, found, vehicle)
    if vehicle is not None and all(one.vehicle.code != vehicle for one in found):
        return Refused(
            f"I know no vehicle {vehicle}. There are: {listed([one.vehicle.name for one in found])}."
        )
    said = _told(ask, found, vehicle)
    if said.anything:
        return _changed(ask, found, vehicle, said)
    strange = no_code_words(ask.text)
    if strange:
        return Refused(f"{strange} I have noted nothing.")
    return _answer(ask, [one for one in found if vehicle in (None, one.vehicle.code)])


def _meant(ask: Ask, found: Sequence[Health], vehicle: str | None) -> str | None:
    """The vehicle that is meant; "any van" names none, even where one has the code VAN."""
    names = {one.vehicle.code: one.vehicle.name.lower() for one in found}
    named = names.get(vehicle or "", "") in ask.text.lower()
    return None if vehicle in names and _ALL.search(ask.text) and not named else vehicle


# -- what was told -----------------------------------------------------------------------------------


def _told(ask: Ask, found: Sequence[Health], vehicle: str | None) -> Told:
    """What the words tell; of several vehicles only the part about this one."""
    parts = [part for part, _ in shop_parts(ask.store).values()]
    mine = [one for one in found if one.vehicle.code == vehicle]
    text = ask.text
    if mine:
        own = {job.part.code for job in mine[0].jobs}
        parts = [part for part in parts if part.code in own]
        others = [name for one in found if one.vehicle.code != vehicle for name in _names(one)]
        text = about(text, _names(mine[0]), others)
    if asks(ask.text):
        return Told()
    return told(text, parts, ask.today)


def _names(one: Health) -> list[str]:
    code, name = one.vehicle.code, one.vehicle.name
    letters = code.rstrip("0123456789")
    apart = [f"{letters} {code[len(letters) :]}"] if letters and letters != code else []
    return [code, name, *apart]


def _changed(ask: Ask, found: Sequence[Health], vehicle: str | None, said: Told) -> Result:
    mine = [one for one in found if vehicle in (None, one.vehicle.code)]
    if len(mine) > 1:
        return _which(mine, said)
    return _made(ask, mine[0], said)


def _which(found: Sequence[Health], said: Told) -> Unclear:
    detail = packed(do="note", **told_to_json(said))
    options = tuple(
        Option(one.vehicle.name, {"vehicle": one.vehicle.code, "detail": detail})
        for one in found[:MOST_OPTIONS]
    )
    names = listed([option.label for option in options], "or")
    question = f"Which one: {names}? Choose it, or say the whole sentence with its name."
    return Unclear("vehicle", question, options)


def _made(ask: Ask, mine: Health, said: Told) -> Result:
    if said.call_off:
        return call_off(ask, mine)
    if said.book:
        return book(ask, mine, _day_named(ask))
    return note(ask, mine, said)


def _day_named(ask: Ask) -> date | None:
    period = ask.days_in(ask.text)
    return period.first if period is not None else None


def _pressed(ask: Ask, vehicle: str, wanted: Mapping[str, Any]) -> Result:
    """What a button asks for."""
    found = fleet(ask.store, ask.now, [vehicle])
    if not found:
        return Refused(f"There is no vehicle {vehicle} any more.")
    step = wanted.get("do")
    if step == "book":
        return book(ask, found[0], _iso(wanted.get("day")), _whole(wanted.get("seen")))
    if step == "off":
        return call_off(ask, found[0], _whole(wanted.get("booking")))
    said = told_from_json(wanted)
    return _made(ask, found[0], said) if said.anything else _answer(ask, found)


def _iso(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


# -- the answer --------------------------------------------------------------------------------------


def _answer(ask: Ask, found: Sequence[Health]) -> Reply:
    table = jobs_table(found)
    day = spared(ask, found[0]) if len(found) == 1 else Spared()
    data = {
        "rows": [health_row(one) for one in found],
        "vehicles": len(found),
        "need_work": sum(1 for one in found if one.needs_work),
        **day.data,
    }
    return Reply(
        _text(ask, found, day.text),
        data,
        (table,) if table else (),
        book_buttons(ask, *found),
        (*sources(found), *day.sources),
    )


def _text(ask: Ask, found: Sequence[Health], day: str) -> str:
    low = ask.text.lower()
    if any(
        word in low for word in ("mileage", "odometer", "how many km", "how many miles", "how far", "kilomet")
    ):
        return " ".join(f"{capital(_clock_line(one))}." for one in found)
    parts = {job.part.code: job.part for one in found for job in one.jobs}
    named = parts_named(low, parts.values())
    if named and set(named) - {"service", "bike_service"}:
        return " ".join(_parts_text(one, named) for one in found if _has(one, named))
    if len(found) > 1:
        return fleet_text(found)
    return sentences(vehicle_text(found[0]), day)


def _clock_line(one: Health) -> str:
    if one.pace is None:
        return gaps(one).rstrip(".")
    read = one.pace.read_on
    when = "" if read == one.today else f"; last read {near_day(read, one.today)}"
    return f"{one.vehicle.name}: {clock_words(one)}{when}"


def _has(one: Health, named: Sequence[str]) -> bool:
    return any(job.part.code in named for job in one.jobs)


def _parts_text(one: Health, named: Sequence[str]) -> str:
    """What is known of the parts that were asked about."""
    jobs = [job for job in one.jobs if job.part.code in named]
    return sentences(*(f"{one.vehicle.name}: {_part_line(one, job)}." for job in jobs))


def _part_line(one: Health, job: Job) -> str:
    if not job.known:
        return f"no record of its {job.part.name}, so I can't say when it is due"
    last = f"last done {near_day(job.last.done_on, one.today)}" if job.last else ""
    at = f" at {km(job.last_km)}" if job.last and job.last_km is not None else ""
    parts = [job_words(one, job), f"{last}{at}", chance_words(one, job)]
    return ", ".join(part for part in parts if part)


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule="vehicle.upkeep", right=Right.DELIVER, every=timedelta(hours=1))
def watch_upkeep(ask: Ask) -> Iterator[Sighting]:
    """Vehicles: a service overdue or soon due, a battery that fades, a fault code that should not drive."""
    for one in fleet(ask.store, ask.now):
        yield from _unsafe(ask, one)
        yield from _due(ask, one)
        yield from _drifts(ask, one)


def _unsafe(ask: Ask, one: Health) -> Iterator[Sighting]:
    if one.unsafe:
        name = one.vehicle.name
        text = f"{name} should not go out: {first_few(one.unsafe, 3)}. I leave it out of the plan."
        yield _sighting(ask, one, "unsafe", text, Urgency.NOW)
    for fault, said in one.faults:
        if said.severity == "soon" and not one.unsafe:
            text = f"{one.vehicle.name} shows {fault.code}: {said.words}. {said.advice}"
            yield _sighting(ask, one, fault.code, text, Urgency.TODAY)


def _due(ask: Ask, one: Health) -> Iterator[Sighting]:
    """Once when it is near and once when it is past; what is booked in is being taken care of."""
    late = [job for job in one.pressing if job.state == "overdue" and job.last is not None]
    near = [job for job in one.pressing if _is_near(ask, job)]
    covered = one.booking is not None
    if late:
        text = f"{one.vehicle.name}: {listed([job_words(one, job) for job in late[:3]])}."
        unsafe = any(job.part.severity == "stop" for job in late)
        urgency = Urgency.DIGEST if covered else Urgency.TODAY if unsafe else Urgency.DIGEST
        yield _sighting(ask, one, "overdue", text, urgency)
    if near and not covered:
        text = f"{one.vehicle.name}: {listed([job_words(one, job) for job in near[:3]])}."
        yield _sighting(ask, one, "due", text, Urgency.DIGEST)


def _is_near(ask: Ask, job: Job) -> bool:
    on = job.due.on
    return job.state == "soon" and job.last is not None and on is not None and on <= ask.today + TOLD_AHEAD


def _drifts(ask: Ask, one: Health) -> Iterator[Sighting]:
    for drifting in one.drifting:
        text = f"{one.vehicle.name}: {drift_words(drifting, one.today)}. {ADVICE[drifting.kind]}"
        yield _sighting(ask, one, drifting.kind, text, Urgency.TODAY)


def _sighting(ask: Ask, one: Health, what: str, text: str, urgency: Urgency) -> Sighting:
    again = Button(f"How is {one.vehicle.name}?", Call(INTENT, {"vehicle": one.vehicle.code}))
    reply = Reply(
        text, {"rows": [health_row(one)]}, buttons=(*book_buttons(ask, one), again), sources=sources([one])
    )
    subject = f"{one.vehicle.code}:{what}"
    return Sighting("vehicle.upkeep", subject, one.vehicle.home, reply, urgency, Right.DELIVER)
