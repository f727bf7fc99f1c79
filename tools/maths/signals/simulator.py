"""An invented shop whose customers talk before they buy, drawn from a seed: sales and voices, day by day.

Every product has a steady demand with a weekly pattern and a steady rate of voices.  A share of them has one
event: demand is a multiple of itself for three weeks, and some days before that the voices are, for twelve
days.  What the reader of texts makes of the voices is worse than the truth: it misses some, and it lays
others at the wrong product's door.  Two controls belong to every figure: voices that are shuffled over the
products (placebo), and voices that come no sooner than the demand (lead 0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

WEEK = 7
WEEKDAYS = np.array([0.9, 0.9, 0.95, 1.0, 1.15, 1.3, 0.8])
# The demand of a product a day: a log-normal law about this median.
USUAL_DEMAND, DEMAND_SPREAD = 2.5, 0.6
SPARSE, BUSY = (0.02, 0.12), (0.1, 0.4)
"""Voices a day and product, from the quietest to the loudest one."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a world is drawn.

    Attributes:
        voices: Voices a day of the quietest and the loudest product.
        lead: Days by which the talk comes before the demand.
        precision: Share of the voices found that are right.
        recall: Share of the true voices that are found.
        placebo: Whether the voices are shuffled over the products.
        products: How many products there are.
        history: Days before anything happens.
        days: Days after that.
        affected: Share of the products that have an event.
        uplift: Demand in an event, in multiples: from, to.
        lasts: Days that the demand of an event lasts.
        talk: Voices before an event, in multiples: from, to.
        talk_lasts: Days that the talk lasts.
    """

    voices: tuple[float, float] = BUSY
    lead: int = 10
    precision: float = 0.9
    recall: float = 0.85
    placebo: bool = False
    products: int = 60
    history: int = 126
    days: int = 126
    affected: float = 0.3
    uplift: tuple[float, float] = (1.6, 3.0)
    lasts: int = 21
    talk: tuple[float, float] = (3.0, 8.0)
    talk_lasts: int = 12


@dataclass(frozen=True)
class World:
    """One drawn shop.

    Attributes:
        setting: How it was drawn.
        wanted: Units wanted, products x days.
        said: Voices as they were read, products x days.
        starts: The day on which each product's event begins; -1 where it has none.
    """

    setting: Setting
    wanted: Numbers
    said: Numbers
    starts: NDArray[np.int64]

    @property
    def affected(self) -> NDArray[np.bool_]:
        """Products x weeks: the weeks about an event, from its talk to a week after its demand."""
        found = np.zeros((len(self.wanted), self.wanted.shape[1] // WEEK), dtype=bool)
        for row in np.flatnonzero(self.starts >= 0):
            first = max(int(self.starts[row]) - self.setting.lead, 0) // WEEK
            last = (int(self.starts[row]) + self.setting.lasts + WEEK) // WEEK
            found[row, first : last + 1] = True
        return found


def weekly(daily: Numbers) -> Numbers:
    """Sums of weeks; days that make no whole week at the end are left out.

    >>> weekly(np.ones((1, 15)))
    array([[7., 7.]])
    """
    weeks = daily.shape[1] // WEEK
    return np.asarray(daily[:, : weeks * WEEK].reshape(len(daily), weeks, WEEK).sum(axis=2))


def world(setting: Setting, rng: np.random.Generator) -> World:
    """Draw one shop."""
    count, length = setting.products, setting.history + setting.days
    demand = rng.lognormal(np.log(USUAL_DEMAND), DEMAND_SPREAD, count)[:, None]
    demand = demand * np.resize(WEEKDAYS / WEEKDAYS.mean(), length)
    usual = rng.uniform(*setting.voices, count)
    talk = np.repeat(usual[:, None], length, axis=1)
    starts = np.full(count, -1)
    for row in rng.permutation(count)[: round(setting.affected * count)]:
        start = int(rng.integers(setting.history + 14, length - setting.lasts - 14))
        starts[row] = start
        demand[row, start : start + setting.lasts] *= rng.uniform(*setting.uplift)
        first = start - setting.lead
        talk[row, first : first + setting.talk_lasts] *= rng.uniform(*setting.talk)
    wanted = rng.poisson(demand).astype(float)
    said = _read(talk, usual, setting, rng)
    if setting.placebo:
        said = said[rng.permutation(count)]
    return World(setting, wanted, said, starts)


def _read(talk: Numbers, usual: Numbers, setting: Setting, rng: np.random.Generator) -> Numbers:
    """The voices as the reader finds them: some missed, others laid at another product's door.

    The wrong ones come on the days on which there is much talk, so that a burst spills over.
    """
    true = rng.poisson(talk * setting.recall)
    wrong = true.sum(axis=0) * (1 - setting.precision) / setting.precision / len(talk)
    share = usual / usual.mean()
    return np.asarray(true + rng.poisson(wrong[None, :] * share[:, None]), dtype=float)


@dataclass(frozen=True, slots=True)
class Orders:
    """How the invented shop orders: each day up to a level.

    Attributes:
        lead_days: Days from order to goods.
        safety: Standard deviations of the demand of lead time and a day that are kept beside it.
    """

    lead_days: int = 5
    safety: float = 1.28


@dataclass(frozen=True, slots=True)
class Served:
    """What came of ordering, products x days: what was wanted and was not there, and what lay in stock."""

    lost: Numbers
    held: Numbers


def served(wanted: Numbers, expected: Numbers, orders: Orders = Orders()) -> Served:
    """Order by a daily forecast and see what is lost (lost sales, not backorders).

    Args:
        wanted: Units wanted, products x days.
        expected: Units expected a day, as forecast on each day, of the same shape.
        orders: The rule.
    """
    days = orders.lead_days + 1
    level = expected * days + orders.safety * np.sqrt(np.maximum(expected * days, 0.0))
    stock = level[:, 0].copy()
    coming = np.zeros((len(wanted), wanted.shape[1] + days))
    on_way = np.zeros(len(wanted))
    lost, held = np.zeros_like(wanted), np.zeros_like(wanted)
    for day in range(wanted.shape[1]):
        stock += coming[:, day]
        on_way -= coming[:, day]
        sold = np.minimum(stock, wanted[:, day])
        lost[:, day] = wanted[:, day] - sold
        stock = stock - sold
        held[:, day] = stock
        order = np.maximum(np.ceil(level[:, day] - stock - on_way), 0.0)
        coming[:, day + days] += order
        on_way += order
    return Served(lost, held)
