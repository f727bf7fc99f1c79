"""What is learned from our own texts for finding and linking things; made once, in seconds, and kept.

The texts are those that ship with the project; no other text is ever learned from here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.encoder import Encoder
from intents.model_files import cached, content_key, default_cache, model_folder
from intents.signals.attributes import WishTagger, learn_wishes, wish_tags
from intents.signals.clauses import cut
from intents.signals.crf import Field
from intents.signals.meanings import Meanings
from intents.signals.negation import wants
from intents.signals.ranking import Asked, Choice, chances, choice, learn_ranking, tie
from intents.signals.shelf_index import Listed, ShelfIndex
from intents.signals.things import FIRST, NEXT, OUT, Tagger, covering, learn_tagger, named_runs
from intents.signals.tokens import Token, tokens_of
from intents.signals.word_features import Shelved, shelved
from intents.signals.word_vectors import WordVectors, make_table

HERE = Path(__file__).parent
TEXTS = ("texts_train.jsonl", "texts_more.jsonl")
# What is learned fits only the code that reads it.
_CODE = ("tokens", "clauses", "negation", "shelf_index", "word_features", "word_vectors", "crf", "things",
         "meanings", "ranking", "attributes", "learned")  # fmt: skip
_SURE = 0.5

Floats = NDArray[np.float64]
Labelled = Mapping[str, Any]


@dataclass(frozen=True)
class Learned:
    """A tagger of things, and weights for linking a span alone and together with others of its text."""

    tagger: Tagger
    wishes: WishTagger
    alone: Floats
    together: Floats

    @property
    def everyday(self) -> frozenset[str]:
        """Words of everyday, where no larger list is at hand."""
        return self.tagger.everyday


def load_learned(encoder: Encoder | None, cache_dir: Path | None = None) -> Learned:
    """What was learned; the first call of all takes some seconds."""
    files = (*TEXTS, *(f"{name}.py" for name in _CODE))
    parts = [(HERE / name).read_bytes() for name in files]
    parts += [path.read_bytes() for path in sorted(HERE.glob("catalogue_*.json"))]
    engine = encoder.engine if encoder else "none"
    key = content_key(engine, str(model_folder() is not None), *parts)
    path = (cache_dir or default_cache()) / f"things-{key}.npz"
    return _load(cached(path, partial(_make, encoder)))


def _make(encoder: Encoder | None, target: Path) -> None:
    save(learn_all(shipped_texts(), encoder), target)


def shipped_texts(names: Sequence[str] = TEXTS) -> list[Labelled]:
    """Our own labelled texts."""
    return [
        json.loads(line)
        for name in names
        for line in (HERE / name).read_text(encoding="utf-8").splitlines()
        if line
    ]


def shipped_products(shop: str) -> list[Listed]:
    """The catalogue of one of the invented shops that the texts are about."""
    listed = json.loads((HERE / f"catalogue_{shop}.json").read_text(encoding="utf-8"))
    return [(each["sku"], each["name"], each["category"], each["aliases"]) for each in listed]


def learn_all(texts: Sequence[Labelled], encoder: Encoder | None) -> Learned:
    """Learn from labelled texts about the shipped catalogues; always the same result."""
    english = encoder.word_pieces() if encoder else frozenset()
    shops = sorted({text["shop"] for text in texts})
    indexes = {shop: ShelfIndex(shipped_products(shop), english) for shop in shops}
    opened = [_Opened.of(text, indexes[text["shop"]]) for text in texts]
    vectors = WordVectors(make_table())
    useful = [one for one in opened if not one.misleading]
    tagger = learn_tagger(
        [(one.tokens, one.known) for one in useful], [one.tags() for one in useful], vectors
    )
    wishing = [one for one in opened if one.text["signals"][0]["type"] != "other"]
    wishes = learn_wishes(
        [(one.tokens, one.known, [(first, last) for first, last, _ in one.targets()]) for one in wishing],
        [wish_tags(one.text["text"], one.tokens, one.wishes()) for one in wishing],
        tagger.everyday, vectors,
    )  # fmt: skip
    meanings = {shop: Meanings(index, encoder) for shop, index in indexes.items()}
    groups = [_Group(one, indexes[one.text["shop"]], meanings[one.text["shop"]]) for one in opened]
    alone, together = _linked([group for group in groups if group.spans])
    return Learned(tagger, wishes, alone, together)


@dataclass(frozen=True)
class _Opened:
    text: Labelled
    tokens: tuple[Token, ...]
    known: tuple[Shelved, ...]

    @classmethod
    def of(cls, text: Labelled, index: ShelfIndex) -> _Opened:
        tokens = tokens_of(text["text"])
        return cls(text, tokens, tuple(shelved(tokens, index)))

    @property
    def misleading(self) -> bool:
        """A quiet text has no mentions, also where it names products."""
        return self.text["signals"][0]["type"] == "other" and any(
            shelf.run[1:2] in ("w", "h") for shelf in self.known
        )

    def tags(self) -> list[int]:
        out = [OUT] * len(self.tokens)
        said = {signal["mention"] for signal in self.text["signals"]} - {None}
        for mention in sorted(said, key=len):
            for found in re.finditer(rf"(?<!\w){re.escape(mention)}(?!\w)", self.text["text"]):
                first, last = covering(self.tokens, *found.span())
                out[first:last] = [FIRST] + [NEXT] * (last - first - 1)
        return out

    def wishes(self) -> list[str]:
        return [
            signal["attribute"]
            for signal in self.text["signals"]
            if signal["attribute"] and signal["type"] != "return"
        ]

    def targets(self) -> list[tuple[int, int, tuple[str | None, ...]]]:
        """Each mention once: its tokens and the products that are right."""
        out: dict[tuple[int, int], tuple[str | None, ...]] = {}
        for signal in self.text["signals"]:
            mention = signal["mention"]
            if mention and mention in self.text["text"]:
                start = self.text["text"].index(mention)
                place = covering(self.tokens, start, start + len(mention))
                right = tuple(signal.get("sku_accept") or [signal["sku"]])
                out[place] = (*out.get(place, ()), *right)
        return [(first, last, right) for (first, last), right in sorted(out.items())]

    def spoken_of(self) -> list[tuple[int, int, tuple[str | None, ...]]]:
        """The same, and beside them, without an answer, what else names a product outright."""
        spans = self.targets()
        taken = {at for first, last, _ in spans for at in range(first, last)}
        if not spans:
            return []
        runs = [run for run in named_runs(self.known) if not taken & set(range(*run))]
        return sorted([*spans, *((first, last, ()) for first, last in runs)])


def _linked(groups: Sequence[_Group]) -> tuple[Floats, Floats]:
    """Weights for linking each mention for itself, and all of a text together."""
    pairs = [pair for group in groups for pair in group.pairs([None] * len(group.spans))]
    alone = learn_ranking([one for one, _ in pairs], [right for _, right in pairs])
    pairs = [pair for group in groups for pair in group.pairs(group.focus(alone))]
    together = learn_ranking([one for one, _ in pairs], [right for _, right in pairs])
    return alone, together


class _Group:
    """The mentions of one text, to learn linking from."""

    def __init__(self, one: _Opened, index: ShelfIndex, meanings: Meanings) -> None:
        self._one = one
        self._index = index
        self.spans = one.spoken_of()
        self._clauses = cut(one.text["text"], one.tokens)
        words = [self._words(first, last) for first, last, _ in self.spans]
        self._alike = meanings.prepare(words)

    def _words(self, first: int, last: int) -> str:
        said: str = self._one.text["text"][self._one.tokens[first].start : self._one.tokens[last - 1].end]
        return said

    def focus(self, weights: Floats) -> list[int | None]:
        out: list[int | None] = []
        for picked, _ in self.pairs([None] * len(self.spans)):
            shares = chances(picked, weights)
            best = int(shares[:-1].argmax()) if len(picked.numbers) else -1
            out.append(picked.numbers[best] if best >= 0 and shares[best] >= _SURE else None)
        return out

    def pairs(self, focus: Sequence[int | None]) -> list[tuple[Choice, list[int]]]:
        out = []
        for at, (first, last, right) in enumerate(self.spans):
            before = next((number for number in reversed(focus[:at]) if number is not None), None)
            after = next((number for number in focus[at + 1 :] if number is not None), None)
            start = self._one.tokens[first].start
            wanted = any(one.start <= start < one.end and wants(one.text) for one in self._clauses)
            tied = tie(self._one.tokens, [(left, end) for left, end, _ in self.spans], at)
            asked = Asked((first, last), self._one.tokens, self._one.known, wanted, before, after, tied)
            likeness, near = self._alike.of(self._words(first, last))
            picked = choice(asked, self._index, likeness, near)
            places = [
                place
                for place, number in enumerate(picked.numbers)
                if self._index.products[number].sku in right
            ]
            out.append((picked, places + [len(picked.numbers)] * (None in right)))
        return out


def save(learned: Learned, target: Path) -> None:
    """Write what was learned."""
    arrays: dict[str, Any] = {
        "table": learned.tagger.vectors.table,
        "alone": learned.alone,
        "together": learned.together,
    }
    arrays["everyday"] = np.array(sorted(learned.tagger.everyday))
    for part, tagger in (("things", learned.tagger), ("wishes", learned.wishes)):
        numbers = tagger.numbers
        arrays[f"{part}.names"] = np.array(sorted(numbers, key=numbers.__getitem__))
        for name in ("named", "dense", "moves", "starts"):
            arrays[f"{part}.{name}"] = getattr(tagger.field, name)
    with target.open("wb") as file:
        np.savez(file, **arrays)


def _load(path: Path) -> Learned:
    with np.load(path, allow_pickle=False) as kept:
        vectors = WordVectors(kept["table"])
        everyday = frozenset(str(low) for low in kept["everyday"])
        parts = []
        for part in ("things", "wishes"):
            field = Field(*(kept[f"{part}.{name}"] for name in ("named", "dense", "moves", "starts")))
            numbers = {str(name): at for at, name in enumerate(kept[f"{part}.names"], 1)}
            parts.append((field, numbers, everyday, vectors))
        return Learned(Tagger(*parts[0]), WishTagger(*parts[1]), kept["alone"], kept["together"])
