"""What came of each line of an order, lot by lot: the one form for words, buttons and the page's form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from tools.kit.lot_words import ToldLot
from tools.kit.purchases import packed
from tools.kit.reply import Refused
from tools.kit.words import amount, summed
from tools.store import PurchaseLine
from tools.store.buying_changes import Arrival
from tools.store.planning_facts import PurchaseOrder

ZERO = Decimal(0)
HOW_MANY = "How many came of each lot? Say it like “6 of lot L7 and 4 of lot L8”."


@dataclass(frozen=True, slots=True)
class Part:
    """``quantity`` of one lot, ``broken`` of it no good."""

    quantity: Decimal
    broken: Decimal = ZERO
    lot: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a line to ``place``, in its parts."""

    line: PurchaseLine
    place: str
    parts: tuple[Part, ...]

    @property
    def quantity(self) -> Decimal:
        """How many came, the broken ones included."""
        return summed(part.quantity for part in self.parts)

    @property
    def broken(self) -> Decimal:
        """How many of them are no good."""
        return summed(part.broken for part in self.parts)

    @property
    def over(self) -> Decimal:
        """What nobody had ordered."""
        return max(self.quantity - self.line.outstanding, ZERO)

    @property
    def missing(self) -> Decimal:
        """What is still to come of it."""
        return max(self.line.outstanding - self.quantity, ZERO)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """The same for the books."""
        return tuple(
            Arrival(self.line.sku, part.quantity, self.place, part.broken, part.lot, part.expires_on)
            for part in self.parts
        )


def settled(came: Iterable[Came], order: PurchaseOrder, *, last: bool) -> str:
    """All that a yes needs, so that it repeats exactly this."""
    rows = [row_of(each.line.sku, each.place, part) for each in came for part in each.parts]
    return settled_rows(rows, order.events, last=last)


def settled_rows(rows: Sequence[Sequence[str]], seen: int, *, last: bool) -> str:
    """The same for rows of :func:`row_of`; ``seen`` is how many events the order had."""
    return packed(came=rows, seen=seen, last=last)


def row_of(sku: str, place: str, part: Part) -> list[str]:
    """One part as a button carries it."""
    expiry = part.expires_on.isoformat() if part.expires_on else ""
    return [sku, place, str(part.quantity), str(part.broken), part.lot, expiry]


def unsettled(wanted: Mapping[str, Any], order: PurchaseOrder, places: Collection[str]) -> list[Came]:
    """The inverse of :func:`settled`, for the places that the person may see."""
    rows = [[*row, "", ""][:6] for row in wanted.get("came", ()) if row[1] in places]
    found = []
    for (sku, place), same in groupby(rows, key=lambda row: (row[0], row[1])):
        parts = tuple(
            Part(Decimal(quantity), Decimal(broken), lot, date.fromisoformat(expiry) if expiry else None)
            for _, _, quantity, broken, lot, expiry in same
        )
        line = _line_for(order, sku, place)
        found += [Came(line, place, parts)] if line else []
    return found


def _line_for(order: PurchaseOrder, sku: str, place: str) -> PurchaseLine | None:
    lines = sorted((line for line in order.lines if line.sku == sku), key=lambda line: line.location != place)
    return lines[0] if lines else None


def in_lots(each: Came, lots: Sequence[ToldLot], broken_in: int = 0) -> Came | Refused:
    """What came, shared out over the lots as they were told; ``broken_in`` is the one with broken goods."""
    if not lots:
        return each
    open_ = [lot for lot in lots if lot.quantity is None]
    told = summed(lot.quantity or ZERO for lot in lots)
    rest = each.quantity - told
    if rest < 0:
        return Refused(f"The lots come to {amount(told)}, but {amount(each.quantity)} came.")
    if len(open_) > 1:
        return Refused(HOW_MANY)
    parts = [Part(lot.quantity or rest, ZERO, lot.lot, lot.expires_on) for lot in lots]
    parts += [Part(rest)] if rest and not open_ else []
    return replace(
        each, parts=_with_broken([part for part in parts if part.quantity], each.broken, broken_in)
    )


def _with_broken(parts: Sequence[Part], broken: Decimal, first: int) -> tuple[Part, ...]:
    """The broken goods are of the lot that was told with them; more than it had are of the others."""
    found = list(parts)
    for number in sorted(range(len(found)), key=lambda one: one != first):
        bad = min(broken, found[number].quantity)
        found[number] = replace(found[number], broken=bad)
        broken -= bad
    return tuple(found)
