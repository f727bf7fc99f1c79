"""What the assistant remembers of one conversation with one person, between turns and restarts."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from intents.context import Memory
from tools.kit import Call, Source

log = structlog.get_logger(__name__)

MOST_SOURCES = 8
MOST_ROWS = 20
SAME_WRITE_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class LastWrite:
    """The latest change made here, so that saying it twice by mistake does not double it."""

    intent: str
    slots: Mapping[str, Any]
    at: datetime
    text: str
    group_id: str

    def is_same(self, call: Call, now: datetime) -> bool:
        """Whether ``call`` repeats it within seconds."""
        recent = timedelta(0) <= now - self.at <= SAME_WRITE_WITHIN
        return recent and call.intent == self.intent and dict(call.slots) == dict(self.slots)


@dataclass(frozen=True, slots=True)
class Recall:
    """``words``: what the next sentence may refer to.  ``waiting``: the offers that await a yes.

    ``asked_as`` and ``sources`` belong to the last number that was given, ``position`` is how much
    of the ledger the request knew of that something was asked about, ``learning`` (JSON) what may be
    learned from what is said next.
    """

    words: Memory = field(default_factory=Memory)
    waiting: str = ""
    asked_as: str = ""
    sources: tuple[Source, ...] = ()
    last_write: LastWrite | None = None
    position: int = 0
    learning: Mapping[str, Any] = field(default_factory=dict)

    def behind(self, text: str, sources: tuple[Source, ...]) -> Recall:
        """Remember where the number just given came from."""
        kept = tuple(
            dataclasses.replace(source, rows=source.rows[:MOST_ROWS]) for source in sources[:MOST_SOURCES]
        )
        return dataclasses.replace(self, asked_as=text, sources=kept)

    def to_json(self) -> str:
        """As text, for the store."""
        write = self.last_write
        return json.dumps(
            {
                "words": json.loads(self.words.to_json()),
                "waiting": self.waiting,
                "asked_as": self.asked_as,
                "position": self.position,
                "learning": dict(self.learning),
                "sources": [dataclasses.asdict(source) for source in self.sources],
                "last_write": write
                and {**dataclasses.asdict(write), "slots": dict(write.slots), "at": write.at.isoformat()},
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Recall:
        """The inverse of :meth:`to_json`; nothing remembered, or nothing readable, is an empty memory."""
        try:
            raw = json.loads(text or "{}")
            return cls._from_raw(raw) if raw else cls()
        except (AttributeError, KeyError, TypeError, ValueError):
            # Another version's memory: better to have forgotten than to say nothing any more.
            log.warning("memory_unreadable")
            return cls()

    @classmethod
    def _from_raw(cls, raw: Mapping[str, Any]) -> Recall:
        write = raw["last_write"]
        return cls(
            words=Memory.from_json(json.dumps(raw["words"])),
            waiting=raw["waiting"],
            asked_as=raw["asked_as"],
            position=raw.get("position", 0),
            learning=raw.get("learning", {}),
            sources=tuple(
                Source(item["what"], item["as_of"], tuple(item["rows"])) for item in raw["sources"]
            ),
            last_write=LastWrite(**{**write, "at": datetime.fromisoformat(write["at"])}) if write else None,
        )
