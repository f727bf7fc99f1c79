"""Changes by chat: shown with before and after, both units, and refused where they cannot be."""

from __future__ import annotations

from decimal import Decimal

from tests.shop import APPLES, BLUE, MILK, RED, TEA, TODAY
from tests.shop import BIG_RED as BIG
from tests.tools.people import TOM, call, do, no, plan, which
from tools.kit import Missing
from tools.store import Store
from tools.store.catalogue import bump


def _there(store: Store, sku: str, place: str) -> Decimal:
    levels = store.stock.levels([sku], locations=[place], today=TODAY)
    return sum((level.on_hand for level in levels), Decimal(0))


def test_breakage_is_shown_before_and_after(shop: Store) -> None:
    made = plan(shop, "stock.adjust", products=[RED], quantity=-3, location="HIGH", reason="broken")
    assert made.summary == "Take 3 × Red Mug 350ml out at High Street (broken): 12 → 9."
    assert made.value == Decimal("11.40")
    assert made.doubts == ()
    reply = do(shop, "stock.adjust", products=[RED], quantity=-3, location="HIGH", reason="broken")
    assert reply.text == "Done: took 3 × Red Mug 350ml out at High Street (broken): 12 → 9."
    assert reply.data["rows"] == [{"sku": RED, "location": "HIGH", "before": 12, "after": 9, "on_hand": 9}]
    assert _there(shop, RED, "HIGH") == 9


def test_both_units_are_told(shop: Store) -> None:
    made = plan(
        shop, "stock.receive", products=[RED], quantity=4, unit="pack", location="WH", supplier="ACME"
    )
    assert (
        made.summary
        == "Book in 24 × Red Mug 350ml (4 packs = 24 pcs) from Acme Ceramics at Warehouse: 40 → 64."
    )
    assert made.slots == {
        "products": [RED], "quantity": 4, "unit": "pack", "location": "WH", "supplier": "ACME",
    }  # fmt: skip


def test_several_products_are_asked_about_with_what_each_place_holds(shop: Store) -> None:
    asked = which(shop, "stock.adjust", products=[RED, BIG], quantity=-1)
    assert asked.question == "Which of the red mugs: Red Mug 350ml or Red Mug 500ml?"
    assert asked.options[1].label == "Red Mug 500ml (High Street 3, Warehouse 18)"
    assert asked.options[1].slots == {"products": [BIG]}


def test_a_place_is_assumed_only_where_no_other_can_be_meant(shop: Store) -> None:
    made = plan(shop, "stock.adjust", products=[BLUE], quantity=-1)
    assert made.summary.endswith("7 → 6. (High Street: the only place that has any.)")
    assert made.slots["location"] == "HIGH"
    asked = which(shop, "stock.adjust", products=[RED], quantity=-1)
    assert [option.label for option in asked.options] == ["High Street (12)", "Harbour (5)", "Warehouse (40)"]


def test_a_person_of_one_place_needs_not_name_it(shop: Store) -> None:
    assert plan(shop, "stock.adjust", TOM, products=[RED], quantity=-1).slots["location"] == "HIGH"
    assert "not one of your places" in no(
        shop, "stock.adjust", TOM, products=[RED], quantity=-1, location="WH"
    )


def test_nothing_leaves_that_is_not_there(shop: Store) -> None:
    assert no(shop, "stock.adjust", products=[RED], quantity=-13, location="HIGH") == (
        "Only 12 × Red Mug 350ml at High Street, not 13; Harbour has 5 and Warehouse has 40."
    )
    assert no(shop, "stock.adjust", products=[TEA], quantity=-1) == (
        "There is no Earl Grey Tea 250g in stock, so none can leave."
    )
    shop.settings.set("allow_negative", "1")
    assert plan(shop, "stock.adjust", products=[RED], quantity=-13, location="HIGH").summary.endswith(
        "12 → -1."
    )


def test_a_change_of_nothing_is_refused(shop: Store) -> None:
    assert "changes nothing" in no(shop, "stock.adjust", products=[RED], quantity=0, location="HIGH")
    assert "more than 0" in no(shop, "sales.record", products=[RED], quantity=-1, location="HIGH")
    assert "below 0" in no(shop, "stock.count", products=[RED], quantity=-1, location="HIGH")


def test_expired_goods_can_be_thrown_away_but_not_sold(shop: Store) -> None:
    made = plan(
        shop, "stock.adjust", products=[MILK], quantity=-34, location="FRIDGE", reason="fridge failed"
    )
    assert made.summary.endswith("34 → 0.")
    reason = no(shop, "sales.record", products=[MILK], quantity=31, location="FRIDGE")
    assert reason.startswith(
        "Only 30 × Whole Milk 1L at Back room fridge (4 past the date or held back), not 31"
    )


def test_an_unusual_size_raises_a_doubt(shop: Store) -> None:
    assert plan(shop, "stock.adjust", products=[RED], quantity=-30, location="WH").doubts == (
        "30 is a lot for Red Mug 350ml: a usual day sells 1.5.",
    )
    found = plan(shop, "stock.adjust", products=[BLUE], quantity=60, location="HIGH")
    assert found.doubts == ("60 is more than everything there is (7).",)


def test_a_count_shows_what_was_expected(shop: Store) -> None:
    made = plan(shop, "stock.count", products=[RED], quantity=42, location="WH")
    assert made.summary == "Count 42 × Red Mug 350ml at Warehouse, 2 more than the 40 expected."
    reply = do(shop, "stock.count", products=[RED], quantity=42, location="WH")
    assert (
        reply.text == "Done: counted 42 × Red Mug 350ml at Warehouse, 2 more than the 40 expected: 40 → 42."
    )
    again = do(shop, "stock.count", products=[RED], quantity=42, location="WH")
    assert again.text == "Done: counted 42 × Red Mug 350ml at Warehouse, as the books say (42)."


def test_a_big_difference_is_asked_about(shop: Store) -> None:
    doubts = plan(shop, "stock.count", products=[RED], quantity=4, location="WH").doubts
    assert doubts == ("That is 36 fewer than expected: is it counted right, and in the right unit?",)


def test_a_delivery_keeps_its_lot_and_date(shop: Store) -> None:
    reply = do(
        shop, "stock.receive",
        products=[MILK], quantity=1, unit="case", location="FRIDGE", lot="M9", expiry="2026-03-25",
    )  # fmt: skip
    assert reply.text == (
        "Done: booked in 12 × Whole Milk 1L (1 case = 12 pcs) (lot M9, use by Wed 25 Mar) "
        "at Back room fridge: 34 → 46."
    )
    lots = {lot.lot: lot.quantity for lot in shop.stock.lots([MILK], today=TODAY)}
    assert lots["M9"] == 12


def test_a_delivery_without_a_date_says_what_that_means(shop: Store) -> None:
    reply = do(shop, "stock.receive", products=[MILK], quantity=6, location="FRIDGE")
    assert "No use-by date was given" in reply.text


def test_an_open_order_is_mentioned_when_goods_come_in(shop: Store) -> None:
    reply = do(shop, "stock.receive", products=[RED], quantity=24, location="WH")
    assert reply.text.endswith("24 are still open on PO-1042: this is not booked against an order.")


def test_much_of_a_thing_that_nothing_is_known_of_is_asked_about(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE product SET price = NULL, cost = NULL WHERE sku = '{TEA}'")
        bump(connection)
    assert plan(shop, "stock.receive", products=[TEA], quantity=100, location="WH").doubts == ()
    (doubt,) = plan(shop, "stock.receive", products=[TEA], quantity=100_000, location="WH").doubts
    assert doubt == "100,000 is a lot of a thing that has no stock, cost or price."


def test_an_odd_delivery_raises_doubts(shop: Store) -> None:
    made = plan(
        shop, "stock.receive",
        products=[MILK], quantity=900, location="FRIDGE", supplier="ACME", expiry="2026-03-01",
    )  # fmt: skip
    assert [doubt.split()[0] for doubt in made.doubts] == ["900", "Whole", "The"]
    assert "I know no supplier called NOBODY" in no(
        shop, "stock.receive", products=[MILK], quantity=1, location="FRIDGE", supplier="NOBODY"
    )


def test_a_transfer_names_both_ends(shop: Store) -> None:
    reply = do(
        shop, "stock.transfer", products=[RED], quantity=1, unit="dozen", source="WH", destination="HARB"
    )
    assert reply.text == (
        "Done: moved 12 × Red Mug 350ml (1 dozen = 12 pcs) from Warehouse to Harbour: "
        "Warehouse 40 → 28, Harbour 5 → 17."
    )


def test_a_transfer_needs_two_places_and_enough_stock(shop: Store) -> None:
    asked = call(shop, "stock.transfer", products=[RED], quantity=1, destination="HARB")
    assert asked == Missing("source")
    slots = {"products": [RED], "source": "WH"}
    assert "already" in no(shop, "stock.transfer", **slots, quantity=1, destination="WH")
    assert no(shop, "stock.transfer", **slots, quantity=41, destination="HARB").startswith("Only 40 ×")


def test_a_person_of_one_place_is_not_told_the_other_end(shop: Store) -> None:
    reply = do(shop, "stock.transfer", TOM, products=[RED], quantity=2, source="HIGH", destination="WH")
    assert reply.text == "Done: moved 2 × Red Mug 350ml from High Street to Warehouse: High Street 12 → 10."
    assert [row["location"] for row in reply.data["rows"]] == ["HIGH"]


def test_a_sale_takes_the_list_price_and_says_it(shop: Store) -> None:
    reply = do(shop, "sales.record", products=[RED], quantity=3, location="HIGH")
    assert reply.text == "Done: sold 3 × Red Mug 350ml at High Street for £28.50 (£9.50 each): 12 → 9 left."
    assert reply.data["revenue"] == 28.5
    total = shop.sales.totals(first=TODAY, last=TODAY, skus=[RED])[0]
    assert (total.sold, total.revenue) == (3, Decimal("28.50"))


def test_a_sale_by_weight_is_told_in_both_units(shop: Store) -> None:
    made = plan(shop, "sales.record", products=[APPLES], quantity=300, unit="g")
    assert made.summary == (
        "Sell 0.3 kg of Gala Apples (300 g = 0.3 kg) at High Street for £0.84 (£2.80 a kg): 12.5 kg → 12.2 kg. "
        "(High Street: the only place that has any.)"
    )


def test_an_odd_price_is_asked_about(shop: Store) -> None:
    slots = {"products": [RED], "quantity": 2, "location": "HIGH"}
    assert plan(shop, "sales.record", **slots, price=25).doubts == (
        "£25.00 is far from the usual £9.50 for one.",
    )
    assert plan(shop, "sales.record", **slots, price=19).doubts == (
        "I take £19.00 as the price of one; the usual price is £9.50.",
    )
    assert plan(shop, "sales.record", **slots, price=8).doubts == ()


def test_a_plan_made_again_from_its_own_slots_is_the_same(shop: Store) -> None:
    for intent, slots in (
        ("stock.adjust", {"products": [BLUE], "quantity": -2, "reason": "chipped"}),
        ("sales.record", {"products": [APPLES], "quantity": 0.5}),
        ("stock.receive", {"products": [MILK], "quantity": 2, "unit": "case", "location": "FRIDGE"}),
        ("stock.count", {"products": [BLUE], "quantity": 6}),
    ):
        first = plan(shop, intent, **slots)
        again = plan(shop, intent, **first.slots)
        assert (again.change, again.slots) == (first.change, first.slots)
