"""Which products, and which categories, the words of a message denote."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, product

import numpy as np

from intents.catalogue_index import NOTHING, CatalogueIndex, Numbers, common, compact, core_key
from intents.pieces import NEVER_START, Piece, Run
from intents.product_words import ADJECTIVES, MAKES, SIZE_WORDS, is_size
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
_FEW = 50
_MOST_PIECES = 6
_SHORTEST_CODE, _BARCODE = 5, 8
_MANY = 3000
_MOST_WAYS = 16


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that denote products (``skus``) or a category.

    ``how``: ``code``, ``exact`` (the whole name), ``head`` (a kind of thing), ``part`` (other words of
    the name only, as in "the blue ones") or ``category``.  ``said`` are the stems that were read;
    ``beside`` are the places of words next to it that none of the products has, ``excepting`` is where
    the words are that leave some of them out.
    """

    start: int
    end: int
    skus: tuple[str, ...]
    how: str
    said: tuple[str, ...]
    category: str = ""
    beside: tuple[int, ...] = ()
    excepting: tuple[int, int] | None = None

    @property
    def reach(self) -> tuple[int, int]:
        """Where the words begin and end with those beside them."""
        return min((self.start, *self.beside)), max(self.end, *(at + 1 for at in self.beside), 0)

    @property
    def ambiguous(self) -> bool:
        """Whether the words leave a choice."""
        return len(self.skus) > 1


def find_codes(words: Sequence[Word], text: str, index: CatalogueIndex) -> tuple[Mention, ...]:
    """SKUs and barcodes, written in any case, also the start of an SKU ("mug-red") or in pieces."""
    out = []
    for found in _CODE_PART.finditer(text):
        numbers = _code_numbers(found[0], index)
        if len(numbers):
            start, end = _covering(words, found.start(), found.end())
            out.append(Mention(start, end, index.names(numbers), "code", (found[0].lower(),)))
    taken = {at for mention in out for at in range(mention.start, mention.end)}
    return (*out, *_codes_in_pieces(words, index, taken))


def _codes_in_pieces(
    words: Sequence[Word], index: CatalogueIndex, taken: Collection[int]
) -> tuple[Mention, ...]:
    """As in "mug red 350" for MUG-RED-350, or a barcode in groups of digits."""
    out: list[Mention] = []
    at = 0
    while at < len(words):
        end = next(
            (end for end in range(at + _MOST_PIECES, at + 1, -1) if _spells_code(words, at, end, index)), at
        )
        if end > at and not set(range(at, end)) & set(taken):
            code = "".join(compact(word.low) for word in words[at:end])
            out.append(Mention(at, end, (index.skus[index.codes[code]],), "code", (code,)))
        at = max(end, at + 1)
    return tuple(out)


def _spells_code(words: Sequence[Word], at: int, end: int, index: CatalogueIndex) -> bool:
    if (
        end > len(words)
        or not any(letter.isdecimal() for letter in words[end - 1].low)
        or not all(word.low.isalnum() or word.low in "-_/." for word in (words[at], words[end - 1]))
    ):
        return False
    code = "".join(compact(word.low) for word in words[at:end])
    mixed = any(letter.isalpha() for letter in code) and code[-1:].isdecimal() and len(code) >= _SHORTEST_CODE
    return (mixed or (code.isdecimal() and len(code) >= _BARCODE)) and code in index.codes


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


def find_products(run: Run) -> tuple[Mention, ...]:
    """All products and categories named in words that are not blocked, left to right."""
    out: list[Mention] = []
    at = 0
    while at < len(run.words):
        found = None if at in run.blocked else _mention(run, at)
        if found is None:
            at += 1
        else:
            out.append(found)
            at = found.end
    shared = _share_heads(out, run.words, run.index)
    return tuple(_led_by_colours(shared, run.words, run.index, run.blocked))


def _mention(run: Run, at: int) -> Mention | None:
    pieces = run.grown(at)
    while pieces and pieces[-1].weak and not _belongs(pieces, run.index) and not _described(pieces, run):
        pieces = pieces[:-1]
    sure = any(not piece.weak for piece in pieces) or _whole_name(pieces, run.index)
    if not sure and not _described(pieces, run):
        return None
    return _denoted(pieces, run) if pieces else None


def _described(pieces: Sequence[Piece], run: Run) -> bool:
    """Whether ordinary words tell of things by colour, make or kind ("small red", "food cover")."""
    told = {piece.token for piece in pieces}
    end = pieces[-1].end if pieces else 0
    pronoun = end < len(run.words) and run.words[end].low in ("one", "ones")
    if len(told) < 2 or pronoun:
        return False
    last = pieces[-1]
    kind = pieces[-2].end == last.start and len(run.index.headed(last.token)) > 0
    return bool(told & MAKES) or (kind and not told & NEVER_START)


def _belongs(pieces: Sequence[Piece], index: CatalogueIndex) -> bool:
    """Whether the last, ordinary word is part of the name ("gift wrap", "cold brew can")."""
    if _whole_name(pieces, index):
        return True
    if len(pieces) < 2:
        return False
    before, last = pieces[-2], pieces[-1]
    if last.token in ADJECTIVES and any(not piece.weak for piece in pieces):
        return True
    among = common([piece.numbers for piece in pieces])
    if len(common((among, index.headed(last.token)))):  # "skulls wrap"
        return True
    return before.end == last.start and index.neighbours(before.token, last.token, among)


def _whole_name(pieces: Sequence[Piece], index: CatalogueIndex) -> bool:
    names = [piece.token for piece in pieces if not is_size(piece.token)]
    return len(names) > 1 and len(index.called(names)) > 0


def _denoted(pieces: Sequence[Piece], run: Run) -> Mention:
    index, words = run.index, run.words
    tokens = tuple(piece.token for piece in pieces)
    names = [token for token in tokens if not is_size(token)]
    start, end = pieces[0].start, pieces[-1].end
    category = index.categories.get(core_key(names)) if len(names) == len(tokens) else None
    if category is not None:
        while end < len(words) and words[end].stem in _SECTION:
            end += 1
        return Mention(start, end, (), "category", tokens, category)
    numbers, how = _chosen(pieces, run)
    if how == "part" and len(names) == 1 and len(tokens) == 1:
        loose = _loose_category(names[0], index)
        if loose:
            return Mention(start, end, (), "category", tokens, loose)
    return Mention(start, end, index.names(numbers), how, tokens)


def _loose_category(word: str, index: CatalogueIndex) -> str:
    """As in "toys" for "Toys & Gifts" where nothing in the shop is itself a kind of toy."""
    names = [name for key, name in index.categories.items() if word in key.split()]
    return names[0] if len(names) == 1 else ""


def _chosen(pieces: Sequence[Piece], run: Run) -> tuple[Numbers, str]:
    index = run.index
    held = common([piece.numbers for piece in pieces])
    named = [piece for piece in pieces if not is_size(piece.token)]
    exact = _called(named, held, index)
    if len(exact) and not _several_meant(exact, named, held, run):
        return _just_so(exact, pieces, index), "exact"
    for piece in reversed(named):
        headed = common((held, _headed(piece, index)))
        if len(headed):
            return _of_that_kind(headed, held, named, index), "head"
    return held, "part"


def _several_meant(exact: Numbers, named: Sequence[Piece], held: Numbers, run: Run) -> bool:
    """Whether words that could be one product's whole name tell of all products of the kind.

    As "watering cans" are also the indoor ones, and "cider" not only the one called "Medium Cider".
    """
    index, last = run.index, named[-1]
    held = _by_name(held, named, index)
    if len(exact) > _FEW or not len(exact) < len(common((held, _headed(last, index)))):
        return False
    said = run.words[last.end - 1].low
    plural = last.end - last.start == 1 and said != last.token and said.endswith("s")
    if plural and not any(index.writes(number, said) for number in exact):
        return True
    sizes = frozenset(SIZE_WORDS.values())
    return all(index.own_sizes(number) & sizes for number in exact)


def _by_name(held: Numbers, named: Sequence[Piece], index: CatalogueIndex) -> Numbers:
    """Less what has a word only from its category: "wool scarves" under "Socks & Scarves" are no socks."""
    for piece in named:
        held = np.setdiff1d(held, index.by_category_only(piece.token))
    return held


def _called(named: Sequence[Piece], held: Numbers, index: CatalogueIndex) -> Numbers:
    """Of the products held, those of whose name these are all the words."""
    if not named:
        return NOTHING
    ways = islice(product(*(piece.spellings or ((piece.token,),) for piece in named)), _MOST_WAYS)
    called = [index.called(chain.from_iterable(way)) for way in ways]
    return common((held, np.unique(np.concatenate(called))))


def _just_so(exact: Numbers, pieces: Sequence[Piece], index: CatalogueIndex) -> Numbers:
    """As "Blue Mug" is the one called so, not the "Blue Mug Set of 4"."""
    if not 1 < len(exact) <= _FEW:
        return exact
    sizes = {piece.token for piece in pieces if is_size(piece.token)}
    bare = [number for number in exact if index.own_sizes(number) <= sizes]
    return np.array(bare, np.int32) if bare else exact


def _headed(piece: Piece, index: CatalogueIndex) -> Numbers:
    found = [index.headed(way[-1]) for way in piece.spellings] or [index.headed(piece.token)]
    return found[0] if len(found) == 1 else np.unique(np.concatenate(found))


def _of_that_kind(headed: Numbers, held: Numbers, named: Sequence[Piece], index: CatalogueIndex) -> Numbers:
    """A single word is the head's ("milk" is no milk jug); several also tell of others of its category."""
    if sum(piece.end - piece.start for piece in named) < 2 or not len(headed) < len(held) <= _MANY:
        return headed
    kinds = {index.category(number) for number in headed}
    held = np.union1d(headed, _by_name(held, named, index))
    return np.array([number for number in held if index.category(number) in kinds], np.int32)


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
