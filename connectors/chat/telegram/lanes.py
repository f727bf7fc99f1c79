"""Updates on their way to the handlers: those of one chat in order, no chat in the way of another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

import structlog

log = structlog.get_logger(__name__)

Raw = Mapping[str, Any]


class Lanes:
    """One lane for each chat; ``serve`` is called with each raw update."""

    def __init__(self, serve: Callable[[Raw], Awaitable[None]]) -> None:
        self._serve = serve
        self._lanes: WeakValueDictionary[object, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, raw: Raw) -> asyncio.Task[None]:
        """Queue an update; its task never stops the others, whatever comes of it."""
        task = asyncio.create_task(self._run(raw))
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, and give up the rest."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()

    async def _run(self, raw: Raw) -> None:
        lane = self._lanes.setdefault(_chat_of(raw), asyncio.Lock())
        async with lane:
            await self._serve(raw)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("telegram_update_not_read", exc_info=error)


def _chat_of(raw: Raw) -> object:
    """Which lane an update belongs to; one that tells no chat has the lane of all such."""
    query = raw.get("callback_query")
    holder = query if isinstance(query, dict) else raw
    message = holder.get("message") or holder.get("edited_message")
    chat = message.get("chat") if isinstance(message, dict) else None
    number = chat.get("id") if isinstance(chat, dict) else None
    return number if isinstance(number, int) else None
