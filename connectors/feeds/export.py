"""Writing the books as a shop folder that imports back to the same shop."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from connectors.feeds.cells import MONEY_PLACES, QUANTITY_PLACES
from connectors.feeds.layout import Layout
from connectors.feeds.layouts import layouts
from connectors.feeds.rows import money_of
from tools.store import Store
from tools.store.imports_export import Exporter
from tools.store.imports_known import Known
from tools.store.imports_plain import Plain

# Columns that the usual folder has not: written only where a row has something in them.
_EXTRA = {
    "products": ("reorder_point", "temperature"),
    "vehicles": (
        "driver",
        "profile",
        "skills",
        "cost_fixed",
        "cost_per_km",
        "cost_per_hour",
        "break_minutes",
        "break_from",
        "break_to",
    ),
    "sales": ("amount", "customer", "kind", "note"),
    "feedback": ("source", "source_id"),
}
_MONEY = (
    "price",
    "cost",
    "min_order_value",
    "unit_price",
    "unit_cost",
    "amount",
    "planned_cost",
    "failure_cost",
    "cost_fixed",
    "cost_per_km",
    "cost_per_hour",
)
_FINE = ("weight_kg", "volume_l")
_QUANTITY = (
    "quantity", "received_quantity", "defective_quantity", "pack_size", "moq", "reorder_point",
    "capacity_kg", "capacity_l", "odometer_km", "every_km", "life_km",
)  # fmt: skip
_TIMES = ("sold_at", "placed_at", "due_from", "due_to", "received_at", "read_at", "seen_at", "cleared_at")


@dataclass(frozen=True)
class ExportReport:
    """What was written: rows per file, and what a shop folder cannot say."""

    folder: str
    day: date
    rows: Mapping[str, int]
    left_out: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Everything, as plain JSON values."""
        return {**asdict(self), "day": self.day.isoformat()}

    def summary(self) -> str:
        """What was written, for people."""
        lines = [f"The shop as of {self.day:%d %b %Y} is in {self.folder}."]
        lines += [
            f"{name}: {rows:,} {'row' if rows == 1 else 'rows'}" for name, rows in self.rows.items() if rows
        ]
        lines += [f"Left out: {count:,} {what}" for what, count in self.left_out.items()]
        lines.append("Not in a shop folder: the ledger's history, passwords, settings and conversations.")
        return "\n".join(lines)


def export_shop(store: Store, folder: Path, today: date) -> ExportReport:
    """Write the files of a shop folder, the optional ones where they have rows; earlier ones are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, int] = {}
    with store.imports.exporting() as books:
        for layout in layouts(Known()).values():
            rows = _write(folder / layout.file, layout, books)
            if layout.optional and not rows:
                (folder / layout.file).unlink()
            else:
                written[layout.file] = rows
        return ExportReport(str(folder), today, written, dict(books.left_out))


def _write(path: Path, layout: Layout, books: Exporter) -> int:
    columns = _columns(layout, books)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in books.rows(layout.table):
            count += 1
            writer.writerow([told(name, _told_from(row, name)) for name in columns])
    return count


def _columns(layout: Layout, books: Exporter) -> list[str]:
    extra = _EXTRA.get(layout.table, ())
    used = _used(books.rows(layout.table), extra) if extra else set()
    return [name for name in layout.names if name not in extra or name in used]


def _used(rows: Iterable[Plain], extra: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    for row in rows:
        found.update(name for name in extra if name not in found and _told_from(row, name) not in (None, ""))
        if len(found) == len(extra):
            break
    return found


def _told_from(row: Plain, name: str) -> Any:
    if name == "sold_at":
        return row["sold_at"] or row["sold_on"]
    if name == "amount":
        return None if row["amount"] == money_of(row["quantity"], row["unit_price"]) else row["amount"]
    if name == "kind" and "sold_on" in row:
        usual = "return" if row["quantity"] < 0 else "sale"
        return "" if row["kind"] == usual else row["kind"]
    return row[name]


def told(name: str, value: Any) -> str:
    """One value as its cell: the same value always gives the same text."""
    if value is None:
        return ""
    if name in _QUANTITY:
        return decimal(value, QUANTITY_PLACES, 0)
    if name in _MONEY:
        return decimal(value, MONEY_PLACES, 2)
    if name in _FINE:
        return decimal(value, MONEY_PLACES, 0)
    if name in _TIMES:
        return _time(value)
    return ";".join(json.loads(value)) if name == "aliases" else str(value)


def decimal(size: int, places: int, least: int) -> str:
    """A scaled number in plain digits, with at least so many decimals and no more than it needs."""
    digits = f"{abs(size):0{places + 1}d}"
    whole, fraction = digits[:-places], digits[-places:].rstrip("0").ljust(least, "0")
    return ("-" if size < 0 else "") + whole + (f".{fraction}" if fraction else "")


def _time(stored: str) -> str:
    """Minutes, or as fine as it has to be; a bare day stays one."""
    text = stored.replace(" ", "T").removesuffix(".000000")
    return text[:16] if len(text) == 19 and text.endswith(":00") else text
