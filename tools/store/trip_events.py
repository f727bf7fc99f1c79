"""What each step of a trip changed, field by field; it can be taken back while those fields still stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, TableClause, func, insert, select

from tools.store import imports_plain as p
from tools.store.entry import Entry
from tools.store.ledger import plain
from tools.store.tables import (
    ReservationRow,
    SalesOrderRow,
    TripRow,
    TripStopLineRow,
    TripStopRow,
    VehicleRow,
)
from tools.store.trip_reading import EVENT, TRIP, UNCOUNTED

Fields = dict[str, Any]
Picture = dict[str, Fields]
"""Rows by "table:number", in the form in which they are stored."""

_TRIP = p.plain_table(TripRow)
_STOP = p.plain_table(TripStopRow)
_LINE = p.plain_table(TripStopLineRow)
_ORDER = p.plain_table(SalesOrderRow)
_HOLD = p.plain_table(ReservationRow)
_VEHICLE = p.plain_table(VehicleRow)
_TABLES: dict[str, TableClause] = {
    "trip": _TRIP,
    "stop": _STOP,
    "order": _ORDER,
    "hold": _HOLD,
    "vehicle": _VEHICLE,
}
_KEPT = {"order": ("status",), "hold": ("state",), "vehicle": ("odometer_km",)}
_MOVES_BY_ITSELF = "eta"
HELD_FOR = ("sales_order", "order")
"""How reservations name a customer's order."""

KINDS = {
    "confirm": "planned",
    "load": "loaded",
    "start": "started",
    "send": "sent out",
    "delivered": "delivered",
    "failed": "not delivered",
    "skipped": "skipped",
    "revise": "planned anew",
    "end": "ended",
    "cancel": "cancelled",
}
STOP_KINDS = ("delivered", "failed", "skipped")
_ON_THE_ROAD = (*STOP_KINDS, "load", "start", "send", "end", "etas")


def right_kind(kind: str) -> str:
    """Whose step it was: "stop" for what a driver does, "trip" for what somebody plans."""
    return "stop" if kind in _ON_THE_ROAD else "trip"


class Watch:
    """What some trips and orders looked like before a step, so that the step can be written down."""

    def __init__(self, entry: Entry, trips: Iterable[int] = (), orders: Iterable[str] = ()) -> None:
        self._entry = entry
        self._trips, self._orders = list(trips), sorted(set(orders))
        self._before = picture(entry.connection, self._trips, self._orders)

    def note(
        self,
        kind: str,
        detail: Mapping[str, Any],
        *,
        about: Sequence[int | None],
        order_no: str = "",
        new: Iterable[int] = (),
    ) -> None:
        """Write the step down for each trip that it is ``about`` (None: an order without a trip)."""
        after = picture(self._entry.connection, [*self._trips, *new], self._orders)
        was, is_ = _difference(self._before, after)
        for number, trip in enumerate(about):
            rows = (json.dumps(was), json.dumps(is_)) if number == 0 else ("{}", "{}")
            self._write(kind, detail, trip, order_no, rows)

    def _write(
        self, kind: str, detail: Mapping[str, Any], trip: int | None, order_no: str, rows: tuple[str, str]
    ) -> None:
        header = self._entry.header
        row = {
            "trip_id": trip,
            "order_no": order_no,
            "group_id": header.group_id,
            "kind": kind,
            "detail": json.dumps({**detail, "orders": self._orders}),
            "before": rows[0],
            "after": rows[1],
            "at": header.at,
            "actor": plain(header.actor.name, 120),
            "channel": plain(header.actor.channel, 32),
            "undone_by": "",
        }
        self._entry.connection.execute(insert(EVENT), row)


def picture(connection: Connection, trips: Collection[int], orders: Collection[str]) -> Picture:
    """The trips with their vehicles and stops, the orders, and what is held for these, as they stand."""
    found = _rows(connection, "trip", _TRIP.c.id.in_(list(trips)))
    vehicles = [fields["vehicle_id"] for fields in found.values()]
    stops = _rows(connection, "stop", _STOP.c.trip_id.in_(list(trips)))
    _add_lines(connection, stops)
    held = _HOLD.c.for_type.in_(HELD_FOR) & _HOLD.c.for_ref.in_(list(orders))
    return {
        **found,
        **stops,
        **_rows(connection, "vehicle", _VEHICLE.c.id.in_(vehicles)),
        **_rows(connection, "order", _ORDER.c.order_no.in_(list(orders))),
        **_rows(connection, "hold", held),
    }


def _rows(connection: Connection, name: str, condition: Any) -> Picture:
    rows = connection.execute(_TABLES[name].select().where(condition)).mappings()
    kept = _KEPT.get(name)
    return {
        f"{name}:{row['id']}": {
            field: p.plain(value)
            for field, value in row.items()
            if field != "id" and (kept is None or field in kept)
        }
        for row in rows
    }


def _add_lines(connection: Connection, stops: Picture) -> None:
    for fields in stops.values():
        fields["lines"] = []
    ids = [_number(key) for key in stops]
    query = _LINE.select().where(_LINE.c.stop_id.in_(ids)).order_by(_LINE.c.stop_id, _LINE.c.line)
    for row in connection.execute(query):
        line = [row.line, row.product_id, row.location_id, row.quantity]
        stops[f"stop:{row.stop_id}"]["lines"].append(line)


def _number(key: str) -> int:
    return int(key.partition(":")[2])


def _difference(before: Picture, after: Picture) -> tuple[dict[str, Fields | None], Picture]:
    was: dict[str, Fields | None] = {}
    now: Picture = {}
    for key, fields in after.items():
        earlier = before.get(key)
        if earlier is None and key.startswith("vehicle:"):
            continue
        changed = (
            fields
            if earlier is None
            else {name: value for name, value in fields.items() if earlier[name] != value}
        )
        if changed:
            was[key] = None if earlier is None else {name: earlier[name] for name in changed}
            now[key] = changed
    return was, now


# -- taking back -------------------------------------------------------------------------------------


def events_of(connection: Connection, group_id: str) -> Sequence[RowMapping]:
    """The steps of trips that one request made, each with its trip's number ("" for none)."""
    number = func.coalesce(TRIP.c.trip_no, "").label("trip_no")
    query = select(EVENT, number).outerjoin(TRIP, TRIP.c.id == EVENT.c.trip_id)
    return connection.execute(query.where(EVENT.c.group_id == group_id).order_by(EVENT.c.id)).mappings().all()


def standing_in_the_way(connection: Connection, events: Sequence[RowMapping]) -> str | None:
    """Why these steps cannot be taken back, as the rest of a sentence; None where they can."""
    for event in events:
        later = _later(connection, event)
        if later is not None:
            return _said_of(event, later)
        if not _still_so(connection, json.loads(event["after"])):
            return f"{_subject(event)} was changed since"
    return None


def _later(connection: Connection, event: RowMapping) -> Row[Any] | None:
    """The last step that had to do with one of the same orders, or changed the state of the same trip."""
    orders = set(json.loads(event["detail"])["orders"])
    query = (
        select(EVENT)
        .where(EVENT.c.id > event["id"], EVENT.c.undone_by == "", EVENT.c.kind != UNCOUNTED)
        .where(EVENT.c.group_id != event["group_id"])
        .order_by(EVENT.c.id.desc())
    )
    own = event["trip_id"]
    moved_on = own is not None and event["kind"] not in STOP_KINDS
    for row in connection.execute(query):
        same_trip = moved_on and row.trip_id == own and row.kind not in STOP_KINDS
        if same_trip or orders.intersection(json.loads(row.detail)["orders"]):
            return row
    return None


def _subject(event: RowMapping) -> str:
    return str(event["trip_no"] or f"order {event['order_no']}")


def _said_of(event: RowMapping, later: Row[Any]) -> str:
    what = f"{later.order_no} " if later.order_no else ""
    return f"more has happened to {_subject(event)} since ({what}{KINDS[later.kind]}, by {later.actor})"


def _still_so(connection: Connection, after: Picture) -> bool:
    now = _now(connection, after)
    return all(
        key in now and now[key].get(name) == value
        for key, fields in after.items()
        for name, value in fields.items()
        if name != _MOVES_BY_ITSELF
    )


def _now(connection: Connection, keys: Iterable[str]) -> Picture:
    found: Picture = {}
    for name, source in _TABLES.items():
        ids = [_number(key) for key in keys if key.startswith(f"{name}:")]
        if ids:
            found.update(_rows(connection, name, source.c.id.in_(ids)))
    _add_lines(connection, {key: fields for key, fields in found.items() if key.startswith("stop:")})
    return found


def take_back(entry: Entry, events: Sequence[RowMapping]) -> None:
    """Put each field that the steps changed back to what it was."""
    for event in reversed(events):
        before: dict[str, Fields | None] = json.loads(event["before"])
        for key, fields in before.items():
            if fields is None:
                _unmake(entry.connection, key, before)
            else:
                _put_back(entry.connection, key, fields)
        entry.connection.execute(
            EVENT.update().where(EVENT.c.id == event["id"]).values(undone_by=entry.header.group_id)
        )
        entry.documents += [name for name in (event["trip_no"], event["order_no"]) if name]
    _keep_out(entry.connection, events)


def _put_back(connection: Connection, key: str, fields: Fields) -> None:
    lines = fields.pop("lines", None)
    name, number = key.partition(":")[0], _number(key)
    if fields:
        source = _TABLES[name]
        connection.execute(source.update().where(source.c.id == number).values(fields))
    if lines is not None:
        connection.execute(_LINE.delete().where(_LINE.c.stop_id == number))
        names = ("line", "product_id", "location_id", "quantity")
        p.insert(
            connection, _LINE, [{"stop_id": number, **dict(zip(names, row, strict=True))} for row in lines]
        )


def _unmake(connection: Connection, key: str, before: Mapping[str, Fields | None]) -> None:
    """A new trip is cancelled with its stops, a new stop of an old trip goes, a new promise is released."""
    number = _number(key)
    makers: dict[str, Callable[[], Any]] = {
        "trip": lambda: connection.execute(
            _TRIP.update().where(_TRIP.c.id == number).values(status="cancelled")
        ),
        "hold": lambda: connection.execute(
            _HOLD.update().where(_HOLD.c.id == number).values(state="released")
        ),
        "stop": lambda: _unmake_stop(connection, number, before),
    }
    makers[key.partition(":")[0]]()


def _unmake_stop(connection: Connection, number: int, before: Mapping[str, Fields | None]) -> None:
    trip = connection.execute(
        _STOP.select().with_only_columns(_STOP.c.trip_id).where(_STOP.c.id == number)
    ).scalar()
    if before.get(f"trip:{trip}", {}) is not None:
        connection.execute(_LINE.delete().where(_LINE.c.stop_id == number))
        connection.execute(_STOP.delete().where(_STOP.c.id == number))


def _keep_out(connection: Connection, events: Sequence[RowMapping]) -> None:
    """A trip of which another stop is made has left, whatever the step that was taken back had found."""
    trips = [event["trip_id"] for event in events if event["kind"] in STOP_KINDS and event["trip_id"]]
    made = _STOP.select().with_only_columns(_STOP.c.trip_id).where(_STOP.c.status.in_(STOP_KINDS[:2]))
    connection.execute(
        _TRIP.update()
        .where(_TRIP.c.id.in_(trips), _TRIP.c.id.in_(made), _TRIP.c.status.in_(("planned", "loaded")))
        .values(status="out")
    )
