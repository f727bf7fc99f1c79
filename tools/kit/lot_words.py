"""What somebody says of the lots of a delivery: "6 of lot L7 best before 3 March and 4 of lot L8"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from tools.kit.arrivals import AMOUNT, BROKEN, OVER, SHORT, number_of
from tools.kit.slots import Period

LOT = re.compile(
    r"\b(?:lot|batch)(?: ?(?:no|number|code|num|"
    r"ref))?[ .:#]*(?:is )?((?=[a-z0-9-]*\d)[a-z0-9]+(?: ?[-/] ?[a-z0-9]+)*|[a-z]{1,3} \d{2,})",
    re.IGNORECASE,
)
_KEEPS = re.compile(
    r"\b(?:best (?:before|by)|b\.?b\.?[efd]?|use[- ]?by|sell[- ]?by|exp|expir(?:y|es|ing|ation)|dated|"
    r"(?:good|keeps) (?:until|till))\b(?:[ .:]*\b(?:dates?|is|on|the|of|end)\b)*[ .:]*",
    re.IGNORECASE,
)
# Where the words of a use-by date end: what follows them is told of something else.
_NOT_GOOD = rf"(?:{SHORT}|{BROKEN}|{OVER})\b"
_DAY_ENDS = re.compile(
    rf"[,;()\n]|\.(?:\s|$)|\b(?:and|with|but|lot|batch)\b|&|\b{AMOUNT}\s+(?:of\b|{_NOT_GOOD})",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"\s*(?:[(:x×]|qty|quantity)\s*{AMOUNT}\b(?!\s*[/.-]\s*\d)\s*\)?", re.IGNORECASE)
_BEFORE = re.compile(
    rf"\b{AMOUNT}(?:\s*[x×])?(?:\s+(?!{_NOT_GOOD})[a-z'-]+){{0,6}}\s*[(]?\s*$", re.IGNORECASE
)
_LONGEST_DAY = 40


@dataclass(frozen=True, slots=True)
class ToldLot:
    """One lot as it was said: its code and use-by date, how many of it (None: not said).

    ``words`` is what was said from the lot before it up to its end, ``unread`` a date that is none,
    ``start`` where it begins in the text.
    """

    lot: str = ""
    expires_on: date | None = None
    quantity: Decimal | None = None
    words: str = ""
    unread: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class _Label:
    """An expression of the text that names a lot or a date."""

    kind: Literal["lot", "day"]
    start: int
    end: int
    lot: str = ""
    day: date | None = None


def read_lots(text: str, day_in: Callable[[str], Period | None]) -> tuple[tuple[ToldLot, ...], str]:
    """The lots that are told of, in order, and the text with their labels blanked, its length kept.

    >>> lots, rest = read_lots("6 of lot L7 and 4 of lot l8, 1 broken", lambda _: None)
    >>> [(one.lot, int(one.quantity or 0)) for one in lots], rest
    ([('L7', 6), ('L8', 4)], '6 of ,      and 4 of ,     , 1 broken')
    """
    labels = sorted(_labels(text, day_in), key=lambda label: label.start)
    groups: list[list[_Label]] = []
    for label in labels:
        same = groups and all(label.kind != one.kind for one in groups[-1])
        if same and not re.search(rf"\b{AMOUNT}\b", text[groups[-1][-1].end : label.start], re.IGNORECASE):
            groups[-1].append(label)
        else:
            groups.append([label])
    told = [_told(text, group, before) for group, before in zip(groups, _ends(groups), strict=True)]
    return tuple(told), _blanked(text, labels)


def at_lot(told: Sequence[ToldLot], place: int) -> int:
    """The index of the lot in whose words a place of the text stands."""
    return max((number for number, one in enumerate(told) if one.start <= place), default=0)


def _labels(text: str, day_in: Callable[[str], Period | None]) -> Iterator[_Label]:
    for found in LOT.finditer(text):
        yield _Label("lot", found.start(), found.end(), lot=re.sub(r"\s+", "", found[1]).upper())
    for found in _KEEPS.finditer(text):
        rest = text[found.end() : found.end() + _LONGEST_DAY]
        ends = _DAY_ENDS.search(rest)
        said = rest[: ends.start()] if ends else rest
        if any(letter.isdigit() for letter in said) or day_in(said):
            span = day_in(said)
            day = span.last if span else None
            yield _Label("day", found.start(), found.end() + len(said), said.strip(), day)


def _ends(groups: Sequence[Sequence[_Label]]) -> list[int]:
    """Where each group's words begin: at the end of the one before."""
    return [0, *(group[-1].end for group in groups)][: len(groups)]


def _told(text: str, group: Sequence[_Label], before: int) -> ToldLot:
    first, last = group[0], group[-1]
    ahead = _BEFORE.search(text[before : first.start])
    behind = _BEHIND.match(text, last.end) or _BEHIND.match(text, first.end)
    found = ahead or behind
    told = ToldLot(
        quantity=number_of(found["n"]) if found else None,
        words=text[before : last.end],
        start=before + ahead.start() if ahead else first.start,
    )
    for label in group:
        if label.kind == "lot":
            told = replace(told, lot=label.lot)
        else:
            told = replace(told, expires_on=label.day, unread="" if label.day else label.lot)
    return told


def _blanked(text: str, labels: Sequence[_Label]) -> str:
    for label in labels:
        blank = ",".ljust(label.end - label.start)
        text = f"{text[: label.start]}{blank}{text[label.end :]}"
    return text
