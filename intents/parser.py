"""The one public door of understanding: a message in, requests out."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from intents.asserted import deed_left_out, unasserted
from intents.classify import Classifier, Head
from intents.context import Memory, after
from intents.ellipsis import counts_the_unsaid
from intents.families import Families
from intents.followups import FRAGMENT_WORDS, Context
from intents.hearing import adds_only, besides, heard_slots, other_days, other_places, unknown_name
from intents.manners import core, heard
from intents.model import Model, load_model
from intents.model_files import default_cache
from intents.near_misses import near_misses
from intents.numerals import NUMBER_WORDS
from intents.periods import TIME_WORDS
from intents.quantities import UNITS
from intents.ranking import Candidate, calibrated, rank
from intents.reading import Filled, Reading
from intents.relative_periods import with_relative_periods
from intents.search import search
from intents.segments import Span, Splitter, Verdict, pairs
from intents.shares import fan_out, fill_pairs
from intents.spelling import Speller
from intents.spoken_codes import written
from intents.tags import Names, Tags
from intents.telling import Telling, leaning, one_deed
from intents.templates import UNKNOWN
from intents.understanding import Request, Understanding
from intents.words import clean, within_reach, words_of
from tools.kit import Parse
from tools.kit.slots import Kind
from tools.store import Catalogue

SHOWN_ALTERNATIVES = 3
FRAGMENT_CONFIDENCE = 0.95
# What a part of a message wants shows in its beginning; longer ones cost time and tell no more.
WORDS_JUDGED = 30
# Below the first a reading is doubtful enough to try others; one with things left unsaid is never surer
# than the second.
UNSURE, SURE_ANYWAY, GUESSED_SHARE = 0.6, 0.8, 0.85
MOST_REMEMBERED = 2_000
THING_SURE, THING_HINT, THING_SHARE = 0.85, 0.08, 0.7
UNREAD_SHOWN = 3
# Stands for a product's name where only the words around it are judged.
GOODS = "goods"
COURTESY = frozenset({"meta.greet", "meta.thanks", "meta.affirm", "meta.deny"})


@dataclass(frozen=True)
class _Part:
    """One part of a message with its readings; ``remembered`` where it only adds to what was said before.

    ``tags`` are the whole message's, with what points back in this part resolved.
    """

    span: Span
    tags: Tags
    candidates: tuple[Candidate, ...]
    remembered: bool = False

    @property
    def verdict(self) -> Verdict:
        """The best reading as the splitter weighs it."""
        return _verdict(self.candidates[0])


@dataclass(frozen=True)
class _Turn:
    """A message under way: its tags, the names they come from, the memory so far."""

    tags: Tags
    names: Names
    memory: Memory
    today: date

    @property
    def context(self) -> Context:
        return Context(self.names, self.memory)


class Parser:
    """Understands messages.  Built once; safe to use from several threads."""

    def __init__(self, model: Model, families: Families) -> None:
        self._classifier = model.classifier
        self._families = families
        self._tools = model.tools
        self._telling = Telling(model.tools)
        self._language = model.language
        self._splitter = Splitter(model.language.starters)
        self._spoken = model.language.spoken | FRAGMENT_WORDS
        encoder = model.classifier.encoder
        self._english = encoder.word_pieces() if encoder else frozenset[str]()
        self._lock = threading.Lock()
        self._held: tuple[Names, Speller] | None = None
        self._judged: dict[str, Mapping[str, float]] = {}

    @classmethod
    def load(cls, cache_dir: Path | None = None) -> Parser:
        """The parser for the tools as they are; trains its classifier where no cached one fits."""
        model = load_model(cache_dir)
        return cls(model, Families(model.classifier.encoder, cache_dir or default_cache()))

    @property
    def description(self) -> str:
        """What it runs on, in a few words."""
        encoder = self._classifier.encoder
        return f"sentence encoder: {encoder.engine}" if encoder else "no sentence encoder: n-grams only"

    def nearest(self, words: str, catalogue: Catalogue, limit: int = 3) -> tuple[str, ...]:
        """SKUs of the products that the words may mean, best first."""
        return search(words, self._indexed(catalogue)[0].products, limit)

    def index(self, catalogue: Catalogue) -> None:
        """Prepare for a catalogue ahead of its first message."""
        self._indexed(catalogue)

    def tagged(self, text: str, *, catalogue: Catalogue, now: datetime) -> tuple[Tags, Names]:
        """All that a text names, whatever it wants, and the names that it was read with."""
        names, speller = self._indexed(catalogue)
        cleaned = clean(text)
        words = words_of(cleaned)
        words, _ = speller.mend(words, names.code_places(words, cleaned))
        return names.tag(cleaned, words, now.date()), names

    @property
    def head(self) -> Head:
        """What its classifier learned."""
        return self._classifier.head

    @property
    def request_words(self) -> frozenset[str]:
        """The words that requests are made of."""
        return self._spoken

    def with_head(self, head: Head) -> Parser:
        """The same understanding with another trained head."""
        other = copy(self)
        other._classifier = Classifier(self._classifier.encoder, head)
        other._lock = threading.Lock()
        return other

    def _indexed(self, catalogue: Catalogue) -> tuple[Names, Speller]:
        held = self._held
        if held is not None and held[0].catalogue is catalogue:
            return held
        with self._lock:
            held = self._held
            if held is None or held[0].catalogue is not catalogue:
                held = self._held = self._build(catalogue)
        return held

    def _build(self, catalogue: Catalogue) -> tuple[Names, Speller]:
        names = Names(catalogue, self._language.weak, self._spoken)
        of_names = names.products.spellings | names.others.spellings() | names.taught.spellings
        known = of_names | TIME_WORDS | NUMBER_WORDS | set(UNITS)
        return names, Speller(self._language.counts, known, self._english, self._language.spoken)

    def read(self, text: str, memory: Memory, *, catalogue: Catalogue, now: datetime) -> Understanding:
        """What the message asks for, given what was said before."""
        names, speller = self._indexed(catalogue)
        cleaned, unread = within_reach(clean(text))
        if unread:
            read = self.read(cleaned, memory, catalogue=catalogue, now=now)
            doubted = tuple(self._beside(one, unread.split()[:UNREAD_SHOWN]) for one in read.requests)
            return replace(read, requests=doubted, left_out=f"{read.left_out} {unread}".strip())
        words = words_of(cleaned)
        if not words:
            return Understanding((Request(Parse(UNKNOWN, 1.0)),))
        words, fixes = speller.mend(heard(words), names.code_places(heard(words), cleaned))
        words = written(words, names.numbers.known)
        tags = names.tag(cleaned, words, now.date())
        turn = _Turn(with_relative_periods(tags, _period_spoken_of(memory)), names, memory, now.date())
        whole = self._part(turn, core(words))
        if whole.remembered:
            return Understanding(self._requests(whole, turn), fixes)
        spans = self._splitter.split(whole.tags, whole.span, whole.verdict, partial(self._judge, turn))
        if len(spans) == 1:
            return Understanding(self._requests(whole, turn), fixes)
        spans, rest = self._splitter.within_reason(whole.tags, spans)
        left_out = cleaned[words[rest[0]].start : words[rest[1] - 1].end] if rest else ""
        return Understanding(self._several(spans, turn, left_out.split()[:UNREAD_SHOWN]), fixes, left_out)

    def remember(self, memory: Memory, understanding: Understanding) -> Memory:
        """The memory after a message whose tools were not run: what is incomplete waits for its slot."""
        incomplete = {}
        for parse in understanding.parses:
            tool = self._tools.get(parse.intent)
            missing = tool.missing(parse.slots) if tool else None
            if missing:
                incomplete[parse.intent] = missing
        return after(memory, understanding, incomplete)

    def _judge(self, turn: _Turn, spans: Sequence[Span]) -> list[Verdict]:
        """The likeliest intent of each part of a message."""
        context = turn.context
        starts = [(span[0], min(span[1], span[0] + WORDS_JUDGED)) for span in spans]
        scores = self._scores(
            [context.before(turn.tags, start[0]).compared(turn.tags, start) for start in starts]
        )
        best = [
            rank(score, self._tools, turn.tags, span, context.before(turn.tags, span[0]))[0]
            for score, span in zip(scores, spans, strict=True)
        ]
        return [_verdict(candidate) for candidate in best]

    def _several(
        self, spans: tuple[Span, ...], turn: _Turn, unread: Sequence[str] = ()
    ) -> tuple[Request, ...]:
        """The requests of a message with several; each may lean on those before it."""
        out: list[Request] = []
        idle = list(unread)
        for span in spans:
            requests = leaning(self._requests(self._part(turn, span), turn), out)
            out.extend(requests)
            idle.extend(self._telling.idle(requests[0], turn.tags, span))
            memory = self.remember(turn.memory, Understanding(requests))
            turn = replace(turn, memory=replace(memory, pending=None, options=()))
        wanted = [request for request in one_deed(out) if request.parse.intent not in COURTESY]
        return tuple(self._beside(request, idle) for request in wanted or out)

    def _beside(self, request: Request, idle: Sequence[str]) -> Request:
        """A change beside words that are no request ("just testing, sold 3") is not told plainly."""
        tool = self._tools.get(request.parse.intent)
        if tool is None or not tool.writes or not idle:
            return request
        return replace(request, unexplained=(*idle, *request.unexplained))

    def _part(self, turn: _Turn, span: Span) -> _Part:
        context = turn.context
        fragment = context.fragment(turn.tags, span, self._tools.get)
        if fragment is not None:
            intent = str(fragment.slots.pop("intent", context.intent))  # a chosen reading brings its own
            candidate = Candidate(intent, FRAGMENT_CONFIDENCE, fragment)
            return _Part(span, turn.tags, (candidate,), remembered=True)
        tags = context.resolved(turn.tags, span)
        scores = self._scores([context.compared(tags, span)])[0]
        candidates = rank(scores, self._tools, tags, span, context)
        if candidates[0].intent == UNKNOWN or candidates[0].confidence < UNSURE:
            candidates = self._about_what_goes_without_saying(tags, span, context) or candidates
        if candidates[0].intent == UNKNOWN and not tags.within(*span).mentions:
            candidates = self._about_an_unknown_thing(replace(turn, tags=tags), span, scores) or candidates
        return _Part(span, tags, candidates)

    def _about_what_goes_without_saying(
        self, tags: Tags, span: Span, context: Context
    ) -> tuple[Candidate, ...] | None:
        """The reading in which goods are meant that were not named, as in "we broke 2", "and the price?"."""
        text = context.completed(tags, span)
        if not text:
            return None
        ranked = rank(self._scores([text])[0], self._tools, tags, span, context)
        tool = self._tools.get(ranked[0].intent)
        counted = counts_the_unsaid(tags, span)
        if tool is None or "products" not in tool.slot_kinds or tool.writes != counted:
            return None
        if ranked[0].confidence < (UNSURE if counted else SURE_ANYWAY):
            return None
        return tuple(replace(one, confidence=GUESSED_SHARE * one.confidence) for one in ranked)

    def _scores(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """The classifier's word on several texts; those judged before are not judged again."""
        known = self._judged
        new = [text for text in dict.fromkeys(texts) if text not in known]
        found = dict(zip(new, self._classifier.many(new), strict=True)) if new else {}
        out = [found[text] if text in found else known[text] for text in texts]
        if len(known) + len(found) > MOST_REMEMBERED:
            self._judged = {}
        self._judged.update(found)
        return out

    def _about_an_unknown_thing(
        self, turn: _Turn, span: Span, scores: Mapping[str, float]
    ) -> tuple[Candidate, ...] | None:
        """The reading in which the strange words are a product that the shop does not carry."""
        thing = turn.names.strange_run(turn.tags, span)
        if thing is None:
            return None
        as_goods = self._scores([turn.tags.masked(*span, thing=thing)])[0]
        intent, share = next(iter(as_goods.items()))
        tool = self._tools.get(intent)
        if (
            tool is None
            or "products" not in tool.slot_kinds
            or share < THING_SURE
            or scores[intent] < THING_HINT
        ):
            return None
        ranked = rank(as_goods, self._tools, turn.tags, span, turn.context)
        return tuple(replace(one, confidence=THING_SHARE * one.confidence) for one in ranked)

    def _requests(self, part: _Part, turn: _Turn) -> tuple[Request, ...]:
        """The part's request; one for each product where each has its own amount."""
        best = part.candidates[0]
        tool = self._tools.get(best.intent)
        inside = part.tags.within(*part.span)
        shared = () if part.remembered else pairs(inside, tool)
        if tool is None:
            return (self._request(part, best.filled, turn),)
        reading = Reading(best.intent, tool.slot_kinds, inside, *part.span, turn.names.catalogue)
        each = fill_pairs(reading, best.filled, shared) if shared else ()
        if not each and not part.remembered:
            each = fan_out(reading, best.filled, tool)
        return tuple(self._request(part, filled, turn) for filled in each or (best.filled,))

    def _request(self, part: _Part, filled: Filled, turn: _Turn) -> Request:
        best, *others = part.candidates
        tags = part.tags
        unexplained = self._unexplained(part.span, tags)
        untold = self._telling.untold(best.intent, tags, part.span, filled, fragment=part.remembered)
        name = unknown_name(tags, part.span, unexplained, self._tools.get(best.intent))
        if not filled.used.get(name[0]):  # somebody else than the one spoken of before
            filled.slots.pop(name[0], None)
        misspelt = near_misses(tags.within(*part.span), filled, turn.names.products)
        return Request(
            parse=replace(_parse(best, remembered=part.remembered), slots=dict(filled.slots)),
            alternatives=tuple(_parse(candidate) for candidate in others[:SHOWN_ALTERNATIVES]),
            unexplained=(
                *((*untold, *misspelt) if self._telling.tells(best.intent) else unexplained),
                *other_places(filled, tags.within(*part.span)),
            ),
            mentions=heard_slots(filled, tags),
            unknown_product=self._unknown_product(part, filled, besides(unexplained, name), turn),
            out_of_scope=self._turned_down(part.span, tags) if best.intent == UNKNOWN else "",
            unasserted=_unasserted(part.span, tags, best.intent),
            follows=part.remembered,
            unknown_name=name,
            other_days="" if part.remembered else other_days(filled, tags.within(*part.span), turn.today),
        )

    def _turned_down(self, span: Span, tags: Tags) -> str:
        if adds_only(tags, span):
            return ""
        end = min(span[1], span[0] + WORDS_JUDGED)
        people = {at for tag in tags.of(Kind.CUSTOMER) for at in range(tag.start, tag.end)}
        told = (tags.words[at].text for at in range(span[0], end) if at not in people)
        return self._families.answer(" ".join(told))

    def _unknown_product(self, part: _Part, filled: Filled, unexplained: Sequence[str], turn: _Turn) -> str:
        """The words for a product that the shop does not have, also where they stand beside known ones."""
        intent = part.candidates[0].intent
        if self._lacks_product(intent, filled.slots):
            return " ".join(unexplained)
        tool = self._tools.get(intent)
        if tool is None or Kind.TEXT in tool.slot_kinds.values():  # remarks may tell of anything
            return ""
        used = {id(tag) for slot in ("products", "category") for tag in filled.used.get(slot, ())}
        inside = part.tags.within(*part.span)
        own = tuple(mention for mention in inside.mentions if id(mention) in used)
        return turn.names.unknown(replace(inside, mentions=own))

    def _lacks_product(self, intent: str, slots: Mapping[str, object]) -> bool:
        tool = self._tools.get(intent)
        return (
            tool is not None and "products" in tool.slot_kinds and not {"products", "category"} & set(slots)
        )

    def _unexplained(self, span: Span, tags: Tags) -> tuple[str, ...]:
        """Content words that neither a tag nor the language of requests accounts for."""
        covered = tags.within(*span).covered()
        open_words = (tags.words[at] for at in range(*span) if at not in covered)
        return tuple(
            word.low
            for word in open_words
            if word.low.isalpha() and len(word.low) > 2 and not {word.low, word.stem} & self._spoken
        )


def _verdict(candidate: Candidate) -> Verdict:
    return Verdict(candidate.intent, candidate.confidence, candidate.filled.slots)


def _period_spoken_of(memory: Memory) -> object:
    frame = memory.frame
    return (frame.slots.get("period") if frame else None) or memory.topic.get("period")


def _unasserted(span: Span, tags: Tags, intent: str) -> str:
    """What shows that nothing is told; words within a product's name ("Plant Stand") tell of nothing."""
    named = {at for mention in tags.mentions for at in range(mention.start, mention.end)}
    said = " ".join(GOODS if at in named else tags.low(at) for at in range(*span))
    return unasserted(deed_left_out(said, intent), question_mark=tags.low(span[1]) == "?")


def _parse(candidate: Candidate, *, remembered: bool = False) -> Parse:
    sure = candidate.confidence if remembered else calibrated(candidate.confidence)
    return Parse(candidate.intent, round(sure, 4), dict(candidate.filled.slots))
