"""A map of routes in words and tables, and the looks by which its routes are told apart."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit import MapRoute, MapStop, RouteMap, Table, words

# Told apart with every common form of colour blindness (tests/chat/test_route_maps.py reckons it), and by
# the dashes of their lines; white letters are read on them.
COLOURS = ("#0033a4", "#be4e00", "#098752", "#8c5a99", "#672900", "#221245")
DASHES = ((), (5, 2), (1.5, 1.8), (6, 2, 1.5, 2), (3, 1.2), (1, 3))
LOOSE = "#6b6b6b"
STANDINGS = {
    "planned": "to do",
    "loaded": "on the van",
    "done": "delivered",
    "failed": "not delivered",
    "skipped": "skipped",
}
NO_VAN = "No vehicle"


def look(route: int) -> int:
    """Which of the colours and dashes a route has; they begin anew after the last."""
    return route % len(COLOURS)


def stop_words(stop: MapStop) -> str:
    """One place in a line: "3. 5531 Mrs Jones, 09:40, promised 9:00-11:00, delivered"."""
    number = f"{stop.number}. " if stop.number else ""
    time = f"{stop.time}{' (late)' if stop.late else ''}" if stop.time else ""
    promised = f"promised {stop.promised}" if stop.promised else ""
    standing = STANDINGS[stop.standing] if stop.kind == "stop" and stop.number else ""
    collect = "collect" if stop.kind == "collect" else ""
    return number + ", ".join(filter(None, (stop.name, collect, time, promised, standing)))


def route_words(route: MapRoute) -> str:
    """A route in a line: "Blue van: 8 stops, 09:00 to 12:40, 3 delivered"."""
    stops = [stop for stop in route.stops if stop.kind == "stop"]
    times = [stop.time for stop in route.stops if stop.time]
    span = f"{times[0]} to {times[-1]}" if len(times) > 1 else ""
    parts = [words.plural(len(stops), "stop"), span]
    for standing in ("done", "failed"):
        count = sum(stop.standing == standing for stop in stops)
        parts.append(f"{count} {STANDINGS[standing]}" if count else "")
    late = sum(stop.late for stop in stops)
    parts.append(f"{late} late" if late else "")
    return f"{route.name}: {', '.join(filter(None, parts))}"


def told(shown: RouteMap) -> str:
    """The picture for who cannot see it."""
    lines = [f"Map of {shown.title}", *(route_words(route) for route in shown.routes)]
    if shown.loose:
        lines.append(f"{NO_VAN}: {words.plural(len(shown.loose), 'stop')}")
    return ". ".join(lines) + "."


def tables(shown: RouteMap) -> tuple[Table, ...]:
    """The stops of each vehicle in driving order."""
    found = [_table(route.name, route.stops) for route in shown.routes]
    return (*found, *((_table(NO_VAN, shown.loose),) if shown.loose else ()))


def _table(name: str, stops: Sequence[MapStop]) -> Table:
    rows = tuple(
        (
            str(stop.number) if stop.number else "",
            f"collect: {stop.name}" if stop.kind == "collect" else stop.name,
            f"{stop.time}{' late' if stop.late else ''}",
            stop.promised,
            STANDINGS[stop.standing] if stop.kind == "stop" and stop.number else "",
        )
        for stop in stops
    )
    return Table(("#", "Stop", "When", "Promised", "State"), rows, name)
