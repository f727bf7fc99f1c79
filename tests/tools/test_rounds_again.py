"""A running day planned again: skipped, added, broken down; what is loaded stays on its van; who is told when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.tools.delivery_day import ANN, DAN, DAY, HEAD, NOW, Day, deliver
from tools.kit import Option, Plan, Prose, Refused, Unclear
from tools.kit.roads import no_roads
from tools.kit.rounds_eta import etas_after, span_of
from tools.store import Store, open_store
from tools.store.trip_facts import Trip

ORDERS = HEAD + "".join(
    f"{number},C{customer},2026-03-14T10:00,2026-03-16T{first:02}:00,2026-03-16T{last:02}:00,packed,JAM,2\n"
    for number, customer, first, last in (
        (801, 1, 9, 12), (802, 2, 9, 17), (803, 3, 9, 17), (804, 4, 9, 17), (805, 5, 9, 17),
    )
)  # fmt: skip
LATE = "901,C4,2026-03-16T08:30,2026-03-16T09:00,2026-03-16T17:00,open,JAM,1\n"
ONE_VAN = (
    "code,name,capacity_kg,capacity_l,home,shift_from,shift_to,odometer_km\n"
    "VAN1,Blue van,500,3000,DEPOT,08:00,17:00,1000\nVAN2,White van,500,3000,DEPOT,08:00,17:00,1000\n"
)


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(sqlite_url)
    yield deliver(opened, tmp_path / "shop", orders=ORDERS, vehicles=ONE_VAN)
    opened.close()


@pytest.fixture
def day(store: Store) -> Day:
    """One van out with five orders, nothing delivered yet; the other stays at home."""
    day = Day(store)
    shown = day.told("plan today's deliveries with the fewest vans", period=DAY)
    day.press(shown, "Confirm")
    (trip,) = store.trips.trips(NOW.date())
    day.leaves(trip.vehicle)
    return day


def on_the_road(store: Store) -> Trip:
    """The van that is out."""
    (trip,) = store.trips.trips(NOW.date(), statuses=("out",))
    return trip


def late_order(day: Day, tmp_path: Path) -> None:
    """An order that came in after the vans had left."""
    folder = tmp_path / "late"
    folder.mkdir()
    (folder / "products.csv").write_text("sku,name\nJAM,Plum Jam\n", encoding="utf-8")
    (folder / "orders.csv").write_text(HEAD + LATE, encoding="utf-8")
    from connectors.feeds.loading import load
    from tools.store import Actor

    report = load(day.store, folder, actor=Actor("ann", "test"), at=day.now)
    assert report.state == "applied", report


def asked(day: Day, text: str, **slots: Any) -> Plan:
    """What is shown for a yes."""
    result = day.call(text, period=DAY, **slots)
    assert isinstance(result, Plan), result
    return result


def test_skipping_a_stop_is_shown_first_and_made_on_a_yes(day: Day, store: Store) -> None:
    trip = on_the_road(store)
    gone = trip.open_stops[2]
    planned = asked(day, "skip stop 3")
    assert "Skip stop 3 of" in planned.summary and gone.order_no in planned.summary
    (effects,) = planned.doubts
    assert "of 4 stops" in effects and "none to another vehicle" in effects
    assert on_the_road(store).open_stops == trip.open_stops
    told = day.done(planned)
    assert told.text.startswith("Done: skip stop 3")
    assert gone.order_no not in [stop.order_no for stop in on_the_road(store).open_stops]


def test_a_stop_is_named_by_its_customer_or_its_order(day: Day, store: Store) -> None:
    by_name = asked(day, "skip Ms White")
    by_number = asked(day, "skip 804")
    assert by_name.data["skipped"] == by_number.data["skipped"] == ["804"]


def test_a_stop_that_is_not_there_is_not_skipped(day: Day) -> None:
    assert "I find no open stop 9 to skip today" in day.refused("skip stop 9", period=DAY)


def test_a_late_order_is_put_where_it_fits_and_loaded_goods_stay_on_their_van(
    day: Day, store: Store, tmp_path: Path
) -> None:
    late_order(day, tmp_path)
    trip = on_the_road(store)
    planned = asked(day, "add order 901 to the round")
    assert planned.summary.startswith("Add 901 (Ms White) as stop")
    assert planned.data["changed_vehicle"] == 0
    day.done(planned)
    stands = {stop.order_no for stop in on_the_road(store).open_stops if stop.status == "loaded"}
    assert stands == {stop.order_no for stop in trip.open_stops}
    assert store.trips.trip_of("901") is not None


def test_orders_on_no_trip_are_told_and_added_by_a_button(day: Day, tmp_path: Path) -> None:
    late_order(day, tmp_path)
    told = day.told("today's deliveries", period=DAY)
    assert "1 more order is on no trip: 901." in told.text
    assert day.press(told, "Add 1 order").text.startswith("Done: add 901 (Ms White)")


def test_an_order_that_is_on_a_trip_already_is_not_added_twice(day: Day) -> None:
    assert day.refused("add order 803", period=DAY) == "803 is on a trip already."


def test_a_van_that_broke_down_gives_its_goods_to_the_other(day: Day, store: Store) -> None:
    trip = on_the_road(store)
    day.delivers(trip.open_stops[0].order_no)
    left = {stop.order_no for stop in on_the_road(store).open_stops}
    planned = asked(day, "the van broke down", vehicle=trip.vehicle)
    assert "takes over" in planned.summary and planned.data["changed_vehicle"] == len(left)
    day.done(planned)
    (other,) = [one for one in store.trips.trips(NOW.date()) if one.vehicle != trip.vehicle]
    assert {stop.order_no for stop in other.open_stops} == left
    points = [point.label for point in other.route if point.kind == "collect"]
    assert points and points[0].startswith("where ")
    told = day.told("today's deliveries", period=DAY)
    assert "stands still, others took over." in told.text and "skipped" not in told.text.split(".")[0]


def test_a_van_that_stands_still_gets_nothing_when_the_rest_is_planned_again(day: Day, store: Store) -> None:
    trip = on_the_road(store)
    day.done(asked(day, "the van broke down", vehicle=trip.vehicle))
    planned = asked(day, "plan the rest again")
    assert trip.vehicle not in {row["vehicle"] for row in planned.data["rows"] if row["status"] == "loaded"}
    assert planned.data["changed_vehicle"] == 0


def test_which_vehicle_broke_down_is_asked_where_several_are_out(store: Store) -> None:
    day = Day(store)
    day.press(day.press(day.told("plan today's deliveries", period=DAY), "Share evenly"), "Confirm")
    question = day.call("one of the vans broke down", period=DAY)
    assert isinstance(question, Unclear)
    assert {option.label for option in question.options} == {"Blue van", "White van"}
    chosen: Option = question.options[0]
    assert isinstance(day.call("", **chosen.slots), Plan)


def test_what_has_changed_on_the_road_since_is_not_overwritten(day: Day, store: Store) -> None:
    planned = asked(day, "skip stop 4")
    day.delivers(on_the_road(store).open_stops[0].order_no)
    again = day.call("", **planned.slots)
    assert isinstance(again, Refused) and again.reason.startswith("Something has happened on the road")


def test_a_yes_makes_exactly_what_was_shown(day: Day, store: Store) -> None:
    planned = asked(day, "skip stop 2")
    again = day.call("", **planned.slots)
    assert isinstance(again, Plan)
    assert again.data["rows"] == planned.data["rows"] and again.summary == planned.summary


def test_a_driver_cannot_plan_the_rest_but_is_told_who_can(day: Day) -> None:
    assert "tell a manager" in day.refused("skip stop 2", DAN, period=DAY)


def test_customers_whose_arrival_moves_much_get_a_text_to_copy(day: Day, store: Store) -> None:
    trip = on_the_road(store)
    day.later(minutes=30)
    told = day.done(asked(day, "the van broke down", vehicle=trip.vehicle))
    letters = [block.text for block in told.blocks if isinstance(block, Prose)]
    assert letters and "a new time for your order" in letters[0]


# -- when does it come ----------------------------------------------------------------------------------


def test_when_a_delivery_comes_is_told_with_its_span_and_what_is_before_it(day: Day, store: Store) -> None:
    stop = on_the_road(store).open_stops[2]
    told = day.told("", ANN, "route.eta", order=stop.order_no)
    assert f"{stop.order_no} ({stop.name}): today about {stop.expected:%H:%M}" in told.text
    assert "The van is out, 2 stops before it." in told.text and told.data["stops_before"] == 2
    (letter,) = [block for block in told.blocks if isinstance(block, Prose)]
    assert (
        f"Hello {stop.name}, about your order {stop.order_no}: we expect to be with you today between"
        in letter.text
    )
    assert told.sources


def test_a_late_stop_moves_the_arrivals_after_it(day: Day, store: Store) -> None:
    trip = on_the_road(store)
    first, later = trip.open_stops[0], trip.open_stops[1]
    assert first.expected and later.expected
    day.now = first.expected.replace(tzinfo=NOW.tzinfo) + timedelta(minutes=40)
    moved = dict(etas_after(store, no_roads, trip, day.now.replace(tzinfo=None), done=first.order_no))
    assert timedelta(minutes=30) < moved[later.order_no] - later.expected < timedelta(minutes=50)


def test_a_van_that_tells_where_it_is_moves_its_arrivals(day: Day, store: Store) -> None:
    trip = on_the_road(store)
    stop = trip.open_stops[0]
    assert stop.latitude and stop.longitude
    now = day.now.replace(tzinfo=None) + timedelta(hours=1)
    there = etas_after(store, no_roads, trip, now, where=(stop.latitude, stop.longitude))
    assert dict(there)[stop.order_no] - now <= timedelta(minutes=1)


def test_an_arrival_far_away_is_told_with_a_wider_span() -> None:
    now = NOW.replace(tzinfo=None)
    near, far = span_of(now + timedelta(minutes=20), now), span_of(now + timedelta(hours=5), now)
    assert near[1] - near[0] < far[1] - far[0]
    assert all(moment.minute % 5 == 0 for moment in (*near, *far))


def test_an_order_on_no_trip_tells_what_was_promised(store: Store) -> None:
    told = Day(store).told("", ANN, "route.eta", order="803")
    assert "is on no trip yet" in told.text and "promised today 09:00–17:00" in told.text


def test_a_customers_only_order_is_found_by_the_name(day: Day, store: Store) -> None:
    told = day.told("", ANN, "route.eta", customer="C4")
    assert told.data["order"] == "804"


def test_a_delivered_order_tells_when_it_was(day: Day, store: Store) -> None:
    stop = on_the_road(store).open_stops[0]
    day.delivers(stop.order_no)
    told = day.told("", ANN, "route.eta", order=stop.order_no)
    assert f"was delivered today at {day.now:%H:%M}" in told.text


def test_after_a_yes_the_answer_tells_the_same_moves_as_the_question(day: Day, store: Store) -> None:
    trip = on_the_road(store)
    planned = asked(day, "the van broke down", vehicle=trip.vehicle)
    told = day.done(day.call("", **planned.slots))
    assert planned.doubts[0] in told.text
    assert told.data["changed_vehicle"] == planned.data["changed_vehicle"] == 5


def test_better_late_than_not_at_all(day: Day, store: Store) -> None:
    trip = on_the_road(store)
    day.now = day.now.replace(hour=11, minute=50)
    planned = asked(day, "the van broke down", vehicle=trip.vehicle)
    assert not planned.data["left"]
    assert "Late: 801 by" in planned.doubts[0]


def test_goods_on_a_late_van_come_late_though_another_van_would_be_in_time(
    sqlite_url: str, tmp_path: Path
) -> None:
    orders = HEAD + "".join(
        f"{801 + n},C{1 + n},2026-03-14T10:00,2026-03-16T09:00,2026-03-16T12:00,packed,JAM,2\n"
        for n in range(5)
    )
    store = deliver(open_store(sqlite_url), tmp_path / "shop", orders=orders, vehicles=ONE_VAN)
    day = Day(store)
    day.press(day.told("plan today's deliveries with the fewest vans", period=DAY), "Confirm")
    (trip,) = store.trips.trips(NOW.date())
    day.leaves(trip.vehicle)
    left = []
    for minute in range(5, 60, 10):
        day.now = day.now.replace(hour=11, minute=minute)
        left += asked(day, f"skip {trip.open_stops[-1].order_no}").data["left"]
    assert not left
    store.close()


def test_stops_that_were_not_loaded_yet_change_vans_too_and_are_counted(store: Store) -> None:
    day = Day(store)
    few = day.told("plan today's deliveries with the fewest vans", period=DAY)
    day.press(few, "Confirm")
    (trip,) = store.trips.trips(NOW.date())
    planned = asked(day, "the van broke down", vehicle=trip.vehicle)
    assert planned.data["changed_vehicle"] == planned.data["moved"] == 5
    assert "5 of 5 stops move, 5 of them to another vehicle." in planned.doubts[0]
