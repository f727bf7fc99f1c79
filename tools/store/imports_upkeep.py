"""Service log, readings and fault codes of vehicles from files: only ever added, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from sqlalchemy import Connection

from tools.store import imports_plain as p
from tools.store.imports_facts import add_once
from tools.store.imports_staging import Row, Staging
from tools.store.imports_tally import Tally

_COLUMNS = {
    "vehicle_services": ("row_key", "vehicle_id", "part", "done_on", "odometer_km", "failed", "cost", "note"),
    "vehicle_readings": ("row_key", "vehicle_id", "kind", "read_at", "value", "ambient"),
    "vehicle_faults": ("row_key", "vehicle_id", "code", "seen_at", "cleared_at", "note"),
}


def _add(table: str, connection: Connection, staging: Staging, import_id: int) -> Tally:
    vehicles = p.ids(connection, p.VEHICLE, "code")
    failed = _COLUMNS[table].index("failed") if "failed" in _COLUMNS[table] else None

    def rows() -> Iterator[Row]:
        for _line, key, vehicle, *rest, occurrence in staging.occurrences(table, "key"):
            row = [key if occurrence == 1 else f"{key}-{occurrence}", vehicles[vehicle], *rest, import_id]
            if failed is not None:
                row[failed] = bool(row[failed])
            yield tuple(row)

    return add_once(connection, p.UPKEEP[table], (*_COLUMNS[table], "import_id"), "row_key", rows())


UPKEEP_FACTS: Mapping[str, Callable[[Connection, Staging, int], Tally]] = {
    table: partial(_add, table) for table in _COLUMNS
}
