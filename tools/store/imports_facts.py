"""Sales lines, remarks and measurements: only ever added, each once, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, TableClause

from tools.store import imports_plain as p
from tools.store.imports_staging import Row, Staging
from tools.store.imports_tally import Tally

BATCH = 20_000
_SALE = (
    "row_key", "product_id", "location_id", "kind", "sold_on", "sold_at", "quantity", "unit_price",
    "amount", "channel", "order_ref", "customer", "note", "group_id", "import_id",
)  # fmt: skip
_REMARK = ("row_key", "received_at", "channel", "customer", "product_id", "rating", "text", "import_id")
_READING = ("sensor_id", "read_at", "value", "import_id")


def add_sales(connection: Connection, staging: Staging, import_id: int) -> Tally:
    """Add the staged sales lines that are not in the books yet."""
    products, places = p.ids(connection, p.PRODUCT, "sku"), p.ids(connection, p.LOCATION, "code")

    def rows() -> Iterator[Row]:
        for _line, key, sku, place, *rest, occurrence in staging.occurrences("sales", "key"):
            yield (_nth(key, occurrence), products.get(sku), places.get(place), *rest, "", import_id)

    return _add(connection, p.SALE_LINE, _SALE, "row_key", rows())


def add_feedback(connection: Connection, staging: Staging, import_id: int) -> Tally:
    """Add the staged remarks that are not in the books yet."""
    products = p.ids(connection, p.PRODUCT, "sku")

    def rows() -> Iterator[Row]:
        for _line, key, at, channel, customer, sku, rating, text, occurrence in staging.occurrences(
            "feedback", "key"
        ):
            yield (_nth(key, occurrence), at, channel, customer, products.get(sku), rating, text, import_id)

    return _add(connection, p.FEEDBACK, _REMARK, "row_key", rows())


def add_readings(connection: Connection, staging: Staging, import_id: int) -> Tally:
    """Add the staged measurements of moments that have none yet."""
    sensors = p.ids(connection, p.SENSOR, "code")
    rows = (
        (sensors[sensor], at, value, import_id)
        for _line, sensor, at, value in staging.rows("sensor_readings")
    )
    return _add(connection, p.READING, _READING, "sensor_id, read_at", rows)


def _nth(key: str, occurrence: int) -> str:
    """Equal lines of one file stay apart; the same line of an overlapping file has the same number."""
    return key if occurrence == 1 else f"{key}-{occurrence}"


def _add(
    connection: Connection, target: TableClause, columns: Sequence[str], key: str, rows: Iterable[Row]
) -> Tally:
    write = _copy_rows if connection.dialect.name == "postgresql" else _insert_rows
    tally = Tally()
    for batch in p.chunks(rows, BATCH):
        added = write(connection, target.name, columns, key, batch)
        tally.added += added
        tally.repeated += len(batch) - added
    return tally


def _insert_rows(
    connection: Connection, table: str, columns: Sequence[str], key: str, rows: list[Row]
) -> int:
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT ({key}) DO NOTHING"  # noqa: S608
    return int(connection.exec_driver_sql(statement, rows).rowcount)


def _copy_rows(connection: Connection, table: str, columns: Sequence[str], key: str, rows: list[Row]) -> int:
    names = ", ".join(columns)
    scratch = f"new_{table}"
    connection.exec_driver_sql(
        f"CREATE TEMP TABLE IF NOT EXISTS {scratch} ON COMMIT DROP AS SELECT {names} FROM {table} WHERE false"  # noqa: S608
    )
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY {scratch} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()
    added = connection.exec_driver_sql(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM {scratch} ON CONFLICT ({key}) DO NOTHING"  # noqa: S608
    ).rowcount
    connection.exec_driver_sql(f"TRUNCATE {scratch}")
    return int(added)
