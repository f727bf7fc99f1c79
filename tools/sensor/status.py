"""What the sensors read now, and whether that is all right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
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
from tools.store import Sensor
from tools.store.facts import SensorReading

UNITS = {"temperature": " °C", "humidity": " %"}
# A reading that is older than this no longer says how things are.
FRESH = timedelta(hours=2)
MOST_SAID = 3


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
