"""What becomes of stock at the pace that is expected: when it is gone, and what comes before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from tools.kit.ask import Ask
from tools.kit.holdings import Holding, Scope, coming, holdings
from tools.kit.outlook import Foreseen, foreseen
from tools.kit.planning_leads import lead_times
from tools.kit.words import facts
from tools.maths.demand.laws import NOTHING
from tools.maths.replenishment.items import Arrival, Item
from tools.maths.replenishment.lead_time import LeadTime
from tools.maths.replenishment.projection import Projection, project
from tools.store import Product, PurchaseLine

AHEAD_DAYS = 182


@dataclass(frozen=True)
class Fate:
    """What becomes of the stock of one product."""

    held: Holding
    found: Foreseen
    path: Projection
    orders: tuple[PurchaseLine, ...]

    @property
    def product(self) -> Product:
        """Whose stock it is."""
        return self.held.product

    @property
    def out_on(self) -> date | None:
        """The first day on which not all can be sold, as expected."""
        return self.path.runs_out_on

    @property
    def early(self) -> date | None:
        """The same with more demand than in nine of ten cases."""
        return self.path.runs_out_early

    @property
    def next_arrival(self) -> date | None:
        """The day of the next delivery on order; None where none is known."""
        return self.orders[0].expected_on if self.orders else None

    @property
    def before_delivery(self) -> bool:
        """Whether it runs out before what is on order, or could be ordered today, can be there."""
        could_come = self.path.day + timedelta(days=round(self.path.item.lead.mean_days))
        first = min(self.next_arrival, could_come) if self.next_arrival else could_come
        return self.held.available > 0 and self.out_on is not None and self.out_on < first

    def alone(self) -> date | None:
        """When it would run out if nothing came."""
        start = self.found.outlook.day_number(self.path.day)
        wanted = self.found.outlook.cumulative(start, AHEAD_DAYS)
        days = np.flatnonzero(wanted > float(self.held.available) + NOTHING)
        return self.path.day + timedelta(days=int(days[0]) - 1) if days.size else None

    @property
    def row(self) -> dict[str, Any]:
        """The row of ``data``."""
        return facts(
            sku=self.product.sku,
            name=self.product.name,
            available=self.held.available,
            on_order=self.held.on_order,
            runs_out_on=self.out_on,
            runs_out_early=self.early,
            next_arrival=self.next_arrival,
        )


def fates(ask: Ask, chosen: Sequence[Product], scope: Scope) -> list[Fate]:
    """The soonest first; what does not sell is left out."""
    found = foreseen(ask, chosen, scope)
    orders: dict[str, list[PurchaseLine]] = defaultdict(list)
    for line in coming(ask, chosen, scope):
        orders[line.sku].append(line)
    leads, every = lead_times(ask.store), []
    for held in holdings(ask, chosen, scope):
        seen = found.get(held.product.sku)
        if seen is None or seen.outlook.mean(0, AHEAD_DAYS) <= NOTHING:
            continue
        lines = tuple(orders[held.product.sku])
        path = _path(ask, held, seen, lines, leads.of(held.product))
        every.append(Fate(held, seen, path, lines))
    return sorted(every, key=_urgency)


def _path(
    ask: Ask, held: Holding, seen: Foreseen, lines: Sequence[PurchaseLine], lead: LeadTime
) -> Projection:
    arrivals = tuple(
        Arrival(float((line.expected_on - ask.today).days), float(line.outstanding))
        for line in lines
        if line.expected_on is not None
    )
    item = Item(
        held.product.sku,
        seen.outlook,
        lead,
        on_hand=float(held.on_hand - held.unusable),
        reserved=float(held.reserved),
        on_order=arrivals,
    )
    return project(item, ask.today, AHEAD_DAYS)


def _urgency(fate: Fate) -> tuple[date, date, str]:
    return (fate.out_on or date.max, fate.early or date.max, fate.product.name)
