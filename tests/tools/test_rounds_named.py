"""Orders named before a plan stands, and those that nobody was handed before: never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.tools.delivery_day import DAN, DAY, HEAD, SHOP, Day, button_of, deliver, rows
from tools.kit import Plan, Refused
from tools.store import Store, open_store

TOMORROW = {"from": "2026-03-17", "to": "2026-03-17"}
NEXT_MORNING = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(sqlite_url)
    yield deliver(opened, tmp_path / "shop")
    opened.close()


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


def test_an_order_of_another_day_is_asked_about_in_the_first_words(day: Day) -> None:
    told = day.told("add 809 to the round", period=DAY)
    asks = "809 (Ms White) is due tomorrow 10:00–12:00, not today: shall I take it along today?"
    assert told.text.startswith(asks)
    assert "No plan of the day is confirmed yet" in told.text and not told.blocks
    assert button_of(told, "Take it along today").call.slots["confirmed"] is True


def test_a_yes_plans_the_day_with_it_and_says_where_it_stands(day: Day, store: Store) -> None:
    asked = day.told("add 809 to the round", period=DAY)
    told = day.press(asked, "Take it along today")
    assert told.text.startswith("809 (Ms White) is in the plan: stop ")
    assert "Promised for another day: 809 for tomorrow; say so to the customer." in told.text
    assert "809" in rows(told)
    day.press(told, "Confirm")
    trip = store.trips.trip_of("809")
    assert trip is not None and trip.day == day.now.date()


def test_without_it_the_day_is_planned_as_ever(day: Day) -> None:
    told = day.press(day.told("add 809 to the round", period=DAY), "Plan today without it")
    assert told.text.startswith("Today (Mon 16 Mar)") and "809" not in rows(told)


def test_an_order_taken_along_stays_when_the_day_is_planned_another_way(day: Day) -> None:
    told = day.press(day.told("add 809 to the round", period=DAY), "Take it along today")
    few = day.press(told, "Fewest vehicles")
    assert "809" in rows(few)
    day.press(few, "Confirm")
    assert "809" in rows(day.told("plan it again", period=DAY))


def test_an_order_of_the_day_itself_is_said_to_be_in_the_plan(day: Day) -> None:
    told = day.told("add order 801", period=DAY)
    assert told.text.startswith("801 (Mrs Green) is in the plan: stop ")
    assert "No plan of the day is confirmed yet." in told.text and "801" in rows(told)


def test_an_order_that_cannot_come_along_says_why_first(day: Day) -> None:
    told = day.told("add order 807", period=DAY)
    assert told.text.startswith("807 (Mrs Green) cannot come along: its goods are not there")


def test_a_number_that_no_order_has_is_told(day: Day) -> None:
    assert day.refused("add order 9999", period=DAY) == "I find no order 9999."
    told = day.told("add orders 801 and #9999", period=DAY)
    assert told.text.startswith("801 (Mrs Green) is in the plan") and "I find no order 9999." in told.text


def test_an_unknown_number_adds_nothing_to_a_running_day(day: Day) -> None:
    day.confirmed()
    day.leaves("VAN1")
    assert day.refused("add order 9999 to the round", period=DAY) == "I find no order 9999."


def test_an_order_of_another_day_joins_a_running_day_only_after_it_was_said(day: Day) -> None:
    day.confirmed()
    day.leaves("VAN1")
    planned = day.call("add order 809", period=DAY)
    assert isinstance(planned, Plan), planned
    assert planned.summary.startswith("Add 809 (Ms White), promised for tomorrow, as stop ")


def test_an_order_that_is_delivered_or_on_a_trip_is_not_planned_again(day: Day) -> None:
    day.confirmed()
    reason = day.refused("add order 801 to tomorrow's round", period=TOMORROW)
    assert reason.startswith("801 (Mrs Green) is on ") and reason.endswith(" today already.")
    van = day.store.trips.trip_of("801")
    assert van is not None
    day.leaves(van.vehicle)
    for stop in van.open_stops:
        day.delivers(stop.order_no)
    result = day.call("add order 801 to tomorrow's round", period=TOMORROW)
    assert isinstance(result, Refused) and "is delivered already" in result.reason
    assert button_of(result, "Plan tomorrow").call.slots


# -- nobody was handed it before --------------------------------------------------------------------------


@pytest.fixture
def after(sqlite_url: str, tmp_path: Path) -> Iterator[Day]:
    """The next morning: 801 failed and 802 was skipped, the van is back."""
    orders = HEAD + "".join(
        line + "\n" for line in SHOP["orders.csv"].splitlines() if line[:3] in ("801", "802", "809")
    )
    opened = open_store(sqlite_url)
    day = Day(deliver(opened, tmp_path / "shop", orders=orders))
    shown = day.told("plan today's deliveries with the fewest vans", period=DAY)
    day.press(shown, "Confirm")
    (trip,) = opened.trips.trips(day.now.date())
    day.leaves(trip.vehicle)
    day.delivers("801", "failed", DAN)
    day.delivers("802", "skipped", DAN)
    day.press(day.told("today's deliveries", period=DAY), "Back home")
    day.now = NEXT_MORNING
    yield day
    opened.close()


def test_what_was_skipped_yesterday_is_in_the_next_plan_and_named(after: Day) -> None:
    told = after.told("plan today's deliveries", period=TOMORROW)
    assert {"802", "809"} == set(rows(told))
    assert "Their time is over already: 802 (skipped yesterday)." in told.text


def test_what_failed_yesterday_is_named_with_how_it_is_brought_again(after: Day) -> None:
    told = after.told("plan today's deliveries", period=TOMORROW)
    assert "Not handed over before and not in this plan: 801 (Mrs Green, nobody home yesterday);" in told.text
    assert "say “add order 801”" in told.text and told.data["not_handed"] == ["801"]


def test_one_press_takes_it_along_and_the_books_have_it_on_the_trip(after: Day) -> None:
    shown = after.told("plan today's deliveries", period=TOMORROW)
    told = after.press(shown, "Take 801 along")
    assert told.text.startswith("801 (Mrs Green) is in the plan: stop ") and told.data["not_handed"] == []
    assert "801 (nobody home yesterday)" in told.text
    after.press(told, "Confirm")
    order = after.store.trips.order("801")
    assert order is not None and order.trip_no and order.status == "packed"


def test_saying_it_does_the_same(after: Day) -> None:
    told = after.told("add order 801", period=TOMORROW)
    assert told.text.startswith("801 (Mrs Green) is in the plan: stop ")


def test_what_failed_is_named_even_where_nothing_else_is_to_be_delivered(after: Day) -> None:
    after.now = datetime(2026, 3, 18, 8, 0, tzinfo=UTC)
    told = after.told("plan today's deliveries without the blue van", vehicle="VAN1")
    assert "801 (Mrs Green, nobody home Mon 16 Mar)" in told.text
    assert rows(after.press(told, "Take 801 along")).keys() >= {"801"}


def test_what_failed_long_ago_is_left_in_peace(after: Day) -> None:
    after.now = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    today = {"from": "2026-03-30", "to": "2026-03-30"}
    assert "801" not in after.told("plan today's deliveries", period=today).text
