"""The books' rows as a shop folder has them: codes instead of numbers, quantities and money still scaled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, FromClause, TableClause

from tools.store import imports_plain as p
from tools.store.among import VIRTUAL_KINDS
from tools.store.imports_documents import writers
from tools.store.imports_names import Writer
from tools.store.imports_plain import Plain

_SALE = (
    "sold_on", "sold_at", "kind", "quantity", "unit_price", "amount", "channel", "order_ref",
    "customer", "note",
)  # fmt: skip


class Exporter:
    """Reads the books table by table.  ``left_out`` counts what a shop folder cannot say."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.left_out: dict[str, int] = {}
        self._products = {number: sku for sku, number in self._active(p.PRODUCT, "sku").items()}
        self._places = {number: code for code, number in self._active(p.LOCATION, "code").items()}
        self._special: dict[str, Callable[[], Iterable[Plain]]] = {
            "stock": self._stock,
            "sales": self._sales,
            "feedback": self._feedback,
            "sensor_readings": self._readings,
            "vehicle_services": self._services,
            "vehicle_readings": self._vehicle_readings,
            "vehicle_faults": self._faults,
        }

    def rows(self, table: str) -> Iterator[Plain]:
        """The rows of one file of a shop folder, always in the same order."""
        if table in self._special:
            yield from self._special[table]()
            return
        writer = writers(self.connection, datetime.now(UTC), "")[table]()
        for row in self._written(writer):
            yield from ([row] if "lines" not in row else self._flat(row))

    def _written(self, writer: Writer) -> Iterator[Plain]:
        source, key = _SOURCES[writer.table]
        keys = (
            list(self._active(source, key))
            if "active" in writer.blank()
            else sorted(p.ids(self.connection, source, key))
        )
        for chunk in p.chunks(keys):
            found = writer.read(chunk)
            yield from (found[each] for each in chunk)

    def _flat(self, document: Plain) -> Iterator[Plain]:
        heading = {name: value for name, value in document.items() if name != "lines"}
        for line in document["lines"]:
            if self._is_sold("lines of orders", line["sku"]):
                yield {**heading, **line}

    def _is_sold(self, what: str, sku: str) -> bool:
        """Whether the product is in the catalogue; a row of one that is not is left out, and counted."""
        if sku in self._skus:
            return True
        self.left_out[what] = self.left_out.get(what, 0) + 1
        return False

    @cached_property
    def _skus(self) -> set[str]:
        return set(self._products.values())

    def _active(self, source: TableClause, key: str) -> dict[str, int]:
        """Codes and numbers of what is not hidden, in the order in which it came."""
        columns = [source.c[key], source.c.id, source.c.active] + (
            [source.c.kind] if source is p.LOCATION else []
        )
        rows = self.connection.execute(source.select().with_only_columns(*columns).order_by(source.c.id))
        return {row[0]: row[1] for row in rows if row[2] and not (len(row) > 3 and row[3] in VIRTUAL_KINDS)}

    def _stock(self) -> list[Plain]:
        lots = {row.id: row for row in self.connection.execute(p.LOT.select())}
        found: dict[tuple[str, str], list[Plain]] = {}
        for balance in self.connection.execute(p.BALANCE.select()):
            sku, place = self._products.get(balance.product_id), self._places.get(balance.location_id)
            if sku is None or place is None:
                continue
            rows = found.setdefault((sku, place), [])
            if balance.quantity:
                rows.append(self._lot_row(sku, place, balance.quantity, lots.get(balance.lot_id)))
        empty = [_stock_row(sku, place, 0) for (sku, place), rows in found.items() if not rows]
        every = [row for rows in found.values() for row in rows] + empty
        return sorted(
            every, key=lambda row: (row["sku"], row["location"], row["lot"], row["expires_on"] or "")
        )

    def _lot_row(self, sku: str, place: str, quantity: int, lot: Any) -> Plain:
        if quantity < 0:
            self.left_out["places with less than nothing (told as 0)"] = self.left_out.get("oversold", 0) + 1
        row = _stock_row(sku, place, max(quantity, 0))
        return row if lot is None else {**row, "lot": lot.code, "expires_on": p.plain(lot.expires_on)}

    def _sales(self) -> Iterator[Plain]:
        for row in self._facts(p.SALE_LINE, p.SALE_LINE.c.id):
            sku = self._products.get(row["product_id"], "")
            if row["product_id"] is None or self._is_sold("sales lines of products no longer kept", sku):
                told = {name: p.plain(row[name]) for name in _SALE}
                yield {**told, "sku": sku, "location": self._places.get(row["location_id"], "")}

    def _feedback(self) -> Iterator[Plain]:
        for row in self._facts(p.FEEDBACK, p.FEEDBACK.c.id):
            told = {
                name: p.plain(row[name]) for name in ("received_at", "channel", "customer", "rating", "text")
            }
            source = "" if row["source"] == "import" else row["source"]
            sku = self._products.get(row["product_id"], "")
            yield {**told, "sku": sku, "source": source, "source_id": ""}

    def _readings(self) -> Iterator[Plain]:
        sensors = {number: code for code, number in self._active(p.SENSOR, "code").items()}
        for row in self._facts(p.READING, p.READING.c.read_at, p.READING.c.sensor_id):
            if row["sensor_id"] in sensors:
                yield {
                    "read_at": p.plain(row["read_at"]),
                    "sensor": sensors[row["sensor_id"]],
                    "value": row["value"],
                }

    def _services(self) -> Iterator[Plain]:
        for row, vehicle in self._of_vehicles(p.VEHICLE_SERVICE):
            told = {name: p.plain(row[name]) for name in ("part", "done_on", "odometer_km", "cost", "note")}
            yield {**told, "vehicle": vehicle, "failed": "yes" if row["failed"] else ""}

    def _vehicle_readings(self) -> Iterator[Plain]:
        for row, vehicle in self._of_vehicles(p.VEHICLE_READING):
            numbers = {name: _thousandths(row[name]) for name in ("value", "ambient")}
            yield {
                "vehicle": vehicle,
                "kind": row["kind"],
                "read_at": p.plain(row["read_at"]),
                **numbers,
            }

    def _faults(self) -> Iterator[Plain]:
        for row, vehicle in self._of_vehicles(p.VEHICLE_FAULT):
            told = {name: p.plain(row[name]) for name in ("code", "seen_at", "cleared_at", "note")}
            yield {**told, "vehicle": vehicle}

    def _of_vehicles(self, source: TableClause) -> Iterator[tuple[Any, str]]:
        """Rows about vehicles in use that were not taken back, each with the vehicle's code."""
        vehicles = {number: code for code, number in self._active(p.VEHICLE, "code").items()}
        for row in self._facts(source, source.c.id):
            if row["vehicle_id"] in vehicles and row["dropped_at"] is None:
                yield row, vehicles[row["vehicle_id"]]

    def _facts(self, source: FromClause, *order: Any) -> Iterator[Any]:
        query = source.select().order_by(*order).execution_options(stream_results=True, yield_per=5_000)
        yield from self.connection.execute(query).mappings()


_SOURCES = {
    "locations": (p.LOCATION, "code"),
    "suppliers": (p.SUPPLIER, "code"),
    "products": (p.PRODUCT, "sku"),
    "customers": (p.CUSTOMER, "code"),
    "vehicles": (p.VEHICLE, "code"),
    "vehicle_parts": (p.VEHICLE_PART, "code"),
    "users": (p.USER, "name"),
    "sensors": (p.SENSOR, "code"),
    "purchase_orders": (p.PURCHASE, "po_no"),
    "orders": (p.ORDER, "order_no"),
}


def _thousandths(scaled: int | None) -> str | None:
    return None if scaled is None else f"{Decimal(scaled).scaleb(-3).normalize():f}"


def _stock_row(sku: str, place: str, quantity: int) -> Plain:
    return {"sku": sku, "location": place, "quantity": quantity, "lot": "", "expires_on": None}
