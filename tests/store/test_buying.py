"""The life of a purchase order in the books, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest

from tests.shop import ANNA, BLUE, NOW, RED, TODAY, tiny_shop
from tools.store import Applied, BooksError, Change, Store, Undo
from tools.store.buying_changes import (
    ApproveOrder,
    Arrival,
    CancelOrder,
    CloseShort,
    ConfirmOrder,
    DraftOrder,
    OrderLine,
    ReceiveOrder,
    ReviseOrder,
    SendOrder,
)
from tools.store.planning_facts import PurchaseOrder

NUMBERS: Iterator[int] = count()


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def do(shop: Store, change: Change, request_id: str = "") -> Applied:
    return shop.apply(change, ANNA, request_id=request_id or f"buying-{next(NUMBERS)}", at=NOW, day=TODAY)


def drafted(shop: Store, red: str = "10", blue: str = "4") -> str:
    lines = (OrderLine(RED, Decimal(red), "HIGH", Decimal("3.80")), OrderLine(BLUE, Decimal(blue), "HIGH"))
    return do(shop, DraftOrder("ACME", lines, TODAY + timedelta(10))).documents[0]


def sent(shop: Store) -> str:
    number = drafted(shop)
    do(shop, ApproveOrder(number))
    do(shop, SendOrder(number, "by e-mail"))
    return number


def found(shop: Store, number: str) -> PurchaseOrder:
    order = shop.purchasing.order(number)
    assert order is not None
    return order


def on_hand(shop: Store, sku: str, location: str = "HIGH") -> Decimal:
    levels = shop.stock.levels([sku], locations=[location], today=TODAY)
    return sum((level.on_hand for level in levels), Decimal(0))


def test_a_draft_gets_the_next_number_and_buys_nothing(shop: Store) -> None:
    number = drafted(shop)
    assert number not in {order.po_no for order in shop.purchasing.orders(statuses=["approved", "sent"])}
    order = found(shop, number)
    assert (order.status, order.value) == ("draft", Decimal("38.0000"))
    assert int(drafted(shop).removeprefix("PO-")) == int(number.removeprefix("PO-")) + 1


def test_an_order_goes_from_draft_to_received_in_two_parts(shop: Store) -> None:
    number = sent(shop)
    do(shop, ConfirmOrder(number, TODAY + timedelta(12)))
    before = on_hand(shop, RED)
    do(shop, ReceiveOrder(number, (Arrival(RED, Decimal(6), "HIGH", Decimal(1)),)))
    order = found(shop, number)
    assert (order.status, order.lines[0].outstanding, order.lines[0].defective_quantity) == ("partial", 4, 1)
    assert on_hand(shop, RED) == before + 5
    rest = (Arrival(RED, Decimal(4), "HIGH"), Arrival(BLUE, Decimal(4), "HIGH"))
    do(shop, ReceiveOrder(number, rest))
    assert found(shop, number).status == "received"
    assert on_hand(shop, RED) == before + 9


def test_one_line_that_came_over_does_not_complete_the_order(shop: Store) -> None:
    number = sent(shop)
    do(shop, ReceiveOrder(number, (Arrival(RED, Decimal(14), "HIGH"),)))
    order = found(shop, number)
    assert (order.status, order.lines[0].received_quantity, order.lines[0].outstanding) == ("partial", 14, 0)


def test_what_will_not_come_is_closed_short(shop: Store) -> None:
    number = sent(shop)
    do(shop, ReceiveOrder(number, (Arrival(RED, Decimal(10), "HIGH"),)))
    do(shop, CloseShort(number, (BLUE,)))
    assert found(shop, number).status == "closed"
    assert all(line.outstanding == 0 for line in found(shop, number).lines)


def test_a_last_delivery_closes_the_rest(shop: Store) -> None:
    number = sent(shop)
    do(shop, ReceiveOrder(number, (Arrival(RED, Decimal(8), "HIGH"),), last=True))
    assert found(shop, number).status == "closed"


def test_the_supplier_may_change_day_quantity_and_cost(shop: Store) -> None:
    number = sent(shop)
    day = TODAY + timedelta(20)
    do(shop, ConfirmOrder(number, day, (OrderLine(RED, Decimal(8), "HIGH", Decimal("4.00")),)))
    order = found(shop, number)
    assert (order.status, order.expected_on) == ("confirmed", day)
    assert (order.lines[0].quantity, order.lines[0].unit_cost) == (8, Decimal("4.0000"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda number: SendOrder(number), "approve it first"),
        (lambda number: ReceiveOrder(number, (Arrival(RED, Decimal(1), "HIGH"),)), "approve it first"),
        (lambda number: ConfirmOrder(number), "nothing to confirm"),
        (lambda number: CloseShort(number), "nothing is still to come"),
    ],
)
def test_a_draft_has_to_be_approved_first(shop: Store, change: object, said: str) -> None:
    number = drafted(shop)
    with pytest.raises(BooksError, match=said):
        do(shop, change(number))  # type: ignore[operator]
    assert found(shop, number).status == "draft"


def test_approving_twice_says_that_it_is_approved(shop: Store) -> None:
    number = drafted(shop)
    do(shop, ApproveOrder(number), "press-1")
    assert do(shop, ApproveOrder(number), "press-1").repeated
    with pytest.raises(BooksError, match="is approved already"):
        do(shop, ApproveOrder(number), "press-2")


def test_a_draft_that_changed_since_it_was_seen_is_not_approved(shop: Store) -> None:
    number = drafted(shop)
    seen = found(shop, number).events
    do(shop, ReviseOrder(number, (OrderLine(RED, Decimal(99), "HIGH"),)))
    with pytest.raises(BooksError, match="changed since you saw it"):
        do(shop, ApproveOrder(number, seen))


def test_goods_that_came_keep_an_order_from_being_cancelled(shop: Store) -> None:
    number = sent(shop)
    do(shop, ReceiveOrder(number, (Arrival(RED, Decimal(1), "HIGH"),)))
    with pytest.raises(BooksError, match="close the rest of it short"):
        do(shop, CancelOrder(number))


def test_a_product_that_was_not_ordered_is_refused_whole(shop: Store) -> None:
    number, before = sent(shop), on_hand(shop, RED)
    arrivals = (Arrival(RED, Decimal(1), "HIGH"), Arrival("TEA-EGR-250", Decimal(1), "HIGH"))
    with pytest.raises(BooksError, match="no line for TEA-EGR-250"):
        do(shop, ReceiveOrder(number, arrivals))
    assert (on_hand(shop, RED), found(shop, number).status) == (before, "sent")


def test_a_receipt_can_be_taken_back(shop: Store) -> None:
    number, before = sent(shop), on_hand(shop, RED)
    done = do(shop, ReceiveOrder(number, (Arrival(RED, Decimal(6), "HIGH", Decimal(1)),)))
    do(shop, Undo(done.group_id))
    order = found(shop, number)
    assert (order.status, order.lines[0].received_quantity, on_hand(shop, RED)) == ("sent", 0, before)
    with pytest.raises(BooksError, match="undone already"):
        do(shop, Undo(done.group_id))


def test_an_approval_can_be_taken_back_until_the_order_is_sent(shop: Store) -> None:
    number = drafted(shop)
    approved = do(shop, ApproveOrder(number))
    do(shop, Undo(approved.group_id))
    assert found(shop, number).status == "draft"
    again = do(shop, ApproveOrder(number))
    gone = do(shop, SendOrder(number))
    with pytest.raises(BooksError, match="more has happened"):
        do(shop, Undo(again.group_id))
    with pytest.raises(BooksError, match="gone to the supplier"):
        do(shop, Undo(gone.group_id))


def test_a_draft_that_is_taken_back_is_cancelled(shop: Store) -> None:
    lines = (OrderLine(RED, Decimal(10), "HIGH"),)
    done = do(shop, DraftOrder("ACME", lines))
    do(shop, Undo(done.group_id))
    assert found(shop, done.documents[0]).status == "cancelled"


def test_the_life_of_an_order_is_told_step_by_step(shop: Store) -> None:
    number = sent(shop)
    do(shop, ReceiveOrder(number, (Arrival(RED, Decimal(6), "HIGH", lot="L1"),)))
    steps = shop.purchasing.history(number)
    assert [step.kind for step in steps] == ["draft", "approve", "send", "receive"]
    assert steps[-1].detail["arrivals"][0]["lot"] == "L1"
    assert shop.audit.verify() is None
