"""A small shop to test the books with, and the words to move its stock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count as numbers

from sqlalchemy import insert

from tools.store import Actor, Applied, Change, Store
from tools.store.tables import LocationRow, ProductRow, SettingRow, SupplierRow

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
ANN = Actor("ann", "test", conversation="till")
_requests = numbers(1)


def open_shop(store: Store, *, products: int = 3, places: tuple[str, ...] = ("SHOP", "STORE")) -> None:
    """Products P1, P2, ... at 2.50 each, two places, one supplier."""
    goods = [
        {
            "sku": f"P{n}",
            "name": f"Product {n}",
            "category": "",
            "unit": "each",
            "barcode": "",
            "active": True,
        }
        for n in range(1, products + 1)
    ]
    rooms = [{"code": code, "name": code.title(), "kind": "shop", "active": True} for code in places]
    acme = {"code": "ACME", "name": "Acme Ltd", "email": "", "active": True}
    with store.database.writing() as connection:
        connection.execute(insert(ProductRow), [{**row, "price": Decimal("2.50")} for row in goods])
        connection.execute(insert(LocationRow), rooms)
        connection.execute(insert(SupplierRow), [acme])


def allow_negative(store: Store) -> None:
    """Let stock go below zero, as some shops want it."""
    with store.database.writing() as connection:
        connection.execute(insert(SettingRow), [{"key": "allow_negative", "value": "1"}])


def do(store: Store, change: Change, *, actor: Actor = ANN, day: date | None = None) -> Applied:
    """Make a change under a new request id."""
    return store.apply(change, actor, request_id=f"request-{next(_requests)}", at=NOW, day=day)


def on_hand(store: Store, sku: str, place: str) -> Decimal:
    """What the balance says is there, all lots together."""
    return sum(lots(store, sku, place).values(), Decimal(0))


def lots(store: Store, sku: str, place: str) -> dict[str, Decimal]:
    """What the balance says is there, by lot code."""
    query = (
        "SELECT COALESCE(lot.code, ''), stock_balance.quantity FROM stock_balance "
        "JOIN product ON product.id = stock_balance.product_id JOIN location ON location.id = location_id "
        "LEFT JOIN lot ON lot.id = stock_balance.lot_id WHERE sku = '{}' AND location.code = '{}' AND quantity <> 0"
    )
    with store.database.reading() as connection:
        rows = connection.exec_driver_sql(query.format(sku, place))
        return {code: Decimal(steps).scaleb(-3) for code, steps in rows}


def assert_sound(store: Store) -> None:
    """The check of the books finds nothing."""
    wrong = [finding.what for finding in store.doctor() if not finding.ok]
    assert wrong == []
