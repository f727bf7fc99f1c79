"""A shop that speaks up: a stand-in for a chat, watches that see what a test wants, a clock to turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from assistant.alerts import Alerts
from connectors.chat.channel import Delivery, Sent
from connectors.chat.message import Answer
from tests.shop import NOW, RED, tiny_shop
from tools.kit import Ask, Button, Call, Reply, Right
from tools.kit.watch import Sighting, Urgency, Watch
from tools.store import Store
from tools.store.incidents_facts import Posted

EVERY = timedelta(minutes=15)


@dataclass
class FakeChat:
    """A chat that takes what it is sent, unless ``answers`` says otherwise."""

    name: str = "slack"
    taken: list[tuple[str, str]] = field(default_factory=list)
    answers: Callable[[str, Answer], Delivery | None] = lambda _to, _answer: None

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to end."""

    async def send(self, to: str, answer: Answer) -> Delivery:
        """Take it."""
        other = self.answers(to, answer)
        if other is not None:
            return other
        self.taken.append((to, answer.text))
        return Sent(str(len(self.taken)))


def sighting(subject: str = RED, **more: Any) -> Sighting:
    """Red mugs run low: worth a message today."""
    fields: dict[str, Any] = {
        "rule": "stock.low",
        "location": "",
        "reply": Reply(f"{subject} runs low.", {"rows": []}, buttons=(ORDER,)),
        "urgency": Urgency.TODAY,
        "right": Right.SEE_STOCK,
        "value": Decimal(40),
        "products": (subject,),
        **more,
    }
    return Sighting(subject=subject, **fields)


ORDER = Button("Order 24", Call("reorder.create", {"products": [RED], "quantity": 24}), "primary")


@dataclass
class Shop:
    """The tiny shop with a clock and watches to turn."""

    store: Store
    clock: list[datetime]
    seen: dict[str, Sequence[Sighting]] = field(default_factory=dict)
    channels: tuple[str, ...] = ("slack", "telegram")

    def look(self, *, hours: float = 0, rule: str = "stock.low", **seen: Sequence[Sighting]) -> None:
        """Time goes on; the rule sees what is given, and the alerts look."""
        self.clock[0] += timedelta(hours=hours)
        if "now" in seen:
            self.seen[rule] = seen["now"]
        self.alerts().check()

    def alerts(self) -> Alerts:
        """The engine, as if the app had just been started."""
        found = Alerts(self.store, self.channels, {rule: self._watch(rule) for rule in self.seen})
        found.hurry()
        self.store.outbox.step_down("watches", self.store.settings.get("outbox_leader:watches").split(" ")[0])
        return found

    def _watch(self, rule: str) -> Watch:
        def run(_ask: Ask) -> Iterator[Sighting]:
            yield from self.seen[rule]

        return Watch(rule, "A rule of a test.", Right.SEE_STOCK, EVERY, run)

    def told(self, person: str = "Anna Bell", kind: str = "alert") -> list[Posted]:
        """The messages to a person, oldest first."""
        return self.store.outbox.to(person, kind=kind, since=NOW - timedelta(days=9))[::-1]

    def subjects(self, person: str = "Anna Bell") -> list[str]:
        """What a person was told of by messages of their own, each once however many chats."""
        incidents = [self.store.incidents.get(one.incident or 0) for one in self.told(person)]
        return list(dict.fromkeys(one.subject for one in incidents if one))


def speaking_shop(store: Store) -> Shop:
    """The tiny shop, at nine in the morning."""
    tiny_shop(store)
    clock = [NOW]
    store.clock = lambda: clock[0]
    return Shop(store, clock)
