"""Labelled texts in many forms, to teach the encoder from: other things, misspelt, two texts in one.

A thing's words are replaced by those of other things, carried ones for carried ones; where a carried thing
becomes one that is not, the signal becomes a request for it.  So the words around teach, not the goods.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from intents.signals.known import HEAD, REST, Known, known_words
from intents.signals.shelf_index import ShelfIndex
from tools.store.signal_facts import OTHER, PRODUCT, STOCKOUT, VARIANT

SWAPPED = 0.35
CROSSED = 0.12
FORGOTTEN = 0.1
"""How often some of a text's known words are hidden: real catalogues lack words, too."""
MISSPELT, LOWERED = 0.15, 0.15
JOINED = 0.15
LONGEST_JOINED = 160
LETTERS_A_SLIP = 40
LONGEST_THING = 30
_SEPARATORS = (". ", " ", "\n", ", ", ". also ", " and ", " - ", "; ", ". ")
_ASKS = re.compile(r"\b(?:do|have|got|any|sell|stock|is there|keep)\b")
_WORD = re.compile(r"[^\W\d_]+")

Signal = dict[str, Any]


@dataclass(frozen=True)
class Spot:
    """Words that name a thing, and the signals about it."""

    start: int
    end: int
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class Sample:
    """A text with its known words, its things, and the signals that name nothing (``loose``)."""

    text: str
    known: tuple[Known, ...]
    spots: tuple[Spot, ...]
    loose: tuple[Signal, ...]

    @property
    def signals(self) -> list[Signal]:
        """All signals; a quiet one only where there is no other."""
        every = [*self.loose, *(signal for spot in self.spots for signal in spot.signals)]
        return [signal for signal in every if signal["type"] != OTHER] or every


def sample_of(labelled: Mapping[str, Any], index: ShelfIndex) -> Sample:
    """A labelled text as a sample."""
    text, after = labelled["text"], 0
    found: dict[tuple[int, int], list[Signal]] = {}
    loose: list[Signal] = []
    for signal in labelled["signals"]:
        mention = signal["mention"]
        at = max(text.find(mention, after), -1) if mention and signal["type"] != OTHER else -1
        if at < 0 and mention and signal["type"] != OTHER:
            at = text.find(mention)
        if at < 0:
            loose.append(signal)
        else:
            found.setdefault((at, at + len(mention)), []).append(signal)
            after = at
    spots = tuple(Spot(start, end, tuple(signals)) for (start, end), signals in found.items())
    return Sample(text, tuple(known_words(text, index)), spots, tuple(loose))


class Forms:
    """Makes other forms of samples; the same ones for the same seed."""

    def __init__(self, texts: Sequence[Mapping[str, Any]], aliases: Sequence[str], seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - variety, not secrecy
        named = [
            (signal, signal["mention"]) for one in texts for signal in one["signals"]
            if signal["mention"] and len(signal["mention"]) < LONGEST_THING
        ]  # fmt: skip
        self._strange = [words for signal, words in named if _is_strange(signal)]
        carried = [words for signal, words in named if signal["sku"] and signal["type"] != PRODUCT]
        self._carried = [*aliases, *carried]

    def of(self, samples: Sequence[Sample]) -> list[Sample]:
        """Every sample in one new form, some with another one behind, in a new order."""
        fresh = [self._form(sample) for sample in samples]
        out = []
        for sample in fresh:
            other = self._chance.choice(fresh)
            short = max(len(sample.text), len(other.text)) < LONGEST_JOINED
            joined = short and self._chance.random() < JOINED
            out.append(self._join(sample, other) if joined else sample)
        self._chance.shuffle(out)
        return out

    def shuffle(self, groups: list[Any]) -> None:
        """Bring groups into another order."""
        self._chance.shuffle(groups)

    def _form(self, sample: Sample) -> Sample:
        for at in range(len(sample.spots)):
            if not _overlaps(sample, at):
                sample = self._exchange(sample, at)
        if self._chance.random() < FORGOTTEN:
            kept = tuple(mark for mark in sample.known if self._chance.random() > 0.3)
            sample = replace(sample, known=kept)
        if self._chance.random() < MISSPELT:
            sample = replace(sample, text=self._misspell(sample.text))
        low = sample.text.lower()
        if self._chance.random() < LOWERED and len(low) == len(sample.text):
            sample = replace(sample, text=low)
        return sample

    def _exchange(self, sample: Sample, at: int) -> Sample:
        """Another thing in the place of one, now and then."""
        spot = sample.spots[at]
        types = {signal["type"] for signal in spot.signals}
        ours = any(a < spot.end and spot.start < b and much >= HEAD for a, b, much in sample.known)
        strange = types == {PRODUCT} and spot.signals[0]["sku"] is None
        drawn = self._chance.random()
        if drawn < CROSSED and len(types) == 1 and types <= {STOCKOUT, VARIANT} and ours:
            asked = tuple({**signal, "type": PRODUCT, "polarity": "neu"} for signal in spot.signals)
            return self._replaced(sample, at, self._chance.choice(self._strange), (False, asked))
        if drawn < CROSSED and strange and _ASKS.search(sample.text.lower()):
            asked = tuple(_as_carried(signal, sample.text) for signal in spot.signals)
            return self._replaced(sample, at, self._chance.choice(self._carried), (True, asked))
        if drawn < CROSSED + SWAPPED and strange:
            return self._replaced(sample, at, self._chance.choice(self._strange), (False, spot.signals))
        if drawn < CROSSED + SWAPPED and ours and types != {PRODUCT}:
            return self._replaced(sample, at, self._chance.choice(self._carried), (True, spot.signals))
        return sample

    def _replaced(self, sample: Sample, at: int, words: str, how: tuple[bool, tuple[Signal, ...]]) -> Sample:
        """Other words for a thing; ``how``: whether they are carried, and what is now said of them."""
        spot = sample.spots[at]
        longer = len(words) - (spot.end - spot.start)
        known = [
            (a + longer, b + longer, much) if a >= spot.end else (a, b, much)
            for a, b, much in sample.known if b <= spot.start or a >= spot.end
        ]  # fmt: skip
        spots = [
            replace(other, start=other.start + longer, end=other.end + longer)
            if other.start >= spot.end else other
            for other in sample.spots
        ]  # fmt: skip
        spots[at] = Spot(spot.start, spot.start + len(words), how[1])
        text = sample.text[: spot.start] + words + sample.text[spot.end :]
        fresh = self._marks(words, spot.start) if how[0] else []
        return replace(sample, text=text, known=(*known, *fresh), spots=tuple(spots))

    def _marks(self, words: str, start: int) -> list[Known]:
        found = [(start + word.start(), start + word.end()) for word in _WORD.finditer(words)]
        last = len(found) - 1
        some = (REST, REST, HEAD, 0.0)
        return [(a, b, HEAD if at == last else self._chance.choice(some)) for at, (a, b) in enumerate(found)]

    def _misspell(self, text: str) -> str:
        letters = list(text)
        for _ in range(max(1, len(letters) // LETTERS_A_SLIP)):
            at = self._chance.randrange(1, max(2, len(letters) - 1))
            if at + 1 >= len(letters) or not (letters[at].isalpha() and letters[at + 1].isalpha()):
                continue
            if self._chance.random() < 0.5:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            else:
                letters[at] = self._chance.choice("abcdefghijklmnopqrstuvwxyz")
        return "".join(letters)

    def _join(self, one: Sample, other: Sample) -> Sample:
        between = self._chance.choice(_SEPARATORS)
        far = len(one.text) + len(between)
        known = tuple((a + far, b + far, much) for a, b, much in other.known)
        spots = tuple(replace(spot, start=spot.start + far, end=spot.end + far) for spot in other.spots)
        return Sample(
            one.text + between + other.text, one.known + known, one.spots + spots, one.loose + other.loose
        )


def _is_strange(signal: Signal) -> bool:
    return signal["type"] == PRODUCT and signal["sku"] is None


def _overlaps(sample: Sample, at: int) -> bool:
    spot = sample.spots[at]
    return any(
        other is not spot and other.start < spot.end and spot.start < other.end for other in sample.spots
    )


def _as_carried(signal: Signal, text: str) -> Signal:
    """A request for a thing that turns out to be carried."""
    if signal["attribute"] and signal["attribute"] in text:
        return {**signal, "type": VARIANT}
    urgency = "medium" if signal["urgency"] == "low" else signal["urgency"]
    return {**signal, "type": STOCKOUT, "urgency": urgency}
