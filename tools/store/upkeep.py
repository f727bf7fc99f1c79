"""Questions about the upkeep of vehicles."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, Select, Table, select

from tools.store.among import only, table_of
from tools.store.engine import Database
from tools.store.tables import (
    ImportChangeRow,
    ImportRunRow,
    SettingRow,
    TripRow,
    VehicleDefectRow,
    VehicleFaultRow,
    VehiclePartRow,
    VehicleReadingRow,
    VehicleRow,
    VehicleServiceRow,
    WorkshopBookingRow,
)
from tools.store.upkeep_facts import (
    ODOMETER,
    Booking,
    Defect,
    Odometer,
    PartFigures,
    Service,
    TripDriven,
    VehicleFault,
    VehicleReading,
)

_VEHICLE = table_of(VehicleRow)
_PART = table_of(VehiclePartRow)
_SERVICE = table_of(VehicleServiceRow)
_READING = table_of(VehicleReadingRow)
_FAULT = table_of(VehicleFaultRow)
_DEFECT = table_of(VehicleDefectRow)
_BOOKING = table_of(WorkshopBookingRow)
_TRIP = table_of(TripRow)
_RUN = table_of(ImportRunRow)
_CHANGE = table_of(ImportChangeRow)
_SETTING = table_of(SettingRow)


class UpkeepReader:
    """Questions about the upkeep of vehicles; what was taken back is not told.

    ``vehicles`` are codes (None: every vehicle in use).  All times are the shop's wall times, but for
    defects, whose moments are instants.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def parts(self) -> list[PartFigures]:
        """The parts that the shop has figures of its own for."""
        query = select(_PART).where(_PART.c.active).order_by(_PART.c.id)
        names = tuple(PartFigures.__dataclass_fields__)
        with self._database.reading() as connection:
            return [PartFigures(*(row[name] for name in names)) for row in _rows(connection, query)]

    def services(self, vehicles: Collection[str] | None = None) -> list[Service]:
        """The service log, oldest first."""
        query = _of(_SERVICE, vehicles).order_by(_SERVICE.c.done_on, _SERVICE.c.id)
        with self._database.reading() as connection:
            return [
                Service(
                    row["vehicle"],
                    row["part"],
                    row["done_on"],
                    row["odometer_km"],
                    row["failed"],
                    row["cost"],
                    row["note"],
                )
                for row in _rows(connection, query)
            ]

    def odometer(self, vehicles: Collection[str] | None = None) -> list[Odometer]:
        """Every known figure of the clocks, oldest first: told, imported, of trips, services and lists.

        Where one moment has several, the one that was told comes last.
        """
        with self._database.reading() as connection:
            found = [
                *self._listed(connection, vehicles),
                *self._of_services(connection, vehicles),
                *self._of_trips(connection, vehicles),
                *self._told(connection, vehicles),
            ]
        return sorted(found, key=lambda one: one.at)

    def _told(self, connection: Connection, vehicles: Collection[str] | None) -> Iterator[Odometer]:
        query = _of(_READING, vehicles).where(_READING.c.kind == ODOMETER).order_by(_READING.c.id)
        for row in _rows(connection, query):
            source = "told" if row["import_id"] is None else "import"
            yield Odometer(row["vehicle"], row["read_at"], row["value"], source)

    def _of_services(self, connection: Connection, vehicles: Collection[str] | None) -> Iterator[Odometer]:
        query = _of(_SERVICE, vehicles).where(_SERVICE.c.odometer_km.is_not(None))
        for row in _rows(connection, query):
            yield Odometer(
                row["vehicle"], datetime.combine(row["done_on"], time()), row["odometer_km"], "service"
            )

    def _of_trips(self, connection: Connection, vehicles: Collection[str] | None) -> Iterator[Odometer]:
        for row in _rows(connection, _trips(vehicles)):
            ends = (("started_at", "odometer_start"), ("ended_at", "odometer_end"))
            for at, km in ends:
                if row[at] is not None and row[km] is not None:
                    yield Odometer(row["vehicle"], row[at], row[km], "trip")

    def _listed(self, connection: Connection, vehicles: Collection[str] | None) -> Iterator[Odometer]:
        """What the list of vehicles says, as of the import that brought this figure."""
        query = (
            select(
                _VEHICLE.c.code.label("vehicle"), _VEHICLE.c.odometer_km, _RUN.c.started_at, _CHANGE.c.before
            )
            .join(_CHANGE, _CHANGE.c.row_key == _VEHICLE.c.code)
            .join(_RUN, _RUN.c.id == _CHANGE.c.import_id)
            .where(_CHANGE.c.table_name == "vehicles", _RUN.c.state == "applied", _VEHICLE.c.active)
            .where(_VEHICLE.c.odometer_km.is_not(None), *only(_VEHICLE.c.code, vehicles))
            .order_by(_CHANGE.c.id)
        )
        zone = _zone(connection)
        for row in _rows(connection, query):
            images = json.loads(row["before"])
            before, after = images.get("before") or {}, images.get("after") or {}
            if before.get("odometer_km") == after.get("odometer_km") or after.get("odometer_km") is None:
                continue
            at = row["started_at"].astimezone(zone).replace(tzinfo=None)
            yield Odometer(row["vehicle"], at, Decimal(after["odometer_km"]).scaleb(-3), "list")

    def driven(self, vehicles: Collection[str] | None = None, since: date | None = None) -> list[TripDriven]:
        """The trips that are done, with their kilometres: by the clock where it was read, else as planned."""
        query = _trips(vehicles)
        query = query if since is None else query.where(_TRIP.c.day >= since)
        with self._database.reading() as connection:
            rows = _rows(connection, query)
        found = []
        for row in rows:
            start, end = row["odometer_start"], row["odometer_end"]
            measured = end - start if start is not None and end is not None and end >= start else None
            km = row["planned_km"] if measured is None else measured
            at = row["ended_at"] or datetime.combine(row["day"], time(23, 59))
            if km is not None:
                found.append(TripDriven(row["vehicle"], at, km, measured is not None))
        return found

    def readings(
        self, kind: str, vehicles: Collection[str] | None = None, since: datetime | None = None
    ) -> list[VehicleReading]:
        """Measurements of one kind, oldest first; of the same moment the last one told."""
        query = _of(_READING, vehicles).where(_READING.c.kind == kind)
        query = query if since is None else query.where(_READING.c.read_at >= since)
        with self._database.reading() as connection:
            rows = _rows(connection, query.order_by(_READING.c.read_at, _READING.c.id))
        latest = {(row["vehicle"], row["read_at"]): row for row in rows}
        return [
            VehicleReading(
                row["vehicle"],
                kind,
                row["read_at"],
                float(row["value"]),
                None if row["ambient"] is None else float(row["ambient"]),
            )
            for row in latest.values()
        ]

    def faults(self, vehicles: Collection[str] | None = None) -> list[VehicleFault]:
        """Fault codes that are not cleared, oldest first."""
        query = (
            _of(_FAULT, vehicles).where(_FAULT.c.cleared_at.is_(None)).order_by(_FAULT.c.seen_at, _FAULT.c.id)
        )
        with self._database.reading() as connection:
            return [
                VehicleFault(row["id"], row["vehicle"], row["code"], row["seen_at"], row["note"])
                for row in _rows(connection, query)
            ]

    def defects(self, vehicles: Collection[str] | None = None) -> list[Defect]:
        """What people found wrong and is not mended, oldest first."""
        query = _of(_DEFECT, vehicles).where(_DEFECT.c.mended_at.is_(None)).order_by(_DEFECT.c.id)
        with self._database.reading() as connection:
            return [
                Defect(
                    row["id"], row["vehicle"], row["text"], row["severity"], row["found_at"], row["found_by"]
                )
                for row in _rows(connection, query)
            ]

    def bookings(
        self, vehicles: Collection[str] | None = None, *, first: date, last: date | None = None
    ) -> list[Booking]:
        """Days at the workshop from ``first`` on (to ``last``, included), the next first."""
        query = _of(_BOOKING, vehicles).where(_BOOKING.c.day >= first)
        query = query if last is None else query.where(_BOOKING.c.day <= last)
        with self._database.reading() as connection:
            return [
                Booking(row["id"], row["vehicle"], row["day"], tuple(json.loads(row["parts"])))
                for row in _rows(connection, query.order_by(_BOOKING.c.day, _BOOKING.c.id))
            ]


def _of(table: Table, vehicles: Collection[str] | None) -> Select[Any]:
    """Rows of vehicles in use that were not taken back, each with the code of its vehicle."""
    joined = select(table, _VEHICLE.c.code.label("vehicle")).join(
        _VEHICLE, _VEHICLE.c.id == table.c.vehicle_id
    )
    return joined.where(_VEHICLE.c.active, table.c.dropped_at.is_(None), *only(_VEHICLE.c.code, vehicles))


def _trips(vehicles: Collection[str] | None) -> Select[Any]:
    joined = select(_TRIP, _VEHICLE.c.code.label("vehicle")).join(
        _VEHICLE, _VEHICLE.c.id == _TRIP.c.vehicle_id
    )
    return joined.where(_TRIP.c.status == "done", *only(_VEHICLE.c.code, vehicles)).order_by(_TRIP.c.id)


def _rows(connection: Connection, query: Select[Any]) -> list[RowMapping]:
    return list(connection.execute(query).mappings())


def _zone(connection: Connection) -> tzinfo:
    name = connection.execute(select(_SETTING.c.value).where(_SETTING.c.key == "time_zone")).scalar()
    return ZoneInfo(str(name)) if name else UTC
