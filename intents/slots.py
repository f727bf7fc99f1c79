"""Fills an intent's slots from what was recognised in the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from intents import readers
from intents.gazetteer import Entity
from intents.mentions import Mention
from intents.quantities import Amount
from intents.tags import Tag, Tags
from intents.templates import LOOKS_AHEAD
from intents.words import lows
from tools.kit.slots import Kind, slot_to_json
from tools.store import Catalogue

_NOT = frozenset({"not", "instead", "than", "isnt", "was", "wasnt", "were"})
_FROM = frozenset({"from", "out", "off", "ex", "leaving"})
_TOWARDS = frozenset({"to", "into", "->", "for", "onto", "towards", "2"})

ENDS = _FROM | _TOWARDS
"""Words that say at which end of a transfer a place is."""


@dataclass
class Filled:
    """Slots of one reading and the tags that they were read from, by slot."""

    slots: dict[str, Any] = field(default_factory=dict)
    used: dict[str, tuple[Tag, ...]] = field(default_factory=dict)
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def put(self, slot: str, value: Any, *tags: Tag) -> None:
        """Set a slot and remember what it was read from."""
        if value is not None:
            self.slots[slot] = slot_to_json(value)
            self.used[slot] = tags

    def leftovers(self, tags: Tags) -> tuple[Tag, ...]:
        """The tags that no slot was read from."""
        read = {id(tag) for group in self.used.values() for tag in group}
        return tuple(tag for tag in tags.all() if id(tag) not in read)


@dataclass(frozen=True)
class Reading:
    """What a slot's reader looks at: the intent, the tags of its part of the message, and the shop."""

    intent: str
    kinds: Mapping[str, Kind]
    tags: Tags
    start: int
    end: int
    catalogue: Catalogue

    @property
    def ahead(self) -> bool:
        """Whether times are read as lying ahead."""
        return self.intent in LOOKS_AHEAD

    @property
    def low(self) -> str:
        """This part of the message in lower case."""
        return lows(self.tags.words[self.start : self.end])

    @property
    def masked(self) -> str:
        """This part of the message with its names replaced."""
        return self.tags.masked(self.start, self.end)

    @property
    def said(self) -> str:
        """This part of the message as it was written."""
        words = self.tags.words[self.start : self.end]
        return self.tags.text[words[0].start : words[-1].end] if words else ""


def fill(reading: Reading) -> Filled:
    """All slots that this part of the message tells of."""
    filled = Filled()
    for slot, kind in reading.kinds.items():
        reader = _READERS.get((reading.intent, slot)) or _READERS.get(("", slot)) or _BY_KIND.get(kind)
        if reader is not None:
            reader(reading, filled, slot)
    return filled


Reader = Callable[[Reading, Filled, str], None]


def _products(reading: Reading, filled: Filled, slot: str) -> None:
    mentions = reading.tags.mentions
    if not mentions:
        return
    with_category = "category" in reading.kinds
    categories = {mention.category for mention in mentions if mention.category}
    if with_category and len(categories) == 1 and all(mention.category for mention in mentions):
        filled.put("category", next(iter(categories)), *mentions)
        return
    skus = {sku for mention in mentions for sku in skus_of(mention, reading.catalogue)}
    filled.put(slot, tuple(sorted(skus)), *mentions)


def skus_of(mention: Mention, catalogue: Catalogue) -> tuple[str, ...]:
    """The SKUs of a mention; a category's are all of its products."""
    return mention.skus or tuple(sorted(catalogue.categories.get(mention.category, ())))


def _category(reading: Reading, filled: Filled, slot: str) -> None:
    if slot in filled.slots or "products" in reading.kinds:
        return
    named = [mention for mention in reading.tags.mentions if mention.category]
    if named:
        filled.put(slot, named[0].category, *named)
        return
    for mention in reading.tags.mentions:
        whole = _whole_category(mention, reading.catalogue)
        if whole:
            filled.put(slot, whole, mention)
            return


def _whole_category(mention: Mention, catalogue: Catalogue) -> str:
    """The category whose larger part the mention names ("cheddars and bries" is none)."""
    for name, skus in catalogue.categories.items():
        if len(mention.skus) > 2 and 2 * len(set(skus) & set(mention.skus)) > len(skus):
            return name
    return ""


def _entity(kind: Kind) -> Reader:
    def read(reading: Reading, filled: Filled, slot: str) -> None:
        found = reading.tags.of(kind)
        for entity in found:
            if entity.code:
                filled.put(slot, entity.code, entity)
                return
        if found:
            filled.ambiguous[slot] = found[0].codes
            filled.used[slot] = (found[0],)

    return read


def _place(reading: Reading, filled: Filled, slot: str) -> None:
    places = [entity for entity in reading.tags.of(Kind.PLACE) if entity.code]
    if places:
        filled.put(slot, places[0].code, *places)


def _ends(reading: Reading, filled: Filled, _slot: str) -> None:
    """Source and destination of a transfer."""
    if "source" in filled.slots or "destination" in filled.slots:
        return
    open_places = [entity for entity in reading.tags.of(Kind.PLACE) if entity.code]
    for entity in list(open_places):
        word = _before(reading.tags, entity)
        slot = "source" if word in _FROM else "destination" if word in _TOWARDS else ""
        if slot and slot not in filled.slots:
            filled.put(slot, entity.code, entity)
            open_places.remove(entity)
    for entity in open_places:
        slot = _free_end(filled, reading, entity)
        if slot:
            filled.put(slot, entity.code, entity)


def _free_end(filled: Filled, reading: Reading, entity: Entity) -> str:
    if "source" not in filled.slots and (
        "destination" in filled.slots or len(reading.tags.of(Kind.PLACE)) > 1
    ):
        return "source"
    if "destination" not in filled.slots:
        return (
            "source"
            if _before(reading.tags, entity) in ("at", "in") and "destination" in filled.slots
            else "destination"
        )
    return ""


def _before(tags: Tags, tag: Tag) -> str:
    at = tag.start - 1
    while at >= 0 and tags.low(at) in ("the", "our", "my"):
        at -= 1
    return tags.low(at)


def _reference(kind: Kind) -> Reader:
    def read(reading: Reading, filled: Filled, slot: str) -> None:
        for reference in reading.tags.references:
            if reference.kind is kind:
                filled.put(slot, reference.code, reference)
                return

    return read


def _counts(reading: Reading) -> list[Amount]:
    """The numbers that may be quantities; "not 12" and "12 instead" are corrections, not quantities."""
    return [
        amount
        for amount in reading.tags.amounts
        if amount.kind == "count"
        and _before(reading.tags, amount) not in _NOT
        and not _replaced(reading.tags, amount)
    ]


def _replaced(tags: Tags, amount: Amount) -> bool:
    return tags.low(amount.end) == "instead"


def _quantity(reading: Reading, filled: Filled, slot: str) -> None:
    amount = _main_amount(reading)
    if amount is None:
        if _single(reading):
            sign = 1 if reading.intent != "stock.adjust" or readers.stock_rises(reading.masked) else -1
            filled.put(slot, Decimal(sign))
        return
    filled.put(slot, _signed(reading, amount), amount)
    if amount.unit and "unit" in reading.kinds:
        filled.put("unit", amount.unit, amount)


def _main_amount(reading: Reading) -> Amount | None:
    amounts = _counts(reading)
    if not amounts:
        return None
    final = re.search(
        r"\bmake (?:it|that|them) \d|\bsorry,? (?:i mean )?\d|\bi mean(?:t)? \d|\bactually \d", reading.low
    )
    if final and len(amounts) > 1:
        return amounts[-1]
    for mention in reading.tags.mentions:
        near = [amount for amount in amounts if 0 <= mention.start - amount.end <= 2]
        if near:
            return near[-1]
    return amounts[0]


def _single(reading: Reading) -> bool:
    """As in "just sold a wool throw": one."""
    return any(
        reading.tags.low(mention.start - 1) in ("a", "an", "another", "one", "single")
        for mention in reading.tags.mentions
    ) and reading.intent in (
        "sales.record",
        "stock.adjust",
        "stock.transfer",
        "stock.receive",
        "reorder.create",
    )


def _signed(reading: Reading, amount: Amount) -> Decimal:
    if reading.intent != "stock.adjust" or amount.signed:
        return amount.value
    return amount.value if readers.stock_rises(reading.masked) else -abs(amount.value)


def _threshold(reading: Reading, filled: Filled, slot: str) -> None:
    amounts = _counts(reading)
    if amounts:
        filled.put(slot, amounts[-1].value, amounts[-1])


def _period(reading: Reading, filled: Filled, slot: str) -> None:
    spans = [span for span in reading.tags.periods if span not in filled.used.get("expiry", ())]
    if spans:
        filled.put(slot, spans[0].reading(ahead=reading.ahead), *spans)


def _expiry(reading: Reading, filled: Filled, slot: str) -> None:
    for span in reading.tags.periods:
        before = {reading.tags.low(at) for at in range(max(0, span.start - 3), span.start + 1)}
        if before & readers.EXPIRY:
            filled.put(slot, span.reading(ahead=True).last, span)
            return


def _percent(reading: Reading, filled: Filled, slot: str) -> None:
    for amount in reading.tags.amounts:
        if amount.kind == "percent":
            falls = readers.demand_falls(reading.masked) and not amount.signed
            filled.put(slot, -abs(amount.value) if falls else amount.value, amount)
            return
    for pattern, value in readers.MULTIPLES:
        if re.search(pattern, reading.low):
            filled.put(slot, Decimal(value))
            return


def _days(reading: Reading, filled: Filled, slot: str) -> None:
    for amount in reading.tags.amounts:
        if amount.kind == "days":
            sooner = readers.comes_sooner(reading.masked) and not amount.signed
            filled.put(slot, -abs(amount.value) if sooner else amount.value, amount)
            return


def _price(reading: Reading, filled: Filled, slot: str) -> None:
    for amount in reading.tags.amounts:
        if amount.kind == "money":
            filled.put(slot, amount.value, amount)
            return
    for amount in _counts(reading)[1:]:
        if _before(reading.tags, amount) in ("at", "for", "@") and reading.tags.low(amount.end) in (
            "each",
            "a",
            "",
            "apiece",
        ):
            filled.put(slot, amount.value, amount)
            return


def _field(reading: Reading, filled: Filled, slot: str) -> None:
    filled.put(slot, readers.field_of(reading.masked))


def _status(reading: Reading, filled: Filled, slot: str) -> None:
    filled.put(slot, readers.status_of(reading.masked))


def _reason(reading: Reading, filled: Filled, slot: str) -> None:
    filled.put(slot, readers.reason_of(reading.masked))


def _text(reading: Reading, filled: Filled, slot: str) -> None:
    filled.put(slot, readers.remark_of(reading.said), *reading.tags.all())


def _lot(reading: Reading, filled: Filled, slot: str) -> None:
    found = readers.lot_of(reading.said)
    if found:
        filled.put(slot, found[0], *_tags_between(reading, found[1], found[2]))


def _tags_between(reading: Reading, start: int, end: int) -> Sequence[Tag]:
    words = reading.tags.words
    shift = words[reading.start].start if reading.start < len(words) else 0
    return [
        tag for tag in reading.tags.all()
        if words[tag.start].start - shift >= start and words[tag.end - 1].end - shift <= end
    ]  # fmt: skip


def _sensor(reading: Reading, filled: Filled, slot: str) -> None:
    _entity(Kind.SENSOR)(reading, filled, slot)


_BY_KIND: dict[Kind, Reader] = {
    Kind.PRODUCTS: _products,
    Kind.CATEGORY: _category,
    Kind.PLACE: _place,
    Kind.SUPPLIER: _entity(Kind.SUPPLIER),
    Kind.CUSTOMER: _entity(Kind.CUSTOMER),
    Kind.VEHICLE: _entity(Kind.VEHICLE),
    Kind.SENSOR: _sensor,
    Kind.ORDER: _reference(Kind.ORDER),
    Kind.PURCHASE_ORDER: _reference(Kind.PURCHASE_ORDER),
    Kind.QUANTITY: _quantity,
    Kind.PERIOD: _period,
    Kind.DATE: _expiry,
    Kind.PERCENT: _percent,
    Kind.DAYS: _days,
    Kind.THRESHOLD: _threshold,
    Kind.PRICE: _price,
    Kind.FIELD: _field,
    Kind.STATUS: _status,
    Kind.REASON: _reason,
    Kind.TEXT: _text,
    Kind.LOT: _lot,
}
_READERS: dict[tuple[str, str], Reader] = {
    ("", "source"): _ends,
    ("", "destination"): _ends,
}
