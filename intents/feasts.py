"""Named days of the year that shops reckon by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta


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


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


FEASTS: dict[str, Callable[[int], date]] = {
    r"good friday": _from_easter(-2),
    r"easter (?:monday)": _from_easter(1),
    r"easter(?: sunday)?": easter,
    r"pancake day|shrove tuesday": _from_easter(-47),
    r"ash wednesday": _from_easter(-46),
    r"palm sunday": _from_easter(-7),
    r"mothering sunday|mothers? day": _from_easter(-21),
    r"whit monday": _from_easter(50),
    r"pentecost|whitsun": _from_easter(49),
    r"christmas eve|xmas eve": _fixed(12, 24),
    r"(?:christmas|xmas)(?: day)?": _fixed(12, 25),
    r"boxing day": _fixed(12, 26),
    r"new years? eve|nye": _fixed(12, 31),
    r"(?:the )?new year(?:s(?: day)?)?": _fixed(1, 1),
    r"burns night": _fixed(1, 25),
    r"valentines?(?: day)?": _fixed(2, 14),
    r"st davids day": _fixed(3, 1),
    r"st patricks? day|paddys day": _fixed(3, 17),
    r"st georges day": _fixed(4, 23),
    r"halloween": _fixed(10, 31),
    r"bonfire night|guy fawkes(?: night)?": _fixed(11, 5),
    r"remembrance day": _fixed(11, 11),
    r"fathers? day": lambda year: nth_weekday(year, 6, 6, 3),
    r"(?:early )?may (?:day )?bank holiday": lambda year: nth_weekday(year, 5, 0, 1),
    r"may day": _fixed(5, 1),
    r"(?:late may|spring) bank holiday": lambda year: nth_weekday(year, 5, 0, -1),
    r"(?:august|summer|late summer) bank holiday": lambda year: nth_weekday(year, 8, 0, -1),
    r"independence day|fourth of july": _fixed(7, 4),
    r"indian independence day": _fixed(8, 15),
    r"republic day": _fixed(1, 26),
    r"labou?r day": lambda year: nth_weekday(year, 9, 0, 1),
    r"memorial day": lambda year: nth_weekday(year, 5, 0, -1),
    r"thanksgiving": lambda year: nth_weekday(year, 11, 3, 4),
    r"black friday": lambda year: nth_weekday(year, 11, 3, 4) + timedelta(days=1),
    r"cyber monday": lambda year: nth_weekday(year, 11, 3, 4) + timedelta(days=4),
}
"""Words (as a regular expression) to the day in a given year."""
