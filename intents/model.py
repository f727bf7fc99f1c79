"""What is learned from the tools' example sentences, kept between starts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intents.classify import Classifier
from intents.encoder import load_encoder
from intents.heads import load_head, save_head
from intents.model_files import cached, content_key, default_cache
from intents.out_of_scope import FAMILIES
from intents.samples import FILLINGS
from intents.segments import starters
from intents.templates import Sentence, request_words, sentences
from intents.training import train
from tools.kit import Tool, all_tools
from tools.kit.slots import Kind

_LEARNING = ("features", "heads", "perceptron", "regression", "training")
_CODE = (
    "calendar_days", "calendar_spans", "calendar_words", "classify", "features",
    "feasts", "heads", "masks", "model", "numerals", "periods",
    "perceptron", "quantities", "regression", "samples",
    "segments", "templates", "training", "words",
)  # fmt: skip


@dataclass(frozen=True)
class Language:
    """The words that requests are made of.

    ``weak`` words name no product by themselves, ``counts`` says how often a word is used (the
    spelling fixer's vocabulary), requests begin with ``starters``, ``spoken`` are all words of
    requests that tools can answer.
    """

    weak: frozenset[str]
    counts: Mapping[str, int]
    starters: frozenset[str]
    spoken: frozenset[str]

    @classmethod
    def learn(cls, tools: Mapping[str, Tool], examples: Sequence[Sentence]) -> Language:
        """The language of these sentences."""
        counts = Counter(word for sentence in examples for word in sentence.text.split() if word.isalpha())
        fillings = " ".join(
            " ".join(FILLINGS[kind]) for kind in (Kind.UNIT, Kind.FIELD, Kind.STATUS, Kind.REASON)
        )
        return cls(
            weak=request_words(tools),
            counts=dict(counts),
            starters=starters(examples),
            spoken=request_words(tools, least=1) | set(fillings.split()),
        )

    def to_json(self) -> str:
        """The language as text."""
        return json.dumps(
            [sorted(self.weak), dict(self.counts), sorted(self.starters), sorted(self.spoken)],
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Language:
        """The inverse of :meth:`to_json`."""
        weak, counts, first, spoken = json.loads(text)
        return cls(frozenset(weak), counts, frozenset(first), frozenset(spoken))


@dataclass(frozen=True)
class Model:
    """A classifier and the language that it was taught in."""

    classifier: Classifier
    language: Language
    tools: Mapping[str, Tool]


def load_model(cache_dir: Path | None = None, engine: str = "auto") -> Model:
    """The model for the tools as they are; it is trained (some seconds) where no cached one fits."""
    folder = cache_dir or default_cache()
    tools = all_tools()
    encoder = load_encoder(folder, engine)
    key = _key(tools, encoder.engine if encoder else "none")

    @cache
    def examples() -> list[Sentence]:
        return sentences(tools)

    def make_head(target: Path) -> None:
        save_head(train(examples(), encoder), target)

    def make_note(target: Path) -> None:
        target.write_text(_taught_key(examples(), encoder.engine if encoder else "none"), encoding="utf-8")

    def make_language(target: Path) -> None:
        target.write_text(Language.learn(tools, examples()).to_json(), encoding="utf-8")

    note = cached(folder / f"head-{key}.key", make_note).read_text(encoding="utf-8")
    head = load_head(cached(folder / f"head-{note}.npz", make_head))
    language = cached(folder / f"language-{key}.json", make_language)
    return Model(Classifier(encoder, head), Language.from_json(language.read_text(encoding="utf-8")), tools)


def _taught_key(examples: Sequence[Sentence], engine: str) -> str:
    """Changes with what is learned only: other code does not cost a training."""
    here = Path(__file__).parent
    code = [(here / f"{name}.py").read_bytes() for name in _LEARNING]
    return content_key(engine, repr(examples), *code)


def _key(tools: Mapping[str, Tool], engine: str) -> str:
    """Changes with any example sentence and with any code that learning depends on."""
    here = Path(__file__).parent
    code = [(here / f"{name}.py").read_bytes() for name in _CODE]
    examples = repr([(intent, tool.examples, list(tool.slot_kinds)) for intent, tool in tools.items()])
    return content_key(engine, examples, repr(dict(FAMILIES)), *code)
