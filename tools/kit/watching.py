"""What watches share: what much money is in this shop, and many sightings that one action serves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from tools.kit.ask import Ask
from tools.kit.lowstock import sales_window
from tools.kit.reply import Button, Call
from tools.kit.watch import Urgency

# More new sightings of one group than this at a time are told together.
MOST_ALONE = 2
# Less money than this share of a usual day's takings is for the digest.
WORTH_A_MESSAGE = Decimal("0.0025")
HOURLY, DAILY = timedelta(hours=1), timedelta(days=1)
OFTEN = timedelta(minutes=15)

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Gathered(Generic[Seen]):
    """What is to be told one by one, and by group what is to be told together."""

    alone: tuple[Seen, ...]
    together: dict[str, tuple[Seen, ...]]


def gathered(
    found: Iterable[Seen],
    subject: Callable[[Seen], str],
    group: Callable[[Seen], str],
    open_now: Collection[str],
) -> Gathered[Seen]:
    """Few of a group are told one by one, many together; what was told one way stays that way.

    ``open_now`` are the subjects, groups among them, that are open incidents.  A group "" has no members
    that one action would serve.
    """
    alone: list[Seen] = []
    groups: dict[str, list[Seen]] = defaultdict(list)
    for one in found:
        if subject(one) in open_now or not group(one):
            alone.append(one)
        else:
            groups[group(one)].append(one)
    together = {}
    for name, members in groups.items():
        if name in open_now or len(members) > MOST_ALONE:
            together[name] = tuple(members)
        else:
            alone.extend(members)
    return Gathered(tuple(alone), together)


def open_subjects(ask: Ask, rule: str, location: str | None = None) -> frozenset[str]:
    """The subjects of a rule's incidents that are not resolved, everywhere or at one place."""
    found = ask.store.incidents.open(rule)
    return frozenset(one.subject for one in found if location in (None, one.location))


def usual_takings(ask: Ask) -> Decimal:
    """What a day takes, the mean of the last four known weeks: the measure of what matters here."""
    window = sales_window(ask)
    if window is None:
        return Decimal(0)
    totals = ask.store.sales.totals(first=window.first, last=window.last, by="all")
    taken = totals[0].revenue if totals else Decimal(0)
    return max(taken, Decimal(0)) / window.days


def urgency(value: Decimal, takings: Decimal, share: Decimal = WORTH_A_MESSAGE) -> Urgency:
    """A message of its own where enough money is at stake, else the digest."""
    return Urgency.TODAY if value >= takings * share else Urgency.DIGEST


def why(sku: str) -> Button:
    """The button that shows the arithmetic behind what to order of a product."""
    return Button("Why?", Call("reorder.suggest", {"products": [sku]}))


def money_of(value: float | None) -> Decimal:
    """Money that was reckoned with floats, to the penny; nothing where it is not known."""
    return Decimal(str(round(value, 2))) if value and value > 0 else Decimal(0)
