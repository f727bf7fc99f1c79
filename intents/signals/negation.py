"""What a clause asks, denies or leaves open, told from its words; and how far a "no" reaches.

The reach of a negation follows NegEx (Chapman et al. 2001): the words after a cue up to a word that ends
it, and, for cues that stand behind, the words before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intents.signals.clauses import Clause
from intents.signals.tokens import Token, level, tokens_of

REACH = 6
_AHEAD = frozenset({
    "no", "not", "never", "without", "none", "nothing", "nor", "neither", "hardly", "barely", "don't", "dont",
    "doesn't", "doesnt", "didn't", "didnt", "isn't", "isnt", "wasn't", "wasnt", "aren't", "arent", "weren't",
    "werent", "can't", "cant", "cannot", "couldn't", "couldnt", "won't", "wont", "wouldn't", "wouldnt",
    "haven't", "havent", "hasn't", "hasnt", "hadn't", "hadnt", "ain't", "aint", "stop", "stopped",
})  # fmt: skip
_BEHIND = re.compile(
    r"\b(?:out of stock|sold out|is out|are out|gone|missing|unavailable|all gone)\b", re.IGNORECASE
)
_ENDS = frozenset({
    "but", "except", "though", "although", "however", "and", ",", ";", ".", "!", "?", "because", "so", "just",
    "only", "which", "who", "when", "until",
})  # fmt: skip
_NOT_ONLY = frozenset({"only", "just", "bad", "wrong"})
_HEDGES = re.compile(
    r"\b(?:might|maybe|perhaps|possibly|probably|not sure|i think|i thought|i suppose|suppose|seems?|seemed|"
    r"sort of|kind of|a bit|slightly|could be|may be|not saying|to be fair|in fairness|guess|apparently)\b",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:if|would have|had (?:it|they|i)|unless|in case|imagine|suppose)\b", re.IGNORECASE)
_WANTS = re.compile(
    r"\b(?:sell|selling|stock|stocking|carry|looking for|look for|after (?:a|an|some)|needs?|wants?|wanted|"
    r"asked|asking|asks|any chance|do (?:you|u|ye|yis|yous|they|we) (?:have|do|get|keep)|"
    r"have (?:you|ye|u|they|yis|yous)|got any|wish|wishes|petition|bring back|"
    r"where (?:can|could|would) i|get in|if only|would love|i'd love|order in|used to (?:have|sell|do|stock)|"
    r"would (?:be|like)|could (?:you|ye|u|we|i)|can (?:you|ye|u|we|i)|please (?:do|stock|get|bring|sell)|"
    r"more .{1,30} (?:please|pls)|ever (?:do|get|have|think)|in (?:stock|yet)|any sign)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a clause says what it says.

    ``denied`` are stretches of the text under a negation; ``hedged``: said with doubt; ``asks``: a
    question; ``wants``: a wish or a request; ``supposed``: about something that did not happen.
    """

    denied: tuple[tuple[int, int], ...]
    hedged: bool
    asks: bool
    wants: bool
    supposed: bool

    def denies(self, start: int, end: int) -> bool:
        """Whether a stretch of the text is under a negation."""
        return any(first < end and start < last for first, last in self.denied)


def manner(clause: Clause) -> Manner:
    """How one clause is said; places are those of the whole text.

    >>> manner(Clause(0, 18, "no leaks, might be")).hedged
    True
    """
    said = level(clause.text)
    denied = [
        (clause.start + start, clause.start + end) for start, end in _denied(tokens_of(clause.text), said)
    ]
    return Manner(
        tuple(denied), bool(_HEDGES.search(said)), "?" in said or _opens_question(said),
        wants(said), bool(_IF.search(said)),
    )  # fmt: skip


def wants(said: str) -> bool:
    """Whether words ask for something."""
    return bool(_WANTS.search(said))


_QUESTION = re.compile(
    r"\s*(?:hi|hello|hey|so|and|also|pls|please|sorry)?[ ,]*(?:do|does|did|is|are|was|were|can|could|will|"
    r"would|have|has|any|when|where|what|why|how|who|which|whats|wheres|whens)\b",
    re.IGNORECASE,
)


def _opens_question(said: str) -> bool:
    return bool(_QUESTION.match(said))


def _denied(tokens: Sequence[Token], said: str) -> list[tuple[int, int]]:
    out = []
    for at, token in enumerate(tokens):
        if token.low not in _AHEAD:
            continue
        following = tokens[at + 1 : at + 1 + REACH]
        if following and following[0].low in _NOT_ONLY and token.low == "not":
            continue
        end = next((place for place, word in enumerate(following) if word.low in _ENDS), len(following))
        if end:
            out.append((following[0].start, following[end - 1].end))
    out.extend((0, found.start()) for found in _BEHIND.finditer(said))
    return [(start, end) for start, end in out if end > start]
