"""What a person wants of a running day, read from the words: skip, add, broken down, plan again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tools.kit.ask import Ask
from tools.maths.routing.problem import Aim
from tools.store.trip_facts import Trip

Deed = Literal["", "skip", "add", "broken", "again", "load", "cancel"]

_BROKEN = re.compile(
    r"\b(br[eo]ke(?:n)?[ -]?down|breakdown|is broken|won'?t start|flat (?:tyre|tire)|puncture[d]?|"
    r"out of action|crashed|(?:had an )?accident|stopped working|conked out|off the road|is dead)\b"
)
_SKIP = re.compile(
    r"\b(skip|leave out|take off|take out|drop out|remove|miss out|don'?t go to|without stop)\b"
)
_ADD = re.compile(
    r"\b(add|squeeze in|fit in|put in|also (?:take|bring|deliver)|include|take on|late order)\b"
)
_AGAIN = re.compile(
    r"\b(again|re-?plan(?:ned)?|re-?route|rest of the (?:day|round|route)|the rest|anew|afresh|re-?do)\b"
)
_LOAD = re.compile(r"\b(load(?:ing)? (?:list|plan|sheet)|loading|what goes (?:on|in|into)|pack the van)\b")
_CANCEL = re.compile(r"\b(cancel|call off|scrap|forget)\b.*\b(plan|trips?|rounds?|deliveries|routes?)\b")
_STOP = re.compile(r"\bstops?\s*(?:no\.?|number|#)?\s*(\d{1,2})\b")
_NUMBER = re.compile(r"#?\b([A-Za-z]{0,4}-?\d{3,})\b")
_CALLED_ORDER = re.compile(
    r"(?:#|\b(?:orders?|add|include|squeeze in|fit in|put in|take on)\s+#?)([a-z]{0,4}-?\d{3,})\b",
    re.IGNORECASE,
)
_FEWEST = re.compile(r"\b(few(?:est|er)|as few|least) (?:possible )?(?:vans?|vehicles?|cars?|drivers?)\b")
_EVEN = re.compile(r"\b(evenly|even|fair(?:ly)?|equal(?:ly)?|same (?:amount|length))\b")
_WITHOUT = re.compile(r"\bwithout\b")
_NO_NAME = frozenset(
    {"mrs", "mr", "ms", "miss", "dr", "the", "and", "cafe", "shop", "street", "road", "stop"}
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said about a day: a deed, and what it is about.

    ``stop`` is a stop's number, ``orders`` are numbers of orders, ``unknown`` such that no order has;
    ``without`` says that the named vehicle stays at home.
    """

    deed: Deed = ""
    stop: int | None = None
    orders: tuple[str, ...] = ()
    aim: Aim | None = None
    without: bool = False
    unknown: tuple[str, ...] = ()


def wanted_of(ask: Ask) -> Wanted:
    """What the words want, beyond a plan of the day."""
    text = ask.text.lower().replace("’", "'")
    stop = _STOP.search(text)
    return Wanted(
        _deed(text),
        int(stop.group(1)) if stop else None,
        orders_in(ask),
        "fewest" if _FEWEST.search(text) else "even" if _EVEN.search(text) else None,
        bool(_WITHOUT.search(text)),
        _unknown(ask),
    )


def _deed(text: str) -> Deed:
    if _BROKEN.search(text):
        return "broken"
    if _CANCEL.search(text):
        return "cancel"
    if _SKIP.search(text):
        return "skip"
    if _ADD.search(text):
        return "add"
    if _AGAIN.search(text):
        return "again"
    return "load" if _LOAD.search(text) else ""


def orders_in(ask: Ask) -> tuple[str, ...]:
    """The numbers of customers' orders that are named."""
    said = dict.fromkeys(found.group(1).upper() for found in _NUMBER.finditer(ask.text))
    return tuple(number for number in said if ask.store.trips.order(number) is not None)


def _unknown(ask: Ask) -> tuple[str, ...]:
    """What is called an order, and is none."""
    said = dict.fromkeys(found.group(1).upper() for found in _CALLED_ORDER.finditer(ask.text))
    return tuple(number for number in said if ask.store.trips.order(number) is None)


def named_orders(ask: Ask, trips: list[Trip]) -> tuple[str, ...]:
    """The open stops of a customer whose name is said: a word of it that no other stop's customer has."""
    words = set(re.findall(r"\w+", ask.text.lower())) - _NO_NAME
    stops = [stop for trip in trips for stop in trip.open_stops]
    names = {stop.order_no: set(re.findall(r"\w+", stop.name.lower())) - _NO_NAME for stop in stops}
    found = []
    for stop in stops:
        others = {word for number, name in names.items() if number != stop.order_no for word in name}
        found += [stop.order_no] if (names[stop.order_no] - others) & words else []
    return tuple(found)
