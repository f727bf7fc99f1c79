"""Numbers of customers' orders and of purchase orders."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from intents.numerals import figure
from intents.quantities import LENGTHS, UNITS
from intents.words import Word
from tools.kit.slots import Kind
from tools.store import Catalogue

_PURCHASE = frozenset({"po", "pos", "purchase"})
_ORDER = frozenset({"order", "orders", "ord", "delivery", "parcel", "deliveries", "drop", "so"})
_BETWEEN = frozenset({"no", "number", "num", "#", "-", ":", "order", "ref", "nr", ".", "id", "nos"})
_STUCK = re.compile(r"(po|ord|order|so)(\d{2,8})", re.IGNORECASE)
NEAR = 200


@dataclass(frozen=True, slots=True)
class Reference:
    """The number of an order in ``words[start:end]``; ``sure`` where the words or the books say so."""

    kind: Kind
    start: int
    end: int
    code: str
    sure: bool = True


class Numbers:
    """The numbers that orders have, built once for each version of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._orders = _by_digits(catalogue.orders)
        self._purchases = _by_digits(catalogue.purchase_orders)
        self._order_range = _range(self._orders)
        self._purchase_range = _range(self._purchases)
        self._prefix = next((re.match(r"\D*", code)[0] for code in catalogue.purchase_orders), "PO-")  # type: ignore[index]

    @property
    def known(self) -> Collection[str]:
        """The digits of all orders and purchase orders in the books."""
        return self._orders.keys() | self._purchases.keys()

    def find(self, words: Sequence[Word], blocked: Collection[int]) -> tuple[Reference, ...]:
        """All order numbers of a message, left to right."""
        out: list[Reference] = []
        for at in range(len(words)):
            if at not in blocked and not (out and at < out[-1].end):
                found = self._read(words, at, out)
                if found:
                    out.append(found)
        return tuple(out)

    def _read(self, words: Sequence[Word], at: int, before: Sequence[Reference]) -> Reference | None:
        low = words[at].low
        stuck = _STUCK.fullmatch(low)
        if stuck:
            kind = Kind.PURCHASE_ORDER if stuck[1] == "po" else Kind.ORDER
            return Reference(kind, at, at + 1, self._code(kind, stuck[2]))
        value = figure(low)
        if value is None or not low.isdecimal() or not 2 <= len(low) <= 9:
            return None
        said = self._said(words, at)
        after = words[at + 1].low if at + 1 < len(words) else ""
        if (after in UNITS and after not in ("l", "g")) or after in LENGTHS or after in ("%", "x"):
            return None
        if said is not None:
            return self._worded(said, words, at, low)
        return self._bare(words, at, low, before)

    def _said(self, words: Sequence[Word], at: int) -> tuple[Kind, int] | None:
        """The word before the number that says what it is, and where it stands."""
        place = at - 1
        while place >= 0 and words[place].low in _BETWEEN and words[place].low != "order":
            place -= 1
        if place < 0:
            return None
        low = words[place].low
        if low in _PURCHASE:
            return Kind.PURCHASE_ORDER, place
        if low in _ORDER:
            if place > 0 and words[place - 1].low in _PURCHASE:
                return Kind.PURCHASE_ORDER, place - 1
            return Kind.ORDER, place
        return None

    def _worded(self, said: tuple[Kind, int], words: Sequence[Word], at: int, low: str) -> Reference | None:
        kind, start = said
        if kind is Kind.ORDER:
            if low in self._purchases and low not in self._orders:
                kind = Kind.PURCHASE_ORDER
            elif low not in self._orders and (len(low) < 4 or self._counts(words, at)):
                return None
        return Reference(
            kind,
            start if kind is Kind.PURCHASE_ORDER or words[start].low in ("order", "ord") else at,
            at + 1,
            self._code(kind, low),
        )

    def _counts(self, words: Sequence[Word], at: int) -> bool:
        """Whether a noun follows at once, as in "order 1200 mugs"."""
        return at + 1 < len(words) and words[at + 1].low.isalpha() and words[at + 1].low not in _AFTER_NUMBER

    def _bare(
        self, words: Sequence[Word], at: int, low: str, before: Sequence[Reference]
    ) -> Reference | None:
        if len(low) < 3 or (at > 0 and words[at - 1].low in ("£", "$", "€", "x", "-", "+", "/")):
            return None
        in_orders, in_purchases = low in self._orders, low in self._purchases
        if not (in_orders or in_purchases):
            return self._guessed(words, at, low, before)
        kind = Kind.PURCHASE_ORDER if in_purchases and not in_orders else Kind.ORDER
        if in_orders and in_purchases and before:
            kind = before[-1].kind
        return Reference(kind, at, at + 1, self._code(kind, low), sure=in_orders != in_purchases)

    def _guessed(
        self, words: Sequence[Word], at: int, low: str, before: Sequence[Reference]
    ) -> Reference | None:
        """A number that is not in the books but next to those that are, or follows another one."""
        if len(low) < 4 or self._counts(words, at):
            return None
        number = int(low)
        for kind, (first, last) in (
            (Kind.ORDER, self._order_range),
            (Kind.PURCHASE_ORDER, self._purchase_range),
        ):
            if first <= number <= last + NEAR:
                return Reference(kind, at, at + 1, self._code(kind, low), sure=False)
        if before and words[at - 1].low in ("and", ",", "&"):
            return Reference(before[-1].kind, at, at + 1, self._code(before[-1].kind, low), sure=False)
        return None

    def _code(self, kind: Kind, digits: str) -> str:
        known = (self._purchases if kind is Kind.PURCHASE_ORDER else self._orders).get(digits)
        if known:
            return known
        return f"{self._prefix}{digits}" if kind is Kind.PURCHASE_ORDER else digits


_AFTER_NUMBER = frozenset({
    "is", "was", "has", "delivered", "done", "failed", "arrived", "came", "in", "at", "to", "for", "and",
    "please", "pls", "now",
    "today", "yet", "status", "due", "ready", "packed", "not", "from", "with", "the", "on", "still", "left",
    "never", "couldnt",
    "eta", "gone", "out", "be", "get", "will", "just", "dropped", "refused", "nobody", "no", "or", "started",
    "received", "here",
})  # fmt: skip


def _by_digits(codes: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in sorted(codes):
        digits = re.search(r"\d+$", code)
        found[digits[0] if digits else code.lower()] = code
    return found


def _range(codes: dict[str, str]) -> tuple[int, int]:
    numbers = [int(digits) for digits in codes if digits.isdecimal()]
    return (min(numbers), max(numbers)) if numbers else (1, -NEAR - 1)
