"""How long a supplier takes: every receipt is an observation.

Few receipts say little, so they are drawn towards what the supplier states: the normal model with its
conjugate prior (Gelman and others, Bayesian Data Analysis, 3rd edition 2013, section 3.3), in which the
stated value weighs as much as PRIOR_RECEIPTS receipts that spread by PRIOR_SPREAD of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from tools.maths.demand.laws import Law

# Chosen so that three receipts weigh as much as the supplier's word, and a dozen outweigh it by far.
PRIOR_RECEIPTS = 3.0
PRIOR_SPREAD = 0.2
# Nobody delivers to the hour.
LEAST_SD = 0.5
# Older receipts say how the supplier was.
NEWEST = 24
# Where neither the supplier nor any receipt tells anything.
UNKNOWN_DAYS = 7.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """Goods that came: ``days`` after the order, ``share`` of what was ordered (0 to 1).

    ``promised`` are the days that the supplier had promised for this order, None where it didn't.
    """

    days: float
    promised: float | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long deliveries take.

    Attributes:
        mean_days: Expected days from order to goods.
        sd_days: Standard deviation of the next delivery's days.
        observations: Receipts that it rests on.
        stated_days: What the supplier says, None where nothing.
        on_time: Share of receipts that came by the day promised, None where nothing was promised.
    """

    mean_days: float
    sd_days: float = 0.0
    observations: int = 0
    stated_days: float | None = None
    on_time: float | None = None

    @property
    def law(self) -> Law:
        """The law of the next delivery's days."""
        return Law(self.mean_days, self.sd_days**2, "amounts")

    def later_than(self, days: float) -> float:
        """The chance that a delivery takes more than ``days``."""
        if self.sd_days <= 0:
            return float(self.mean_days > days)
        return 1.0 - self.law.cdf(days)

    def within(self, level: float) -> float:
        """The days in which a delivery comes with chance ``level``."""
        return self.mean_days if self.sd_days <= 0 else self.law.quantile(level)

    @property
    def words(self) -> str:
        """Where it comes from: "9.4 ± 2.1 days, from 6 receipts and the 10 days stated"."""
        figure = f"{self.mean_days:.3g} ± {self.sd_days:.2g} days"
        receipts = f"{self.observations} receipt{'s' * (self.observations != 1)}"
        stated = "" if self.stated_days is None else f"the {self.stated_days:g} days stated"
        if self.observations and stated:
            return f"{figure}, from {receipts} and {stated}"
        return f"{figure}, from {receipts if self.observations else stated or 'no record: a guess'}"


def learn(receipts: Sequence[Receipt], stated_days: float | None = None) -> LeadTime:
    """The lead time that ``receipts`` (oldest first) and the supplier's word tell.

    Receipts weigh by their share of the order: a last box that came late says less than the load.

    >>> learn([], 10.0)
    LeadTime(mean_days=10.0, sd_days=2.0, observations=0, stated_days=10.0, on_time=None)
    >>> round(learn([Receipt(14.0)] * 3, 10.0).mean_days, 1)
    12.0
    """
    used = [receipt for receipt in receipts if receipt.share > 0 and receipt.days >= 0][-NEWEST:]
    weight = sum(receipt.share for receipt in used)
    own = sum(receipt.days * receipt.share for receipt in used) / weight if used else 0.0
    prior = stated_days if stated_days is not None else (own if used else UNKNOWN_DAYS)
    total = PRIOR_RECEIPTS + weight
    mean = (PRIOR_RECEIPTS * prior + weight * own) / total
    squares = PRIOR_RECEIPTS * (PRIOR_SPREAD * prior) ** 2
    squares += sum(receipt.share * (receipt.days - own) ** 2 for receipt in used)
    squares += PRIOR_RECEIPTS * weight / total * (own - prior) ** 2
    return LeadTime(mean, max(sqrt(squares / total), LEAST_SD), len(used), stated_days, on_time_share(used))


def on_time_share(receipts: Sequence[Receipt]) -> float | None:
    """The share (by quantity) that came by the day promised; None where nothing was promised.

    >>> on_time_share([Receipt(9, promised=10), Receipt(12, promised=10)])
    0.5
    """
    promised = [(one.days, one.promised, one.share) for one in receipts if one.promised is not None]
    weight = sum(share for _, _, share in promised)
    if weight <= 0:
        return None
    return sum(share for days, by, share in promised if days <= by) / weight


def still_takes(receipts: Sequence[Receipt], late: float) -> tuple[float, int]:
    """The days that an order may still take which is ``late`` days overdue, and how many receipts say so.

    The mean of what the receipts that were later still took beyond that; of one that is later than all,
    as long again as late ones were late; at least a day.

    >>> still_takes([Receipt(13, promised=10), Receipt(17, promised=10), Receipt(9, promised=10)], 2)
    (3.0, 2)
    >>> still_takes([Receipt(14, promised=10)], 6)
    (4.0, 1)
    >>> still_takes([], 6)
    (1.0, 0)
    """
    behind = [one.days - one.promised for one in receipts if one.promised is not None][-NEWEST:]
    beyond = [days - late for days in behind if days > late] or [days for days in behind if days > 0]
    return (max(sum(beyond) / len(beyond), 1.0), len(beyond)) if beyond else (1.0, 0)
