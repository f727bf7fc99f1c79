"""Words to and from Slack: escaped on the way out, plain on the way in, cut to what Slack takes."""

from __future__ import annotations

import re

# Slack's limits: a section, a button's label, a header, the words beside the blocks.
MOST_SECTION = 2_900
MOST_LABEL = 75
MOST_HEADER = 150
MOST_FALLBACK = 3_800

_MENTION = re.compile(r"<([@#!])([^<>|]*)(?:\|([^<>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^<>|]*)(?:\|([^<>]*))?>")
_DRESSING = re.compile(r"(?<!\w)([*_~`]+)(?=\S)(.+?)(?<=\S)\1(?!\w)")


def escape(text: str) -> str:
    """Text that Slack shows as it stands: no mention, no link, no channel call is made of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bold(text: str) -> str:
    """One line in bold; its own asterisks would end it."""
    plain = " ".join(text.replace("*", "∗").split())
    return f"*{escape(plain)}*" if plain else ""


def link(address: str, label: str) -> str:
    """Words that open an address."""
    safe = address.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
    return f"<{safe}|{escape(shortened(label.replace('|', '∣'), MOST_LABEL))}>"


def fenced(text: str) -> str:
    """A block of letters of one width; it cannot be ended from inside."""
    return f"```\n{escape(text.replace('```', chr(39) * 3))}\n```"


def plain(text: str) -> str:
    """What a person typed: without mentions, with the words of links, without dressing and escapes."""
    text = _MENTION.sub(_mention, text)
    text = _LINK.sub(lambda found: found[2] or found[1].removeprefix("mailto:").removeprefix("tel:"), text)
    text = _DRESSING.sub(r"\2", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def _mention(found: re.Match[str]) -> str:
    kind, _code, label = found[1], found[2], found[3]
    if kind == "#" and label:
        return f"#{label}"
    return label or "" if kind == "!" else ""


def shortened(text: str, most: int) -> str:
    """At most ``most`` characters, on one line, with a sign that some are missing."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def pieces(text: str, most: int = MOST_SECTION) -> list[str]:
    """Long text in parts of at most ``most`` characters once escaped, cut between lines or words."""
    parts: list[str] = []
    rest = text.strip()
    while rest:
        size = _fitting(rest, most)
        if size < len(rest):
            size = _good_cut(rest, size)
        parts.append(rest[:size].rstrip())
        rest = rest[size:].lstrip()
    return [part for part in parts if part]


def _fitting(text: str, most: int) -> int:
    """How many characters of the beginning are at most ``most`` long when escaped."""
    if len(text) <= most and len(escape(text)) <= most:
        return len(text)
    length = 0
    for position, letter in enumerate(text):
        length += len(escape(letter))
        if length > most:
            return max(1, position)
    return len(text)


def _good_cut(text: str, size: int) -> int:
    for end in ("\n", ". ", " "):
        found = text.rfind(end, size // 2, size)
        if found > 0:
            return found + len(end)
    return size
