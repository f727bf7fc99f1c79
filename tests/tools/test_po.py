"""The life of a purchase order as people talk it through: approve, send, confirm, receive, cancel, undo."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.assistant.conftest import parser, talk  # noqa: F401 - the conversation's fixtures
from tests.shop import ANNA, APPLES, BLUE, MILK, NOW, RED, TODAY
from tools.kit.arrivals import read_delivery
from tools.store import Store
from tools.store.buying_changes import ApproveOrder, DraftOrder, OrderLine, SendOrder
from tools.store.planning_facts import PurchaseOrder


def order(store: Store, number: str) -> PurchaseOrder:
    found = store.purchasing.order(number)
    assert found is not None
    return found


def sent(store: Store, red: str = "10", blue: str = "") -> str:
    lines = [OrderLine(RED, Decimal(red), "HIGH", Decimal("3.80"))]
    if blue:
        lines.append(OrderLine(BLUE, Decimal(blue), "HIGH", Decimal("3.80")))
    number = store.apply(DraftOrder("ACME", tuple(lines)), ANNA, request_id="d", at=NOW).documents[0]
    store.apply(ApproveOrder(number), ANNA, request_id="a", at=NOW)
    store.apply(SendOrder(number, ""), ANNA, request_id="s", at=NOW)
    return number


def test_the_owner_approves_a_draft_and_sees_goods_cost_and_arrival(talk) -> None:  # noqa: F811
    anna = talk()
    answer = anna.say("approve PO 1043")
    assert answer.text.startswith("PO-1043 is approved: 6 × Blue Mug 350ml from Acme Ceramics, £22.80 in all")
    assert "due Sun 22 Mar" in answer.text
    assert order(anna.house.store, "PO-1043").status == "approved"
    assert answer.data["rows"][0]["unit_cost"] == 3.8
    assert [action.label for action in answer.actions] == ["Mark as sent", "Copy e-mail", "Undo"]


def test_the_only_draft_needs_no_number(talk) -> None:  # noqa: F811
    assert talk().say("approve the pending order").text.startswith("PO-1043 is approved")


def test_approving_twice_says_who_approved_it(talk) -> None:  # noqa: F811
    anna = talk()
    anna.say("approve PO 1043")
    ben = talk("Ben", "c2")
    assert (
        ben.say("approve PO 1043").text == "PO-1043 is approved already. It was approved today by Anna Bell."
    )


def test_a_large_order_shows_its_lines_and_waits_for_a_yes(talk) -> None:  # noqa: F811
    anna = talk()
    lines = (OrderLine(RED, Decimal(200), "HIGH", Decimal("3.80")),)
    anna.house.store.apply(DraftOrder("ACME", lines), ANNA, request_id="big", at=NOW)
    asked = anna.say("approve PO 1044")
    assert "£760.00 in all" in asked.text
    assert asked.replies[0].blocks
    assert order(anna.house.store, "PO-1044").status == "draft"
    assert anna.say("yes").text.startswith("PO-1044 is approved")


def test_a_manager_may_not_approve_beyond_the_limit(talk) -> None:  # noqa: F811
    ben = talk("Ben")
    lines = (OrderLine(RED, Decimal(600), "HIGH", Decimal("3.80")),)
    ben.house.store.apply(DraftOrder("ACME", lines), ANNA, request_id="big", at=NOW)
    assert "ask an owner" in ben.say("approve PO 1044").text
    assert order(ben.house.store, "PO-1044").status == "draft"


def test_all_drafts_are_approved_at_once_after_a_yes(talk) -> None:  # noqa: F811
    anna = talk()
    lines = (OrderLine(RED, Decimal(6), "HIGH", Decimal("3.80")),)
    anna.house.store.apply(DraftOrder("DAIRY", lines), ANNA, request_id="two", at=NOW)
    asked = anna.say("approve all the drafts")
    assert asked.text.startswith("That is 2 orders at once.")
    assert anna.say("yes").text.startswith("Approved: PO-1043")
    assert order(anna.house.store, "PO-1044").status == "approved"


def test_staff_may_not_approve(talk) -> None:  # noqa: F811
    assert "may not order from suppliers" in talk("Tom").say("approve PO 1043").text


def test_an_approved_order_is_mailed_by_copying_and_marked_as_sent_once(talk) -> None:  # noqa: F811
    anna = talk()
    approved = anna.say("approve PO 1043")
    letter = anna.press("Copy e-mail", approved)
    assert "To: orders@acme.example" in letter.data["letter"]
    done = anna.press("Mark as sent", letter)
    assert done.text.startswith("PO-1043 is marked as sent to Acme Ceramics")
    assert anna.press("Mark as sent", letter).text.startswith("Already done")
    assert anna.press("Mark as sent", approved).text.startswith("PO-1043 has been sent already.")
    assert anna.say("send PO 1043 to the supplier").text.startswith("PO-1043 has been sent already.")
    assert order(anna.house.store, "PO-1043").status == "sent"


def test_copying_the_e_mail_leaves_the_undo(talk) -> None:  # noqa: F811
    anna = talk()
    approved = anna.say("approve PO 1043")
    anna.press("Copy e-mail", approved)
    assert anna.press("Undo", approved).text == "Undone: PO-1043 is a draft."
    assert anna.press("Undo", approved).text.startswith("Already done: Undone")


def test_keeping_the_rest_on_order_leaves_the_undo_of_what_came(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store)
    answer = anna.say(f"{number} arrived, 2 short")
    anna.press("Keep the rest", answer)
    assert anna.press("Undo", answer).text.endswith(f"{number} has been sent.")
    assert order(anna.house.store, number).status == "sent"


def test_an_approval_is_undone_and_the_draft_told(talk) -> None:  # noqa: F811
    anna = talk()
    anna.say("approve PO 1043")
    assert anna.say("undo").text == "Undone: PO-1043 is a draft."
    assert order(anna.house.store, "PO-1043").status == "draft"


def test_what_the_supplier_confirmed_is_shown_as_a_difference_and_noted(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store)
    asked = anna.say(f"where is {number}? ")
    assert number in asked.text
    told = anna.say(f"Acme confirmed {number} for Friday, 8 instead of 10")
    assert "Red Mug 350ml 10 → 8" in told.text
    assert "Fri 20 Mar" in told.text
    if told.actions and told.actions[0].label in ("Note it", "Yes, do it"):
        anna.press(told.actions[0].label, told)
    found = order(anna.house.store, number)
    assert (found.status, found.lines[0].quantity, found.expected_on) == (
        "confirmed",
        8,
        TODAY.replace(day=20),
    )


def test_two_short_leaves_two_on_order_and_drafts_a_note(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store)
    answer = anna.say(f"{number} arrived, 2 short")
    assert "8 × Red Mug 350ml (2 short)" in answer.text
    assert "Still to come: 2 × Red Mug 350ml." in answer.text
    assert any(
        "missing: 2 × Red Mug 350ml" in block.text
        for block in answer.replies[0].blocks
        if hasattr(block, "text")
    )
    assert anna.on_hand(RED, "HIGH") == "20.000"
    closed = anna.press("Close the rest short", answer)
    assert closed.text == f"{number} is closed: 2 × Red Mug 350ml will not come any more."
    assert order(anna.house.store, number).status == "closed"
    assert anna.press("Close the rest short", answer).text.startswith("Already done")


def test_six_of_ten_with_one_broken_and_then_the_rest(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store)
    answer = anna.say(f"6 of 10 came on {number}, 1 broken")
    assert "6 × Red Mug 350ml (4 short, 1 broken)" in answer.text
    assert anna.on_hand(RED, "HIGH") == "17.000"
    assert anna.press("Keep the rest", answer).text.startswith("Kept: 4 × Red Mug 350ml stay on order")
    anna.say(f"{number} arrived")
    assert (order(anna.house.store, number).status, anna.on_hand(RED, "HIGH")) == ("received", "21.000")


def test_more_than_was_ordered_is_asked_about(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store)
    asked = anna.say(f"{number} is here, 4 too many")
    assert "14 × Red Mug 350ml came, 10 were still to come: take 4 too many?" in asked.text
    assert order(anna.house.store, number).status == "sent"
    assert anna.say("yes").text.startswith(f"Booked in on {number}")
    assert anna.on_hand(RED, "HIGH") == "26.000"


def test_the_line_that_was_short_is_asked_for_where_there_are_several(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store, blue="4")
    asked = anna.say(f"{number} arrived, 2 short")
    assert "2 short of Red Mug 350ml" in asked.text
    answer = anna.press("2 short of Blue Mug", asked)
    assert "2 × Blue Mug 350ml (2 short)" in answer.text
    assert (anna.on_hand(RED, "HIGH"), anna.on_hand(BLUE, "HIGH")) == ("22.000", "9.000")


def test_the_line_is_known_by_its_name(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store, blue="4")
    assert "2 × Blue Mug 350ml (2 short)" in anna.say(f"{number} arrived, 2 blue mugs short").text


def test_two_people_book_a_delivery_in_once(talk) -> None:  # noqa: F811
    anna, ben = talk(), talk("Ben", "c2")
    number = sent(anna.house.store)
    anna.say(f"{number} arrived")
    assert ben.say(f"{number} arrived").text.startswith(f"{number} has come already")
    assert anna.on_hand(RED, "HIGH") == "22.000"


def test_a_yes_to_a_delivery_that_somebody_else_booked_in_does_nothing(talk) -> None:  # noqa: F811
    anna, ben = talk(), talk("Ben", "c2")
    number = sent(anna.house.store)
    asked = anna.say(f"{number} is here, 4 too many")
    ben.say(f"only 6 came on {number}")
    assert "was changed since you saw it" in anna.press("Yes", asked).text
    assert anna.on_hand(RED, "HIGH") == "18.000"


def test_a_delivery_is_taken_back(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store)
    anna.say(f"{number} arrived")
    assert anna.say("undo").text.endswith(f"{number} has been sent.")
    assert anna.on_hand(RED, "HIGH") == "12.000"


def test_a_draft_is_not_booked_in_but_offered_for_approval(talk) -> None:  # noqa: F811
    anna = talk()
    answer = anna.say("PO 1043 arrived")
    assert "never approved" in answer.text
    assert anna.press("Approve PO-1043", answer).text.startswith("PO-1043 is approved")


def test_staff_see_only_orders_for_their_place(talk) -> None:  # noqa: F811
    assert talk("Tom").say("PO 1042 arrived").text == "I find no purchase order PO-1042."


def test_a_draft_is_cancelled_at_once_and_can_come_back(talk) -> None:  # noqa: F811
    anna = talk()
    assert anna.say("cancel PO 1043").text.startswith("PO-1043 is cancelled: 6 × Blue Mug 350ml")
    assert anna.say("undo").text == "Undone: PO-1043 is a draft."


def test_an_order_that_left_the_house_is_cancelled_after_a_yes(talk) -> None:  # noqa: F811
    anna = talk()
    number = sent(anna.house.store)
    asked = anna.say(f"cancel {number}")
    assert "Acme Ceramics has to be told as well" in asked.text
    assert "Please tell Acme Ceramics." in anna.say("yes").text
    assert order(anna.house.store, number).status == "cancelled"


def test_goods_that_came_keep_an_order_from_being_cancelled_but_the_rest_can_be_closed(talk) -> None:  # noqa: F811
    anna = talk()
    answer = anna.say("cancel PO 1042")
    assert "can't be cancelled" in answer.text
    assert "PO-1042 is closed" in anna.press("Close the rest short", answer).text


def test_a_late_order_is_chased_with_a_message_to_copy(talk) -> None:  # noqa: F811
    anna = talk()
    anna.later(days=6)
    answer = anna.say("where is PO 1042?")
    assert "was due Fri 20 Mar" in answer.text
    chased = anna.press("Chase Acme Ceramics", answer)
    assert chased.text.startswith("PO-1042 is 2 days late.")
    assert "24 × Red Mug 350ml" in chased.data["letter"]


@pytest.mark.parametrize("words", ["why?", "where does that come from?"])
def test_why_shows_the_lines_and_the_steps(talk, words: str) -> None:  # noqa: F811
    anna = talk()
    anna.say("approve PO 1043")
    anna.say("where is PO 1043?")
    assert "PO-1043: approved today by Anna Bell" in anna.say(words).text


def dairy(store: Store, milk: str = "10", apples: str = "") -> str:
    lines = [OrderLine(MILK, Decimal(milk), "FRIDGE", Decimal("0.80"))]
    if apples:
        lines.append(OrderLine(APPLES, Decimal(apples), "HIGH", Decimal("1.20")))
    number = store.apply(DraftOrder("DAIRY", tuple(lines)), ANNA, request_id="d", at=NOW).documents[0]
    store.apply(ApproveOrder(number), ANNA, request_id="a", at=NOW)
    store.apply(SendOrder(number, ""), ANNA, request_id="s", at=NOW)
    return number


def lots(store: Store, sku: str, place: str) -> dict[tuple[str, str], str]:
    found = store.stock.lots([sku], locations=[place], today=TODAY)
    return {(lot.lot, str(lot.expires_on or "")): f"{lot.quantity.normalize():f}" for lot in found}


def test_a_lot_and_its_date_are_said_with_what_came(talk) -> None:  # noqa: F811
    anna = talk()
    number = dairy(anna.house.store)
    answer = anna.say(f"{number} arrived, 6 of 10, lot L7 best before 3 April, 1 broken")
    assert "6 × Whole Milk 1L (lot L7 use by Fri 3 Apr, 4 short, 1 broken)" in answer.text
    assert lots(anna.house.store, MILK, "FRIDGE")["L7", "2026-04-03"] == "5"
    assert "No use-by date" not in answer.text
    assert anna.say("undo").text.startswith("Undone")
    assert ("L7", "2026-04-03") not in lots(anna.house.store, MILK, "FRIDGE")


def test_a_delivery_in_two_lots(talk) -> None:  # noqa: F811
    anna = talk()
    number = dairy(anna.house.store)
    answer = anna.say(
        f"{number} came in, 6 of lot L7 best before 3 April and 4 of lot L8 use by 10 April, 1 broken"
    )
    assert "6 of lot L7 use by Fri 3 Apr, 4 of lot L8 use by Fri 10 Apr, 1 broken" in answer.text
    found = lots(anna.house.store, MILK, "FRIDGE")
    assert (found["L7", "2026-04-03"], found["L8", "2026-04-10"]) == ("6", "3")
    assert order(anna.house.store, number).status == "received"


def test_lots_that_do_not_add_up_are_not_booked_in(talk) -> None:  # noqa: F811
    anna = talk()
    number = dairy(anna.house.store)
    answer = anna.say(f"only 8 came on {number}, 6 of lot L7 and 4 of lot L8")
    assert answer.text == "The lots come to 10, but 8 came."
    unshared = anna.say(f"{number} arrived, lot L7 and lot L8")
    assert unshared.text.startswith("How many came of each lot?")
    assert order(anna.house.store, number).status == "sent"


def test_the_number_of_a_lot_is_no_amount(talk) -> None:  # noqa: F811
    anna = talk()
    number = dairy(anna.house.store)
    assert "10 × Whole Milk 1L (lot 7 use by" in anna.say(f"{number} arrived, lot 7 best before 3 April").text


def test_a_date_goes_to_the_goods_that_go_off_or_is_asked_about(talk) -> None:  # noqa: F811
    anna = talk()
    number = dairy(anna.house.store, apples="5")
    asked = anna.say(f"{number} arrived, best before 3 April")
    assert "this use-by date of Whole Milk 1L or this use-by date of Gala Apples" in asked.text
    answer = anna.press("this use-by date of Whole Milk", asked)
    assert "10 × Whole Milk 1L (use by Fri 3 Apr) and 5 kg of Gala Apples" in answer.text
    assert "No use-by date was given for Gala Apples" in answer.text


def test_each_line_has_the_lot_that_is_said_with_its_name(talk) -> None:  # noqa: F811
    anna = talk()
    number = dairy(anna.house.store, apples="5")
    asked = anna.say(f"{number} arrived, milk lot L7 bb 3/4, apples lot A2 bb 10/4")
    assert "Whole Milk 1L (lot L7 use by Fri 3 Apr) and 5 kg of Gala Apples (lot A2" in asked.text
    anna.say("yes")
    assert lots(anna.house.store, MILK, "FRIDGE")["L7", "2026-04-03"] == "10"
    assert lots(anna.house.store, APPLES, "HIGH")["A2", "2026-04-10"] == "5"


def test_a_date_that_is_past_is_asked_about_and_one_that_is_none_refused(talk) -> None:  # noqa: F811
    anna = talk()
    number = dairy(anna.house.store)
    assert "can't read “31/31/31”" in anna.say(f"{number} arrived, use by 31/31/31").text
    asked = anna.say(f"{number} arrived, use by 3 March 2026")
    assert "The use-by date Tue 3 Mar is already past." in asked.text
    assert anna.say("yes").text.startswith("Booked in")


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("everything on {} arrived except 3", "short"),
        ("{} minus 3", "short"),
        ("they shorted us 3 on {}", "short"),
        ("kindly book {}, 3 nos. short", "short"),
        ("{} part delivered, 3 to come", "short"),
        ("3 from {} were broken", "broken"),
        ("{} came, all ok except 3 squashed", "broken"),
        ("only 3 came on {}", "came"),
    ],
)
def test_each_number_of_a_delivery_is_what_the_words_beside_it_say(words: str, figures: str) -> None:
    told = read_delivery(words.format("PO-1042"), "PO-1042", Decimal(3))
    assert {name: getattr(told, name) for name in ("came", "short", "broken")} == {
        "came": None,
        "short": None,
        "broken": 0,
        figures: 3,
    }


def test_the_order_of_the_supplier_that_is_named_is_meant(talk) -> None:  # noqa: F811
    anna = talk()
    dairy(anna.house.store)
    told = anna.say("cancel the purchase order with Dairy Direct")
    assert "Cancel PO-1044" in told.text
