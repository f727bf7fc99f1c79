"""Text for Telegram: spans in HTML, and pages that fit one message without ever cutting a tag."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

# Telegram counts 4,096 UTF-16 units after it has read the tags; captions have 1,024.
MOST_IN_MESSAGE = 4_096
MOST_IN_CAPTION = 1_024
Tag = Literal["", "b", "i", "pre"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of plain text in one look; ``link`` is an address that it opens."""

    text: str
    tag: Tag = ""
    link: str = ""

    @property
    def plain(self) -> str:
        """Where no look is shown."""
        return f"{self.text}: {self.link}" if self.link else self.text

    @property
    def html(self) -> str:
        """As Telegram reads it; what people wrote is never taken for a tag."""
        safe = html.escape(self.text, quote=False)
        if self.link:
            return f'<a href="{html.escape(self.link)}">{safe}</a>'
        return f"<{self.tag}>{safe}</{self.tag}>" if self.tag else safe


@dataclass(frozen=True, slots=True)
class PageOfText:
    """One message's worth of text, as HTML and as plain words."""

    html: str
    plain: str


def units(text: str) -> int:
    """How long Telegram takes the text to be."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def clean(text: str) -> str:
    """The text without what no message may carry: halves of letters, and control characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(letter for letter in whole if letter >= " " or letter in "\n\t")


def short(text: str, most: int) -> str:
    """One line of at most ``most`` units."""
    line = " ".join(clean(text).split())
    if units(line) <= most:
        return line
    while units(line) > most - 1:
        line = line[: most - 1 if len(line) >= most else -1]
    return f"{line.rstrip()}…"


def pages(spans: Iterable[Span], most: int = MOST_IN_MESSAGE) -> tuple[PageOfText, ...]:
    """The spans in as many messages as they need, in order."""
    made: list[PageOfText] = []
    held: list[Span] = []
    room = most
    for span in spans:
        for piece in _pieces(Span(clean(span.text), span.tag, span.link), most):
            length = units(piece.plain)
            if length > room:
                made += _page(held)
                held, room = [], most
            held.append(piece)
            room -= length
    return tuple(made + _page(held))


def _page(held: list[Span]) -> list[PageOfText]:
    """What Telegram would not refuse as empty, as a page."""
    plain = "".join(span.plain for span in held).strip()
    return [PageOfText("".join(span.html for span in held).strip(), plain)] if plain else []


def _pieces(span: Span, most: int) -> Iterator[Span]:
    rest = span.text
    while units(rest) > most:
        cut = _cut(rest, most)
        yield Span(rest[:cut], span.tag, span.link)
        rest = rest[cut:].lstrip("\n")
    if rest:
        yield Span(rest, span.tag, span.link)


def _cut(text: str, most: int) -> int:
    """Where to break: after a line if there is one in the later half, else after a word, else anywhere."""
    end = most
    while units(text[:end]) > most:
        end -= 1 + (units(text[:end]) - most) // 2
    for mark in ("\n", " "):
        found = text.rfind(mark, end // 2, end)
        if found > 0:
            return found + 1
    return end
