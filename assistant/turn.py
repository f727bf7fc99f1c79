"""The state of one turn while it runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.memory import Recall
from connectors.chat.message import Hear, Message
from tools.kit import Ask, Call, Parse, Reply

# "And 3 teas" after a sale or a delivery means neither the mugs' price nor the milk's lot.
OF_ONE_DELIVERY = frozenset({"price", "lot", "expiry", "detail"})
# A list of figures longer than this is for an export, not for an answer.
MOST_ROWS = 200


@dataclass
class Turn:
    """What came in, what is remembered, and the replies so far.

    ``positions`` tells for each reply how much of the ledger its request knew of, ``aside`` adds to
    the next one what it rests on, ``preface`` and ``footnote`` are said with it: what was not taken in,
    and how the spelling was read.
    """

    message: Message
    ask: Ask
    recall: Recall
    hear: Hear | None = None
    replies: list[Reply] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    parses: list[Parse] = field(default_factory=list)
    repeated: bool = False
    aside: Callable[[Reply], Reply] | None = None
    preface: str = ""
    footnote: str = ""

    @property
    def event_id(self) -> str:
        """The door's id of this event."""
        return self.message.event_id

    def add(self, reply: Reply, *, repeated: bool = False) -> None:
        """One more reply, told at once to whoever listens."""
        if self.aside is not None:
            reply, self.aside = self.aside(reply), None
        text = " ".join(filter(None, (self.preface, reply.text, self.footnote)))
        self.preface = self.footnote = ""
        reply = dataclasses.replace(reply, text=text, data=_bounded(reply.data))
        self.replies.append(reply)
        self.positions.append(self.ask.position)
        self.repeated = self.repeated or repeated
        if self.hear is not None:
            self.hear(reply)

    def answered(self, call: Call, reply: Reply) -> None:
        """The request was served: what follows may refer to it."""
        kept = {name: value for name, value in call.slots.items() if name not in OF_ONE_DELIVERY}
        words = self.recall.words.answered(call.intent, kept, _shown(reply, call))
        self.recall = dataclasses.replace(self.recall, words=words, waiting="")
        if reply.sources:
            self.recall = self.recall.behind(reply.text, reply.sources)

    def made(self, position: int) -> None:
        """A change was made: what is said after it in the same message knows of it."""
        self.ask = dataclasses.replace(self.ask, position=max(self.ask.position, position))

    def asked(self, call: Call, slot: str, options: tuple[tuple[str, dict[str, Any]], ...]) -> None:
        """A question is open: the next message may be its answer."""
        words = self.recall.words.asked(call.intent, call.slots, slot, options)
        position = self.ask.position
        self.recall = dataclasses.replace(self.recall, words=words, waiting="", position=position)

    def confirming(self, call: Call) -> None:
        """A change waits for a yes."""
        self.recall = dataclasses.replace(
            self.recall, words=self.recall.words.confirming(call.intent, call.slots)
        )

    def cleared(self) -> None:
        """Nothing is open any more."""
        self.recall = dataclasses.replace(self.recall, words=self.recall.words.cleared(), waiting="")


def _shown(reply: Reply, call: Call) -> tuple[str, ...]:
    rows = reply.data.get("rows") if isinstance(reply.data.get("rows"), list) else []
    shown = [str(row["sku"]) for row in rows or [] if isinstance(row, dict) and row.get("sku")]
    return tuple(dict.fromkeys(shown)) or tuple(call.slots.get("products") or ())


def _bounded(data: Mapping[str, Any]) -> dict[str, Any]:
    """The figures, long lists cut; ``left_out`` says how many each one lost."""
    cut = {name: len(rows) - MOST_ROWS for name, rows in data.items() if isinstance(rows, list)}
    cut = {name: more for name, more in cut.items() if more > 0}
    kept = {name: rows[:MOST_ROWS] if name in cut else rows for name, rows in data.items()}
    return {**kept, "left_out": cut} if cut else kept
