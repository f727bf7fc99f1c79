"""What the sensors read now, and whether that is all right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Call,
    Place,
    Refused,
    Reply,
    Result,
    Right,
    SensorCode,
    Source,
    Table,
    listed,
    tool,
    words,
)
from tools.kit.holdings import Scope, in_scope, scope_of
from tools.kit.watch import Sighting, Urgency, watch
from tools.store import Sensor
from tools.store.facts import SensorReading

UNITS = {"temperature": " °C", "humidity": " %"}
# A reading that is older than this no longer says how things are.
FRESH = timedelta(hours=2)
MOST_SAID = 3
# A door that is opened is out of range for minutes; so long without a break is none that was opened.
LASTS = {"temperature": timedelta(minutes=20)}
LASTS_USUALLY = timedelta(hours=2)
# Further out than the whole range is wide is told in half the time.
LOOKED_BACK = timedelta(hours=48)
# Silence: so many of a sensor's usual pauses, and never less than this.
PAUSES, SHORTEST = 4, timedelta(minutes=30)
# What has not read for so long is out of use rather than broken.
FORGOTTEN = timedelta(days=14)
FEWEST_READINGS = 3


@tool(
    right=Right.SEE_STOCK,
)
def status(ask: Ask, location: Place | None = None, sensor: SensorCode | None = None) -> Result:
    """Read the sensors."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = [each for each in _visible(ask, scope) if sensor in (None, each.code)]
    if not chosen:
        return _no_sensor(ask, scope, sensor)
    latest = {reading.sensor.code: reading for reading in ask.store.stock.sensor_readings()}
    found = [latest[each.code] for each in chosen if each.code in latest]
    silent = [each for each in chosen if each.code not in latest]
    return Reply(
        words.sentences(_text(ask, found), _silent(silent)),
        _data(ask, found, silent),
        _blocks(ask, found),
        sources=(_source(ask, found),),
    )


def _visible(ask: Ask, scope: Scope) -> list[Sensor]:
    return [each for each in ask.catalogue.sensors if scope.whole or each.location in scope.places]


def _no_sensor(ask: Ask, scope: Scope, sensor: str | None) -> Refused:
    known = [each.name for each in _visible(ask, Scope(ask.places, whole=ask.user.locations is None))]
    what = f"I know no sensor {sensor}" if sensor else "There is no sensor"
    others = f" There are: {listed(known)}." if known else ""
    return Refused(f"{what}{in_scope(ask, scope)}.{others}")


def _text(ask: Ask, found: Sequence[SensorReading]) -> str:
    wrong = [reading for reading in found if _verdict(reading)]
    if not found:
        return ""
    if len(found) == 1:
        return f"{_line(ask, found[0])}."
    if wrong:
        head = f"{len(wrong)} of {len(found)} sensors {'is' if len(wrong) == 1 else 'are'} out of range"
        return f"{head}: {'; '.join(_line(ask, reading) for reading in wrong)}."
    named = [f"{reading.sensor.name} {_value(reading.sensor, reading.value)}" for reading in found]
    which = f": {listed(named)}" if len(found) <= MOST_SAID else ""
    return words.sentences(f"All {len(found)} sensors are in range{which}.", _stale(ask, found))


def _line(ask: Ask, reading: SensorReading) -> str:
    value = _value(reading.sensor, reading.value)
    parts = [f"{reading.sensor.name} {value} at {_when(ask, reading.read_at)}"]
    verdict, limits = _verdict(reading), _limits(reading.sensor)
    if verdict:
        parts.append(f"{verdict} (should be {limits})")
    elif limits:
        parts.append(f"in range ({limits})")
    if _is_stale(ask, reading):
        parts.append("nothing newer has come in")
    return ", ".join(parts)


def _verdict(reading: SensorReading) -> str:
    return "too high" if reading.too_high else "too low" if reading.too_low else ""


def _value(sensor: Sensor, value: float) -> str:
    return f"{words.amount(Decimal(str(round(value, 2))))}{UNITS.get(sensor.kind, '')}"


def _limits(sensor: Sensor) -> str:
    if sensor.low is not None and sensor.high is not None:
        return f"{words.amount(Decimal(str(sensor.low)))} to {_value(sensor, sensor.high)}"
    if sensor.high is not None:
        return f"{_value(sensor, sensor.high)} or less"
    return "" if sensor.low is None else f"{_value(sensor, sensor.low)} or more"


def _when(ask: Ask, at: datetime) -> str:
    clock = f"{at:%H:%M}"
    return clock if at.date() == ask.today else f"{clock} on {words.day(at.date(), ask.today)}"


def _is_stale(ask: Ask, reading: SensorReading) -> bool:
    age = ask.now.replace(tzinfo=None) - reading.read_at
    return age > FRESH


def _stale(ask: Ask, found: Sequence[SensorReading]) -> str:
    old = [reading.sensor.name for reading in found if _is_stale(ask, reading)]
    return f"No reading in the last two hours from {listed(old)}." if old else ""


def _silent(sensors: Sequence[Sensor]) -> str:
    return f"No readings yet from {listed([each.name for each in sensors])}." if sensors else ""


def _data(ask: Ask, found: Sequence[SensorReading], silent: Sequence[Sensor]) -> dict[str, Any]:
    rows = [
        words.facts(
            sensor=reading.sensor.code,
            name=reading.sensor.name,
            kind=reading.sensor.kind,
            location=reading.sensor.location,
            value=reading.value,
            low=reading.sensor.low,
            high=reading.sensor.high,
            read_at=reading.read_at,
            in_range=not _verdict(reading),
            stale=_is_stale(ask, reading),
        )
        for reading in found
    ]
    wrong = sum(1 for reading in found if _verdict(reading))
    quiet = [each.code for each in silent]
    return {"rows": rows, "sensors": len(found), "out_of_range": wrong, "silent": quiet}


def _blocks(ask: Ask, found: Sequence[SensorReading]) -> tuple[Table, ...]:
    if len(found) < 2:
        return ()
    rows = tuple(
        (
            reading.sensor.name,
            _value(reading.sensor, reading.value),
            _limits(reading.sensor),
            _verdict(reading) or "fine",
            _when(ask, reading.read_at),
        )
        for reading in found
    )
    return (Table(("Sensor", "Reads", "Should be", "", "At"), rows),)


def _source(ask: Ask, found: Sequence[SensorReading]) -> Source:
    rows = tuple(f"{each.sensor.code}: {each.value} at {each.read_at:%Y-%m-%d %H:%M}" for each in found)
    newest = max((reading.read_at for reading in found), default=None)
    return Source("Sensor readings", as_of=_when(ask, newest) if newest else "", rows=rows)


# -- by itself ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Spell:
    """A stretch of readings out of range that lasts until the newest one."""

    reading: SensorReading
    began: datetime
    worst: float

    @property
    def lasted(self) -> timedelta:
        return self.reading.read_at - self.began

    @property
    def is_long(self) -> bool:
        """Whether it is more than an opened door; far out of range counts double."""
        needed = LASTS.get(self.reading.sensor.kind, LASTS_USUALLY)
        low, high = self.reading.sensor.low, self.reading.sensor.high
        if low is not None and high is not None:
            beyond = max(low - self.worst, self.worst - high)
            needed = needed / 2 if beyond > high - low else needed
        return self.lasted >= needed


@watch(rule="sensor.range", right=Right.SEE_STOCK, every=timedelta(minutes=5))
def watch_range(ask: Ask) -> Iterator[Sighting]:
    """Out of range: a sensor that has read too high or too low for longer than an opened door."""
    latest = [one for one in ask.store.stock.sensor_readings() if _verdict(one) and not _is_stale(ask, one)]
    if not latest:
        return
    past = ask.store.stock.sensor_history(ask.now.replace(tzinfo=None) - LOOKED_BACK)
    for reading in latest:
        spell = _spell(reading, past.get(reading.sensor.code, []))
        if spell.is_long:
            yield _out_of_range(ask, spell)


def _spell(reading: SensorReading, past: Sequence[tuple[datetime, float]]) -> _Spell:
    """The readings out of range on the same side, back to the last one that was all right."""
    began, worst = reading.read_at, reading.value
    for at, value in reversed(past):
        one = SensorReading(reading.sensor, at, value)
        if (one.too_high, one.too_low) != (reading.too_high, reading.too_low):
            break
        began, worst = at, max(worst, value) if reading.too_high else min(worst, value)
    return _Spell(reading, began, worst)


def _out_of_range(ask: Ask, spell: _Spell) -> Sighting:
    reading, sensor = spell.reading, spell.reading.sensor
    minutes = int(spell.lasted.total_seconds() // 60)
    lasted = words.plural(minutes, "minute") if minutes < 120 else words.plural(minutes // 60, "hour")
    value = _value_there(ask, sensor) if sensor.kind == "temperature" else Decimal(0)
    place = ask.catalogue.location_name(sensor.location)
    text = (
        f"{sensor.name} has been {_verdict(reading)} for {lasted}: {_value(sensor, reading.value)} at "
        f"{_when(ask, reading.read_at)}, should be {_limits(sensor)}. Look at {place}."
    )
    figures = words.facts(
        sensor=sensor.code,
        value=reading.value,
        worst=spell.worst,
        minutes=minutes,
        low=sensor.low,
        high=sensor.high,
    )
    reply = Reply(
        text,
        {"rows": [figures]},
        buttons=(Button("Read it again", Call("sensor.status", {"sensor": sensor.code})),),
        sources=(_source(ask, [reading]),),
    )
    soon = Urgency.NOW if sensor.kind == "temperature" else Urgency.TODAY
    return Sighting("sensor.range", sensor.code, sensor.location or "", reply, soon, Right.SEE_STOCK, value)


def _value_there(ask: Ask, sensor: Sensor) -> Decimal:
    """What stands at a sensor's place and has a date, at cost: what may spoil."""
    products = ask.catalogue.products
    lots = ask.store.stock.lots(locations=[sensor.location], today=ask.today) if sensor.location else []
    return words.summed(
        lot.quantity * (products[lot.sku].cost or Decimal(0))
        for lot in lots
        if lot.expires_on is not None and lot.sku in products
    )


@watch(rule="sensor.silent", right=Right.SEE_STOCK, every=timedelta(minutes=15))
def watch_silent(ask: Ask) -> Iterator[Sighting]:
    """Silent: a sensor that used to read and does not any more."""
    now = ask.now.replace(tzinfo=None)
    past = ask.store.stock.sensor_history(now - FORGOTTEN)
    for reading in ask.store.stock.sensor_readings():
        since, pause = now - reading.read_at, _pause(past.get(reading.sensor.code, []))
        if pause is not None and max(pause * PAUSES, SHORTEST) < since <= FORGOTTEN:
            yield _silence(ask, reading)


def _pause(past: Sequence[tuple[datetime, float]]) -> timedelta | None:
    """The usual time from one reading to the next; None where too few are known."""
    if len(past) < FEWEST_READINGS:
        return None
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(past)]
    return timedelta(seconds=median(gap.total_seconds() for gap in gaps))


def _silence(ask: Ask, reading: SensorReading) -> Sighting:
    sensor = reading.sensor
    text = (
        f"{sensor.name} has not been heard of since {_when(ask, reading.read_at)} "
        f"(it read {_value(sensor, reading.value)} then). Is it switched on, and its battery good?"
    )
    row = words.facts(sensor=sensor.code, value=reading.value, read_at=reading.read_at)
    reply = Reply(text, {"rows": [row]}, sources=(_source(ask, [reading]),))
    value = _value_there(ask, sensor) if sensor.kind == "temperature" else Decimal(0)
    return Sighting(
        "sensor.silent", sensor.code, sensor.location or "", reply, Urgency.TODAY, Right.SEE_STOCK, value
    )
