"""Several products with amounts of their own in one sentence: what belongs to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from intents import readers
from intents.gazetteer import Entity
from intents.reading import Filled, Reading
from intents.references import Reference
from intents.segments import JOINTS, Pair, Span
from intents.slots import fill
from intents.tags import Tag
from tools.kit import Tool
from tools.kit.slots import Kind, slot_to_json

_SEVERAL = (
    ("po", Kind.PURCHASE_ORDER), ("order", Kind.ORDER), ("location", Kind.PLACE), ("supplier", Kind.SUPPLIER),
    ("customer", Kind.CUSTOMER), ("vehicle", Kind.VEHICLE),
)  # fmt: skip
_BETWEEN = JOINTS | {"or", "vs", "versus", "with", "both", "the", "at", "in", "for", "to", "then", "on"}
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
        used = {**whole.used, **own.used}
        out.append(Filled({**slots, **places}, used, whole.ambiguous, _taken(reading, whole, pairs)))
    return tuple(out)


def _taken(reading: Reading, whole: Filled, pairs: Sequence[Pair]) -> tuple[Tag, ...]:
    """What the requests of a sentence take up between them."""
    listed = [tag for pair in pairs for tag in (pair.mention, pair.amount)]
    read = [tag for tags in whole.used.values() for tag in tags]
    return (*listed, *read, *reading.tags.of(Kind.PLACE))


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


def fan_out(reading: Reading, whole: Filled, tool: Tool) -> tuple[Filled, ...]:
    """The requests about each of several orders, places or times that a sentence lists; else nothing."""
    spread = _over_places(reading, whole, tool)
    if spread:
        return spread
    for slot, kind in _SEVERAL:
        numbered = kind in (Kind.PURCHASE_ORDER, Kind.ORDER)
        if slot not in tool.slot_kinds or not (numbered or not tool.writes):
            continue
        named: Sequence[Entity | Reference] = (
            [one for one in reading.tags.references if one.kind is kind]
            if numbered
            else [one for one in reading.tags.of(kind) if one.code]
        )
        if len({one.code for one in named}) > 1 and (numbered or _listed(named, reading)):
            return tuple(_only(one, slot, named, reading, whole) for one in named)
    spans = reading.tags.periods
    if "period" in tool.slot_kinds and not tool.writes and len(spans) > 1 and _listed(spans, reading):
        values = [span.reading(ahead=reading.ahead).to_json() for span in spans]
        return tuple(replace(whole, slots={**whole.slots, "period": value}) for value in values)
    return ()


def _over_places(reading: Reading, whole: Filled, tool: Tool) -> tuple[Filled, ...]:
    """As in "2 sun hats at Mill Lane and 1 at Market": one product, an amount for each place."""
    if not {"quantity", "location"} <= set(whole.slots) or len(reading.tags.mentions) != 1 or not tool.writes:
        return ()
    counts = [amount for amount in reading.tags.amounts if amount.kind == "count"]
    places = [place for place in reading.tags.of(Kind.PLACE) if place.code]
    in_turn: list[Tag] = [tag for pair in zip(counts, places, strict=False) for tag in pair]
    ordered = all(one.start < two.start for one, two in pairwise(in_turn))
    if len(counts) < 2 or len(counts) != len(places) or not ordered:
        return ()
    sign = -1 if whole.slots["quantity"] < 0 else 1
    used: tuple[Tag, ...] = (*counts, *places)
    return tuple(
        replace(
            whole,
            slots={**whole.slots, "quantity": slot_to_json(sign * amount.value), "location": place.code},
            used={**whole.used, "quantity": (amount,), "location": (place,)},
            shared=used,
        )
        for amount, place in zip(counts, places, strict=True)
    )


def _listed(tags: Sequence[Tag], reading: Reading) -> bool:
    """Whether nothing but "and" and the like stands between them."""
    between = [at for one, two in pairwise(tags) for at in range(one.end, two.start)]
    return all(reading.tags.low(at) in _BETWEEN for at in between)


def _only(
    one: Entity | Reference, slot: str, named: Sequence[Entity | Reference], reading: Reading, whole: Filled
) -> Filled:
    """The request about one of several; what became of an order is told by the words behind it."""
    slots = {**whole.slots, slot: one.code}
    if "status" in slots:
        ends = {first.start: second.start for first, second in pairwise(named)}
        begin = one.start
        while begin in ends and not _tells(reading, begin, ends[begin]):
            begin = ends[begin]
        slots["status"] = readers.status_of(reading.tags.masked(begin, ends.get(begin, reading.end)))
    return replace(whole, slots=slots, used={**whole.used, slot: (one,)}, shared=tuple(named))


def _tells(reading: Reading, begin: int, end: int) -> bool:
    covered = reading.tags.covered()
    return any(at not in covered and reading.tags.low(at) not in _BETWEEN for at in range(begin, end))
