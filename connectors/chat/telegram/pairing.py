"""Whom no code has made known yet: all they learn is how to be paired."""

from __future__ import annotations

import re

import structlog
from anyio.to_thread import run_sync
from telegram import Message
from telegram import User as TelegramUser
from telegram.error import TelegramError

from connectors.chat.message import HOW_TO_PAIR
from connectors.chat.telegram.desk import CHANNEL, Context, desk_of, spot_of
from connectors.chat.telegram.menu import show_menu
from connectors.chat.telegram.posting import patiently
from tools.kit import listed
from tools.store import User

log = structlog.get_logger(__name__)

START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<code>\S.*))?$", re.DOTALL)
LONGEST_CODE = 64
IN_PRIVATE = "I don't know you yet. Write to me in private first: open @{name} and press Start."
KNOWN = "You are {name} here. Ask me something, or send /help."
WELCOME = "Welcome, {name}. From now on I answer you here. You could ask: {examples}."


async def start(message: Message, sender: TelegramUser, user: User | None, context: Context) -> None:
    """``/start``, with the code of a deep link or without."""
    found = START.match(message.text or "")
    code = (found["code"] or "").strip() if found else ""
    if code and message.chat.type == message.chat.PRIVATE:
        await _pair(message, sender, code, context)
    elif user is None:
        await meet(message, sender, context)
    else:
        await _say(message, KNOWN.format(name=user.name), context)
        await show_menu(context, message.chat.id, user)


async def meet(message: Message, sender: TelegramUser, context: Context) -> None:
    """Somebody unknown said something: a code pairs them, all else is answered with how to get one."""
    if message.chat.type != message.chat.PRIVATE:
        await _say(message, IN_PRIVATE.format(name=context.bot.username), context)
    elif message.text:
        await _pair(message, sender, message.text.strip()[:LONGEST_CODE], context)
    else:
        await _say(message, HOW_TO_PAIR.format(says="/start CODE"), context)


async def _pair(message: Message, sender: TelegramUser, code: str, context: Context) -> None:
    desk = desk_of(context)
    paired = await run_sync(desk.house.pair, CHANNEL, str(sender.id), code)
    if isinstance(paired, str):
        await _say(message, paired, context)
        return
    log.info("telegram_paired", user=paired.name)
    examples = await run_sync(desk.house.suggestions, paired)
    quoted = listed([f"“{example}”" for example in examples[:3]], "or")
    await _say(message, WELCOME.format(name=paired.name, examples=quoted or "“help”"), context)
    await show_menu(context, message.chat.id, paired)


async def _say(message: Message, text: str, context: Context) -> None:
    spot = spot_of(message)
    try:
        await patiently(
            lambda: context.bot.send_message(
                spot.chat, text, message_thread_id=spot.topic, reply_parameters=spot.reply
            )
        )
    except TelegramError as error:
        log.info("telegram_not_said", why=str(error))
