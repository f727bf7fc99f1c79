"""Reads what customers say: texts in, demand signals out, each with its product, quote and confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from intents.encoder import load_encoder
from intents.model_files import content_key
from intents.signals.addressed import to_a_machine
from intents.signals.clauses import Clause
from intents.signals.deciding import answers, decide
from intents.signals.encoder import load_signal_encoder
from intents.signals.heads import NEGATIVE, Heads
from intents.signals.language import language_of
from intents.signals.linking import Shelf
from intents.signals.polarity import document_polarity, signal_polarity
from intents.signals.reading import Read, read_all
from intents.signals.train import Tools, load_or_learn
from intents.signals.types import COUNT
from tools.store.signal_facts import OTHER, MinedText, Said

AT_ONCE = 256


class Miner:
    """Mines texts.  Load it once: the first start of all learns for a minute.  Safe in several threads."""

    def __init__(self, tools: Tools, heads: Heads) -> None:
        self.tools = tools
        self.heads = heads

    @classmethod
    def load(cls, cache_dir: Path | None = None) -> Miner:
        """The miner that was learned from the texts that ship with the project."""
        tools = Tools(load_encoder(cache_dir), load_signal_encoder(cache_dir), cache_dir)
        return cls(tools, load_or_learn(tools))

    @property
    def version(self) -> str:
        """A name that changes with anything that was learned."""
        arrays = (self.heads.text.weights, self.heads.signal.weights, self.heads.text.bias)
        limits = repr(sorted(self.heads.limits.items()))
        engine = self.tools.signals.engine if self.tools.signals else "none"
        return content_key(engine, limits, *(array.tobytes() for array in arrays))[:12]

    def mine(self, texts: Sequence[Said], shelf: Shelf) -> list[MinedText]:
        """What each text says; texts of the same words are read once."""
        distinct = list(dict.fromkeys(_same(said) for said in texts))
        read: dict[Said, MinedText] = {}
        for start in range(0, len(distinct), AT_ONCE):
            some = distinct[start : start + AT_ONCE]
            for one in read_all(some, shelf, self.tools.signals, self.heads.text):
                read[one.said] = self._told(one)
        return [read[_same(said)] for said in texts]

    def _told(self, read: Read) -> MinedText:
        language, readable = language_of(read.said.text)
        if not readable:
            return MinedText(language=language, readable=False)
        signals = decide(read, self.heads)
        if to_a_machine(read.said.text):  # a person looks: a threat or a joke may still carry a real claim
            signals = [replace(signal, sure=False) for signal in signals]
        sure = [signal for signal in signals if signal.sure]
        polarity = document_polarity([(signal.type, signal.polarity) for signal in sure])
        if not sure:
            polarity = self._quiet_polarity(read)
        return MinedText(polarity, tuple(signals), language, readable)

    def _quiet_polarity(self, read: Read) -> str:
        """Of a text with nothing to act on: a grumble about queues is negative all the same."""
        whole = Clause(0, len(read.said.text), read.said.text)
        asked = answers(read, self.heads, (COUNT - 1, None, whole))
        return signal_polarity(OTHER, asked[NEGATIVE])


def _same(said: Said) -> Said:
    """A text without what does not change its meaning."""
    return replace(said, at=None, customer="")
