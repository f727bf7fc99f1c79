"""What stands for a named thing when a message is compared with example sentences.

"how many red mugs at high st" and "how many oat milks at harbour" are the same request; both
become "how many items at riverside" before the classifier sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from intents.quantities import Amount
from intents.words import Word, clean, lows, words_of
from tools.kit.slots import Kind

MASKS: dict[Kind, str] = {
    Kind.PRODUCTS: "items",
    Kind.CATEGORY: "items",
    Kind.PLACE: "riverside",
    Kind.SUPPLIER: "bloggs supplies",
    Kind.CUSTOMER: "mrs smith",
    Kind.VEHICLE: "the van",
    Kind.SENSOR: "the sensor",
    Kind.ORDER: "order 5000",
    Kind.PURCHASE_ORDER: "po 1000",
    Kind.QUANTITY: "12",
    Kind.THRESHOLD: "12",
    Kind.PERCENT: "20 %",
    Kind.DAYS: "two weeks",
    Kind.PRICE: "£ 5",
}
_TWICE = (
    (re.compile(r"\b(?:po|p o|purchase order|pos)(?: ?(?:no|number|num|#|-|:|ref))* ?po 1000"), "po 1000"),
    (re.compile(r"\border(?: ?(?:no|number|num|#|-|:|id|ref))* ?po 1000"), "po 1000"),
    (re.compile(r"\border(?: ?(?:no|number|num|#|-|:|id|ref))* ?order 5000"), "order 5000"),
    (re.compile(r"# ?(order 5000|po 1000)"), r"\1"),
    (re.compile(r"\bthe the van\b"), "the van"),
    (re.compile(r"\bitems(?: (?:and|&|,|or|/|n) ?items)+\b"), "items"),
    (re.compile(r"\bitems items\b"), "items"),
    # A list is the same request as one of its lines: "12 items and 12 items", "receive 12 items and …".
    (
        re.compile(
            r"\b((?:\w+ )?12 (?:\w+ )?items(?: (?:at|in|from|to|into) riverside)?)"
            r"(?: ?(?:and|,|&|plus|n|;) \1)+(?= |$)"
        ),
        r"\1",
    ),
)


_AMOUNTS = {"count": Kind.QUANTITY, "money": Kind.PRICE, "percent": Kind.PERCENT, "days": Kind.DAYS}


def mask_of(amount: Amount) -> str:
    """What stands for an amount; a unit that was said stays."""
    kind = _AMOUNTS.get(amount.kind)
    if kind is Kind.QUANTITY:
        return f"{MASKS[kind]} {amount.unit}" if amount.unit not in ("", "each") else MASKS[kind]
    return MASKS[kind] if kind else ""


def masked(words: Sequence[Word], spans: Iterable[tuple[int, int, str]]) -> str:
    """The words with each span (start, end, mask) replaced by its mask; an empty mask keeps the words."""
    out: list[str] = []
    at = 0
    for start, end, mask in sorted(spans):
        if start < at:
            continue
        out.extend(word.low for word in words[at:start])
        out.append(mask or lows(words[start:end]))
        at = end
    out.extend(word.low for word in words[at:])
    return tidy(" ".join(out))


def tidy(text: str) -> str:
    """One form for what names and masks tell twice ("order no order 5000")."""
    for pattern, instead in _TWICE:
        text = pattern.sub(instead, text)
    return text


def plain(sentence: str) -> str:
    """An example sentence in the form that messages have when they are compared with it."""
    return tidy(lows(words_of(clean(sentence))))
