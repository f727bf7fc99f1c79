"""A delivery day in the books: what a shop, its drivers and its stock figures get from it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from tests.store.delivery_day import (
    AT,
    DAN,
    GEMMA,
    add_order,
    at,
    confirm,
    finish,
    held,
    level,
    load,
    now,
    open_deliveries,
    order_status,
    out,
    stop,
)
from tests.store.small_shop import TODAY, allow_negative, assert_sound, do, lots
from tools.store import Actor, Adjust, BooksError, Receive, Store, Undo
from tools.store.trip_changes import (
    CancelTrips,
    ConfirmTrips,
    EndTrip,
    FinishStop,
    LoadTrip,
    MoveEtas,
    PlannedTrip,
    RevisedTrip,
    ReviseTrips,
    SendOut,
    StartTrip,
)
from tools.store.trip_facts import StopLine

NINE = datetime(2026, 3, 10, 9)
EVENING = datetime(2026, 3, 10, 17)


@pytest.fixture
def shop(store: Store) -> Store:
    open_deliveries(store)
    return store


def test_a_confirmed_plan_moves_nothing_and_keeps_its_promises(shop: Store) -> None:
    trip = confirm(shop, "1", "2")
    assert (trip.status, trip.vehicle, trip.driver) == ("planned", "VAN1", "Dan")
    assert [(each.order_no, each.name, each.status) for each in trip.stops] == [
        ("1", "Mrs Jones", "planned"),
        ("2", "Mrs Jones", "planned"),
    ]
    assert trip.stops[0].lines == (StopLine("P1", Decimal(2), "STORE"), StopLine("P2", Decimal(1), "STORE"))
    assert at(shop, "P1", "STORE") == 20
    assert held(shop, "1") == {"P1": 2, "P2": 1}
    assert order_status(shop, "1") == "packed"


def test_loaded_goods_are_on_the_road_and_nobody_is_promised_them(shop: Store) -> None:
    before = level(shop, "P1").available
    trip = load(shop, "1", "2")
    assert trip.status == "loaded"
    assert (at(shop, "P1", "STORE"), at(shop, "P1", "@transit")) == (16, 4)
    assert held(shop, "1") == {}
    assert level(shop, "P1").available == before
    assert order_status(shop, "1") == "out_for_delivery"


def test_stock_leaves_the_books_at_the_moment_of_delivery(shop: Store) -> None:
    trip = out(shop, "1", "2")
    finish(shop, "1", note="left with the neighbour")
    assert (at(shop, "P1", "@transit"), at(shop, "P1", "@customer")) == (2, 2)
    assert order_status(shop, "1") == "delivered"
    made = now(shop, trip).stops[0]
    assert (made.status, made.done_at, made.done_by, made.note) == (
        "delivered",
        AT,
        "Dan",
        "left with the neighbour",
    )
    assert_sound(shop)


def test_a_delivery_is_a_sale_once(shop: Store) -> None:
    out(shop, "1")
    finish(shop, "1")
    sold = shop.sales.totals(first=TODAY, last=TODAY, by="product")
    assert [(each.key, int(each.sold)) for each in sold] == [("P1", 2), ("P2", 1)]


def test_what_was_not_delivered_comes_back_when_the_van_does(shop: Store) -> None:
    trip = out(shop, "1", "2", "3")
    finish(shop, "1")
    finish(shop, "2", "failed", note="nobody home")
    assert order_status(shop, "2") == "failed"
    assert at(shop, "P1", "@transit") == 4
    do(shop, EndTrip(trip.trip_no, EVENING, Decimal(1060)))
    over = now(shop, trip)
    assert over.status == "done"
    assert (over.odometer_start, over.odometer_end) == (Decimal(1000), Decimal(1060))
    assert [each.status for each in over.stops] == ["delivered", "failed", "skipped"]
    assert (at(shop, "P1", "@transit"), at(shop, "P1", "STORE")) == (0, 18)
    assert (order_status(shop, "2"), order_status(shop, "3")) == ("failed", "packed")
    assert (held(shop, "2"), held(shop, "3")) == ({}, {"P1": 2, "P2": 1})
    assert shop.trips.vehicles()[0].odometer_km == 1060
    assert_sound(shop)


def test_available_to_promise_stays_right_through_the_whole_day(shop: Store) -> None:
    free = level(shop, "P1").available
    trip = confirm(shop, "1", "2", "3")
    assert level(shop, "P1").available == free
    do(shop, LoadTrip(trip.trip_no))
    assert level(shop, "P1").available == free
    finish(shop, "1")
    finish(shop, "2", "failed")
    finish(shop, "3", "skipped")
    assert level(shop, "P1").available == free
    do(shop, EndTrip(trip.trip_no, EVENING))
    assert level(shop, "P1").available == free + 2, "what the second did not take is free for others"


def test_two_drivers_pressing_at_once_deliver_once(shop: Store) -> None:
    out(shop, "1")
    finish(shop, "1")
    with pytest.raises(BooksError, match="order 1 was delivered at 10:42 by Dan already"):
        finish(shop, "1", actor=GEMMA)
    with pytest.raises(BooksError, match="order 1 was delivered at 10:42 by Dan already"):
        finish(shop, "1", "failed", actor=GEMMA)
    assert at(shop, "P1", "@customer") == 2


def test_a_button_pressed_again_says_what_it_did(shop: Store) -> None:
    out(shop, "1")
    change = FinishStop("1", "delivered", AT)
    first = shop.apply(change, DAN, request_id="press", at=shop.clock())
    again = shop.apply(change, DAN, request_id="press", at=shop.clock())
    assert again.repeated
    assert again.group_id == first.group_id
    assert at(shop, "P1", "@customer") == 2


def test_undoing_a_delivery_puts_the_goods_back_on_the_van(shop: Store) -> None:
    trip = out(shop, "1", "2")
    done = finish(shop, "1")
    finish(shop, "2")
    do(shop, Undo(done.group_id))
    assert order_status(shop, "1") == "out_for_delivery"
    assert (at(shop, "P1", "@transit"), at(shop, "P1", "@customer")) == (2, 2)
    assert [each.status for each in now(shop, trip).stops] == ["loaded", "delivered"]
    assert shop.sales.totals(first=TODAY, last=TODAY)[0].sold == 3
    finish(shop, "1", "failed")
    assert order_status(shop, "1") == "failed"
    assert_sound(shop)


def test_undo_is_refused_where_more_has_happened(shop: Store) -> None:
    trip = confirm(shop, "1")
    loading = do(shop, LoadTrip(trip.trip_no))
    done = finish(shop, "1", "failed")
    assert (
        shop.undo_blocker(loading.group_id)
        == f"more has happened to {trip.trip_no} since (1 not delivered, by Dan)"
    )
    do(shop, EndTrip(trip.trip_no, EVENING))
    assert "ended, by ann" in (shop.undo_blocker(done.group_id) or "")


def test_a_whole_day_can_be_taken_back_step_by_step(shop: Store) -> None:
    trip = confirm(shop, "1", "2")
    steps = [
        do(shop, LoadTrip(trip.trip_no)),
        do(shop, StartTrip(trip.trip_no, NINE)),
        finish(shop, "1"),
        finish(shop, "2", "failed"),
        do(shop, EndTrip(trip.trip_no, EVENING, Decimal(1100))),
    ]
    for step in reversed(steps):
        do(shop, Undo(step.group_id))
    assert now(shop, trip).status == "planned"
    assert [each.status for each in now(shop, trip).stops] == ["planned", "planned"]
    assert (at(shop, "P1", "STORE"), at(shop, "P1", "@transit")) == (20, 0)
    assert held(shop, "1") == {"P1": 2, "P2": 1}
    assert order_status(shop, "2") == "packed"
    assert shop.trips.vehicles()[0].odometer_km == 1000
    assert_sound(shop)


def test_undoing_a_plan_cancels_its_trips(shop: Store) -> None:
    planned = do(shop, ConfirmTrips(TODAY, (PlannedTrip("VAN1", (stop("1"),)),)))
    do(shop, Undo(planned.group_id))
    assert shop.trips.trips(TODAY) == ()
    assert shop.trips.deliverable(TODAY, TODAY)[0].trip_no == ""


def test_lots_come_back_as_the_lots_that_left(shop: Store) -> None:
    do(shop, Receive("P3", "STORE", Decimal(5), lot="A"))
    line = StopLine("P3", Decimal(3), "STORE")
    planned = PlannedTrip("VAN1", (stop("1", "STORE", line),))
    trip = do(shop, ConfirmTrips(TODAY, (planned,))).documents[0]
    do(shop, LoadTrip(trip))
    assert lots(shop, "P3", "@transit") == {"A": 3}
    do(shop, EndTrip(trip, EVENING))
    assert lots(shop, "P3", "STORE") == {"A": 5, "": 20}


def test_a_stop_may_have_goods_from_several_places(shop: Store) -> None:
    goods = (StopLine("P1", Decimal(2), "SHOP"), StopLine("P2", Decimal(1), "STORE"))
    trip = do(shop, ConfirmTrips(TODAY, (PlannedTrip("VAN1", (stop("1", "STORE", *goods),)),))).documents[0]
    do(shop, LoadTrip(trip))
    assert (at(shop, "P1", "SHOP"), at(shop, "P2", "STORE")) == (18, 19)
    do(shop, CancelTrips((trip,), "no driver"))
    assert (at(shop, "P1", "SHOP"), at(shop, "P2", "STORE")) == (20, 20)
    assert (order_status(shop, "1"), held(shop, "1")) == ("packed", {"P1": 2, "P2": 1})


def test_one_van_makes_two_trips_a_day_one_after_the_other(shop: Store) -> None:
    first = out(shop, "1")
    second = confirm(shop, "2")
    with pytest.raises(BooksError, match=f"Van 1 is still out on {first.trip_no}"):
        do(shop, StartTrip(second.trip_no, EVENING))
    finish(shop, "1")
    do(shop, EndTrip(first.trip_no, EVENING))
    do(shop, StartTrip(second.trip_no, EVENING))
    assert [each.status for each in shop.trips.trips(TODAY, vehicle="VAN1")] == ["done", "out"]


def test_a_stale_plan_or_button_is_refused(shop: Store) -> None:
    seen = shop.trips.seen(TODAY)
    trip = confirm(shop, "1")
    with pytest.raises(BooksError, match="were changed since you saw them"):
        do(shop, ConfirmTrips(TODAY, (PlannedTrip("VAN2", (stop("2"),)),), seen))
    do(shop, LoadTrip(trip.trip_no, trip.events))
    with pytest.raises(BooksError, match=f"{trip.trip_no} was changed since you saw it"):
        do(shop, StartTrip(trip.trip_no, NINE, seen=trip.events))


def test_moved_etas_make_no_button_stale(shop: Store) -> None:
    trip = out(shop, "1", "2")
    later = datetime(2026, 3, 10, 11, 5)
    do(shop, MoveEtas(trip.trip_no, (("2", later),)), actor=Actor("assistant", "jobs"))
    moved = now(shop, trip)
    assert (moved.stops[1].eta, moved.stops[1].planned_arrival) == (later, datetime(2026, 3, 10, 10, 30))
    assert moved.events == trip.events
    done = do(shop, FinishStop("1", "delivered", AT, etas=(("2", EVENING),)))
    assert now(shop, trip).stops[1].expected == EVENING
    do(shop, Undo(done.group_id))
    assert now(shop, trip).stops[1].expected == later


def test_a_plan_made_anew_takes_the_place_of_the_old_one(shop: Store) -> None:
    old = confirm(shop, "1", "2")
    new = PlannedTrip("VAN2", (stop("2"), stop("3")))
    do(shop, ConfirmTrips(TODAY, (new,), shop.trips.seen(TODAY), (old.trip_no,)))
    (left,) = shop.trips.trips(TODAY)
    assert (left.vehicle, [each.order_no for each in left.stops]) == ("VAN2", ["2", "3"])
    assert held(shop, "1") == {"P1": 2, "P2": 1}


def test_an_order_is_on_one_trip_only(shop: Store) -> None:
    trip = confirm(shop, "1")
    with pytest.raises(BooksError, match=f"order 1 is on {trip.trip_no} already"):
        confirm(shop, "1", vehicle="VAN2")


def test_a_running_day_is_planned_anew(shop: Store) -> None:
    trip = out(shop, "1", "2", "3")
    finish(shop, "1")
    seen = now(shop, trip).events
    do(shop, ReviseTrips((RevisedTrip(trip.trip_no, (stop("3"), stop("4")), seen),)))
    after = now(shop, trip)
    assert [(each.order_no, each.status) for each in after.stops] == [
        ("1", "delivered"),
        ("2", "skipped"),
        ("3", "loaded"),
        ("4", "planned"),
    ]
    assert order_status(shop, "2") == "out_for_delivery", "it is on the van until the van is back"
    do(shop, EndTrip(trip.trip_no, EVENING))
    assert order_status(shop, "2") == "packed"
    assert held(shop, "2") == {"P1": 2, "P2": 1}
    assert_sound(shop)


def test_a_van_that_broke_down_hands_its_goods_over(shop: Store) -> None:
    broken, helper = out(shop, "1", "2"), out(shop, "3", vehicle="VAN2")
    plans = (RevisedTrip(broken.trip_no, ()), RevisedTrip(helper.trip_no, (stop("1"), stop("3"), stop("2"))))
    revised = do(shop, ReviseTrips(plans))
    after = now(shop, helper)
    assert [(each.order_no, each.status) for each in after.stops] == [
        ("1", "loaded"),
        ("3", "loaded"),
        ("2", "loaded"),
    ]
    assert shop.trips.trip_of("2") == after
    do(shop, Undo(revised.group_id))
    assert [each.status for each in now(shop, broken).stops] == ["loaded", "loaded"]
    do(shop, ReviseTrips(plans))
    for order in "123":
        finish(shop, order)
    do(shop, EndTrip(broken.trip_no, EVENING))
    do(shop, EndTrip(helper.trip_no, EVENING))
    assert (at(shop, "P1", "@transit"), at(shop, "P1", "@customer")) == (0, 6)
    assert_sound(shop)


def test_goods_on_a_broken_van_go_on_a_new_trip(shop: Store) -> None:
    broken = out(shop, "1", "2")
    new = PlannedTrip("VAN2", (stop("2"), stop("1"), stop("3")))
    do(shop, ReviseTrips((RevisedTrip(broken.trip_no, ()),), (new,), TODAY))
    rescue = shop.trips.trip_of("1")
    assert rescue is not None
    assert [each.status for each in rescue.stops] == ["loaded", "loaded", "planned"]
    do(shop, StartTrip(rescue.trip_no, EVENING))
    for order in "123":
        finish(shop, order)
    assert at(shop, "P1", "@customer") == 6
    assert at(shop, "P1", "@transit") == 0


def test_a_plan_that_forgets_a_delivery_made_meanwhile_is_refused(shop: Store) -> None:
    trip = out(shop, "1", "2")
    finish(shop, "1")
    with pytest.raises(BooksError, match="order 1 was delivered at 10:42 by Dan meanwhile"):
        do(shop, ReviseTrips((RevisedTrip(trip.trip_no, (stop("1"), stop("2"))),)))


def test_a_failed_stop_can_be_tried_once_more(shop: Store) -> None:
    trip = out(shop, "1", "2")
    finish(shop, "1", "failed")
    do(shop, ReviseTrips((RevisedTrip(trip.trip_no, (stop("2"), stop("1"))),)))
    assert order_status(shop, "1") == "out_for_delivery"
    finish(shop, "1")
    assert at(shop, "P1", "@customer") == 2


def test_a_failed_order_goes_out_again_on_another_day(shop: Store) -> None:
    trip = out(shop, "1")
    finish(shop, "1", "failed")
    do(shop, EndTrip(trip.trip_no, EVENING))
    confirm(shop, "1", vehicle="VAN2")
    assert (order_status(shop, "1"), held(shop, "1")) == ("packed", {"P1": 2, "P2": 1})


def test_an_order_that_an_import_calls_out_for_delivery_is_loaded_all_the_same(shop: Store) -> None:
    add_order(shop, "9", status="out_for_delivery")
    trip = confirm(shop, "9")
    assert held(shop, "9") == {"P1": 2, "P2": 1}
    do(shop, LoadTrip(trip.trip_no))
    assert at(shop, "P1", "@transit") == 2
    do(shop, CancelTrips((trip.trip_no,)))
    assert at(shop, "P1", "@transit") == 0


def test_an_order_cancelled_after_the_plan_stays_in_the_shop(shop: Store) -> None:
    trip = confirm(shop, "1", "2")
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE sales_order SET status = 'cancelled' WHERE order_no = '1'")
    applied = do(shop, LoadTrip(trip.trip_no))
    assert applied.notes == ("Order 1 is cancelled, so it stays here.",)
    assert at(shop, "P1", "@transit") == 2


def test_a_stop_never_loaded_in_the_books_leaves_from_its_place(shop: Store) -> None:
    trip = confirm(shop, "1")
    finish(shop, "1")
    assert (at(shop, "P1", "STORE"), at(shop, "P1", "@customer")) == (18, 2)
    assert (now(shop, trip).status, held(shop, "1")) == ("out", {})


def test_a_delivery_without_a_trip_leaves_a_place_that_has_the_goods(shop: Store) -> None:
    applied = finish(shop, "1")
    assert {(each.sku, each.location, int(each.after)) for each in applied.effects} == {
        ("P1", "STORE", 18),
        ("P2", "STORE", 19),
    }
    assert (order_status(shop, "1"), held(shop, "1")) == ("delivered", {})
    with pytest.raises(BooksError, match="order 1 was delivered at 10:42 by Dan already"):
        finish(shop, "1", actor=GEMMA)
    do(shop, Undo(applied.group_id))
    assert (order_status(shop, "1"), held(shop, "1")) == ("packed", {"P1": 2, "P2": 1})
    do(shop, Adjust("P1", "STORE", Decimal(-20)))
    assert {each.location for each in finish(shop, "1").effects} == {"SHOP"}


def test_an_order_sent_out_by_itself_is_on_the_road_until_it_arrives(shop: Store) -> None:
    do(shop, SendOut("1", NINE))
    assert (at(shop, "P1", "@transit"), order_status(shop, "1")) == (2, "out_for_delivery")
    with pytest.raises(BooksError, match="order 1 is on its way since 09:00"):
        do(shop, SendOut("1", NINE))
    finish(shop, "1", "failed")
    assert (at(shop, "P1", "@transit"), at(shop, "P1", "STORE")) == (0, 20)
    do(shop, SendOut("1", NINE, "SHOP"))
    finish(shop, "1")
    assert (at(shop, "P1", "@transit"), at(shop, "P1", "SHOP")) == (0, 18)
    assert_sound(shop)


def test_a_delivery_of_more_than_the_books_have_is_written_and_asks_for_a_count(shop: Store) -> None:
    do(shop, Adjust("P1", "STORE", Decimal(-19)))
    do(shop, Adjust("P1", "SHOP", Decimal(-20)))
    out(shop, "1")
    applied = finish(shop, "1")
    assert order_status(shop, "1") == "delivered"
    assert at(shop, "P1", "@customer") == 1
    assert applied.notes == ()
    trip = confirm(shop, "2", vehicle="VAN2")
    loading = do(shop, LoadTrip(trip.trip_no))
    assert loading.notes == ("The books had none of the 2 × Product 1 at Store: please count it there.",)
    assert_sound(shop)


def test_a_shop_that_allows_it_goes_below_zero_and_is_told(shop: Store) -> None:
    allow_negative(shop)
    do(shop, Adjust("P1", "STORE", Decimal(-19)))
    applied = do(shop, LoadTrip(confirm(shop, "1").trip_no))
    assert at(shop, "P1", "STORE") == -1
    assert any("oversold by 1: please count it" in note for note in applied.notes)


def test_a_sale_that_is_in_the_books_is_not_written_again(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO sale_line (row_key, product_id, location_id, kind, sold_on, quantity, amount, channel,"
            " order_ref, customer, note, group_id) SELECT 'x', product.id, location.id, 'sale', '2026-03-09',"
            " 2000, 50000, 'online', '1', '', '', '' FROM product, location"
            " WHERE sku = 'P1' AND location.code = 'SHOP'"
        )
    applied = finish(shop, "1")
    assert {each.location for each in applied.effects} == {"SHOP"}, "where it was sold from"
    assert shop.sales.totals(first=TODAY, last=TODAY)[0].sold == 0


def test_the_reader_tells_planned_and_actual_times(shop: Store) -> None:
    trip = out(shop, "1", "2")
    finish(shop, "1")
    finish(shop, "2", "skipped")
    (done,) = shop.trips.stops_done(TODAY, TODAY)
    assert (done.order_no, done.planned_arrival, done.done_at, done.started_at) == (
        "1",
        datetime(2026, 3, 10, 10, 30),
        AT,
        NINE,
    )
    assert [event.kind for event in shop.trips.history(trip.trip_no)] == [
        "confirm",
        "start",
        "delivered",
        "skipped",
    ]
    word = shop.trips.last_word("1")
    assert word is not None
    assert (word.kind, word.at, word.by, word.trip_no) == ("delivered", AT, "Dan", trip.trip_no)


def test_what_is_to_be_delivered_tells_where_and_what(shop: Store) -> None:
    confirm(shop, "2")
    first, second, *_ = shop.trips.deliverable(TODAY, TODAY)
    assert (first.order_no, first.name, first.latitude, first.trip_no) == ("1", "Mrs Jones", 51.5, "")
    assert first.lines == (("P1", Decimal(2)), ("P2", Decimal(1)))
    assert second.trip_no == "T-1001"
    assert shop.trips.deliverable(TODAY.replace(day=11), TODAY.replace(day=12)) == ()


def test_an_odometer_that_went_back_is_refused(shop: Store) -> None:
    trip = out(shop, "1")
    with pytest.raises(BooksError, match="the odometer of Van 1 showed 1,000 km already, so not 900 km"):
        do(shop, EndTrip(trip.trip_no, EVENING, Decimal(900)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (ConfirmTrips(TODAY, ()), "there is no trip to confirm"),
        (ConfirmTrips(TODAY, (PlannedTrip("VAN1", ()),)), "at least one stop"),
        (ConfirmTrips(TODAY, (PlannedTrip("BIKE", (stop("1"),)),)), "there is no vehicle BIKE"),
        (ConfirmTrips(TODAY, (PlannedTrip("VAN1", (stop("77"),)),)), "there is no order 77"),
        (ConfirmTrips(TODAY, (PlannedTrip("VAN1", (stop("1", "MOON"),)),)), "there is no place MOON"),
        (LoadTrip("T-9"), "there is no trip T-9"),
        (FinishStop("77", "delivered", AT), "there is no order 77"),
        (FinishStop("1", "skipped", AT), "order 1 is on no trip"),
        (ReviseTrips(()), "there is nothing to plan anew"),
        (CancelTrips(()), "there is no trip to cancel"),
    ],
)
def test_what_cannot_be_is_refused_in_words(shop: Store, change: ConfirmTrips, words: str) -> None:
    with pytest.raises(BooksError, match=words):
        do(shop, change)
    assert shop.trips.trips(TODAY) == ()


def test_an_order_off_the_plan_that_came_by_itself_is_delivered_once(shop: Store) -> None:
    trip = confirm(shop, "1", "2")
    finish(shop, "1", "skipped")
    finish(shop, "1")
    with pytest.raises(BooksError, match="order 1 was delivered at 10:42 by Dan already"):
        finish(shop, "1", actor=GEMMA)
    finish(shop, "2", "failed")
    do(shop, SendOut("2", NINE))
    finish(shop, "2")
    with pytest.raises(BooksError, match="order 2 was delivered at 10:42 by Dan already"):
        finish(shop, "2", actor=GEMMA)
    assert now(shop, trip).is_live
    assert at(shop, "P1", "@customer") == 4


def test_a_dropped_stop_does_not_come_back_where_its_order_goes_another_way(shop: Store) -> None:
    trip = confirm(shop, "1", "2")
    dropped = do(shop, ReviseTrips((RevisedTrip(trip.trip_no, (stop("2"),)),)))
    other = confirm(shop, "1", vehicle="VAN2")
    assert shop.undo_blocker(dropped.group_id) == (
        f"more has happened to {trip.trip_no} since (planned, by ann)"
    )
    do(shop, CancelTrips((other.trip_no,)))
    finish(shop, "1")
    assert "(1 delivered, by Dan)" in (shop.undo_blocker(dropped.group_id) or "")
