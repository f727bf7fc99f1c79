"""Places that drivers share: the arrivals of their round move along, and nothing of the place stays.

A place sent once is answered; a live one is answered when it begins and then heard quietly, once a minute.
"""

from __future__ import annotations

import time

from anyio.to_thread import run_sync
from telegram import Message, Update

from connectors.chat.message import Answer
from connectors.chat.telegram.desk import CHANNEL, Context, conversation_of, desk_of, event_of, spot_of
from connectors.chat.telegram.posting import post
from tools.kit import Reply
from tools.store import User


async def on_place(update: Update, message: Message, user: User, context: Context) -> None:
    """Somebody known shared where they are."""
    text = await _look(update, message, user, context)
    await post(context.bot, spot_of(message), Answer(conversation_of(message.chat.id), (Reply(text),)))


async def on_move(update: Update, context: Context) -> None:
    """A live place has moved on.  Whoever is not known, or shares it with a group, is not listened to."""
    message = update.edited_message
    if message is None or message.from_user is None or message.chat.type != message.chat.PRIVATE:
        return
    desk = desk_of(context)
    if not desk.pace.due(message.from_user.id, time.monotonic()):
        return
    user = await desk.person(message.from_user)
    if user is not None:
        await _look(update, message, user, context)


async def _look(update: Update, message: Message, user: User, context: Context) -> str:
    place, desk = message.location, desk_of(context)
    if place is None:
        return ""
    event = event_of(context.bot, update)
    async with desk.turns:
        return await run_sync(desk.house.van_at, user, CHANNEL, (place.latitude, place.longitude), event)
