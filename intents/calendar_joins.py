"""What is put around expressions of time: from … to, since, until, by, before, after, and times of day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from intents.calendar_values import DAY, FIXED, MONTHLY, WEEKLY, YEARLY, Moment, Resolve, When, fixed
from intents.calendar_words import rule
from tools.kit.slots import Period

_PARTS = "morning|afternoon|evening|night|lunchtime|noon|midday|midnight|lunch|teatime|dinnertime|breakfast"
_TO = "to|-|until|through|upto|~|->"


@rule("clock", "<hh> am|pm|a|p|oclock|h|hrs|hours|ish|noonish", "<hh> : <hh> am|pm|a|p?", "<hh> . <hh> am|pm")
@rule(
    "clock",
    "<hh> a|p . m .?",
    "<hh> : <hh> : <hh>",
    "<hh> h <hh>",
    "noon|midday|midnight|noonish",
    "<hh> oclock am|pm",
)
@rule(
    "clock",
    "half|quarter past|to <hh> am|pm?",
    "<hh> past|to <hh> am|pm?",
    "<hh> in morning|afternoon|evening",
)
@rule("clock", "close|closing|cob|eod|opening", "close|end of play|business|day")
@rule(
    "hour",
    f"in|on|during|at? early|late|middle? {_PARTS}|am|pm",
    "first|last thing",
    "at|around|about|t|,? <clock>",
)
@rule("hour", "at|around <hh>")
@rule("hour", "from|between|at? <clock> to|-|and|until <clock>", "from|between|at <hh> to|-|and|until <hh>")
@rule("hour", "from|between|at? <hh> to|-|and|until <clock>", "from|between|at? <clock> to|-|and|until <hh>")
@rule("tod1", "<hour>", "from|by|before|after|until <clock>", f"by|before|after early|late? {_PARTS}")
@rule("tod", "<tod1>", "<tod1> <tod1>")
@rule("hours", "<hour>", "<hour> <hour>")
def _time_of_day(*_parts: object) -> bool:
    """Read over: periods are whole days."""
    return True


@rule("time", "since|from|until|by|before|after <clock>")
def _hours_today(_time: bool) -> When:
    return _now()


@rule("now", "now|today|date|present|current|yet")
def _now() -> When:
    return fixed(lambda today: (today, today), "day")


@rule("bound", "<cal> <tod>")
@rule("when", "<cal> <tod>")
def _after_it(when: When, _time: bool) -> When | None:
    return when if when.unit == "day" else None


@rule("bounded", "<hours> on|of|,? <cal>")
@rule(
    "when", "<hours> on|of|,? <cal>", "after|from <hours> on|of|,? <cal>", "early|late|sometime|any on? <cal>"
)
def _before_it(*parts: object) -> When | None:
    when = parts[-1]
    return when if isinstance(when, When) and when.unit == "day" else None


@rule("bounded", "<bound>")
def _bound(when: When) -> When:
    return when


_PREPOSITIONS = "in|on|for|during|over|at|of|throughout|across|around|about|sometime|dated|anytime|as|within"


@rule(
    "time",
    "<cal>",
    "<when>",
    f"{_PREPOSITIONS} at|about|around? <when>",
    f"{_PREPOSITIONS} at|about|around? <cal>",
)
@rule("time", "on|for|of|around|about|dated <ordday>")
def _plain(when: When) -> When:
    return when


@rule("time", f"from|between|of|for|in|over|during|starting|on? <bounded> up? {_TO} up? to? <bounded>")
@rule(
    "time",
    "between <bounded> and <bounded>",
    "from <bounded> and <bounded>",
    f"from|between <now> {_TO}|and <bounded>",
)
@rule("time", f"from|between|starting? <cal> up? {_TO} <now>", "between|from <bounded> and <now>")
@rule("time", f"from|between <bounded> {_TO} <now>", "between <now> and <bounded>")
def _range(first: When, second: When) -> When | None:
    if first.rolling and second.rolling:
        return None
    return When(lambda moment: _between(first, second, moment), unit="span")


@rule(
    "time",
    f"from|between|of|for|in|over|during|on? <barday> {_TO}|and <bounded>",
    "between <barday> and <bounded>",
)
@rule(
    "time",
    f"from|between|of|for|in|over|during|on? <bounded> {_TO} <barday>",
    "between <bounded> and <barday>",
)
def _range_of_days(first: When, second: When) -> When | None:
    """As in "13 to 15 July": a bare figure is a day only beside a whole date."""
    return _range(first, second) if max(first.rank, second.rank) > MONTHLY else None


@rule("time", "on|for|over|in? <cal> and|/|+|n <cal>", "on|for|over|in? <barday> and <date>")
def _neighbours(first: When, second: When) -> When | None:
    """As in "Saturday and Sunday", "March and April": one span where the second follows at once."""
    if first.unit != second.unit or first.rolling or second.rolling:
        return None

    def resolve(moment: Moment) -> Period | None:
        start = first.resolve(moment)
        if start is None:
            return None
        after = moment.at(start.last + DAY, ahead=True, within=True)
        end = second.resolve(moment if second.rank == FIXED else after)
        if end is None or end.first != start.last + DAY:
            return None
        return Period(start.first, end.last)

    return When(resolve, unit="span")


@rule("time", "<cal> or <cal>")
def _either(first: When, second: When) -> When | None:
    """As in "today or tomorrow", which asks about both; "Friday or Saturday" is a choice."""
    return _neighbours(first, second) if first.rank == second.rank == FIXED else None


def _between(first: When, second: When, moment: Moment) -> Period | None:
    """The rarer expression is found first; the other one lies before or after it."""
    moment = replace(moment, point=True)
    starts = not moment.ahead and WEEKLY < first.rank < FIXED
    if first.rank > second.rank or (first.rank == second.rank and starts):
        start = first.resolve(moment)
        end = start and second.resolve(moment.at(start.first, ahead=True))
    else:
        before = moment.at(moment.today + DAY, ahead=False)
        end = second.resolve(moment if moment.ahead or second.rank > WEEKLY else before)
        start = first.resolve(_up_to(first, end, moment)) if end else None
    if not start or not end:
        return None
    named = (
        moment.rules.named_end_is_out and second.unit in ("month", "year", "quarter") and not second.closing
    )
    last = end.first if named else end.last
    begins = start.last + DAY if first.closing else start.first
    return Period(begins, last) if begins <= last else None


def _up_to(first: When, end: Period, moment: Moment) -> Moment:
    return moment if first.rank == FIXED else moment.at(end.last, ahead=False)


def _directed(past: Resolve, future: Resolve) -> When:
    return When(lambda moment: (future if moment.ahead else past)(replace(moment, point=True)), unit="span")


@rule("time", "from yesterday")
def _of_yesterday() -> When:
    """As in "everything from yesterday": the day itself."""
    return When(lambda moment: Period(moment.today - DAY, moment.today - DAY), unit="day")


@rule(
    "time",
    "since <bounded> on|onwards?",
    "ever? since <bounded>",
    "<bounded> onwards",
    "from <bounded> onwards|on",
)
@rule("time", "<bounded> or|and later|after|onwards", "<bounded> until|to date|now|today|present")
@rule("time", "as of|from <bounded>", "going back to <bounded>")
def _since(base: When) -> When:
    def past(moment: Moment) -> Period | None:
        span = base.resolve(replace(moment, ahead=False))
        if span is None or span.first > moment.today:
            return span
        return Period(span.first, moment.today)

    return _directed(past, past)


@rule("time", "in|during <these>", "from|in <calyear>", not_before="pieces units pcs kg g ml of %")
@rule("time", "not before|until <cal>")
@rule(
    "time",
    "from|starting|beginning|effective|commencing from|on? <cal>",
    not_after="away far different apart",
)
def _from(base: When) -> When:
    """Looking back up to today; looking ahead only the day or span that was named."""
    if base.unit not in ("day", "weekend"):
        return base

    def past(moment: Moment) -> Period | None:
        span = base.resolve(moment)
        return span and Period(min(span.first, moment.today), moment.today)

    return _directed(past, base.resolve)


@rule("time", "after|later|past than? <bound>", "anything? after <bound>")
def _after(base: When) -> When:
    def past(moment: Moment) -> Period | None:
        span = base.resolve(moment)
        if span is None or span.last >= moment.today:
            return span and Period(span.last + DAY, span.last + DAY)
        return Period(span.last + DAY, moment.today)

    def future(moment: Moment) -> Period | None:
        span = base.resolve(moment)
        return span and Period(span.last + DAY, span.last + DAY)

    return _directed(past, future)


@rule("time", "until|through|til|upto to|and? including? <bounded>", "up to|until and? including? <bounded>")
@rule("time", "all way? to|through|until <bounded>", "to <cal>")
def _until(base: When) -> When | None:
    return None if base.rolling or base.unit == "decade" else _deadline(base, 0)


@rule("time", "before <hours> on|of|,? <cal>")
@rule("time", "on or before|by <bounded>")
@rule("time", "<bounded> latest", "<bounded> at latest")
@rule(
    "time",
    "by|latest <bounded>",
    "latest by <bounded>",
    "no|not later|after than <bounded>",
    "at latest by? <bounded>",
)
def _by(*parts: When | bool) -> When:
    return _deadline(next(part for part in parts if isinstance(part, When)), 0, rarer=FIXED)


@rule("time", "before|ahead|prior|earlier of|to|than? <bound>", not_after="best")
def _before(base: When) -> When:
    return _deadline(base, 0 if base.closing else 1)


@rule("time", "before <bound>", only_after="best")
def _best_before(base: When) -> When:
    return base


def _deadline(base: When, short: int, rarer: int = YEARLY) -> When:
    """From today to the day; looking back at what came round so rarely, from the start of its year."""

    def last_day(moment: Moment) -> date | None:
        span = base.resolve(moment)
        if span is None:
            return None
        return span.first - DAY if short else span.last

    def future(moment: Moment) -> Period | None:
        last = last_day(replace(moment, ahead=True))
        return Period(moment.today, max(moment.today, last)) if last else None

    def past(moment: Moment) -> Period | None:
        last = last_day(moment)
        if base.rank < rarer or last is None or last >= moment.today:
            return future(moment)
        return Period(last.replace(month=1, day=1), last)

    return _directed(past, future)
