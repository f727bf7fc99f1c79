"""Mends misspelt words, guarded by the vocabulary: known words, numbers and codes are never touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.words import Word, stem

SHORTEST = 3
LONG = 6
ENDINGS = {"s": 3, "es": 3, "ed": 3, "ing": 3, "er": 4, "ly": 4}
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Fix:
    """One word that was read as another."""

    said: str
    read_as: str


class Speller:
    """Knows the words of requests and of one shop's names.

    ``english`` guards ordinary words that the shop does not know; ``counts`` says how often a word
    is used in requests, so that of two equally near words the commoner one is read.  Words are
    mended to ``targets`` and names only (by default to any known word).
    """

    def __init__(
        self,
        counts: Mapping[str, int],
        names: Collection[str],
        english: Collection[str],
        targets: Collection[str] | None = None,
    ) -> None:
        self._counts = counts
        self._known = frozenset(names) | frozenset(counts)
        self._english = english
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._known if targets is None else frozenset(targets) | frozenset(names)):
            if word.isalpha() and len(word) >= SHORTEST - 1:
                self._by_length[len(word)].append(word)
        self._nearest = lru_cache(maxsize=4096)(self._search)

    def mend(
        self, words: Sequence[Word], untouched: Collection[int] = ()
    ) -> tuple[tuple[Word, ...], tuple[Fix, ...]]:
        """The words with misspelt ones replaced, and what was replaced."""
        out: list[Word] = []
        fixes: list[Fix] = []
        for at, word in enumerate(words):
            better = None if at in untouched else self.better(word.low)
            out.append(word.mended(better) if better else word)
            if better:
                fixes.append(Fix(word.text, better))
        return tuple(out), tuple(fixes)

    def better(self, low: str) -> str | None:
        """The word that was meant, or None where nothing has to be mended."""
        if len(low) < SHORTEST or not low.isalpha() or low in self._known or low in self._english:
            return None
        if stem(low) in self._known or self._inflected(low):
            return None
        plural = self._nearest(low[:-1]) if low.endswith("s") and len(low) > LONG - 1 else None
        found = self._nearest(low)
        if plural and (found is None or OSA.distance(low[:-1], plural) < OSA.distance(low, found)):
            return plural + "s"
        return found

    def _inflected(self, low: str) -> bool:
        """Whether it is a form of a word that is known ("chipped" of "chip")."""
        for ending, shortest in ENDINGS.items():
            base = low.removesuffix(ending)
            if base == low or len(base) < shortest:
                continue
            doubled = ending in ("ed", "ing", "er") and base[-1] == base[-2]
            bases = {base, base + "e", base[:-1]} if doubled else {base, base + "e"}
            ordinary = ending in ("ed", "ing") or len(base) > shortest + 1
            if bases & self._known or (ordinary and any(word in self._english for word in bases)):
                return True
        return False

    def _search(self, low: str) -> str | None:
        limit = 1 if len(low) < LONG else 2
        choices = [
            word
            for length in range(len(low) - limit, len(low) + limit + 1)
            for word in self._by_length.get(length, ())
        ]
        found = process.extract(low, choices, scorer=OSA.distance, score_cutoff=limit, limit=12)
        allowed = [
            (word, int(distance)) for word, distance, _ in found if _plausible(low, word, int(distance))
        ]
        if not allowed:
            return None
        return min(
            allowed, key=lambda pair: (pair[1], _cost(low, pair[0]), -self._counts.get(pair[0], 0), pair[0])
        )[0]


def _plausible(low: str, word: str, distance: int) -> bool:
    if len(low) == SHORTEST:
        swapped = sorted(low) == sorted(word) and low[0] == word[0]
        return swapped or (len(word) > SHORTEST and _bones(low) == _bones(word))
    if distance == 1:
        return len(word) > SHORTEST or sorted(low) == sorted(word)
    same_start = low[0] == word[0] or low[:2] == word[1::-1]
    return same_start and len(word) >= LONG - 1


def _cost(low: str, word: str) -> int:
    """Swapped and doubled letters and wrong vowels are likelier slips than others."""
    if sorted(low) == sorted(word):
        return 0
    if sorted(set(low)) == sorted(set(word)):
        return 1
    return 2 if _bones(low) == _bones(word) else 3


def _bones(word: str) -> str:
    return "".join(letter for letter in word if letter not in _VOWELS)
