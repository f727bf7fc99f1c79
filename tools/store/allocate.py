"""Which lots leave first: first expired, first out.  Pure decisions about what lies at one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NO_LOT = 0
GOOD = "good"


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies at one place of one lot.  ``lot_id`` 0: not kept by lot; only that may be below zero."""

    lot_id: int
    quantity: Decimal
    code: str = ""
    expires_on: date | None = None
    status: str = GOOD

    @property
    def label(self) -> str:
        """How people tell the lot: its code, else its expiry; empty where there is no lot."""
        return self.code or (self.expires_on.isoformat() if self.expires_on else "")


@dataclass(frozen=True, slots=True)
class Allocation:
    """What leaves from which pile; ``short`` could not be found among ``have`` usable units."""

    picks: tuple[tuple[Pile, Decimal], ...]
    have: Decimal
    short: Decimal


def is_usable(pile: Pile, day: date) -> bool:
    """Whether it may be sold or promised on ``day``: good, and its last day has not passed."""
    return pile.status == GOOD and (pile.expires_on is None or pile.expires_on >= day)


def anything(_pile: Pile) -> bool:
    """The rule for waste and counts: expired goods leave, too."""
    return True


def first_expired(piles: Sequence[Pile]) -> list[Pile]:
    """Total order: by expiry, lots without one after them, stock without a lot last; ties by age."""
    return sorted(
        piles,
        key=lambda pile: (
            pile.lot_id == NO_LOT,
            pile.expires_on is None,
            pile.expires_on or date.max,
            pile.lot_id,
        ),
    )


def allocate(piles: Sequence[Pile], quantity: Decimal, allowed: Callable[[Pile], bool]) -> Allocation:
    """Take ``quantity`` from the allowed piles, first expired first.

    What the place owes (stock without lot below zero) is taken off what it has.
    """
    owed = -sum((pile.quantity for pile in piles if pile.quantity < 0), Decimal(0))
    full = [pile for pile in first_expired(piles) if pile.quantity > 0 and allowed(pile)]
    have = sum((pile.quantity for pile in full), Decimal(0)) - owed
    left, picks = min(quantity, max(have, Decimal(0))), []
    for pile in full:
        taken = min(pile.quantity, left)
        if taken > 0:
            picks.append((pile, taken))
            left -= taken
    return Allocation(tuple(picks), have, max(quantity - max(have, Decimal(0)), Decimal(0)))
