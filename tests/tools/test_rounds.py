"""A day of deliveries planned from the books: who goes where, what stays behind and why, and what it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.tools.delivery_day import DAN, DAY, HEAD, NOW, SHOP, Day, button_of, deliver, rows
from tools.kit import Plan, Refused, Table
from tools.store import Actor, Store, open_store
from tools.store.upkeep_changes import BookWorkshop


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(sqlite_url)
    yield deliver(opened, tmp_path / "shop")
    opened.close()


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


def test_the_plan_of_a_day_is_one_line_that_stands_alone(day: Day) -> None:
    told = day.told("plan today's deliveries", period=DAY)
    assert told.text.startswith("Today (Mon 16 Mar): 6 of 8 orders,")
    assert "all on time" in told.text and "Times are estimates from straight lines, not roads." in told.text
    assert told.data["stops"] == 6 and told.data["left_out_orders"] == 2 and told.data["late"] == 0


def test_an_order_without_a_place_on_the_map_stays_behind_and_says_what_to_do(day: Day) -> None:
    told = day.told("plan today's deliveries", period=DAY)
    assert rows(told, "left")["806"]["reason"] == "I don't know where its address is on the map"
    tables = [block for block in told.blocks if isinstance(block, Table) and block.title == "Left out"]
    assert "Add latitude and longitude to Mr Grey" in str(tables[0].rows)


def test_an_order_whose_goods_are_nowhere_stays_behind_and_says_which(day: Day) -> None:
    told = day.told("plan today's deliveries", period=DAY)
    assert rows(told, "left")["807"]["reason"] == "its goods are not there (99 × Green Tea, 51 in stock)"


def test_goods_of_another_place_are_collected_on_the_way(day: Day) -> None:
    told = day.told("plan today's deliveries", period=DAY)
    van = rows(told)["803"]["vehicle"]
    tables = [block for block in told.blocks if isinstance(block, Table)]
    collected = [row for table in tables for row in table.rows if row[2] == "collect at West shop"]
    assert [row[4] for row in collected] == ["803"], van


def test_an_overdue_order_goes_out_with_no_time_to_keep(day: Day) -> None:
    told = day.told("plan today's deliveries", period=DAY)
    assert "808" in rows(told) and "Their time is over already: 808 (due Fri 13 Mar)." in told.text


def test_a_product_without_a_weight_is_named_with_what_was_taken(day: Day) -> None:
    told = day.told("plan today's deliveries", period=DAY)
    assert "No weight or volume is known for Odd Thing: I took 0.5 kg and 1 l each." in told.text
    assert told.data["assumed_sizes"] == ["Odd Thing"]


def test_the_shops_own_figure_is_taken_for_an_unknown_weight(day: Day, store: Store) -> None:
    store.settings.set("round_weight_kg", "7")
    assert "I took 7 kg" in day.told("plan today's deliveries", period=DAY).text


def test_orders_of_another_day_wait_for_it(day: Day) -> None:
    assert "809" not in rows(day.told("plan today's deliveries", period=DAY))
    tomorrow = {"from": "2026-03-17", "to": "2026-03-17"}
    told = day.told("plan tomorrow's deliveries", period=tomorrow)
    assert {"809", "808"} == set(rows(told))


def test_why_tells_the_solver_the_estimate_and_the_rules(day: Day) -> None:
    sources = day.told("plan today's deliveries", period=DAY).sources
    said = " ".join(source.what for source in sources)
    assert "Travel times: straight line. AN ESTIMATE, no road was looked at" in said
    assert "PyVRP" in said and "every rule checked by a second program" in said
    assert any("807: its goods are not there" in row for source in sources for row in source.rows)


def test_a_vehicle_can_be_left_at_home(day: Day) -> None:
    told = day.told("plan today's deliveries without the blue van", period=DAY, vehicle="VAN1")
    assert "VAN1" not in {row["vehicle"] for row in told.data["rows"]}
    assert "Blue van stays: you left it out." in told.text


def test_one_vehicle_alone_can_be_planned(day: Day) -> None:
    told = day.told("plan a route for the white van today", period=DAY, vehicle="VAN2")
    assert {row["vehicle"] for row in told.data["rows"]} == {"VAN2"}


def test_the_fewest_vehicles_are_asked_for_by_a_button_or_in_words(day: Day) -> None:
    told = day.told("plan today's deliveries", period=DAY)
    few = day.press(told, "Fewest vehicles")
    assert few.data["vehicles"] == 1 and "with the fewest vehicles" in few.text
    said = day.told("plan today's deliveries with as few vans as possible", period=DAY)
    assert said.data["vehicles"] == 1


def test_a_fair_share_uses_more_vehicles(day: Day) -> None:
    told = day.press(day.told("plan today's deliveries", period=DAY), "Share evenly")
    assert "shared evenly" in told.text and told.data["vehicles"] >= 2


def test_a_stop_that_nobody_reaches_in_time_can_be_let_come_late(sqlite_url: str, tmp_path: Path) -> None:
    late = HEAD + "801,C2,2026-03-14T10:00,2026-03-16T08:05,2026-03-16T08:10,packed,JAM,3\n"
    day = Day(deliver(open_store(sqlite_url), tmp_path / "shop", orders=late))
    told = day.told("plan today's deliveries", period=DAY)
    (left,) = told.data["left"]
    assert (left["rule"], left["order"]) == ("window", "801") and left["cost"] > 0
    assert "none of 1 order can be delivered" in told.text
    day.store.close()


def test_an_order_too_heavy_for_every_vehicle_says_so(sqlite_url: str, tmp_path: Path) -> None:
    heavy = SHOP["orders.csv"] + "810,C1,2026-03-14T10:00,2026-03-16T09:00,2026-03-16T16:00,open,SAFE,2\n"
    day = Day(deliver(open_store(sqlite_url), tmp_path / "shop", orders=heavy))
    told = day.told("plan today's deliveries", period=DAY)
    left = rows(told, "left")["810"]
    assert (left["rule"], left["reason"]) == ("capacity", "it is too large for every vehicle")
    day.store.close()


def test_a_van_at_the_workshop_stays_there(day: Day, store: Store) -> None:
    booked = BookWorkshop("VAN1", NOW.date(), ("brakes",))
    store.apply(booked, Actor("ann", "test"), request_id="workshop", at=NOW, day=NOW.date())
    told = day.told("plan today's deliveries", period=DAY)
    assert "VAN1" not in {row["vehicle"] for row in told.data["rows"]}
    assert "Blue van stays: it is booked in at the workshop." in told.text


def test_the_time_of_the_day_and_the_shift_bound_the_plan(day: Day) -> None:
    day.now = datetime(2026, 3, 16, 12, 30, tzinfo=UTC)
    told = day.told("plan today's deliveries", period=DAY)
    assert all(trip["starts_at"] >= "2026-03-16T12:45:00" for trip in told.data["trips"])
    assert "Their time is over already: 808 (due Fri 13 Mar), 801 and 802." in told.text


# -- confirmed ------------------------------------------------------------------------------------------


def test_a_confirmed_plan_stands_in_the_books_as_it_was_shown(day: Day, store: Store) -> None:
    shown = day.told("plan today's deliveries", period=DAY)
    done = day.press(shown, "Confirm")
    assert done.text.startswith("Confirmed. Today (Mon 16 Mar): 6 of 8 orders")
    trips = store.trips.trips(NOW.date())
    stand = {(trip.vehicle, stop.order_no, stop.position) for trip in trips for stop in trip.stops}
    assert stand == {(row["vehicle"], row["order"], row["stop"]) for row in shown.data["rows"]}
    assert all(trip.travel_estimate for trip in trips)


def test_a_plan_that_the_books_have_overtaken_is_not_confirmed(day: Day, store: Store) -> None:
    shown = day.told("plan today's deliveries", period=DAY)
    day.told("", DAN, "delivery.update", order="801", status="delivered")
    again = day.pressed(button_of(shown, "Confirm"))
    assert isinstance(again, Refused) and "have changed since that plan was made" in again.reason
    assert again.buttons[0].label == "Plan it again"
    assert not store.trips.trips(NOW.date())


def test_a_plan_whose_time_has_passed_is_not_confirmed(day: Day) -> None:
    shown = day.told("plan today's deliveries", period=DAY)
    day.later(hours=5)
    again = day.pressed(button_of(shown, "Confirm"))
    assert isinstance(again, Refused)


def test_two_plans_of_one_day_are_not_both_confirmed(day: Day, store: Store) -> None:
    shown = day.told("plan today's deliveries", period=DAY)
    other = day.press(shown, "Fewest vehicles")
    day.press(shown, "Confirm")
    second = day.pressed(button_of(other, "Confirm"))
    assert isinstance(second, Refused)
    assert sum(len(trip.stops) for trip in store.trips.trips(NOW.date())) == 6


def test_a_planned_day_is_planned_again_in_place_of_the_old_plan(day: Day, store: Store) -> None:
    day.confirmed()
    again = day.told("plan it again", period=DAY)
    assert again.text.startswith("Nothing is loaded yet, so I planned it all again.")
    day.press(again, "Confirm")
    live = [trip for trip in store.trips.trips(NOW.date()) if trip.is_live]
    assert sum(len(trip.stops) for trip in live) == 6


def test_the_loading_list_has_the_last_stop_first_and_names_what_is_fetched_later(day: Day) -> None:
    day.confirmed()
    told = day.told("today's deliveries", period=DAY)
    label = next(one.label for one in told.buttons if one.label.startswith("Load "))
    loading = day.press(told, label)
    (table,) = [block for block in loading.blocks if isinstance(block, Table)]
    positions = [int(str(row[0])) for row in table.rows]
    assert positions == sorted(positions, reverse=True)
    assert "last stop first" in loading.text and "kg" in loading.text


def test_goods_are_on_the_road_once_the_van_has_left(day: Day, store: Store) -> None:
    day.confirmed()
    vehicle = next(trip.vehicle for trip in store.trips.trips(NOW.date()) if trip.stop("802"))
    told = day.leaves(vehicle)
    assert "is on its way with" in told.text and "Next, stop 1 of" in told.text
    assert [one.label for one in told.buttons] == ["Delivered", "Nobody home", "Skip"]
    jam = sum(level.on_hand for level in store.stock.levels(["JAM"], today=NOW.date()) if level.location)
    assert jam < 120


def test_a_driver_sees_his_own_round_and_may_not_plan(day: Day) -> None:
    assert "no trip is planned for you" in day.told("plan today's deliveries", DAN, period=DAY).text
    shown = day.told("plan today's deliveries", period=DAY)
    barred = day.pressed(button_of(shown, "Confirm"), DAN)
    assert isinstance(barred, Refused) and barred.reason.startswith("Your role may not plan deliveries")
    day.confirmed()
    told = day.call("what is my route today", DAN, period=DAY)
    assert not isinstance(told, Refused)


def test_a_plan_is_cancelled_after_a_yes_and_its_orders_wait_again(day: Day, store: Store) -> None:
    day.confirmed()
    planned = day.call("cancel the delivery plan today", period=DAY)
    assert isinstance(planned, Plan) and planned.doubts == ("6 stops would be on no trip.",)
    day.done(planned)
    assert not [trip for trip in store.trips.trips(NOW.date()) if trip.is_live]
    assert rows(day.told("plan today's deliveries", period=DAY)).keys() >= {"801", "802"}


def test_how_a_day_went_is_told_with_plan_and_actual_side_by_side(day: Day, store: Store) -> None:
    day.confirmed()
    for trip in store.trips.trips(NOW.date()):
        day.leaves(trip.vehicle)
        for stop in trip.stops:
            day.delivers(stop.order_no)
    yesterday = {"from": "2026-03-16", "to": "2026-03-16"}
    day.now = NOW + timedelta(days=1)
    told = day.told("how did yesterday's deliveries go", period=yesterday)
    assert told.text.startswith("Yesterday: 6 of 6 stops delivered") and "% on time" in told.text
    assert told.data["delivered"] == 6 and told.data["cost_per_stop"] > 0 and "full" in told.text


def test_without_a_confirmed_plan_nothing_is_skipped_and_the_day_is_planned(day: Day) -> None:
    told = day.told("the blue van broke down", period=DAY, vehicle="VAN1")
    assert told.text.startswith("No plan of the day is confirmed yet, so I planned it. Today")
    assert "VAN1" not in {row["vehicle"] for row in told.data["rows"]}


def test_after_all_shifts_every_order_says_that_nobody_drives(day: Day) -> None:
    day.now = NOW.replace(hour=18)
    told = day.told("plan today's deliveries", period=DAY)
    assert {row["reason"] for row in told.data["left"]} == {"no vehicle can drive that day"}
    assert "Blue van stays: its shift is over" in told.text and not told.buttons


def test_a_plan_of_several_days_takes_the_first_and_names_the_others(day: Day) -> None:
    told = day.told("plan this week's deliveries", period={"from": "2026-03-16", "to": "2026-03-22"})
    assert told.text.startswith("There are deliveries tomorrow, too: ask for each day by itself. Today")
