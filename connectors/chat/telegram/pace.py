"""How often a live place is looked at."""

from __future__ import annotations

from collections import OrderedDict

SECONDS_BETWEEN = 60.0
MOST_REMEMBERED = 1_000


class Pace:
    """When each person's place was last looked at."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, float] = OrderedDict()

    def due(self, person: int, now: float) -> bool:
        """Whether it is time to look again; if so, it counts as done."""
        if now - self._last.get(person, -SECONDS_BETWEEN) < SECONDS_BETWEEN:
            return False
        self._last[person] = now
        self._last.move_to_end(person)
        if len(self._last) > MOST_REMEMBERED:
            self._last.popitem(last=False)
        return True
