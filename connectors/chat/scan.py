"""A photo of a bar code: which codes are in it, or why none could be read.

Pure and safe in threads; bounded in bytes, pixels and work.  ``with_codes`` is what a door calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import anyio.to_thread
from anyio.lowlevel import RunVar

from connectors.chat.message import House, Message
from tools.kit.codes import known_to

if TYPE_CHECKING:
    from connectors.chat.scan_picture import Bytes
    from connectors.chat.scan_search import Search

HOW = "Hold the camera still and straight above the code, so that it fills half of the picture."
NO_CODE = f"I see no bar code in that picture. {HOW}"
DARK = "That picture is too dark for me to see a code in it. Put on a light or the flash, and try again."
BRIGHT = (
    "That picture is too bright for me to see a code in it. Turn away from the light, or cover the flash."
)
SMALL = (
    "I see bars, but they are too small to read. Please go closer: the code should fill half of the picture."
)
BLURRED = (
    "I see bars, but they are not sharp enough to read. Hold still, tap on the code so that the camera "
    "focuses, and keep it flat and free of glare; or type the number under the bars."
)
# Narrower than this, a bar of the usual codes has about one pixel.
LEAST_WIDTH = 130
# A large picture takes up to a gigabyte while it is looked at, so no more than these at once.
AT_ONCE = 2
_LOOKING: RunVar[anyio.CapacityLimiter] = RunVar("pictures looked at")


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its AIM symbology identifier ("]E0" is EAN-13, "]C1" GS1-128) and its content."""

    symbology: str
    text: str

    def __str__(self) -> str:
        """As :class:`Message` carries it."""
        return f"{self.symbology}{self.text}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a picture; ``trouble`` says in words what to do where that is nothing."""

    codes: tuple[Code, ...]
    trouble: str = ""


def read_codes(picture: bytes, known: Callable[[str], bool] | None = None) -> Reading:
    """The codes in a picture (a file's bytes), the largest first.

    EAN, UPC, Code 128, QR and Data Matrix.  ``known`` tells whether a code (as text) is the shop's:
    what is only just legible is believed if it is.
    """
    from connectors.chat.scan_picture import opened
    from connectors.chat.scan_search import search

    grey = opened(picture)
    if isinstance(grey, str):
        return Reading((), grey)
    found = search(grey, known or _nothing)
    codes = tuple(Code(one.symbology, one.text) for one in found.found)
    return Reading(codes, "" if codes else _trouble(grey, found))


async def with_codes(message: Message, picture: bytes, house: House) -> Message:
    """The message with what its picture shows; hand it to ``house.answer``."""

    def read() -> Reading:
        return read_codes(picture, known_to(house.store.catalogue()))

    reading = await anyio.to_thread.run_sync(read, limiter=_turns())
    return replace(message, codes=tuple(str(code) for code in reading.codes), trouble=reading.trouble)


def _turns() -> anyio.CapacityLimiter:
    """One limiter for each event loop."""
    limiter = _LOOKING.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(AT_ONCE)
        _LOOKING.set(limiter)
    return limiter


def _nothing(_code: str) -> bool:
    return False


def _trouble(grey: Bytes, found: Search) -> str:
    """What most likely kept a code from being read."""
    import numpy as np

    low, high = np.quantile(grey[::8, ::8], (0.05, 0.95))
    if high < 60:
        return DARK
    if low > 235:
        return BRIGHT
    if found.bars:
        return SMALL if found.bars < LEAST_WIDTH else BLURRED
    return NO_CODE
