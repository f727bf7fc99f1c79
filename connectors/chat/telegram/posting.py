"""Sending to one chat: patient with a chat that asks to wait, never in the way of the others."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog
from anyio.to_thread import run_sync
from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from connectors.chat.message import Answer
from connectors.chat.telegram.drawing import Extra, as_picture, documents, draw
from connectors.chat.telegram.keyboard import keyboard
from connectors.chat.telegram.spans import MOST_IN_CAPTION, PageOfText, short
from tools.kit import Attached, Paper

log = structlog.get_logger(__name__)

Result = TypeVar("Result")
# With pauses that double: for about a minute.
TRIES = 8
FIRST_PAUSE = 0.5
LONGEST_WAIT = 90.0
TYPING_AFTER = 0.4
TYPING_LASTS = 4.5
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to write: a chat, in a group its topic and the message that is answered."""

    chat: int
    topic: int | None = None
    answers: int | None = None

    @property
    def reply(self) -> ReplyParameters | None:
        """What a message of a group is shown to answer."""
        if self.answers is None:
            return None
        return ReplyParameters(self.answers, allow_sending_without_reply=True)


def waits(error: RetryAfter) -> float:
    """For how many seconds Telegram wants to hear nothing about this chat."""
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)


def passes(error: TelegramError) -> bool:
    """Whether trying again later may help: too many, a fault of theirs, no network."""
    return isinstance(error, RetryAfter) or (
        isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    )


async def patiently(call: Callable[[], Awaitable[Result]], tries: int = TRIES) -> Result:
    """Make the call, again where Telegram asked to wait or was not there.

    Raises:
        TelegramError: it will not be taken, or was not taken after all tries.
    """
    pause = FIRST_PAUSE
    for left in range(tries - 1, -1, -1):
        try:
            return await call()
        except TelegramError as error:
            wait = waits(error) if isinstance(error, RetryAfter) else pause
            if not left or not passes(error) or wait > LONGEST_WAIT:
                raise
            log.info("telegram_waits", seconds=wait, why=str(error))
        await asyncio.sleep(wait + random.uniform(0, 0.2))  # noqa: S311 - so that chats do not come back at once
        pause *= 2
    raise AssertionError(tries)


async def post(bot: Bot, spot: Spot, answer: Answer, tries: int = TRIES) -> Message:
    """Show an answer; the message that has its buttons.

    What comes after its first message never fails: it is tried, and logged where it could not be sent.

    Raises:
        TelegramError: nothing could be shown.
    """
    drawing = draw(answer)
    markup = keyboard(answer.actions)
    shown: Message | None = None
    for number, page in enumerate(drawing.pages, 1):
        last = number == len(drawing.pages)
        if shown is None:
            shown = await _say(bot, spot, page, markup if last else None, tries)
            spot = Spot(spot.chat, spot.topic)
        else:
            shown = await _follow(_say(bot, spot, page, markup if last else None, TRIES)) or shown
    for extra in drawing.extras:
        await _follow(_send_extra(bot, spot, extra))
    if shown is None:  # pragma: no cover - a drawing has at least one page
        raise AssertionError(drawing)
    return shown


async def _follow(sending: Awaitable[Message | None]) -> Message | None:
    try:
        return await sending
    except TelegramError as error:
        log.warning("telegram_part_not_sent", why=str(error))
        return None


async def _say(
    bot: Bot, spot: Spot, page: PageOfText, markup: InlineKeyboardMarkup | None, tries: int
) -> Message:
    async def send(text: str, mode: str | None) -> Message:
        return await bot.send_message(
            spot.chat,
            text,
            parse_mode=mode,
            reply_markup=markup,
            message_thread_id=spot.topic,
            reply_parameters=spot.reply,
            link_preview_options=NO_PREVIEW,
        )

    try:
        return await patiently(lambda: send(page.html, ParseMode.HTML), tries)
    except BadRequest as error:
        if "parse entities" not in str(error).lower():
            raise
        log.exception("telegram_html_refused")
    return await patiently(lambda: send(page.plain, None), tries)


async def _send_extra(bot: Bot, spot: Spot, extra: Extra) -> Message | None:
    if not isinstance(extra, Paper | Attached):
        await bot.send_chat_action(spot.chat, ChatAction.UPLOAD_PHOTO, message_thread_id=spot.topic)
    drawn = await run_sync(as_picture, extra)
    if drawn is not None:
        file = InputFile(drawn, "chart.png")
        return await patiently(
            lambda: bot.send_photo(
                spot.chat,
                file,
                caption=short(extra.title, MOST_IN_CAPTION),
                message_thread_id=spot.topic,
                disable_notification=True,
            )
        )
    for document in await run_sync(documents, extra) if isinstance(extra, Paper | Attached) else ():
        await patiently(
            lambda sent=document: bot.send_document(  # type: ignore[misc]
                spot.chat,
                InputFile(sent.content, sent.name),
                caption=short(extra.title, MOST_IN_CAPTION),
                message_thread_id=spot.topic,
                disable_notification=True,
            )
        )
    return None


@contextlib.asynccontextmanager
async def typing(bot: Bot, spot: Spot) -> AsyncIterator[None]:
    """Show that an answer is being worked on, where it takes longer than a moment."""
    shown = asyncio.create_task(_type(bot, spot))
    try:
        yield
    finally:
        shown.cancel()


async def _type(bot: Bot, spot: Spot) -> None:
    await asyncio.sleep(TYPING_AFTER)
    with contextlib.suppress(TelegramError):
        while True:
            await bot.send_chat_action(spot.chat, ChatAction.TYPING, message_thread_id=spot.topic)
            await asyncio.sleep(TYPING_LASTS)
