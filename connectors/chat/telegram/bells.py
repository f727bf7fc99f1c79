"""Every press is answered in time, whatever else is going on: Telegram's button spins until it is."""

from __future__ import annotations

import asyncio

import structlog
from telegram import Bot
from telegram.error import TelegramError

from connectors.chat.telegram.spans import short

log = structlog.get_logger(__name__)

# A press that waits longer is answered without words; what came of it is shown in the chat then.
PATIENCE = 6.0
MOST_IN_TOAST = 200
MOST_KEPT = 1_000


class Bells:
    """The presses that have rung and are not answered yet."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._waiting: dict[str, asyncio.Task[bool]] = {}

    def ring(self, bot: Bot, query: str) -> None:
        """A press came in."""
        if query in self._waiting:
            return
        if len(self._waiting) >= MOST_KEPT:  # rung, answered late, and never come to its turn
            self._waiting = {one: late for one, late in self._waiting.items() if not late.done()}
        self._waiting[query] = asyncio.create_task(self._late(bot, query))

    async def answer(self, bot: Bot, query: str, text: str = "", *, alert: bool = False) -> bool:
        """Answer a press; false where the words could not be shown, because it was too late for them."""
        late = self._waiting.pop(query, None)
        if late is not None and late.done():
            return False
        if late is not None:
            late.cancel()
        return await _answer(bot, query, text, alert=alert)

    async def _late(self, bot: Bot, query: str) -> bool:
        await asyncio.sleep(self.patience)
        return await _answer(bot, query)


async def _answer(bot: Bot, query: str, text: str = "", *, alert: bool = False) -> bool:
    try:
        shown = short(text, MOST_IN_TOAST) or None
        return await bot.answer_callback_query(query, shown, show_alert=alert or None)
    except TelegramError as error:
        log.info("telegram_press_not_answered", why=str(error))
        return False
