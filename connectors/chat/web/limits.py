"""How fast and how often: token buckets, and ids that take effect once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_KEPT = 10_000


@dataclass(slots=True)
class Buckets:
    """One token bucket for each key: ``burst`` at once, then ``per_second``.  Thread-safe, bounded."""

    per_second: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, key: str) -> float:
        """Take one token; the seconds to wait for it where there is none (0: go ahead)."""
        with self._lock:
            now = self.clock()
            level, since = self._levels.pop(key, (float(self.burst), now))
            level = min(float(self.burst), level + (now - since) * self.per_second)
            allowed = level >= 1
            self._levels[key] = (level - 1 if allowed else level, now)
            while len(self._levels) > MOST_KEPT:
                self._levels.popitem(last=False)
            return 0.0 if allowed else (1 - level) / self.per_second


@dataclass(slots=True)
class Once:
    """Remembers what was said under an event id, so that the id cannot come to mean something else."""

    _seen: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fits(self, event_id: str, said: str) -> bool:
        """Whether ``event_id`` is new or stood for the same words before."""
        with self._lock:
            first = self._seen.setdefault(event_id, said)
            while len(self._seen) > MOST_KEPT:
                self._seen.popitem(last=False)
            return first == said
