"""Sales lines, remarks and measurements: only ever added, each once, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, TableClause

from tools.store import imports_plain as p
from tools.store.imports_staging import Row, Staging
from tools.store.imports_tally import Tally
from tools.store.persons import WordsDoor

BATCH = 20_000
# How a key begins that is made from the number that the source itself gave.
SOURCED = "from:"
_SALE = (
    "row_key", "product_id", "location_id", "kind", "sold_on", "sold_at", "quantity", "unit_price",
    "amount", "channel", "order_ref", "customer", "note", "group_id", "import_id",
)  # fmt: skip
_REMARK = (
    "row_key", "received_at", "channel", "customer", "product_id", "rating", "text", "import_id",
    "source", "source_hash", "person_key", "masked", "language", "polarity", "mined_by", "readable",
)  # fmt: skip
_NOT_READ = ("", "", "", True)
_READING = ("sensor_id", "read_at", "value", "import_id")


def add_sales(connection: Connection, staging: Staging, import_id: int) -> Tally:
    """Add the staged sales lines that are not in the books yet."""
    products, places = p.ids(connection, p.PRODUCT, "sku"), p.ids(connection, p.LOCATION, "code")

    def rows() -> Iterator[Row]:
        for _line, key, sku, place, *rest, occurrence in staging.occurrences("sales", "key"):
            yield (_nth(key, occurrence), products.get(sku), places.get(place), *rest, "", import_id)

    return add_once(connection, p.SALE_LINE, _SALE, "row_key", rows())


def add_feedback(connection: Connection, staging: Staging, import_id: int) -> Tally:
    """Add the staged remarks that are not in the books yet, without personal data (see ``persons``)."""
    products, door = p.ids(connection, p.PRODUCT, "sku"), WordsDoor(connection, fresh=True)
    known, left_out = _known(connection), 0

    def rows() -> Iterator[Row]:
        nonlocal left_out
        for line in staging.occurrences("feedback", "key"):
            row = _remark(line[1:], door, products, import_id)
            if row is None or (not row[0].startswith(SOURCED) and (p.plain(row[1]), row[9]) in known):
                left_out += 1
            else:
                yield row

    tally = add_once(connection, p.FEEDBACK, _REMARK, "row_key", rows())
    tally.repeated += left_out
    return tally


def _known(connection: Connection) -> set[tuple[str, str]]:
    """Remarks whose key no file can have: noted here, or by their source's number; moment and words."""
    remark = p.FEEDBACK.c
    query = p.FEEDBACK.select().with_only_columns(remark.received_at, remark.source_hash)
    ours = remark.row_key.like(f"{SOURCED}%") | remark.row_key.like("noted:%")
    return {(p.plain(row[0]), row[1]) for row in connection.execute(query.where(ours))}


def _remark(line: Row, door: WordsDoor, products: Mapping[str, int], import_id: int) -> Row | None:
    """One remark as it is kept; None for what somebody said who asked to be forgotten.

    What was taken out of a text is not in its key: the same words, exported and read again, are known.
    """
    key, at, channel, customer, sku, rating, text, source, occurrence = line
    kept = door.admit(text, customer, at)
    if kept is None:
        return None
    if (kept.text, kept.customer) != (text, customer) and not key.startswith(SOURCED):
        key = p.digest(at, channel, kept.customer, sku, rating, kept.text)
    told = (source or "import", kept.text_key, kept.person, kept.masked, *_NOT_READ)
    said = (kept.customer, products.get(sku), rating, kept.text)
    return (_nth(key, occurrence), at, channel, *said, import_id, *told)


def add_readings(connection: Connection, staging: Staging, import_id: int) -> Tally:
    """Add the staged measurements of moments that have none yet."""
    sensors = p.ids(connection, p.SENSOR, "code")
    rows = (
        (sensors[sensor], at, value, import_id)
        for _line, sensor, at, value in staging.rows("sensor_readings")
    )
    return add_once(connection, p.READING, _READING, "sensor_id, read_at", rows)


def _nth(key: str, occurrence: int) -> str:
    """Equal lines of one file stay apart; the same line of an overlapping file has the same number."""
    return key if occurrence == 1 else f"{key}-{occurrence}"


def add_once(
    connection: Connection, target: TableClause, columns: Sequence[str], key: str, rows: Iterable[Row]
) -> Tally:
    """Add the rows whose key is not in the books yet."""
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
