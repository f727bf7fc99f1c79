"""A driver's day as they talk it through: started, delivered, nobody home, and what the shop is told of it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from assistant.access import undo_rights
from tests.assistant.conftest import parser, talk  # noqa: F401 - the conversation's fixtures
from tests.shop import ANNA, MILK, NOW, RED, TODAY
from tests.tools.people import call, data, say
from tools.kit import Reply, Right
from tools.kit.stop_words import note_of
from tools.store import Adjust, Receive, Store
from tools.store.tables import SalesOrderRow
from tools.store.trip_changes import ConfirmTrips, FinishStop, PlannedStop, PlannedTrip
from tools.store.trip_facts import Trip

OFF = datetime(2026, 3, 16, 9)


def planned(store: Store, *orders: str, driver: str = "Gemma Lane", source: str = "HIGH") -> Trip:
    """A confirmed trip of the Blue van today, a stop every half hour from 13:10."""
    stops = tuple(
        PlannedStop(order, source, datetime(2026, 3, 16, 13, 10 + 10 * number))
        for number, order in enumerate(orders)
    )
    change = ConfirmTrips(TODAY, (PlannedTrip("VAN1", stops, driver),))
    number = store.apply(change, ANNA, request_id=f"plan {orders} {driver}", at=NOW).documents[0]
    found = store.trips.trip(number)
    assert found is not None
    return found


def more_orders(store: Store, *numbers: str) -> None:
    """Further orders of Mrs Jones, due this afternoon."""
    with store.database.writing() as connection:
        for number in numbers:
            due = {"due_from": datetime(2026, 3, 16, 13), "due_to": datetime(2026, 3, 16, 15)}
            row = {"order_no": number, "customer": "C001", "status": "packed", **due}
            connection.execute(SalesOrderRow.__table__.insert().values(**row))  # type: ignore[attr-defined]


def test_a_driver_on_no_trip_says_that_an_order_left_and_arrived(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    left = gemma.say("5531 on its way")
    assert left.text.startswith(
        "Order 5531 (Mrs Eleanor Jones) is on its way, on no planned trip: "
        "2 × Red Mug 350ml and 3 × Whole Milk 1L left High Street"
    )
    assert [action.label for action in left.actions] == ["Delivered", "Nobody home", "Undo"]
    assert gemma.on_hand(RED, "HIGH") == "10.000"
    done = gemma.press("Delivered", left)
    assert "2 × Red Mug 350ml and 3 × Whole Milk 1L left the books" in done.text
    assert gemma.house.store.trips.order("5531").status == "delivered"


def test_delivered_tells_what_left_the_books_and_from_where(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    done = gemma.say("5531 delivered, left with the neighbour")
    assert done.text == (
        "Order 5531 (Mrs Eleanor Jones) is delivered, 09:00 (left with the neighbour): "
        "2 × Red Mug 350ml and 3 × Whole Milk 1L left the books, from High Street."
    )
    assert done.data["note"] == "left with the neighbour"
    assert {row["location"] for row in done.data["rows"]} == {"HIGH"}
    assert gemma.on_hand(RED, "HIGH") == "10.000"


def test_a_second_word_is_told_who_was_first_and_when(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    gemma.say("5531 delivered, left in the porch")
    gemma.later(minutes=20)
    anna = talk("Anna", "c2")
    again = anna.say("5531 delivered")
    assert again.text == "Order 5531 was delivered already, at 09:00 by Gemma Lane (left in the porch)."
    wrong = anna.say("nobody home at 5531")
    assert wrong.text.endswith("Undo that first if it is not so.")
    assert [action.label for action in wrong.actions] == ["Undo that"]


def test_a_driver_takes_back_a_word_said_too_early(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    gemma.say("5531 delivered")
    undone = gemma.say("undo that")
    assert "order 5531 waits to be packed again" in undone.text
    assert gemma.on_hand(RED, "HIGH") == "12.000"
    assert gemma.house.store.stock.levels([RED], today=TODAY)


def test_nobody_home_is_noted_at_once_and_the_goods_stay_on_the_van(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    planned(gemma.house.store, "5531")
    assert gemma.say("5531 started").text.startswith(
        "Blue van is on its way with 1 stop, order 5531 among them."
    )
    failed = gemma.say("nobody home at 5531")
    assert failed.text.startswith(
        "Noted: order 5531 (Mrs Eleanor Jones) was not delivered (nobody home). "
        "Its goods stay on Blue van and go back to High Street with it."
    )
    assert gemma.on_hand(RED, "HIGH") == "10.000"
    back = gemma.say("5531 delivered, they were in after all")
    assert "is delivered" in back.text


def test_goods_that_are_on_a_van_do_not_leave_the_shop_a_second_time(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    planned(gemma.house.store, "5531")
    gemma.say("5531 started")
    gemma.say("nobody home at 5531")
    again = gemma.say("5531 on its way")
    assert again.text == (
        "Order 5531 (Mrs Eleanor Jones) was noted as not delivered on Blue van's round, which has not ended. "
        "Tell me when it is handed over."
    )
    assert gemma.on_hand(RED, "HIGH") == "10.000"
    assert "is delivered" in gemma.press("Delivered", again).text


def test_the_buttons_of_a_round_lead_from_stop_to_stop(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    store = gemma.house.store
    more_orders(store, "5541", "5542")
    planned(store, "5531", "5541", "5542")
    off = gemma.say("5531 started")
    assert "Next, stop 1 of Blue van: 5531 (Mrs Eleanor Jones), 99 Wick Road" in off.text
    assert [action.label for action in off.actions][:3] == ["Delivered", "Nobody home", "Skip"]
    second = gemma.press("Delivered", off)
    assert "Next, stop 2 of Blue van: 5541" in second.text
    third = gemma.press("Skip", second)
    assert (
        "Order 5541 (Mrs Eleanor Jones) is skipped; its goods stay on Blue van until it is back."
        in third.text
    )
    last = gemma.press("Nobody home", third)
    assert "was not delivered (nobody home)" in last.text
    assert "No stop is left for Blue van" in last.text
    assert [stop.status for stop in store.trips.trips(TODAY)[0].stops] == ["delivered", "skipped", "failed"]


def test_a_button_pressed_twice_delivers_once(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    planned(gemma.house.store, "5531")
    off = gemma.say("5531 started")
    gemma.press("Delivered", off)
    gemma.press("Delivered", off)
    assert gemma.house.store.sales.totals(first=TODAY, last=TODAY, skus=[RED])[0].sold == 2


def test_the_other_stops_are_told_how_far_they_move(shop: Store) -> None:
    more_orders(shop, "5541", "5542")
    with shop.database.writing() as connection:
        connection.exec_driver_sql("UPDATE customer SET latitude = 51.43, longitude = -2.55")
    trip = planned(shop, "5531", "5541", "5542", driver="Anna Bell")
    call_ = call(shop, "delivery.update", order="5531", status="started")
    shop.apply(call_.change, ANNA, request_id="off", at=NOW)  # type: ignore[union-attr]
    made = call(shop, "delivery.update", order="5531", status="delivered")
    assert made.change.etas  # type: ignore[union-attr]
    applied = shop.apply(made.change, ANNA, request_id="done", at=NOW)  # type: ignore[union-attr]
    told = made.tell(applied)  # type: ignore[union-attr]
    assert "The other 2 stops come" in told.text
    assert "min earlier." in told.text
    assert set(told.data["etas"]) == {"5541", "5542"}
    moved = shop.trips.trip(trip.trip_no)
    assert moved is not None
    assert moved.stops[1].eta != moved.stops[1].planned_arrival


def test_a_stop_of_another_driver_is_asked_about_first(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    planned(gemma.house.store, "5531", driver="Yusuf Ali")
    asked = gemma.say("5531 delivered")
    assert asked.text.startswith("5531 is on Yusuf Ali's round (Blue van).")
    assert gemma.house.store.trips.order("5531").status == "open"
    assert "is delivered" in gemma.say("yes").text


def test_only_drivers_and_managers_note_deliveries(talk) -> None:  # noqa: F811
    assert talk("Tom", "c1").say("5531 delivered").text == (
        "Your role (staff) may not update deliveries; it takes owner, manager or driver."
    )
    assert "is delivered" in talk("Ben", "c2").say("5531 delivered").text


def test_undoing_a_delivery_takes_a_driver_and_undoing_a_plan_a_planner(shop: Store) -> None:
    planned(shop, "5531")
    plan = shop.outcome("plan ('5531',) Gemma Lane")
    done = shop.apply(FinishStop("5531", "delivered", OFF), ANNA, request_id="d", at=NOW)
    assert plan is not None
    made = [shop.made(group) for group in (plan.group_id, done.group_id)]
    assert [undo_rights(each.kinds) for each in made] == [(Right.PLAN_DELIVERIES,), (Right.DELIVER,)]


def test_a_question_delivers_nothing(talk) -> None:  # noqa: F811
    gemma = talk("Gemma")
    for question in ("was 5531 delivered?", "has 5531 been delivered yet"):
        gemma.say(question)
    assert gemma.house.store.trips.order("5531").status == "open"


def test_an_unknown_order_is_said_to_be_unknown(shop: Store) -> None:
    assert call(shop, "delivery.update", order="77", status="delivered").reason == "I find no order 77."  # type: ignore[union-attr]
    assert (
        call(shop, "delivery.update", order="5530", status="delivered").reason  # type: ignore[union-attr]
        == "Order 5530 was delivered already; its import says so, not a driver."
    )
    assert "can't note 'eaten'" in call(shop, "delivery.update", order="5531", status="eaten").reason  # type: ignore[union-attr]
    assert "is on no trip" in call(shop, "delivery.update", order="5531", status="skipped").reason  # type: ignore[union-attr]


def test_why_shows_the_order_the_trip_and_its_steps(shop: Store) -> None:
    trip = planned(shop, "5531", driver="Anna Bell")
    made = call(shop, "delivery.update", order="5531", status="delivered")
    what = [source.what for source in made.sources]  # type: ignore[union-attr]
    assert what[:2] == ["Customer order 5531 (open)", f"{trip.trip_no}, 1 step"]


def test_goods_that_go_off_leave_first_expired_first(shop: Store) -> None:
    shop.apply(Receive(MILK, "HIGH", Decimal(5), lot="M9"), ANNA, request_id="milk", at=NOW)
    made = call(shop, "delivery.update", order="5531", status="delivered")
    applied = shop.apply(made.change, ANNA, request_id="done", at=NOW)  # type: ignore[union-attr]
    assert {effect.lots for effect in applied.effects if effect.sku == MILK} == {("M1",)}


# -- where an order stands -----------------------------------------------------------------------------


def test_where_is_my_order_tells_the_van_and_the_time(shop: Store) -> None:
    planned(shop, "5531")
    text = say(shop, "order.status", order="5531")
    assert (
        "Blue van with Gemma Lane is planned to bring it: stop 1 of T-1001, expected about 13:10, "
        "promised 13:00–15:00." in text
    )
    row = data(shop, "order.status", order="5531")["rows"][0]
    assert (row["trip"], row["vehicle"], row["eta"]) == ("T-1001", "VAN1", "2026-03-16T13:10:00")


def test_where_is_my_order_tells_when_it_was_delivered_by_whom(shop: Store) -> None:
    planned(shop, "5531")
    shop.apply(
        FinishStop("5531", "delivered", datetime(2026, 3, 16, 10, 42), "left with the neighbour"),
        ANNA,
        request_id="d",
        at=NOW,
    )
    text = say(shop, "order.status", order="5531")
    assert text.startswith(
        "Order 5531 for Mrs Eleanor Jones has been delivered at 10:42 by Anna Bell (left with the neighbour). "
        "Blue van brought it (T-1001)."
    )


def test_the_list_of_orders_shows_who_brings_what(shop: Store) -> None:
    more_orders(shop, "5541", "5542")
    planned(shop, "5541")
    found = call(shop, "order.status")
    assert isinstance(found, Reply)
    table = found.blocks[0]
    assert table.columns[-1] == "Delivery"  # type: ignore[union-attr]
    assert [row[-1] for row in table.rows] == ["", "Blue van, about 13:10", ""]  # type: ignore[union-attr]


# -- notes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("5531 delivered", ""),
        ("mark 5531 delivered please", ""),
        ("5531 left with the neighbour", "left with the neighbour"),
        ("gave 5531 to the neighbour", "gave to the neighbour"),
        ("5531 all done, signed for", "signed for"),
        ("nobody home at 5531", "nobody home"),
        ("5531 no access to the building", "no access to the building"),
        ("5531 delivered. Left in the porch", "Left in the porch"),
        ("5531 delivered and 5532 nobody home", ""),
        ("5531 delivered, customer was happy", ""),
    ],
)
def test_what_is_said_beside_the_outcome_is_kept(said: str, note: str) -> None:
    assert note_of(said, "5531") == note


# -- the books were short ------------------------------------------------------------------------------


def test_what_the_books_did_not_have_is_told_and_a_count_is_offered(shop: Store) -> None:
    planned(shop, "5531", driver="Anna Bell", source="WH")
    made = call(shop, "delivery.update", order="5531", status="delivered")
    told = made.tell(shop.apply(made.change, ANNA, request_id="done", at=NOW))  # type: ignore[union-attr]
    assert "2 × Red Mug 350ml left the books, from Warehouse, by Blue van." in told.text
    assert "The books did not have 3 × Whole Milk 1L to take out: please count what is left." in told.text
    count = next(button for button in told.buttons if button.label == "Count Whole Milk 1L")
    assert count.call.slots == {"products": [MILK], "location": "WH"}
    assert told.data["missing"] == [{"sku": MILK, "quantity": 3, "location": "WH"}]


def test_an_order_without_enough_in_one_place_is_taken_from_several(shop: Store) -> None:
    shop.apply(Adjust(RED, "HIGH", Decimal(-12)), ANNA, request_id="sold out", at=NOW)
    made = call(shop, "delivery.update", order="5531", status="delivered")
    told = made.tell(shop.apply(made.change, ANNA, request_id="done", at=NOW))  # type: ignore[union-attr]
    assert "from Back room fridge and Warehouse." in told.text
    assert told.data["missing"] == []
