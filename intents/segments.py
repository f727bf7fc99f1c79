"""Several requests in one message: where one ends and the next begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from intents.mentions import Mention
from intents.quantities import Amount
from intents.readers import EXPIRY
from intents.retold import whole_note
from intents.tags import Tags
from intents.templates import UNKNOWN, Sentence
from tools.kit import Tool
from tools.kit.slots import Kind

Span = tuple[int, int]
Bounds = tuple[int, int, int, int]
"""Where a stretch of words begins and ends, where its left part ends and its right part begins."""

JOINTS = frozenset(
    {"and", "n", "&", "then", "also", "plus", ";", ".", "?", "!", ",", "but", "so", "...", "-", ":", "+"}
)
STOPS = frozenset({".", "?", "!", ";"})
_FILLERS = frozenset({"and", "also", "then", "please", "pls", "n", "&", "plus", "but", "so", "ok", "oh",
    "btw", ",", ".", "?", "!", ";", "+", "...", "-"})  # fmt: skip
_COURTESY = frozenset({"meta.greet", "meta.thanks", "meta.affirm", "meta.deny"})
_WHOLE = frozenset({"feedback.add"})
_SURE = 0.5
_VERY_SURE, _STANDS_ALONE = 0.75, 0.6
SURE_OF_ONE = 0.9
LEAST_OUT_OF_SCOPE = 4
MOST_JOINTS = 5
# Of longer stretches only the next joint is judged, so that no message takes long.
LONG = 40
# Of a longer message the rest is left out, and said to be: judging parts takes time.
MOST_REQUESTS = 8


def starters(examples: Sequence[Sentence]) -> frozenset[str]:
    """The words that requests begin with."""
    counts = Counter(
        sentence.text.split()[0] for sentence in examples if sentence.intent != UNKNOWN and sentence.text
    )
    usual = (word for word, count in counts.items() if count > 3 and word.isalpha() and word not in _NO_START)
    return frozenset(usual) | {
        "order", "what", "how", "when", "who", "which", "whats", "hows", "whens", "tell", "status", "confirm",
        "broke", "bin", "its", "their",
    }  # fmt: skip


_QUESTION_VERBS = frozenset({"is", "are", "was", "were", "do", "does", "did", "has", "have", "can"})
_NO_START = frozenset({
    "items", "riverside", "bloggs", "mrs", "12", "order", "po", "the", "a", "an", "of", "and", "at", "for",
    "from", "in", "on", "to", "by", "with", "till", "until", "my", "our", "new", "no", "not", "end", "last",
    "this", "that", "some", "days", "number", "low", "per", "all", "it", "them", "off", "out", "is",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a part of a message is judged to want, how surely, and what of."""

    intent: str
    sure: float
    slots: Mapping[str, Any] = field(default_factory=dict)


Judge = Callable[[Sequence[Span]], Sequence[Verdict]]
# One of these told differently on both sides makes two requests of one kind.
_APART = frozenset({
    "location", "source", "destination", "period", "supplier", "customer", "vehicle", "order", "po", "field",
})  # fmt: skip


@dataclass(frozen=True)
class Splitter:
    """Splits messages by having both sides of each joint judged: which intent, and how surely."""

    starters: frozenset[str]

    def split(
        self, tags: Tags, span: Span, whole: Verdict, judge: Judge, most: int = MOST_REQUESTS
    ) -> tuple[Span, ...]:
        """The parts of a message, each a request of its own; one part where it is a single request."""
        if most < 2 or (whole.intent in _WHOLE and whole.sure > 0.35):
            return (span,)
        if whole_note(whole.intent, tags, span):
            return (span,)
        most_joints = MOST_JOINTS if span[1] - span[0] <= LONG else 1
        joints = self.joints(tags, span, named=whole.sure < SURE_OF_ONE)[:most_joints]
        if not joints:
            return (span,)
        verdicts = judge([part for joint in joints for part in ((span[0], joint[0]), (joint[1], span[1]))])
        best: tuple[float, int] | None = None
        for at, joint in enumerate(joints):
            worth = _worth(verdicts[2 * at], verdicts[2 * at + 1], whole, tags, (*span, *joint))
            if worth and (best is None or worth > best[0]):
                best = worth, at
        if best is None:
            return (span,)
        at = best[1]
        left, right = (span[0], joints[at][0]), (joints[at][1], span[1])
        before = self.split(tags, left, verdicts[2 * at], judge, most - 1)
        after = self.split(tags, right, verdicts[2 * at + 1], judge, most - len(before))
        topic = tags.low(joints[at][0]) == "," and not tags.within(*after[0]).mentions  # "chai, reorder 24"
        if _only_names(tags, after[0]) or (topic and _only_names(tags, before[-1])):
            return (*before[:-1], (before[-1][0], after[0][1]), *after[1:])
        return (*before, *after)

    def within_reason(self, tags: Tags, spans: tuple[Span, ...]) -> tuple[tuple[Span, ...], Span | None]:
        """The parts that one message may have, and the words beyond them, if any."""
        more = self.joints(tags, spans[-1]) if len(spans) == MOST_REQUESTS else []
        if not more:
            return spans, None
        first, last = spans[-1]
        return (*spans[:-1], (first, more[0][0])), (more[0][1], last)

    def joints(self, tags: Tags, span: Span, *, named: bool = False) -> list[Span]:
        """Places between words where a request may end, with where the next would begin.

        ``named`` also where a name follows a comma.
        """
        covered = tags.covered()
        out = []
        for at in range(span[0] + 1, span[1] - 1):
            if tags.low(at) not in JOINTS or at in covered or tags.low(at - 1) in JOINTS:
                continue
            begin = at
            while begin < span[1] and tags.low(begin) in _FILLERS and begin not in covered:
                begin += 1
            hesitation = tags.low(at) == "." and tags.low(at + 1) == "."
            if span[1] - begin >= 2 and not hesitation and self._begins(tags, at, begin, named=named):
                out.append((at, begin))
        return out

    def _begins(self, tags: Tags, at: int, begin: int, *, named: bool) -> bool:
        if tags.low(begin) in EXPIRY and _dates(tags, begin):  # "lot 5, best before 2 april"
            return False
        if tags.low(begin) in self.starters or any(tag.start == begin for tag in tags.references):
            return True
        if begin - at > 1 and tags.low(begin) in _QUESTION_VERBS:  # ", and is anyone cheaper"
            return True
        starts = {mention.start for mention in tags.mentions} | {tag.start for tag in tags.entities}
        return (tags.low(at) in STOPS and at + 1 == begin) or (
            named and begin in starts and tags.low(at) == ","
        )


def _dates(tags: Tags, begin: int) -> bool:
    return tags.low(begin + 1) in EXPIRY or any(tag.start == begin + 1 for tag in tags.periods)


def _only_names(tags: Tags, span: Span) -> bool:
    """Whether there is nothing but goods, which belong to what was asked before ("stock of X & Y pls")."""
    named = {at for mention in tags.within(*span).mentions for at in range(mention.start, mention.end)}
    return bool(named) and all(at in named or tags.low(at) in _FILLERS for at in range(*span))


def _worth(left: Verdict, right: Verdict, whole: Verdict, tags: Tags, at: Bounds) -> float | None:
    """How good a split is, or None where it is none."""
    least = min(left.sure, right.sure)
    if left.intent in _COURTESY or right.intent in _COURTESY or least < _SURE:
        return None
    if left.intent == right.intent and not _apart(left, right):
        return None
    if left.intent == "po.receive" and right.intent == "stock.receive" and "quantity" not in right.slots:
        return None  # "PO 12 came, milk lot 7, butter lot 8": the lots are of the order's goods
    if UNKNOWN in (left.intent, right.intent) and not _unknown_apart(left, right, tags, at):
        return None
    left_tags, right_tags = tags.within(at[0], at[2]).all(), tags.within(at[3], at[1]).all()
    told_more = tags.low(at[3]) in _GOING_ON
    least_sure = -1.0 if told_more else least
    if (
        (told_more or not right_tags)
        and tags.low(at[2]) == ","
        and _ends_the_whole(left, right, whole, least_sure)
    ):
        return None
    if (not right_tags and right.sure < _STANDS_ALONE) or (not left_tags and left.sure < _VERY_SURE):
        return None
    if whole.intent in (left.intent, right.intent) and whole.sure > SURE_OF_ONE and least < _STANDS_ALONE:
        return None
    return left.sure * right.sure


def _apart(left: Verdict, right: Verdict) -> bool:
    """Whether two requests of one kind are about different places, times, orders or facts."""
    both = _APART & set(left.slots) & set(right.slots)
    return any(left.slots[slot] != right.slots[slot] for slot in both)


_GOING_ON = frozenset({"they", "theyre", "it", "its", "those", "these"})


def _ends_the_whole(left: Verdict, right: Verdict, whole: Verdict, least: float) -> bool:
    """Whether words behind a comma only end what the whole asks ("here's a picture, are they alright")."""
    one = whole.intent in (left.intent, right.intent) and whole.sure > _STANDS_ALONE
    return one and least < SURE_OF_ONE


_REMARKS = frozenset({
    "theres", "there", "ive", "weve", "im", "its", "she", "he", "they", "shes", "hes", "theyre", "sorry",
    "thats", "this", "everyone", "nobody", "somebody", "just",
})  # fmt: skip
_ASKING = frozenset({
    "how", "what", "whats", "when", "whens", "where", "wheres", "who", "whos", "which", "why", "can", "could",
    "will", "would", "do", "does", "did", "is", "are", "has", "have", "should", "please", "pls", "need",
})  # fmt: skip
_WANTED = frozenset({"need", "want", "like", "wants", "needs", "wondering"})


def _unknown_apart(left: Verdict, right: Verdict, tags: Tags, at: Bounds) -> bool:
    """Whether the side that is out of scope is a request by itself and no remark beside the other one."""
    start, end = (at[0], at[2]) if left.intent == UNKNOWN else (at[3], at[1])
    said = {tags.low(place) for place in range(start, min(start + 4, end))}
    remark = tags.low(start) in _REMARKS and not said & _WANTED and tags.low(end) != "?"
    if tags.low(at[2]) == "," and at[3] == at[2] + 1 and not said & _ASKING and tags.low(end) != "?":
        return False
    return min(left.sure, right.sure) >= 0.9 and end - start >= LEAST_OUT_OF_SCOPE and not remark


@dataclass(frozen=True, slots=True)
class Pair:
    """One product with its own amount, as in "4 colas and 2 kombuchas"."""

    amount: Amount
    mention: Mention


def pairs(tags: Tags, tool: Tool | None) -> tuple[Pair, ...]:
    """The products with amounts of their own, where there are several; else nothing."""
    if tool is None or Kind.QUANTITY not in tool.slot_kinds.values() or "products" not in tool.slot_kinds:
        return ()
    counts = [
        amount for amount in tags.amounts if amount.kind == "count" and tags.low(amount.start - 1) != "not"
    ]
    if len(tags.mentions) < 2 or not (counts or tool.writes):
        return ()
    counts = sorted([*counts, *_articles(tags, counts)], key=lambda amount: amount.start)
    if len(counts) < 2:
        return ()
    ahead = [_pair_ahead(tags, amount) for amount in counts]
    behind = [_pair_behind(tags, amount) for amount in counts]
    for found in (ahead, behind):
        complete = [pair for pair in found if pair is not None]
        if len(complete) == len(tags.mentions) and len({pair.mention.start for pair in complete}) > 1:
            return tuple(complete)
    return ()


def _articles(tags: Tags, counts: Sequence[Amount]) -> list[Amount]:
    """The articles that count one, beside numbers that count others ("3 lemons and a loaf")."""
    taken = {at for amount in counts for at in range(amount.start, amount.end)}
    before = [mention.start - 1 for mention in tags.mentions]
    return [
        Amount(at, at + 1, Decimal(1), "count")
        for at in before
        if at not in taken and tags.low(at) in ("a", "an", "another", "one")
    ]


def _pair_ahead(tags: Tags, amount: Amount) -> Pair | None:
    """As in "4 colas": the product follows its amount."""
    for mention in tags.mentions:
        if 0 <= mention.start - amount.end <= 2 and not _joint_between(tags, amount.end, mention.start):
            return Pair(amount, mention)
    return None


def _pair_behind(tags: Tags, amount: Amount) -> Pair | None:
    """As in "colas x 4": the amount follows its product."""
    for mention in tags.mentions:
        if 0 <= amount.start - mention.end <= 2 and not _joint_between(tags, mention.end, amount.start):
            return Pair(amount, mention)
    return None


def _joint_between(tags: Tags, start: int, end: int) -> bool:
    return any(tags.low(at) in ("and", "&", ".", ";", "n", "plus") for at in range(start, end))
