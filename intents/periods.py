"""Expressions of time in a message to spans of whole days, by a grammar of our own.

The rules stand in ``calendar_days``, ``_feasts``, ``_spans``, ``_parts``, ``_lengths`` and ``_joins``;
here a message is searched for the longest expressions and each gets its readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from intents import (
    calendar_days,
    calendar_feasts,
    calendar_joins,
    calendar_lengths,
    calendar_parts,
    calendar_spans,
)
from intents.calendar_grammar import Chart, Token
from intents.calendar_values import OURS, Conventions, Moment, When
from intents.calendar_words import GRAMMAR, MONTHS, SAME, UNITS, WEEKDAYS, kinds, tokens_of
from intents.words import Word
from tools.kit.slots import Period

RULES = (calendar_days, calendar_feasts, calendar_spans, calendar_parts, calendar_lengths, calendar_joins)
"""The modules that hold the grammar."""
_MAYBE = frozenset({"may", "march", "sun", "sat", "mar", "mon", "wed", "second", "dec", "jan"})
_SURE_AFTER_SAID = (
    "in for of since on by until till last during from next this before after between through late"
    " early mid end"
)
_SURE_AFTER = frozenset(_SURE_AFTER_SAID.split())
# "revenue sat", "forecast mugs may", but "if I may", "how long has it sat".
_SURE_LAST = _MAYBE - {"march", "second"}
_NO_TIME_AFTER_SAID = "i we you they it he she has had have just that the a an to of we've and or hot in"
_NO_TIME_AFTER = frozenset(_NO_TIME_AFTER_SAID.split())
_AFTER_MARCHING = frozenset({"past", "the", "over", "into", "them", "up", "to", "on"})
_AFTER_THE_VERB_SAID = (
    "be not also or well have i we you they he she it need require want result cause contain , vary change"
)
_AFTER_THE_VERB = frozenset(_AFTER_THE_VERB_SAID.split())
_CUE_KINDS = frozenset({"wd", "mon", "unit", "feast", "numdate", "ordnum", "year", "decade"})
_CUE_WORDS_SAID = (
    "midweek hour"
    " today tonight yesterday tomorrow overmorrow ereyesterday eod cob eom eow eoy eoq bom bow boy boq"
    " ytd mtd wtd qtd spring summer autumn winter q h fy cy weekday workday workdays bank long then w"
    " wc wb date run lead evening morning afternoon night fiscal tax am pm play"
)
_CUE_WORDS = frozenset(_CUE_WORDS_SAID.split())
_MOST_WORDS = 400


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """An expression of time in ``words[start:end]`` with its readings.

    ``past`` and ``future`` are what it means looking back and ahead; ``other`` is a second meaning
    of words that have one whichever way one looks ("next Friday").
    """

    start: int
    end: int
    past: Period
    future: Period
    other: Period | None = None

    def reading(self, *, ahead: bool) -> Period:
        """The span that a question about the future (or the past) means."""
        return self.future if ahead else self.past

    @property
    def readings(self) -> tuple[Period, ...]:
        """All that it may mean, the likelier first: at most two."""
        second = self.other if self.past == self.future else self.future
        return (self.past,) if second in (None, self.past) else (self.past, second)


def find_periods(words: Sequence[Word], today: date, rules: Conventions = OURS) -> tuple[TimeSpan, ...]:
    """All expressions of time, left to right, not overlapping."""
    words = words[:_MOST_WORDS]
    if not any(_is_cue(word.low) for word in words):
        return ()
    tokens = tokens_of(words)
    chart = Chart(GRAMMAR, tokens)
    out: list[TimeSpan] = []
    at = 0
    while at < len(tokens):
        found = _longest(chart, at, words, (today, rules))
        if found is None:
            at += 1
            continue
        span, at = found
        out.append(span)
    return tuple(out) or _whole(chart, (today, rules))


def _whole(chart: Chart, asked: tuple[date, Conventions]) -> tuple[TimeSpan, ...]:
    """What is a time only where nothing else is said: "the ninth", "2025"."""
    last = len(chart.tokens)
    when = chart.parse("bound", 0).get(last) if last else None
    found = _resolved(when, asked) if when else None
    return (TimeSpan(0, chart.tokens[-1].word + 1, *found),) if found else ()


def _is_cue(low: str) -> bool:
    return low in TIME_WORDS or low[:1].isdecimal() or _cue_pieces(low)


def _cue_pieces(low: str) -> bool:
    return any(
        token in _CUE_WORDS or bool(kinds(token) & _CUE_KINDS)
        for token in (piece.text for piece in tokens_of([Word(low, low, low, 0, len(low))]))
    )


def _longest(
    chart: Chart, at: int, words: Sequence[Word], asked: tuple[date, Conventions]
) -> tuple[TimeSpan, int] | None:
    first = chart.tokens[at]
    if first.glued and _within_something(chart.tokens, at):
        return None
    found = chart.parse("time", at)
    for end in sorted(found, reverse=True):
        last = chart.tokens[end - 1]
        if not last.last or _doubtful(words, first.word, last.word + 1):
            continue
        span = _resolved(found[end], asked)
        if span is not None:
            start = first.word - (first.word > 0 and words[first.word - 1].low == "the")
            return TimeSpan(start, last.word + 1, *span), end
    return None


def _within_something(tokens: Sequence[Token], at: int) -> bool:
    """Inside a word or a longer number ("138-2010-2015")."""
    before = tokens[at - 1]
    if before.word == tokens[at].word:
        return True
    return before.glued and before.text in ("-", "/", ".", ":") and at > 1 and tokens[at - 2].text.isdecimal()


def _resolved(when: When, asked: tuple[date, Conventions]) -> tuple[Period, Period, Period | None] | None:
    """Both directions; where there is nothing in one of them, the other one."""
    today, rules = asked
    readings: list[Period | None] = []
    for find, ahead in ((when.resolve, False), (when.resolve, True), (when.other, True)):
        try:
            readings.append(find(Moment(today, ahead, rules=rules)) if find else None)
        except (ValueError, OverflowError):  # the year 10000, a period that would end before it starts
            readings.append(None)
    past, future, other = readings
    other = None if other in (past, future) else other
    if past is None and future is None:
        return None
    return past or future, future or past, other  # type: ignore[return-value]


def _doubtful(words: Sequence[Word], start: int, end: int) -> bool:
    """As in "may", "march" and "sun" alone are months and days only where something says so."""
    said = words[end - 1].low
    if end - start == 3 and words[start].low.isdecimal() and said in UNITS and words[start].low != "1":
        return True  # "top 5 last month" is one month, "the 5 last months" are five
    if said not in _MAYBE or end - start > 2 or len(words) == 1:
        return False
    after = words[end].low if end < len(words) else ""
    if said == "may" and after in _AFTER_THE_VERB:
        return True
    before = words[end - 2].low if end > 1 else ""
    if said in ("sun", "sat", "mon", "wed") and before == "of":
        return True
    if end - start > 1 or before in _SURE_AFTER or (start == 0 and not after.isalnum()):
        return False
    if not after.isalnum() and said in _SURE_LAST and before not in _NO_TIME_AFTER:
        return False
    if said == "march":
        return start == 0 and after in _AFTER_MARCHING
    named = words[start].text.istitle() and start > 0
    return said == "second" or (not named and said not in ("jan", "dec"))


_ABBREVIATED = frozenset(other for others in SAME.values() for other in others.split())
TIME_WORDS = frozenset({
    *WEEKDAYS, *MONTHS, *(_ABBREVIATED - {"eve", "@", "&", "mid", "start", "fall"}), "today", "tomorrow",
    "yesterday", "week", "month", "year", "quarter", "weekend", "fortnight", "easter", "christmas", "day",
    "tonight", "morning", "afternoon", "evening",
})  # fmt: skip
"""Words that the spelling fixer has to know because this grammar does."""
