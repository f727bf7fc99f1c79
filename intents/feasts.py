"""Named days of the year that shops reckon by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

DayIn = Callable[[int], date]


def easter(year: int) -> date:
    """Easter Sunday, Gregorian (the anonymous algorithm of Meeus, Jones and Butcher; Meeus 1991)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, left = divmod(century, 4)
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * left + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) … Sunday (6) of a month; ``nth`` -1 is the last one."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _fixed(month: int, day: int) -> DayIn:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, nth: int) -> DayIn:
    return lambda year: nth_weekday(year, month, weekday, nth)


def _from_easter(days: int) -> DayIn:
    return lambda year: easter(year) + timedelta(days=days)


def _after_thanksgiving(days: int) -> DayIn:
    return lambda year: nth_weekday(year, 11, 3, 4) + timedelta(days=days)


FEASTS: dict[str, DayIn] = {
    "good|great|holy friday": _from_easter(-2),
    "maundy|covenant|holy thursday": _from_easter(-3),
    "holy|easter saturday": _from_easter(-1),
    "easter monday": _from_easter(1),
    "easter sunday?|day?": easter,
    "pancake day": _from_easter(-47),
    "shrove tuesday": _from_easter(-47),
    "mardi gras": _from_easter(-47),
    "ash wednesday": _from_easter(-46),
    "lent": _from_easter(-46),
    "palm sunday": _from_easter(-7),
    "mothering sunday": _from_easter(-21),
    "mothers|mother day": _from_easter(-21),
    "ascension day?": _from_easter(39),
    "pentecost|whitsun|whitsunday": _from_easter(49),
    "whit|pentecost sunday": _from_easter(49),
    "whit monday": _from_easter(50),
    "trinity sunday": _from_easter(56),
    "corpus christi": _from_easter(60),
    "christmas|xmas eve": _fixed(12, 24),
    "christmas|xmas day?": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    "st|saint stephens day": _fixed(12, 26),
    "new years|year eve": _fixed(12, 31),
    "nye|hogmanay": _fixed(12, 31),
    "new years|year day?": _fixed(1, 1),
    "twelfth night": _fixed(1, 5),
    "epiphany": _fixed(1, 6),
    "burns night": _fixed(1, 25),
    "groundhog day": _fixed(2, 2),
    "valentines|valentine day?": _fixed(2, 14),
    "st|saint valentines|valentine day?": _fixed(2, 14),
    "st|saint davids day": _fixed(3, 1),
    "st|saint patricks|pattys|paddys day?": _fixed(3, 17),
    "paddys day": _fixed(3, 17),
    "st|saint brigids day": _fixed(2, 1),
    "st|saint georges day": _fixed(4, 23),
    "st|saint andrews day": _fixed(11, 30),
    "april fools|fool day?": _fixed(4, 1),
    "earth day": _fixed(4, 22),
    "international? womens day": _fixed(3, 8),
    "halloween|hallowe'en|haloween": _fixed(10, 31),
    "all saints day": _fixed(11, 1),
    "all souls day": _fixed(11, 2),
    "bonfire|fireworks night": _fixed(11, 5),
    "guy fawkes night|day?": _fixed(11, 5),
    "remembrance|armistice|veterans day": _fixed(11, 11),
    "remembrance sunday": _nth(11, 6, 2),
    "stir up sunday": lambda year: date(year, 12, 24) - timedelta(days=_weekday_back(year) + 28),
    "advent sunday": lambda year: date(year, 12, 24) - timedelta(days=_weekday_back(year) + 21),
    "fathers|father day": _nth(6, 6, 3),
    "early? may day? bank holiday monday?": _nth(5, 0, 1),
    "may day": _fixed(5, 1),
    "international workers|labour day": _fixed(5, 1),
    "late|spring may? bank holiday monday?": _nth(5, 0, -1),
    "late? august|summer bank holiday monday?": _nth(8, 0, -1),
    "june bank holiday": _nth(6, 0, 1),
    "october bank holiday": _nth(10, 0, -1),
    "independence day": _fixed(7, 4),
    "canada day": _fixed(7, 1),
    "bastille day": _fixed(7, 14),
    "australia day": _fixed(1, 26),
    "anzac day": _fixed(4, 25),
    "juneteenth": _fixed(6, 19),
    "indian independence day": _fixed(8, 15),
    "republic day": _fixed(1, 26),
    "gandhi jayanti": _fixed(10, 2),
    "labour|labor day": _nth(9, 0, 1),
    "columbus day": _nth(10, 0, 2),
    "presidents|washingtons day": _nth(2, 0, 3),
    "martin luther king|kings jr? .? day": _nth(1, 0, 3),
    "mlk jr? .? day": _nth(1, 0, 3),
    "memorial day": _nth(5, 0, -1),
    "super bowl sunday?": _nth(2, 6, 2),
    "cinco de mayo": _fixed(5, 5),
    "flag day": _fixed(6, 14),
    "thanksgiving day?": _after_thanksgiving(0),
    "black friday": _after_thanksgiving(1),
    "small business saturday": _after_thanksgiving(2),
    "cyber monday": _after_thanksgiving(4),
    "giving tuesday": _after_thanksgiving(5),
    "singles day": _fixed(11, 11),
    "midsummer day?": _fixed(6, 24),
}
"""Names (``one|or|another``, ``perhaps?``) to the day in a given year."""


def _weekday_back(year: int) -> int:
    """Days from the Sunday before it to Christmas Eve, which may be one itself."""
    return (date(year, 12, 24).weekday() + 1) % 7


def uk_bank_holidays(year: int) -> tuple[date, ...]:
    """England's and Wales' bank holidays; what falls on a weekend is taken on the next free working day."""
    days = [
        _next_workday(date(year, 1, 1), ()),
        easter(year) - timedelta(days=2),
        easter(year) + timedelta(days=1),
        nth_weekday(year, 5, 0, 1),
        nth_weekday(year, 5, 0, -1),
        nth_weekday(year, 8, 0, -1),
    ]
    christmas = _next_workday(date(year, 12, 25), ())
    boxing = _next_workday(date(year, 12, 26), (christmas,))
    return (*days, *sorted((christmas, boxing)))


def _next_workday(day: date, taken: tuple[date, ...]) -> date:
    while day.weekday() > 4 or day in taken:
        day += timedelta(days=1)
    return day
