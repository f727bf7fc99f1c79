"""Fills an intent's slots from what was recognised in the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from intents import readers
from intents.ends import read_ends
from intents.masks import MASKS
from intents.mentions import Mention
from intents.periods import TimeSpan
from intents.prices import price_of_one
from intents.quantities import UNITS, Amount
from intents.reading import Filled, Reader, Reading, word_before
from intents.tags import Tag, Tags
from tools.kit.lot_words import LOT
from tools.kit.slots import Kind
from tools.store import Catalogue

_OF_AN_ORDER = frozenset({"po.receive", "po.approve", "po.cancel"})
_NOT = frozenset({"not", "instead", "than", "isnt", "was", "wasnt", "were"})


def fill(reading: Reading) -> Filled:
    """All slots that this part of the message tells of."""
    filled = Filled()
    for slot, kind in reading.kinds.items():
        reader = _READERS.get((reading.intent, slot)) or _READERS.get(("", slot)) or _BY_KIND.get(kind)
        if reader is not None:
            reader(reading, filled, slot)
    if reading.intent in _OF_AN_ORDER:
        filled.shared = tuple(reading.tags.of(Kind.SUPPLIER))  # whose order is meant, its tool reads itself
    if reading.intent == "po.receive":
        filled.shared += tuple(_of_the_delivery(reading, filled))
    return filled


def _of_the_delivery(reading: Reading, filled: Filled) -> Iterator[Tag]:
    """What the tool itself reads of an order that came: its goods by name, their lots and use-by dates."""
    yield from reading.tags.mentions if "po" in filled.slots else ()
    yield from filter(partial(_keeps_until, reading.tags), reading.tags.periods)
    for found in LOT.finditer(reading.said):
        yield from _tags_between(reading, found.start(), found.end())


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


def _reference(kind: Kind) -> Reader:
    def read(reading: Reading, filled: Filled, slot: str) -> None:
        for reference in reading.tags.references:
            if reference.kind is kind:
                filled.put(slot, reference.code, reference)
                return

    return read


def _counts(reading: Reading) -> list[Amount]:
    """The numbers that may be quantities; "not 12", "12 instead" and "lot 12" are none."""
    found = readers.lot_of(reading.said)
    lot = _tags_between(reading, found[1], found[2]) if found else ()
    return [
        amount
        for amount in reading.tags.amounts
        if amount.kind == "count"
        and amount not in lot
        and (word_before(reading.tags, amount) not in _NOT or reading.tags.low(amount.end) == "not")
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
    if amount.high is not None:  # a range is no amount: how many it was is asked
        filled.used[slot] = (amount,)
    else:
        filled.put(slot, _signed(reading, amount), amount)
    unit = amount.unit or _unit_behind(reading, amount)
    if unit and "unit" in reading.kinds:
        filled.put("unit", unit, amount)


def _unit_behind(reading: Reading, amount: Amount) -> str:
    """As in "ten farmhouse cheddar kilos"."""
    behind = [mention.end for mention in reading.tags.mentions if 0 <= mention.start - amount.end <= 1]
    unit = UNITS.get(reading.tags.low(behind[0]), "") if behind else ""
    return unit if unit not in ("each", "g", "l") else ""


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
    """As in "just sold a wool throw" or "sold the last lamp": one."""
    tags = reading.tags
    return any(
        tags.low(mention.start - 1) in ("a", "an", "another", "one", "single")
        or (tags.low(mention.start - 1) == "last" and not _in_the_plural(tags, mention))
        for mention in tags.mentions
    ) and reading.intent in (
        "sales.record",
        "stock.adjust",
        "stock.transfer",
        "stock.receive",
        "reorder.create",
    )


def _in_the_plural(tags: Tags, mention: Mention) -> bool:
    word = tags.words[mention.end - 1]
    return word.low != word.stem and word.low.endswith("s")


def _signed(reading: Reading, amount: Amount) -> Decimal:
    if reading.intent != "stock.adjust" or amount.signed:
        return amount.value
    return amount.value if readers.stock_rises(reading.masked) else -abs(amount.value)


def _threshold(reading: Reading, filled: Filled, slot: str) -> None:
    amounts = [amount for amount in reading.tags.amounts if amount.kind == "count"]
    if amounts:
        filled.put(slot, amounts[-1].value, amounts[-1])


def _period(reading: Reading, filled: Filled, slot: str) -> None:
    spans = [span for span in reading.tags.periods if span not in filled.used.get("expiry", ())]
    if spans:
        filled.put(slot, spans[0].reading(ahead=reading.ahead), *spans)


def _expiry(reading: Reading, filled: Filled, slot: str) -> None:
    for span in reading.tags.periods:
        if _keeps_until(reading.tags, span):
            filled.put(slot, span.reading(ahead=True).last, span)
            return


def _keeps_until(tags: Tags, span: TimeSpan) -> bool:
    before = {tags.low(at) for at in range(max(0, span.start - 3), span.start + 1)}
    return bool(before & readers.EXPIRY)


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
    money = next((amount for amount in reading.tags.amounts if amount.kind == "money"), None)
    if money is None:
        money = next((amount for amount in _counts(reading)[1:] if _is_price(reading, amount)), None)
    if money is None:
        return
    products = filled.slots.get("products", ())
    price = price_of_one(money, filled.slots.get("quantity"), reading.tags, products, reading.catalogue)
    if price is not None:
        filled.put(slot, price, money)


def _is_price(reading: Reading, amount: Amount) -> bool:
    """As in "sold 3 at 4.50 each"."""
    before = word_before(reading.tags, amount)
    if before not in ("at", "for", "@"):
        return False
    if before == "@":
        return True
    return amount.unit == "each" or reading.tags.low(amount.end) in ("each", "a", "", "apiece")


def _field(reading: Reading, filled: Filled, slot: str) -> None:
    # The word that stands for a supplier must not tell that one is asked for.
    filled.put(slot, readers.field_of(reading.masked.replace(MASKS[Kind.SUPPLIER], "bloggs")))


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
    ("", "source"): read_ends,
    ("", "destination"): read_ends,
}
