"""What is wished of a thing: its size, colour, recipe, pack, in the customer's own words.

A tagger marks the words of wishes; which of them belongs to a thing is told by the clause and by how near
they stand.  What a customer wants in return for goods is one of four words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intents.product_words import COLOURS
from intents.signals.clauses import Clause
from intents.signals.crf import Field, Rows, learn
from intents.signals.things import NEXT, OUT, Span, covering, numbered, spans_of, vectors_of
from intents.signals.tokens import Token, level
from intents.signals.word_features import Shelved, named_features, rows_of
from intents.signals.word_vectors import WordVectors

VARIANT, PRICE, RETURN = "variant_request", "price_complaint", "return"
EAGER = {
    "variant_request": 0.8, "product_request": 0.3, "price_complaint": 0.0, "stockout_complaint": -1.0,
}  # fmt: skip
"""How readily words are taken for a wish, by type."""
LAST_EAGER = 1.4
"""The same for a variant of which neither the tagger nor plain patterns found what is wished."""
MOST_JOINED = 2
_FAR = 25

_RETURNS = (
    ("cancellation", re.compile(r"\bcancel", re.IGNORECASE)),
    ("refund or replacement", re.compile(
        r"\b(?:refund|money)\b.{0,25}\bor\b.{0,25}\b(?:replace|new|another|other)|"
        r"\b(?:replace|new one|another|other)\b.{0,25}\bor\b.{0,25}\b(?:refund|money)\b", re.IGNORECASE)),
    ("exchange", re.compile(
        r"\bexchang|\bswap|\bchanged? (?:it|them|this|for)\b|\bsend the right|\bwrong (?:size|one|colou?r)",
        re.IGNORECASE)),
    ("replacement", re.compile(
        r"\breplac|\bnew one\b|\banother(?: one)?\b|\bredo\b|\bresend|\bsend (?:me )?(?:a new|another|out)|"
        r"\bin its place\b|\bworking one\b", re.IGNORECASE)),
)  # fmt: skip
_TERMS = re.compile(
    r"\b(?:trade|old|student|bulk|lower|same) price\b|\b\d+ ?% off\b|\bprice match\b|"
    r"\b(?:[a-z]+ )?(?:discount|multibuy|voucher code)\b|\bmatch (?:[£$€]\d+|it|that|them|the price)",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"\b(?:not|no|don'?t want|rather than|instead of) (?:an? )?(?:exchange|replacement|swap|refund)",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"\b(?:(?:\d+(?:[.,]\d+)?|half|two|three|five|ten) ?-?(?:ml|cl|l|litres?|g|kg|kilos?|cm|mm|m|metres?|"
    r"inch|oz|lb|cups?|pcs|packs?)|smaller|bigger|larger|taller|shorter|longer|thicker|thinner|lighter|"
    r"darker|small|large|medium|xl|xs)\b",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b[\w]+[- ]free\b|\bvegan\b|\borganic\b|\bdecaf\b|\bunsalted\b|\bwithout [\w' ]{2,20}", re.IGNORECASE
)
_COLOUR = re.compile(
    r"\b(?:(?:dark|light|pale|navy|matt|bright) )?(?:" + "|".join(sorted(COLOURS)) + r"|grey)\b",
    re.IGNORECASE,
)
_PIECES = re.compile(
    r"\b(\d{1,4}|twelve|dozen|twenty|forty|fifty|sixty|hundred) (?:of (?:them|the|these) )?", re.IGNORECASE
)
_COUNTED = {"twelve": 12, "dozen": 12, "twenty": 20, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100}


@dataclass(frozen=True)
class WishTagger:
    """Marks the words of wishes."""

    field: Field
    numbers: dict[str, int]
    everyday: frozenset[str]
    vectors: WordVectors

    def find(
        self, tokens: Sequence[Token], known: Sequence[Shelved], things: Sequence[Span], eager: float
    ) -> list[tuple[Span, float]]:
        """Stretches of tokens with how likely they are a wish."""
        if not tokens:
            return []
        named = wish_features(tokens, known, things, self.everyday)
        rows = rows_of(named, self.numbers, vectors_of(tokens, self.vectors))
        scores = self.field.chances(rows)
        inside = 1 - self.field.shares(scores)[:, OUT]
        scores[:, OUT] -= np.float32(eager)
        return [
            ((first, last), float(inside[first:last].mean()))
            for first, last in spans_of(self.field.best(scores))
        ]


def wish_features(
    tokens: Sequence[Token], known: Sequence[Shelved], things: Sequence[Span], everyday: frozenset[str]
) -> list[list[str]]:
    """What is read of each word: as for things, and how far it stands from one."""
    place = ["-"] * len(tokens)
    for first, last in things:
        for at in range(first, last):
            place[at] = "in"
        for at in range(max(0, first - 3), first):
            place[at] = f"<{first - at}" if place[at] == "-" else place[at]
        for at in range(last, min(len(tokens), last + 4)):
            place[at] = f">{at - last + 1}" if place[at] == "-" else place[at]
    out = []
    for names, token, where in zip(
        named_features(tokens, known, everyday.__contains__), tokens, place, strict=True
    ):
        kind = _kind(token)
        out.append([*names, f"at={where}", f"at={where} {kind}", f"kind={kind}", f"at={where} {names[1]}"])
    return out


def _kind(token: Token) -> str:
    if token.low in COLOURS or token.low == "grey":
        return "colour"
    if _SIZE.fullmatch(token.low):
        return "size"
    if token.low[:1].isdigit():
        return "figure"
    return "er" if token.low.endswith("er") else "free" if token.low == "free" else "-"


def learn_wishes(
    texts: Sequence[tuple[Sequence[Token], Sequence[Shelved], Sequence[Span]]],
    tags: Sequence[Sequence[int]],
    everyday: frozenset[str],
    vectors: WordVectors,
) -> WishTagger:
    """Learn from texts with the places of their things and tags of the words of wishes."""
    named = [wish_features(tokens, known, things, everyday) for tokens, known, things in texts]
    numbers = numbered(named)
    rows: list[Rows] = [
        rows_of(names, numbers, vectors_of(tokens, vectors))
        for names, (tokens, _, _) in zip(named, texts, strict=True)
    ]
    return WishTagger(learn(rows, tags, len(numbers) + 1, 3), numbers, everyday, vectors)


def wish_tags(text: str, tokens: Sequence[Token], wishes: Sequence[str]) -> list[int]:
    """Tags of the words that spell these wishes; what is not in the text is left out."""
    out = [OUT] * len(tokens)
    low = level(text).lower()
    for wish in wishes:
        parts = [wish.lower()] if wish.lower() in low else re.split(r"[;,] ", wish.lower())
        for part in parts:
            found = re.search(rf"(?<!\w){re.escape(part)}(?!\w)", low)
            if found:
                first, last = covering(tokens, *found.span())
                out[first:last] = [1] + [NEXT] * (last - first - 1)
    return out


def return_wish(said: str) -> str | None:
    """What is wanted for goods that go back, where it is not simply the money.

    >>> return_wish("can I swap it for a medium")
    'exchange'
    """
    said = _NOT_SO.sub(" ", said)
    return next((name for name, pattern in _RETURNS if pattern.search(said)), None)


def chosen(
    text: str,
    marked: Sequence[tuple[Span, float]],
    tokens: Sequence[Token],
    clause: Clause,
    place: tuple[int, int],
) -> str | None:
    """The marked words that belong to the thing at ``place`` (start and end in the text), joined."""
    near: list[tuple[float, int, str]] = []
    for (first, last), chance in marked:
        start, end = tokens[first].start, tokens[last - 1].end
        gap = max(0, start - place[1], place[0] - end)
        same = clause.start <= start < clause.end
        if same or gap <= _FAR:
            near.append((chance - gap / 200 - 0.3 * (not same), start, text[start:end]))
    best = sorted(sorted(near, reverse=True)[:MOST_JOINED], key=lambda one: one[1])
    if not best:
        return None
    top = max(one[0] for one in best)
    return "; ".join(one[2] for one in best if one[0] >= top - 0.35)


def terms(said: str) -> str | None:
    """The discount or price that is asked for."""
    found = _TERMS.search(said)
    return found[0] if found else None


def plain_wish(said: str, around: str) -> str | None:
    """A size, colour, recipe or number in a clause, or else in what stands around it, by plain patterns."""
    for words in (said, around):
        for pattern in (_FREE, _SIZE, _COLOUR):
            found = [match[0] for match in pattern.finditer(words)]
            if found:
                return "; ".join(found[:MOST_JOINED])
    pieces = _PIECES.search(said)
    if pieces:
        figure = pieces[1].lower()
        return f"{_COUNTED.get(figure, figure)} pcs"
    return None
