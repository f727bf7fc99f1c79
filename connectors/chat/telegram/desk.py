"""What all handlers of the Telegram door share."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import cast

from anyio.to_thread import run_sync
from telegram import Bot, Message, Update
from telegram import User as TelegramUser
from telegram.ext import ContextTypes

from connectors.chat.documents import Documents
from connectors.chat.message import Answer, House
from connectors.chat.message import Message as Said
from connectors.chat.telegram.bells import Bells
from connectors.chat.telegram.pace import Pace
from connectors.chat.telegram.posting import Spot, post, typing
from tools.store import User

CHANNEL = "telegram"
Context = ContextTypes.DEFAULT_TYPE
DESK = "desk"
MOST_REMEMBERED = 10_000
AT_ONCE = 8


@dataclass
class Seen:
    """The latest events that were served to the end: brought again, there is nothing left to do."""

    most: int = MOST_REMEMBERED
    _ids: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def __contains__(self, update_id: object) -> bool:
        return isinstance(update_id, int) and update_id in self._ids

    def add(self, update_id: int) -> None:
        """Served to the end."""
        self._ids[update_id] = None
        if len(self._ids) > self.most:
            self._ids.popitem(last=False)


@dataclass
class Desk:
    """The house, and what this door keeps while it runs."""

    house: House
    documents: Documents
    seen: Seen = field(default_factory=Seen)
    bells: Bells = field(default_factory=Bells)
    menus: dict[int, str] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    # Turns at once; who only waits for Telegram has left the desk.
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def answer(self, said: Said) -> Answer:
        """One turn with the house, or with the files for one of their buttons."""
        async with self.turns:
            pressed = None if said.action is None else await self.documents.press(said)
            return pressed or await self.house.answer(said)

    async def person(self, sender: TelegramUser) -> User | None:
        """Whose identity this is; None for whom no code has made known."""
        return await run_sync(self.house.person, CHANNEL, str(sender.id))


def desk_of(context: Context) -> Desk:
    """The desk of the application that serves this update."""
    return cast("Desk", context.bot_data[DESK])


def conversation_of(chat: int) -> str:
    """A chat with one person, or a group."""
    return f"{CHANNEL}:{chat}"


def event_of(bot: Bot, update: Update) -> str:
    """An update's id, apart from those of another bot's."""
    return f"{CHANNEL}:{bot.id}:{update.update_id}"


def spot_of(message: Message) -> Spot:
    """Where to answer a message: in a group below it, in its topic."""
    topic = message.message_thread_id if message.is_topic_message else None
    grouped = message.chat.type != message.chat.PRIVATE
    return Spot(message.chat.id, topic, message.message_id if grouped else None)


async def converse(context: Context, spot: Spot, said: Said) -> Answer:
    """One turn with the house, with "typing…" while it lasts, and its answer shown."""
    async with typing(context.bot, spot):
        answer = await desk_of(context).answer(said)
    await post(context.bot, spot, answer)
    return answer
