"""Long polling: nothing is confirmed to Telegram before it has been served.

The library's own updater confirms what it has fetched; what then stood in memory would be lost with
the process.  Here the offset stays at the oldest update under way, and what Telegram repeats
meanwhile is known and left aside.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from connectors.chat.telegram.application import KINDS
from connectors.chat.telegram.lanes import Raw
from connectors.chat.telegram.posting import waits

log = structlog.get_logger(__name__)

# "getUpdates" to Telegram; under its plain name the library parses the whole batch or nothing.
GET_UPDATES = "get_updates_"
LONG_POLL = 25
BATCH = 100
# After this long an update no longer holds back the confirmation of the later ones.
LONGEST_HELD = 60.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 30.0
CONFLICT = "Another program fetches this bot's messages; stop it, or give it a bot of its own."
UNKNOWN_BOT = "Telegram does not know this bot token; ask @BotFather for the right one."


@dataclass(frozen=True, slots=True)
class _Held:
    task: asyncio.Task[None]
    since: float

    @property
    def busy(self) -> bool:
        return not self.task.done() and time.monotonic() - self.since < LONGEST_HELD


class Poller:
    """Fetches updates and hands them on; ``trouble`` hears what is wrong, "" when it is right again."""

    def __init__(
        self, bot: Bot, put: Callable[[Raw], asyncio.Task[None]], trouble: Callable[[str], None]
    ) -> None:
        self._bot, self._put, self._trouble = bot, put, trouble
        self._held: dict[int, _Held] = {}
        self._next: int | None = None
        self._backoff = FIRST_BACKOFF

    async def run(self) -> None:
        """Poll until cancelled."""
        pause = SHORTEST_PAUSE
        while True:
            busy = self._busy()
            offset = min(busy) if busy else self._next
            batch = await self._fetch(offset, 0 if busy else LONG_POLL)
            if batch is None:
                continue
            fresh = self._take(batch, offset)
            if not batch:
                self._next = None  # all is confirmed; after a quiet week Telegram counts from anywhere
            stuck = not fresh and len(batch) >= BATCH
            if stuck and busy:
                self._held.pop(min(busy))
            pause = SHORTEST_PAUSE if fresh else min(pause * 1.5, LONGEST_PAUSE)
            await self._breathe(pause)

    async def confirm(self) -> None:
        """Tell Telegram what was served, before stopping."""
        busy = self._busy()
        offset = min(busy) if busy else self._next
        if offset is not None:
            await self._fetch(offset, 0, limit=1)

    def _busy(self) -> dict[int, _Held]:
        return {number: held for number, held in self._held.items() if held.busy}

    def _take(self, batch: Sequence[Any], offset: int | None) -> int:
        if offset is not None:
            self._held = {number: held for number, held in self._held.items() if number >= offset}
        fresh = 0
        for raw in batch:
            number = raw.get("update_id") if isinstance(raw, dict) else None
            if not isinstance(number, int):
                log.error("telegram_update_without_id")
            elif number not in self._held:
                self._held[number] = _Held(self._put(raw), time.monotonic())
                self._next = max(number + 1, self._next or 0)
                fresh += 1
        return fresh

    async def _breathe(self, pause: float) -> None:
        """While something is under way, look again soon; else the long poll does the waiting."""
        busy = self._busy()
        if busy:
            await asyncio.sleep(SHORTEST_PAUSE)
            tasks = [held.task for held in busy.values()]
            await asyncio.wait(tasks, timeout=pause, return_when="FIRST_COMPLETED")

    async def _fetch(self, offset: int | None, timeout: int, limit: int = BATCH) -> Sequence[Any] | None:  # noqa: ASYNC109
        """A batch as it came, so that one update that nobody can read spoils no other."""
        asked = {"timeout": timeout, "limit": limit, "allowed_updates": list(KINDS)}
        if offset is not None:
            asked["offset"] = offset
        try:
            found = await self._bot.do_api_request(GET_UPDATES, asked, read_timeout=timeout + 10)
        except TelegramError as error:
            await self._wait_for(error)
            return None
        self._backoff = FIRST_BACKOFF
        self._trouble("")
        return found if isinstance(found, list) else []

    async def _wait_for(self, error: TelegramError) -> None:
        if isinstance(error, RetryAfter):
            await asyncio.sleep(waits(error))
            return
        if isinstance(error, Conflict):
            self._trouble(CONFLICT)
        elif isinstance(error, InvalidToken | EndPointNotFound):
            self._trouble(UNKNOWN_BOT)
        else:
            self._trouble(f"Telegram cannot be reached: {error}")
        await asyncio.sleep(self._backoff)
        self._backoff = min(self._backoff * 2, LONGEST_BACKOFF)
