"""The week's scorecard: how good forecasts were, what was promised and reached, what it cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask
from tools.kit.hindsight import Judged, backtested, by_class, judged, last_scores, past_weeks
from tools.kit.outlook import outlook_of
from tools.kit.planning import classes_of
from tools.kit.planning_policy import shop_policy
from tools.kit.words import facts
from tools.maths.replenishment.classes import ABC
from tools.store import Product
from tools.store.planning_facts import StoredForecast

DAYS = 28
WEEK = 7
ASLEEP_DAYS = 182
SCRAP = "@scrap"
MOST_MOVES = 100_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Service:
    """What one class of products was promised and got: shares of product-weeks without running out."""

    kind: str
    products: int
    promised: float
    reached: float | None


@dataclass(frozen=True)
class Scorecard:
    """The figures of four weeks up to ``last``; ``looked_back``: no forecast has met its week yet."""

    first: date
    last: date
    accuracy: Mapping[str, Mapping[str, Any]]
    looked_back: bool
    service: tuple[Service, ...]
    out_now: int
    empty_days: int
    missed: Decimal
    waste: Decimal
    in_stock: Decimal
    asleep: Decimal
    people: tuple[Judged, ...] = ()
    drifting: tuple[Mapping[str, str], ...] = ()
    methods: Mapping[str, str] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, Any]:
        """For JSON."""
        return {
            **facts(first=self.first, last=self.last, out_now=self.out_now, empty_days=self.empty_days),
            **facts(missed_sales=self.missed, waste=self.waste, in_stock=self.in_stock, asleep=self.asleep),
            "accuracy": self.accuracy,
            "service": [
                facts(**{name: getattr(one, name) for name in one.__slots__}) for one in self.service
            ],
            "methods": dict(self.methods),
        }


def scorecard(ask: Ask) -> Scorecard:
    """The scorecard of the whole shop as of today."""
    last = ask.today - DAY
    first = ask.today - timedelta(days=DAYS)
    scores = last_scores(ask.store)
    past = past_weeks(ask)
    stored = {one.sku: one for one in ask.store.forecasts.of()}
    booked = ask.store.demand.booked_from()
    empty = {} if booked is None else _empty(ask, first, last, stored)
    on_hand = _on_hand(ask)
    wanted = [sku for sku, one in stored.items() if one.weekly[0] > 0]
    return Scorecard(
        first=first,
        last=last,
        accuracy=by_class(past) if past else backtested(scores),
        looked_back=not past,
        service=_service(ask, wanted, empty, max(first, (booked or ask.today) + DAY)),
        out_now=0 if booked is None else sum(on_hand.get(sku, 0) <= 0 for sku in wanted),
        empty_days=sum(len(days) for days in empty.values()),
        missed=_missed(ask, stored, empty),
        waste=_waste(ask, first, last),
        in_stock=_worth(ask, on_hand),
        asleep=_worth(ask, _asleep(ask, on_hand, stored)),
        people=tuple(judged(ask)),
        drifting=tuple(scores.get("drifting", ())),
        methods={str(name): str(method) for name, method in scores.get("champions", {}).items()},
    )


def _empty(
    ask: Ask, first: date, last: date, stored: Mapping[str, StoredForecast]
) -> dict[str, frozenset[date]]:
    """Days on which a product that sells had stock at no place that ever holds it."""
    found: dict[str, list[frozenset[date]]] = defaultdict(list)
    places: dict[str, int] = defaultdict(int)
    for level in ask.store.stock.levels(None, today=ask.today):
        if level.location is not None:
            places[level.sku] += 1
    for (sku, _place), days in ask.store.demand.empty_days(first=first, last=last).items():
        found[sku].append(days)
    return {
        sku: frozenset.intersection(*days)
        for sku, days in found.items()
        if sku in stored and stored[sku].weekly[0] > 0 and len(days) >= places[sku]
    }


def _service(
    ask: Ask, wanted: Sequence[str], empty: Mapping[str, frozenset[date]], first: date
) -> tuple[Service, ...]:
    """By class; what was reached is only told of whole weeks in which stock was on the books."""
    known = (ask.today - first).days // WEEK
    kinds, policy = classes_of(ask.store, ask.today), shop_policy(ask.store)
    names: tuple[ABC, ...] = ("A", "B", "C")
    found = []
    for kind in names:
        skus = [sku for sku in wanted if kinds.get(sku, "C") == kind]
        if not skus:
            continue
        days = {sku: [(day - first).days for day in empty.get(sku, ())] for sku in skus}
        out = sum(len({day // WEEK for day in each if 0 <= day < known * WEEK}) for each in days.values())
        reached = 1 - out / (len(skus) * known) if known > 0 else None
        found.append(Service(kind, len(skus), policy.level(kind), reached))
    return tuple(found)


def _missed(ask: Ask, stored: Mapping[str, StoredForecast], empty: Mapping[str, frozenset[date]]) -> Decimal:
    """What the empty days would have brought at the list price, by the present forecast."""
    total = 0.0
    for sku, days in empty.items():
        product = ask.catalogue.products.get(sku)
        if product is not None and product.price:
            total += sum(stored[sku].weekly[0] * stored[sku].profile[day.weekday()] for day in days) * float(
                product.price
            )
    return Decimal(str(round(total, 2)))


def _waste(ask: Ask, first: date, last: date) -> Decimal:
    """What was written off, at cost."""
    moves = ask.store.stock.movements(first=first, last=last, limit=MOST_MOVES)
    total = Decimal(0)
    for move in moves:
        product = ask.catalogue.products.get(move.sku)
        sign = (move.destination == SCRAP) - (move.source == SCRAP)
        if product is not None and sign:
            total += sign * move.quantity * _each(product)
    return max(total, Decimal(0))


def _on_hand(ask: Ask) -> dict[str, Decimal]:
    return {level.sku: level.on_hand for level in ask.store.stock.totals(None, today=ask.today)}


def _asleep(
    ask: Ask, on_hand: Mapping[str, Decimal], stored: Mapping[str, StoredForecast]
) -> dict[str, Decimal]:
    """What is there beyond the demand of half a year."""
    found = {}
    for sku, held in on_hand.items():
        one = stored.get(sku)
        start = (ask.today - one.cut_off).days - 1 if one else 0
        wanted = outlook_of(one).mean(start, start + ASLEEP_DAYS) if one else 0.0
        found[sku] = max(held - Decimal(str(round(wanted, 3))), Decimal(0))
    return found


def _worth(ask: Ask, held: Mapping[str, Decimal]) -> Decimal:
    products = ask.catalogue.products
    worths = (
        quantity * _each(products[sku]) for sku, quantity in held.items() if sku in products and quantity > 0
    )
    return sum(worths, Decimal(0))


def _each(product: Product) -> Decimal:
    return product.cost if product.cost is not None else product.price or Decimal(0)
