"""Shipments that could travel together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Period,
    Reply,
    Result,
    Right,
    Source,
    Span,
    SupplierCode,
    Table,
    listed,
    tool,
    words,
)
from tools.kit.allocating_shipments import (
    CO2_SOURCE,
    DELIVERY_COST,
    KM_COST,
    SOONER,
    STOP_MINUTES,
    TRIP_COST,
    Together,
    together,
)
from tools.kit.allocating_words import customer_name, money_words
from tools.kit.purchases import supplier_name
from tools.maths.consolidation.shipments import Shipments

USUAL_DAYS = 7
MOST_SAID = 3
MOST_ROWS = 40


@tool(
    right=Right.SEE_STOCK,
)
def consolidate(
    ask: Ask,
    period: Span | None = None,
    supplier: SupplierCode | None = None,
) -> Result:
    """Find shipments that can be combined."""
    span = period or Period(ask.today, ask.today + timedelta(days=USUAL_DAYS - 1))
    found = together(ask, span, supplier)
    when = words.during(span, ask.today)
    whom = f" from {supplier_name(ask, supplier)}" if supplier else ""
    if not found.rounds.days and not found.deliveries.days:
        return Reply(f"Nothing{whom} is still due {when}.", {"rows": [], "trips_before": 0, "trips_after": 0})
    text = words.sentences(
        _summary(ask, found, when), *_customers(found), *dict.fromkeys(_suppliers(ask, found))
    )
    return Reply(text, _data(ask, found), _tables(ask, found), sources=_sources(ask, found))


def _summary(ask: Ask, found: Together, when: str) -> str:
    before = len(found.rounds.days) + len(found.deliveries.days)
    after = found.rounds.carriers + found.deliveries.carriers
    if before == after:
        return f"No: of {words.plural(before, 'shipment')} {when} none can go together without being late."
    saved = f", about {_money(ask, found)} less" if ask.may(Right.SEE_COSTS) else ""
    return f"Yes: {words.plural(before, 'shipment')} {when} can go in {after}{saved}."


def _money(ask: Ask, found: Together) -> str:
    before, after = found.cost
    return money_words(ask, before - after)


def _customers(found: Together) -> Iterator[str]:
    if not found.rounds.days:
        return
    count = words.plural(len(found.rounds.days), "customer order")
    text = f"{count} in {words.plural(found.rounds.carriers, 'round')}, each on its promised day"
    if found.km and found.co2:
        (before, after), (much, less) = found.km, found.co2
        text += f": about {after:.0f} km instead of {before:.0f}, {much - less:.1f} kg CO2 less"
    yield f"{text}."
    if found.rounds.too_large:
        yield f"Too large for a van: {words.first_few(list(found.rounds.too_large), MOST_SAID)}."


def _suppliers(ask: Ask, found: Together) -> Iterator[str]:
    joined = [(key, trip[0][1]) for key, trip in found.deliveries.trips.items() if len(trip[0][1]) > 1]
    for (_, day), keys in joined[:MOST_SAID]:
        who = supplier_name(ask, found.lines[keys[0]][0].supplier)
        sooner = [
            f"{key.partition(' to ')[0]} {words.plural(_own(found, key) - day, 'day')} sooner"
            for key in keys
            if _own(found, key) > day
        ]
        what = listed([key.partition(" to ")[0] for key in keys])
        asked = f" (ask for {listed(sooner)})" if sooner else ""
        yield f"{who}: {what} in one delivery {words.near_day(date.fromordinal(day), ask.today)}{asked}."
    if found.deliveries.days and not joined:
        count = len(found.deliveries.days)
        verb = "stays" if count == 1 else "stay"
        yield f"{words.plural(count, 'delivery')} from suppliers {verb} apart."


def _own(found: Together, key: str) -> int:
    return min(line.expected_on for line in found.lines[key] if line.expected_on).toordinal()


def _trips(shipments: Shipments) -> Iterator[tuple[str, date, tuple[str, ...]]]:
    for (group, day), trip in sorted(shipments.trips.items(), key=lambda one: (one[0][1], one[0][0])):
        for _, keys in trip:
            yield group, date.fromordinal(day), keys


def _tables(ask: Ask, found: Together) -> tuple[Table, ...]:
    rounds = tuple(
        (words.day(day, ask.today), group, len(keys), listed([_order(ask, found, key) for key in keys]))
        for group, day, keys in _trips(found.rounds)
    )
    deliveries = tuple(
        (words.day(day, ask.today), supplier_name(ask, found.lines[keys[0]][0].supplier), listed(list(keys)))
        for _, day, keys in _trips(found.deliveries)
    )
    tables = []
    if rounds:
        tables.append(Table(("Day", "Round", "Orders", "Which"), rounds[:MOST_ROWS], "Rounds to customers"))
    if deliveries:
        tables.append(
            Table(("Day", "Supplier", "Brings"), deliveries[:MOST_ROWS], "Deliveries from suppliers")
        )
    return tuple(tables)


def _order(ask: Ask, found: Together, key: str) -> str:
    return f"{key}{customer_name(ask, found.orders[key], ' ')}"


def _data(ask: Ask, found: Together) -> dict[str, Any]:
    rows = [
        {"kind": kind, "group": group, "day": day.isoformat(), "shipments": list(keys)}
        for kind, shipments in (("round", found.rounds), ("delivery", found.deliveries))
        for group, day, keys in _trips(shipments)
    ]
    data: dict[str, Any] = {
        "rows": rows,
        "trips_before": len(found.rounds.days) + len(found.deliveries.days),
        "trips_after": found.rounds.carriers + found.deliveries.carriers,
        "orders": len(found.rounds.days),
        "rounds": found.rounds.carriers,
        "status": found.rounds.status if found.rounds.status != "optimal" else found.deliveries.status,
    }
    if found.km and found.co2:
        data |= words.facts(
            km_before=Decimal(f"{found.km[0]:.1f}"),
            km_after=Decimal(f"{found.km[1]:.1f}"),
            co2_kg_before=Decimal(f"{found.co2[0]:.2f}"),
            co2_kg_after=Decimal(f"{found.co2[1]:.2f}"),
        )
    if ask.may(Right.SEE_COSTS):
        before, after = found.cost
        data |= words.facts(cost_before=Decimal(f"{before:.2f}"), cost_after=Decimal(f"{after:.2f}"))
    return data


def _sources(ask: Ask, found: Together) -> tuple[Source, ...]:
    trip, km, delivery = (money_words(ask, cost) for cost in (TRIP_COST, KM_COST, DELIVERY_COST))
    counts = f"{len(found.orders)}; orders at suppliers by place, {len(found.lines)}"
    return (
        Source(f"Customer orders not gone yet, {counts}"),
        Source(
            "Together goes what is due on the same day in the same quarter seen from the warehouse, chilled "
            f"and dry apart, at most what {listed(found.vehicles, 'or')} holds and drives in a shift at "
            f"{STOP_MINUTES} minutes a stop; hours within the day are for the plan of the day. A supplier "
            f"may be asked for up to {SOONER} days sooner; nothing is later than promised"
        ),
        Source(
            f"{found.ways}; kilometres before: out and back for each order; suppliers' ways are not known "
            "and not counted"
        ),
        Source(f"CO2: {CO2_SOURCE}"),
        Source(f"Costs taken: a trip {trip}, a kilometre {km}, taking in a delivery {delivery}"),
        Source(f"Answers: customers {found.rounds.status}, suppliers {found.deliveries.status}"),
    )
