"""Which words of a text are words of the catalogue: what the encoder is told of the shop."""

from __future__ import annotations

from intents.signals.shelf_index import ShelfIndex
from intents.signals.tokens import tokens_of

HEAD, REST = 1.0, 0.5
SHORTEST = 3

Known = tuple[int, int, float]


def known_words(text: str, index: ShelfIndex) -> list[Known]:
    """The spans of catalogue words; 1 for what a thing is ("mug"), 0.5 for how it comes ("green").

    Misspelt words count as the ones they stand for.
    """
    out = []
    for token in tokens_of(text):
        if not token.is_word or len(token.low) < SHORTEST:
            continue
        words = index.reads(token.low)
        if words:
            much = HEAD if any(len(index.headed(word)) for word in words) else REST
            out.append((token.start, token.end, much))
    return out
