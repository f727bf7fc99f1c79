"""What all handlers of the Slack door share, and who is speaking to it."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any

from anyio.to_thread import run_sync
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from connectors.chat.documents import Documents
from connectors.chat.message import HOW_TO_PAIR, Answer, Hear, House, Message
from connectors.chat.slack.posting import Place, Posted
from connectors.chat.slack.work import Seen, Work
from connectors.chat.slack.workspaces import Workspaces
from tools.kit import Ask
from tools.store import User

CHANNEL = "slack"
HOW = HOW_TO_PAIR.format(says="pair CODE")
_PAIR = re.compile(r"^\W*pair\s+(?P<code>\S[\S ]{0,30}?)\W*$", re.IGNORECASE)
_LIKE_A_CODE = re.compile(r"^[0-9A-Z]{4}[- ]?[0-9A-Z]{4}$", re.IGNORECASE)
# How long a method that a server does not have is left alone.
FORGET_AFTER = 3_600.0
MOST_SETTLED = 2_000
# Turns that are thought about at a time: more would only take the processor from each other and from
# Slack's acknowledgements.  Waiting for Slack itself (a pause that it asks for) holds nobody up.
AT_ONCE = 2

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who did something in Slack, as Slack tells it; whether the books know them is another question."""

    client: AsyncWebClient
    identity: str
    user: str
    team: str


@dataclass
class Desk:
    """The house, the workspaces, the work under way, and what was shown."""

    house: House
    workspaces: Workspaces
    documents: Documents | None = None
    work: Work = field(default_factory=Work)
    # Forms and App Home wait for nobody's turn: Slack lets a form be opened for three seconds.
    views: Work = field(default_factory=Work)
    seen: Seen = field(default_factory=Seen)
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    waiting: int = 0
    missing: dict[tuple[str, str], float] = field(default_factory=dict)
    settled: dict[Posted, None] = field(default_factory=dict)

    async def idle(self, seconds: float | None = None) -> None:
        """Wait until nothing is under way any more, or the time is up."""
        await self.work.idle(seconds)
        await self.views.idle(seconds)

    async def answer(self, message: Message, hear: Hear | None = None) -> Answer:
        """The house's answer, when it is its turn."""
        self.waiting += 1
        try:
            async with self.gate:
                return await self.house.answer(message, hear=hear)
        finally:
            self.waiting -= 1

    @property
    def calm(self) -> bool:
        """Whether there is time for what is only pleasant: a status, words that appear one by one."""
        return self.waiting <= AT_ONCE

    async def person(self, caller: Caller) -> User | None:
        """The person of the shop behind a caller; None for everybody whom no code made known."""
        return await run_sync(self.house.person, CHANNEL, caller.identity)

    def conversation(self, caller: Caller, place: Place) -> str:
        """The name of the conversation that something said there belongs to."""
        if place.direct or not place.channel:
            return f"{CHANNEL}:{caller.identity}"
        channel = self.workspaces.identity(caller.team, place.channel)
        return f"{CHANNEL}:{channel}:{place.thread}" if place.thread else f"{CHANNEL}:{channel}"

    def ask(self, person: User, caller: Caller) -> Ask:
        """A question of this person's, as tools take it."""
        return Ask(
            store=self.house.store,
            user=person,
            now=self.house.now(),
            conversation=f"{CHANNEL}:{caller.identity}",
            channel=CHANNEL,
            position=self.house.store.stock.position(),
            may=lambda right: self.house.may(person, right.value),
        )

    def settle(self, posted: Posted) -> bool:
        """Remember that a message's buttons are gone; whether this is news."""
        news = posted not in self.settled
        self.settled[posted] = None
        while len(self.settled) > MOST_SETTLED:
            self.settled.pop(next(iter(self.settled)))
        return news

    def has(self, caller: Caller, method: str) -> bool:
        """Whether a method is worth a try now: there is time, and it was not missing within the hour."""
        return self.calm and self.missing.get((caller.team, method), 0.0) < time.monotonic()

    def lacks(self, caller: Caller, method: str) -> None:
        """Leave a method alone for an hour."""
        self.missing[caller.team, method] = time.monotonic() + FORGET_AFTER


def caller_of(desk: Desk, context: AsyncBoltContext) -> Caller | None:
    """Who it was, as Bolt reads the payload; None where nobody is named."""
    user = context.actor_user_id or context.user_id
    team = context.team_id or context.enterprise_id or ""
    token = context.bot_token
    if not (isinstance(user, str) and user and isinstance(token, str) and token):
        return None
    speaks_from = context.actor_team_id or context.actor_enterprise_id or team
    identity = desk.workspaces.identity(str(speaks_from), user)
    return Caller(desk.workspaces.client(token), identity, user, str(team))


def pairing_code(text: str, *, known: bool) -> str:
    """The code in "pair CODE", "" where it is none; who is known already may also talk of pairs."""
    found = _PAIR.match(text)
    if found is None or (known and not _LIKE_A_CODE.match(found["code"])):
        return ""
    return found["code"]


def text_at(value: Any, *path: str | int) -> str:
    """What stands at a place of somebody else's JSON, where it is text; else ""."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and len(value) > step:
            value = value[step]
        else:
            return ""
    return value if isinstance(value, str) else ""
