"""A chat that the assistant can speak up in by itself: how a door sends, and what may come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from connectors.chat.message import Answer


@dataclass(frozen=True, slots=True)
class Sent:
    """The chat took it; ``reference`` is its own id of the message, by which it can be edited."""

    reference: str


@dataclass(frozen=True, slots=True)
class Later:
    """The chat could not take it now (too many, a fault of its own, no network); nothing was shown."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """The chat will not take it, however often it is tried: blocked, unknown, no right to write there."""

    reason: str


Delivery = Sent | Later | Never


class Channel(Protocol):
    """One configured chat, started and stopped with the app, in its event loop."""

    @property
    def name(self) -> str:
        """``slack`` or ``telegram``: what stands in the outbox and in ``Message.channel``."""

    async def start(self) -> None:
        """Connect and begin to answer; a chat that cannot be reached is tried again, never fatal."""

    async def stop(self) -> None:
        """Answer what is under way and disconnect."""

    async def send(self, to: str, answer: Answer) -> Delivery:
        """Show an answer to one person or chat (the channel's own id).  Never raises."""
