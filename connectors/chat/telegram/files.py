"""Files out of Telegram: the largest picture of a photo, a document, never more than Telegram gives."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import Bot, PhotoSize
from telegram.error import BadRequest, TelegramError

from connectors.chat.telegram.posting import patiently

log = structlog.get_logger(__name__)

MOST_DOWN = 20 * 1024 * 1024
TOO_LARGE = "That file is larger than the 20 MB that Telegram lets me fetch; use the page Data in instead."
NOT_FETCHED = "I could not fetch that file from Telegram; please send it again."


async def fetch(bot: Bot, file_id: str, size: int | None) -> bytes | str:
    """A file's bytes; else why not, as a sentence."""
    if size is not None and size > MOST_DOWN:
        return TOO_LARGE
    try:
        file = await patiently(lambda: bot.get_file(file_id))
        if file.file_size is not None and file.file_size > MOST_DOWN:
            return TOO_LARGE
        content = bytes(await patiently(file.download_as_bytearray))
    except BadRequest as error:
        return TOO_LARGE if "too big" in str(error).lower() else _lost(error)
    except TelegramError as error:
        return _lost(error)
    return content if len(content) <= MOST_DOWN else TOO_LARGE


def largest(photo: Sequence[PhotoSize]) -> PhotoSize | None:
    """The picture with the most dots of those that can be fetched."""
    small = [one for one in photo if (one.file_size or 0) <= MOST_DOWN]
    return max(small, key=lambda one: one.width * one.height, default=None)


def _lost(error: TelegramError) -> str:
    log.info("telegram_file_not_fetched", why=str(error))
    return NOT_FETCHED
