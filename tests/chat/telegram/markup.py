"""HTML as Telegram reads it: what is unbalanced, unknown or unescaped is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-spoiler": "spoiler",
}  # fmt: skip
REFERENCES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
PIECE = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-z-]*)(?P<rest>[^<>]*)>|(?P<bad><)|&(?P<name>#?\w+);", re.IGNORECASE
)


class CannotParse(Exception):
    """What Telegram answers with 400."""


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass
class Reader:
    """Plain text and entities, as they grow."""

    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    open: list[tuple[str, int]] = field(default_factory=list)

    def tag(self, name: str, rest: str, *, closing: bool) -> None:
        at = units(self.text)
        if name not in KINDS or rest.strip():
            raise CannotParse(f'Unsupported start tag "{name}" at byte offset {at}')
        if not closing:
            self.open.append((name, at))
            return
        if not self.open or self.open[-1][0] != name:
            raise CannotParse(
                f'Unmatched end tag at byte offset {at}, expected "{self.open[-1:]}", found "{name}"'
            )
        _, start = self.open.pop()
        if at > start:
            self.entities.append({"type": KINDS[name], "offset": start, "length": at - start})


def parse(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and its entities.

    Raises:
        CannotParse: Telegram would refuse it.
    """
    reader, end = Reader(), 0
    for found in PIECE.finditer(html):
        reader.text += html[end : found.start()]
        end = found.end()
        if found["bad"]:
            raise CannotParse("Unclosed start tag")
        if found["name"]:
            reader.text += _reference(found)
        else:
            reader.tag(found["tag"].lower(), found["rest"], closing=bool(found["close"]))
    reader.text += html[end:]
    if reader.open:
        raise CannotParse(f'Can\'t find end tag corresponding to start tag "{reader.open[-1][0]}"')
    return _trimmed(reader)


def _reference(found: re.Match[str]) -> str:
    name = found["name"]
    if name.startswith("#"):
        return chr(int(f"0{name[1:]}", 0) if name[1:2] in "xX" else int(name[1:]))
    return REFERENCES.get(name, found[0])


def _trimmed(reader: Reader) -> tuple[str, list[dict[str, Any]]]:
    text = reader.text.rstrip()
    most = units(text)
    kept = [
        one | {"length": min(one["length"], most - one["offset"])}
        for one in reader.entities
        if one["offset"] < most
    ]
    return text, sorted(kept, key=lambda one: (one["offset"], -one["length"]))
