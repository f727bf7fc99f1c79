"""Tables without types: rows go in and come out as plain JSON values, in the form they are stored in.

An import writes hundreds of thousands of rows whose values are scaled already, and keeps images of
rows as JSON; for both, the typed tables would convert there and back for nothing.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from hashlib import blake2b
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, TableClause, column, table
from sqlmodel import SQLModel

from tools.store import tables

Plain = dict[str, Any]
Item = TypeVar("Item")
CHUNK = 400


def plain_table(model: type[SQLModel]) -> TableClause:
    """The table of a model, its columns without types."""
    source = model.__table__  # type: ignore[attr-defined]
    return table(source.name, *(column(each.name) for each in source.columns))


PRODUCT = plain_table(tables.ProductRow)
ALIAS = plain_table(tables.ProductAliasRow)
LOCATION = plain_table(tables.LocationRow)
SUPPLIER = plain_table(tables.SupplierRow)
CUSTOMER = plain_table(tables.CustomerRow)
VEHICLE = plain_table(tables.VehicleRow)
SENSOR = plain_table(tables.SensorRow)
READING = plain_table(tables.SensorReadingRow)
VEHICLE_PART = plain_table(tables.VehiclePartRow)
VEHICLE_SERVICE = plain_table(tables.VehicleServiceRow)
VEHICLE_READING = plain_table(tables.VehicleReadingRow)
VEHICLE_FAULT = plain_table(tables.VehicleFaultRow)
UPKEEP = {
    "vehicle_services": VEHICLE_SERVICE,
    "vehicle_readings": VEHICLE_READING,
    "vehicle_faults": VEHICLE_FAULT,
}
LOT = plain_table(tables.LotRow)
USER = plain_table(tables.UserRow)
SETTING = plain_table(tables.SettingRow)
MOVE = plain_table(tables.StockMoveRow)
BALANCE = plain_table(tables.StockBalanceRow)
RESERVATION = plain_table(tables.ReservationRow)
SALE_LINE = plain_table(tables.SaleLineRow)
ORDER = plain_table(tables.SalesOrderRow)
ORDER_LINE = plain_table(tables.SalesOrderLineRow)
PURCHASE = plain_table(tables.PurchaseOrderRow)
PURCHASE_LINE = plain_table(tables.PurchaseOrderLineRow)
PURCHASE_EVENT = plain_table(tables.PurchaseEventRow)
FEEDBACK = plain_table(tables.FeedbackRow)
RUN = plain_table(tables.ImportRunRow)
CHANGE = plain_table(tables.ImportChangeRow)


def digest(*identity: object) -> str:
    """A short name for what makes a line this line; equal lines have equal digests."""
    return digest_of("\x1f".join(["" if part is None else str(part) for part in identity]))


def digest_of(identity: str) -> str:
    """The same for an identity that is one text already."""
    return b2a_base64(blake2b(identity.encode(), digest_size=16).digest(), newline=False)[:22].decode()


def plain(value: Any) -> Any:
    """A stored value as both databases would write it in text; numbers and text as they are."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in lists of at most ``size``."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def ids(connection: Connection, source: TableClause, key: str) -> dict[str, int]:
    """The number of each row by its key."""
    return {
        row[0]: row[1]
        for row in connection.execute(source.select().with_only_columns(source.c[key], source.c.id))
    }


def insert(connection: Connection, target: TableClause, rows: Sequence[Plain]) -> None:
    """Put rows in (all with the same columns)."""
    if rows:
        connection.execute(target.insert(), list(rows))
