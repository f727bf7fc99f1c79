"""A lock that serves in the order of asking: nobody waits ten seconds while others write twice."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class QueueLock:
    """Mutual exclusion, first come, first served.  Knows which thread holds it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False
        self._holder: int | None = None

    def is_mine(self) -> bool:
        """Whether the calling thread holds it."""
        return self._holder == threading.get_ident()

    def __enter__(self) -> None:
        turn = self._take_or_queue()
        if turn is not None:
            self._wait(turn)
        self._holder = threading.get_ident()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder = None
        with self._guard:
            self._hand_on()

    def _wait(self, turn: threading.Lock) -> None:
        try:
            turn.acquire()
        except BaseException:
            # Ctrl-C while waiting: a turn that nobody takes would stop everybody behind it.
            with self._guard:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                else:
                    self._hand_on()
            raise

    def _hand_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._held = False

    def _take_or_queue(self) -> threading.Lock | None:
        with self._guard:
            if not self._held:
                self._held = True
                return None
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
            return turn
