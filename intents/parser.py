"""The one public door of understanding: a message in, requests out."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from intents.classify import Classifier, load_classifier
from intents.context import Memory, after
from intents.encoder import load_encoder
from intents.families import Families
from intents.followups import FRAGMENT_WORDS, Context
from intents.gazetteer import Entity
from intents.mentions import Mention
from intents.model_files import default_cache
from intents.numerals import NUMBER_WORDS
from intents.periods import TIME_WORDS
from intents.quantities import UNITS
from intents.ranking import Candidate, rank
from intents.search import search
from intents.segments import Span, Splitter, pairs, starters
from intents.slots import Filled, Reading, fill_pair
from intents.spelling import Speller
from intents.tags import Names, Tags
from intents.templates import UNKNOWN, Sentence, request_words, sentences
from intents.understanding import Heard, Request, Understanding
from intents.words import clean, words_of
from tools.kit import Parse, Tool, all_tools
from tools.store import Catalogue

SHOWN_ALTERNATIVES = 3
FRAGMENT_CONFIDENCE = 0.95
COURTESY = frozenset({"meta.greet", "meta.thanks", "meta.affirm", "meta.deny"})


@dataclass(frozen=True)
class _Part:
    """One part of a message with its readings; ``remembered`` where it only adds to what was said before."""

    span: Span
    candidates: tuple[Candidate, ...]
    scores: Mapping[str, float]
    remembered: bool = False


class Parser:
    """Understands messages.  Built once; safe to use from several threads."""

    def __init__(
        self, classifier: Classifier, tools: Mapping[str, Tool], examples: list[Sentence], families: Families
    ) -> None:
        self._classifier = classifier
        self._families = families
        self._tools = tools
        self._weak = request_words(tools)
        self._counts = Counter(
            word for sentence in examples for word in sentence.text.split() if word.isalpha()
        )
        self._english = classifier.encoder.word_pieces() if classifier.encoder else frozenset[str]()
        self._splitter = Splitter(starters(examples))
        self._requests_words = (
            frozenset(
                word for sentence in examples if sentence.intent != UNKNOWN for word in sentence.text.split()
            )
            | FRAGMENT_WORDS
        )
        self._lock = threading.Lock()
        self._held: tuple[Names, Speller] | None = None

    @classmethod
    def load(cls, cache_dir: Path | None = None) -> Parser:
        """The parser for the tools as they are; trains its classifier where no cached one fits."""
        folder = cache_dir or default_cache()
        tools = all_tools()
        examples = sentences(tools)
        encoder = load_encoder(folder)
        return cls(load_classifier(examples, encoder, folder), tools, examples, Families(encoder, folder))

    @property
    def description(self) -> str:
        """What it runs on, in a few words."""
        encoder = self._classifier.encoder
        return f"sentence encoder: {encoder.engine}" if encoder else "no sentence encoder: n-grams only"

    def nearest(self, words: str, catalogue: Catalogue, limit: int = 3) -> tuple[str, ...]:
        """SKUs of the products that the words may mean, best first."""
        return search(words, self._names(catalogue)[0].products, limit)

    def index(self, catalogue: Catalogue) -> None:
        """Prepare for a catalogue ahead of its first message."""
        self._names(catalogue)

    def _names(self, catalogue: Catalogue) -> tuple[Names, Speller]:
        held = self._held
        if held is not None and held[0].catalogue is catalogue:
            return held
        with self._lock:
            held = self._held
            if held is None or held[0].catalogue is not catalogue:
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
        words, fixes = speller.mend(words, names.code_places(words, cleaned))
        if not words:
            return Understanding((Request(Parse(UNKNOWN, 1.0)),))
        tags = names.tag(cleaned, words, now.date())
        context = Context(names, memory)
        whole = self._part(tags, (0, len(words)), context, None)
        if whole.remembered:
            return Understanding(self._requests(whole, tags, names), fixes)
        best = whole.candidates[0]
        judge = partial(self._judge, tags, context)
        spans = self._splitter.split(tags, (0, len(words)), (best.intent, best.confidence), judge)
        if len(spans) == 1:
            return Understanding(self._requests(whole, tags, names), fixes)
        return Understanding(self._several(spans, tags, names, memory), fixes)

    def _judge(self, tags: Tags, context: Context, spans: Sequence[Span]) -> list[tuple[str, float]]:
        """The likeliest intent of each part of a message."""
        scores = self._classifier.many([context.named(tags.masked(*span)) for span in spans])
        best = [
            rank(score, self._tools, tags, span, context)[0]
            for score, span in zip(scores, spans, strict=True)
        ]
        return [(candidate.intent, candidate.confidence) for candidate in best]

    def _several(
        self, spans: tuple[Span, ...], tags: Tags, names: Names, memory: Memory
    ) -> tuple[Request, ...]:
        """The requests of a message with several; each may lean on those before it."""
        out: list[Request] = []
        for number, span in enumerate(spans):
            context = Context(names, memory if not number else replace(memory, pending=None, options=()))
            part = self._part(tags, span, context, None)
            requests = self._requests(part, tags, names)
            out.extend(requests)
            memory = self.remember(memory, Understanding(requests))
        wanted = [request for request in out if request.parse.intent not in COURTESY]
        return tuple(wanted or out)

    def _part(self, tags: Tags, span: Span, context: Context, scores: Mapping[str, float] | None) -> _Part:
        fragment = context.fragment(tags, span, self._tools.get)
        if fragment is not None:
            intent = context.intent
            return _Part(
                span, (Candidate(intent, FRAGMENT_CONFIDENCE, fragment),), {intent: 1.0}, remembered=True
            )
        scores = scores or self._classifier.scores(context.named(tags.masked(*span)))
        candidates = rank(scores, self._tools, tags, span, context)
        return _Part(span, candidates, scores)

    def remember(self, memory: Memory, understanding: Understanding) -> Memory:
        """The memory after a message whose tools were not run: what is incomplete waits for its slot."""
        incomplete = {}
        for parse in understanding.parses:
            tool = self._tools.get(parse.intent)
            missing = tool.missing(parse.slots) if tool else None
            if missing:
                incomplete[parse.intent] = missing
        return after(memory, understanding, incomplete)

    def _requests(self, part: _Part, tags: Tags, names: Names) -> tuple[Request, ...]:
        """The part's request; one for each product where each has its own amount."""
        best = part.candidates[0]
        tool = self._tools.get(best.intent)
        inside = tags.within(*part.span)
        shared = pairs(inside, tool)
        if not shared or part.remembered:
            return (self._request(part, best.filled, tags, names),)
        reading = Reading(best.intent, tool.slot_kinds if tool else {}, inside, *part.span, names.catalogue)
        out = []
        for pair in shared:
            own = fill_pair(reading, best.filled, pair.amount, pair.mention)
            out.append(self._request(part, own, tags, names))
        return tuple(out)

    def _request(self, part: _Part, filled: Filled, tags: Tags, names: Names) -> Request:
        best, *others = part.candidates
        unexplained = self._unexplained(part, tags)
        tool = self._tools.get(best.intent)
        open_product = (
            tool is not None
            and "products" in tool.slot_kinds
            and not {"products", "category"} & set(filled.slots)
        )
        return Request(
            parse=Parse(best.intent, round(best.confidence, 4), dict(filled.slots)),
            alternatives=tuple(_parse(candidate) for candidate in others[:SHOWN_ALTERNATIVES]),
            unexplained=unexplained,
            mentions=_heard(filled, tags),
            unknown_product=" ".join(unexplained) if open_product else "",
            out_of_scope=self._families.answer(" ".join(tags.words[at].text for at in range(*part.span)))
            if best.intent == UNKNOWN
            else "",
        )

    def _unexplained(self, part: _Part, tags: Tags) -> tuple[str, ...]:
        """Content words that neither a tag nor the language of requests accounts for."""
        covered = tags.within(*part.span).covered()
        return tuple(
            tags.low(at)
            for at in range(*part.span)
            if at not in covered and tags.low(at).isalpha() and len(tags.low(at)) > 2
            and tags.low(at) not in self._requests_words and tags.words[at].stem not in self._requests_words
        )  # fmt: skip


def _heard(filled: Filled, tags: Tags) -> dict[str, Heard]:
    out = {}
    for slot in filled.slots:
        used = filled.used.get(slot, ())
        words = " ".join(tags.text[tags.words[tag.start].start : tags.words[tag.end - 1].end] for tag in used)
        how = "words"
        for tag in used:
            how = tag.how if isinstance(tag, Mention) else "name" if isinstance(tag, Entity) else how
        out[slot] = Heard(
            words,
            filled.ambiguous.get(slot, ()),
            how if used else "memory" if slot in _INHERITED else "words",
        )
    for slot, codes in filled.ambiguous.items():
        out.setdefault(slot, Heard("", codes, "name"))
    return out


_INHERITED = frozenset(
    {"products", "category", "location", "supplier", "customer", "order", "po", "period", "vehicle", "sensor"}
)


def _parse(candidate: Candidate) -> Parse:
    return Parse(candidate.intent, round(candidate.confidence, 4), dict(candidate.filled.slots))
