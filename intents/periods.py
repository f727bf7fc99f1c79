"""Expressions of time in a message to spans of whole days, by a grammar of our own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from intents.calendar_days import NEAR_WORDS
from intents.calendar_spans import SHIFT_WORDS
from intents.calendar_words import MONTHS, WEEKDAYS, When, read_atom
from intents.numerals import ONES, TENS
from intents.words import Word
from tools.kit.slots import Period

DAY = timedelta(days=1)
_BEFORE = re.compile(r"(?:since|from|between|starting(?: from| on)?|as of|after) ")
_UNTIL = re.compile(
    r"(?:until|till|til|untill|up to|up until|upto|through to|through|thru|to) (?:the (?!end))?"
)
_BY = re.compile(r"(?:by|not later than|no later than|latest by|at the latest) (?:the (?!end))?")
_BEFORE_IT = re.compile(r"(?:before|ahead of|prior to) ")
_PLAIN = re.compile(
    r"(?:in|on|for|during|over|at|of|throughout|across|within|as at|dated|around|about) (?:the )?"
)
_JOIN = re.compile(r" ?(?:to|-|until|till|through|thru|and|up to|->) ?(?:the )?")
_DATE_END = re.compile(
    r" (?:to date|till date|till now|until now|onwards?|on|till today|up to now|to now|so far)\b"
)
_AMBIGUOUS_WORDS = {"may", "march", "sun", "sat", "mar", "mon", "wed", "second", "dec", "jan"}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """An expression of time in ``words[start:end]`` with both of its readings."""

    start: int
    end: int
    past: Period
    future: Period

    def reading(self, *, ahead: bool) -> Period:
        """The span that a question about the future (or the past) means."""
        return self.future if ahead else self.past


def find_periods(words: Sequence[Word], today: date) -> tuple[TimeSpan, ...]:
    """All expressions of time, left to right, not overlapping."""
    text, starts = _joined(words)
    out: list[TimeSpan] = []
    at = 0
    if not any(word.low in CUES or word.low[:1].isdecimal() for word in words):
        return ()
    while at < len(words):
        low = words[at].low
        begins = low in STARTS or low in CUES or low[:1].isdecimal()
        found = _read(text, starts[at], today) if begins else None
        if found is None or _doubtful(words, at, text[starts[at] : found[1]]):
            at += 1
            continue
        when, end = found
        after = next((place for place in range(at, len(words)) if starts[place] >= end), len(words))
        out.append(TimeSpan(at, after, when.past, when.future))
        at = max(after, at + 1)
    return tuple(out)


def _joined(words: Sequence[Word]) -> tuple[str, list[int]]:
    starts, pieces, length = [], [], 0
    for word in words:
        starts.append(length)
        pieces.append(word.low)
        length += len(word.low) + 1
    return " ".join(pieces), starts


def _doubtful(words: Sequence[Word], at: int, said: str) -> bool:
    """As in "may", "march" and "sun" alone are months and days only where something says so."""
    if said not in _AMBIGUOUS_WORDS:
        return False
    before = words[at - 1].low if at else ""
    if before in (
        "in",
        "for",
        "of",
        "since",
        "on",
        "by",
        "until",
        "till",
        "and",
        "to",
        "last",
        "during",
        "from",
    ):
        return False
    return said in ("may", "second") or (
        not (words[at].text[:1].isupper() and at > 0) and said not in ("march", "jan", "dec")
    )


def _read(text: str, at: int, today: date) -> tuple[When, int] | None:
    for pattern, build in (
        (_BEFORE, _since),
        (_UNTIL, _until),
        (_BY, _by),
        (_BEFORE_IT, _before),
    ):
        found = pattern.match(text, at)
        read = build(text, found.end(), found[0], today) if found else None
        if found and read is None and text.startswith("end of ", found.end()):
            read = build(text, found.end() + len("end of "), found[0], today)
        if read is not None:
            return read
    atom = read_atom(text, at, today)
    if atom is None:
        plain = _PLAIN.match(text, at)
        atom = read_atom(text, plain.end(), today) if plain else None
    return _joined_range(text, atom, today) if atom else None


def _joined_range(text: str, first: tuple[When, int], today: date) -> tuple[When, int]:
    """As in "monday to friday", "1 march - 10 march"; a second expression must follow at once."""
    joint = _JOIN.match(text, first[1])
    if not joint:
        return first
    second = read_atom(text, joint.end(), today)
    if second is None or (" and " in joint[0] and not _neighbours(first[0], second[0])):
        return first
    when = _between(first[0], second[0])
    return (when, second[1]) if when else first


def _neighbours(first: When, second: When) -> bool:
    return second.past.first - first.past.last == DAY


def _between(first: When, second: When) -> When | None:
    past = _ordered(first.past, second.past)
    future = _ordered(first.future, second.future)
    if past is None and future is None:
        return None
    return When(past or future or first.past, future or past or first.future)


def _ordered(first: Period, second: Period) -> Period | None:
    if first.days == second.days == 1 and first.first > second.last >= first.first - 6 * DAY:
        return Period(first.first - 7 * DAY, second.last)
    if second.last >= first.first:
        return Period(first.first, second.last)
    week_on = second.last + 7 * DAY
    return Period(first.first, week_on) if week_on >= first.first and second.days == 1 else None


def _since(text: str, at: int, said: str, today: date) -> tuple[When, int] | None:
    first = read_atom(text, at, today)
    if first is None:
        return None
    when, end = first
    if said.startswith(("from", "between")) and when.past.days > 1 and not _DATE_END.match(text, end):
        return first
    joint = _JOIN.match(text, end)
    second = read_atom(text, joint.end(), today) if joint and not said.startswith("since") else None
    if second is not None:
        both = _between(when, second[0])
        if both is not None:
            return both, second[1]
    tail = _DATE_END.match(text, end)
    end = tail.end() if tail else end
    if said.startswith("after"):
        when = When(_shift(when.past), _shift(when.future))
    past = Period(min(when.past.first, today), today)
    if said.startswith("since") or tail:
        return When(past, past), end
    return When(past, when.future), end


def _shift(span: Period) -> Period:
    return Period(span.last + DAY, span.last + DAY)


def _until(text: str, at: int, said: str, today: date) -> tuple[When, int] | None:
    atom = read_atom(text, at, today)
    if atom is None or (said.startswith("to ") and atom[0].rolling):
        return None
    last = max(atom[0].future.last, today)
    return When(_back(atom[0], today), Period(today, last)), atom[1]


def _by(text: str, at: int, _said: str, today: date) -> tuple[When, int] | None:
    atom = read_atom(text, at, today)
    if atom is None:
        return None
    last = max(atom[0].future.last, today)
    return When(Period(today, last), Period(today, last)), atom[1]


def _back(when: When, today: date) -> Period:
    return Period(min(today, when.past.last), max(today, when.past.last))


def _before(text: str, at: int, said: str, today: date) -> tuple[When, int] | None:
    if text[: at - len(said)].endswith("best "):
        return read_atom(text, at, today)
    atom = read_atom(text, at, today)
    if atom is None:
        return None
    last = max(atom[0].future.first - DAY, today)
    return When(Period(today, last), Period(today, last)), atom[1]


TIME_WORDS = frozenset({
    *WEEKDAYS, *MONTHS, "today", "tomorrow", "yesterday", "week", "weeks", "month", "months", "year",
    "quarter",
    "weekend", "fortnight", "easter", "christmas", "day", "days", "tonight", "morning", "afternoon",
    "evening",
})  # fmt: skip
"""Words that the spelling fixer has to know because this grammar does."""

_PREPOSITIONS = (
    "since from between starting as after until till til untill up upto through thru to by not no latest "
    "at before ahead prior"
    " in on for during over of throughout across within dated around about"
)
_OPENERS = (
    "the a an last next this past previous current coming following rolling all early late mid few "
    "couple same end start beginning rest remainder first second third fourth close day"
)
_FEASTS = (
    "good easter pancake shrove ash palm mothering mothers mother whit pentecost whitsun christmas xmas "
    "boxing new nye burns"
    " valentines valentine st patricks paddys halloween bonfire guy remembrance fathers father may spring "
    "august summer late"
    " independence fourth indian republic labor labour memorial thanksgiving black cyber bank"
)
CUES = frozenset({
    *TIME_WORDS, *_FEASTS.split(), *NEAR_WORDS, "wk", "wks", "q", "q1", "q2", "q3", "q4", "quarter",
    "quarters", "years", "fortnights",
    "ytd", "mtd", "wtd", "qtd", "eow", "eom", "eod", "weekends", "mondays", "tuesdays", "wednesdays",
    "thursdays", "fridays",
    "saturdays", "sundays", "then", "date", "night",
})  # fmt: skip
"""Words without one of which a message tells no time."""
STARTS = frozenset(
    {
        *_PREPOSITIONS.split(),
        *_OPENERS.split(),
        *SHIFT_WORDS,
        *ONES,
        *TENS,
        "w",
        "wc",
        "week",
        "month",
        "year",
    }
)
"""Words that an expression of time may begin with, beside the cues."""
