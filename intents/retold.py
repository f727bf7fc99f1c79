"""Whose words a message is: what a customer said is told on, and is never a wish of the one who tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from intents.tags import Tags
from tools.kit import Tool

NOTE = "feedback.add"
# Somebody who tells that a delivery came or failed reports it, whoever said so.
_REPORTS = frozenset({NOTE, "delivery.update"})
# No wording makes up for so much.
COST = 12.0
_LEAST = 0.05
_WORDS = 9
_TOLD = re.compile(
    r"^(?:(?:note|feedback|and|so|ok) )?(?:: )?"
    r"(?:(?:an?|one|another|some|our|my|the|this) )?(?:customers?|clients?|shoppers?|reviewers?|regulars?) "
    r"(?:(?:has|have|had|just|also) )*(?:said|says|say|saying|wrote|writes|write|written|told (?:me|us)|"
    r"tells (?:me|us)|complained|complains|commented|comments|remarked|mentioned)\b"
    r"|^(?:a |new |another )?review(?: says| said| came in)? ?:"
)


def retold(tags: Tags, span: tuple[int, int]) -> bool:
    """Whether the words begin as one tells on what a customer said or wrote."""
    beginning = range(span[0], min(span[1], span[0] + _WORDS))
    return _TOLD.search(" ".join(map(tags.low, beginning))) is not None


def whole_note(intent: str, tags: Tags, span: tuple[int, int]) -> bool:
    """Whether all of a message is one customer's words, whatever else a part of them may sound like."""
    return intent == NOTE and retold(tags, span)


def cost(tool: Tool | None, tags: Tags, span: tuple[int, int]) -> float:
    """What speaks against a change that only a customer's words ask for."""
    unfit = tool is not None and tool.writes and tool.intent not in _REPORTS
    return COST if unfit and retold(tags, span) else 0.0


def shares(scores: Mapping[str, float], tags: Tags, span: tuple[int, int]) -> Mapping[str, float]:
    """The classifier's word, with the note among what is tried where a customer's words are told on."""
    if not retold(tags, span) or NOTE not in scores:
        return scores
    return {NOTE: max(scores[NOTE], _LEAST), **{one: share for one, share in scores.items() if one != NOTE}}
