"""How days of deliveries went: planned beside actual, on time, cost a stop, how full the vehicles were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.delivery_figures import DayFigures, day_figures, driven_km, fill_of, minutes_off
from tools.kit.reply import Refused, Reply, Source, Table
from tools.kit.rounds_steps import trips_seen, trips_source
from tools.kit.rounds_trips import without_handed
from tools.kit.rounds_words import late_words, money_words, stop_rows, vehicle_name
from tools.kit.slots import Period
from tools.kit.trip_pictures import clock_words
from tools.kit.words import amount, capital, number, pennies, plural, sentences, span
from tools.store.trip_facts import Trip, TripStop

MOST_DAYS, MOST_ROWS = 92, 60


def went(ask: Ask, period: Period, vehicle: str | None) -> Reply | Refused:
    """How the deliveries of these days went."""
    if period.days > MOST_DAYS:
        return Refused(f"That is more than {MOST_DAYS} days; ask for a shorter time.")
    days = [period.first + timedelta(days=ahead) for ahead in range(period.days)]
    trips = [trip for day in days for trip in without_handed(trips_seen(ask, day))]
    trips = [trip for trip in trips if vehicle in (None, trip.vehicle)]
    when = span(period, ask.today)
    if not trips:
        return Reply(f"{capital(when)}: no delivery trip is in the books.", {"trips": 0, "rows": []})
    figures = day_figures(trips)
    stops = [stop for trip in trips for stop in trip.stops]
    text = sentences(
        f"{capital(when)}: {_counts(trips, figures)}, {_on_time(figures)}.",
        _money(ask, figures),
        f"Planned beside actual: {_against(stops)}." if _offs(stops) else "",
        f"{_fills(ask, trips)}.",
        capital(f"{late_words([s for s in stops if s.status == 'delivered'])}.") if figures.late else "",
    )
    return Reply(text, _data(ask, period, trips, figures), _tables(ask, trips), sources=_sources(ask, trips))


def _counts(trips: Sequence[Trip], figures: DayFigures) -> str:
    parts = [f"{figures.delivered} of {plural(figures.stops, 'stop')} delivered"]
    parts += [f"{figures.failed} nobody home"] if figures.failed else []
    parts += [f"{figures.skipped} skipped"] if figures.skipped else []
    parts += [f"{figures.to_do} not told of"] if figures.to_do else []
    return f"{', '.join(parts)} by {plural(len({trip.vehicle for trip in trips}), 'vehicle')}"


def _on_time(figures: DayFigures) -> str:
    share = figures.on_time
    return "no time was promised" if share is None else f"{_percent(share)} on time"


def _percent(share: Decimal) -> str:
    return f"{amount((share * 100).quantize(Decimal(1)))} %"


def _money(ask: Ask, figures: DayFigures) -> str:
    km = f"{amount(figures.planned_km)} km planned"
    driven = f", {amount(figures.driven_km)} km driven" if figures.driven_km else ""
    each = money_words(ask, pennies(figures.cost_per_stop)) if figures.cost_per_stop is not None else ""
    return f"{km}{driven}{f', about {each} a stop' if each else ''}."


def _offs(stops: Sequence[TripStop]) -> list[int]:
    found = [minutes_off(stop.planned_arrival, stop.done_at) for stop in stops if stop.status == "delivered"]
    return [minutes for minutes in found if minutes is not None]


def _against(stops: Sequence[TripStop]) -> str:
    offs = _offs(stops)
    mean = round(sum(offs) / len(offs))
    side = "after" if mean >= 0 else "before"
    return f"handed over {abs(mean)} min {side} the planned arrival in the mean, {max(offs)} min at most"


def _fills(ask: Ask, trips: Sequence[Trip]) -> str:
    vehicles = {one.code: one for one in ask.store.trips.vehicles(hidden=True)}
    parts = []
    for trip in trips[:4]:
        share = fill_of(trip.stops, ask.catalogue, vehicles.get(trip.vehicle)).share
        parts.append(f"{vehicle_name(ask, trip.vehicle)} {'?' if share is None else _percent(share)} full")
    return "; ".join(parts)


def _data(ask: Ask, period: Period, trips: Sequence[Trip], figures: DayFigures) -> dict[str, Any]:
    costs = ask.may(Right.SEE_COSTS)
    return {
        "period": period.to_json(),
        "trips": len(trips),
        "stops": figures.stops,
        "delivered": figures.delivered,
        "failed": figures.failed,
        "skipped": figures.skipped,
        "on_time": None if figures.on_time is None else round(float(figures.on_time), 4),
        "planned_km": number(figures.planned_km),
        "driven_km": number(figures.driven_km),
        "cost": number(figures.cost) if costs else None,
        "cost_per_stop": number(round(figures.cost_per_stop, 2)) if costs and figures.cost_per_stop else None,
        "rows": stop_rows(trips),
    }


def _tables(ask: Ask, trips: Sequence[Trip]) -> tuple[Table, ...]:
    rows = tuple(
        (
            vehicle_name(ask, trip.vehicle),
            stop.order_no,
            stop.name or stop.customer,
            clock_words(stop.planned_arrival),
            clock_words(stop.done_at),
            minutes_off(stop.planned_arrival, stop.done_at),
            stop.status,
        )
        for trip in trips
        for stop in trip.stops
    )
    more = len(rows) - MOST_ROWS
    columns = ("Vehicle", "Order", "Customer", "Planned", "Actual", "Minutes", "State")
    return (Table(columns, rows[:MOST_ROWS], f"and {more} more" if more > 0 else "Planned and actual"),)


def _sources(ask: Ask, trips: Sequence[Trip]) -> tuple[Source, ...]:
    rows = tuple(
        f"{trip.trip_no}: planned {amount(trip.planned_km or Decimal(0))} km, "
        f"{'odometer not read twice' if (km := driven_km(trip)) is None else f'{amount(km)} km driven'}"
        for trip in trips
    )
    return trips_source(ask, trips), Source(
        "Kilometres and costs: as planned; driven by the odometer", rows=rows
    )
