"""What a driver says of a stop beside the outcome, and what the books then tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import takewhile
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.reply import Button, Call, listed
from tools.kit.words import amount, first_few, quantity_of
from tools.store import Store
from tools.store.trip_facts import Deliverable, StopLine, TripStop

LONGEST_NOTE = 200
MOST_GOODS = 5
MOST_COUNTS = 2
ORDER_NOW = {
    "open": "waits to be packed again",
    "packed": "is packed and has not left",
    "out_for_delivery": "is out for delivery again",
    "delivered": "is delivered",
    "failed": "is not delivered",
    "cancelled": "is cancelled",
}
# Words at either end of a message that only say which order it is and how it went.
_FILLER = frozenset(
    re.findall(
        r"\S+",
        """a about all already also am and an are as at been but by customer deliver delivered delivery
        did do done dropped drop failed fail finished for from got had has have heading i i'm i've im in
        is it ive just kindly leaving mark me my noted now number of off ok okay on onto order orders
        out please pls s so started starting successfully tell that that's thats the them then they this
        to tried undelivered update us was we well were when with""",
    )
)
# These begin or end something worth keeping, though they are short words.
_TELLING = re.compile(
    r"\b(left|leave|gave|given|handed|posted|put|signed|safe place|neighbou?r|reception|porch|garage|shed|"
    r"door|nobody|no ?one|no answer|not (?:at )?home|wasn'?t in|refused|wouldn'?t|wrong|locked|closed|"
    r"carded|missed|address|access|gate)\b",
    re.IGNORECASE,
)
_NOTHING = frozenset(
    (
        "left",
        "gave",
        "given",
        "handed",
        "handed over",
        "put",
        "you put",
        "can you put",
        "door",
        "left the shop",
    )
)
_TO = r"(?=(?:to|with|in|at|by|on|through|behind)\b)"
_GIVEN = r"\b(gave|left|handed|posted|put|dropped)\s+(?:order\s+)?#?{}\s+" + _TO
_OTHER_ORDER = re.compile(r"\b\d{3,}\b")
_CLAUSES = re.compile(r"[;!?\n]+|\.(?:\s|$)|,?\s+and\s+(?=\d)|,\s*(?=(?:order\s+)?\d{3,})", re.IGNORECASE)


def note_of(text: str, order_no: str) -> str:
    """What was said of an order beside its outcome: "left with the neighbour"; "" for nothing."""
    name = re.escape(order_no)
    number = re.compile(rf"(?:\border\s+)?(?:\bno\.?\s+)?#?\b{name}\b", re.IGNORECASE)
    text = re.sub(_GIVEN.format(name), lambda found: f"{order_no}, {found[1]} ", text, flags=re.IGNORECASE)
    clauses = [clause for clause in _CLAUSES.split(text) if clause.strip()]
    own = [clause for clause in clauses if number.search(clause)]
    parts = [part for clause in own or clauses[:1] for part in _parts(number.sub(",", clause))]
    following = clauses[clauses.index(own[-1]) + 1 :] if own else []
    for clause in takewhile(lambda clause: not _OTHER_ORDER.search(clause), following):
        parts += [part for part in _parts(clause) if _TELLING.search(part)]
    return ", ".join(dict.fromkeys(parts))[:LONGEST_NOTE]


def _parts(clause: str) -> list[str]:
    """The pieces between commas that say something, without the words that do not."""
    found = [_trimmed(piece.split()) for piece in re.split(r"[,:–]|\s-\s", clause)]
    told = [piece for piece in found if _TELLING.search(piece) or len(piece.split()) >= 3]
    return [piece for piece in told if piece.lower() not in _NOTHING]


def _trimmed(said: Sequence[str]) -> str:
    """Without filler at the ends; a phrase that tells something keeps its small words before it."""
    first, last = 0, len(said)
    while first < last and _is_filler(said[first]) and not _opens(said[first:last]):
        first += 1
    while last > first and _is_filler(said[last - 1]) and not _closes(said[first:last]):
        last -= 1
    return " ".join(said[first:last]).strip(" '\"")


def _closes(said: Sequence[str]) -> bool:
    """Whether the last small word belongs to what it follows: "signed for", "nobody in"."""
    return said[-1].lower() == "in" or " ".join(said[-2:]).lower() == "signed for"


def _is_filler(word: str) -> bool:
    return word.lower().strip(".'\"") in _FILLER


def _opens(said: Sequence[str]) -> bool:
    """Whether the phrase begins with something like "no answer" or "to the neighbour"."""
    start = " ".join(said[:3])
    found = _TELLING.search(start)
    if found is None:
        return False
    return found.start() == 0 or said[0].lower() in ("to", "with", "in", "at", "by", "on", "the")


def goods_words(ask: Ask, lines: Iterable[tuple[str, Decimal]]) -> str:
    """Goods by name, alike ones summed."""
    sums: dict[str, Decimal] = {}
    for sku, value in lines:
        sums[sku] = sums.get(sku, Decimal(0)) + value
    products = ask.catalogue.products
    names = [
        quantity_of(products[sku], value) if sku in products else f"{amount(value)} × {sku}"
        for sku, value in sums.items()
    ]
    return first_few(names, MOST_GOODS)


def places_words(ask: Ask, lines: Iterable[StopLine]) -> str:
    """The places that goods leave."""
    return listed(sorted({_place_name(ask, line.location) for line in lines}))


def _place_name(ask: Ask, code: str) -> str:
    return "the road" if code.startswith("@") else ask.catalogue.location_name(code)


def not_in_books(order: Deliverable, stop: TripStop | None, gone: Sequence[StopLine]) -> tuple[StopLine, ...]:
    """What was delivered and the books had not: the rest of each line, and where it should have been."""
    left: dict[str, Decimal] = {}
    for line in gone:
        left[line.sku] = left.get(line.sku, Decimal(0)) + line.quantity
    places = {line.sku: line.location for line in (*gone, *(stop.lines if stop else ()))}
    wanted = [(line.sku, line.quantity) for line in stop.lines] if stop else order.lines
    found = []
    for sku, quantity in wanted:
        taken = min(quantity, left.get(sku, Decimal(0)))
        left[sku] = left.get(sku, Decimal(0)) - taken
        if taken < quantity:
            found.append(StopLine(sku, quantity - taken, places.get(sku, "")))
    return tuple(found)


def missing_words(ask: Ask, missing: Sequence[StopLine]) -> str:
    """That goods were delivered which the books did not have; "" for nothing."""
    if not missing:
        return ""
    goods = goods_words(ask, [(line.sku, line.quantity) for line in missing])
    return f"The books did not have {goods} to take out: please count what is left."


def count_buttons(ask: Ask, missing: Sequence[StopLine]) -> tuple[Button, ...]:
    """Counting what the books were short of, for those who may."""
    products = ask.catalogue.products
    if not ask.may(Right.MOVE_STOCK):
        return ()
    return tuple(
        Button(f"Count {products[line.sku].name}", Call("stock.count", _counted(line)))
        for line in missing[:MOST_COUNTS]
        if line.sku in products
    )


def _counted(line: StopLine) -> dict[str, Any]:
    place = {} if not line.location or line.location.startswith("@") else {"location": line.location}
    return {"products": [line.sku], **place}


def deliveries_now(store: Store, documents: Iterable[str]) -> str:
    """How customers' orders among these documents stand, after a change was taken back."""
    found = [(number, store.trips.order(number)) for number in documents if not number.startswith("T-")]
    return "; ".join(
        f"order {number} {ORDER_NOW[order.status]}"
        for number, order in dict(found).items()
        if order is not None and order.status in ORDER_NOW
    )
