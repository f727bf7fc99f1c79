"""Expressions of time, on Wednesday 9 June 2027."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
