"""The one public door of understanding: a message in, requests out."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from intents.classify import Classifier, load_classifier
from intents.context import Memory, after
from intents.encoder import load_encoder
from intents.model_files import default_cache
from intents.numerals import NUMBER_WORDS
from intents.periods import TIME_WORDS
from intents.quantities import UNITS
from intents.ranking import Candidate, rank
from intents.spelling import Speller
from intents.tags import Names, Tags
from intents.templates import UNKNOWN, Sentence, request_words, sentences
from intents.understanding import Heard, Request, Understanding
from intents.words import clean, words_of
from tools.kit import Parse, Tool, all_tools
from tools.store import Catalogue

SHOWN_ALTERNATIVES = 3


class Parser:
    """Understands messages.  Built once; safe to use from several threads."""

    def __init__(self, classifier: Classifier, tools: Mapping[str, Tool], examples: list[Sentence]) -> None:
        self._classifier = classifier
        self._tools = tools
        self._weak = request_words(tools)
        self._counts = Counter(
            word for sentence in examples for word in sentence.text.split() if word.isalpha()
        )
        self._english = classifier.encoder.word_pieces() if classifier.encoder else frozenset[str]()
        self._lock = threading.Lock()
        self._held: tuple[Names, Speller] | None = None

    @classmethod
    def load(cls, cache_dir: Path | None = None) -> Parser:
        """The parser for the tools as they are; trains its classifier where no cached one fits."""
        folder = cache_dir or default_cache()
        tools = all_tools()
        examples = sentences(tools)
        return cls(load_classifier(examples, load_encoder(folder), folder), tools, examples)

    def index(self, catalogue: Catalogue) -> None:
        """Prepare for a catalogue ahead of its first message."""
        self._names(catalogue)

    def _names(self, catalogue: Catalogue) -> tuple[Names, Speller]:
        held = self._held
        if held is not None and (
            held[0].catalogue is catalogue or held[0].catalogue.version == catalogue.version
        ):
            return held
        with self._lock:
            held = self._held
            if held is None or held[0].catalogue.version != catalogue.version:
                names = Names(catalogue, self._weak)
                spellings = (
                    names.products.spellings
                    | names.others.spellings()
                    | TIME_WORDS
                    | NUMBER_WORDS
                    | set(UNITS)
                )
                held = self._held = names, Speller(self._counts, spellings, self._english)
        return held

    def read(self, text: str, memory: Memory, *, catalogue: Catalogue, now: datetime) -> Understanding:
        """What the message asks for, given what was said before."""
        names, speller = self._names(catalogue)
        cleaned = clean(text)
        words = words_of(cleaned)
        codes = names.code_places(words, cleaned)
        words, fixes = speller.mend(words, codes)
        tags = names.tag(cleaned, words, now.date())
        if not words:
            return Understanding((Request(Parse(UNKNOWN, 1.0)),))
        requests = [self._request(tags, (0, len(words)), catalogue)]
        return Understanding(tuple(requests), fixes)

    def remember(self, memory: Memory, understanding: Understanding) -> Memory:
        """The memory after a message whose tools were not run: what is incomplete waits for its slot."""
        incomplete = {}
        for parse in understanding.parses:
            tool = self._tools.get(parse.intent)
            missing = tool.missing(parse.slots) if tool else None
            if missing:
                incomplete[parse.intent] = missing
        return after(memory, understanding, incomplete)

    def _request(self, tags: Tags, span: tuple[int, int], catalogue: Catalogue) -> Request:
        scores = self._classifier.scores(tags.masked(*span))
        candidates = rank(scores, self._tools, tags, span, catalogue)
        return _to_request(candidates, tags)


def _to_request(candidates: tuple[Candidate, ...], tags: Tags) -> Request:
    best, *others = candidates
    return Request(
        parse=_parse(best),
        alternatives=tuple(_parse(candidate) for candidate in others[:SHOWN_ALTERNATIVES]),
        mentions={
            slot: Heard(
                " ".join(tags.text[tags.words[tag.start].start : tags.words[tag.end - 1].end] for tag in used)
            )
            for slot, used in best.filled.used.items()
        },
    )


def _parse(candidate: Candidate) -> Parse:
    return Parse(candidate.intent, round(candidate.confidence, 4), candidate.filled.slots)
