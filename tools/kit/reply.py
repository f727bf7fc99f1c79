"""What a tool gives back: an answer, a plan to change something, or why it cannot.

A reply is data; each channel draws it.  Expected failure is a value, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from tools.kit.route_map import RouteMap
from tools.store import Applied, Change


@dataclass(frozen=True, slots=True)
class Call:
    """A request that can be stored and run later: an intent and its slots as JSON."""

    intent: str
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parse:
    """One request as it was understood; ``slots`` are the contract's JSON."""

    intent: str
    confidence: float
    slots: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain values; ``columns`` are their headings, numbers are right-aligned by the channel."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | Decimal | int | None, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars of a chart.

    ``look``: two lines "edge" are the edges of a band, the lower one first; a "mark" is single points
    (a delivery), a "bar" stands among lines.
    """

    name: str
    values: tuple[float | None, ...]
    look: Literal["", "edge", "mark", "bar"] = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of numbers over ``labels`` (dates as ISO text, or names)."""

    title: str
    kind: Literal["line", "bar"]
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to send or print: a channel gives it as a file (PDF, and its table as CSV).

    ``name`` is the file's name without its ending, ``head`` are labelled lines above the table, ``codes``
    are words and addresses that are printed as codes to scan.
    """

    title: str
    name: str
    head: tuple[tuple[str, str], ...]
    table: Table
    foot: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that is ready as it is: a route for a satnav, a picture of a code.

    ``name`` is the file's name with its ending; ``media`` image/png is shown where a chat shows pictures.
    """

    title: str
    name: str
    media: Literal["application/gpx+xml", "image/png"]
    content: bytes


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses to open, each with the words to press; only https.

    Raises:
        ValueError: an address is no https address.
    """

    links: tuple[tuple[str, str], ...]
    title: str = ""

    def __post_init__(self) -> None:
        if not all(address.startswith("https://") for _, address in self.links):
            raise ValueError(self.links)


Block = Prose | Table | Chart | Paper | RouteMap | Attached | Links


@dataclass(frozen=True, slots=True)
class Button:
    """An offer: pressing it makes the call.  A channel shows the label."""

    label: str
    call: Call
    style: Literal["primary", "default", "danger"] = "default"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number came from: "why?" shows these.

    ``what`` is a sentence ("Stock ledger, 14 moves"), ``rows`` are the lines behind it and
    ``as_of`` says how fresh they are (a ledger position, a date, a file).
    """

    what: str
    as_of: str = ""
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: ``text`` stands alone, ``data`` carries every figure that ``text`` states."""

    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A change that is ready to be made, and the words for before and after.

    ``summary`` says what will happen, with both units and before -> after figures.
    ``slots`` is the complete request, so that a yes repeats exactly this.
    ``value`` is the money at stake (at cost, else price; always >= 0), ``doubts`` are
    reasons to ask for a yes whatever the role.  ``tell`` turns the outcome into words; ``blocks``
    and ``sources`` are shown where a yes is asked for.
    """

    summary: str
    change: Change
    tell: Callable[[Applied], Reply]
    slots: Mapping[str, Any]
    value: Decimal = Decimal(0)
    doubts: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A slot has to be asked for."""

    slot: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to read what was said: a label to show and the slots that it sets."""

    label: str
    slots: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unclear:
    """The words fit several things: which?"""

    slot: str
    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be done, said in one sentence with what can be done instead."""

    reason: str
    buttons: tuple[Button, ...] = ()


Result = Reply | Plan | Missing | Unclear | Refused


def listed(names: Sequence[str], last: str = "and") -> str:
    """Join names as a person would: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
