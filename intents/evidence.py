"""What single words tell for or against an intent, beside the classifier's word, in the units of a cost."""

from __future__ import annotations

import re

from intents.readers import field_of, told_loss

_LOSSES = (
    r"(?:break|broken?|broke|smash\w*|lose|lost|los[et]s|bin(?:ned)?|throw\w*|thrown|waste\w*|damage\w*|steal|"
    r"stolen|spoil\w*|write off|written off|go off|gone off|expired?)"
)
_ASKED_LOSS = re.compile(
    rf"^(?:(?:so|and|hi|ok|hey) )*(?:did|have|has|had|were|"
    rf"how (?:many|much)\b.* (?:did|have|has|were|got|was)|"
    rf"what\b.* (?:did|have|has))\b.*\b{_LOSSES}\b"
)
_ADVICE = re.compile(
    r"\b(?:should|shall|suggest\w*|recommend\w*|ideal|optimal|optimi[sz]\w*|right|best|new|raise|increase|put|set|"
    r"could|would|propose\w*|advi[sc]\w*|better|fair|worth charging|get more|ask for|cheap enough|too)\b"
)
_TOTAL = re.compile(
    r"\b(?:make (?:it|that|them) (?!up)\d|set (?:it|them|items|the)?\b.*\bto \d|should be \d|"
    r"is (?:now|really|actually) \d|are (?:now|really|actually) \d|comes? to \d|\d+ in total|total of \d)"
)
_NO_LOSS = frozenset({"stock.receive", "stock.count", "sales.record", "stock.transfer", "reorder.create"})
HISTORY, ADJUST, COUNT, PRICES, FACTS = (
    "stock.history", "stock.adjust", "stock.count", "pricing.suggest", "product.info",
)  # fmt: skip


def called_for(masked: str, *, goods: bool) -> tuple[str, ...]:
    """Intents that the words ask to have weighed, likely or not."""
    wanted = []
    if goods and _ASKED_LOSS.search(masked):
        wanted.append(HISTORY)
    elif goods and told_loss(masked):
        wanted.append(ADJUST)
    if goods and _TOTAL.search(masked):
        wanted.append(COUNT)
    return tuple(wanted)


def cost(intent: str, masked: str, *, goods: bool) -> float:
    """What the words tell against an intent; below zero where they speak for it."""
    asked_loss = goods and bool(_ASKED_LOSS.search(masked))
    if asked_loss:
        return -2.5 if intent == HISTORY else 0.0
    loss = told_loss(masked)
    if intent == ADJUST:
        return (-2.0 if goods and loss else 0.0) + (1.5 if not loss and _TOTAL.search(masked) else 0.0)
    if intent in _NO_LOSS and loss:
        return 2.0
    if intent == COUNT and _TOTAL.search(masked):
        return -0.5
    if intent in (PRICES, FACTS) and field_of(masked) in ("price", "cost") and not _ADVICE.search(masked):
        return 2.0 if intent == PRICES else -0.5
    return 0.0
