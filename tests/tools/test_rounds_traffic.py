"""Traffic by the hour: set by the shop, learned from finished drives, made worse by the weather."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.tools.delivery_day import DAY, HEAD, NOW, Day, deliver
from tools.kit.roads import no_roads
from tools.kit.rounds_traffic import hours_set, learn, lesson_of, traffic_for
from tools.store import Actor, Store, open_store
from tools.store.trip_changes import ConfirmTrips, FinishStop, PlannedStop, PlannedTrip, StartTrip

YESTERDAY = NOW.date() - timedelta(days=1)
ORDERS = HEAD + "".join(
    f"{800 + number},C{1 + number % 2 * 4},2026-03-14T10:00,2026-03-15T08:00,2026-03-15T20:00,packed,JAM,1\n"
    for number in range(26)
)


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(sqlite_url)
    yield deliver(opened, tmp_path / "shop", orders=ORDERS)
    opened.close()


def test_without_anything_known_every_hour_is_alike(store: Store) -> None:
    assert set(traffic_for(store, NOW.date()).hours) == {1.0}


def test_the_shop_sets_its_own_hours(store: Store) -> None:
    store.settings.set("traffic_hours", "8:1.5, 17:1.4")
    hours = traffic_for(store, NOW.date()).hours
    assert (hours[8], hours[17], hours[12]) == (1.5, 1.4, 1.0)


@pytest.mark.parametrize("wrong", ["25:1.5", "8:9", "often slow", "8:nan"])
def test_hours_that_cannot_be_are_as_if_not_set(store: Store, wrong: str) -> None:
    store.settings.set("traffic_hours", wrong)
    assert hours_set(store) is None


def test_the_weather_of_a_day_slows_that_day_alone(store: Store) -> None:
    store.settings.set("traffic_weather", "2026-03-16 snow, 2026-03-17 light rain")
    days = [date(2026, 3, day) for day in (15, 16, 17)]
    assert [traffic_for(store, day).weather for day in days] == [1.0, 1.5, 1.1]


def test_slow_hours_make_the_times_of_a_plan_later_and_why_tells_it(sqlite_url: str, tmp_path: Path) -> None:
    day = Day(deliver(open_store(sqlite_url), tmp_path / "shop"))
    free = day.told("plan today's deliveries", period=DAY)
    day.store.settings.set("traffic_hours", " ".join(f"{hour}:2" for hour in range(24)))
    slow = day.told("plan today's deliveries", period=DAY)
    assert slow.data["late"] == 0 and slow.data["cost"] > free.data["cost"]
    assert any("Traffic by the hour (set by the shop" in source.what for source in slow.sources)
    day.store.close()


def test_finished_drives_teach_the_hours_in_which_they_were_driven(store: Store) -> None:
    drive(store, slow=2.0)
    learn(store, no_roads, NOW.date())
    lesson = lesson_of(store)
    assert lesson is not None and lesson.drives == 25
    driven = [factor for factor in lesson.hours if factor != 1.0]
    assert driven and all(1.05 < factor < 2.0 for factor in driven)
    assert traffic_for(store, NOW.date()).hours == lesson.hours
    store.settings.set("traffic_hours", "8:1.5")
    assert traffic_for(store, NOW.date()).hours[8] == 1.5


def drive(store: Store, slow: float) -> None:
    """A day on which 26 stops were made, each drive so many times as slow as the straight line says."""
    numbers = [str(800 + number) for number in range(26)]
    orders = [store.trips.order(number) for number in numbers]
    points = [(one.latitude or 0.0, one.longitude or 0.0) for one in orders if one]
    leg = int(no_roads(points).matrix.durations[0, 1])
    clock = datetime(2026, 3, 15, 8, 30)
    stops = tuple(PlannedStop(number, "DEPOT", clock, clock) for number in numbers)
    apply(store, ConfirmTrips(YESTERDAY, (PlannedTrip("VAN1", stops, starts_at=clock),)))
    (trip,) = store.trips.trips(YESTERDAY)
    apply(store, StartTrip(trip.trip_no, clock))
    for number in numbers:
        clock += timedelta(seconds=slow * leg + 300)
        apply(store, FinishStop(number, "delivered", clock))


def apply(store: Store, change: ConfirmTrips | StartTrip | FinishStop) -> None:
    store.apply(change, Actor("ann", "test"), request_id=repr(change), at=NOW, day=YESTERDAY)
