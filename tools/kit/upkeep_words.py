"""How the upkeep of vehicles is said: what is due and when, what may fail, what is wrong, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tools.kit.reply import Source, Table, listed
from tools.kit.upkeep import Drifting, Health, Job
from tools.kit.words import amount, capital, facts, first_few, near_day, plural, sentences
from tools.maths.upkeep.days import DayLoad
from tools.maths.upkeep.drift import LIMIT, REFERENCE, SIGNALS
from tools.maths.upkeep.due import Due
from tools.maths.upkeep.parts import Part

MOST_SAID = 4
MOST_UNKNOWN = 3
STALE_DAYS = 30
WORTH_A_WORD = 0.01
DRIFT_WORDS = {
    "voltage": ("battery voltage", "drops", "V"),
    "temperature": ("engine temperature", "rises", "°C"),
}


def km(value: float) -> str:
    """Kilometres, to the whole one and to ten where there are many: "1,240 km"."""
    rounded = round(value) if abs(value) < 1_000 else round(value / 10) * 10
    return f"{amount(Decimal(rounded))} km"


def percent(share: float) -> str:
    """A chance as people say it: "12 %", "under 1 %"."""
    return "under 1 %" if share < 0.01 else f"{share * 100:.0f} %"


def job_words(health: Health, job: Job) -> str:
    """What is due and when: "oil and filter overdue by 1,240 km", "MOT due Fri 20 Mar"."""
    words = _due_words(job.part, job.due, health.today)
    first = ", if it is still the first one" if job.last is None and job.age_km is not None else ""
    return words + first


def _due_words(part: Part, due: Due, today: date) -> str:
    if due.days_left is not None and due.days_left <= 0:
        late = "due today" if due.days_left == 0 else f"overdue since {near_day(_on(due, today), today)}"
        return f"{part.name} {late}"
    if due.km_left is not None and due.km_left <= 0:
        return f"{part.name} overdue by {km(-due.km_left)}"
    if due.by_km and due.km_left is not None:
        around = f", around {near_day(due.on, today)}" if due.on else ""
        return f"{part.name} due in {km(due.km_left)}{around}"
    if due.days_left is not None:
        return f"{part.name} due {near_day(_on(due, today), today)}"
    return f"{part.name} due in {km(due.km_left)}" if due.km_left is not None else part.name


def _on(due: Due, today: date) -> date:
    return date.fromordinal(today.toordinal() + (due.days_left or 0))


def chance_words(health: Health, job: Job) -> str:
    """How likely it fails: "12 % chance of failing in the next 3,000 km"."""
    if job.chance is None:
        return ""
    return f"{percent(job.chance)} chance of failing in the next {km(health.ahead_km)}"


def drift_words(one: Drifting, today: date) -> str:
    """What drifts, since when, and how far."""
    name, verb, unit = DRIFT_WORDS[one.kind]
    drift = one.drift
    since = f" since {near_day(drift.since, today)}" if drift.since else ""
    usual = "" if drift.usual is None else f" (usually {drift.usual:.2f} {unit}, now {drift.latest:.2f})"
    return f"{name} {verb}{since}{usual}"


def troubles(health: Health) -> list[str]:
    """Everything that needs somebody, the worst first, each as part of a sentence."""
    found = [f"not safe to drive: {reason}" for reason in health.unsafe]
    found += [job_words(health, job) for job in health.pressing if job.state == "overdue"]
    found += [drift_words(one, health.today) for one in health.drifting]
    found += [f"{fault.code}: {said.words}" for fault, said in health.faults if said.severity != "stop"]
    found += [one.text for one in health.defects if one.severity != "stop"]
    found += [job_words(health, job) for job in health.pressing if job.state == "soon"]
    found += [f"{job.part.name}: {chance_words(health, job)}" for job in health.risky]
    return found


def vehicle_line(health: Health) -> str:
    """One vehicle that needs something: "Blue van: oil overdue by 1,240 km; MOT due Fri 20 Mar"."""
    found = troubles(health)
    said = found[:MOST_SAID] + ([f"{len(found) - MOST_SAID} more"] if len(found) > MOST_SAID else [])
    booked = f"; at the workshop {near_day(health.booking.day, health.today)}" if health.booking else ""
    return f"{health.vehicle.name}: {'; '.join(said)}{booked}"


def clock_words(health: Health) -> str:
    """How far it has come: "about 61,800 km, 420 km a week"; what is not known is said."""
    if health.pace is None or health.clock is None:
        return "nobody has told its kilometres yet"
    weekly = "" if not health.pace.per_day else f", some {km(health.pace.per_day * 7)} a week"
    if health.pace.read_on < health.today:
        return f"about {km(health.pace.km)}{weekly}"
    return f"{amount(round(health.pace.km))} km{weekly}"


def gaps(health: Health, *, offer: bool = True) -> str:
    """What is not known of a vehicle, as a sentence; "" where that is nothing worth a word."""
    name = health.vehicle.name
    if health.pace is None:
        return (
            f"I don't know the kilometres of {name}, so only dates count; tell me “{name} is at 61,800 km”."
        )
    old = (health.today - health.pace.read_on).days
    stale = f"No odometer reading of {name} since {near_day(health.pace.read_on, health.today)}."
    missing = [part.name for part in health.unknown]
    if not missing:
        return stale if old > STALE_DAYS else ""
    unknown = f"I have no record of its {first_few(missing, MOST_UNKNOWN)}"
    how = (
        f"; tell me “{name} had its {missing[0]} done at {amount(round(health.pace.km))} km”" if offer else ""
    )
    return sentences(stale if old > STALE_DAYS else "", f"{unknown}{how}.")


def fleet_text(found: Sequence[Health]) -> str:
    """How all vehicles stand, in one line that stands alone."""
    needy = [health for health in found if health.needs_work]
    fine = [health.vehicle.name for health in found if not health.needs_work]
    blind = [health.vehicle.name for health in found if health.pace is None or health.unknown]
    if not needy:
        head = f"Nothing is due that I know of on {listed(fine)}."
    else:
        verb = "needs" if len(needy) == 1 else "need"
        head = f"{len(needy)} of {len(found)} vehicles {verb} something. " if len(found) > 1 else ""
        head += " ".join(f"{vehicle_line(health)}." for health in needy)
        head += f" {capital(listed(fine))}: nothing due that I know of." if fine else ""
    gap = f"My records of {listed(blind)} have gaps: ask about one to see which." if blind else ""
    return sentences(head, gap)


def vehicle_text(health: Health) -> str:
    """How one vehicle stands."""
    name = health.vehicle.name
    ahead = [job for job in health.jobs if job.state == "later" and job.last is not None]
    following = f"Next: {job_words(health, ahead[0])}." if ahead and not health.pressing else ""
    following = sentences(following, _likeliest(health))
    booked = health.booking
    at = f"It is at the workshop {near_day(booked.day, health.today)}." if booked else ""
    if not health.needs_work:
        return sentences(
            f"Nothing is due on {name} that I know of ({clock_words(health)}).", following, at, gaps(health)
        )
    line = "; ".join(troubles(health))
    return sentences(f"{name} ({clock_words(health)}): {line}.", following, at, gaps(health))


def _likeliest(health: Health) -> str:
    """The part that is likeliest to fail, where it is not told already."""
    known = [job for job in health.jobs if job.last is not None and (job.chance or 0.0) >= WORTH_A_WORD]
    best = max(known, key=lambda job: job.chance or 0.0, default=None)
    if best is None or best in health.risky:
        return ""
    return f"Likeliest to fail: {best.part.name}, {chance_words(health, best)}."


# -- figures and reasons -----------------------------------------------------------------------------


def job_row(health: Health, job: Job) -> dict[str, Any]:
    """One part for ``data``."""
    return facts(
        vehicle=health.vehicle.code,
        part=job.part.code,
        name=job.part.name,
        state=job.state,
        due_on=job.due.on,
        km_left=None if job.due.km_left is None else round(job.due.km_left),
        days_left=job.due.days_left,
        last_done=job.last.done_on if job.last else None,
        last_km=None if job.last_km is None else round(job.last_km),
        every_km=None if job.every_km is None else round(job.every_km),
        every_days=job.part.every_days,
        chance=None if job.chance is None else round(job.chance, 4),
        ahead_km=round(health.ahead_km),
    )


def health_row(health: Health) -> dict[str, Any]:
    """One vehicle for ``data``."""
    pace = health.pace
    return {
        **facts(
            vehicle=health.vehicle.code,
            name=health.vehicle.name,
            odometer_km=None if pace is None else round(pace.km),
            read_on=pace.read_on if pace else None,
            km_per_week=None if pace is None or not pace.per_day else round(pace.per_day * 7),
            safe=not health.unsafe,
            needs_work=health.needs_work,
            workshop_on=health.booking.day if health.booking else None,
        ),
        "parts": [job_row(health, job) for job in health.jobs if job.known],
        "unknown": [part.code for part in health.unknown],
        "faults": [
            facts(code=fault.code, meaning=said.words, severity=said.severity, seen_at=fault.seen_at.date())
            for fault, said in health.faults
        ],
        "defects": [
            facts(defect=one.id, text=one.text, severity=one.severity, found_on=one.found_at.date())
            for one in health.defects
        ],
        "drifts": [_drift_row(one) for one in health.drifts],
    }


def _drift_row(one: Drifting) -> dict[str, Any]:
    drift = one.drift
    return facts(
        kind=one.kind,
        latest=round(drift.latest, 3),
        usual=None if drift.usual is None else round(drift.usual, 3),
        spread=round(drift.spread, 4),
        score=round(drift.score, 2),
        limit=LIMIT,
        since=drift.since,
        found_on=drift.found,
        readings=one.readings,
    )


def jobs_table(found: Sequence[Health]) -> Table | None:
    """What is known of the parts of vehicles, the most urgent first; None where that is nothing."""
    jobs = [(health, job) for health in found for job in health.jobs if job.known]
    if not jobs:
        return None
    several = len(found) > 1
    wanted = jobs if not several else [each for each in jobs if each[1].state in ("overdue", "soon")]
    rows = tuple(
        (*((health.vehicle.name,) if several else ()), *_cells(health, job)) for health, job in wanted[:30]
    )
    columns = (*(("Vehicle",) if several else ()), "What", "Due", "May fail", "Last done")
    return Table(columns, rows) if rows else None


def _cells(health: Health, job: Job) -> tuple[str, str, str, str]:
    due = job_words(health, job).removeprefix(job.part.name).strip(" ,") if job.state != "unknown" else ""
    last = ""
    if job.last is not None:
        at = f", {km(float(job.last_km))}" if job.last_km is not None else ""
        last = near_day(job.last.done_on, health.today) + at
    return (capital(job.part.name), due, percent(job.chance) if job.chance is not None else "", last)


def sources(found: Sequence[Health]) -> tuple[Source, ...]:
    """Where all of it comes from: clocks, log, intervals, lives, and the sums of readings."""
    rows = [row for health in found for row in _clock_rows(health)]
    rows += [
        _interval_row(health, job)
        for health in found
        for job in health.jobs
        if job.known and (len(found) == 1 or job.state in ("overdue", "soon"))
    ]
    logged = sum(health.services for health in found)
    entries = "1 entry" if logged == 1 else f"{logged} entries"
    made = [Source(f"Service log ({entries}), odometers and intervals", rows=tuple(rows[:40]))]
    lives = [_life_row(health, job) for health in found for job in health.jobs if _tells(health, job)]
    if lives:
        made.append(
            Source(
                "Chances by Weibull, the maker's figures moved by the log; cheapest age to change by Barlow "
                "and Hunter (1960)",
                rows=tuple(dict.fromkeys(lives))[:20],
            )
        )
    sums = [_sum_row(health, one) for health in found for one in health.drifts]
    if sums:
        made.append(
            Source(f"Cumulative sums of readings (Page 1954), told above {LIMIT:g}", rows=tuple(sums))
        )
    return tuple(made)


def _tells(health: Health, job: Job) -> bool:
    return job.fitted is not None and (job.fitted.lives > 0 or job in health.risky)


def _clock_rows(health: Health) -> list[str]:
    if health.clock is None or health.pace is None:
        return [f"{health.vehicle.name}: no odometer reading"]
    said = {"told": "told", "import": "imported", "trip": "of a trip", "list": "in the list of vehicles"}
    source = said.get(health.clock.source, "with a service")
    day = f"{health.clock.at:%Y-%m-%d}"
    reckoned = f"; reckoned {km(health.pace.km)} today" if health.pace.read_on < health.today else ""
    return [f"{health.vehicle.name}: {amount(health.clock.km)} km on {day}, {source}{reckoned}"]


def _interval_row(health: Health, job: Job) -> str:
    part, limits = job.part, []
    if job.every_km is not None:
        limits.append(f"every {km(job.every_km)} ({_whose(job)})")
    if part.every_days is not None:
        law = ", by law" if part.statutory else ""
        limits.append(f"every {part.every_days} days{law}")
    done = "no entry in the log"
    if job.last is not None:
        done = f"last {job.last.done_on:%Y-%m-%d}"
        done += f" at {km(job.last_km)}" if job.last_km is not None else ", kilometres not known"
    return f"{health.vehicle.name}, {part.name}: {done}; {' or '.join(limits) or 'no interval'}"


def _whose(job: Job) -> str:
    if job.own:
        return "the shop's own figure"
    if job.every_km == job.part.every_km or job.fitted is None:
        return "usual figure"
    usual = "" if job.part.every_km is None else f"; the usual figure is {km(job.part.every_km)}"
    return f"cheapest by the log and the maker's figures{usual}"


def _life_row(health: Health, job: Job) -> str:
    fitted = job.fitted
    if fitted is None:
        return ""
    best = "" if job.best_km is None else f"; cheapest to change at {km(job.best_km)}"
    chance = f"; {health.vehicle.name}: {chance_words(health, job)}" if job.last is not None else ""
    return (
        f"{job.part.name}: shape {fitted.law.shape:.1f}, life {km(fitted.law.life)} from "
        f"{plural(fitted.failures, 'failure')} in {plural(fitted.lives, 'life', 'lives')}{best}{chance}"
    )


def _sum_row(health: Health, one: Drifting) -> str:
    drift = one.drift
    if drift.usual is None:
        return f"{health.vehicle.name}, {one.kind}: {one.readings} readings, too few to know what is usual"
    degree = SIGNALS[one.kind].per_degree
    season = (
        f"{degree:g} for each degree outside taken out" if drift.corrected else "not all with the weather"
    )
    return (
        f"{health.vehicle.name}, {one.kind}: usual {drift.usual:.2f} at {REFERENCE:g} °C by {drift.baseline} "
        f"readings, sigma {drift.spread:.3f}, sum {drift.score:.1f}; {season}"
    )


def load_source(loads: Sequence[DayLoad], chosen: DayLoad) -> Source:
    """Why this day at the workshop: what each day asks of the vehicle."""
    rows = [
        f"{load.day:%a %Y-%m-%d}: "
        + (f"{load.orders} orders due, {load.trips} trips of its own" if load.open else "workshop closed")
        + (" (chosen)" if load is chosen else "")
        for load in loads
    ]
    return Source("Orders due and trips of the next days", rows=tuple(rows))
