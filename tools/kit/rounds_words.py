"""Rounds as people see them: one line for the day, a table for each vehicle, the list for loading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tools.kit.allocating import sites_of
from tools.kit.ask import Ask, Right
from tools.kit.reply import Source, Table, listed
from tools.kit.rounds_facts import LeftOut
from tools.kit.rounds_traffic import traffic_words
from tools.kit.rounds_trips import collects
from tools.kit.route_map import RouteMap
from tools.kit.trip_pictures import clock_words, is_late, trips_map, window_words
from tools.kit.words import (
    amount,
    day,
    facts,
    first_few,
    money,
    near_day,
    number,
    plural,
    quantity_of,
)
from tools.maths.routing.traffic import Profile
from tools.store.trip_facts import RoutePoint, Trip, TripStop

ESTIMATE = "Times are estimates from straight lines, not roads."
MOST_LEFT, MOST_LATE, MOST_ROWS = 3, 3, 60
STATES = {"delivered": "delivered", "failed": "nobody home", "skipped": "skipped", "loaded": "on the van"}
ZERO = Decimal(0)


def vehicle_name(ask: Ask, code: str) -> str:
    """How a vehicle is called."""
    return next((one.name for one in ask.catalogue.vehicles if one.code == code), code) or code


def vehicle_names(ask: Ask) -> dict[str, str]:
    """The names of all vehicles by their codes."""
    return {one.code: one.name or one.code for one in ask.catalogue.vehicles}


def named_stop(stop: TripStop) -> str:
    """An order with whose it is: "5571 (Mrs Jones)"."""
    return f"{stop.order_no} ({stop.name})" if stop.name else stop.order_no


def day_words(when: date, today: date) -> str:
    """A day with its date: "Tomorrow (Tue 17 Mar)"."""
    near = near_day(when, today)
    exact = day(when, today)
    return exact if near == exact else f"{near.capitalize()} ({exact})"


# -- weights ------------------------------------------------------------------------------------------


def weight(ask: Ask, stops: Iterable[TripStop]) -> Decimal:
    """Kilograms of the goods for these stops, as far as weights are known."""
    products = ask.catalogue.products
    total = ZERO
    for stop in stops:
        for line in stop.lines:
            product = products.get(line.sku)
            own = Decimal(1) if product and product.unit == "kg" else product.weight_kg if product else None
            total += line.quantity * (own or ZERO)
    return total.quantize(Decimal("0.1"))


def kilograms(value: Decimal) -> str:
    """A weight in words."""
    return f"{amount(value)} kg"


def goods_of(ask: Ask, stop: TripStop) -> list[str]:
    """What a stop gets, by name."""
    products = ask.catalogue.products
    sums: dict[str, Decimal] = {}
    for line in stop.lines:
        sums[line.sku] = sums.get(line.sku, ZERO) + line.quantity
    return [
        quantity_of(products[sku], value) if sku in products else f"{amount(value)} × {sku}"
        for sku, value in sums.items()
    ]


# -- one line ------------------------------------------------------------------------------------------


def money_words(ask: Ask, value: Decimal) -> str:
    """Money for those who may see costs, else ""."""
    return money(value, ask.catalogue.currency) if ask.may(Right.SEE_COSTS) else ""


def totals_words(ask: Ask, trips: Sequence[Trip]) -> str:
    """What it takes in all: "2 vehicles, 32.6 km, about £44.19"."""
    cost = money_words(ask, sum((trip.planned_cost or ZERO for trip in trips), ZERO))
    vehicles = len({trip.vehicle for trip in trips})
    parts = [plural(vehicles, "vehicle"), f"{amount(kilometres(trips))} km"]
    return ", ".join([*parts, f"about {cost}"] if cost else parts)


def kilometres(trips: Sequence[Trip]) -> Decimal:
    """What these trips drive, as planned."""
    return sum((trip.planned_km or ZERO for trip in trips), ZERO)


def trip_words(ask: Ask, trip: Trip) -> str:
    """A vehicle's day: "Blue van 9:31–11:24 (8 stops)"."""
    span = f"{clock_words(trip.starts_at)}–{clock_words(trip.ends_at)}"
    return f"{vehicle_name(ask, trip.vehicle)} {span} ({plural(len(trip.stops), 'stop')})"


def late_words(stops: Sequence[TripStop]) -> str:
    """Whom it reaches too late, by how much; that all are on time where nobody."""
    late = [(stop, minutes_late(stop)) for stop in stops if is_late(stop) and not is_overdue(stop)]
    if not late:
        return "all on time"
    names = [f"{stop.order_no} by {minutes} min" for stop, minutes in late]
    return f"{len(late)} late ({first_few(names, MOST_LATE)})"


def is_overdue(stop: TripStop) -> bool:
    """Whether it was promised for a day before that on which it comes."""
    when = stop.done_at or stop.expected
    return stop.due_to is not None and when is not None and stop.due_to.date() < when.date()


def minutes_late(stop: TripStop) -> int:
    """Minutes after what was promised, 0 where it is on time."""
    when = stop.done_at or stop.expected
    if stop.due_to is None or when is None or not is_late(stop):
        return 0
    return max(1, round((when - stop.due_to).total_seconds() / 60))


def left_words(left: Sequence[LeftOut]) -> str:
    """What is left out and why."""
    if not left:
        return ""
    return f"Left out: {first_few([f'{one.order.order_no}, {one.reason}' for one in left], MOST_LEFT)}."


# -- tables --------------------------------------------------------------------------------------------


def trip_table(ask: Ask, trip: Trip) -> Table:
    """The stops of one vehicle in their order, with what is collected on the way."""
    far, heavy = amount(trip.planned_km or ZERO), kilograms(weight(ask, trip.stops))
    timed: list[tuple[datetime | None, tuple[str | Decimal | int | None, ...]]] = [
        (stop.expected, _stop_row(ask, trip, stop)) for stop in trip.stops
    ]
    timed += [(point.time, _collect_row(trip, point, ask)) for point in collects(trip)]
    rests = [point for point in trip.route if point.kind == "break"]
    timed += [(point.time, ("", clock_words(point.time), "break", "", "")) for point in rests]
    timed.sort(key=lambda one: one[0] or datetime.min)  # noqa: DTZ901 - wall times
    rows = tuple(row for _, row in timed[:MOST_ROWS])
    title = f"{trip_words(ask, trip)}: {far} km, {heavy}"
    return Table(("", "Time", "Stop", "Promised", "Order"), rows, title)


def _stop_row(ask: Ask, trip: Trip, stop: TripStop) -> tuple[str | Decimal | int | None, ...]:
    state = STATES.get(stop.status, "")
    mark = " late" if is_late(stop) else ""
    time = f"{clock_words(stop.done_at or stop.expected)}{mark}"
    who = stop.name or stop.customer
    where = ", ".join(filter(None, (who, stop.address)))
    return (
        stop.position,
        time,
        f"{where} ({state})" if state else where,
        promised_words(ask, stop, trip.day),
        stop.order_no,
    )


def promised_words(ask: Ask, stop: TripStop, when: date) -> str:
    """What was promised, with its day where that is not the day of the round."""
    window = window_words(stop.due_from, stop.due_to)
    due = stop.due_to or stop.due_from
    if not window or due is None or due.date() == when:
        return window
    return f"{near_day(due.date(), ask.today)} {window}"


def _collect_row(trip: Trip, point: RoutePoint, ask: Ask) -> tuple[str | Decimal | int | None, ...]:
    return "", clock_words(point.time), f"collect at {point.label}", "", _orders_at(trip, point, ask)


def _orders_at(trip: Trip, point: RoutePoint, ask: Ask) -> str:
    """The orders whose goods are fetched at a point."""
    there = _under(ask, point.label)
    return ", ".join(
        stop.order_no
        for stop in trip.stops
        if any(line.location in there for line in stop.lines)
        if point.time is None or stop.expected is None or stop.expected >= point.time
    )


def loading_table(ask: Ask, trip: Trip) -> Table:
    """What goes on the van, the last stop's goods first, so that the first stop's stand at the door.

    What it fetches on the way is named so: it is not there to be loaded.
    """
    stops = sorted(trip.open_stops, key=lambda stop: -stop.position)
    away = {code for point in collects(trip) for code in _under(ask, point.label)}
    rows = tuple(
        (
            stop.position,
            named_stop(stop),
            "; ".join(goods_of(ask, stop)),
            kilograms(weight(ask, [stop])),
            listed(list(dict.fromkeys(_from(ask, line.location, away) for line in stop.lines))),
        )
        for stop in stops
    )
    heavy = kilograms(weight(ask, stops))
    title = f"Loading list, {vehicle_name(ask, trip.vehicle)}: {heavy}, last stop first"
    return Table(("Stop", "Order", "Goods", "Weight", "From"), rows, title)


def _from(ask: Ask, code: str, away: set[str]) -> str:
    return f"{ask.catalogue.location_name(code)}{' (on the way)' if code in away else ''}"


def _under(ask: Ask, name: str) -> set[str]:
    """The places under the roof that a point of the way names."""
    return {place.code for site in sites_of(ask) if site.name == name for place in site.places}


def left_table(ask: Ask, left: Sequence[LeftOut]) -> Table:
    """The orders in no round, each with its reason and what could be done."""
    rows = tuple(
        (
            one.order.order_no,
            one.order.name or one.order.customer,
            one.reason,
            money_words(ask, Decimal(str(one.cost)).quantize(Decimal("0.01")))
            if one.cost is not None
            else "",
            one.todo,
        )
        for one in left
    )
    return Table(("Order", "Customer", "Why", "To serve it", "What to do"), rows, "Left out")


def day_map(ask: Ask, title: str, trips: Sequence[Trip], left: Sequence[LeftOut] = ()) -> RouteMap:
    """All of it on one map."""
    return trips_map(title, trips, vehicle_names(ask), [one.order for one in left])


# -- figures and sources --------------------------------------------------------------------------------


def stop_rows(trips: Sequence[Trip]) -> list[dict[str, Any]]:
    """Every stop for ``data``."""
    return [
        facts(
            order=stop.order_no,
            customer=stop.customer,
            vehicle=trip.vehicle,
            trip=trip.trip_no,
            stop=stop.position,
            status=stop.status,
            arrival=stop.planned_arrival,
            eta=stop.eta,
            departure=stop.planned_departure,
            due_from=stop.due_from,
            due_to=stop.due_to,
            done_at=stop.done_at,
            late_minutes=minutes_late(stop),
            source=stop.source,
        )
        for trip in trips
        for stop in trip.stops
    ]


def trip_rows(ask: Ask, trips: Sequence[Trip]) -> list[dict[str, Any]]:
    """Every trip for ``data``, costs for those who may see them."""
    return [
        facts(
            trip=trip.trip_no,
            vehicle=trip.vehicle,
            driver=trip.driver,
            status=trip.status,
            starts_at=trip.starts_at,
            ends_at=trip.ends_at,
            km=trip.planned_km,
            kg=weight(ask, trip.stops),
            stops=len(trip.stops),
            **({"cost": trip.planned_cost} if ask.may(Right.SEE_COSTS) else {}),
        )
        for trip in trips
    ]


def left_rows(left: Sequence[LeftOut]) -> list[dict[str, Any]]:
    """Every order in no round for ``data``."""
    return [
        facts(
            order=one.order.order_no,
            reason=one.reason,
            rule=one.rule,
            cost=None if one.cost is None else number(round(one.cost, 2)),
        )
        for one in left
    ]


def travel_source(source: str, *, estimate: bool) -> Source:
    """Where the times come from; an estimate is said to be one."""
    what = f"Travel times: {source}"
    return Source(f"{what}. AN ESTIMATE, no road was looked at" if estimate else what)


def traffic_source(ask: Ask, traffic: Profile) -> Source:
    """The hours that are driven slower, whence that is known, and the weather."""
    slow = [f"{hour:02}:00 × {factor:g}" for hour, factor in enumerate(traffic.hours) if factor != 1.0]
    if traffic.weather != 1.0:
        slow.append(f"weather × {traffic.weather:g}")
    if not slow:
        return Source(f"Traffic: every hour is driven alike ({traffic_words(ask.store)})")
    whence = traffic_words(ask.store)
    return Source(f"Traffic by the hour ({whence}): times come from driving through it", rows=tuple(slow))
