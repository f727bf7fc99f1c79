"""Which product of the catalogue a span of words denotes, or none: a choice among a few, with its doubt.

The choice is a conditional logit (McFadden 1974): every candidate has a score that is linear in how well
its names fit, "none of them" has one of its own, and the chances of all add up to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.signals.shelf_index import MOST_SHARING, Kept, ShelfIndex
from intents.signals.tokens import Token
from intents.signals.word_features import FUNCTION, Shelved

Floats = NDArray[np.float64]
Span = tuple[int, int]

CLOSE = 4
"""So many words to each side are close by."""
NEAREST = 6
"""So many candidates come by meaning alone."""
_UNKNOWN_WEIGHT = 3.0
_VAGUE = frozenset({
    "new", "old", "big", "large", "small", "little", "medium", "nice", "lovely", "other", "same", "decent",
    "proper", "spare", "replacement", "bottle", "pack", "tub", "packet", "bottles", "jar", "jars", "tubs",
    "packs", "packets", "lot", "lots", "bit", "kind", "sort", "stuff", "thing", "things", "one", "ones",
    "lad", "yokes", "yoke", "free", "good", "great", "best", "second", "first", "last", "whole", "half",
    "pair", "couple", "dozen", "few", "two", "three", "four", "five", "six", "ten", "twelve", "order",
})  # fmt: skip
_BINDS = frozenset({"of", "for", "from", "on", "to", "in", "off"})
_BINDING = _BINDS | {
    "the",
    "a",
    "an",
    "my",
    "your",
    "our",
    "these",
    "this",
    "that",
    "go",
    "with",
    "ye",
    "yer",
}
PARTS = frozenset({
    "lid", "lids", "handle", "handles", "cable", "cord", "plug", "shade", "strap", "straps", "base", "seal",
    "seals", "latch", "hook", "spout", "wheel", "wheels", "zip", "zipper", "cover", "covers", "refill",
    "refills", "spare", "spares", "blade", "blades", "manual", "instructions", "screw", "screws", "bottle",
    "bag", "box", "jar", "tin", "label", "labels", "nozzle", "pump", "cork", "wick", "wicks", "button",
    "buttons", "colour", "color", "part", "parts", "pad", "pads", "head", "heads", "battery", "batteries",
    "hinge", "clip", "clasp", "buckle", "spring", "cap", "top", "bottom", "rim", "glaze", "coating", "seam",
    "stitching", "lining", "filling", "frame", "leg", "legs", "foot", "feet", "rope", "string", "stand",
    "saucer", "saucers", "holder", "case", "sleeve", "packaging", "wrapper", "card", "ribbon",
    "smell", "scent", "taste", "size", "price", "filter", "filters", "gasket", "knob", "hose", "tray",
    "insert", "liner", "element", "charger", "adapter", "remote", "rubber", "stopper", "tap", "bulb",
})  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A span with all that is looked at: what the shelf reads in it and around it."""

    span: Span
    tokens: Sequence[Token]
    known: Sequence[Shelved]
    wanted: bool
    """Whether its clause asks for something."""
    before: int | None = None
    """The product (number) that was spoken of before it, where that is known."""
    after: int | None = None
    tied: float = 0.0
    """1 where words bind it to the one after ("the lid of the ..."), -1 where it stands right behind one."""


@dataclass(frozen=True)
class Choice:
    """Candidates (numbers of products) with a row of figures each, and the figures of "none"."""

    numbers: tuple[int, ...]
    rows: Floats
    none: Floats


def choice(
    asked: Asked, index: ShelfIndex, likeness: NDArray[np.float32] | None, near: Sequence[int]
) -> Choice:
    """The candidates for a span.

    ``likeness`` of each product to the words, by meaning (None where it is not known); ``near`` are
    the products that are nearest by it.
    """
    said = _Said.of(asked, index)
    focus = {number for number in (asked.before, asked.after) if number is not None}
    numbers = sorted(_lexical(said.stems, index) | set(near) | focus)
    alike = np.zeros(len(numbers)) if likeness is None else likeness[numbers].astype(float)
    top = float(alike.max()) if len(numbers) else 0.0
    rows = []
    for number, value in zip(numbers, alike.tolist(), strict=True):
        fit = _fit(said, index.products[number], index)
        rows.append([*fit, float(number in said.named), *_meant(value, top), *_focus(said, asked, number)])
    none = [
        1.0, said.wanted, float(said.unknown > 0), said.wanted * (said.unknown > 0), said.headless,
        said.wanted * said.headless, said.part, float(not said.stems and not said.unknown),
        said.headless * (1 - said.part), said.wanted * said.headless * (1 - said.part),
    ]  # fmt: skip
    width = len(rows[0]) if rows else 0
    return Choice(tuple(numbers), np.array(rows).reshape(len(rows), width), np.array(none, float))


@dataclass(frozen=True)
class _Said:
    """The words of a span as the shelf reads them."""

    stems: tuple[str, ...]
    unknown: int
    head: str
    headless: float
    part: float
    wanted: float
    total: float
    named: frozenset[int]
    around: frozenset[str]
    close: frozenset[str]

    @classmethod
    def of(cls, asked: Asked, index: ShelfIndex) -> _Said:
        first, last = asked.span
        inside = [at for at in range(first, last) if asked.tokens[at].is_word]
        content = [
            at for at in inside if asked.tokens[at].low not in _VAGUE and asked.tokens[at].low not in FUNCTION
        ]
        content = content or [at for at in inside if asked.known[at].stems]
        content = [at for at in content if not _comes_with(asked, at, index)]
        stems = tuple(dict.fromkeys(word for at in content for word in asked.known[at].stems))
        unknown = sum(not asked.known[at].stems for at in content)
        head = _head(asked)
        heads = asked.known[head].stems if head is not None else ()
        part = head is not None and asked.tokens[head].low in PARTS
        beside = (*asked.known[max(0, first - CLOSE) : first], *asked.known[last : last + CLOSE])
        close = frozenset(word for shelf in beside for word in shelf.stems) - set(stems)
        around = frozenset(word for shelf in asked.known for word in shelf.stems) - set(stems)
        total = sum(index.rarity(word) for word in stems) + _UNKNOWN_WEIGHT * unknown
        named = frozenset(index.named(stems).tolist()) if stems and not unknown else frozenset()
        return cls(
            stems, unknown, heads[-1] if heads else "", float(head is not None and not heads), float(part),
            float(asked.wanted), total, named, around, close,
        )  # fmt: skip


def _comes_with(asked: Asked, at: int, index: ShelfIndex) -> bool:
    """Whether it names a part with which products come, as the lid of a "saucepan with lid"."""
    stems = asked.known[at].stems
    return asked.tokens[at].low in PARTS and bool(stems) and not any(word in index.kinds for word in stems)


def _head(asked: Asked) -> int | None:
    """The word that says what it is: the last before "for", "with" or "of"."""
    first, last = asked.span
    found = None
    for at in range(first, last):
        low = asked.tokens[at].low
        if found is not None and low in _VAGUE:
            continue
        if found is not None and low in (
            "for",
            "with",
            "of",
            "in",
            "on",
            "to",
            "w",
            "without",
            "that",
            "from",
        ):
            break
        if asked.tokens[at].is_word and low not in FUNCTION:
            found = at
    return found


def _lexical(stems: Sequence[str], index: ShelfIndex) -> set[int]:
    out: set[int] = set()
    for word in stems:
        held = index.having(word)
        if len(held) <= MOST_SHARING:
            out.update(held.tolist())
    if not out and stems:
        held = index.having(min(stems, key=lambda word: len(index.having(word))))
        out.update(held[:MOST_SHARING].tolist())
    return out


def _fit(said: _Said, product: Kept, index: ShelfIndex) -> list[float]:
    """How well a product's names and the words cover each other."""
    held = sum(index.rarity(word) for word in said.stems if word in product.words)
    covered = held / said.total if said.total else 0.0
    entry = max(_share(said.stems, each.core, index) for each in product.entries)
    kind = max(_share(said.stems, each.kind, index) for each in product.entries)
    is_head = float(bool(said.head) and any(each.head == said.head for each in product.entries))
    has_head = float(bool(said.head) and said.head in product.words)
    around = sum(index.rarity(word) for word in said.around if word in product.words) / 5
    close = sum(index.rarity(word) for word in said.close if word in product.words) / 5
    return [covered, float(covered >= 1), entry, kind, is_head, has_head, around, close, float(held == 0)]


def _share(stems: Sequence[str], names: frozenset[str], index: ShelfIndex) -> float:
    """How much of a name is said."""
    total = sum(index.rarity(word) for word in names)
    return sum(index.rarity(word) for word in stems if word in names) / total if total else 0.0


def _meant(value: float, top: float) -> list[float]:
    return [value, float(value >= top - 1e-6), max(0.0, value - 0.5)]


def _focus(said: _Said, asked: Asked, number: int) -> list[float]:
    """Whether it was spoken of before or is after it, and whether the words are a part's or say nothing."""
    before, after = float(number == asked.before), float(number == asked.after)
    bare = float(not said.stems)
    tied = float(asked.tied > 0) * after + float(asked.tied < 0) * before
    return [
        before, before * said.part, before * bare, before * said.headless, after * said.part, after * bare,
        tied, tied * said.part,
    ]  # fmt: skip


def tie(tokens: Sequence[Token], spans: Sequence[Span], at: int) -> float:
    """Whether the words between spans bind one to its neighbour: see ``Asked.tied``."""
    first, last = spans[at]
    if at + 1 < len(spans):
        between = [token.low for token in tokens[last : spans[at + 1][0]]]
        if between and set(between) <= _BINDING and between[0] in _BINDS:
            return 1.0
    return -1.0 if at and spans[at - 1][1] == first else 0.0


def chances(picked: Choice, weights: Floats) -> Floats:
    """The chance of each candidate and, last, of none."""
    width = len(weights) - len(picked.none)
    scores = picked.rows @ weights[:width] if len(picked.numbers) else np.zeros(0)
    scores = np.append(scores, picked.none @ weights[width:])
    shares = np.exp(scores - scores.max())
    return np.asarray(shares / shares.sum(), np.float64)


def learn_ranking(choices: Sequence[Choice], right: Sequence[Sequence[int]], penalty: float = 1.0) -> Floats:
    """Weights from choices and the places of what is right in each (the last place is none)."""
    from scipy.optimize import minimize

    width = next(one.rows.shape[1] for one in choices if len(one.numbers))
    pairs = [
        (one, np.isin(np.arange(len(one.numbers) + 1), at))
        for one, at in zip(choices, right, strict=True)
        if at
    ]

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, slope = penalty / 2 * float(weights @ weights), penalty * weights
        for one, truth in pairs:
            shares = chances(one, weights)
            held = shares * truth
            total = held.sum() + 1e-12
            value -= float(np.log(total))
            gap = shares - held / total
            if len(one.numbers):
                slope[:width] += one.rows.T @ gap[:-1]
            slope[width:] += one.none * gap[-1]
        return value, slope

    start = np.zeros(width + len(choices[0].none))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x, np.float64)
