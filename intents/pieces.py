"""Word by word: what words may name, exactly or, beside words that are sure, by a slip of the finger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from rapidfuzz.distance import OSA

from intents.catalogue_index import NOTHING, CatalogueIndex, Numbers, common
from intents.product_words import HOLDERS, JOINERS, SIZE_WORDS, read_size
from intents.words import Word, stem

NEVER_START = frozenset({
    "of", "with", "and", "in", "for", "the", "a", "an", "to", "from", "at", "on", "by", "or", "no", "not",
    "it", "is", "are",
    "do", "we", "you", "i", "me", "my", "our", "us", "thank", "please", "how", "what", "when", "where",
    "who", "why", "which",
})  # fmt: skip
_BRIDGES = frozenset(
    {"of", "with", "au", "-", "&", "the", "and", "/", "for", "in", "+", "'", ".", "de", "n", '"'}
)
# The shortest word in which a slip is told from another word.
SHORTEST_MISTYPED = 4
_SHORTEST_JOINED = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of a name, ``words[start:end]``, with the products that carry it.

    ``weak`` pieces are also words of ordinary requests.  ``spellings`` are the ways in which names may
    write the piece: "tea lights" is ``(("tealight",), ("tea", "light"))``.
    """

    start: int
    end: int
    token: str
    weak: bool
    numbers: Numbers
    spellings: tuple[tuple[str, ...], ...] = ()
    mistyped: bool = False


@dataclass(frozen=True)
class Run:
    """The words of a message as pieces of names.

    ``weak`` words (those of ordinary requests) count only beside a word that names a product;
    ``spoken`` ones are never taken for a misspelt name.
    """

    words: Sequence[Word]
    index: CatalogueIndex
    blocked: Collection[int]
    weak: Collection[str]
    spoken: Collection[str] = field(default_factory=frozenset)

    def grown(self, at: int) -> list[Piece]:
        """The longest run of words from ``at`` that one product at least has all of."""
        pieces: list[Piece] = []
        left: Numbers = NOTHING
        place = at
        while place < len(self.words):
            piece, left = self._next(place, pieces, left)
            if piece is None:
                if pieces and self._bridge(place, pieces):
                    place += 1
                    continue
                break
            pieces.append(piece)
            place = piece.end
        return self._without_amounts(pieces)

    def _without_amounts(self, pieces: list[Piece]) -> list[Piece]:
        """A bare number at the end is an amount, unless it is one of a name ("door sign 3")."""
        while pieces and pieces[-1].token[:1] == "#":
            number = pieces[-1]
            proper = common([piece.numbers for piece in pieces[:-1]] + [self.index.having(number.token)])
            if len(proper):
                return [*pieces[:-1], replace(number, numbers=self.index.having(number.token))]
            pieces = pieces[:-1]
        return pieces

    def _next(self, place: int, pieces: Sequence[Piece], left: Numbers) -> tuple[Piece | None, Numbers]:
        """The piece at ``place`` and the products that are left with it."""
        sure = left if pieces else self._ahead(place)
        readings = self._readings(place, pieces)
        fits = [common((sure, piece.numbers)) for piece in readings]
        for piece, among in zip(readings, fits, strict=True):
            if len(among):
                return piece, among if pieces else piece.numbers
        meant = self._mistyped(place, sure) if len(sure) else None
        if meant is not None:
            return meant, common((sure, meant.numbers)) if pieces else meant.numbers
        return (readings[0], readings[0].numbers) if readings and not pieces else (None, left)

    def _readings(self, at: int, pieces: Sequence[Piece]) -> list[Piece]:
        found = [self._size(at, pieces), self._word(at)] if at not in self.blocked else []
        return [piece for piece in found if piece is not None]

    def _ahead(self, at: int) -> Numbers:
        """The products with the next word, where that is one of names and sure."""
        following = at + 1
        while following < len(self.words) and self.words[following].low in ("of", "-", "&"):
            following += 1
        if following >= len(self.words) or following in self.blocked:
            return NOTHING
        piece = self._size(following, ()) or self._word(following)
        return piece.numbers if piece is not None else NOTHING

    def _bridge(self, place: int, pieces: Sequence[Piece]) -> bool:
        low = self.words[place].low
        if low == "the" and all(piece.weak for piece in pieces):  # "keep the doormat"
            return False
        half = low == "a" and self.words[place - 1].low == "half"  # "half a dozen eggs"
        return place not in self.blocked and (low in _BRIDGES or half)

    def _size(self, at: int, pieces: Sequence[Piece]) -> Piece | None:
        words = self.words
        first = at + 1 if self._holds(at) else at
        if first > at and words[first].low == "/":  # "set/6"
            first += 1
        size, used = read_size([word.low for word in words[first : first + 4]], 0)
        if first > at and size.startswith("#"):  # "set 6", "pack 20"
            size = f"of{size[1:]}"
        elif first > at and not size.startswith("of"):  # "bag 500g"
            return None
        end = first + used
        if any(place in self.blocked for place in range(at, end)) or not size:
            return None
        if size.startswith("#"):
            return self._figure(at, end, size) if pieces else None
        if size not in self.index or (size.startswith("of") and first == at and not pieces):
            return None
        # "80 bags of breakfast tea" counts bags; "breakfast tea 80 bags" is a size.
        if first == at and end < len(words) and words[end].low == "of":
            return None
        return Piece(at, end, size, weak=False, numbers=self.index.having(size))

    def _holds(self, at: int) -> bool:
        """Whether the word is the "set" of "set of 6" or of "set 6"."""
        low, after = self.words[at].low, [word.low for word in self.words[at + 1 : at + 3]]
        if len(after) == 2 and after[0] == "of" and after[1].isdecimal():
            near = len(low) > 2 and low.isalpha() and any(OSA.distance(low, held) < 2 for held in HOLDERS)
            return self.words[at].stem in HOLDERS or near
        number = after[1:] if after[:1] == ["/"] else after
        return (
            self.words[at].stem in HOLDERS and bool(number) and (number[0] == "of" or number[0].isdecimal())
        )

    def _figure(self, at: int, end: int, size: str) -> Piece | None:
        """A bare number amid a name, of whatever unit: "tea bags 40 green"."""
        numbers = self.index.sized(size[1:])
        return Piece(at, end, size, False, numbers) if len(numbers) else None

    def _word(self, at: int) -> Piece | None:
        word = self.words[at]
        if word.low in JOINERS or self._measures(at):
            return None
        joined = self._joined(at)
        if joined is not None:
            return joined
        weak = self._weak(word)
        split = self._split(word)
        for token in (word.stem, SIZE_WORDS.get(word.low, "")):
            if token and token in self.index:
                numbers = self.index.having(token)
                if split is not None and token == word.stem:
                    numbers = np.union1d(numbers, split[1]).astype(np.int32)
                spellings = ((token,), *((split[0],) if split else ()))
                return Piece(at, at + 1, token, weak, numbers, spellings)
        if split is None:
            return None
        return Piece(at, at + 1, split[0][-1], False, split[1], (split[0],))

    def _weak(self, word: Word) -> bool:
        return word.low in self.weak or word.stem in self.weak or word.low in NEVER_START

    def _measures(self, at: int) -> bool:
        """Whether the word is the unit of the number that it is stuck to."""
        before = self.words[at - 1] if at else None
        return before is not None and before.low[-1:].isdecimal() and before.end == self.words[at].start

    def _joined(self, at: int) -> Piece | None:
        """As in "tea lights" where a name has "tealights"; names with "tea light" count as well."""
        words, index = self.words, self.index
        if at + 1 >= len(words) or at + 1 in self.blocked:
            return None
        first, second = words[at], words[at + 1]
        token = first.low + second.stem
        if token not in index or not (first.low.isalpha() and second.low.isalpha()):
            return None
        apart = common((index.having(first.stem), index.having(second.stem)))
        numbers = np.union1d(index.having(token), apart).astype(np.int32)
        weak = self._weak(first) and self._weak(second)  # "thank you" names no card
        return Piece(at, at + 2, token, weak, numbers, ((token,), (first.stem, second.stem)))

    def _split(self, word: Word) -> tuple[tuple[str, ...], Numbers] | None:
        """As in "teatowels" where names have "tea towel"."""
        if len(word.stem) < _SHORTEST_JOINED or not word.stem.isalpha():
            return None
        for at in range(2, len(word.stem) - 1):
            parts = stem(word.stem[:at]), word.stem[at:]
            if parts[0] in self.index and parts[1] in self.index:
                both = self.index.side_by_side(*parts)
                if len(both):
                    return parts, both
        return None

    def _mistyped(self, at: int, left: Numbers) -> Piece | None:
        """The word that was meant, where the products at hand have one that is spelled nearly so."""
        said = self._as_typed(at)
        if len(said) < SHORTEST_MISTYPED - 1:
            return None
        fitting = [
            (distance, word)
            for word, distance in self.index.spelled_like(said)
            if (len(said) >= SHORTEST_MISTYPED or len(word) > len(said))
            and len(common((left, self.index.having(word))))
        ]
        if not fitting:
            return None
        least = min(distance for distance, _ in fitting)
        meant = [word for distance, word in fitting if distance == least]
        numbers = self.index.having(meant[0])
        for word in meant[1:]:
            numbers = np.union1d(numbers, self.index.having(word)).astype(np.int32)
        spellings = tuple((word,) for word in meant)
        return Piece(at, at + 1, meant[0], False, numbers, spellings, mistyped=True)

    def _as_typed(self, at: int) -> str:
        """The word as it was typed, or ``""`` where it is no slip: a word of names or of requests."""
        word = self.words[at]
        typed = stem(word.text.lower())
        if at in self.blocked or not typed.isalpha() or self._measures(at):
            return ""
        known = typed in self.index or {word.text.lower(), typed} & set(self.spoken)
        return "" if known else typed
