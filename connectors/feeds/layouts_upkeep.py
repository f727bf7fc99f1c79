"""The optional files of vehicles' upkeep: figures of parts, service log, readings, fault codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.feeds import cells
from connectors.feeds.cells import MONEY_PLACES, QUANTITY_PLACES, BadCell
from connectors.feeds.layout import Column, Layout, key_column
from tools.maths.upkeep.parts import PARTS
from tools.store.imports_known import Known
from tools.store.imports_plain import digest
from tools.store.upkeep_facts import READING_KINDS, SEVERITIES

SERVICE_ROW = ("key", "vehicle", "part", "done_on", "odometer_km", "failed", "cost", "note")
READING_ROW = ("key", "vehicle", "kind", "read_at", "value", "ambient")
FAULT_ROW = ("key", "vehicle", "code", "seen_at", "cleared_at", "note")
_CODE = re.compile(r"[PCBU][0-3][0-9A-F]{3}")
_WORDS = {
    word.lower(): part.code
    for part in reversed(tuple(PARTS.values()))
    for word in (part.code, part.name, *part.words)
}


def upkeep_layouts(known: Known) -> tuple[Layout, ...]:
    """The files of vehicles' upkeep, in the order in which they are read."""
    return _parts(), _services(known), _readings(known), _faults(known)


def _parts() -> Layout:
    return Layout(
        "vehicle_parts",
        (
            key_column("code", _part),
            Column("name", cells.text(200)),
            Column("every_km", cells.number(QUANTITY_PLACES, above_zero=True)),
            Column("every_days", cells.whole(1, 36_500)),
            Column("life_km", cells.number(QUANTITY_PLACES, above_zero=True)),
            Column("shape", cells.measure(0.2, 20)),
            Column("severity", cells.choice(("", *SEVERITIES), "")),
            Column("planned_cost", cells.number(MONEY_PLACES, above_zero=True)),
            Column("failure_cost", cells.number(MONEY_PLACES, above_zero=True)),
        ),
        key=("code",),
        optional=True,
    )


def _services(known: Known) -> Layout:
    return Layout(
        "vehicle_services",
        (
            key_column("done_on", cells.day),
            key_column("vehicle", _vehicle(known)),
            key_column("part", _part),
            Column("odometer_km", cells.number(QUANTITY_PLACES)),
            Column("failed", cells.choice(("yes", "no"), "no")),
            Column("cost", cells.number(MONEY_PLACES)),
            Column("note", cells.text(300)),
        ),
        finish=_service_row,
        kept=SERVICE_ROW,
        optional=True,
    )


def _readings(known: Known) -> Layout:
    return Layout(
        "vehicle_readings",
        (
            key_column("read_at", cells.wall_time(known.zone)),
            key_column("vehicle", _vehicle(known)),
            key_column("kind", cells.choice(READING_KINDS, READING_KINDS[0])),
            key_column("value", cells.number(QUANTITY_PLACES, None)),
            Column("ambient", cells.number(QUANTITY_PLACES, None)),
        ),
        finish=_reading_row,
        kept=READING_ROW,
        optional=True,
    )


def _faults(known: Known) -> Layout:
    return Layout(
        "vehicle_faults",
        (
            key_column("seen_at", cells.wall_time(known.zone)),
            key_column("vehicle", _vehicle(known)),
            key_column("code", _fault),
            Column("cleared_at", cells.wall_time(known.zone)),
            Column("note", cells.text(300)),
        ),
        finish=_fault_row,
        kept=FAULT_ROW,
        optional=True,
    )


def _vehicle(known: Known) -> cells.Reader:
    return cells.one_of(known.vehicles, "the code of a vehicle in vehicles.csv")


def _part(cell: str) -> str:
    """A part by its code, or by a name that people have for it; others are taken as they are."""
    code = _WORDS.get(cell.lower(), cell.lower())
    return str(cells.code()(code))


def _fault(cell: str) -> str:
    if _CODE.fullmatch(cell.upper()) is None:
        raise BadCell("a fault code such as P0301")
    return cell.upper()


def _service_row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    said = (values["vehicle"], values["part"], values["done_on"], values.get("odometer_km"))
    failed, note = values.get("failed") == "yes", values.get("note") or ""
    return (digest(*said, failed, note), *said, failed, values.get("cost"), note)


def _reading_row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    if values["kind"] == READING_KINDS[0] and values["value"] < 0:
        raise BadCell("kilometres of at least 0")
    said = (values["vehicle"], values["kind"], values["read_at"], values["value"])
    return (digest(*said), *said, values.get("ambient"))


def _fault_row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    said = (values["vehicle"], values["code"], values["seen_at"])
    return (digest(*said), *said, values.get("cleared_at"), values.get("note") or "")
