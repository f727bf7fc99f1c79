"""How well a supplier keeps its word: on time, how fast, how full, how sound, at what price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

FEW = 5


@dataclass(frozen=True, slots=True)
class Delivered:
    """One order that came.

    Attributes:
        days: Days from order to goods, None where the order's day is not known.
        late: Days after the day promised (below 0: early), None where none was promised.
        ordered: Units ordered.
        received: Units that came.
        defective: Units of them that were no good.
        settled: Whether nothing more is to come.
    """

    days: float | None
    late: float | None
    ordered: float
    received: float
    defective: float = 0.0
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """A supplier's record over some orders; None where nothing tells.

    Attributes:
        orders: How many came.
        promised: How many of them had a day promised.
        on_time: Share of these that came by that day.
        late_days: Mean days late of those that were late.
        lead_days: Mean days from order to goods.
        lead_sd: Their standard deviation, None for fewer than two.
        slowest: The longest.
        fill_rate: Share of what was ordered that came, of orders that are settled.
        defects: Share of what came that was no good.
    """

    orders: int
    promised: int
    on_time: float | None
    late_days: float | None
    lead_days: float | None
    lead_sd: float | None
    slowest: float | None
    fill_rate: float | None
    defects: float | None

    @property
    def is_thin(self) -> bool:
        """Whether it rests on so few orders that one more could turn it."""
        return self.orders < FEW


def record(deliveries: Sequence[Delivered]) -> Record:
    """The record of these deliveries.

    >>> found = record([Delivered(10, 0, 10, 10), Delivered(14, 4, 10, 8, defective=1)])
    >>> found.on_time, found.lead_days, found.fill_rate, round(found.defects, 3)
    (0.5, 12.0, 0.9, 0.056)
    """
    late = [one.late for one in deliveries if one.late is not None]
    behind = [days for days in late if days > 0]
    days = [one.days for one in deliveries if one.days is not None]
    settled = [one for one in deliveries if one.settled]
    ordered = sum(one.ordered for one in settled)
    received = sum(one.received for one in deliveries)
    return Record(
        orders=len(deliveries),
        promised=len(late),
        on_time=1 - len(behind) / len(late) if late else None,
        late_days=_mean(behind),
        lead_days=_mean(days),
        lead_sd=_sd(days),
        slowest=max(days, default=None),
        fill_rate=sum(min(one.received, one.ordered) for one in settled) / ordered if ordered > 0 else None,
        defects=sum(one.defective for one in deliveries) / received if received > 0 else None,
    )


def price_trend(prices: Sequence[tuple[float, float]]) -> float | None:
    """The change of the unit cost over all orders, as a share: latest against first; None for fewer than two.

    ``prices`` are (day number, unit cost), in any order.

    >>> price_trend([(0, 4.0), (30, 4.2), (60, 4.4)])
    0.1
    """
    dated = sorted(prices)
    if len(dated) < 2 or dated[0][1] <= 0:
        return None
    return round(dated[-1][1] / dated[0][1] - 1, 6)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _sd(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    mean = sum(values) / len(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
