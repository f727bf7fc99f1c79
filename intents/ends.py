"""The two ends of a transfer."""

from __future__ import annotations

from intents.gazetteer import Entity
from intents.reading import Filled, Reading, word_before
from tools.kit.slots import Kind

_FROM = frozenset({"from", "out", "off", "ex", "leaving"})
_TOWARDS = frozenset({"to", "into", "->", "for", "onto", "towards", "2"})

ENDS = _FROM | _TOWARDS
"""Words that say at which end of a transfer a place is."""


def read_ends(reading: Reading, filled: Filled, _slot: str) -> None:
    """Source and destination of a transfer."""
    if "source" in filled.slots or "destination" in filled.slots:
        return
    open_places = [entity for entity in reading.tags.of(Kind.PLACE) if entity.code]
    for entity in list(open_places):
        word = word_before(reading.tags, entity)
        slot = "source" if word in _FROM else "destination" if word in _TOWARDS else ""
        if slot and slot not in filled.slots:
            filled.put(slot, entity.code, entity)
            open_places.remove(entity)
    for entity in open_places:
        slot = _free_end(filled, reading, entity)
        if slot:
            filled.put(slot, entity.code, entity)


def _free_end(filled: Filled, reading: Reading, entity: Entity) -> str:
    if "source" not in filled.slots and (
        "destination" in filled.slots or len(reading.tags.of(Kind.PLACE)) > 1
    ):
        return "source"
    if "destination" not in filled.slots:
        return (
            "source"
            if word_before(reading.tags, entity) in ("at", "in") and "destination" in filled.slots
            else "destination"
        )
    return ""
