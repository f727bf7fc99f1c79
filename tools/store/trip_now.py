"""A trip and its stops as a change finds them, and the writing of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from tools.store.changes import BooksError
from tools.store.entry import Entry, check_quantity
from tools.store.ledger import plain
from tools.store.trip_changes import PlannedStop
from tools.store.trip_facts import LIVE_TRIPS, OPEN_STOPS, StopLine
from tools.store.trip_goods import OrderNow
from tools.store.trip_reading import LINE, STOP, TRIP, VEHICLE, event_counts

STATE_WORDS = {
    "planned": "has not left yet",
    "loaded": "is loaded",
    "out": "is out",
    "done": "is over",
    "cancelled": "is cancelled",
}
DONE_WORDS = {"delivered": "was delivered", "failed": "could not be delivered", "skipped": "was skipped"}


@dataclass(frozen=True, slots=True)
class StopNow:
    """One stop as it stands; ``loaded_group`` is "" while its goods are not on the road."""

    id: int
    trip_id: int
    order_no: str
    position: int
    status: str
    done_at: datetime | None
    done_by: str
    loaded_group: str
    order_before: str
    lines: tuple[StopLine, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.status in OPEN_STOPS

    @property
    def done_words(self) -> str:
        """How it ended, when and by whom: "was delivered at 10:42 by Dan"."""
        when = f" at {self.done_at:%H:%M}" if self.done_at else ""
        return f"{DONE_WORDS[self.status]}{when}{f' by {self.done_by}' if self.done_by else ''}"


@dataclass(frozen=True, slots=True)
class TripNow:
    """One trip as it stands, its stops in their order."""

    id: int
    trip_no: str
    row: RowMapping
    stops: tuple[StopNow, ...]
    events: int

    @property
    def status(self) -> str:
        """planned, loaded, out, done or cancelled."""
        return str(self.row["status"])

    @property
    def state(self) -> str:
        """Its state as the rest of a sentence."""
        return STATE_WORDS[self.status]

    def check_seen(self, seen: int | None) -> None:
        """Refuse what was decided upon an older state."""
        if seen is not None and seen != self.events:
            raise BooksError(f"{self.trip_no} was changed since you saw it; look at it again")


def read_trip(entry: Entry, trip_no: str) -> TripNow:
    """The trip with this number.

    Raises:
        BooksError: there is none.
    """
    row = entry.connection.execute(select(TRIP).where(TRIP.c.trip_no == trip_no)).mappings().first()
    if row is None:
        raise BooksError(f"there is no trip {trip_no}")
    return _trip(entry, row)


def _trip(entry: Entry, row: RowMapping) -> TripNow:
    events = event_counts(entry.connection, [row["id"]]).get(row["id"], 0)
    stops = tuple(_stops(entry, STOP.c.trip_id == row["id"]))
    return TripNow(row["id"], row["trip_no"], row, stops, events)


def _stops(entry: Entry, condition: Any) -> list[StopNow]:
    rows = entry.connection.execute(select(STOP).where(condition).order_by(STOP.c.position, STOP.c.id)).all()
    query = select(LINE).where(LINE.c.stop_id.in_([row.id for row in rows])).order_by(LINE.c.line)
    lines: dict[int, list[StopLine]] = {}
    for line in entry.connection.execute(query):
        good, place = entry.good_of(line.product_id), entry.place_of(line.location_id)
        lines.setdefault(line.stop_id, []).append(StopLine(good.sku, line.quantity, place.code))
    return [
        StopNow(
            row.id, row.trip_id, row.order_no, row.position, row.status, row.done_at, row.done_by,
            row.loaded_group, row.order_before, tuple(lines.get(row.id, ())),
        )
        for row in rows
    ]  # fmt: skip


def live_stop(entry: Entry, order_no: str) -> tuple[TripNow, StopNow] | None:
    """The stop of an order on a trip that is not over: one still to be made first, else the last one."""
    query = (
        select(TRIP)
        .join(STOP, STOP.c.trip_id == TRIP.c.id)
        .where(STOP.c.order_no == order_no, TRIP.c.status.in_(LIVE_TRIPS))
        .order_by(TRIP.c.id)
    )
    trips = [_trip(entry, row) for row in entry.connection.execute(query).mappings().all()]
    found = [(trip, stop) for trip in trips for stop in trip.stops if stop.order_no == order_no]
    return max(
        found, key=lambda pair: (pair[1].is_open, bool(pair[1].loaded_group), pair[0].id), default=None
    )


def vehicle_row(connection: Connection, *, code: str = "", number: int = 0) -> RowMapping:
    """A vehicle by its code or number.

    Raises:
        BooksError: there is none.
    """
    condition = VEHICLE.c.code == code if code else VEHICLE.c.id == number
    row = connection.execute(select(VEHICLE).where(condition)).mappings().first()
    if row is None:
        raise BooksError(f"there is no vehicle {code}")
    return row


def stop_lines(entry: Entry, order: OrderNow, wanted: PlannedStop) -> tuple[StopLine, ...]:
    """What a stop gets and where from: as it was planned, else the order's lines out of its source.

    Raises:
        BooksError: a product, place or quantity cannot be.
    """
    lines = wanted.lines or tuple(
        StopLine(sku, quantity, wanted.source) for sku, quantity in order.lines if quantity > 0
    )
    for line in lines:
        entry.good(line.sku)
        entry.place(line.location)
        check_quantity(line.quantity)
    return lines


def write_lines(entry: Entry, stop_id: int, lines: Iterable[StopLine]) -> None:
    """What a stop gets, in place of what it would have got."""
    entry.connection.execute(LINE.delete().where(LINE.c.stop_id == stop_id))
    rows = [
        {
            "stop_id": stop_id,
            "line": number,
            "product_id": entry.good(line.sku).id,
            "location_id": entry.place(line.location).id,
            "quantity": line.quantity,
        }
        for number, line in enumerate(lines, 1)
    ]
    if rows:
        entry.connection.execute(insert(LINE), rows)


def new_stop(
    entry: Entry, trip_id: int, position: int, wanted: PlannedStop, lines: Sequence[StopLine]
) -> None:
    """Write a stop that is still to be loaded."""
    row = {
        "trip_id": trip_id,
        "order_no": wanted.order_no,
        **planned_values(entry, position, wanted),
        "status": "planned",
        "done_by": "",
        "note": "",
        "loaded_group": "",
        "order_before": "",
    }
    key = int(entry.connection.execute(insert(STOP).returning(STOP.c.id), row).scalar_one())
    write_lines(entry, key, lines)


def planned_values(entry: Entry, position: int, wanted: PlannedStop) -> Mapping[str, Any]:
    """What a plan says of a stop."""
    return {
        "position": position,
        "source_id": entry.place(wanted.source).id,
        "planned_arrival": wall(wanted.arrival),
        "planned_departure": wall(wanted.departure),
        "eta": wanted.arrival,
    }


def set_trip(entry: Entry, trip_id: int, **values: Any) -> None:
    """Change a trip's row."""
    entry.connection.execute(update(TRIP).where(TRIP.c.id == trip_id).values(**values))


def set_stop(entry: Entry, stop_id: int, **values: Any) -> None:
    """Change a stop's row."""
    entry.connection.execute(update(STOP).where(STOP.c.id == stop_id).values(**values))


def done_values(entry: Entry, status: str, at: datetime | None, note: str) -> Mapping[str, Any]:
    """What is written where a stop ends."""
    who = plain(entry.header.actor.name, 120)
    return {"status": status, "done_at": wall(at), "done_by": who, "note": plain(note.strip(), 300)}


def wall(at: datetime | None) -> datetime | None:
    """A time of the shop's clock.

    Raises:
        BooksError: it is an instant with a zone.
    """
    if at is not None and at.tzinfo is not None:
        raise BooksError("the times of trips are wall times, without a zone")
    return at
