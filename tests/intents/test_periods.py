"""Expressions of time, on Wednesday 9 June 2027."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.calendar_values import Conventions
from intents.feasts import easter
from intents.periods import find_periods
from intents.words import clean, words_of

TODAY = date(2027, 6, 9)


def spans(text: str, *, ahead: bool = False, today: date = TODAY) -> list[str]:
    found = find_periods(words_of(clean(text)), today)
    return [f"{span.reading(ahead=ahead).first}..{span.reading(ahead=ahead).last}" for span in found]


@pytest.mark.parametrize(("said", "first", "last"), [
    ("today", "2027-06-09", "2027-06-09"),
    ("yesterday morning", "2027-06-08", "2027-06-08"),
    ("the day before yesterday", "2027-06-07", "2027-06-07"),
    ("this week", "2027-06-07", "2027-06-13"),
    ("last week", "2027-05-31", "2027-06-06"),
    ("the week before last", "2027-05-24", "2027-05-30"),
    ("this month", "2027-06-01", "2027-06-30"),
    ("last month", "2027-05-01", "2027-05-31"),
    ("last quarter", "2027-01-01", "2027-03-31"),
    ("last year", "2026-01-01", "2026-12-31"),
    ("last 7 days", "2027-06-03", "2027-06-09"),
    ("the past two weeks", "2027-05-27", "2027-06-09"),
    ("over the last 3 months", "2027-03-10", "2027-06-09"),
    ("last tuesday", "2027-06-08", "2027-06-08"),
    ("on wednesday", "2027-06-02", "2027-06-02"),
    ("at the weekend", "2027-06-05", "2027-06-06"),
    ("since monday", "2027-06-07", "2027-06-09"),
    ("since christmas", "2026-12-25", "2027-06-09"),
    ("since last month", "2027-05-01", "2027-06-09"),
    ("in january", "2027-01-01", "2027-01-31"),
    ("in august", "2026-08-01", "2026-08-31"),
    ("in Q4", "2026-10-01", "2026-12-31"),
    ("march 2026", "2026-03-01", "2026-03-31"),
    ("1st of june", "2027-06-01", "2027-06-01"),
    ("from 3rd to 9th may", "2027-05-03", "2027-05-09"),
    ("between 1 and 15 may", "2027-05-01", "2027-05-15"),
    ("20/5/2027", "2027-05-20", "2027-05-20"),
    ("2027-06-01 to 2027-06-05", "2027-06-01", "2027-06-05"),
    ("3 days ago", "2027-06-06", "2027-06-06"),
    ("the 2nd", "2027-06-02", "2027-06-02"),
    ("year to date", "2027-01-01", "2027-06-09"),
    ("from 1st may till date", "2027-05-01", "2027-06-09"),
    ("tuesday last week", "2027-06-01", "2027-06-01"),
    ("monday to wednesday last week", "2027-05-31", "2027-06-02"),
    ("easter", "2027-03-28", "2027-03-28"),
])  # fmt: skip
def test_times_of_the_past(said: str, first: str, last: str) -> None:
    assert spans(f"sales {said} please") == [f"{first}..{last}"]


@pytest.mark.parametrize(("said", "first", "last"), [
    ("tomorrow", "2027-06-10", "2027-06-10"),
    ("on friday", "2027-06-11", "2027-06-11"),
    ("on wednesday", "2027-06-16", "2027-06-16"),
    ("next week", "2027-06-14", "2027-06-20"),
    ("next quarter", "2027-07-01", "2027-09-30"),
    ("next 10 days", "2027-06-09", "2027-06-18"),
    ("by friday", "2027-06-09", "2027-06-11"),
    ("before saturday", "2027-06-09", "2027-06-11"),
    ("until sunday", "2027-06-09", "2027-06-13"),
    ("till the end of the month", "2027-06-09", "2027-06-30"),
    ("at the weekend", "2027-06-12", "2027-06-13"),
    ("in july", "2027-07-01", "2027-07-31"),
    ("in march", "2028-03-01", "2028-03-31"),
    ("by christmas", "2027-06-09", "2027-12-25"),
    ("for the next two weeks", "2027-06-09", "2027-06-22"),
    ("the rest of the week", "2027-06-09", "2027-06-13"),
    ("the 20th", "2027-06-20", "2027-06-20"),
    ("over the summer bank holiday", "2027-08-30", "2027-08-30"),
])  # fmt: skip
def test_times_to_come(said: str, first: str, last: str) -> None:
    assert spans(f"plan {said} please", ahead=True) == [f"{first}..{last}"]


@pytest.mark.parametrize("said", [
    "soon", "lately", "these days", "may we sell it", "12 mugs", "sun cream", "second hand books",
    "1/2 case", "20 kg", "a 350 ml mug",
    "the 2nd one", "a while ago",
])  # fmt: skip
def test_what_is_no_time(said: str) -> None:
    assert spans(said) == []


def test_easter_falls_where_it_fell() -> None:
    assert [easter(year) for year in (2000, 2008, 2024, 2026, 2038)] == [
        date(2000, 4, 23), date(2008, 3, 23), date(2024, 3, 31), date(2026, 4, 5), date(2038, 4, 25),
    ]  # fmt: skip


@given(today=st.dates(date(2001, 1, 1), date(2080, 12, 31)))
def test_both_readings_are_whole_spans_on_any_day(today: date) -> None:
    for said in (
        "last week",
        "next month",
        "on friday",
        "since march",
        "by easter",
        "in Q2",
        "the 31st",
        "29 february",
        "next 2 months",
    ):
        for span in find_periods(words_of(said), today):
            assert span.past.first <= span.past.last
            assert span.future.first <= span.future.last
    (week,) = find_periods(words_of("last week"), today)
    assert week.past.last < today <= week.past.last + timedelta(days=7)


@given(st.text(max_size=80))
def test_any_text_is_read_without_failing(text: str) -> None:
    find_periods(words_of(clean(text)), TODAY)


@pytest.mark.parametrize(("said", "past", "future"), [
    ("a week on thursday", "2027-06-17..2027-06-17", "2027-06-17..2027-06-17"),
    ("monday week", "2027-06-21..2027-06-21", "2027-06-21..2027-06-21"),
    ("the week after next", "2027-06-21..2027-06-27", "2027-06-21..2027-06-27"),
    ("3 days either side of boxing day", "2026-12-23..2026-12-29", "2027-12-23..2027-12-29"),
    ("the two weeks before christmas", "2026-12-11..2026-12-24", "2027-12-11..2027-12-24"),
    ("two weeks before christmas", "2026-12-11..2026-12-11", "2027-12-11..2027-12-11"),
    ("in the run-up to halloween", "2026-10-17..2026-10-30", "2027-10-17..2027-10-30"),
    ("over christmas", "2026-12-24..2026-12-26", "2027-12-24..2027-12-26"),
    ("the week of easter", "2027-03-22..2027-03-28", "2028-04-10..2028-04-16"),
    ("between the 3rd and the 12th", "2027-06-03..2027-06-12", "2027-06-03..2027-06-12"),
    ("the first half of february", "2027-02-01..2027-02-15", "2028-02-01..2028-02-15"),
    ("mid-april", "2027-04-11..2027-04-20", "2028-04-11..2028-04-20"),
    ("early next month", "2027-07-01..2027-07-10", "2027-07-01..2027-07-10"),
    ("the last 3 weekends", "2027-05-22..2027-06-06", "2027-05-22..2027-06-06"),
    ("week 20", "2027-05-17..2027-05-23", "2028-05-15..2028-05-21"),
    ("2027-W25", "2027-06-21..2027-06-27", "2027-06-21..2027-06-27"),
    ("w/c 14th june", "2026-06-08..2026-06-14", "2027-06-14..2027-06-20"),
    ("on the fifteenth of last month", "2027-05-15..2027-05-15", "2027-05-15..2027-05-15"),
    ("this financial year", "2027-04-01..2028-03-31", "2027-04-01..2028-03-31"),
    ("three weeks ago", "2027-05-17..2027-05-23", "2027-05-19..2027-05-19"),
    ("in three weeks", "2027-05-20..2027-06-09", "2027-06-30..2027-06-30"),
    ("by 5pm tomorrow", "2027-06-09..2027-06-10", "2027-06-09..2027-06-10"),
    ("friday afternoon", "2027-06-04..2027-06-04", "2027-06-11..2027-06-11"),
    ("the monday after easter", "2027-03-29..2027-03-29", "2028-04-17..2028-04-17"),
    ("the second monday of may", "2027-05-10..2027-05-10", "2028-05-08..2028-05-08"),
    ("last to last week", "2027-05-24..2027-05-30", "2027-05-24..2027-05-30"),
    ("12.03.2027", "2027-03-12..2027-03-12", "2027-03-12..2027-03-12"),
    ("12-Mar-27", "2027-03-12..2027-03-12", "2027-03-12..2027-03-12"),
    ("march the twelfth", "2027-03-12..2027-03-12", "2028-03-12..2028-03-12"),
    ("wensday", "2027-06-02..2027-06-02", "2027-06-16..2027-06-16"),
    ("since january", "2027-01-01..2027-06-09", "2027-01-01..2027-06-09"),
    ("nov to feb", "2026-11-01..2027-02-28", "2027-11-01..2028-02-29"),
    ("today or tomorrow", "2027-06-09..2027-06-10", "2027-06-09..2027-06-10"),
])  # fmt: skip
def test_the_request_decides_which_way_a_time_is_read(said: str, past: str, future: str) -> None:
    assert spans(f"sales {said}") == [past]
    assert spans(f"sales {said}", ahead=True) == [future]


def test_next_friday_keeps_both_of_its_meanings() -> None:
    (span,) = find_periods(words_of("next friday"), TODAY)
    assert [reading.first for reading in span.readings] == [date(2027, 6, 18), date(2027, 6, 11)]


def test_a_country_that_writes_the_month_first_is_read_so() -> None:
    for text, first in (("03/04/2027", date(2027, 3, 4)), ("22/04/2027", date(2027, 4, 22))):
        (span,) = find_periods(words_of(text), TODAY, Conventions(month_first=True))
        assert span.past.first == first


@pytest.mark.parametrize("said", [
    "mugs 10-12 pcs", "pay 1.10 for it", "£2.50", "24/7", "spring water", "every monday", "Mr Friday called",
    "march past the till", "ask April to count", "add 30 to the second shelf", "next day delivery",
    "this may or may not sell", "a week's worth", "tel 138-2010-2015", "8/1.5", "2.5 lemons",
])  # fmt: skip
def test_sizes_prices_and_names_are_no_times(said: str) -> None:
    assert spans(said) == []


_SOMEDAY = st.dates(date(2001, 1, 1), date(2080, 12, 31))


@given(day=_SOMEDAY, today=_SOMEDAY)
def test_a_date_is_read_as_it_was_written(day: date, today: date) -> None:
    for text in (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day.day} {day:%B} {day.year}"):
        assert spans(text, today=today) == [f"{day}..{day}"]


@given(today=_SOMEDAY)
def test_a_week_later_every_relative_week_is_a_week_later(today: date) -> None:
    week = timedelta(days=7)
    for said in ("last week", "next week", "the week before last", "on friday", "next tuesday", "since monday",
                 "the weekend", "last 10 days", "a week on sunday", "monday to thursday", "by saturday"):  # fmt: skip
        (now,), (later,) = (find_periods(words_of(said), day) for day in (today, today + week))
        for before, after in ((now.past, later.past), (now.future, later.future)):
            assert (after.first - before.first, after.last - before.last) == (week, week)


_PIECES = st.lists(
    st.sampled_from(
        [
            "from",
            "to",
            "between",
            "the",
            "3",
            "12th",
            "monday",
            "week",
            "before",
            "after",
            "last",
            "next",
            "of",
            "first",
            "1/2",
            "-",
            "and",
            "until",
            "weeks",
            "march",
            "may",
            "at",
            "5",
            "pm",
            "on",
            "for",
            "easter",
            "half",
            "early",
            "q1",
            "2027",
            "a",
            "ago",
            "in",
            "end",
            "weekend",
            "month",
        ]
    ),
    max_size=14,
)


@given(pieces=_PIECES, today=_SOMEDAY)
def test_whatever_is_put_together_spans_never_end_before_they_start(pieces: list[str], today: date) -> None:
    end = 0
    for span in find_periods(words_of(" ".join(pieces)), today):
        assert end <= span.start < span.end
        end = span.end
        assert len(span.readings) <= 2
        assert all(reading.first <= reading.last for reading in span.readings)
