"""What a policy does in many possible futures: Monte Carlo over the same policy code, day by day.

Each morning brings what is due, customers take what they want while there is some (the rest is lost), goods
past their shelf life go, and on review days each product is ordered up to its level where it has fallen to
its reorder point.  Suppliers' minimum values and common budgets are left out: each product is bought alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tools.maths.demand.laws import Numbers, quantiles
from tools.maths.replenishment.items import Item
from tools.maths.replenishment.outlook import WEEK
from tools.maths.replenishment.paths import DemandSource, Floats, Generators, demand_source
from tools.maths.replenishment.policy import YEAR, Policy, pays, targets

# Products that are simulated at once: their arrays stay in the cache of a core.
_CHUNK = 32
_LEAD_LEVELS = 256
_DAYS_OF_LEAD = 400


@dataclass(frozen=True)
class Simulated:
    """What happened, product x path (money and units over all days), in the order of the items.

    Attributes:
        items: The products.
        days: How long.
        wanted: Units that customers wanted.
        sold: Units that they got.
        bought: Units ordered.
        wasted: Units that went past their shelf life.
        out: Days on which not all could be sold.
        stock: Mean stock in the evening.
        course: Product x day, mean stock in the evening over the paths.
    """

    items: tuple[Item, ...]
    days: int
    wanted: Floats
    sold: Floats
    bought: Floats
    wasted: Floats
    out: Floats
    stock: Floats
    course: Numbers

    @property
    def fill_rate(self) -> Numbers:
        """The share of units wanted that was sold, by product; 1 where nothing was wanted."""
        wanted = self.wanted.mean(axis=1, dtype=float)
        sold = self.sold.mean(axis=1, dtype=float)
        return np.where(wanted > 0, sold / np.maximum(wanted, 1e-9), 1.0)

    @property
    def risk(self) -> Numbers:
        """The share of futures in which a product ran out, by product."""
        return np.asarray((self.out > 0).mean(axis=1))

    @property
    def margin(self) -> Numbers:
        """Margin earned, product x path: sales at price less their cost; 0 where either is not known."""
        return np.asarray(self.sold * self._column([item.margin or 0.0 for item in self.items]), dtype=float)

    @property
    def lost(self) -> Numbers:
        """Margin of what was wanted in vain, product x path."""
        missed = self.wanted - self.sold
        return np.asarray(missed * self._column([item.margin or 0.0 for item in self.items]), dtype=float)

    @property
    def held(self) -> Numbers:
        """What holding the stock and throwing goods away cost, product x path."""
        costs = self._column([item.unit_cost or 0.0 for item in self.items])
        rates = self._column([item.holding_rate * self.days / YEAR for item in self.items])
        return np.asarray(costs * (self.stock * rates + self.wasted), dtype=float)

    @property
    def profit(self) -> Numbers:
        """Margin less holding and waste, product x path."""
        return self.margin - self.held

    @property
    def money_in_stock(self) -> Numbers:
        """What the stock cost on average, product x path."""
        return np.asarray(
            self.stock * self._column([item.unit_cost or 0.0 for item in self.items]), dtype=float
        )

    def with_rows(self, rows: Sequence[int], other: Simulated) -> Simulated:
        """The same with these rows taken from ``other``, which has no others."""
        merged = {name: getattr(self, name).copy() for name in (*_TOTALS, "course")}
        for name, values in merged.items():
            values[rows] = getattr(other, name)
        items = list(self.items)
        for row, item in zip(rows, other.items, strict=True):
            items[row] = item
        return Simulated(tuple(items), self.days, **merged)

    @staticmethod
    def _column(values: Sequence[float]) -> Numbers:
        return np.asarray(values, dtype=float)[:, None]


@dataclass(frozen=True, slots=True)
class Futures:
    """How far and how often to look ahead; the same ``seed`` gives the same futures."""

    days: int = 91
    paths: int = 1000
    seed: int = 1


def simulate(
    items: Sequence[Item],
    policy: Policy,
    today: date,
    futures: Futures,
    *,
    really: Sequence[Item] | None = None,
) -> Simulated:
    """Possible futures of the stock of all items.

    Each product draws from random numbers of its own, by its SKU and place, so that what changes for one
    leaves the others alone.

    Args:
        items: The products; the policy buys by what is known of them.
        policy: How the shop buys.
        today: The first day.
        futures: How far and how often to look ahead.
        really: The same products with the demand and lead times that really come, where these surprise.
    """
    truth = items if really is None else really
    generators = [_generator(item, futures.seed) for item in items]
    total = {name: np.zeros((len(items), futures.paths), dtype=np.float32) for name in _TOTALS}
    course = np.zeros((len(items), futures.days))
    for chunk in _chunks(truth):
        known, real = [items[row] for row in chunk], [truth[row] for row in chunk]
        run = _Run(known, real, policy, today, futures)
        run.go([generators[row] for row in chunk])
        for name in _TOTALS:
            total[name][chunk] = getattr(run, name)
        course[chunk] = run.course
    return Simulated(tuple(items), futures.days, course=course, **total)


def _generator(item: Item, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, crc32(f"{item.sku}\n{item.place}".encode())])


def _chunks(items: Sequence[Item]) -> list[list[int]]:
    """Rows of items of one kind, some at a time."""
    found = []
    for kind in sorted({item.outlook.kind for item in items}):
        rows = [row for row, item in enumerate(items) if item.outlook.kind == kind]
        found += [rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK)]
    return found


_TOTALS = ("wanted", "sold", "bought", "wasted", "out", "stock")


class _Run:
    """Some products through all days; all arrays are product x path."""

    def __init__(
        self,
        items: Sequence[Item],
        really: Sequence[Item],
        policy: Policy,
        today: date,
        futures: Futures,
    ) -> None:
        self.items, self.really, self.policy, self.today = items, really, policy, today
        self.days, paths = futures.days, futures.paths
        size = (len(items), paths)
        self.wanted, self.sold, self.bought, self.wasted, self.out, self.stock = (
            np.zeros(size, dtype=np.float32) for _ in _TOTALS
        )
        self.course = np.zeros((len(items), self.days))
        self._left = np.repeat(_column([item.available for item in items]), paths, axis=1)
        self._coming = np.zeros((self.days + _DAYS_OF_LEAD, *size), dtype=np.float32)
        self._on_order = np.zeros(size, dtype=np.float32)
        self._gone = np.zeros(size, dtype=np.float32)
        self._old = np.maximum(self._left, 0)
        self._leads = _lead_table(really)
        self._every = max(1, round(policy.review_days))
        self._worth_it = [
            item.shelf_life_days is not None
            and pays(item, item.outlook.day_number(today), 0.0, item.rounded_up(1.0))
            for item in items
        ]
        self._place_known()

    def go(self, generators: Generators) -> None:
        lead_draws = [rng.spawn(1)[0] for rng in generators]
        starts = [item.outlook.day_number(self.today) for item in self.really]
        weeks = -(-self.days // WEEK)
        source: DemandSource = demand_source([item.outlook for item in self.really], starts, weeks)
        for week, wanted in enumerate(source.weeks(generators, self._left.shape[1])):
            for number, day in enumerate(source.days(generators, week, wanted)):
                if week * WEEK + number < self.days:
                    self._day(week * WEEK + number, day, lead_draws)
        self.stock /= self.days

    def _place_known(self) -> None:
        for row, item in enumerate(self.items):
            for one in item.on_order:
                at = ceil(one.due)
                if at < len(self._coming):
                    self._coming[at, row] += one.quantity
                self._on_order[row] += one.quantity

    def _day(self, day: int, wanted: Floats, lead_draws: Generators) -> None:
        arrived = self._coming[day]
        self._left += arrived
        self._on_order -= arrived
        if day % self._every == 0:
            self._order(day, lead_draws)
        sold = np.minimum(wanted, np.maximum(self._left, 0))
        self._left -= sold
        self.wanted += wanted
        self.sold += sold
        self.out += wanted > sold
        self._throw_away(day, sold)
        evening = np.maximum(self._left, 0)
        self.stock += evening
        self.course[:, day] = evening.mean(axis=1)

    def _throw_away(self, day: int, sold: Floats) -> None:
        """Oldest goods are sold first; what is left of a delivery after its shelf life goes."""
        self._gone += sold
        for row, item in enumerate(self.items):
            if item.shelf_life_days is None:
                continue
            came = day - ceil(item.shelf_life_days)
            if came >= 0:
                self._old[row] += self._coming[came, row]
                waste = np.maximum(self._old[row] - self._gone[row], 0)
                self._left[row] -= waste
                self._gone[row] += waste
                self.wasted[row] += waste

    def _order(self, day: int, lead_draws: Generators) -> None:
        aims = targets(self.items, self.policy, self.today + timedelta(days=day))
        position = self._left + self._on_order - self._too_late(day)
        missing = _column([aim.order_up_to for aim in aims]) - position
        due = (position <= _column([aim.reorder_point for aim in aims])) & (missing > 0)
        packs = _column([item.pack_size if item.pack_size > 0 else 1.0 for item in self.items])
        least = _column([item.moq for item in self.items])
        quantity = np.where(due, np.ceil(np.maximum(missing, least) / packs - 1e-4) * packs, 0)
        quantity = self._kept_fresh(quantity, position, [aim.cap for aim in aims])
        count = quantity.shape[1]
        levels = np.stack([rng.integers(0, _LEAD_LEVELS, count, dtype=np.uint8) for rng in lead_draws])
        rows, paths = np.nonzero(quantity)
        when = day + self._leads[rows, levels[rows, paths]]
        bought = quantity[rows, paths]
        # Each product and path orders once a day, so that no place is added to twice.
        self._coming[when, rows, paths] += bought
        self._on_order += quantity
        self.bought += quantity

    def _kept_fresh(self, quantity: Floats, position: Floats, caps: Sequence[float | None]) -> Floats:
        """No more than can be sold in time, in whole packs; the least where nothing is left and it pays."""
        for row, (item, cap) in enumerate(zip(self.items, caps, strict=True)):
            if cap is not None:
                pack, least = item.pack_size if item.pack_size > 0 else 1.0, item.rounded_up(1.0)
                room = np.floor(np.maximum(cap - position[row], 0) / pack + 1e-4) * pack
                last = np.where(self._worth_it[row] & (position[row] <= 0), least, 0)
                fresh = np.where(room < least, last, np.minimum(quantity[row], room))
                quantity[row] = np.where(quantity[row] > 0, fresh, 0)
        return quantity

    def _too_late(self, day: int) -> Floats:
        """What was on order at the start and comes after the protection time."""
        found = []
        for item in self.items:
            until = day + item.lead.mean_days + self.policy.review_days
            found.append(sum(one.quantity for one in item.on_order if one.due > until))
        return _column(found)


def _column(values: Sequence[float]) -> Floats:
    return np.asarray(values, dtype=np.float32)[:, None]


def _lead_table(items: Sequence[Item]) -> NDArray[np.int64]:
    """Product x level: days of a delivery at evenly spread chances."""
    levels = (np.arange(_LEAD_LEVELS) + 0.5) / _LEAD_LEVELS
    means = np.array([item.lead.mean_days for item in items])[:, None]
    sds = np.array([item.lead.sd_days for item in items])[:, None]
    days = np.where(sds > 0, quantiles(means, sds**2, levels, "amounts"), means)
    return np.clip(np.rint(days), 1, _DAYS_OF_LEAD - 1).astype(np.int64)
