"""What the span tagger sees of each word: the word, its neighbours, and what the catalogue knows of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from intents.catalogue_index import common
from intents.product_words import ADJECTIVES, COLOURS, JOINERS, SIZE_WORDS
from intents.signals.crf import Rows
from intents.signals.shelf_index import ShelfIndex
from intents.signals.tokens import Token

Floats = NDArray[np.float32]

FUNCTION = frozenset({
    "the", "a", "an", "of", "and", "or", "in", "on", "for", "to", "at", "it", "is", "was", "with", "my",
    "your", "our", "i", "you", "we", "they", "he", "she", "this", "that", "these", "those", "not", "no", "so",
    "be", "as", "but", "if", "by", "from", "one", "ones", "me", "us", "his", "her", "their", "its", "am",
    "are", "were", "has", "have", "had", "do", "does", "did", "can", "could", "would", "will", "any", "some",
    "all", "out", "up", "just", "now", "when", "what", "where", "who", "why", "how", "there", "here", "than",
    "too", "very", "get", "got", "more", "only", "then", "about", "again", "back", "off", "over",
})  # fmt: skip
_MISSING = "~"
MOST_RUN = 6


@dataclass(frozen=True, slots=True)
class Shelved:
    """What the catalogue knows of a word: its stems there, how it stands in the names, the run it is in."""

    stems: tuple[str, ...]
    known: str
    run: str


def shelved(tokens: Sequence[Token], index: ShelfIndex) -> list[Shelved]:
    """For each word what the catalogue knows of it."""
    stems = [_stems(token, index) for token in tokens]
    for at in range(len(tokens) - 1):  # "bees wax" for "beeswax"
        whole = tokens[at].low + tokens[at + 1].stem
        if not (stems[at] and stems[at + 1]) and tokens[at].end < tokens[at + 1].start and whole in index:
            stems[at] = stems[at + 1] = (whole,)
    runs = ["-"] * len(tokens)
    at = 0
    while at < len(tokens):
        end, quality = _run(tokens, stems, at, index)
        if end == at:
            at += 1
            continue
        for place in range(at, end):
            side = "B" if place == at else "I"
            runs[place] = f"{side}{quality}" + ("L" if place == end - 1 else "")
        at = end
    return [
        Shelved(stems[at], _known(stems[at], index), run) for at, run in enumerate(runs)
    ]  # fmt: skip


def _stems(token: Token, index: ShelfIndex) -> tuple[str, ...]:
    """The catalogue's words that a token stands for; empty where it has none."""
    return () if token.low in FUNCTION else index.reads(token.low)


def _known(stems: tuple[str, ...], index: ShelfIndex) -> str:
    if not stems:
        return _MISSING
    word = stems[-1]
    if word in ADJECTIVES or word in COLOURS or word in SIZE_WORDS or word in JOINERS:
        return "how"
    count = len(index.having(word))
    head = "h" if len(index.headed(word)) else "m"
    whole = "w" if len(index.named(stems)) else ""
    return head + whole + ("1" if count == 1 else "2" if count < 4 else "3")


def _run(
    tokens: Sequence[Token], stems: Sequence[tuple[str, ...]], at: int, index: ShelfIndex
) -> tuple[int, str]:
    """Where the words from ``at`` stop being words of one product's name, and how well they name it."""
    if not stems[at]:
        return at, ""
    held = index.having(stems[at][0])
    words: list[str] = []
    end = at
    while end < len(tokens) and end - at < MOST_RUN:
        if not stems[end]:
            if tokens[end].low == "-" and end + 1 < len(tokens) and stems[end + 1]:
                end += 1
                continue
            break
        left = common((held, *(index.having(word) for word in stems[end])))
        if not len(left):
            break
        held = left
        words.extend(stems[end])
        end += 1
    if tokens[end - 1].low == "-":
        end -= 1
    return end, "w" if len(index.named(words)) else "h" if len(index.headed(words[-1])) else "p"


def named_features(
    tokens: Sequence[Token], known: Sequence[Shelved], everyday: Callable[[str], bool]
) -> list[list[str]]:
    """The names of the features of each word; as many for each, so that they make a table."""
    said = [_said(token, shelf, everyday) for token, shelf in zip(tokens, known, strict=True)]
    said = ["<<", "<", *said, ">", ">>"]
    kinds = ["<", "<", *(shelf.known for shelf in known), ">", ">"]
    runs = ["<", *(shelf.run for shelf in known), ">"]
    out = []
    for at, token in enumerate(tokens):
        here = at + 2
        w, k, r = said[here], kinds[here], runs[at + 1]
        before, after = said[here - 1], said[here + 1]
        out.append([
            "w=" + w, "w-1=" + before, "w+1=" + after, "w-2=" + said[here - 2], "w+2=" + said[here + 2],
            f"b-={before} {w}", f"b+={w} {after}", f"b--={said[here - 2]} {before}",
            "k=" + k, "k-1=" + kinds[here - 1], "k+1=" + kinds[here + 1], f"kk-={kinds[here - 1]} {k}",
            f"kk+={k} {kinds[here + 1]}", "r=" + r, f"rr={runs[at]} {r}", f"rr+={r} {runs[at + 2]}",
            f"wk={before} {k}", f"kw={k} {after}", f"wr={before} {r}", f"rw={r} {after}",
            "s3=" + token.low[-3:] if token.is_word else "s3=" + token.low[:1], "s2=" + token.low[-2:],
            "shape=" + _shape(token, at), f"first={at == 0} {k}", f"plural={token.stem != token.low} {k}",
        ])  # fmt: skip
    return out


def _said(token: Token, shelf: Shelved, everyday: Callable[[str], bool]) -> str:
    """The word itself where it is a word of everyday and not of this shop's names."""
    if token.low in FUNCTION:
        return token.low
    if shelf.known not in (_MISSING, "how"):
        return "#"
    if token.low[:1].isdigit():
        return "0"
    return token.low if everyday(token.low) else "?"


def _shape(token: Token, at: int) -> str:
    if token.text[:1].isupper() and at:
        return "A" if token.text.isupper() and len(token.text) > 1 else "Aa"
    return "a" if token.is_word else "0" if token.low[:1].isdigit() else "."


def rows_of(named: Sequence[Sequence[str]], numbers: dict[str, int], vectors: Floats) -> Rows:
    """The features as numbers; ``vectors`` has a row for each word, neighbours' vectors are put beside."""
    table = np.array([[numbers.get(name, 0) for name in names] for names in named], np.int32)
    width = vectors.shape[1]
    dense = np.zeros((len(named), 3 * width), np.float32)
    dense[:, :width] = vectors
    dense[1:, width : 2 * width] = vectors[:-1]
    dense[:-1, 2 * width :] = vectors[1:]
    return Rows(table, dense)
