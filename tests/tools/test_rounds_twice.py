"""A van that is too small for the day drives again: another trip after the first, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from tests.tools.delivery_day import DAN, DAY, HEAD, NOW, Day, button_of, deliver, rows
from tools.kit import Refused, Reply
from tools.kit.roads import no_roads
from tools.kit.rounds_eta import etas_after
from tools.store import Store, open_store
from tools.store.trip_facts import Trip

SMALL = (
    "code,name,capacity_kg,capacity_l,home,shift_from,shift_to,odometer_km\n"
    "VAN1,Blue van,5,3000,DEPOT,08:00,17:00,1000\n"
)
ORDERS = HEAD + "".join(
    f"{number},C{customer},2026-03-14T10:00,2026-03-16T09:00,2026-03-16T17:00,packed,JAM,4\n"
    for number, customer in ((801, 1), (802, 2), (803, 3), (804, 4))
)


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(sqlite_url)
    yield deliver(opened, tmp_path / "shop", orders=ORDERS, vehicles=SMALL)
    opened.close()


@pytest.fixture
def day(store: Store) -> Day:
    """Four orders, two of which fit into the van; another trip is planned for the rest."""
    day = Day(store)
    done = day.press(day.told("plan today's deliveries", period=DAY), "Confirm")
    day.press(day.press(done, "Plan another trip for the rest"), "Confirm")
    return day


def both(store: Store) -> tuple[Trip, Trip]:
    first, second = store.trips.trips(NOW.date())
    return first, second


def standing_of(store: Store, trip: Trip) -> str:
    now = store.trips.trip(trip.trip_no)
    return now.status if now else ""


def test_what_does_not_fit_is_planned_for_when_the_van_is_back(store: Store) -> None:
    day = Day(store)
    shown = day.told("plan today's deliveries", period=DAY)
    assert [row["rule"] for row in shown.data["left"]] == ["capacity", "capacity"]
    done = day.press(shown, "Confirm")
    (first,) = store.trips.trips(NOW.date())
    again = day.press(done, "Plan another trip for the rest")
    (trip,) = again.data["trips"]
    assert rows(again).keys() | {stop.order_no for stop in first.stops} == {"801", "802", "803", "804"}
    assert first.ends_at is not None
    assert trip["starts_at"] >= (first.ends_at + timedelta(minutes=15)).isoformat()


def test_two_trips_of_a_van_are_told_apart(day: Day) -> None:
    told = day.told("today's deliveries", period=DAY)
    assert "Blue van is not loaded yet" in told.text and "Blue van, trip 2 is not loaded yet" in told.text
    assert [button.label for button in told.buttons][:2] == ["Load Blue van", "Load Blue van, trip 2"]


def test_the_second_trip_is_loaded_when_the_van_is_back(day: Day, store: Store) -> None:
    first, second = both(store)
    loads = day.press(day.told("today's deliveries", period=DAY), "Load Blue van, trip 2")
    leave(day, first)
    assert "Load" not in str([one.label for one in day.told("today's deliveries", period=DAY).buttons])
    for label in ("Loaded, leave", "Loaded, leaves later"):
        refused = day.pressed(button_of(loads, label))
        assert isinstance(refused, Refused)
        assert (
            refused.reason
            == f"Blue van is still out ({first.trip_no}): {second.trip_no} is loaded when it is back."
        )
    for stop in first.stops:
        day.delivers(stop.order_no)
    day.press(day.told("today's deliveries", period=DAY), "Blue van is back")
    gone = leave(day, second)
    assert "is on its way with 2 orders" in gone.text
    for stop in second.stops:
        day.delivers(stop.order_no)
    day.press(day.told("today's deliveries", period=DAY), "Back home")
    assert {trip.status for trip in both(store)} == {"done"}
    assert all(finding.ok for finding in store.doctor())


def leave(day: Day, trip: Trip) -> Reply:
    """A trip loaded and on its way at its time."""
    assert trip.starts_at is not None
    day.now = max(day.now, trip.starts_at.replace(tzinfo=UTC))
    told = day.told("today's deliveries", period=DAY)
    return day.press(day.press(told, "Load Blue van"), "Loaded, leave")


def test_a_van_that_is_late_leaves_later_for_its_second_trip(day: Day, store: Store) -> None:
    first, second = both(store)
    leave(day, first)
    planned = dict(etas_after(store, no_roads, second, day.now.replace(tzinfo=None)))
    day.later(hours=2)
    day.told("", user=DAN, intent="delivery.update", order=first.stops[0].order_no, status="delivered")
    late = dict(etas_after(store, no_roads, second, day.now.replace(tzinfo=None)))
    assert all(late[number] - planned[number] > timedelta(hours=1) for number in planned)


def test_a_running_day_with_two_trips_of_a_van_says_what_to_do_instead_of_a_wrong_plan(
    day: Day, store: Store
) -> None:
    first, second = both(store)
    leave(day, first)
    refused = day.call(f"skip order {first.stops[1].order_no}", period=DAY)
    assert isinstance(refused, Refused)
    assert f"Another trip is planned today for Blue van ({second.trip_no})." in refused.reason
    assert "Cancel the later trip (its orders wait again)" in refused.reason
    told = day.press(refused, "Cancel Blue van, trip 2")
    assert told.text.startswith("Cancelled for Today (Mon 16 Mar): Blue van, trip 2.")
    assert standing_of(store, second) == "cancelled"
    skipped = day.told(f"skip order {first.stops[1].order_no}", period=DAY)
    assert skipped.text.startswith("Done: skip stop 2 of Blue van")
    again = day.press(day.told("today's deliveries", period=DAY), "Plan another trip for them")
    assert {stop.order_no for stop in second.stops} <= rows(again).keys()


def test_while_nothing_is_loaded_both_trips_are_planned_anew(day: Day, store: Store) -> None:
    first, second = both(store)
    told = day.told("plan it again", period=DAY)
    day.press(told, "Confirm")
    assert {standing_of(store, one) for one in (first, second)} == {"cancelled"}
    assert len(store.trips.trips(NOW.date())) == 1
