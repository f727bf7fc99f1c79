"""What of a message each slot took up, and what was left over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from intents.followups import FRAGMENT_WORDS
from intents.gazetteer import Entity
from intents.mentions import Mention
from intents.periods import TimeSpan
from intents.reading import Filled
from intents.tags import Tags
from intents.understanding import Heard
from intents.words import Word
from tools.kit import Period, Tool

_BEFORE = {
    "location": frozenset({"in", "at", "from", "to", "near"}),
    "supplier": frozenset({"from", "by"}),
}
_INHERITED = frozenset(
    {"products", "category", "location", "supplier", "customer", "order", "po", "period", "vehicle", "sensor"}
)


def other_days(filled: Filled, tags: Tags, today: date) -> str:
    """The words for days other than today that no slot took."""
    spare = [tag for tag in filled.leftovers(tags) if isinstance(tag, TimeSpan)]
    other = [tag for tag in spare if tag.past != Period(today, today)]
    return " ".join(tags.low(at) for tag in other for at in range(tag.start, tag.end))


def unknown_name(
    tags: Tags, span: tuple[int, int], unexplained: Sequence[str], tool: Tool | None
) -> tuple[str, str]:
    """The slot and the words, none of the shop's, that stand where it is told ("in Paris", "from Acme")."""
    slots = tool.slot_kinds if tool else {}
    part = replace(tags, words=tags.words[: span[1]])
    strange, known = set(unexplained), part.covered()
    for at in range(1, len(part.words)):
        before = part.low(at - 1 - (part.low(at - 1) in ("the", "our", "my")))
        for slot in ("supplier", "location"):
            if at in known or slot not in slots or before not in _BEFORE[slot]:
                continue
            end = _name_ends(part, at, strange)
            named = slot == "supplier" and _mended_name(part.words[at], followed=end > at + 1)
            if part.low(at) in strange or named:
                return slot, part.text[part.words[at].start : part.words[end - 1].end]
    return "", ""


def besides(unexplained: Sequence[str], name: tuple[str, str]) -> tuple[str, ...]:
    """The unexplained words that are no part of a supplier's name."""
    of_name = name[1].lower().split() if name[0] == "supplier" else ()
    return tuple(word for word in unexplained if word not in of_name)


def _name_ends(part: Tags, at: int, strange: Collection[str]) -> int:
    end = at + 1
    while end < len(part.words) and (part.low(end) in strange or "&" in (part.low(end), part.low(end - 1))):
        end += 1
    return end


def _mended_name(word: Word, *, followed: bool) -> bool:
    """Whether a word that the speller read as another is likelier somebody's name."""
    if word.text.lower().replace("'", "") == word.low or not word.text.isalpha():
        return False
    return followed or word.text[0].isupper() or word.text[0].lower() != word.low[:1]


def adds_only(tags: Tags, span: tuple[int, int]) -> bool:
    """Whether a part names a day, a place or a thing and asks nothing of its own ("and last week?")."""
    part = tags.within(*span)
    covered = part.covered()
    return bool(part.all()) and all(at in covered or tags.low(at) in FRAGMENT_WORDS for at in range(*span))


def other_places(filled: Filled, part: Tags) -> tuple[str, ...]:
    """Places that were named besides the one that the request is about."""
    return tuple(
        " ".join(part.low(at) for at in range(tag.start, tag.end))
        for tag in filled.used.get("location", ())
        if isinstance(tag, Entity) and tag.code and tag.code != filled.slots["location"]
    )


def heard_slots(filled: Filled, tags: Tags) -> dict[str, Heard]:
    """What each slot was read from."""
    heard = {slot: _heard_slot(slot, filled, tags) for slot in filled.slots}
    for slot, codes in filled.ambiguous.items():
        heard.setdefault(slot, Heard(_said(filled, slot, tags), codes, "name"))
    return heard


def _heard_slot(slot: str, filled: Filled, tags: Tags) -> Heard:
    used = filled.used.get(slot, ())
    ways = [
        tag.how if isinstance(tag, Mention) else "name" if isinstance(tag, Entity) else "words"
        for tag in used
    ]
    how = ways[-1] if ways else "memory" if slot in _INHERITED else "words"
    candidates = filled.slots[slot] if slot == "products" else ()
    return Heard(_said(filled, slot, tags), tuple(candidates), how)


def _said(filled: Filled, slot: str, tags: Tags) -> str:
    used = filled.used.get(slot, ())
    return " ".join(tags.text[tags.words[tag.start].start : tags.words[tag.end - 1].end] for tag in used)
