"""What a person can do about alerts.  Each is data; ``Store.apply`` makes it, once, whole.

Who asks is the actor of the change.  ``Applied.documents`` names what was made or touched: "alert 3",
"mute 4" or "incident 17".  Each can be undone while nothing more has happened to the same row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

THRESHOLD = "threshold"
SnoozeFor = Literal["hour", "day", "delivery"]


@dataclass(frozen=True, slots=True)
class CreateAlert:
    """Tell the actor when one of the products (or of the category) drops below ``threshold``.

    ``location`` "" means all places together, ``until`` None that it stands until it is dropped.
    """

    products: tuple[str, ...] = ()
    category: str = ""
    location: str = ""
    threshold: Decimal | None = None
    rule: str = THRESHOLD
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DropAlert:
    """What somebody asked to be told of need not be told any more."""

    alert: int


@dataclass(frozen=True, slots=True)
class MuteAlerts:
    """Be quiet about these until an instant (None: for good).  What is empty means all of them.

    It holds for the actor alone, or with ``everybody`` for the whole shop.
    """

    rule: str = ""
    products: tuple[str, ...] = ()
    category: str = ""
    location: str = ""
    until: datetime | None = None
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class UnmuteAlerts:
    """A mute ends."""

    mute: int


@dataclass(frozen=True, slots=True)
class SnoozeIncident:
    """Tell it again later where it still stands: in an hour, in a day, or when its delivery was due.

    "delivery" needs an incident that knows of one; it wakes when that day is over.
    """

    incident: int
    until: SnoozeFor


@dataclass(frozen=True, slots=True)
class JudgeIncident:
    """The actor found it useful, or not: then the same is told to them only from a higher value on."""

    incident: int
    useful: bool


@dataclass(frozen=True, slots=True)
class ActOnIncident:
    """Somebody takes care of it (``how``, in words).

    It is told again only where it still stands after three days, or after the delivery that was to mend it.
    """

    incident: int
    how: str = ""


AlertChange = (
    CreateAlert | DropAlert | MuteAlerts | UnmuteAlerts | SnoozeIncident | JudgeIncident | ActOnIncident
)
