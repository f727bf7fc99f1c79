"""A tiny shop for tests: a handful of goods, places, people, sales and orders, by known figures.

Everything is about NOW, Monday 16 March 2026, 9:00.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from sqlmodel import Session, SQLModel, select

from tools.store import Actor, Batch, Receive, Store
from tools.store.catalogue import bump
from tools.store.tables import (
    CustomerRow,
    LocationRow,
    ProductAliasRow,
    ProductRow,
    PurchaseOrderLineRow,
    PurchaseOrderRow,
    ReservationRow,
    SaleLineRow,
    SalesOrderLineRow,
    SalesOrderRow,
    SensorReadingRow,
    SensorRow,
    SupplierRow,
    UserLocationRow,
    UserRow,
    VehicleRow,
)

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ANNA = Actor("Anna Bell", "test")

RED, BIG_RED, BLUE = "MUG-RED-350", "MUG-RED-500", "MUG-BLU-350"
MILK, APPLES, TEA = "MLK-WHL-1L", "APP-GALA", "TEA-EGR-250"

# SKU, name, category, unit, price, cost, supplier, pack size, lead time, shelf life
GOODS = (
    (RED, "Red Mug 350ml", "Mugs", "each", "9.50", "3.80", "ACME", 6, 10, None),
    (BIG_RED, "Red Mug 500ml", "Mugs", "each", "12.00", "4.90", "ACME", 6, 10, None),
    (BLUE, "Blue Mug 350ml", "Mugs", "each", "9.50", "3.80", "ACME", 6, 10, None),
    (MILK, "Whole Milk 1L", "Dairy", "each", "1.35", "0.80", "DAIRY", 12, 1, 8),
    (APPLES, "Gala Apples", "Fruit", "kg", "2.80", "1.20", None, None, 2, 14),
    (TEA, "Earl Grey Tea 250g", "Tea", "each", "6.25", "2.90", None, 10, 7, None),
)
PLACES = (
    ("HIGH", "High Street", "shop"),
    ("HARB", "Harbour", "shop"),
    ("WH", "Warehouse", "warehouse"),
    ("FRIDGE", "Back room fridge", "fridge"),
)
# SKU, place, quantity, lot, days until it expires
STOCK = (
    (RED, "HIGH", "12", "", None),
    (RED, "HARB", "5", "", None),
    (RED, "WH", "40", "", None),
    (BIG_RED, "HIGH", "3", "", None),
    (BIG_RED, "WH", "18", "", None),
    (BLUE, "HIGH", "7", "", None),
    (MILK, "FRIDGE", "10", "M1", 2),
    (MILK, "FRIDGE", "20", "M2", 8),
    (MILK, "FRIDGE", "4", "M0", -2),
    (MILK, "HIGH", "6", "M1", 2),
    (APPLES, "HIGH", "12.5", "", None),
)


def tiny_shop(store: Store) -> Store:
    """Fill empty books with the tiny shop; the same figures every time.

    On hand: red mugs 57 (12 High Street, 5 Harbour, 40 warehouse), big red mugs 21, blue mugs 7,
    milk 40 of which 4 are expired, apples 12.5 kg, tea none.  Two red mugs and three milk are
    reserved for order 5531.  On order: 24 red mugs and 8 big red mugs (PO-1042).  Sold on each of
    the 21 days before today: 2 red mugs and 5 milk at High Street; one red mug came back on
    12 March; blue mugs and tea never sold.
    """
    with store.database.writing() as connection:
        with Session(connection) as session:
            _names(session)
            _people(session)
            _trade(session)
            session.flush()
        bump(connection)
    steps = tuple(
        Receive(sku, place, Decimal(quantity), lot=lot, expires_on=None if days is None else _day(-days))
        for sku, place, quantity, lot, days in STOCK
    )
    store.apply(Batch(steps), ANNA, request_id="tiny shop", at=NOW - timedelta(hours=1))
    return store


def _names(session: Session) -> None:
    places = [LocationRow(code=code, name=name, kind=kind) for code, name, kind in PLACES]
    suppliers = [
        SupplierRow(code="ACME", name="Acme Ceramics", email="orders@acme.example", lead_time_days=10),
        SupplierRow(code="DAIRY", name="Dairy Direct", lead_time_days=1, min_order_value=Decimal(60)),
    ]
    _keep(session, [*places, *suppliers])
    _keep(session, [_product(session, *goods) for goods in GOODS])
    aliases = [(RED, "small red mug", 0), (BIG_RED, "big red mug", 0), (BIG_RED, "large red mug", 1)]
    _keep(session, [_alias(session, *alias) for alias in aliases])
    sensor = SensorRow(
        code="FRG-T1", name="Fridge temperature", kind="temperature", location="FRIDGE", low=1, high=5
    )
    customer = CustomerRow(code="C001", name="Mrs Eleanor Jones", address="99 Wick Road")
    _keep(session, [sensor, customer, VehicleRow(code="VAN1", name="Blue van", home="WH")])
    times = [datetime(2026, 3, 16, hour) for hour in (7, 8)]
    readings = zip(times, (4.1, 5.6), strict=True)
    _keep(
        session,
        [SensorReadingRow(sensor_id=sensor.id or 0, read_at=at, value=value) for at, value in readings],
    )


def _product(session: Session, *goods: object) -> ProductRow:
    sku, name, category, unit, price, cost, supplier, pack, lead, shelf = goods
    key = None if supplier is None else _id(session, SupplierRow, "code", supplier)
    return ProductRow(
        sku=sku, name=name, category=category, unit=unit, price=Decimal(str(price)), cost=Decimal(str(cost)),
        supplier_id=key, pack_size=None if pack is None else Decimal(str(pack)), lead_time_days=lead,
        shelf_life_days=shelf, barcode="5060417007202" if sku == RED else "",
    )  # fmt: skip


def _alias(session: Session, sku: str, alias: str, position: int) -> ProductAliasRow:
    return ProductAliasRow(product_id=_id(session, ProductRow, "sku", sku), alias=alias, position=position)


def _people(session: Session) -> None:
    tom = UserRow(name="Tom Reed", role="staff", slack_id="U0TOM")
    anna = UserRow(name="Anna Bell", role="owner", slack_id="U0ANNA", telegram_id="5101")
    others = [UserRow(name="Ben Osei", role="manager"), UserRow(name="Gemma Lane", role="driver")]
    _keep(session, [anna, tom, *others])
    _keep(
        session, [UserLocationRow(user_id=tom.id or 0, location_id=_id(session, LocationRow, "code", "HIGH"))]
    )


def _trade(session: Session) -> None:
    lines = list(_sales())
    _keep(session, [_sale(session, number, *line) for number, line in zip(count(1), lines, strict=False)])
    _orders(session)
    _purchases(session)


def _sales() -> Iterator[tuple[str, str | None, int, str, str]]:
    for days in range(21, 0, -1):
        yield "sale", RED, days, "2", "9.50"
        yield "sale", MILK, days, "5", "1.35"
        if days % 3 == 0:
            yield "sale", BIG_RED, days, "1", "12.00"
        if days % 2 == 0:
            yield "sale", APPLES, days, "1.25", "2.80"
    yield "return", RED, 4, "-1", "9.50"
    yield "adjustment", BLUE, 6, "-1", "0"
    yield "charge", None, 5, "1", "4.95"


def _sale(
    session: Session, number: int, kind: str, sku: str | None, days: int, quantity: str, price: str
) -> SaleLineRow:
    return SaleLineRow(
        row_key=f"tiny {number}",
        product_id=None if sku is None else _id(session, ProductRow, "sku", sku),
        location_id=_id(session, LocationRow, "code", "HIGH"),
        kind=kind,
        sold_on=_day(days),
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        amount=Decimal(quantity) * Decimal(price),
        channel="till",
    )


def _orders(session: Session) -> None:
    due = datetime(2026, 3, 16, 13)
    new = SalesOrderRow(
        order_no="5531",
        customer="C001",
        placed_at=datetime(2026, 3, 14, 10),
        due_from=due,
        due_to=due + timedelta(hours=2),
    )
    old = SalesOrderRow(
        order_no="5530", customer="C001", status="delivered", due_from=due - timedelta(days=3)
    )
    _keep(session, [new, old])
    for line, (sku, quantity) in enumerate(((RED, 2), (MILK, 3)), start=1):
        key = _id(session, ProductRow, "sku", sku)
        promised = ReservationRow(
            product_id=key,
            quantity=Decimal(quantity),
            for_type="order",
            for_ref="5531",
            created_at=NOW,
            actor="import",
        )
        ordered = SalesOrderLineRow(
            order_id=new.id or 0, line=line, product_id=key, quantity=Decimal(quantity)
        )
        _keep(session, [promised, ordered])


def _purchases(session: Session) -> None:
    _purchase(session, "PO-1041", "received", 20, [(RED, 12, 12, "3.80")])
    _purchase(session, "PO-1042", "ordered", -4, [(RED, 24, None, "3.80"), (BIG_RED, 12, 4, "4.90")])
    _purchase(session, "PO-1043", "draft", -6, [(BLUE, 6, None, "3.80")])


def _purchase(
    session: Session, number: str, status: str, days: int, lines: Sequence[tuple[str, int, int | None, str]]
) -> None:
    supplier = _id(session, SupplierRow, "code", "ACME")
    order = PurchaseOrderRow(
        po_no=number, supplier_id=supplier, status=status, ordered_at=_day(days + 10), expected_on=_day(days)
    )
    _keep(session, [order])
    for line, (sku, quantity, received, cost) in enumerate(lines, start=1):
        row = PurchaseOrderLineRow(
            purchase_order_id=order.id or 0,
            line=line,
            product_id=_id(session, ProductRow, "sku", sku),
            location_id=_id(session, LocationRow, "code", "WH"),
            quantity=Decimal(quantity),
            received_quantity=None if received is None else Decimal(received),
            unit_cost=Decimal(cost),
        )
        _keep(session, [row])


def _keep(session: Session, rows: Sequence[SQLModel]) -> None:
    session.add_all(rows)
    session.flush()


def _id(session: Session, table: type[SQLModel], column: str, value: object) -> int:
    known = session.info.setdefault((table, value), None)
    if known is None:
        known = session.exec(select(table.id).where(getattr(table, column) == value)).one()  # type: ignore[attr-defined]
        session.info[table, value] = known
    return int(known)


def _day(days_ago: int) -> date:
    return TODAY - timedelta(days=days_ago)
