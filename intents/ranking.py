"""Which intent a part of a message has: the classifier's word weighed against what its slots can take up."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from intents import evidence, retold
from intents.followups import Context
from intents.gazetteer import Entity
from intents.mentions import Mention
from intents.periods import TimeSpan
from intents.quantities import Amount
from intents.readers import told_loss
from intents.reading import Filled, Reading
from intents.references import Reference
from intents.slots import fill
from intents.tags import Tag, Tags
from intents.templates import UNKNOWN
from tools.kit import Tool
from tools.kit.slots import Kind

MOST = 6
LEAST = 0.01
_ENTITY_COSTS = {Kind.PLACE: 0.8, Kind.SUPPLIER: 1.2, Kind.CUSTOMER: 2.0, Kind.VEHICLE: 1.5, Kind.SENSOR: 2.0}
_UNKNOWN_SHARE = 0.15
# Fitted on the messages of bench/language and checked on its conversations.
SLOPE = 0.7
_ASKING = frozenset(
    {
        "how",
        "what",
        "whats",
        "when",
        "where",
        "who",
        "which",
        "why",
        "is",
        "are",
        "does",
        "did",
        "was",
        "were",
        "has",
        "have",
        "hows",
        "whens",
    }
)
_AMOUNT_COSTS = {"count": 0.8, "money": 1.0, "percent": 1.2, "days": 0.4, "clock": 0.0}


@dataclass(frozen=True)
class Candidate:
    """One reading: an intent with its slots; ``confidence`` is calibrated over all candidates."""

    intent: str
    confidence: float
    filled: Filled


def rank(
    scores: Mapping[str, float],
    tools: Mapping[str, Tool],
    tags: Tags,
    span: tuple[int, int],
    context: Context,
) -> tuple[Candidate, ...]:
    """The readings of ``words[span]``, the best first."""
    part = tags.within(*span)
    found: list[tuple[str, float, Filled]] = []
    for intent, share in _worth_trying(retold.shares(scores, part, span), part, span):
        tool = tools.get(intent)
        kinds = tool.slot_kinds if tool else {}
        filled = fill(Reading(intent, kinds, part, *span, context.catalogue))
        filled = context.complete(filled, tool, tags, span)
        cost = (
            _unknown_cost(filled, part, span)
            if intent == UNKNOWN
            else _cost_of(intent, filled, tool, part, span)
        )
        found.append((intent, math.log(max(share, 1e-9)) - cost, filled))
    top = max(score for _, score, _ in found)
    total = sum(math.exp(score - top) for _, score, _ in found) + max(
        0.0, 1 - sum(list(scores.values())[: len(found)])
    )
    out = [Candidate(intent, math.exp(score - top) / total, filled) for intent, score, filled in found]
    return tuple(sorted(out, key=lambda candidate: -candidate.confidence))


def calibrated(sure: float) -> float:
    """A reading's confidence as the share of such readings that are right (Platt 1999, slope alone).

    Weighing slots sharpens the classifier's calibrated word; the slope takes that back.
    """
    odds = min(max(sure, 1e-4), 1 - 1e-4)
    return float(1 / (1 + ((1 - odds) / odds) ** SLOPE))


def _worth_trying(scores: Mapping[str, float], part: Tags, span: tuple[int, int]) -> list[tuple[str, float]]:
    ranked = list(scores.items())[:MOST]
    tried = dict(pair for at, pair in enumerate(ranked) if at < 3 or pair[1] >= LEAST)
    for intent in evidence.called_for(part.masked(*span), goods=bool(part.mentions)):
        if intent in scores:
            tried[intent] = max(scores[intent], LEAST)
    return list(tried.items())


def _unused_cost(filled: Filled, tags: Tags, heard: Collection[Kind] = ()) -> float:
    left = (tag for tag in filled.leftovers(tags) if not (isinstance(tag, Reference) and tag.kind in heard))
    return sum(map(_cost, left))


def _cost(tag: Tag) -> float:
    match tag:
        case Reference():
            return 3.0 if tag.sure else 1.0
        case Mention():
            return 1.5
        case Entity():
            return _ENTITY_COSTS[tag.kind]
        case TimeSpan():
            return 0.5
        case Amount():
            return _AMOUNT_COSTS.get(tag.kind, 0.0)


def _unknown_cost(filled: Filled, part: Tags, span: tuple[int, int]) -> float:
    lost_goods = bool(part.mentions) and told_loss(part.masked(*span)) and span[1] - span[0] < 12
    return _UNKNOWN_SHARE * _unused_cost(filled, part) + (1.5 if lost_goods else 0.0)


def _cost_of(intent: str, filled: Filled, tool: Tool | None, part: Tags, span: tuple[int, int]) -> float:
    cost = _unused_cost(filled, part, tool.hears if tool else ())
    cost += evidence.cost(intent, part.masked(*span), goods=bool(part.mentions))
    cost += retold.cost(tool, part, span)
    if (
        intent == "stock.transfer"
        and filled.slots.get("source")
        and (filled.slots["source"] == filled.slots.get("destination"))
    ):
        cost += 2.0
    if tool is not None and tool.writes and part.low(span[0]) in _ASKING:
        cost += 1.5
    missing = tool.missing(filled.slots) if tool else None
    if missing is None:
        return cost
    nothing_named = missing == "products" and not part.mentions and span[1] - span[0] < 8
    return cost + (1.5 if nothing_named and tool is not None and tool.writes else 0.7)
