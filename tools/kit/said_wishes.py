"""What customers ask for: things that are not carried, other kinds of what is, what was not to be had."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tools.kit.ask import Ask
from tools.kit.reply import Button, Call
from tools.kit.said import customers
from tools.kit.slots import Period
from tools.store.signal_facts import DEMAND_TYPES, PRODUCT, STOCKOUT, VARIANT, Remark, Signal

ADD = "feedback.add"
SHORTEST, LONGEST = 2, 60
MOST_PICKS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that customers ask for: ``kind`` is the type of signal, ``wish`` its cluster if any."""

    kind: str
    name: str
    customers: int
    said: tuple[Signal, ...]
    sku: str | None = None
    wish: int | None = None
    attribute: str = ""

    @property
    def is_named(self) -> bool:
        """Whether the words tell what the thing is."""
        return bool(self.wish or self.said[0].mention or (self.sku and self.kind != PRODUCT))

    @property
    def latest(self) -> Signal:
        """The last time that somebody asked."""
        return max(self.said, key=lambda one: one.at)

    @property
    def row(self) -> dict[str, Any]:
        """For ``data``, with the latest words exactly as written."""
        return {
            "kind": self.kind,
            "name": self.name,
            "sku": self.sku,
            "attribute": self.attribute,
            "customers": self.customers,
            "signals": len(self.said),
            "first": min(one.at for one in self.said).date().isoformat(),
            "last": self.latest.at.date().isoformat(),
            "quotes": [one.quote for one in sorted(self.said, key=lambda one: one.at)[-5:]],
        }


def wanted(ask: Ask, days: Period, skus: Collection[str] | None = None) -> list[Wanted]:
    """All that was asked for in some days, the most customers first; with ``skus`` only what belongs to them.

    A wish for a thing that is not carried belongs to no product, so it is left out there, unless it was
    asked for as a part of one ("a lid for the skillet").
    """
    found = ask.store.said.signals(skus=skus, types=DEMAND_TYPES, since=days.first, until=days.last)
    numbers = sorted({one.remark for one in found})
    texts = ask.store.said.remarks(numbers=numbers, limit=max(len(numbers), 1))
    remarks = {remark.id: remark for remark in texts}
    names = {wish.id: wish.name for wish in ask.store.said.wishes()}
    groups: dict[tuple[str, str], list[Signal]] = defaultdict(list)
    for one in found:
        groups[one.type, _key(one)].append(one)
    made = [_wanted(ask, kind, said, remarks, names) for (kind, _), said in groups.items()]
    return sorted(made, key=lambda one: (-one.customers, -one.latest.at.timestamp(), one.name))


def _key(one: Signal) -> str:
    """What makes two requests one: the wish, or the product (and what is wanted of it)."""
    if one.type == PRODUCT and one.wish is not None:
        return f"wish {one.wish}"
    if one.type == VARIANT:
        return f"{one.sku} {plain(one.attribute)}"
    return one.sku or plain(one.mention) or f"remark {one.remark}"


def plain(words: str) -> str:
    """Words as they are compared: small, single spaces, without an article."""
    return " ".join(word for word in words.lower().split() if word not in ("a", "an", "the", "in", "with"))


def _wanted(
    ask: Ask, kind: str, said: Sequence[Signal], remarks: Mapping[int, Remark], names: Mapping[int, str]
) -> Wanted:
    first = said[0]
    product = ask.catalogue.products.get(first.sku or "")
    called = names.get(first.wish or 0) or _usual([one.mention for one in said])
    if product is not None and kind != PRODUCT:
        called = product.name
    elif product is not None:
        called = f"{called or 'something'} for {product.name}"
    attribute = _usual([one.attribute for one in said]) if kind == VARIANT else ""
    count = customers(said, remarks)
    return Wanted(kind, called or "something", count, tuple(said), first.sku, first.wish, attribute)


def _usual(words: Sequence[str]) -> str:
    """The most usual of some words, the shorter of two."""
    counted = Counter(one.strip() for one in words if one.strip())
    return min(counted, key=lambda one: (-counted[one], len(one), one)) if counted else ""


def picks(ask: Ask, days: Period) -> tuple[Button, ...]:
    """What a customer likely asked for just now, each as a button that notes it: wishes, then what is out."""
    asked = wanted(ask, days)
    things = [one.name for one in asked if one.kind == PRODUCT and one.sku is None]
    things += [one.name for one in asked if one.kind == STOCKOUT and one.sku]
    things += [name for name in _out_of_stock(ask, days.last) if name not in things]
    fitting = [name for name in dict.fromkeys(things) if SHORTEST <= len(name) <= LONGEST]
    return tuple(
        Button(name, Call(ADD, {"text": f"A customer asked for {name}."})) for name in fitting[:MOST_PICKS]
    )


def _out_of_stock(ask: Ask, today: date) -> list[str]:
    """Products that are out and were sold lately, the best sellers first."""
    held = {level.sku: level.available for level in ask.store.stock.totals(None, today=today)}
    sold = ask.store.sales.totals(
        first=today.replace(day=1), last=today, by="product", limit=50, order="quantity"
    )
    products = ask.catalogue.products
    return [
        products[total.key].name
        for total in sold
        if total.key in products and held.get(total.key, 1) <= 0 and total.net > 0
    ]
