"""Who asks, when, and over which books: the one argument that every tool gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tools.kit.roads import Roads, no_roads
from tools.kit.slots import Period
from tools.store import Catalogue, Store, User
from tools.store.signal_facts import MinedText, Said


class Right(StrEnum):
    """What a role may do.  Each tool declares the one it needs; ``assistant.access`` grants them."""

    TALK = "talk"
    SEE_STOCK = "see stock"
    SEE_SALES = "see sales"
    SEE_COSTS = "see costs"
    MOVE_STOCK = "change stock"
    RECORD_SALES = "record sales"
    BUY = "order from suppliers"
    DELIVER = "update deliveries"
    PLAN_DELIVERIES = "plan deliveries"
    SET_ALERTS = "set alerts"
    MANAGE = "manage users and data"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request's surroundings.  ``now`` is aware, in the shop's time zone.

    ``position`` is the ledger position when the person spoke: a count is compared with the
    books as they stood then.  ``days_in`` reads a day or a span ahead out of words, ``roads`` knows
    the travel times between places, ``reads`` tells what a customer's text says (None: nobody can).
    """

    store: Store
    user: User
    now: datetime
    conversation: str = ""
    channel: str = ""
    text: str = ""
    position: int = 0
    may: Callable[[Right], bool] = lambda _right: True
    days_in: Callable[[str], Period | None] = lambda _words: None
    roads: Roads = no_roads
    reads: Callable[[Said], MinedText | None] = lambda _said: None

    @property
    def today(self) -> date:
        """The shop's date."""
        return self.now.date()

    @property
    def catalogue(self) -> Catalogue:
        """Products, places and people by name, from memory."""
        return self.store.catalogue()

    @property
    def places(self) -> tuple[str, ...]:
        """The codes of the physical locations that this person may see."""
        codes = tuple(place.code for place in self.catalogue.locations)
        allowed = self.user.locations
        return codes if allowed is None else tuple(code for code in codes if code in allowed)

    def within(self, location: str | None) -> tuple[str, ...]:
        """The places that a question is about: the one named, else all that may be seen."""
        return self.places if location is None else tuple(code for code in self.places if code == location)
