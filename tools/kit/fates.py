"""What becomes of stock at the pace that is expected: when it is gone, and what comes before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from tools.kit.ask import Ask
from tools.kit.holdings import Holding, Scope, coming, holdings
from tools.kit.outlook import Foreseen, foreseen
from tools.kit.planning_leads import Awaited, lead_times
from tools.kit.words import facts
from tools.maths.demand.laws import NOTHING
from tools.maths.replenishment.items import Item
from tools.maths.replenishment.lead_time import LeadTime
from tools.maths.replenishment.projection import Course, Projection, course, project
from tools.store import Product, PurchaseLine

AHEAD_DAYS = 182


@dataclass(frozen=True)
class Fate:
    """What becomes of the stock of one product; ``item`` is what a policy knows of it."""

    held: Holding
    found: Foreseen
    orders: tuple[Awaited, ...]
    item: Item
    today: date

    @cached_property
    def expected(self) -> Course:
        """The stock to come as expected; quick enough for a whole shop."""
        start = self.found.outlook.day_number(self.today)
        wanted = self.found.outlook.cumulative(start, AHEAD_DAYS)
        return course(self.item.available, self.item.on_order, wanted)

    @cached_property
    def path(self) -> Projection:
        """The same with its band; for the few that are shown."""
        return project(self.item, self.today, AHEAD_DAYS)

    @property
    def product(self) -> Product:
        """Whose stock it is."""
        return self.held.product

    @property
    def out_on(self) -> date | None:
        """The first day on which not all can be sold, as expected."""
        after = self.expected.out_after
        return None if after is None else self.today + timedelta(days=after)

    @property
    def early(self) -> date | None:
        """The same with more demand than in nine of ten cases."""
        return self.path.runs_out_early

    @property
    def next_arrival(self) -> date | None:
        """The day on which the next delivery on order is counted upon; None where nothing is on order."""
        return self.orders[0].on(self.today) if self.orders else None

    @property
    def before_delivery(self) -> bool:
        """Whether it runs out before what is on order, or could be ordered today, can be there."""
        could_come = self.today + timedelta(days=round(self.item.lead.mean_days))
        first = min(self.next_arrival, could_come) if self.next_arrival else could_come
        return self.held.available > 0 and self.out_on is not None and self.out_on < first

    def alone(self) -> date | None:
        """When it would run out if nothing came."""
        start = self.found.outlook.day_number(self.today)
        wanted = self.found.outlook.cumulative(start, AHEAD_DAYS)
        days = np.flatnonzero(wanted > float(self.held.available) + NOTHING)
        return self.today + timedelta(days=int(days[0]) - 1) if days.size else None

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
        lead = leads.of(held.product)
        lines = [leads.awaited(line, ask.today, lead.mean_days) for line in orders[held.product.sku]]
        lines.sort(key=lambda one: (one.days, one.line.po_no))
        item = _item(held, seen, lines, lead)
        every.append(Fate(held, seen, tuple(lines), item, ask.today))
    return sorted(every, key=_urgency)


def _item(held: Holding, seen: Foreseen, lines: Sequence[Awaited], lead: LeadTime) -> Item:
    return Item(
        held.product.sku,
        seen.outlook,
        lead,
        on_hand=float(held.on_hand - held.unusable),
        reserved=float(held.reserved),
        on_order=tuple(one.arrival for one in lines),
    )


def _urgency(fate: Fate) -> tuple[date, str]:
    return (fate.out_on or date.max, fate.product.name)
