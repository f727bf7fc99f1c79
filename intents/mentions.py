"""Which products, and which categories, the words of a message denote."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from intents.catalogue_index import NOTHING, CatalogueIndex, Numbers, common, compact, core_key
from intents.product_words import ADJECTIVES, HOLDERS, JOINERS, SIZE_WORDS, read_size
from intents.words import Word

_CODE = re.compile(r"(?<![\w-])[A-Za-z0-9]+(?:[-_ ][A-Za-z0-9]+){0,4}(?![\w-])")
_CODE_PART = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_SECTION = frozenset(
    {
        "product",
        "range",
        "section",
        "item",
        "stuff",
        "category",
        "aisle",
        "department",
        "good",
        "line",
        "thing",
        "dept",
    }
)
NEVER_START = frozenset({
    "of", "with", "and", "in", "for", "the", "a", "an", "to", "from", "at", "on", "by", "or", "no", "not",
    "it", "is", "are",
    "do", "we", "you", "i", "me", "my", "our", "us", "thank", "please", "how", "what", "when", "where",
    "who", "why", "which",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that denote products (``skus``) or a category.

    ``how``: ``code``, ``exact`` (the whole name), ``head`` (a kind of thing), ``part`` (other words of
    the name only, as in "the blue ones") or ``category``.  ``said`` are the stems that were read.
    """

    start: int
    end: int
    skus: tuple[str, ...]
    how: str
    said: tuple[str, ...]
    category: str = ""

    @property
    def ambiguous(self) -> bool:
        """Whether the words leave a choice."""
        return len(self.skus) > 1


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    token: str
    weak: bool


def find_codes(words: Sequence[Word], text: str, index: CatalogueIndex) -> tuple[Mention, ...]:
    """SKUs and barcodes, written in any case, also the start of an SKU ("mug-red")."""
    out = []
    for found in _CODE_PART.finditer(text):
        numbers = _code_numbers(found[0], index)
        if len(numbers):
            start, end = _covering(words, found.start(), found.end())
            out.append(Mention(start, end, index.names(numbers), "code", (found[0].lower(),)))
    return tuple(out)


def _code_numbers(piece: str, index: CatalogueIndex) -> Numbers:
    exact = (
        index.codes.get(compact(piece))
        if any(letter.isdecimal() or letter in "-_" for letter in piece)
        else None
    )
    if exact is None and piece.isupper() and len(piece) > 3:
        exact = index.codes.get(compact(piece))
    if exact is not None:
        return np.array([exact], np.int32)
    if "-" in piece and piece[:1].isalpha() and len(piece) > 4:
        return index.with_prefix(piece)
    return NOTHING


def _covering(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    first = next(place for place, word in enumerate(words) if word.end > start)
    last = next((place for place, word in enumerate(words) if word.start >= end), len(words))
    return first, last


def find_products(
    words: Sequence[Word], index: CatalogueIndex, blocked: Collection[int], weak: Collection[str]
) -> tuple[Mention, ...]:
    """All products and categories named in words that are not blocked, left to right.

    ``weak`` words (those of ordinary requests) count only beside a word that names a product.
    """
    out: list[Mention] = []
    at = 0
    while at < len(words):
        found = None if at in blocked else _mention(words, at, index, blocked, weak)
        if found is None:
            at += 1
        else:
            out.append(found)
            at = found.end
    return tuple(_led_by_colours(_share_heads(out, words, index), words, index, blocked))


def _mention(
    words: Sequence[Word], at: int, index: CatalogueIndex, blocked: Collection[int], weak: Collection[str]
) -> Mention | None:
    pieces = _grow(words, at, index, blocked, weak)
    while pieces and pieces[-1].weak and not _belongs(pieces, index):
        pieces = pieces[:-1]
    if not any(not piece.weak for piece in pieces) and not _whole_name(pieces, index):
        return None
    return _denoted(pieces, index, words) if pieces else None


def _belongs(pieces: Sequence[_Piece], index: CatalogueIndex) -> bool:
    """Whether the last, ordinary word is part of the name ("gift wrap", "cold brew can")."""
    if _whole_name(pieces, index):
        return True
    if len(pieces) < 2 or pieces[-2].end != pieces[-1].start:
        return False
    among = common([index.having(piece.token) for piece in pieces])
    return index.neighbours(pieces[-2].token, pieces[-1].token, among)


def _whole_name(pieces: Sequence[_Piece], index: CatalogueIndex) -> bool:
    names = [piece.token for piece in pieces if not _is_size(piece.token)]
    return len(names) > 1 and len(index.called(names)) > 0


def _grow(
    words: Sequence[Word], at: int, index: CatalogueIndex, blocked: Collection[int], weak: Collection[str]
) -> list[_Piece]:
    """The longest run of words from ``at`` that one product at least has all of."""
    pieces: list[_Piece] = []
    left = NOTHING
    place = at
    while place < len(words):
        piece = _piece(words, place, index, blocked, weak)
        if piece is None:
            if pieces and (_bridge(words, place, blocked) or _half_a(words, place)):
                place += 1
                continue
            break
        having = index.having(piece.token)
        left = having if not pieces else common((left, having))
        if not len(left):
            break
        pieces.append(piece)
        place = piece.end
    return pieces


def _bridge(words: Sequence[Word], place: int, blocked: Collection[int]) -> bool:
    return place not in blocked and words[place].low in ("of", "with", "au", "-", "&", "the", "and", "/")


def _half_a(words: Sequence[Word], place: int) -> bool:
    """As in "half a dozen eggs"."""
    return words[place].low == "a" and words[place - 1].low == "half"


def _piece(
    words: Sequence[Word], at: int, index: CatalogueIndex, blocked: Collection[int], weak: Collection[str]
) -> _Piece | None:
    if at in blocked:
        return None
    size = _size_piece(words, at, index)
    if size is not None:
        return size if not any(place in blocked for place in range(size.start, size.end)) else None
    word = words[at]
    if word.low in JOINERS:
        return None
    joined = _joined(words, at, index, blocked)
    if joined is not None:
        return joined
    for token in (word.stem, SIZE_WORDS.get(word.low, "")):
        if token and token in index:
            return _Piece(at, at + 1, token, word.low in weak or word.stem in weak or word.low in NEVER_START)
    return None


def _joined(words: Sequence[Word], at: int, index: CatalogueIndex, blocked: Collection[int]) -> _Piece | None:
    """As in "tea lights" where the name has "tealights"."""
    if at + 1 >= len(words) or at + 1 in blocked or not words[at].low.isalpha():
        return None
    token = words[at].low + words[at + 1].stem
    return _Piece(at, at + 2, token, weak=False) if token in index and words[at + 1].low.isalpha() else None


def _size_piece(words: Sequence[Word], at: int, index: CatalogueIndex) -> _Piece | None:
    first = at + 1 if words[at].stem in HOLDERS and at + 1 < len(words) and words[at + 1].low == "of" else at
    lows = [word.low for word in words[first : first + 4]]
    size, used = read_size(lows, 0)
    if not size or size.startswith("#") or size not in index:
        return None
    end = first + used
    # "80 bags of breakfast tea" counts bags; "breakfast tea 80 bags" is a size.
    if first == at and end < len(words) and words[end].low == "of":
        return None
    return _Piece(at, end, size, weak=False)


def _denoted(pieces: Sequence[_Piece], index: CatalogueIndex, words: Sequence[Word]) -> Mention:
    tokens = [piece.token for piece in pieces]
    names = [token for token in tokens if not _is_size(token)]
    start, end = pieces[0].start, pieces[-1].end
    category = index.categories.get(core_key(names)) if len(names) == len(tokens) else None
    if category is not None:
        while end < len(words) and words[end].stem in _SECTION:
            end += 1
        return Mention(start, end, (), "category", tuple(tokens), category)
    numbers, how = _chosen(tokens, names, index)
    if how == "part" and len(names) == 1 and len(tokens) == 1:
        loose = _loose_category(names[0], index)
        if loose:
            return Mention(start, end, (), "category", tuple(tokens), loose)
    return Mention(start, end, index.names(numbers), how, tuple(tokens))


def _loose_category(word: str, index: CatalogueIndex) -> str:
    """As in "toys" for "Toys & Gifts" where nothing in the shop is itself a kind of toy."""
    names = [name for key, name in index.categories.items() if word in key.split()]
    return names[0] if len(names) == 1 else ""


def _chosen(tokens: Sequence[str], names: Sequence[str], index: CatalogueIndex) -> tuple[Numbers, str]:
    held = common([index.having(token) for token in tokens])
    exact = common((held, index.called(names))) if names else NOTHING
    if len(exact):
        return exact, "exact"
    for name in reversed(names):
        headed = common((held, index.headed(name)))
        if len(headed):
            return headed, "head"
    return held, "part"


def _is_size(token: str) -> bool:
    decade = token.endswith("s") and token[:-1].isdecimal()
    counted = token.startswith("of") and token[2:].isdecimal()
    return (token[:1].isdecimal() and not decade) or token in SIZE_WORDS or counted


def _share_heads(mentions: list[Mention], words: Sequence[Word], index: CatalogueIndex) -> list[Mention]:
    """As in "red and blue mugs": the first colour belongs to the mugs as well."""
    for place in range(len(mentions) - 2, -1, -1):
        this, following = mentions[place], mentions[place + 1]
        between = {word.low for word in words[this.end : following.start]}
        if this.how != "part" or not between <= {"and", "or", ",", "&", "n", "plus"} or not between:
            continue
        numbers = restricted(this, head_words(following, index), index)
        if len(numbers):
            mentions[place] = replace(this, skus=index.names(numbers), how="head")
    return mentions


def _led_by_colours(
    mentions: list[Mention], words: Sequence[Word], index: CatalogueIndex, blocked: Collection[int]
) -> list[Mention]:
    """As in "red and blue mugs" where "red" alone names nothing."""
    out: list[Mention] = []
    for mention in mentions:
        at = mention.start - 2
        free = at >= (out[-1].end if out else 0) and not {at, at + 1} & set(blocked)
        if free and words[at + 1].low in ("and", "or", "&", "n", ",", "/"):
            out.extend(_coloured(words[at], at, mention, index))
        out.append(mention)
    return out


def _coloured(word: Word, at: int, mention: Mention, index: CatalogueIndex) -> list[Mention]:
    """The same things in the colour or size that was named before."""
    token = SIZE_WORDS.get(word.low) or word.stem
    things = [said for said in mention.said if said not in ADJECTIVES]
    if token not in ADJECTIVES or not things or len(things) == len(mention.said):
        return []
    numbers = common([index.having(token), *(index.having(thing) for thing in things)])
    return [Mention(at, at + 1, index.names(numbers), "head", (token,))] if len(numbers) else []


def head_words(mention: Mention, index: CatalogueIndex) -> tuple[str, ...]:
    """The words of a mention that tell what kind of thing it is."""
    return tuple(token for token in mention.said if len(index.headed(token)) or token in index.category_words)


def restricted(mention: Mention, heads: Collection[str], index: CatalogueIndex) -> Numbers:
    """The products with the mention's words that are also a kind of one of ``heads``."""
    for head in heads:
        kinds = np.union1d(
            index.headed(head), index.having(head) if head in index.category_words else NOTHING
        )
        numbers = common([kinds.astype(np.int32), *(index.having(token) for token in mention.said)])
        if len(numbers):
            return numbers
    return NOTHING
