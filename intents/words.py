"""Text to words: chat artefacts removed, one spelling of quotes and spaces, bounded length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

LONGEST_TEXT = 1000
LONGEST_WORD = 40
# A thousand letters of prose are two hundred words.
MOST_WORDS = 250

_QUOTES = str.maketrans({
    "‘": "'", "’": "'", "‛": "'", "´": "'", "`": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    "–": "-", "—": " - ", "‑": "-", "−": "-", "×": "x", "…": "...", "→": "->", "⇒": "->", "½": " 1/2",
    "¼": " 1/4", "¾": " 3/4",
    "👍": " yes ", "✅": " yes ", "👎": " no ", "❌": " no ", "🙏": " thanks ",
})  # fmt: skip
_EMOJI_WORDS = {"+1": "yes", "thumbsup": "yes", "white_check_mark": "yes", "heavy_check_mark": "yes",
                "ok_hand": "yes", "-1": "no", "thumbsdown": "no", "x": "no", "pray": "thanks",
                "wave": "hi"}  # fmt: skip
# Pictures that stand for a word of the sentence, not for a mood.
_EMOJI_NOUNS = {"bell": "alerts", "no_bell": "mute alerts", "fire": "hot", "shopping_trolley": "reorder",
                "shopping_cart": "reorder", "thermometer": "temperature"}  # fmt: skip
_PICTURES = str.maketrans({"🔔": " alerts ", "🔕": " mute alerts ", "🔥": " hot ", "🛒": " reorder ",
                           "🌡": " temperature "})  # fmt: skip
_SLACK_LINK = re.compile(r"<(https?|mailto|tel):[^<>|]*(?:\|([^<>]*))?>")
_SLACK_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|([^<>]*))?>")
_SLACK_PERSON = re.compile(r"<[@!][^<>]*>")
_EMOJI = re.compile(r":([a-z0-9_+\-]{1,40}):")
_MARKUP = re.compile(r"(?<![\w*~])([*~_]{1,3})(?=\S)(.{1,200}?)(?<=\S)\1(?![\w*~])")
_SPACE = re.compile(r"\s+")
# A line of its own is a request of its own, or goes on with what stands on the line before.
_LINES = re.compile(r"(?<=\w)[ \t]*[\r\n]+\s*(?=\w)")
_WORD = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?"
    r"|\d{1,2}[:.]\d{2}(?=\s*(?:am|pm)\b)"
    r"|\d+(?:st|nd|rd|th)\b"
    r"|\d{2,4}'?s\b"
    r"|\d+(?:\.\d+)?e\d{1,2}\b"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\.\d+|\d+"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*(?:\d+(?![\d,.]*[^\W\d_]{3}))?"
    r"|->|[£$€₹]|\S",
    re.IGNORECASE,
)
_IRREGULAR = {
    "loaves": "loaf", "knives": "knife", "leaves": "leaf", "halves": "half", "shelves": "shelf",
    "scarves": "scarf",
    "mice": "mouse", "geese": "goose", "children": "child", "women": "woman", "men": "man", "feet": "foot",
    "yoghurts": "yogurt", "yoghurt": "yogurt", "grey": "gray", "colour": "color", "colours": "color",
    "shoes": "shoe",
    "houmous": "hummus", "humous": "hummus", "donuts": "doughnut", "donut": "doughnut", "tyres": "tire",
    "tyre": "tire",
    "aluminium": "aluminum", "jewellery": "jewelry", "pyjamas": "pajama", "pajamas": "pajama", "goes": "go",
    "axes": "axe",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message.

    ``low`` is lower case without apostrophes (spelling mended), ``stem`` its singular;
    ``start`` and ``end`` are where it stands in the cleaned text.
    """

    text: str
    low: str
    stem: str
    start: int
    end: int

    @property
    def glued(self) -> str:
        """The first character's kind: ``d`` digit, ``a`` letter, ``s`` sign."""
        return "d" if self.low[:1].isdecimal() else "a" if self.low[:1].isalpha() else "s"

    def mended(self, low: str) -> Word:
        """The same word in its right spelling."""
        return replace(self, low=low, stem=stem(low))


def clean(raw: str) -> str:
    """The message without chat markup, control characters and doubled spaces, at most 1,000 long.

    The end of a line is marked by a semicolon, pictures that stand for words are those words.
    """
    text = unicodedata.normalize("NFKC", raw[: 4 * LONGEST_TEXT].translate(_QUOTES)).translate(_QUOTES)
    text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ")
    text = _SLACK_LINK.sub(lambda found: found[2] or " ", text)
    text = _SLACK_CHANNEL.sub(lambda found: found[1] or " ", text)
    text = _SLACK_PERSON.sub(" ", text)
    text = _MARKUP.sub(lambda found: found[2], text)
    text = _LINES.sub(" ; ", text.strip())
    spoken = _EMOJI.sub(lambda found: f" {_EMOJI_NOUNS.get(found[1], '')} ", text.translate(_PICTURES))
    if not _has_word(spoken):
        spoken = _EMOJI.sub(lambda found: f" {_EMOJI_WORDS.get(found[1], '')} ", text)
    kept = "".join(letter if _printable(letter) else " " for letter in spoken)
    return _SPACE.sub(" ", kept).strip()[:LONGEST_TEXT]


def _has_word(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _printable(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CM" or letter == " "


def words_of(text: str) -> tuple[Word, ...]:
    """The words of cleaned text; numbers and their units are words of their own."""
    out: list[Word] = []
    for found in _WORD.finditer(text):
        out.extend(_split(found[0], found.start()))
    return tuple(out)


def within_reach(text: str) -> tuple[str, str]:
    """As much of cleaned text as is read, and the rest: signs alone may be hundreds of words."""
    words = words_of(text)
    cut = words[MOST_WORDS].start if len(words) > MOST_WORDS else len(text)
    return text[:cut], text[cut:]


_TIMES = re.compile(r"^(x)(\d+)$", re.IGNORECASE)


def _split(piece: str, start: int) -> list[Word]:
    times = _TIMES.match(piece)
    if times:
        return [_word("x", start), _word(times[2], start + 1)]
    return [_word(piece, start)]


def _word(piece: str, start: int) -> Word:
    low = piece.lower().replace("'", "")[:LONGEST_WORD] or piece
    return Word(piece, low, stem(piece.lower()), start, start + len(piece))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The singular of a word as far as matching needs it (the same for both forms, not always English)."""
    if word[:1].isdecimal():  # a decade: "50's" and "50s" are one word
        return word.replace("'", "")[:LONGEST_WORD]
    low = word.removesuffix("'s").removesuffix("s'").replace("'", "")[:LONGEST_WORD]
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if len(low) < 4 or not low.isalpha():
        return low
    return _singular(low)


def _singular(low: str) -> str:
    if low.endswith("ies"):
        return low[:-1] if len(low) <= 5 else low[:-3] + "y"
    if low.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        return low[:-2]
    if low.endswith("s") and not low.endswith(("ss", "us", "is")):
        low = low[:-1]
    if low.endswith("ie") and len(low) >= 6:
        return low[:-2] + "y"
    return low


def lows(words: Sequence[Word]) -> str:
    """The words' lower-case forms, joined by single spaces."""
    return " ".join(word.low for word in words)
