"""What a conversation is about: the last request, what is being asked, what was shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intents.understanding import Understanding

EMPTY: Mapping[str, Any] = MappingProxyType({})
_TOPIC = (
    "products",
    "category",
    "location",
    "supplier",
    "customer",
    "vehicle",
    "sensor",
    "order",
    "po",
    "period",
)
_SMALL_TALK = "meta."
MOST_AMONG, MOST_EARLIER = 60, 6


@dataclass(frozen=True, slots=True)
class Frame:
    """An intent with its slots as JSON."""

    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that were offered, with the slots that it stands for."""

    label: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """One conversation's memory, plain JSON at heart; every change is a new memory.

    ``last`` is the request that was spoken of last, ``pending`` the one that waits for ``asked``,
    ``options`` what was offered, ``shown`` the products last shown in their order, ``topic`` the
    latest value of each slot that pronouns may mean, ``among`` the products from which those spoken of
    were picked, ``earlier`` the requests about other things before the last one, the latest first.
    """

    last: Frame | None = None
    pending: Frame | None = None
    slot: str = ""
    options: tuple[Choice, ...] = ()
    shown: tuple[str, ...] = ()
    awaiting_yes: bool = False
    topic: Mapping[str, Any] = field(default_factory=dict)
    among: tuple[str, ...] = ()
    earlier: tuple[Frame, ...] = ()

    def asked(
        self,
        intent: str,
        slots: Mapping[str, Any],
        slot: str,
        options: Iterable[tuple[str, Mapping[str, Any]]] = (),
    ) -> Memory:
        """The assistant asked for ``slot`` of a request, perhaps offering ``(label, slots)``."""
        frame = Frame(intent, dict(slots))
        choices = tuple(Choice(label, dict(value)) for label, value in options)
        return replace(
            self,
            pending=frame,
            slot=slot,
            options=choices,
            awaiting_yes=False,
            topic=_topic(self.topic, frame),
            among=_among(self.among, frame, choices),
            earlier=_earlier(self, frame),
        )

    def answered(self, intent: str, slots: Mapping[str, Any], products: Sequence[str] = ()) -> Memory:
        """A request was answered (or done); ``products`` are those the reply showed, in order."""
        frame = Frame(intent, dict(slots))
        return replace(
            self,
            last=frame,
            pending=None,
            slot="",
            options=(),
            awaiting_yes=False,
            shown=tuple(products) or tuple(slots.get("products") or self.shown),
            topic=_topic(self.topic, frame),
            among=_among(self.among, frame),
            earlier=_earlier(self, frame),
        )

    def confirming(self, intent: str, slots: Mapping[str, Any]) -> Memory:
        """A change was proposed and waits for a yes."""
        frame = Frame(intent, dict(slots))
        return replace(
            self,
            last=frame,
            pending=frame,
            slot="",
            options=(),
            awaiting_yes=True,
            topic=_topic(self.topic, frame),
            among=_among(self.among, frame),
            earlier=_earlier(self, frame),
        )

    def cleared(self) -> Memory:
        """What was asked is dropped; what was talked about stays known."""
        return replace(self, pending=None, slot="", options=(), awaiting_yes=False)

    @property
    def frame(self) -> Frame | None:
        """The request that a fragment adds to: the pending one, else the last."""
        return self.pending or self.last

    def to_json(self) -> str:
        """The memory as text."""
        return json.dumps(
            {
                "last": _frame_json(self.last),
                "pending": _frame_json(self.pending),
                "slot": self.slot,
                "options": [{"label": choice.label, "slots": dict(choice.slots)} for choice in self.options],
                "shown": list(self.shown),
                "awaiting_yes": self.awaiting_yes,
                "topic": dict(self.topic),
                "among": list(self.among),
                "earlier": [_frame_json(frame) for frame in self.earlier],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Memory:
        """The inverse of :meth:`to_json`; empty or unreadable text is an empty memory."""
        try:
            raw = json.loads(text) if text else {}
            return cls(
                last=_frame(raw.get("last")),
                pending=_frame(raw.get("pending")),
                slot=str(raw.get("slot") or ""),
                options=tuple(
                    Choice(str(one["label"]), dict(one["slots"])) for one in raw.get("options") or ()
                ),
                shown=tuple(str(sku) for sku in raw.get("shown") or ()),
                awaiting_yes=bool(raw.get("awaiting_yes")),
                topic=dict(raw.get("topic") or {}),
                among=tuple(str(sku) for sku in raw.get("among") or ()),
                earlier=tuple(frame for one in raw.get("earlier") or () if (frame := _frame(one))),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()


def _frame_json(frame: Frame | None) -> dict[str, Any] | None:
    return None if frame is None else {"intent": frame.intent, "slots": dict(frame.slots)}


def _frame(raw: Any) -> Frame | None:
    return Frame(str(raw["intent"]), dict(raw["slots"])) if raw else None


def _among(before: tuple[str, ...], frame: Frame, options: Iterable[Choice] = ()) -> tuple[str, ...]:
    """The group from which products may be picked: kept while what is spoken of belongs to it."""
    offered = tuple(sku for choice in options for sku in choice.slots.get("products") or ())
    named = offered or tuple(frame.slots.get("products") or ())
    if not named or (set(named) < set(before)):
        return before
    return named if len(named) <= MOST_AMONG else ()


def _earlier(memory: Memory, frame: Frame) -> tuple[Frame, ...]:
    """The requests before ``frame``; those about the same things as a later one are left out."""
    last = memory.frame
    if last is None or not _things(last) or _things(last) == _things(frame):
        return memory.earlier
    others = [one for one in memory.earlier if _things(one) != _things(last)]
    return (last, *others)[:MOST_EARLIER]


def _things(frame: Frame) -> tuple[Any, ...]:
    kinds = ("products", "category", "order", "po", "customer", "supplier")
    return tuple((kind, str(frame.slots[kind])) for kind in kinds if frame.slots.get(kind))


def _topic(before: Mapping[str, Any], frame: Frame) -> dict[str, Any]:
    topic = dict(before)
    for slot in _TOPIC:
        if frame.slots.get(slot):
            topic[slot] = frame.slots[slot]
    if frame.slots.get("destination") or frame.slots.get("source"):
        topic["location"] = frame.slots.get("destination") or frame.slots["source"]
    if frame.slots.get("products"):
        topic.pop("category", None)
    elif frame.slots.get("category"):
        topic.pop("products", None)
    return topic


def after(memory: Memory, understanding: Understanding, incomplete: Mapping[str, str] = EMPTY) -> Memory:
    """The memory after a message, as far as it follows from the message alone.

    ``incomplete`` names, for intents that cannot run yet, the slot that will be asked for.
    """
    for request in understanding.requests:
        parse = request.parse
        if parse.intent == "meta.cancel":
            memory = memory.cleared()
        elif parse.intent.startswith(_SMALL_TALK):
            memory = memory.cleared() if parse.intent in ("meta.affirm", "meta.deny", "meta.undo") else memory
        elif parse.intent in incomplete:
            memory = memory.asked(parse.intent, parse.slots, incomplete[parse.intent])
            memory = replace(
                memory, last=memory.pending, shown=tuple(parse.slots.get("products") or memory.shown)
            )
        else:
            memory = memory.answered(parse.intent, parse.slots)
    return memory
