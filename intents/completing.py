"""What a request of its own leaves out because it was said before: its goods, its place, its time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from intents.context import Memory
from intents.reading import Filled
from intents.tags import Tags
from tools.kit import Tool
from tools.store import Catalogue

_THINGS = frozenset({
    "it", "them", "em", "they", "those", "these", "that", "this", "ones", "one", "same", "its", "theyre",
    "some", "any",
    "thats",
})  # fmt: skip
_PEOPLE = frozenset({
    "their", "they", "them", "theyre", "him", "her", "she", "he", "his", "it", "that", "those", "shes", "hes",
    "theirs",
})  # fmt: skip
_PERSON = frozenset({"she", "he", "her", "him", "his", "hers", "shes", "hes"})
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr"})
_OF_TIME = re.compile(
    r"\b(?:(?:that|same|the same) (?:day|week|month|period|time|weekend|quarter|year)|then)\b"
)
_HERE = frozenset({"there", "here"})
_LEANING = frozenset({"more", "there"})
# "how much should I order?" and "when is the next lot due?" are about what was spoken of.
_LEANING_OF = {
    "reorder.suggest": frozenset({"much", "many"}),
    "forecast.demand": frozenset({"many"}),
    "po.status": frozenset({"lot", "batch", "delivery"}),
}
_ONLY = frozenset({"only", "just", "same", "instead"})
# In "what do people want that we don't have?" the "that" begins a clause and points at nothing.
_SUBJECTS = frozenset({"we", "you", "i", "they", "people", "customers", "nobody", "somebody"})


@dataclass(frozen=True)
class Spoken:
    """A request with the words that it was read from."""

    filled: Filled
    tool: Tool
    tags: Tags
    span: tuple[int, int]

    @property
    def said(self) -> set[str]:
        """The words that no tag explains, but for a "that" which only begins a clause."""
        covered = self.tags.within(*self.span).covered()
        return {
            self.tags.low(at)
            for at in range(*self.span)
            if at not in covered and not (self.tags.low(at) == "that" and self.tags.low(at + 1) in _SUBJECTS)
        }


def complete(spoken: Spoken, memory: Memory, catalogue: Catalogue, *, strange: bool) -> Filled:
    """The request with what its pronouns mean and what it needs but leaves out.

    ``strange`` where words name something else, which what was spoken of must not stand in for.
    """
    filled, said = spoken.filled, spoken.said
    strange = (strange and not said & _THINGS) or "everything" in said
    _about_things(spoken, memory, catalogue, strange=strange)
    _about_others(spoken, memory)
    _as_before(spoken, memory)
    text = " ".join(spoken.tags.low(at) for at in range(*spoken.span))
    if "period" in spoken.tool.slot_kinds and "period" not in filled.slots and _OF_TIME.search(text):
        _take(filled, memory.topic, "period")
    return filled


def _about_things(spoken: Spoken, memory: Memory, catalogue: Catalogue, *, strange: bool) -> None:
    filled, tool, said = spoken.filled, spoken.tool, spoken.said
    things = {"products", "category"}
    if not things & set(tool.slot_kinds) or things & set(filled.slots):
        return
    needed = _needs_things(tool, filled) and not strange
    leaning = _LEANING | _LEANING_OF.get(tool.intent, frozenset())
    pointed = said & (_THINGS | leaning) and not _other_thing(filled)
    if not (needed or pointed or spoken.tags.low(spoken.span[0]) in ("and", "also", "plus")):
        return
    topic = memory.topic
    if "products" in tool.slot_kinds:
        _take(filled, topic, "products")
    if "category" in tool.slot_kinds and "products" not in filled.slots:
        _take(filled, topic, "category")
    elif "products" not in filled.slots and topic.get("category") and needed:
        skus = catalogue.categories.get(str(topic["category"]), ())
        filled.slots["products"] = sorted(skus)


def _as_before(spoken: Spoken, memory: Memory) -> None:
    """What "only", "just" and a leading "and" leave as it was in the last request."""
    last, filled, tool = memory.last, spoken.filled, spoken.tool
    if last is None or tool.writes:
        return
    if last.intent == tool.intent and spoken.said & _ONLY:
        for slot, value in last.slots.items():
            filled.slots.setdefault(slot, value)
    elif spoken.tags.low(spoken.span[0]) in ("and", "also") and not spoken.tags.within(*spoken.span).mentions:
        for slot in ("location", "period"):
            if slot in tool.slot_kinds and slot not in filled.slots and last.slots.get(slot):
                filled.slots[slot] = last.slots[slot]


def _about_others(spoken: Spoken, memory: Memory) -> None:
    filled, tool, said = spoken.filled, spoken.tool, spoken.said
    somebody = _somebody_else(spoken)
    for slot in ("supplier", "customer", "order", "po", "vehicle", "sensor"):
        if slot not in tool.slot_kinds or slot in filled.slots or slot in filled.ambiguous:
            continue
        if somebody and slot in ("customer", "order"):
            continue
        needed = tool.missing(filled.slots) == slot
        its_own = tool.writes and slot in (memory.last.slots if memory.last else ())
        person = slot == "customer" and said & _PERSON
        if needed or person or ((said & _PEOPLE or its_own) and _main_slot(tool) == slot):
            _take(filled, memory.topic, slot)
    if said & _HERE and memory.topic.get("location"):
        place = "destination" if "destination" in tool.slot_kinds else "location"
        if place in tool.slot_kinds and place not in filled.slots:
            filled.slots[place] = memory.topic["location"]


def _somebody_else(spoken: Spoken) -> bool:
    """Whether a customer is named, known or not: another's order is not theirs, whatever "his" follows."""
    named = {*spoken.filled.slots, *spoken.filled.ambiguous}
    return "customer" in named or bool(spoken.said & _TITLES)


def _take(filled: Filled, topic: Mapping[str, Any], slot: str) -> None:
    if topic.get(slot):
        filled.slots[slot] = topic[slot]


def _needs_things(tool: Tool, filled: Filled) -> bool:
    return tool.missing(filled.slots) in ("products", "category")


def _other_thing(filled: Filled) -> bool:
    return any(slot in filled.slots for slot in ("supplier", "order", "po", "customer"))


def _main_slot(tool: Tool) -> str:
    """The slot that a pronoun most likely stands for."""
    order = ("po", "order", "customer", "supplier", "vehicle", "sensor")
    if tool.intent.startswith("po.status"):
        return "supplier"
    return next((slot for slot in order if slot in tool.slot_kinds), "")
