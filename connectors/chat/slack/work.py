"""What is done after Slack has its answer: each conversation in order, nothing twice."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from weakref import WeakValueDictionary

import structlog

log = structlog.get_logger(__name__)

# Slack delivers again for an hour at most, and replays were seen after a reconnect.
REMEMBERED_SECONDS = 2 * 3_600.0
MOST_REMEMBERED = 50_000


class Seen:
    """Which events came before, for two hours; what is older is told from the books."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[str, float] = OrderedDict()

    def first(self, key: str) -> bool:
        """Whether this is the first time; an empty key is nobody's event and always new."""
        now = self._clock()
        while self._known and (
            len(self._known) > MOST_REMEMBERED or next(iter(self._known.values())) < now - REMEMBERED_SECONDS
        ):
            self._known.popitem(last=False)
        if key and key in self._known:
            return False
        if key:
            self._known[key] = now
        return True

    def forget(self, key: str) -> None:
        """Let it come once more: it was not worked on."""
        self._known.pop(key, None)


class Work:
    """Jobs behind the acknowledgement."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: set[asyncio.Task[None]] = set()

    def submit(self, conversation: str, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do it soon, after all that was submitted before for the same conversation."""
        turn = self._turns.setdefault(conversation, asyncio.Lock())
        task = asyncio.ensure_future(self._run(turn, job))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, turn: asyncio.Lock, job: Callable[[], Awaitable[None]]) -> None:
        async with turn:
            try:
                await job()
            except Exception:
                log.exception("slack_work_failed")

    async def idle(self, seconds: float | None = None) -> None:
        """Wait until all is done, or the time is up; what is left then is given up."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while self._running:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                break
            await asyncio.wait(set(self._running), timeout=left)
        for task in set(self._running):
            task.cancel()
