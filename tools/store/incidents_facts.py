"""What is known of incidents, messages about them, and what people want told: plain facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tools.store.facts import StoredAction

LIVE = ("open", "notified")
ALERT, BRIEF, DIGEST, FOLDED = "alert", "brief", "digest", "folded"


@dataclass(frozen=True, slots=True)
class Found:
    """What a watch sees now; ``reply`` is what would be told, as JSON."""

    key: str
    rule: str
    subject: str
    location: str
    urgency: str
    needs: str
    value: Decimal
    reply: str
    products: tuple[str, ...] = ()
    delivery: date | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """One rule, thing and place that needs a person, as it stands.

    ``needs`` is the right that somebody needs to be told, ``location`` "" the whole shop.
    """

    id: int
    key: str
    rule: str
    subject: str
    location: str
    state: str
    urgency: str
    needs: str
    value: Decimal
    products: tuple[str, ...]
    delivery: date | None
    who: str
    reply: str
    opened_at: datetime
    seen_at: datetime
    news_at: datetime
    tellings: int
    told_at: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    handled_by: str
    handled: str

    @property
    def is_live(self) -> bool:
        """Whether it stands and nobody put it off or took care of it."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class AlertRule:
    """What a person asked to be told of."""

    id: int
    rule: str
    person: str
    products: tuple[str, ...]
    category: str
    location: str
    threshold: Decimal | None
    until: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Mute:
    """What is not told; an empty field means all, no ``until`` for good."""

    id: int
    rule: str
    products: tuple[str, ...]
    category: str
    location: str
    person: str
    until: datetime | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether a person found an incident useful; ``value`` is what was at stake then."""

    id: int
    incident: int
    rule: str
    subject: str
    person: str
    useful: bool
    value: Decimal
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is to be sent: ``dedupe_key`` makes it one, ``actions`` are its stored buttons.

    With no ``channel`` it is a note that the person was told of the incident in a digest.
    """

    dedupe_key: str
    kind: str
    person: str
    due_at: datetime
    channel: str = ""
    recipient: str = ""
    answer: str = ""
    incident: int | None = None
    actions: Sequence[StoredAction] = ()

    @property
    def conversation(self) -> str:
        """Where its buttons live."""
        return f"{self.channel}:{self.recipient}" if self.channel else ""


@dataclass(frozen=True, slots=True)
class Posted:
    """One message in the outbox, as it stands."""

    id: int
    kind: str
    incident: int | None
    person: str
    channel: str
    recipient: str
    conversation: str
    state: str
    answer: str
    created_at: datetime
    due_at: datetime
    attempts: int
    reference: str
    error: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pushed:
    """That a person is, or was, told of an incident by a message of its own."""

    key: str
    person: str
    incident: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """What there is to tell: incidents with news, and the messages about incidents so far."""

    news: tuple[Incident, ...]
    pushed: tuple[Pushed, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """How the outbox of one channel stands."""

    channel: str
    waiting: int
    dead: int
    oldest: datetime | None
