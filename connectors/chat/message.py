"""What every chat door hands in and gets back, and what it may ask of the house.

A door builds a :class:`Message`, awaits ``house.answer(message)`` and draws the :class:`Answer`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from tools.kit import Parse, Reply
from tools.store import Store, User

MAX_TEXT = 4_000
# Who wants to know each reply of a turn as soon as it stands.
Hear = Callable[[Reply], object]
# All that somebody learns whom no code has made known.
HOW_TO_PAIR = (
    "I don't know you yet. Ask the shop's owner for a pairing code (on the page People, or with "
    "quartermaster user pair NAME), then say here: {says}"
)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said, or one button pressed (``action`` is its token).

    ``event_id`` is the door's own id of the event: the same id has one effect and one answer.
    ``codes`` are the bar codes that were read in a picture (``connectors.chat.scan``), each as its AIM
    symbology identifier and its content ("]E05012345678900"); ``trouble`` says why none could be.
    """

    conversation: str
    user: User
    channel: str
    text: str = ""
    action: str | None = None
    event_id: str = ""
    codes: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def pictured(self) -> bool:
        """Whether it came with a picture that was looked at for codes."""
        return bool(self.codes or self.trouble)

    @property
    def said(self) -> str:
        """What is written down as said: the words, what a picture showed, or which button was pressed."""
        if self.action is not None:
            return f"[button {self.action}]"
        if not self.pictured:
            return self.text
        shown = ", ".join(code[3:] if code.startswith("]") else code for code in self.codes)
        shown = shown.replace("\x1d", " ")
        return f"[picture: {shown or 'no code'}] {self.text}".strip()[:MAX_TEXT]


@dataclass(frozen=True, slots=True)
class OfferedAction:
    """A button as a door shows it; ``id`` is what comes back when it is pressed."""

    id: str
    label: str
    style: str = "default"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a door shows: one reply for each request of the message, in order."""

    conversation: str
    replies: tuple[Reply, ...]
    parses: tuple[Parse, ...] = ()
    actions: tuple[OfferedAction, ...] = ()
    repeated: bool = False

    @property
    def text(self) -> str:
        """All replies as plain text, complete by itself."""
        return "\n".join(reply.text for reply in self.replies)

    @property
    def data(self) -> dict[str, Any]:
        """Every figure that the text states.

        One reply: its own data.  Several: the first one's, and all of them in order under ``replies``.
        """
        if len(self.replies) == 1:
            return dict(self.replies[0].data)
        first = dict(self.replies[0].data) if self.replies else {}
        return {**first, "replies": [dict(reply.data) for reply in self.replies]}


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One earlier turn of a conversation, for a door that shows history."""

    text: str
    answer: Answer | None
    at: datetime


def says_code(channel: str, code: str = "CODE") -> str:
    """What somebody says in this chat to be paired."""
    return f"/start {code}" if channel == "telegram" else f"pair {code}"


class House(Protocol):
    """What the doors may ask of the assistant.  Implemented in ``assistant.house``."""

    @property
    def store(self) -> Store:
        """The books."""

    def now(self) -> datetime:
        """The shop's time, aware."""

    async def answer(self, message: Message, *, hear: Hear | None = None) -> Answer:
        """One turn.  Never raises: what goes wrong is said in the answer and logged.

        ``hear`` is told each reply as soon as its tool has answered, in the event loop, and nothing
        once the answer is there.  An event that was answered before gets its answer and tells nothing.
        """

    def user_named(self, name: str) -> User:
        """The person who speaks where names are trusted (loopback without accounts)."""

    def person(self, channel: str, identity: str) -> User | None:
        """The active person behind an identity in a chat ("slack" or "telegram"); None for all others.

        Whoever is None reads no figure: the door answers ``HOW_TO_PAIR`` and nothing else.
        """

    def pair(self, channel: str, identity: str, code: str) -> User | str:
        """Tie an identity to the person whose code it says; else why not, as one sentence to show.

        It takes a twentieth of a second on purpose: call it from a thread.
        """

    def van_at(self, user: User, channel: str, place: tuple[float, float], event_id: str) -> str:
        """A driver tells where they are (latitude, longitude): what came of it, as one sentence to show.

        The arrivals of their own round on the road move; the place itself is kept nowhere.
        """

    def may(self, user: User, right: str) -> bool:
        """Whether the person's role has this right (a value of ``tools.kit.Right``)."""

    def suggestions(self, user: User) -> Sequence[str]:
        """What this person could ask first."""

    def past(self, conversation: str, user: User, limit: int = 30) -> Sequence[PastTurn]:
        """The latest turns of a conversation, oldest first."""

    def search(self, words: str, limit: int = 50) -> Sequence[str]:
        """SKUs that the words may denote, best first (for search boxes)."""

    async def import_file(  # noqa: PLR0913 - the one door; everything after the path is by name
        self,
        path: str,
        *,
        actor: User,
        dry_run: bool,
        mapping: Mapping[str, Any] | None = None,
        keep_good: bool = False,
        report_path: str | None = None,
        channel: str = "web",
    ) -> Mapping[str, Any]:
        """Check or load an export; the report as JSON (see docs/data-in.md).

        ``keep_good`` loads the good rows where others are refused; all refused rows are
        written to ``report_path`` as CSV.
        """

    async def undo_import(self, import_id: int, *, actor: User, channel: str = "web") -> Mapping[str, Any]:
        """Take a whole import back."""
