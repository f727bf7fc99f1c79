"""Names that may as well be those of other products, by a slip ("hand fowel") or a word left out."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.catalogue_index import CatalogueIndex, common
from intents.mentions import Mention
from intents.product_words import SIZE_WORDS, read_name
from intents.reading import Filled
from intents.tags import Tags
from intents.words import Word, lows, stem

SHORTEST = 4
# Where other words of the name are right, a word may be one slip further from what was said.
FURTHER = 1


def near_misses(part: Tags, filled: Filled, index: CatalogueIndex) -> tuple[str, ...]:
    """The words as they were written by which another product of the shop may have been meant."""
    used = [tag for tag in filled.used.get("products", ()) if isinstance(tag, Mention)]
    open_names = [lows(part.words[one.start : one.end]) for one in used if _size_left_out(one, index)]
    return (*open_names, *_misspelt_names(part, used, index))


def _size_left_out(mention: Mention, index: CatalogueIndex) -> bool:
    """Whether the one product has a size in words that was not said, and others are called so as well.

    "Sunflower seeds" may be the giant or the dwarf ones.
    """
    if mention.how == "code" or len(mention.skus) != 1:
        return False
    core = read_name(index.name(mention.skus[0]))[0]
    unsaid = [
        word for word in core if word in SIZE_WORDS and not {word, SIZE_WORDS[word]} & set(mention.said)
    ]
    return bool(unsaid) and len(common(index.having(token) for token in mention.said)) > 1


def _misspelt_names(part: Tags, used: Sequence[Mention], index: CatalogueIndex) -> tuple[str, ...]:
    return tuple(
        word.text.lower()
        for mention in used
        for word in part.words[mention.start : mention.end]
        if _misspelt(word, mention, index)
        and (_mended_twice(word, mention) or _has_rival(stem(word.text.lower()), mention, index))
    )


def _misspelt(word: Word, mention: Mention, index: CatalogueIndex) -> bool:
    """Whether a word of a name is written as no name writes it, and was read as one all the same."""
    said = stem(word.text.lower())
    if mention.how == "code" or len(said) < SHORTEST or not said.isalpha() or said in mention.said:
        return False
    return said not in index and word.text.lower() not in index.spellings


def _mended_twice(word: Word, mention: Mention) -> bool:
    """Whether it was first read as an ordinary word and that as one of the name ("ruted", "rated")."""
    return word.low != word.text.lower() and word.stem not in mention.said


def _has_rival(said: str, mention: Mention, index: CatalogueIndex) -> bool:
    """Whether another word of names lies about as near, and names other things with the words around it."""
    if not mention.said:  # what was pointed at was not spelt
        return False
    read = min(mention.said, key=lambda token: OSA.distance(said, token))
    others = [token for token in mention.said if token != read and token in index]
    limit = OSA.distance(said, read) + (FURTHER if others else 0)
    found = process.extract(said, index.vocabulary(), scorer=OSA.distance, score_cutoff=limit, limit=None)
    return any(
        len(common([index.having(rival), *(index.having(token) for token in others)])) > 0
        for rival, _, _ in found
        if rival != read
    )
