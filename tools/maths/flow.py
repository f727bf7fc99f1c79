"""What a ledger's moves did to stock: kinds of movement, sums and running figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

NAMES = {
    "@supplier": ("received", "sent back"),
    "@customer": ("returned", "sold"),
    "@adjustment": ("found", "taken out"),
    "@scrap": ("found", "taken out"),
    "@opening": ("opening stock", "taken out"),
    "@transit": ("arrived", "sent off"),
}


@dataclass(frozen=True, slots=True)
class Flow:
    """One move as a set of places sees it: ``change`` is signed, 0 where it stayed among them."""

    kind: str
    change: Decimal
    undoing: bool = False


def flow_of(
    quantity: Decimal, source: str, destination: str, places: Collection[str], *, undoing: bool = False
) -> Flow:
    """How a move of ``quantity`` from ``source`` to ``destination`` looks from these places.

    A reversal keeps the kind of the move that it takes back.

    >>> flow_of(Decimal(3), "HIGHST", "@customer", {"HIGHST"}).kind
    'sold'
    >>> flow_of(Decimal(3), "@customer", "HIGHST", {"HIGHST"}, undoing=True)
    Flow(kind='sold', change=Decimal('3'), undoing=True)
    """
    change = (quantity if destination in places else Decimal(0)) - (
        quantity if source in places else Decimal(0)
    )
    first, second = (destination, source) if undoing else (source, destination)
    if first in NAMES:
        return Flow(NAMES[first][0], change, undoing)
    if second in NAMES:
        return Flow(NAMES[second][1], change, undoing)
    inward = (change > 0) is not undoing
    return Flow("moved" if change == 0 else "moved in" if inward else "moved out", change, undoing)


def summed_by_kind(flows: Iterable[Flow]) -> dict[str, Decimal]:
    """The net change by kind, kinds that came to nothing left out; "moved" within counts as nothing.

    >>> summed_by_kind([Flow("sold", Decimal(-3)), Flow("sold", Decimal(3), undoing=True)])
    {}
    """
    sums: dict[str, Decimal] = {}
    for flow in flows:
        sums[flow.kind] = sums.get(flow.kind, Decimal(0)) + flow.change
    return {kind: change for kind, change in sums.items() if change}


def running(closing: Decimal, newest_first: Sequence[Decimal]) -> list[Decimal]:
    """What there was after each change, newest first, given what there is after all of them.

    >>> running(Decimal(9), [Decimal(-3), Decimal(12)])
    [Decimal('9'), Decimal('12')]
    """
    after, found = closing, []
    for change in newest_first:
        found.append(after)
        after -= change
    return found
