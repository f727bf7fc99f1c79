"""The words of a customer's text with their exact places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intents.words import stem

MOST_LETTERS = 20_000
"""So much of a text is read; what comes after is kept but not understood."""
MOST_TOKENS = 1500
LONGEST_WORD = 40

_ONE_FOR_ONE = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u00b4": "'", "`": "'", "\u02bc": "'",
    "\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"', "\u2013": "-", "\u2014": "-",
    "\u2011": "-", "\u2212": "-", "\u00a0": " ", "\u2009": " ", "\u200b": " ", "\ufeff": " ",
})  # fmt: skip
_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+[.,:]\d+|\d+(?:st|nd|rd|th)\b|\d+"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*|\.{2,}|[!?]+|\S",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or sign: ``low`` is in lower case, ``stem`` its singular; its places the text's."""

    text: str
    low: str
    stem: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it has letters."""
        return self.low[:1].isalpha()


def whole(text: str) -> str:
    """The text with a question mark for every half of a letter, which no encoder takes; same offsets."""
    return text.encode("utf-8", "replace").decode("utf-8")


def level(text: str) -> str:
    """As much of the text as is read, with one spelling of quotes, dashes and spaces; same offsets.

    >>> level("it\u2019s")
    "it's"
    """
    return whole(text[:MOST_LETTERS]).translate(_ONE_FOR_ONE)


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words, numbers and signs of a text, at most ``MOST_TOKENS``.

    >>> [token.low for token in tokens_of("Mugs, 2!")]
    ['mugs', ',', '2', '!']
    """
    out = []
    for found in _TOKEN.finditer(level(text)):
        low = found[0].lower()[:LONGEST_WORD]
        out.append(Token(text[found.start() : found.end()], low, stem(low), found.start(), found.end()))
        if len(out) == MOST_TOKENS:
            break
    return tuple(out)
