"""The words of time: weekdays, months, units, numbers, dates in figures; a message cut into them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import OSA

from intents.calendar_grammar import Chart, Grammar, Token
from intents.feasts import FEASTS, DayIn
from intents.numerals import ONES, TENS
from intents.words import Word

_WEEK = "monday tuesday wednesday thursday friday saturday sunday"
_YEAR = "january february march april may june july august september october november december"
_COUNTED = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_DATED_WORDS = (
    "on by until before since from after dated date exp expiry expires expiring expired bb bbe due of to"
    " between and - this next last"
)
WEEKDAYS = {name: at for at, name in enumerate(_WEEK.split())}
MONTHS = {name: at for at, name in enumerate(_YEAR.split(), 1)}
SAME = {
    "day": "days", "week": "weeks wk wks", "month": "months mth mths mnth", "year": "years yr yrs",
    "quarter": "quarters qtr qtrs", "fortnight": "fortnights", "decade": "decades",
    "weekend": "weekends wkend wknd wkends", "season": "seasons", "night": "nights", "half": "halves",
    "today": "tdy 2day", "tonight": "tonite 2nite", "yesterday": "yday yest ystrday",
    "tomorrow": "tmrw tmr tomo tmw 2moro 2morrow 2mrw tmrow tomoz overmoro", "until": "till til untill",
    "through": "thru", "morning": "mornings", "afternoon": "afternoons", "evening": "evenings eve",
    "previous": "prev preceding", "beginning": "start", "middle": "mid", "coming": "upcoming forthcoming",
    "christmas": "xmas", "around": "@", "and": "&", "autumn": "fall", "fiscal": "financial",
    "monday": "mon mondays", "tuesday": "tue tues tuesdays", "wednesday": "wed weds wednesdays",
    "thursday": "thu thur thurs thursdays", "friday": "fri fridays", "saturday": "sat saturdays",
    "sunday": "sun sundays", "january": "jan", "february": "feb", "march": "mar", "april": "apr",
    "june": "jun",
    "july": "jul", "august": "aug", "september": "sep sept", "october": "oct", "november": "nov",
    "december": "dec", "weekday": "weekdays", "holiday": "hol hols holidays", "onwards": "onward",
    "next": "nxt", "last": "lst", "before": "b4",
    "between": "btw bw betwn", "hour": "hours hrs hr", "a": "an",
}  # fmt: skip
_CANONICAL = {other: name for name, others in SAME.items() for other in others.split()}
_LONG = (
    *(name for name in WEEKDAYS if name != "sunday"), "january", "february", "april", "august", "september",
    "october", "november", "december", "tomorrow", "yesterday", "fortnight", "christmas", "weekend",
)  # fmt: skip
_PLURALS = frozenset({*WEEKDAYS, *MONTHS, "today", "tomorrow", "yesterday", "tonight"}) - {"may", "march"}
UNITS = frozenset({"day", "week", "month", "year", "quarter", "fortnight", "decade", "weekend", "season"})
ORDINAL_WORDS = {name: at for at, name in enumerate(_COUNTED.split(), 1)} | {"thirtieth": 30}
_PIECE = re.compile(r"\d+(?:st|nd|rd|th)(?!\w)|\d{2,4}s(?!\w)|\d+|[^\W\d_]+|\S")
_SIGNS = frozenset("/-.")
_DATED = frozenset({*_DATED_WORDS.split(), *WEEKDAYS})
_FRACTIONS = frozenset({2, 3, 4, 5, 8})
_MEASURES = frozenset({
    "%", "x", "kg", "g", "l", "ml", "cl", "cm", "mm", "m", "oz", "lb", "case", "cases", "pack", "packs", "of",
    "pcs", "each", "units", "litre", "litres", "inch", "p", "box", "boxes", "percent", "pint", "pints",
})  # fmt: skip


@lru_cache(maxsize=16384)
def canonical(text: str) -> str:
    """The word that the grammar knows it by: "weds" is "wednesday", so is "wensday"."""
    known = _CANONICAL.get(text)
    if known:
        return known
    if text[-1:] == "s" and text[:-1] in _PLURALS:
        return text[:-1]
    if len(text) < 6 or not text.isalpha() or text in _LONG or text in _NO_TYPOS:
        return text
    for name in _LONG:
        allowed = 2 if len(name) >= 8 and len(text) >= 7 else 1
        if name[0] == text[0] and OSA.distance(name, text, score_cutoff=allowed) <= allowed:
            return name
    return text


def _names(pattern: str) -> Iterable[tuple[str, ...]]:
    """Every name that a pattern of a feast stands for, in the grammar's words."""
    choices = []
    for element in pattern.split():
        optional = element.endswith("?")
        words = [canonical(word.rstrip("?").replace("'", "")) for word in element.split("|")]
        choices.append([*words, ""] if optional else words)
    for chosen in product(*choices):
        yield tuple(word for word in chosen if word)


_NO_TYPOS = frozenset({"septembers", "weekender", "weekday", "augusta", "augustus"})


_FEASTS: dict[str, list[tuple[tuple[str, ...], DayIn]]] = {}
for _pattern, _day_in in FEASTS.items():
    for _name in _names(_pattern):
        _FEASTS.setdefault(_name[0], []).append((_name, _day_in))
for _called in _FEASTS.values():
    _called.sort(key=lambda feast: -len(feast[0]))


def tokens_of(words: Sequence[Word]) -> list[Token]:
    """The message in pieces of letters, digits and signs; "the" says nothing about time."""
    out: list[Token] = []
    for at, word in enumerate(words):
        touching = at > 0 and words[at - 1].end == word.start
        if word.low == "the" or (word.low == "'" and touching):
            continue
        definite = at > 0 and words[at - 1].low == "the"
        pieces = [word.low] if word.low.isalpha() or word.low in _CANONICAL else _PIECE.findall(word.low)
        if out and touching and out[-1].text + word.low in _CANONICAL:
            whole = canonical(out.pop().text + word.low)
            out.append(Token(whole, at, glued=False, last=True))
            continue
        for place, piece in enumerate(pieces):
            glued = place > 0 or touching
            out.append(Token(canonical(piece), at, glued, place == len(pieces) - 1, definite and not place))
    return out


@lru_cache(maxsize=16384)
def kinds(text: str) -> frozenset[str]:
    """The terminals that a word may be."""
    out = _figure_kinds(text) if text[:1].isdecimal() else set()
    if text in ORDINAL_WORDS or text in TENS:
        out |= {"ord", "dom", "n", "year"}
    if text in ONES or text in TENS or text in ("couple", "few", "a", "several"):
        out |= {"n", "year", "hh"}
    return frozenset(out | {kind for kind, names in _NAMED.items() if text in names})


_NAMED: dict[str, Collection[str]] = {
    "wd": WEEKDAYS, "mon": MONTHS, "numdate": MONTHS, "unit": UNITS, "feast": _FEASTS,
}  # fmt: skip


def _figure_kinds(text: str) -> set[str]:
    if not text.isdecimal():
        return {"ord", "dom", "ordnum"} if text[-1] in "hdt" else {"decade"}
    if len(text) > 4:
        return set()
    out = {"n", "numdate"}
    if len(text) == 4 and 1900 <= int(text) < 2200:
        out.add("year")
    if len(text) < 3:
        out |= {"hh", "yy"}
        if 1 <= int(text) <= 31:
            out.add("dom")
    return out


GRAMMAR = Grammar(kinds)
rule = GRAMMAR.rule


@GRAMMAR.terminal("wd")
def _weekday(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    yield at + 1, WEEKDAYS[chart.texts[at]]


@GRAMMAR.terminal("mon")
def _month(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    yield at + 1, MONTHS[chart.texts[at]]


@GRAMMAR.terminal("unit")
def _unit(chart: Chart, at: int) -> Iterable[tuple[int, str]]:
    yield at + 1, chart.texts[at]


@GRAMMAR.terminal("hh")
def _hour(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    text = chart.texts[at]
    value = int(text) if text.isdecimal() else ONES.get(text, 99)
    if value < 60:
        yield at + 1, value


@GRAMMAR.terminal("yy")
def _two_digit_year(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    if len(chart.texts[at]) == 2:
        yield at + 1, full_year(chart.texts[at])


def full_year(text: str) -> int:
    """A year of two digits lies between 1940 and 2039."""
    return int(text) if len(text) == 4 else int(text) + (1900 if int(text) >= 40 else 2000)


@GRAMMAR.terminal("decade")
def _decade(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    digits = chart.texts[at][:-1]
    if digits[-1] == "0" and len(digits) != 3:
        yield at + 1, full_year(digits)


@GRAMMAR.terminal("n")
def _number(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    text = chart.texts[at]
    if text.isdecimal():
        yield at + 1, int(text)
        return
    if text == "a":
        if chart.low(at + 1) not in ("couple", "few"):
            return
        at, text = at + 1, chart.low(at + 1)
    if text in ("couple", "few", "several"):
        yield at + 1 + (chart.low(at + 1) == "of"), 2 if text == "couple" else 3
        return
    small = _below_hundred(chart, at)
    if small:
        yield small


def _below_hundred(chart: Chart, at: int) -> tuple[int, int] | None:
    text = chart.low(at)
    if text in ONES:
        return at + 1, ONES[text]
    if text not in TENS:
        return None
    after = at + 1 + (chart.low(at + 1) == "-")
    if 0 < ONES.get(chart.low(after), 0) < 10:
        return after + 1, TENS[text] + ONES[chart.low(after)]
    return at + 1, TENS[text]


@GRAMMAR.terminal("ord")
def _ordinal(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    text = chart.texts[at]
    if text[:1].isdecimal():
        yield at + 1, int(text[:-2])
    elif text in ORDINAL_WORDS:
        yield at + 1, ORDINAL_WORDS[text]
    else:
        after = at + 1 + (chart.low(at + 1) == "-")
        if ORDINAL_WORDS.get(chart.low(after), 10) < 10:
            yield after + 1, TENS[text] + ORDINAL_WORDS[chart.low(after)]


@GRAMMAR.terminal("ordnum")
def _ordinal_in_figures(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    yield at + 1, int(chart.texts[at][:-2])


@GRAMMAR.terminal("dom")
def _day_of_month(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    if chart.texts[at].isdecimal():
        yield at + 1, int(chart.texts[at])
        return
    spoken = _below_hundred(chart, at)
    if spoken and spoken[1] <= 31:
        yield spoken
    yield from ((end, day) for end, day in _ordinal(chart, at) if 1 <= day <= 31)


@GRAMMAR.terminal("year")
def _year(chart: Chart, at: int) -> Iterable[tuple[int, int]]:
    text = chart.texts[at]
    if text.isdecimal():
        yield at + 1, int(text)
        return
    first = _below_hundred(chart, at)
    if not first:
        return
    end, value = first
    if chart.low(end) == "thousand" and value == 2:
        end, value = end + 1, 2000
        rest = _below_hundred(chart, end + (chart.low(end) == "and"))
        yield (rest[0], value + rest[1]) if rest else (end, value)
        return
    rest = _below_hundred(chart, end)
    if rest and 19 <= value <= 20 and rest[1] >= 10:
        yield rest[0], 100 * value + rest[1]


@GRAMMAR.terminal("feast")
def _feast(chart: Chart, at: int) -> Iterable[tuple[int, DayIn]]:
    for names, day_in in _FEASTS[chart.texts[at]]:
        if tuple(chart.texts[at : at + len(names)]) == names:
            yield at + len(names), day_in
            return


@GRAMMAR.terminal("numdate")
def _date_in_figures(chart: Chart, at: int) -> Iterable[tuple[int, tuple[str, ...]]]:
    """The fields of ``31/10/74``, ``2014-10``, ``23-Sep``: what they mean is for the conventions to say."""
    fields, signs, end = _fields(chart, at)
    if len(fields) not in (2, 3) or _goes_on(chart, end) or len(set(signs)) != 1:
        return
    if len(fields) == 2 and not _plausible_pair(chart, at, end, fields, signs[0]):
        return
    yield end, tuple(str(MONTHS[field]) + "m" if field in MONTHS else field for field in fields)


def _fields(chart: Chart, at: int) -> tuple[list[str], list[str], int]:
    fields, end = [chart.texts[at]], at + 1
    signs: list[str] = []
    while len(fields) < 3 and end + 1 < len(chart.texts) and chart.texts[end] in _SIGNS:
        sign, after = chart.tokens[end], chart.tokens[end + 1]
        joined = sign.glued and after.glued
        if not (joined or sign.text == "/") or not _is_field(after.text) or (signs and signs[0] != sign.text):
            break
        signs.append(sign.text)
        fields.append(after.text)
        end += 2
    if len(fields) == 3 and not _one_year(fields):
        return fields[:2], signs[:1], end - 2
    return fields, signs, end


def _one_year(fields: Sequence[str]) -> bool:
    return len(fields[2]) in (2, 4) or len(fields[0]) == 4 or fields[2] in MONTHS


def _is_field(text: str) -> bool:
    return text in MONTHS or (text.isdecimal() and len(text) in (1, 2, 4))


def _goes_on(chart: Chart, end: int) -> bool:
    """Whether the figures are part of something longer, as a formula."""
    if end + 1 >= len(chart.texts) or not chart.tokens[end].glued or chart.texts[end] not in (".", ":"):
        return False
    return chart.tokens[end + 1].glued and chart.texts[end + 1].isdecimal()


def _plausible_pair(chart: Chart, at: int, end: int, fields: Sequence[str], sign: str) -> bool:
    if any(field in MONTHS for field in fields):
        return not all(field in MONTHS for field in fields)
    long = [len(field) == 4 for field in fields]
    if any(long):
        year, month = (fields[0], fields[1]) if long[0] else (fields[1], fields[0])
        return not all(long) and 1 <= int(month) <= 12 and 1900 <= int(year) < 2200 and sign != "."
    before = chart.low(at - 1)
    if sign == "-" or before in ("£", "$", "€") or chart.low(end) in _MEASURES:
        return False
    if sign == "." or _fraction(fields):
        alone = at == 0 and end == len(chart.texts)
        return before in _DATED or alone or (sign == "/" and _range_follows(chart, end))
    return tuple(fields) != ("24", "7")


def _range_follows(chart: Chart, end: int) -> bool:
    """As in "1/2 - 14/2": the other end is a date, so this one is."""
    return (
        chart.low(end) in ("-", "to", "until")
        and chart.low(end + 1).isdecimal()
        and chart.low(end + 2) == "/"
    )


def _fraction(fields: Sequence[str]) -> bool:
    top, bottom = map(int, fields)
    return top < bottom and bottom in _FRACTIONS and len(fields[0]) == 1


def date_or_none(year: int, month: int, day: int) -> date | None:
    """A date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
