"""What was sold, as the tiny shop's sale lines say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, insert, update

from tests.shop import APPLES, BIG_RED, BLUE, MILK, NOW, RED, TODAY, tiny_shop
from tools.store import Actor, SalesTotal, Sell, Store, Undo, open_store
from tools.store.tables import SaleLineRow, SalesOrderRow

FIRST, YESTERDAY = TODAY - timedelta(days=21), TODAY - timedelta(days=1)
ALWAYS = {"first": date(2000, 1, 1), "last": date(2100, 1, 1)}


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def keys(totals: list[SalesTotal]) -> list[str]:
    return [total.key for total in totals]


def test_units_money_and_returns_are_told_apart(shop: Store) -> None:
    (red,) = shop.sales.totals(**ALWAYS, skus=[RED])
    assert red == SalesTotal("", Decimal(42), Decimal(1), Decimal("389.50"), Decimal("9.50"), 22)
    assert red.net == 41


def test_an_undone_sale_takes_its_units_and_money_back(shop: Store) -> None:
    anna = Actor("Anna Bell", "test")
    before = shop.sales.totals(**ALWAYS)
    sold = shop.apply(Sell(BLUE, "HIGH", Decimal(2), Decimal("9.50")), anna, request_id="s", at=NOW)
    assert shop.sales.totals(**ALWAYS, skus=[BLUE])[0].revenue == 19
    shop.apply(Undo(sold.group_id), anna, request_id="u", at=NOW)
    after = shop.sales.totals(**ALWAYS)
    assert (after[0].sold, after[0].returned, after[0].revenue) == (
        before[0].sold,
        before[0].returned,
        before[0].revenue,
    )


def test_both_ends_of_the_days_count_and_adjustments_and_charges_do_not(shop: Store) -> None:
    two_days = shop.sales.totals(first=TODAY - timedelta(days=5), last=TODAY - timedelta(days=4))
    assert (two_days[0].sold, two_days[0].returned) == (Decimal("15.25"), 1)
    assert shop.sales.totals(**ALWAYS, skus=[BLUE])[0] == SalesTotal("")
    assert shop.sales.charges(FIRST, YESTERDAY) == Decimal("4.95")
    assert shop.sales.charges(TODAY, TODAY) == 0


def test_a_question_about_nothing_answers_one_empty_total(shop: Store) -> None:
    assert shop.sales.totals(first=TODAY, last=TODAY) == [SalesTotal("")]
    assert shop.sales.totals(first=TODAY, last=TODAY, by="product") == []
    assert shop.sales.totals(**ALWAYS, skus=[]) == [SalesTotal("")]
    assert shop.sales.totals(**ALWAYS, locations=["WH"], by="day") == []


def test_best_sellers_by_units_and_by_money(shop: Store) -> None:
    assert keys(shop.sales.totals(**ALWAYS, by="product")) == [APPLES, MILK, RED, BIG_RED]
    assert keys(shop.sales.totals(**ALWAYS, by="product", order="quantity", limit=2)) == [MILK, RED]
    by_money = shop.sales.totals(**ALWAYS, by="product", order="revenue")
    assert [(total.key, total.revenue) for total in by_money] == [
        (RED, Decimal("389.50")),
        (MILK, Decimal("141.75")),
        (BIG_RED, Decimal("84.00")),
        (APPLES, Decimal("35.00")),
    ]


def test_categories_sum_their_products(shop: Store) -> None:
    totals = {total.key: total for total in shop.sales.totals(**ALWAYS, by="category")}
    assert {key: total.sold for key, total in totals.items()} == {
        "Dairy": 105,
        "Fruit": Decimal("12.5"),
        "Mugs": 49,
    }
    assert totals["Mugs"].revenue == Decimal("473.50")


def test_days_and_months_have_iso_keys_in_order(shop: Store) -> None:
    days = shop.sales.totals(**ALWAYS, skus=[RED], by="day")
    assert (days[0].key, days[-1].key, len(days)) == (FIRST.isoformat(), YESTERDAY.isoformat(), 21)
    months = shop.sales.totals(**ALWAYS, skus=[RED], by="month")
    assert [(month.key, month.sold, month.returned) for month in months] == [
        ("2026-02", 12, 0),
        ("2026-03", 30, 1),
    ]
    assert keys(shop.sales.totals(**ALWAYS, by="month", order="revenue")) == ["2026-03", "2026-02"]
    assert keys(shop.sales.totals(**ALWAYS, by="month", order="quantity", limit=1)) == ["2026-03"]


def test_places_are_told_apart_and_lines_of_no_place_are_counted_without_them(shop: Store) -> None:
    with shop.database.writing() as connection:
        march = SaleLineRow.__table__.c.sold_on >= date(2026, 3, 1)
        connection.execute(update(SaleLineRow).where(march).values(location_id=None))
    assert keys(shop.sales.totals(**ALWAYS, by="location")) == ["", "HIGH"]
    assert shop.sales.totals(**ALWAYS, skus=[RED], locations=["HIGH", "HARB"])[0].sold == 12
    assert shop.sales.totals(**ALWAYS, skus=[RED])[0].sold == 42


def test_thousands_of_skus_are_one_question(shop: Store) -> None:
    many = [RED, *(f"NO-{number}" for number in range(20_000))]
    assert shop.sales.totals(**ALWAYS, skus=many)[0].sold == 42


def test_ten_thousand_small_amounts_add_up_exactly(shop: Store) -> None:
    product = shop.catalogue().products[BLUE].id
    line = {
        "kind": "sale",
        "product_id": product,
        "channel": "",
        "order_ref": "",
        "customer": "",
        "note": "",
        "group_id": "",
    }
    figures = {"sold_on": TODAY, "quantity": Decimal("0.001"), "amount": Decimal("0.0001")}
    with shop.database.writing() as connection:
        connection.execute(
            insert(SaleLineRow), [{**line, **figures, "row_key": f"n{n}"} for n in range(10_000)]
        )
    (total,) = shop.sales.totals(first=TODAY, last=TODAY)
    assert (total.sold, total.revenue, total.lines) == (Decimal(10), Decimal(1), 10_000)


def test_the_days_that_the_history_covers(shop: Store, store: Store) -> None:
    assert shop.sales.coverage() == (FIRST, YESTERDAY)


def test_an_empty_shop_has_no_history(store: Store) -> None:
    assert store.sales.coverage() is None
    assert store.sales.last_sold() == {}
    assert store.sales.lines(None, FIRST, TODAY) == []
    assert store.stock.position() == 0


def test_when_each_product_was_sold_last(shop: Store) -> None:
    every = {
        RED: YESTERDAY,
        MILK: YESTERDAY,
        BIG_RED: TODAY - timedelta(days=3),
        APPLES: TODAY - timedelta(days=2),
    }
    assert shop.sales.last_sold() == every
    assert shop.sales.last_sold([BIG_RED, BLUE]) == {BIG_RED: every[BIG_RED]}


def test_an_undone_sale_is_not_the_last_one(shop: Store) -> None:
    anna = Actor("Anna Bell", "test")
    for sku in (BLUE, RED):
        sold = shop.apply(Sell(sku, "HIGH", Decimal(1)), anna, request_id=f"s {sku}", at=NOW)
        assert shop.sales.last_sold([sku]) == {sku: TODAY}
        shop.apply(Undo(sold.group_id), anna, request_id=f"u {sku}", at=NOW)
    assert shop.sales.last_sold([RED, BLUE]) == {RED: YESTERDAY}
    shop.apply(Sell(RED, "HIGH", Decimal(1)), anna, request_id="again", at=NOW)
    assert shop.sales.last_sold()[RED] == TODAY


def test_a_correction_is_no_sale(shop: Store) -> None:
    line = {"kind": "sale", "product_id": shop.catalogue().products[BIG_RED].id, "row_key": "correction"}
    words = {"channel": "", "order_ref": "", "customer": "", "note": "", "group_id": ""}
    figures = {"sold_on": TODAY, "quantity": Decimal(-1), "amount": Decimal(-12)}
    with shop.database.writing() as connection:
        connection.execute(insert(SaleLineRow), [{**line, **words, **figures}])
    assert shop.sales.last_sold([BIG_RED]) == {BIG_RED: TODAY - timedelta(days=3)}


@pytest.mark.parametrize(
    ("filters", "index"), [({}, "ix_sale_line_day"), ({"skus": [RED]}, "ix_sale_line_product")]
)
def test_totals_read_nothing_but_a_covering_index(
    sqlite_url: str, filters: dict[str, list[str]], index: str
) -> None:
    shop = tiny_shop(open_store(sqlite_url))
    asked: list[tuple[str, tuple[object, ...]]] = []
    event.listen(
        shop.database.engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3]))
    )
    shop.sales.totals(first=FIRST, last=TODAY, **filters)
    statement, values = asked[-1]
    with shop.database.reading() as connection:
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
    shop.close()
    assert f"SEARCH sale_line USING COVERING INDEX {index}" in plan


def test_single_lines_come_newest_first(shop: Store) -> None:
    lines = shop.sales.lines([RED], FIRST, TODAY, limit=5)
    assert [line.sold_on for line in lines] == sorted((line.sold_on for line in lines), reverse=True)
    returned = next(line for line in lines if line.kind == "return")
    assert (returned.sku, returned.location, returned.quantity, returned.amount) == (
        RED,
        "HIGH",
        -1,
        Decimal("-9.5"),
    )
    (adjusted,) = shop.sales.adjustments(None, FIRST, TODAY)
    assert (adjusted.sku, adjusted.kind, adjusted.quantity) == (BLUE, "adjustment", -1)


def test_open_orders_carry_their_lines(shop: Store) -> None:
    (order,) = shop.sales.customer_orders()
    assert (order.order_no, order.customer, order.status) == ("5531", "C001", "open")
    assert order.lines == ((RED, Decimal(2)), (MILK, Decimal(3)))


def test_orders_are_found_by_number_customer_and_state(shop: Store) -> None:
    assert [order.order_no for order in shop.sales.customer_orders(statuses=None)] == ["5530", "5531"]
    assert [order.lines for order in shop.sales.customer_orders(statuses=["delivered"])] == [()]
    assert shop.sales.customer_orders(order_no="5531", customer="C002") == []
    with shop.database.writing() as connection:
        connection.execute(update(SalesOrderRow).values(status="cancelled"))
    assert shop.sales.customer_orders() == []


def test_purchase_lines_are_found_by_product_supplier_state_and_number(shop: Store) -> None:
    from tools.store.facts import ON_ORDER

    red, big = shop.purchasing.lines(statuses=ON_ORDER)
    assert (red.po_no, red.supplier, red.location, red.sku, red.outstanding) == (
        "PO-1042",
        "ACME",
        "WH",
        RED,
        24,
    )
    assert (big.received_quantity, big.outstanding, big.unit_cost) == (4, 8, Decimal("4.90"))
    assert [line.po_no for line in shop.purchasing.lines(skus=[RED])] == ["PO-1041", "PO-1042"]
    assert [line.sku for line in shop.purchasing.lines(po_no="PO-1043")] == [BLUE]
    assert len(shop.purchasing.lines(supplier="ACME")) == 4
    assert shop.purchasing.lines(supplier="DAIRY") == []
