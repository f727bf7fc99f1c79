"""Several products with amounts of their own in one sentence: what belongs to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intents import readers
from intents.reading import Filled, Reading
from intents.segments import JOINTS, Pair, Span
from intents.slots import fill
from tools.kit.slots import Kind

# What is said of one product is not said of the others, however it reads.
_OWN = frozenset({"products", "category", "quantity", "unit", "price", "lot", "expiry"})
# Where each product has a place of its own, none is that of all; one without takes that of the one before.
_PLACES = ("location", "source", "destination")


def fill_pairs(reading: Reading, whole: Filled, pairs: Sequence[Pair]) -> tuple[Filled, ...]:
    """The requests about each of several products; what only one of them has is not shared.

    A place or reason that stands beside a product is that product's; one without takes over
    that of the whole sentence ("4 colas and 2 teas at the harbour").
    """
    common = {slot: value for slot, value in whole.slots.items() if slot not in _OWN}
    if any(share.tags.of(Kind.PLACE) for share in _each_share(reading, pairs)[:-1]):
        common = {slot: value for slot, value in common.items() if slot not in _PLACES}
    out: list[Filled] = []
    told = reading
    for pair, (start, end) in zip(pairs, _shares(reading, pairs), strict=True):
        share = _share(reading, start, end)
        if readers.tells_direction(share.masked):
            told = share
        own = fill(_alone(share, pair))
        signed = fill(_alone(replace(share, start=min(told.start, start)), pair))
        slots = {**common, **own.slots, "quantity": signed.slots.get("quantity", own.slots.get("quantity"))}
        before = out[-1].slots if out else {}
        places = {slot: before[slot] for slot in _PLACES if slot in before and slot not in slots}
        out.append(Filled({**slots, **places}, {**whole.used, **own.used}, whole.ambiguous))
    return tuple(out)


def _each_share(reading: Reading, pairs: Sequence[Pair]) -> list[Reading]:
    return [_share(reading, *span) for span in _shares(reading, pairs)]


def _share(reading: Reading, start: int, end: int) -> Reading:
    return replace(reading, tags=reading.tags.within(start, end), start=start, end=end)


def _alone(reading: Reading, pair: Pair) -> Reading:
    """The reading in which only one product has an amount; money stays, for its price."""
    amounts = [amount for amount in reading.tags.amounts if amount.kind != "count"]
    tags = replace(reading.tags, mentions=(pair.mention,), amounts=(pair.amount, *amounts))
    return replace(reading, tags=tags)


def _shares(reading: Reading, pairs: Sequence[Pair]) -> list[Span]:
    """The words about each product: up to the next one, or from the one before where places lead."""
    starts = [min(pair.amount.start, pair.mention.start) for pair in pairs]
    ends = [max(pair.amount.end, pair.mention.end) for pair in pairs]
    starts = [
        _with_its_verb(reading, last, first)
        for last, first in zip([reading.start, *ends[:-1]], starts, strict=True)
    ]
    trailing = any(tag.start >= ends[-1] for tag in reading.tags.entities) or not reading.tags.entities
    leading = not trailing and any(starts[0] <= tag.start for tag in reading.tags.entities)
    if leading:
        return list(zip([reading.start, *ends[:-1]], [*ends[:-1], reading.end], strict=True))
    return list(zip([reading.start, *starts[1:]], [*starts[1:], reading.end], strict=True))


def _with_its_verb(reading: Reading, last: int, first: int) -> int:
    """Where the words about a product begin: after the joint, as in "and found 3 teas"."""
    joints = [at for at in range(last, first) if reading.tags.low(at) in JOINTS]
    return joints[-1] + 1 if joints else first
