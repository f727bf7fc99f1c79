"""The way in for data from elsewhere: staged rows become rows of the books, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Integer, TableClause, cast, select

from tools.store import imports_facts as facts
from tools.store import imports_plain as p
from tools.store.among import VIRTUAL_KINDS
from tools.store.audit import append
from tools.store.catalogue import bump
from tools.store.changes import Actor, BooksError
from tools.store.engine import Database
from tools.store.imports_documents import writers
from tools.store.imports_export import Exporter
from tools.store.imports_known import Known
from tools.store.imports_names import Writer
from tools.store.imports_plain import Plain
from tools.store.imports_staging import Staging
from tools.store.imports_stock import StockSnapshot
from tools.store.imports_tally import Outcome, PastImport, Tally, Undone
from tools.store.imports_undo import CannotUndo, moves_header, take_back
from tools.store.imports_upkeep import UPKEEP_FACTS
from tools.store.tables import ImportRunRow

RUN = ImportRunRow.__table__  # type: ignore[attr-defined]
FACTS = {
    "sensor_readings": facts.add_readings,
    "feedback": facts.add_feedback,
    "sales": facts.add_sales,
    **UPKEEP_FACTS,
}


@dataclass(frozen=True, slots=True)
class NewImport:
    """An import about to be written."""

    source: str
    format: str
    content_hash: str
    actor: Actor
    at: datetime


class _TakeBack(Exception):
    """Leaves a write transaction without writing anything."""


class Imports:
    """The way in for data from elsewhere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self) -> Known:
        """The names that rows may refer to, and the shop's zone and currency."""
        with self._database.reading() as connection:
            settings: dict[str, str] = {row.key: row.value for row in connection.execute(p.SETTING.select())}
            places = p.LOCATION.c.kind.not_in(VIRTUAL_KINDS)
            return Known(
                skus=_active(connection, p.PRODUCT, "sku"),
                locations=_active(connection, p.LOCATION, "code", places),
                suppliers=_active(connection, p.SUPPLIER, "code"),
                customers=_active(connection, p.CUSTOMER, "code"),
                sensors=_active(connection, p.SENSOR, "code"),
                vehicles=_active(connection, p.VEHICLE, "code"),
                by_name=_codes_by(connection, p.PRODUCT, "sku", "name"),
                by_barcode=_codes_by(connection, p.PRODUCT, "sku", "barcode"),
                place_by_name=_codes_by(connection, p.LOCATION, "code", "name"),
                supplier_by_name=_codes_by(connection, p.SUPPLIER, "code", "name"),
                zone=ZoneInfo(settings.get("time_zone", "Europe/London")),
                currency=settings.get("currency", "GBP"),
            )

    def find(self, content_hash: str) -> PastImport | None:
        """The import that brought exactly this content, unless it was undone."""
        query = select(RUN).where(RUN.c.content_hash == content_hash, RUN.c.state == "applied")
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(RUN.c.id.desc())).first()
        return None if row is None else _past(row)

    def past(self, limit: int = 20) -> list[PastImport]:
        """The latest imports, newest first."""
        with self._database.reading() as connection:
            return [
                _past(row) for row in connection.execute(select(RUN).order_by(RUN.c.id.desc()).limit(limit))
            ]

    def undo(self, import_id: int, actor: Actor, at: datetime) -> Undone:
        """Take one import back, whole, or say why it has to stay."""
        try:
            with self._database.writing() as connection:
                return take_back(connection, import_id, actor, at)
        except CannotUndo as reason:
            return Undone(refusal=str(reason))

    @contextmanager
    def exporting(self) -> Iterator[Exporter]:
        """The books' rows as a shop folder has them, all from one moment."""
        with self._database.reading() as connection:
            yield Exporter(connection)

    def apply(
        self,
        staging: Staging,
        new: NewImport,
        *,
        dry_run: bool = False,
        told: Callable[[str], None] = lambda _: None,
    ) -> Outcome:
        """Write all staged rows, or none: one transaction, with its audit row.

        Nothing is kept of a dry run, nor of an import that changes nothing; then the outcome has
        no number.  ``told`` hears which table is being written.
        """
        outcome = Outcome(None)
        try:
            with self._database.writing() as connection:
                import_id = _open_run(connection, new)
                tallies = _Application(connection, staging, new, import_id, told).run()
                outcome = Outcome(None, tallies)
                if dry_run or not any(tally.touched for tally in tallies.values()):
                    raise _TakeBack
                _close_run(connection, new, import_id, tallies)
                outcome = Outcome(import_id, tallies)
        except _TakeBack:
            pass
        return outcome


class _Application:
    """One import being written inside its transaction."""

    def __init__(
        self,
        connection: Connection,
        staging: Staging,
        new: NewImport,
        import_id: int,
        told: Callable[[str], None],
    ) -> None:
        self.connection, self.staging, self.new, self.import_id = connection, staging, new, import_id
        self.told = told
        self.tallies: dict[str, Tally] = {}

    def run(self) -> dict[str, Tally]:
        """All staged tables, each after those that it refers to.

        Raises:
            BooksError: the shop would be left without an owner who has access.
        """
        owners = _owners(self.connection)
        for table, make in writers(self.connection, self.new.at, self.new.actor.name).items():
            if self._is_next(table):
                self.tallies[table] = upsert(self.connection, make(), self.staging, self.import_id)
        if owners and not _owners(self.connection):
            raise BooksError("the shop needs an owner who has access, and these users leave it without one")
        if self._is_next("stock"):
            header = moves_header(self.import_id, self.new.actor, self.new.at)
            snapshot = StockSnapshot(self.connection, header)
            self.tallies["stock"] = snapshot.apply(self.staging.rows("stock", order="sku, row"))
        for table, add in FACTS.items():
            if self._is_next(table):
                self.tallies[table] = add(self.connection, self.staging, self.import_id)
        return self.tallies

    def _is_next(self, table: str) -> bool:
        if table not in self.staging.tables:
            return False
        self.told(table)
        return True


def upsert(connection: Connection, writer: Writer, staging: Staging, import_id: int) -> Tally:
    """Bring rows to what is staged, remembering what they were and what they became."""
    tally = Tally()
    for chunk in p.chunks(_wanted(writer, staging)):
        found = writer.read([str(row[writer.key]) for row, _ in chunk])
        added: list[Plain] = []
        changed: list[Plain] = []
        for wanted, lines in chunk:
            before = found.get(wanted[writer.key])
            after = writer.whole({**(before or writer.blank()), **wanted})
            if before == after:
                tally.unchanged += lines
                continue
            (added if before is None else changed).append(after)
            if before is None or before.get("active") is False:
                tally.added += lines
            else:
                tally.changed += lines
        writer.add(added)
        writer.change(changed)
        images = [_image(writer, import_id, found.get(row[writer.key]), row) for row in added + changed]
        p.insert(connection, p.CHANGE, images)
    return tally


def _wanted(writer: Writer, staging: Staging) -> Any:
    """(wanted row, how many lines of the file it is) for each name or document."""
    columns = staging.columns(writer.table)[1:]
    if "lines" not in writer.blank():
        extra = {"active": True}
        for row in staging.rows(writer.table):
            yield {**dict(zip(columns, row[1:], strict=True)), **extra}, 1
        return
    yield from _documents(writer, columns, staging)


def _documents(writer: Writer, columns: tuple[str, ...], staging: Staging) -> Any:
    heading = (writer.key, *writer.blank())
    document: Plain = {}
    for row in staging.rows(writer.table, order=f"{writer.key}, row"):
        values = dict(zip(columns, row[1:], strict=True))
        if document and document[writer.key] != values[writer.key]:
            yield document, len(document["lines"])
            document = {}
        if not document:
            document = {**{name: values[name] for name in heading if name in values}, "lines": []}
        document["lines"].append({name: value for name, value in values.items() if name not in heading})
    if document:
        yield document, len(document["lines"])


def _image(writer: Writer, import_id: int, before: Plain | None, after: Plain) -> Plain:
    images = json.dumps({"before": before, "after": after}, ensure_ascii=False)
    return {
        "import_id": import_id,
        "table_name": writer.table,
        "row_key": after[writer.key],
        "before": images,
    }


def _open_run(connection: Connection, new: NewImport) -> int:
    row = {
        "source": new.source[:500],
        "format": new.format,
        "content_hash": new.content_hash,
        "state": "applied",
        "started_at": new.at,
        "actor": new.actor.name[:120],
        "report": "{}",
    }
    return int(connection.execute(RUN.insert().returning(RUN.c.id), row).scalar_one())


def _close_run(connection: Connection, new: NewImport, import_id: int, tallies: Mapping[str, Tally]) -> None:
    detail = json.dumps({table: asdict(tally) for table, tally in tallies.items()})
    connection.execute(RUN.update().where(RUN.c.id == import_id).values(report=detail))
    bump(connection)
    append(
        connection,
        new.actor,
        action="import",
        subject=f"import {import_id}",
        detail=json.dumps({"source": new.source, "format": new.format, "rows": json.loads(detail)}),
        at=new.at,
    )


def _active(connection: Connection, source: Any, key: str, *conditions: Any) -> set[str]:
    on = cast(source.c.active, Integer) == 1
    query = source.select().with_only_columns(source.c[key]).where(on, *conditions)
    return set(connection.execute(query).scalars())


def _owners(connection: Connection) -> bool:
    return bool(_active(connection, p.USER, "name", p.USER.c.role == "owner"))


def _codes_by(connection: Connection, source: TableClause, key: str, other: str) -> dict[str, str]:
    """From a name (lower case) or barcode to the code; of two with the same, the older."""
    columns = source.select().with_only_columns(source.c[other], source.c[key])
    on = cast(source.c.active, Integer) == 1
    rows = connection.execute(columns.where(on, source.c[other] != "").order_by(source.c.id.desc()))
    return {row[0].lower(): row[1] for row in rows}


def _past(row: Any) -> PastImport:
    return PastImport(row.id, row.source, row.format, row.state, row.started_at.astimezone(UTC), row.actor)
