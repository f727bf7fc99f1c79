"""What of a message each slot took up, and what was left over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from intents.followups import FRAGMENT_WORDS
from intents.gazetteer import Entity
from intents.mentions import Mention
from intents.periods import TimeSpan
from intents.reading import Filled
from intents.tags import Tags
from intents.understanding import Heard
from intents.words import Word
from tools.kit import Period

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


def unknown_name(part: Tags, unexplained: Sequence[str], slots: Collection[str]) -> tuple[str, str]:
    """The slot and the word, none of the shop's, that stands where it is told ("in Paris", "from Acme")."""
    strange = set(unexplained)
    for at, word in enumerate(part.words):
        before = part.low(at - 1 - (part.low(at - 1) in ("the", "our", "my")))
        for slot in ("supplier", "location"):
            told = slot in slots and at > 0 and before in _BEFORE[slot]
            if told and (word.low in strange or (slot == "supplier" and _another_word(word))):
                return slot, word.text
    return "", ""


def _another_word(word: Word) -> bool:
    """Whether the speller read a word of another letter into it: a name of somebody is likelier."""
    first = word.text[:1].lower()
    return first.isascii() and first.isalpha() and first != word.low[:1]


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
