"""The check of the books finds what somebody did behind their back, and heals nothing by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.store.small_shop import ANN, NOW, assert_sound, do, on_hand, open_shop
from tools.store import Adjust, Receive, Sell, Store, Transfer, Undo

TAMPERINGS = {
    "UPDATE stock_balance SET quantity = quantity + 1000 WHERE lot_id = 0": "by the ledger",
    "DELETE FROM stock_balance": "by the ledger",
    "INSERT INTO stock_balance (product_id, location_id, lot_id, quantity, last_seq) VALUES (1, 1, 99, 0, 1)": (
        "names lot 99, which it has not"
    ),
    "UPDATE request SET group_id = 'elsewhere' WHERE kind = 'sell'": "wrote nothing",
    "DELETE FROM request": "belongs to no request",
    "UPDATE alembic_version SET version_num = '0000'": "stand at step 0000",
    "UPDATE lot SET product_id = 2": "names a lot of another product",
}


@pytest.fixture
def shop(store: Store) -> Store:
    open_shop(store)
    do(store, Receive("P1", "SHOP", Decimal(10)))
    do(store, Receive("P1", "SHOP", Decimal(10), lot="A"))
    do(store, Sell("P1", "SHOP", Decimal(3)))
    moved = do(store, Transfer("P1", "SHOP", "STORE", Decimal(3)))
    do(store, Undo(moved.group_id))
    return store


def tamper(shop: Store, statement: str) -> None:
    with shop.database.writing() as connection:
        connection.exec_driver_sql(statement)


def complaints(shop: Store) -> list[str]:
    return [finding.what for finding in shop.doctor() if not finding.ok]


def test_sound_books_have_nothing_to_complain_about(shop: Store) -> None:
    assert_sound(shop)
    assert len(shop.doctor()) == 10


@pytest.mark.parametrize("statement", TAMPERINGS)
def test_what_was_done_behind_the_books_is_found(shop: Store, statement: str) -> None:
    tamper(shop, statement)
    assert any(TAMPERINGS[statement] in complaint for complaint in complaints(shop))
    assert all(finding.remedy for finding in shop.doctor() if not finding.ok)


def test_a_difference_is_reported_and_not_healed_until_somebody_says_so(shop: Store) -> None:
    tamper(shop, "UPDATE stock_balance SET quantity = quantity + 1000 WHERE quantity = 10000")
    assert complaints(shop) == complaints(shop) != []
    assert shop.rebuild_balance(ANN, NOW) == 1
    assert on_hand(shop, "P1", "SHOP") == 17
    assert_sound(shop)
    assert [event.action for event in shop.audit.rows(1)] == ["rebuild"]


def test_an_audit_event_that_was_changed_is_found(shop: Store) -> None:
    off, on = {
        "sqlite": ("DROP TRIGGER audit_event_no_update", "SELECT 1"),
        "postgresql": (
            "ALTER TABLE audit_event DISABLE TRIGGER USER",
            "ALTER TABLE audit_event ENABLE TRIGGER USER",
        ),
    }[shop.dialect]
    tamper(shop, off)
    tamper(shop, "UPDATE audit_event SET actor = 'nobody' WHERE id = 2")
    tamper(shop, on)
    assert complaints(shop) == ["the audit log was changed at event 2"]


def test_stock_below_zero_is_found_where_the_shop_no_longer_allows_it(shop: Store) -> None:
    tamper(shop, "INSERT INTO setting (key, value) VALUES ('allow_negative', '1')")
    do(shop, Adjust("P2", "SHOP", Decimal(-2), "broken"))
    assert_sound(shop)
    tamper(shop, "UPDATE setting SET value = '0'")
    assert complaints(shop) == ["P2 at SHOP is at -2"]
