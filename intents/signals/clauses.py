"""A customer's text cut into clauses: stretches that say one thing each, at exact places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intents.signals.tokens import Token, tokens_of

MOST_CLAUSES = 200
LONGEST_QUOTE = 200
_SENTENCE_END = re.compile(r"[.!?\u2026]+(?=\s|$)|\n")
_ENDS = frozenset({".", "!", "?", ";", "|", "\u2022", "/"})
_BUT = frozenset({"but", "however", "although", "though", "whereas", "except", "otherwise", "whilst"})
# "and also", "and do you", "and the lid was": what follows has a verb of its own.
_AND = frozenset({"and", "&", "+", "plus", "then", "so", "because", "cos", "cause", "since", "while", "also"})
_SUBJECTS = frozenset({
    "i", "i'm", "i've", "i'd", "i'll", "im", "ive", "id", "we", "we'd", "we've", "we're", "you", "u", "ye",
    "they", "he", "she", "it", "it's", "its", "this", "that", "that's", "thats", "there", "the", "my", "our",
    "your", "do", "does", "did", "can", "could", "would", "will", "is", "are", "was", "were", "any", "when",
    "where", "what", "why", "how", "no", "not", "also", "have", "has", "had", "got", "pls", "please",
    "thanks",
})  # fmt: skip
_VERBS = frozenset({
    "is", "are", "was", "were", "be", "been", "am", "has", "have", "had", "do", "does", "did", "can", "could",
    "would", "will", "won't", "wont", "don't", "dont", "didn't", "didnt", "isn't", "isnt", "wasn't", "wasnt",
    "got", "get", "gets", "came", "come", "comes", "arrived", "broke", "leaks", "leaked", "went", "want",
    "wants", "need", "needs", "love", "loved", "like", "bought", "buy", "ordered", "sell", "stock", "said",
    "says", "told", "asked", "asking", "ask", "refund", "return", "returned", "i'm", "it's", "its", "i've",
    "i'd", "i'll", "we'd", "they're", "that's", "thats", "there's", "theres", "makes", "made", "smells",
    "tastes", "works", "work", "cracked", "missing", "broken", "smelled", "tasted", "keep", "keeps", "looks",
    "cost", "costs", "paid", "pay", "left", "give", "gave", "sent", "send", "swap", "cancel", "took", "fell",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a text: ``text`` is what stands from ``start`` to ``end`` (not included)."""

    start: int
    end: int
    text: str


def sentence(text: str, clause: Clause) -> Clause:
    """The whole sentence in which a clause stands, or the clause itself where that sentence is long.

    >>> sentence("Hi! Ordered six, five arrived.", Clause(4, 15, "Ordered six")).text
    'Ordered six, five arrived.'
    """
    starts = [found.end() for found in _SENTENCE_END.finditer(text, 0, clause.start)]
    start = max(starts, default=0)
    over = _SENTENCE_END.search(text, max(start, clause.end - 1))
    end = over.end() if over else len(text)
    kept = text[start:end]
    if len(kept) > LONGEST_QUOTE:
        return clause
    start += len(kept) - len(kept.lstrip())
    return Clause(start, start + len(kept.strip()), kept.strip())


def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text, left to right, without the signs and blanks around them.

    >>> [clause.text for clause in clauses("Love the mug, but the lid leaks. Any in red?")]
    ['Love the mug', 'but the lid leaks', 'Any in red?']
    """
    return cut(text, tokens_of(text))


def cut(text: str, tokens: Sequence[Token]) -> tuple[Clause, ...]:
    """The same, where the words are known already."""
    out: list[Clause] = []
    begin = 0
    for at in range(1, len(tokens) + 1):
        if at < len(tokens) and not _starts(text, tokens, begin, at):
            continue
        kept = [token for token in tokens[begin:at] if token.low[0].isalnum() or token.low[0] in "?!"]
        if any(token.low[0].isalnum() for token in kept):
            start, end = kept[0].start, kept[-1].end
            out.append(Clause(start, end, text[start:end]))
        begin = at
    return tuple(out[:MOST_CLAUSES])


def _starts(text: str, tokens: Sequence[Token], begin: int, at: int) -> bool:
    """Whether a clause that began at ``begin`` ends before the token ``at``."""
    before, here = tokens[at - 1], tokens[at]
    if "\n" in text[before.end : here.start]:
        return True
    if before.low[0] in "!?" or (before.low in _ENDS and before.low != "/") or before.low.startswith(".."):
        return here.low[0] not in "!?." and not _within_word(before, here)
    if before.low in ("-", ":") and before.start > tokens[at - 2].end and here.start > before.end:
        return _spoken(tokens[begin : at - 1])
    if here.low in _BUT:
        return at - begin > 1
    if before.low in (",", ")", "("):
        return _spoken(tokens[begin : at - 1]) and _speaks(tokens, at)
    return here.low in _AND and _spoken(tokens[begin:at]) and _speaks(tokens, at + 1)


def _within_word(before: Token, here: Token) -> bool:
    """As the dot of an address or of "e.g."."""
    return before.low == "." and here.start == before.end and here.is_word


def _spoken(words: Sequence[Token]) -> bool:
    """Whether it may stand alone: three words, or one that is a verb."""
    said = [token for token in words if token.low[0].isalnum()]
    return len(said) >= 3 or any(token.low in _VERBS for token in said)


def _speaks(tokens: Sequence[Token], at: int) -> bool:
    """Whether what comes next says something of its own rather than going on with a list."""
    following = [token.low for token in tokens[at : at + 6]]
    if not following:
        return False
    if following[0] in _BUT or following[0] in _SUBJECTS:
        return True
    return any(low in _VERBS for low in following[:4])
