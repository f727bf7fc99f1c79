"""From what was read of a text to its signals: types, things, polarity, urgency, and how sure each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.signals.clauses import Clause, sentence
from intents.signals.features import cues
from intents.signals.heads import HIGH, MEDIUM, NEGATIVE, Heads
from intents.signals.linking import Thing
from intents.signals.polarity import signal_polarity
from intents.signals.reading import Read, clause_bag, signal_bag
from intents.signals.types import (
    COUNT,
    FAR,
    PIECE_HIGH,
    PIECE_MEDIUM,
    PIECE_NEGATIVE,
    TEXT_HIGH,
    TEXT_MEDIUM,
    TOKEN_TYPES,
    chance,
    near,
    of_pieces,
    said_of_text,
    said_of_thing,
)  # fmt: skip
from intents.signals.unnamed import asked_for, shop_words
from intents.signals.urgency import signal_urgency
from tools.store.signal_facts import DELIVERY, OTHER, PRAISE, PRODUCT, STOCKOUT, TYPES, VARIANT, Mined

OVER_QUIET = 2.0
"""How many times likelier than a quiet text a type must be to count."""
LEAST_LIKELIEST = 0.2
LEAST_DOUBTFUL = 0.15
"""Less likely signals are not even asked about."""
_QUESTIONS = (
    (NEGATIVE, None, PIECE_NEGATIVE), (MEDIUM, TEXT_MEDIUM, PIECE_MEDIUM), (HIGH, TEXT_HIGH, PIECE_HIGH),
)  # fmt: skip
_PRESSING = ("danger", "days", "leaving", "again")
"""What makes a signal urgent may stand anywhere in the text."""
_OWN = frozenset({STOCKOUT, VARIANT})
"""These are only of things that are carried."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """A thing of a text with its clause and what tells of each type that it is about it."""

    thing: Thing
    clause: Clause
    pieces: NDArray[np.float32]
    words: NDArray[np.float32]

    @property
    def standing(self) -> tuple[float, float]:
        """The chances that it is a thing that is spoken of, and that it is carried."""
        return self.thing.score, (self.thing.sure if self.thing.sku else 1 - self.thing.sure)


def type_odds(read: Read, heads: Heads) -> Floats:
    """The pooled log-odds of each type of a text."""
    pool = heads.pools["types"]
    return np.array([pool.log_odds(said_of_text(read.outcome, read.words, at), at) for at in range(COUNT)])


def judged(read: Read, heads: Heads) -> list[Judged]:
    """The things of a text with all that is needed to choose among them."""
    clauses: dict[int, NDArray[np.float32]] = {}
    out = []
    for thing in read.things:
        clause = read.clause_at(thing.start)
        if clause.start not in clauses:
            alone = len(read.clauses) < 2
            clauses[clause.start] = read.words if alone else heads.text.log_odds(clause_bag(read, clause))
        pieces = of_pieces(read.outcome, thing.start, thing.end)
        out.append(Judged(thing, clause, pieces, clauses[clause.start]))
    return out


def thing_said(one: Judged, odds: Floats, at: int) -> Floats:
    """What tells whether a thing is what a type is about."""
    return said_of_thing(one.pieces, one.words, near(float(odds[at])), one.standing, at)


def decide(read: Read, heads: Heads) -> list[Mined]:
    """The signals of a text in its order, sure ones and doubtful ones; none for a quiet text."""
    odds = type_odds(read, heads)
    things = judged(read, heads)
    chances = [chance(value) for value in odds]
    said = _said(chances, heads.limits["type"])
    out = []
    for at in range(TOKEN_TYPES):
        if chances[at] < LEAST_DOUBTFUL:
            continue
        sure = at in said
        for one, likely in _about(things, odds, at, heads):
            out.append(_signal(read, heads, at, one, (chances[at] * likely, sure)))
    return sorted(out, key=lambda signal: (signal.start, signal.end))


def _said(chances: Sequence[float], least: float) -> set[int]:
    """The types that a text surely has: likely by themselves, and far likelier than that it is quiet.

    A text that is surely not quiet says at least its likeliest type, also where that is not likely.
    """
    quiet = OVER_QUIET * chances[TOKEN_TYPES]
    best = max(range(TOKEN_TYPES), key=lambda at: chances[at])
    out = {at for at in range(TOKEN_TYPES) if chances[at] >= max(least, quiet)}
    return out or ({best} if chances[best] >= max(LEAST_LIKELIEST, quiet) else set())


def _about(
    things: list[Judged], odds: Floats, at: int, heads: Heads
) -> Iterable[tuple[Judged | None, float]]:
    """The things that a type is about, each with its chance; None where nothing names it."""
    pool = heads.pools["things"]
    likely = [(chance(pool.log_odds(thing_said(one, odds, at), at)), one) for one in things]
    chosen = [(one, much) for much, one in likely if much >= heads.limits["thing"]]
    if chosen:
        return _different(chosen)
    best = max(likely, key=lambda pair: pair[0], default=None)
    if best is not None and best[0] >= heads.limits["only thing"]:
        return [(best[1], best[0])]
    return [(None, 1.0 - (best[0] if best else 0.0))]


def _different(chosen: list[tuple[Judged, float]]) -> list[tuple[Judged, float]]:
    """One for each product, the likeliest; a product that is named again is no second signal."""
    kept: dict[str, tuple[Judged, float]] = {}
    for one, much in chosen:
        key = one.thing.sku or one.thing.words.lower()
        if key not in kept or kept[key][1] < much:
            kept[key] = (one, much)
    return list(kept.values())


def _signal(read: Read, heads: Heads, at: int, one: Judged | None, trust: tuple[float, bool]) -> Mined:
    kind = TYPES[at]
    clause = one.clause if one else _clause_of(read, at)
    asked = answers(read, heads, (at, one, clause))
    thing = one.thing if one else None
    sku = _sku(kind, thing) if thing else _implied(read, kind)
    mention = thing.words if thing else _unnamed(read, kind, clause, sku)
    quote = _quote(read, at, one, clause)
    return Mined(
        kind, sku, mention, read.wanted(clause, thing, kind),
        signal_polarity(kind, asked[NEGATIVE]),
        signal_urgency(asked[MEDIUM], asked[HIGH], heads.limits[HIGH]),
        quote.start, quote.end, round(trust[0], 4), trust[1],
    )  # fmt: skip


def _quote(read: Read, at: int, one: Judged | None, clause: Clause) -> Clause:
    """The words to show for a signal: the sentence of its thing; another where that says it far louder."""
    if one is None or len(read.clauses) < 2 or not len(read.outcome.pieces):
        return sentence(read.said.text, clause)
    louder = _clause_of(read, at)
    here, there = (float(of_pieces(read.outcome, some.start, some.end)[at]) for some in (clause, louder))
    return sentence(read.said.text, louder if there > here + FAR / 2 else clause)


def _unnamed(read: Read, kind: str, clause: Clause, sku: str | None) -> str | None:
    """The words for the shop that is praised, or for what is asked for, where no thing was found."""
    if sku is not None or kind not in (PRAISE, PRODUCT):
        return None
    if kind == PRODUCT:
        return asked_for(clause.text)
    return shop_words(clause.text) or shop_words(read.said.text)


def _sku(kind: str, thing: Thing) -> str | None:
    if kind == PRODUCT:
        return thing.sku if thing.part else None
    if kind in _OWN and thing.sku is None and thing.rivals:
        return thing.rivals[0][0]
    return thing.sku


def _implied(read: Read, kind: str) -> str | None:
    """The one product that a text speaks of, for a signal that names none."""
    if kind in (DELIVERY, PRODUCT, OTHER):
        return None
    skus = {thing.sku for thing in read.things if thing.sku}
    return next(iter(skus)) if len(skus) == 1 else None


def _clause_of(read: Read, at: int) -> Clause:
    """The clause that speaks loudest of a type; of a text with one clause, the whole."""
    if len(read.clauses) < 2 or not len(read.outcome.pieces):
        return Clause(0, len(read.said.text), read.said.text)
    return max(read.clauses, key=lambda clause: float(of_pieces(read.outcome, clause.start, clause.end)[at]))


def answers(read: Read, heads: Heads, signal: tuple[int, Judged | None, Clause]) -> dict[str, float]:
    """The chances that a signal is negative, wants something done, and is urgent."""
    said = question_said(read, heads, signal)
    return {name: chance(heads.pools[name].log_odds(said[name], signal[0])) for name, _, _ in _QUESTIONS}


def question_said(read: Read, heads: Heads, signal: tuple[int, Judged | None, Clause]) -> dict[str, Floats]:
    """What tells the answer to each question about a signal: the words, the text's ending, its pieces."""
    at, one, clause = signal
    words = heads.signal.log_odds(signal_bag(read, clause, TYPES[at]))
    pieces = one.pieces if one else of_pieces(read.outcome, clause.start, clause.end)
    out = {}
    for place, (name, ending, piece) in enumerate(_QUESTIONS):
        whole = read.outcome.text[COUNT + at if ending is None else ending]
        out[name] = np.array([words[place], near(float(whole)), pieces[piece]], np.float64)
    told = cues(read.said.text)
    out[HIGH] = np.concatenate([out[HIGH], [float(cue in told) for cue in _PRESSING]])
    return out
