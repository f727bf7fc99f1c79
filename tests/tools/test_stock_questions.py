"""Questions about stock: the first sentence answers, the figures stand in the data."""

from __future__ import annotations

import doctest
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert

from tests.shop import APPLES, BLUE, MILK, NOW, RED, TEA, TODAY
from tests.shop import BIG_RED as BIG
from tests.tools.people import OWNER, TOM, call, data, do, no, say
from tools.kit import Chart, Reply, Table
from tools.maths import cover, flow
from tools.maths.cover import daily_rate, days_of_cover, is_low, is_slow
from tools.store import Actor, Adjust, Store, open_store
from tools.store.catalogue import bump
from tools.store.tables import LocationRow, ProductRow


def test_one_product_is_told_by_place_with_promises_and_orders(shop: Store) -> None:
    assert say(shop, "stock.query", products=[RED]) == (
        "57 × Red Mug 350ml: High Street 12, Harbour 5, Warehouse 40. "
        "2 are promised, so 55 can be sold. 24 more are on order, due Fri 20 Mar (PO-1042)."
    )


def test_one_product_at_one_place_is_one_short_line(shop: Store) -> None:
    assert say(shop, "stock.query", products=[RED], location="HIGH") == "12 × Red Mug 350ml at High Street."


def test_several_variants_are_summed_and_listed(shop: Store) -> None:
    text = say(shop, "stock.query", products=[RED, BIG])
    assert text.startswith(
        "78 red mugs: 57 × Red Mug 350ml (High Street 12, Harbour 5, Warehouse 40) and 21 ×"
    )
    assert "2 are promised, so 76 can be sold. 32 more are on order." in text


def test_the_figures_stand_under_their_names(shop: Store) -> None:
    found = data(shop, "stock.query", products=[RED, BIG])
    assert found["rows"][0] == {
        "sku": RED, "name": "Red Mug 350ml", "location": None, "unit": "each",
        "on_hand": 57, "reserved": 2, "unusable": 0, "available": 55, "on_order": 24,
    }  # fmt: skip
    assert found["total"] == {"on_hand": 78, "reserved": 2, "unusable": 0, "available": 76, "on_order": 32}
    assert [row["on_hand"] for row in found["places"] if row["sku"] == RED] == [12, 5, 40]


def test_nothing_in_stock_says_so_and_where_there_is_some(shop: Store) -> None:
    text = say(shop, "stock.query", products=[TEA])
    assert text == "No Earl Grey Tea 250g in stock. It was never booked in or counted. None on order."
    text = say(shop, "stock.query", products=[BLUE], location="WH")
    assert text == "No Blue Mug 350ml at Warehouse. Elsewhere: High Street 7. None on order."


def test_what_is_past_its_date_cannot_be_sold(shop: Store) -> None:
    text = say(shop, "stock.query", products=[MILK])
    assert "3 are promised and 4 are past the date or held back, so 33 can be sold." in text


def test_kilos_and_pieces_stand_side_by_side(shop: Store) -> None:
    assert say(shop, "stock.query", products=[APPLES]) == "12.5 kg of Gala Apples at High Street."
    text = say(shop, "stock.query", products=[APPLES, RED, TEA])
    assert text.startswith("2 of 3 products in stock: 12.5 kg of Gala Apples")
    assert "total" not in data(shop, "stock.query", products=[APPLES, RED])


def test_a_person_of_one_place_sees_only_that_place(shop: Store) -> None:
    assert say(shop, "stock.query", TOM, products=[RED]) == "12 × Red Mug 350ml at High Street."
    assert [row["location"] for row in data(shop, "stock.query", TOM, products=[RED])["places"]] == ["HIGH"]
    assert "not one of your places" in no(shop, "stock.query", TOM, products=[RED], location="WH")


def test_an_oversold_product_asks_for_a_count(shop: Store) -> None:
    shop.settings.set("allow_negative", "1")
    shop.apply(Adjust(TEA, "HIGH", Decimal(-3)), Actor("ann", "test"), request_id="oversold", at=NOW)
    assert say(shop, "stock.query", products=[TEA]).startswith(
        "Earl Grey Tea 250g stands at -3: more went out"
    )


def test_every_answer_says_where_its_numbers_come_from(shop: Store) -> None:
    reply = call(shop, "stock.query", products=[RED])
    assert isinstance(reply, Reply)
    stock, orders = reply.sources
    assert stock.what == "Stock ledger, 4 balances; never counted here"
    assert stock.as_of == f"ledger position {shop.stock.position()}"
    assert "Red Mug 350ml, Warehouse: 40 on hand, 24 on order" in stock.rows
    assert orders.rows == ("PO-1042 (ordered): 24 of Red Mug 350ml, due Fri 20 Mar",)


def test_an_unknown_category_is_told_with_those_there_are(shop: Store) -> None:
    assert no(shop, "stock.query", category="Cars") == (
        "There is no category called Cars. There are: Dairy, Fruit, Mugs and Tea."
    )


def test_whereabouts_name_the_fullest_place_first(shop: Store) -> None:
    text = say(shop, "stock.locate", products=[RED])
    assert text == "Red Mug 350ml is at Warehouse (40), High Street (12) and Harbour (5)."
    assert say(shop, "stock.locate", products=[TEA]) == "Earl Grey Tea 250g is nowhere in stock."
    do(shop, "stock.transfer", products=[RED], quantity=6, source="WH", destination="HARB")
    assert "Last moved today: 6 from Warehouse to Harbour." in say(shop, "stock.locate", products=[RED])


def test_low_is_what_does_not_last_until_a_delivery(shop: Store) -> None:
    text = say(shop, "stock.low", location="HIGH")
    assert text.startswith("2 products are low at High Street: Red Mug 350ml (12 left, about 6 days)")
    row = data(shop, "stock.low", location="HIGH")["rows"][0]
    assert (row["state"], row["days_of_cover"], row["lead_time_days"]) == ("low", 6.1, 10)
    assert "Only 21 days of sales are known" in text


def test_stock_that_sold_lately_and_is_gone_is_out(shop: Store) -> None:
    do(shop, "stock.count", products=[BIG], quantity=0, location="HIGH")
    do(shop, "stock.count", products=[BIG], quantity=0, location="WH")
    assert say(shop, "stock.low").startswith("1 product is out: Red Mug 500ml (8 on order).")


def test_a_place_is_not_out_of_what_it_never_sold(shop: Store) -> None:
    assert say(shop, "stock.low", location="HARB").startswith("Nothing is out or running low at Harbour.")


def test_nothing_low_is_an_answer(shop: Store) -> None:
    assert say(shop, "stock.low", supplier="DAIRY").startswith(
        "Nothing is out or running low from Dairy Direct."
    )


def test_what_goes_off_is_told_apart_from_what_has_gone(shop: Store) -> None:
    text = say(shop, "stock.expiring")
    assert text.startswith("2 lots go off by Mon 23 Mar: 10 × Whole Milk 1L at Back room fridge (Wed 18 Mar)")
    assert "1 lot is past the date already: 4 × Whole Milk 1L at Back room fridge (Sat 14 Mar)." in text
    assert text.endswith("That is £16.00 at cost.")
    assert data(shop, "stock.expiring")["value"] == 16
    assert say(shop, "stock.expiring", category="Tea").endswith("No stock in Tea has a date on the books.")


def test_costs_are_only_for_those_who_may_see_them(shop: Store) -> None:
    assert "cost" not in say(shop, "stock.expiring", TOM)
    assert "value" not in data(shop, "stock.expiring", TOM)
    assert "cost" not in say(shop, "stock.slow", TOM)
    assert no(shop, "product.info", TOM, products=[RED], field="cost").startswith(
        "Your role may not see the cost"
    )


def test_what_never_sold_is_slow(shop: Store) -> None:
    text = say(shop, "stock.slow")
    assert text.startswith("1 product hardly sells: Blue Mug 350ml (7 in stock, never sold).")
    assert "£26.60 at cost is tied up" in text
    assert "I looked at 21 days of sales." in text


def test_the_value_is_at_cost_and_what_has_none_is_named(shop: Store) -> None:
    # 57 × 3.80 + 21 × 4.90 + 7 × 3.80 + 40 × 0.80 + 12.5 × 1.20
    assert say(shop, "stock.value") == "The stock is worth £393.10 at cost, in 5 products."
    found = data(shop, "stock.value")
    assert found["value"] == 393.1
    assert {row["category"]: row["value"] for row in found["rows"]} == {
        "Mugs": 346.1,
        "Dairy": 32,
        "Fruit": 15,
    }


def test_a_history_tells_kinds_running_figures_and_who(shop: Store) -> None:
    do(shop, "stock.adjust", TOM, products=[RED], quantity=-2, reason="broken")
    do(shop, "sales.record", products=[RED], quantity=1, location="HARB")
    reply = call(shop, "stock.history", products=[RED], period={"from": "2026-03-10", "to": "2026-03-16"})
    assert isinstance(reply, Reply)
    assert reply.text.startswith(
        "Red Mug 350ml, from Tue 10 to Mon 16 Mar: 57 received, 2 taken out and 1 sold; stock 0 → 54."
    )
    assert [(row["kind"], row["change"], row["on_hand"]) for row in reply.data["rows"][:2]] == [
        ("sold", -1, 54),
        ("taken out", -2, 55),
    ]
    assert reply.data["rows"][1]["actor"] == "Tom Reed"
    assert [type(block) for block in reply.blocks] == [Table, Chart]


def test_imported_sales_are_told_beside_the_books(shop: Store) -> None:
    text = say(shop, "stock.history", products=[RED], period={"from": "2026-03-09", "to": "2026-03-15"})
    assert text == (
        "Red Mug 350ml, last week (Mon 9 – Sun 15 Mar): no moves on the books. "
        "Imported sales of these days, which moved no stock here: 14 sold (1 came back)."
    )
    assert "Imported stock notes: 1 note, -1 in all." in say(shop, "stock.history", products=[BLUE])


def test_days_still_to_come_have_no_history(shop: Store) -> None:
    later = (TODAY + timedelta(days=3)).isoformat()
    assert "still to come" in no(shop, "stock.history", products=[RED], period={"from": later, "to": later})


def test_cover_is_stock_over_pace() -> None:
    assert daily_rate(Decimal(56), 28) == 2
    assert daily_rate(Decimal(-1), 28) == 0
    assert days_of_cover(Decimal(10), Decimal(4)) == Decimal("2.5")
    assert days_of_cover(Decimal(10), Decimal(0)) is None
    assert is_low(Decimal(20), Decimal(0), 7, Decimal(20))
    assert not is_low(Decimal(20), Decimal(0), 7, None)
    assert is_slow(Decimal(1), Decimal(0))
    assert not is_slow(Decimal(0), Decimal(0))


def test_the_examples_in_the_maths_are_true() -> None:
    for module in (cover, flow):
        assert doctest.testmod(module).failed == 0


def test_the_owner_is_not_limited(shop: Store) -> None:
    assert len(data(shop, "stock.query", OWNER, products=[RED])["places"]) == 3


def test_books_without_stock_say_that_it_is_unknown(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.database.writing() as connection:
        connection.execute(insert(LocationRow), [{"code": "HIGH", "name": "High Street"}])
        connection.execute(insert(ProductRow), [{"sku": RED, "name": "Red Mug 350ml", "category": "Mugs"}])
        bump(connection)
    for intent in ("stock.low", "stock.slow", "stock.value", "stock.expiring"):
        assert say(store, intent).startswith("No stock figures are on the books yet"), intent
    assert say(store, "stock.query", products=[RED]).startswith("No stock figures are on the books yet")
    assert say(store, "report.daily").splitlines()[1].startswith("No stock figures are on the books yet")
    assert say(store, "sales.report") == "No sales are on record yet."
    store.close()
