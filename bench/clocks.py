"""A processor clock that is cheap to look at."""

from __future__ import annotations

import time

GRAIN = 0.01


class Spent:
    """Processor seconds of this process, looked up at most every hundredth of a second.

    On some machines a look at the processor's clock takes a third of a millisecond, which a solver that looks
    thousands of times would pay for out of its own time.
    """

    def __init__(self) -> None:
        self._seen, self._at = 0.0, float("-inf")

    def __call__(self) -> float:
        """The seconds, a hundredth late at most."""
        now = time.monotonic()
        if now - self._at > GRAIN:
            self._seen, self._at = time.process_time(), now
        return self._seen
