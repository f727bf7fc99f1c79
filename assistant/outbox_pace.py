"""How fast a chat may be spoken to.  Pure: time is an argument, in seconds of a clock that only goes on."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds between two messages to one conversation, between any two, and messages a minute to a group."""

    one: float = 1.0
    overall: float = 0.0
    group_a_minute: int = 0


# Slack: about one a second to each channel.  Telegram: one a second to each chat, 30 a second overall,
# 20 a minute to each group (whose ids are negative).
LIMITS = {"slack": Limits(), "telegram": Limits(overall=1 / 30, group_a_minute=20)}
MINUTE = 60.0


@dataclass
class Pace:
    """When who was last written to, in one channel."""

    limits: Limits
    _last: dict[str, float] = field(default_factory=dict)
    _groups: dict[str, deque[float]] = field(default_factory=dict)
    _latest: float = float("-inf")

    def busy(self, now: float) -> frozenset[str]:
        """The conversations that are not to be written to yet."""
        self._forget(now)
        full = {name for name, sent in self._groups.items() if len(sent) >= self.limits.group_a_minute}
        return frozenset(self._last) | full

    def wait(self, now: float) -> float:
        """Seconds until anybody may be written to."""
        return max(self._latest + self.limits.overall - now, 0.0)

    def sent(self, conversation: str, recipient: str, now: float) -> None:
        """Somebody was written to."""
        self._latest = self._last[conversation] = now
        if self.limits.group_a_minute and recipient.startswith("-"):
            self._groups.setdefault(conversation, deque()).append(now)

    def _forget(self, now: float) -> None:
        self._last = {name: at for name, at in self._last.items() if now - at < self.limits.one}
        for sent in self._groups.values():
            while sent and now - sent[0] >= MINUTE:
                sent.popleft()
        self._groups = {name: sent for name, sent in self._groups.items() if sent}
