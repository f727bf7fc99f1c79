"""Several requests in one message: where one ends and the next begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from intents.mentions import Mention
from intents.quantities import Amount
from intents.tags import Tags
from intents.templates import UNKNOWN, Sentence
from tools.kit import Tool
from tools.kit.slots import Kind

Span = tuple[int, int]

JOINTS = frozenset(
    {"and", "n", "&", "then", "also", "plus", ";", ".", "?", "!", ",", "but", "...", "-", ":", "+"}
)
STOPS = frozenset({".", "?", "!", ";"})
_FILLERS = frozenset({"and", "also", "then", "please", "pls", "n", "&", "plus", "but", "so", "ok", "oh",
    "btw", ",", ".", "?", "!", ";", "+", "...", "-"})  # fmt: skip
_COURTESY = frozenset({"meta.greet", "meta.thanks", "meta.affirm", "meta.deny"})
_WHOLE = frozenset({"feedback.add"})
_SURE = 0.5
_VERY_SURE = 0.75
MOST_JOINTS = 5
# Of a longer message the rest stays with the last request: judging parts takes time.
MOST_REQUESTS = 8


def starters(examples: Sequence[Sentence]) -> frozenset[str]:
    """The words that requests begin with."""
    counts = Counter(
        sentence.text.split()[0] for sentence in examples if sentence.intent != UNKNOWN and sentence.text
    )
    masks = {"items", "riverside", "bloggs", "mrs", "12", "order", "po", "the", "a", "of", "and"}
    usual = (word for word, count in counts.items() if count > 7 and word.isalpha() and word not in masks)
    return frozenset(usual) | {
        "order", "what", "how", "when", "who", "which", "whats", "hows", "whens", "tell",
    }  # fmt: skip


Verdict = tuple[str, float]
Judge = Callable[[Sequence[Span]], Sequence[Verdict]]


@dataclass(frozen=True)
class Splitter:
    """Splits messages by having both sides of each joint judged: which intent, and how surely."""

    starters: frozenset[str]

    def split(
        self, tags: Tags, span: Span, whole: Verdict, judge: Judge, most: int = MOST_REQUESTS
    ) -> tuple[Span, ...]:
        """The parts of a message, each a request of its own; one part where it is a single request."""
        if most < 2 or (whole[0] in _WHOLE and whole[1] > 0.35):
            return (span,)
        joints = self._joints(tags, span)[:MOST_JOINTS]
        if not joints:
            return (span,)
        verdicts = judge([part for joint in joints for part in ((span[0], joint[0]), (joint[1], span[1]))])
        best: tuple[float, int] | None = None
        for at, joint in enumerate(joints):
            worth = _worth(verdicts[2 * at], verdicts[2 * at + 1], whole, tags, span, joint)
            if worth and (best is None or worth > best[0]):
                best = worth, at
        if best is None:
            return (span,)
        at = best[1]
        left, right = (span[0], joints[at][0]), (joints[at][1], span[1])
        before = self.split(tags, left, verdicts[2 * at], judge, most - 1)
        return (*before, *self.split(tags, right, verdicts[2 * at + 1], judge, most - len(before)))

    def _joints(self, tags: Tags, span: Span) -> list[Span]:
        """Places between words where a request may end, with where the next would begin."""
        covered = tags.covered()
        out = []
        for at in range(span[0] + 1, span[1] - 1):
            if tags.low(at) not in JOINTS or at in covered or tags.low(at - 1) in JOINTS:
                continue
            begin = at
            while begin < span[1] and tags.low(begin) in _FILLERS and begin not in covered:
                begin += 1
            hesitation = tags.low(at) == "." and tags.low(at + 1) == "."
            if span[1] - begin >= 2 and not hesitation and self._begins(tags, at, begin):
                out.append((at, begin))
        return out

    def _begins(self, tags: Tags, at: int, begin: int) -> bool:
        reference = any(tag.start == begin for tag in tags.references)
        starts = [*(tag.start for tag in tags.mentions), *(tag.start for tag in tags.entities)]
        named = begin in starts
        return tags.low(begin) in self.starters or reference or (named and tags.low(at) == ",")


def _worth(
    left: Verdict, right: Verdict, whole: Verdict, tags: Tags, span: Span, joint: Span
) -> float | None:
    """How good a split is, or None where it is none."""
    (first, sure), (second, also) = left, right
    left_tags, right_tags = tags.within(span[0], joint[0]).all(), tags.within(joint[1], span[1]).all()
    if first in _COURTESY or second in _COURTESY:
        return None
    if first == second or min(sure, also) < _SURE:
        return None
    if UNKNOWN in (first, second) and min(sure, also) < 0.8:
        return None
    stands_alone = bool(right_tags) or also >= _VERY_SURE
    if not stands_alone or (not left_tags and sure < _VERY_SURE):
        return None
    if whole[0] in (first, second) and whole[1] > 0.9 and min(sure, also) < _VERY_SURE:
        return None
    return sure * also


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
    if not counts or len(tags.mentions) < 2:
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
