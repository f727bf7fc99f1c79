"""The shelf: reads which things a customer's text speaks of, and which products of the shop they are.

Spans come from a tagger (``things``), from runs of words that name a product (``shelf_index``) and from
whoever hints at them; each is then linked by a choice among few candidates (``ranking``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.encoder import Encoder
from intents.signals.attributes import (
    EAGER,
    LAST_EAGER,
    PRICE,
    RETURN,
    VARIANT,
    WishTagger,
    chosen,
    plain_wish,
    return_wish,
    terms,
)
from intents.signals.clauses import Clause, cut
from intents.signals.learned import Learned, load_learned
from intents.signals.meanings import Meanings, Prepared
from intents.signals.negation import wants
from intents.signals.ranking import PARTS, Asked, Choice, chances, choice, tie
from intents.signals.shelf_index import Listed, ShelfIndex
from intents.signals.things import Found, Hint, Span, covering, trimmed
from intents.signals.tokens import Token, tokens_of
from intents.signals.word_features import Shelved, shelved

MOST_THINGS = 60
LEAST_RIVAL = 0.05
FOCUS = 0.5
"""From this chance on a product is what later words may mean without naming it."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Words of a text that name a thing.

    ``sku`` is the product that is meant (of a part: the whole's), None for a thing that is not carried;
    ``sure`` is the chance of that, ``rivals`` the products that it may be, best first, with their chances;
    ``score`` is the chance that the words are a thing that the text tells something of.
    """

    start: int
    end: int
    words: str
    sku: str | None
    rivals: tuple[tuple[str, float], ...]
    score: float
    carried: bool
    sure: float = 1.0
    part: bool = False


@dataclass(frozen=True)
class ReadText:
    """A text with its words, clauses and things."""

    text: str
    tokens: tuple[Token, ...]
    known: tuple[Shelved, ...]
    clauses: tuple[Clause, ...]
    things: tuple[Thing, ...]
    wishes: WishTagger

    def wanted(self, clause: Clause, thing: Thing | None, kind: str) -> str | None:
        """What a signal of the type ``kind`` wishes of a thing, in the text's own words; None where nothing.

        Of goods that go back it is what is wanted for them, where it is not simply the money.  Without a
        thing the whole clause is meant.
        """
        if kind == RETURN:
            return return_wish(clause.text) or return_wish(self.text)
        place = (thing.start, thing.end) if thing else (clause.start, clause.end)
        spans = [covering(self.tokens, each.start, each.end) for each in self.things]

        def told(eager: float) -> str | None:
            marked = self.wishes.find(self.tokens, self.known, spans, eager)
            return chosen(self.text, marked, self.tokens, clause, place)

        found = told(EAGER[kind]) if kind in EAGER else None
        if kind == VARIANT:
            return found or plain_wish(clause.text, self.text) or told(LAST_EAGER)
        return found or (terms(clause.text) if kind == PRICE else None)


@dataclass(frozen=True)
class _Opened:
    """A text whose words were looked up and whose spans are still to be linked."""

    text: str
    tokens: tuple[Token, ...]
    known: tuple[Shelved, ...]
    clauses: tuple[Clause, ...]
    spans: tuple[Found, ...]

    def words(self, span: Span) -> str:
        return self.text[self.tokens[span[0]].start : self.tokens[span[1] - 1].end]


class Shelf:
    """A shop's products, ready to be found in words.  Built once; safe to use from several threads."""

    def __init__(self, index: ShelfIndex, meanings: Meanings, learned: Learned) -> None:
        self.index = index
        self._meanings = meanings
        self._learned = learned

    @classmethod
    def of(cls, products: Iterable[Listed], encoder: Encoder | None, cache_dir: Path | None = None) -> Shelf:
        """The shelf of products: SKU, name, category and aliases each."""
        learned = load_learned(encoder, cache_dir)
        english = encoder.word_pieces() if encoder else learned.everyday
        index = ShelfIndex(products, english)
        return cls(index, Meanings(index, encoder), learned)

    def known(self, text: str) -> tuple[Hint, ...]:
        """The stretches of a text that are words of the catalogue, and how much they are that, 0 to 1."""
        tokens = tokens_of(text)
        return tuple(
            (token.start, token.end, _WEIGHTS.get(shelf.known[:1], 0.0))
            for token, shelf in zip(tokens, shelved(tokens, self.index), strict=True)
            if shelf.stems and shelf.known != "how"
        )

    def things(
        self, text: str, clauses: Sequence[Clause] | None = None, hints: Sequence[Hint] = ()
    ) -> tuple[Thing, ...]:
        """The things of one text, left to right (see :meth:`read`)."""
        return self.read([text], [hints], None if clauses is None else [clauses])[0].things

    def read(
        self,
        texts: Sequence[str],
        hints: Sequence[Sequence[Hint]] | None = None,
        clauses: Sequence[Sequence[Clause]] | None = None,
    ) -> list[ReadText]:
        """Texts with their clauses and things; ``hints``: stretches that are likely part of a thing."""
        opened = []
        for at, text in enumerate(texts):
            tokens = tokens_of(text)
            known = tuple(shelved(tokens, self.index))
            found = self._learned.tagger.find(tokens, known, hints[at] if hints else ())[:MOST_THINGS]
            own = tuple(clauses[at]) if clauses else cut(text, tokens)
            opened.append(_Opened(text, tokens, known, own, found))
        return self._linked(opened)

    def link(self, text: str, spans: Sequence[Span]) -> tuple[Thing, ...]:
        """The things of a text where somebody else found their places (start and end in the text)."""
        tokens = tokens_of(text)
        known = tuple(shelved(tokens, self.index))
        places = (covering(tokens, start, end) for start, end in spans)
        found = tuple(Found(first, last, 1.0) for first, last in places if last > first)
        return self._linked([_Opened(text, tokens, known, cut(text, tokens), found)])[0].things

    def _linked(self, opened: Sequence[_Opened]) -> list[ReadText]:
        trim = [replace(one, spans=tuple(_trim(one, found) for found in one.spans)) for one in opened]
        words = [one.words((found.first, found.last)) for one in trim for found in one.spans]
        alike = self._meanings.prepare(words)
        out = []
        for one in trim:
            things = _Linker(one, self.index, alike, self._learned).things()
            out.append(ReadText(one.text, one.tokens, one.known, one.clauses, things, self._learned.wishes))
        return out


_WEIGHTS = {"h": 1.0, "m": 0.6}


def _trim(one: _Opened, found: Found) -> Found:
    first, last = trimmed(one.tokens, found.first, found.last)
    return Found(first, last, found.chance)


class _Linker:
    """Links the spans of one text: first each for itself, then with what else is spoken of."""

    def __init__(self, one: _Opened, index: ShelfIndex, alike: Prepared, learned: Learned) -> None:
        self._one = one
        self._index = index
        self._alike = alike
        self._learned = learned

    def things(self) -> tuple[Thing, ...]:
        spans = self._one.spans
        alone = [self._asked(at) for at in range(len(spans))]
        firsts = [chances(picked, self._learned.alone) for picked in alone]
        focus = [_focus(picked, shares) for picked, shares in zip(alone, firsts, strict=True)]
        out = []
        for at, found in enumerate(spans):
            before = next((number for number in reversed(focus[:at]) if number is not None), None)
            after = next((number for number in focus[at + 1 :] if number is not None), None)
            picked = self._asked(at, before, after)
            out.append(self._thing(found, picked, chances(picked, self._learned.together)))
        return tuple(out)

    def _asked(self, at: int, before: int | None = None, after: int | None = None) -> Choice:
        one, found = self._one, self._one.spans[at]
        span = (found.first, found.last)
        tied = tie(one.tokens, [(each.first, each.last) for each in one.spans], at)
        asked = Asked(span, one.tokens, one.known, self._wanted(found), before, after, tied)
        likeness, near = self._alike.of(one.words(span))
        return choice(asked, self._index, likeness, near)

    def _wanted(self, found: Found) -> bool:
        start = self._one.tokens[found.first].start
        return any(clause.start <= start < clause.end and wants(clause.text) for clause in self._one.clauses)

    def _thing(self, found: Found, picked: Choice, shares: NDArray[np.float64]) -> Thing:
        tokens = self._one.tokens
        words = self._one.words((found.first, found.last))
        order = np.argsort(-shares[:-1], kind="stable")
        rivals = tuple(
            (self._index.products[picked.numbers[at]].sku, round(float(shares[at]), 4))
            for at in order
            if shares[at] >= LEAST_RIVAL
        )
        none = float(shares[-1])
        sku = self._index.products[picked.numbers[order[0]]].sku if none < 0.5 and len(order) else None
        part = _is_part(tokens[found.first : found.last], self._one.known[found.first : found.last])
        start, end = tokens[found.first].start, tokens[found.last - 1].end
        sure = none if sku is None else 1 - none
        return Thing(start, end, words, sku, rivals, found.chance, sku is not None and not part, sure, part)


def _focus(picked: Choice, shares: NDArray[np.float64]) -> int | None:
    """The product that a span surely is; parts and vague words are none."""
    if not len(picked.numbers):
        return None
    best = int(shares[:-1].argmax())
    return picked.numbers[best] if shares[best] >= FOCUS else None


def _is_part(tokens: Sequence[Token], known: Sequence[Shelved]) -> bool:
    """Whether the words name a part of a thing: its first noun is one and the shelf has none so called."""
    for token, shelf in zip(tokens, known, strict=True):
        if token.low in ("for", "of", "to"):
            break
        if token.low in PARTS and not shelf.known.startswith("hw"):
            return True
    return False
