"""A product's size said as a bare number: "2 red mug 500" are two of the 500 ml ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intents.catalogue_index import CatalogueIndex
from intents.mentions import Mention
from intents.numerals import read_number
from intents.quantities import UNITS
from intents.words import Word

_ARTICLES = frozenset({"a", "an", "one", "another"})


def with_bare_sizes(
    words: Sequence[Word], mentions: Sequence[Mention], index: CatalogueIndex
) -> tuple[Mention, ...]:
    """The mentions, those with a size right behind them narrowed to it.

    The number is a size only where the amount is told besides ("a red mug 350", "red mug 500 x 2").
    """
    return tuple(_narrowed(words, mention, index) for mention in mentions)


def _narrowed(words: Sequence[Word], mention: Mention, index: CatalogueIndex) -> Mention:
    said = words[mention.end].low if mention.end < len(words) else ""
    if not said.isdecimal() or mention.how == "code" or not _has_an_amount(words, mention):
        return mention
    sized = tuple(sku for sku in mention.skus if said in index.size_figures(sku))
    return replace(mention, end=mention.end + 1, skus=sized) if sized else mention


def _has_an_amount(words: Sequence[Word], mention: Mention) -> bool:
    after = words[mention.end + 1].low if mention.end + 1 < len(words) else ""
    if after in UNITS:
        return False
    before = mention.start - 1
    if before >= 0 and (words[before].low in _ARTICLES or read_number(words, before) is not None):
        return True
    return after == "x" and read_number(words, mention.end + 2) is not None
