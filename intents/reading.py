"""What readers of slots look at, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from intents.tags import Tag, Tags
from intents.templates import LOOKS_AHEAD
from intents.words import lows
from tools.kit.slots import Kind, slot_to_json
from tools.store import Catalogue


@dataclass
class Filled:
    """Slots of one reading and the tags that they were read from, by slot.

    ``shared`` are tags that other requests of the same sentence took up.
    """

    slots: dict[str, Any] = field(default_factory=dict)
    used: dict[str, tuple[Tag, ...]] = field(default_factory=dict)
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shared: tuple[Tag, ...] = ()

    def put(self, slot: str, value: Any, *tags: Tag) -> None:
        """Set a slot and remember what it was read from."""
        if value is not None:
            self.slots[slot] = slot_to_json(value)
            self.used[slot] = tags

    def leftovers(self, tags: Tags) -> tuple[Tag, ...]:
        """The tags that no slot was read from."""
        read = {id(tag) for group in (*self.used.values(), self.shared) for tag in group}
        return tuple(tag for tag in tags.all() if id(tag) not in read)


@dataclass(frozen=True)
class Reading:
    """What a slot's reader looks at: the intent, the tags of its part of the message, and the shop."""

    intent: str
    kinds: Mapping[str, Kind]
    tags: Tags
    start: int
    end: int
    catalogue: Catalogue

    @property
    def ahead(self) -> bool:
        """Whether times are read as lying ahead."""
        return self.intent in LOOKS_AHEAD

    @property
    def low(self) -> str:
        """This part of the message in lower case."""
        return lows(self.tags.words[self.start : self.end])

    @property
    def masked(self) -> str:
        """This part of the message with its names replaced."""
        return self.tags.masked(self.start, self.end)

    @property
    def said(self) -> str:
        """This part of the message as it was written."""
        words = self.tags.words[self.start : self.end]
        return self.tags.text[words[0].start : words[-1].end] if words else ""


Reader = Callable[[Reading, Filled, str], None]
"""Reads one slot of a request, named last, into what was found so far."""


def word_before(tags: Tags, tag: Tag) -> str:
    """The word before a tag, articles passed over."""
    at = tag.start - 1
    while at >= 0 and tags.low(at) in ("the", "our", "my"):
        at -= 1
    return tags.low(at)
