"""What a driver takes along: a sheet to print, links for a phone's map, a file for a satnav, a code to scan.

The "Driver pack" button of ``route.plan`` answers with the blocks of :func:`driver_pack`; a single stop's
link for a message to its driver is :func:`stop_link`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal
from urllib.parse import quote, urlencode

from tools.kit.driver_files import gpx, qr_png
from tools.kit.reply import Attached, Block, Links, Paper, Table
from tools.kit.trip_pictures import ESTIMATED, clock_words, window_words
from tools.kit.words import quantity_of
from tools.store import Catalogue
from tools.store.trip_facts import RoutePoint, Trip, TripStop

Travel = Literal["driving", "bicycling"]
# Google's Maps URLs take nine waypoints at most, and need no key.
MAPS = "https://www.google.com/maps/dir/?"
MOST_STOPS = 9
GPX: Literal["application/gpx+xml"] = "application/gpx+xml"
SIGNED = "Received by (name, signature)"
COLUMNS = ("#", "When", "Where", "Hand over", SIGNED)
Target = tuple[str, str]


def driver_pack(
    trip: Trip, catalogue: Catalogue, vehicle: str = "", travel: Travel = "driving"
) -> tuple[Block, ...]:
    """Sheet, links, GPX and code of one trip.

    The sheet has every stop; links, file and code have those still to be made, or all where none is left.

    Args:
        trip: As it stands.
        catalogue: Names and units of what is handed over.
        vehicle: The vehicle's name, else its code is said.
        travel: How Google should look for the way.
    """
    name = vehicle or trip.vehicle
    parts = route_links(trip, travel)
    stops = [(_short(stop), link) for stop in _ahead(trip) if (link := stop_link(stop, travel))]
    blocks: list[Block] = [_sheet(trip, catalogue, name, parts)]
    if parts:
        blocks.append(Links(parts, f"The way of {name}, from where the phone is"))
    if stops:
        blocks.append(Links(tuple(stops), "One stop at a time"))
    blocks.append(
        Attached(f"Route of {name} for a satnav", f"{trip.trip_no}.gpx", GPX, gpx(trip, _ahead(trip)))
    )
    if parts:
        label, address = parts[0]
        blocks.append(
            Attached(f"Scan to open: {label}", f"{trip.trip_no}-code.png", "image/png", qr_png(address))
        )
    return tuple(blocks)


def route_links(trip: Trip, travel: Travel = "driving") -> tuple[tuple[str, str], ...]:
    """The way ahead in links of at most nine places each, in driving order, from where the phone is."""
    targets = list(_targets(trip))
    parts = [targets[start : start + MOST_STOPS] for start in range(0, len(targets), MOST_STOPS)]
    return tuple((_part(part), _address([where for _, where in part], travel)) for part in parts)


def stop_link(stop: TripStop, travel: Travel = "driving") -> str:
    """The way to one stop; "" where neither its place nor its address is known."""
    where = _where(stop)
    return _address([where], travel) if where else ""


def _ahead(trip: Trip) -> tuple[TripStop, ...]:
    return trip.open_stops or trip.stops


def _targets(trip: Trip) -> Iterator[Target]:
    """What is collected before the first stop, the stops, and home again."""
    stops = _ahead(trip)
    if trip.status in ("planned", "loaded"):
        yield from ((point.label, _point(point)) for point in trip.route if point.kind == "collect")
    yield from ((str(stop.position), where) for stop in stops if (where := _where(stop)))
    ends = [point for point in trip.route if point.kind == "end"]
    yield from ((point.label, _point(point)) for point in ends[-1:])


def _part(targets: Sequence[Target]) -> str:
    """The places in driving order: "High Street shop, stops 1 to 8"."""
    told = []
    for counted, group in groupby((label for label, _ in targets), key=str.isdecimal):
        labels = list(group)
        span = f"stops {labels[0]} to {labels[-1]}" if len(labels) > 1 else f"stop {labels[0]}"
        told.append(span if counted else ", ".join(labels))
    words = ", ".join(told)
    return words[:1].upper() + words[1:]


def _address(places: Sequence[str], travel: Travel) -> str:
    asked = {"api": "1", "destination": places[-1], "travelmode": travel}
    if len(places) > 1:
        asked["waypoints"] = "|".join(places[:-1])
    return MAPS + urlencode(asked, quote_via=quote, safe=",")


def _where(stop: TripStop) -> str:
    if stop.latitude is not None and stop.longitude is not None:
        return f"{stop.latitude:.6f},{stop.longitude:.6f}"
    return " ".join(stop.address.split())


def _point(point: RoutePoint) -> str:
    return f"{point.latitude:.6f},{point.longitude:.6f}"


def _short(stop: TripStop) -> str:
    return f"{stop.position}. {' '.join(filter(None, (stop.order_no, stop.name)))}"


def _sheet(trip: Trip, catalogue: Catalogue, vehicle: str, parts: Iterable[tuple[str, str]]) -> Paper:
    head = [
        ("Vehicle", vehicle),
        ("Driver", trip.driver or "–"),
        ("Day", f"{trip.day:%A} {trip.day.day} {trip.day:%B %Y}"),
    ]
    if trip.starts_at:
        back = f", back at {clock_words(trip.ends_at)}" if trip.ends_at else ""
        head.append(("Leaves", f"{clock_words(trip.starts_at)}{back}"))
    collects = [point.label for point in trip.route if point.kind == "collect"]
    if collects:
        head.append(("Collect at", ", ".join(collects)))
    rows = tuple(_row(stop, catalogue) for stop in trip.stops)
    foot = (ESTIMATED,) if trip.travel_estimate else ()
    title = f"Delivery trip {trip.trip_no}"
    return Paper(title, trip.trip_no, tuple(head), Table(COLUMNS, rows), foot, tuple(parts))


def _row(stop: TripStop, catalogue: Catalogue) -> tuple[str | int, ...]:
    window = window_words(stop.due_from, stop.due_to)
    when = (clock_words(stop.expected), f"promised {window}" if window else "")
    where = (" ".join(filter(None, (stop.order_no, stop.name))), stop.address, stop.note)
    goods = [
        quantity_of(catalogue.products[line.sku], line.quantity)
        if line.sku in catalogue.products
        else f"{line.quantity.normalize():f} × {line.sku}"
        for line in stop.lines
    ]
    return (stop.position, *("\n".join(filter(None, cell)) for cell in (when, where, goods)), "")
