"""What a person can do about what was read from customers' words.  Each is data; ``Store.apply`` makes it.

``Applied.documents`` names what was touched: "signal 12".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """What a signal is; ``type`` "" says that there is none at all."""

    type: str
    sku: str | None = None
    polarity: str = "neu"
    urgency: str = "low"
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class CorrectSignal:
    """The signal is this instead.  The same label as before confirms it; it can be corrected once."""

    signal: int
    label: Label


@dataclass(frozen=True, slots=True)
class AddSignal:
    """The text says this as well, which was not read from it; the quote is its span, all of it for 0, 0."""

    remark: int
    label: Label
    mention: str = ""
    start: int = 0
    end: int = 0


SaidChange = CorrectSignal | AddSignal
