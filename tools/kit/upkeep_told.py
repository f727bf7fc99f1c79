"""What people tell of a vehicle, read from their words: kilometres, jobs done, codes, readings, defects.

Only what is told plainly is read; a question, a wish, a denial or a doubt is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from tools.kit.upkeep_codes import codes_in
from tools.maths.upkeep.parts import Part
from tools.store.upkeep_facts import STOP

# A bare number below this is a time of day or a date rather than kilometres.
LEAST_KM = 100
MILE = Decimal("1.609344")
_ASKS = re.compile(
    r"\?\s*$|^\W*(?:(?:and|so|but|ok|hey|hi|please|pls|kindly)\W+)*(?:is|are|was|were|am|do|does|did|has|have|had|"
    r"can|could|will|would|should|shall|may|might|when|what|what's|whats|which|who|whose|where|why|how|how's|"
    r"any|anything|anyone|tell me|show|give|check|list|see|let me know|wondering|i wonder)\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"\b(?:if|whether|maybe|perhaps|might|could|would|should|probably|i think|not sure|unless|imagine|"
    r"suppose|"
    r"never|didn't|didnt|hasn't|hasnt|wasn't|wasnt|isn't|isnt|haven't|did not|has not|was not|is not|not yet|"
    r"needs?|due|wants?|going to|will|tomorrow|next week|plan(?:s|ned)? to)\b",
    re.IGNORECASE,
)
# A minus belongs to its figure only where it is stuck to it: "blue van - 61,800 km" is no debt.
_SIGN = r"(?P<sign>(?<=\s)[-−](?=\d)|\bminus\s+)?"
_NUMBER = _SIGN + r"(?P<number>\d{1,3}(?:[ ,.]\d{3})+|\d+(?:[.,]\d+)?)\s*(?P<thousand>k\b)?"
_KM = re.compile(
    rf"{_NUMBER}\s*(?P<unit>kms?\b|kilomet\w*|miles?\b|mi\b)(?!\s*(?:ago|per|an?\b|left|to go|away|/))",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:odometer|odo|clock|mileage|milage|kilomet\w*)\b[^\d\n]{0,30}?" + _NUMBER, re.IGNORECASE
)
_AT = re.compile(
    rf"\b(?:at|on)\s+{_NUMBER}(?!\s*(?:volts?|v\b|degrees?|°|c\b|am\b|pm\b|:|st\b|nd\b|rd\b|th\b))",
    re.IGNORECASE,
)
_DRIVEN = re.compile(r"\b(?:did|drove|driven|covered|went|travelled|ran)\b.{0,12}\d", re.IGNORECASE)
_VOLTS = re.compile(_SIGN + r"(?P<number>\d{1,2}(?:[.,]\d{1,3})?)\s*(?:v|volts?)\b", re.IGNORECASE)
_DEGREES = re.compile(
    r"(?P<number>-?\d{1,3}(?:[.,]\d)?)\s*(?:°\s*c?|degrees?(?:\s+c\w*)?|deg\b|celsius|c\b)", re.IGNORECASE
)
_OUTSIDE = re.compile(r"\b(?:outside|out there|ambient|weather)\b", re.IGNORECASE)
_ENGINE = re.compile(r"\b(?:engine|coolant|motor|temperature|temp)\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:had|got|has had|done|did|changed|replaced|renewed|fitted|swapped|serviced|put (?:in|on)|new|"
    r"passed|"
    r"topped up|refilled)\b",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(
    r"\b(?:failed|broke|broken|snapped|burst|died|dead|flat|gave up|given up|worn through|went)\b",
    re.IGNORECASE,
)
_FAILED_TEST = re.compile(r"\bfail(?:ed|s)?\b.{0,20}\b(?:mot|test|inspection)\b", re.IGNORECASE)
_MENDED = re.compile(
    r"\b(?:fixed|mended|repaired|sorted|cleared|erased|reset|gone|off again|went off|went out|"
    r"all right again|"
    r"fine again|ok again|okay again|works again|solved)\b",
    re.IGNORECASE,
)
_BOOK = re.compile(
    r"\b(?:book|send|take|put|bring|schedule)\b.{0,60}\b(?:workshop|garage|service|serviced|mechanic|in)\b",
    re.IGNORECASE,
)
_CALL_OFF = re.compile(
    r"\b(?:cancel|call off|drop|forget|scrap)\b.{0,60}\b(?:workshop|garage|service|booking|appointment)\b",
    re.IGNORECASE,
)
_UNSAFE = re.compile(
    r"\b(?:brakes? (?:fail\w*|gone|don't|do not|not)|no brakes|steering|smok\w*|fire|"
    r"(?:grind\w*|spongy|metal on metal)\b.{0,30}\bbrak\w*|"
    r"brak\w*\b.{0,30}\b(?:grind\w*|spongy|metal on metal)|"
    r"burning|fuel leak\w*|leak\w* fuel|"
    r"petrol|won't start|wont start|will not start|doesn't start|does not start|"
    r"broke down|broken down|flat tyre|"
    r"flat tire|puncture\w*|burst|unsafe|not safe|not roadworthy|overheat\w*|oil (?:light|lamp|pressure)|"
    r"red (?:light|lamp)|crash\w*|accident)\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:light|lamp|warning)s?\b.{0,20}\b(?:on|up|flash\w*|lit|showing|came|comes|broken|out|dead)\b|"
    r"\b(?:squeak\w*|squeal\w*|grind\w*|rattl\w*|knock\w*|noise\w*|noisy|leak\w*|crack\w*|dent\w*|broken|damaged|"
    r"stuck|jam\w*|wobbl\w*|vibrat\w*|pull\w* to|sounds? funny|sluggish|worn|bald|rust\w*|loose|missing|hole|"
    r"doesn't work|does not work|not working|won't|wont|overheat\w*|smok\w*|puncture\w*|flat|broke down|"
    r"burst|crash\w*|unsafe|not safe|not roadworthy|spongy|slips?|slipping|stall\w*|steering)\b",
    re.IGNORECASE,
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told of one vehicle; empty where it was a question.

    Attributes:
        km: Kilometres on the clock.
        miles: The figure that was told, where it was in miles.
        parts: Codes of what was done.
        failed: Whether these had given up before.
        day: When it was done; None for today.
        codes: Fault codes that it shows.
        voltage: Volts of its battery at rest.
        temperature: Degrees of its engine.
        ambient: Degrees outside.
        defect: What is wrong, in the person's own words; "" for nothing.
        severity: How bad that is.
        mended: Whether what was wrong is put right.
        book: Whether it shall go to the workshop.
        call_off: Whether it need not go there after all.
    """

    km: Decimal | None = None
    miles: Decimal | None = None
    parts: tuple[str, ...] = ()
    failed: bool = False
    day: date | None = None
    codes: tuple[str, ...] = ()
    voltage: Decimal | None = None
    temperature: Decimal | None = None
    ambient: Decimal | None = None
    defect: str = ""
    severity: str = "soon"
    mended: bool = False
    book: bool = False
    call_off: bool = False

    @property
    def anything(self) -> bool:
        """Whether there is something to note or to do."""
        figures = (self.km, self.voltage, self.temperature)
        words = (self.parts, self.codes, self.defect, self.mended, self.book, self.call_off)
        return any(figure is not None for figure in figures) or any(words)


def asks(text: str) -> bool:
    """Whether it is a question, or asks to be shown something."""
    return bool(_ASKS.search(text.strip()))


def told(text: str, parts: Iterable[Part], today: date) -> Told:
    """What a text tells of a vehicle; nothing at all where it asks, supposes or denies."""
    said = " ".join(text.split())
    if asks(said):
        return Told()
    if _CALL_OFF.search(said):
        return Told(call_off=True)
    if _BOOK.search(said):
        return Told(book=True)
    codes = codes_in(said)
    if _MENDED.search(said) and not _NOT_SO.search(said):
        done, failed = _parts_done(said, parts)
        return Told(parts=done, failed=failed, codes=codes, mended=True, day=day_told(said, today))
    if _NOT_SO.search(_without_wont(said)):
        return Told(codes=codes)
    return _plainly(said, codes, parts, today)


def _plainly(said: str, codes: tuple[str, ...], parts: Iterable[Part], today: date) -> Told:
    done, failed = _parts_done(said, parts)
    km, miles = _kilometres(said, bool(done))
    voltage = _figure(_VOLTS.search(said))
    temperature, ambient = _degrees(said)
    wrong = "" if done or voltage or temperature else _defect(said)
    severity = STOP if wrong and (_UNSAFE.search(said) or _FAILED_TEST.search(said)) else "soon"
    return Told(
        km, miles, done, failed, day_told(said, today), codes, voltage, temperature, ambient, wrong, severity
    )


def _without_wont(said: str) -> str:
    """The text without what tells of a defect in words of the future: it won't start."""
    return re.sub(r"\b(?:won't|wont|will not|doesn't|is not safe|not safe)\b", "", said, flags=re.IGNORECASE)


def _parts_done(said: str, parts: Iterable[Part]) -> tuple[tuple[str, ...], bool]:
    if _FAILED_TEST.search(said) or not _DONE.search(said):
        return (), False
    found = parts_named(said, parts)
    if not found and re.search(r"\bserviced\b", said, re.IGNORECASE):
        found = parts_named("service", parts)
    return found, bool(found and _GAVE_UP.search(said))


def parts_named(said: str, parts: Iterable[Part]) -> tuple[str, ...]:
    """The codes of the parts that a text names; the longest name wins ("brake fluid" is no brake)."""
    names = [(name, part.code) for part in parts for name in (part.name, *part.words)]
    left, found = said.lower(), []
    for name, code in sorted(names, key=lambda each: (-len(each[0]), each[1])):
        pattern = re.compile(rf"\b{re.escape(name.lower())}\b")
        if pattern.search(left):
            left = pattern.sub(" ", left)
            found.append(code)
    return tuple(dict.fromkeys(found))


def _kilometres(said: str, done: bool) -> tuple[Decimal | None, Decimal | None]:
    if _DRIVEN.search(said) and not done:
        return None, None
    match = _KM.search(said)
    if match is not None and match["unit"].lower().startswith("mi"):
        miles = _figure(match)
        return (None, None) if miles is None else ((miles * MILE).quantize(Decimal(1)), miles)
    if match is not None:
        return _figure(match), None
    km = _figure(_CLOCK.search(said) or (_AT.search(said) if done or _is_short(said) else None))
    return (km if km is not None and (km >= LEAST_KM or km < 0) else None), None


def _is_short(said: str) -> bool:
    """Whether it is a figure with nothing else around it, as in: van 1 is at 61,800."""
    return len(said.split()) <= 8 and not _VOLTS.search(said) and not _DEGREES.search(said)


def _figure(match: re.Match[str] | None) -> Decimal | None:
    if match is None:
        return None
    text = match["number"].replace(" ", "")
    text = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    groups = match.groupdict()
    found = found * 1000 if groups.get("thousand") else found
    return -found if groups.get("sign") else found


def _degrees(said: str) -> tuple[Decimal | None, Decimal | None]:
    """Degrees of the engine, and those outside."""
    engine = outside = None
    for match in _DEGREES.finditer(said):
        near = said[max(0, match.start() - 25) : match.end() + 12]
        if _OUTSIDE.search(near):
            outside = _figure(match)
        elif _ENGINE.search(said):
            engine = engine if engine is not None else _figure(match)
    return engine, outside


def _defect(said: str) -> str:
    return said[:300] if _WRONG.search(said) or _FAILED_TEST.search(said) or _UNSAFE.search(said) else ""


def day_told(said: str, today: date) -> date | None:
    """A day in the past that a text names; None where it names none."""
    low = said.lower()
    named = re.search(r"\b(\d{4})-(\d{2})-(\d{2})\b", low)
    if named:
        return _day(int(named[1]), int(named[2]), int(named[3]))
    ago = re.search(r"\b(a|an|one|two|three|four|five|six|\d{1,3}) (day|week|month)s? ago\b", low)
    if ago:
        words = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
        count = words.get(ago[1]) or int(ago[1])
        return today - timedelta(days=count * {"day": 1, "week": 7, "month": 30}[ago[2]])
    if "yesterday" in low:
        return today - timedelta(days=1)
    return _calendar_day(low, today) or _weekday(low, today)


def _calendar_day(low: str, today: date) -> date | None:
    found = re.search(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (\d{{4}}))?\b", low)
    if found:
        return _latest(int(found[1]), _MONTHS[found[2]], found[3], today)
    found = re.search(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?\b", low)
    if found:
        return _latest(int(found[2]), _MONTHS[found[1]], found[3], today)
    found = re.search(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b", low)
    return _day(int(found[3]), int(found[2]), int(found[1])) if found else None


def _latest(day: int, month: int, year: str | None, today: date) -> date | None:
    """The day in its year, else the last time that there was such a day."""
    if year:
        return _day(int(year), month, day)
    found = _day(today.year, month, day)
    return _day(today.year - 1, month, day) if found and found > today else found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(low: str, today: date) -> date | None:
    found = re.search(
        r"\b(?:last |on |this )?(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b", low
    )
    if not found:
        return None
    back = (today.weekday() - _WEEKDAYS[found[1][:3]]) % 7
    return today - timedelta(days=back or (7 if "last " in found[0] else 0))


def about(text: str, mine: Sequence[str], others: Sequence[str]) -> str:
    """The part of a text that is about one vehicle, where it names others, too.

    Args:
        text: What was said.
        mine: How the vehicle may be called.
        others: How the other vehicles may be called.
    """
    low = text.lower()
    own = _first(low, mine)
    rest = sorted(at for at in (_first(low, [name]) for name in others) if at is not None)
    if own is None or not rest:
        return text
    start = 0 if own < rest[0] else own
    return text[start : min((at for at in rest if at > own), default=len(text))]


def _first(low: str, names: Sequence[str]) -> int | None:
    found = [match.start() for name in names if (match := re.search(rf"\b{re.escape(name.lower())}\b", low))]
    return min(found, default=None)
