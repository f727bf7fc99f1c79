"""The files of a shop folder: which columns each has, what their cells may hold, what makes a row unique."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from connectors.feeds import cells
from connectors.feeds.cells import MONEY_PLACES, QUANTITY_PLACES, BadCell
from connectors.feeds.layout import Column, Layout, key_column
from connectors.feeds.layouts_upkeep import upkeep_layouts
from connectors.feeds.rows import FEEDBACK_ROW, SALES_ROW, feedback_row, reading_row, sale_row, stock_row
from tools.store.imports_known import Known

TEMPERATURES = ("ambient", "chilled", "frozen")
ORDER_STATUSES = ("open", "packed", "out_for_delivery", "delivered", "failed", "cancelled", "returned")
PURCHASE_STATUSES = (
    "draft", "approved", "ordered", "sent", "confirmed", "in_transit", "partial", "received",
    "cancelled", "closed",
)  # fmt: skip
LOCATION_KINDS = ("shop", "warehouse", "backroom", "fridge", "van")
ROLES = ("owner", "manager", "staff", "driver")
SALE_KINDS = ("sale", "return", "adjustment", "charge")


def layouts(known: Known) -> dict[str, Layout]:
    """All files, in the order in which they are read: what is referred to comes first."""
    found = (
        _locations(),
        _suppliers(),
        _products(known),
        _customers(),
        _vehicles(known),
        _users(),
        _sensors(known),
        _readings(known),
        *upkeep_layouts(known),
        _stock(known),
        _purchase_orders(known),
        _orders(known),
        _feedback(known),
        _sales(known),
    )
    return {layout.table: layout for layout in found}


def _locations() -> Layout:
    return Layout(
        "locations",
        (
            key_column("code", cells.code()),
            key_column("name", cells.text(200)),
            Column("kind", cells.choice(LOCATION_KINDS, "shop")),
            *_coordinates(),
        ),
        key=("code",),
    )


def _coordinates() -> tuple[Column, Column]:
    return Column("latitude", cells.measure(-90, 90)), Column("longitude", cells.measure(-180, 180))


def _suppliers() -> Layout:
    return Layout(
        "suppliers",
        (
            key_column("code", cells.code()),
            key_column("name", cells.text(200)),
            Column("email", cells.text(200)),
            Column("lead_time_days", cells.whole(0, 3650)),
            Column("min_order_value", cells.number(MONEY_PLACES)),
        ),
        key=("code",),
    )


def _products(known: Known) -> Layout:
    return Layout(
        "products",
        (
            key_column("sku", cells.code()),
            key_column("name", cells.text(300)),
            Column("category", cells.text(120)),
            Column("unit", _unit),
            Column("barcode", cells.text(64)),
            Column("aliases", _aliases),
            Column("price", cells.number(MONEY_PLACES)),
            Column("cost", cells.number(MONEY_PLACES)),
            Column("supplier", _supplier(known)),
            Column("pack_size", cells.number(QUANTITY_PLACES, above_zero=True)),
            Column("moq", cells.number(QUANTITY_PLACES)),
            Column("lead_time_days", cells.whole(0, 3650)),
            Column("shelf_life_days", cells.whole(0, 36_500)),
            Column("weight_kg", cells.number(MONEY_PLACES)),
            Column("volume_l", cells.number(MONEY_PLACES)),
            Column("reorder_point", cells.number(QUANTITY_PLACES)),
            Column("temperature", cells.choice((*TEMPERATURES, ""), "")),
        ),
        key=("sku",),
    )


def _customers() -> Layout:
    return Layout(
        "customers",
        (
            key_column("code", cells.code()),
            key_column("name", cells.text(200)),
            Column("address", cells.text(500)),
            *_coordinates(),
        ),
        key=("code",),
    )


def _vehicles(known: Known) -> Layout:
    return Layout(
        "vehicles",
        (
            key_column("code", cells.code()),
            key_column("name", cells.text(200)),
            Column("capacity_kg", cells.number(QUANTITY_PLACES)),
            Column("capacity_l", cells.number(QUANTITY_PLACES)),
            Column("home", _place(known, otherwise="")),
            Column("shift_from", cells.clock),
            Column("shift_to", cells.clock),
            Column("odometer_km", cells.number(QUANTITY_PLACES)),
            Column("driver", cells.text(120)),
            Column("profile", cells.text(40)),
            Column("skills", _skills),
            Column("cost_fixed", cells.number(MONEY_PLACES)),
            Column("cost_per_km", cells.number(MONEY_PLACES)),
            Column("cost_per_hour", cells.number(MONEY_PLACES)),
            Column("break_minutes", cells.whole(0, 24 * 60)),
            Column("break_from", cells.clock),
            Column("break_to", cells.clock),
        ),
        key=("code",),
    )


def _skills(cell: str) -> str:
    """What a vehicle has, each once: "fridge;lift"."""
    return ";".join(dict.fromkeys(one.strip().lower() for one in cell.split(";") if one.strip()))


def _users() -> Layout:
    return Layout(
        "users",
        (
            key_column("name", cells.text(120)),
            key_column("role", cells.choice(ROLES, "")),
            Column("slack_id", cells.text(64)),
            Column("telegram_id", cells.text(64)),
        ),
        key=("name",),
    )


def _sensors(known: Known) -> Layout:
    return Layout(
        "sensors",
        (
            key_column("code", cells.code()),
            key_column("name", cells.text(200)),
            Column("kind", cells.text(40)),
            Column("location", _place(known, otherwise="")),
            Column("low", cells.measure(-1e9, 1e9)),
            Column("high", cells.measure(-1e9, 1e9)),
        ),
        key=("code",),
    )


def _readings(known: Known) -> Layout:
    return Layout(
        "sensor_readings",
        (
            key_column("read_at", cells.wall_time(known.zone)),
            key_column("sensor", cells.one_of(known.sensors, "the code of a sensor in sensors.csv")),
            key_column("value", cells.measure(-1e9, 1e9)),
        ),
        key=("sensor", "read_at"),
        finish=reading_row,
        kept=("sensor", "read_at", "value"),
    )


def _stock(known: Known) -> Layout:
    return Layout(
        "stock",
        (
            key_column("sku", _product(known)),
            Column("location", _place(known, otherwise=known.only_place), required=True),
            key_column("quantity", cells.number(QUANTITY_PLACES)),
            Column("lot", cells.text(64)),
            Column("expires_on", cells.day),
        ),
        key=("sku", "location", "lot", "expires_on"),
        finish=stock_row,
        kept=("sku", "location", "lot", "expires_on", "quantity"),
    )


def _purchase_orders(known: Known) -> Layout:
    return Layout(
        "purchase_orders",
        (
            key_column("po_no", cells.code()),
            Column("supplier", _supplier(known)),
            Column("status", cells.choice(PURCHASE_STATUSES, "draft")),
            Column("ordered_at", _day_of(known)),
            Column("expected_on", _day_of(known)),
            Column("received_at", cells.wall_time(known.zone)),
            Column("location", _place(known, otherwise="")),
            key_column("sku", _product(known)),
            key_column("quantity", cells.number(QUANTITY_PLACES, above_zero=True)),
            Column("received_quantity", cells.number(QUANTITY_PLACES)),
            Column("defective_quantity", cells.number(QUANTITY_PLACES)),
            Column("unit_cost", cells.number(MONEY_PLACES)),
        ),
        document="po_no",
        heading=("supplier", "status", "ordered_at", "expected_on"),
    )


def _orders(known: Known) -> Layout:
    return Layout(
        "orders",
        (
            key_column("order_no", cells.code()),
            Column("customer", _customer(known)),
            Column("placed_at", cells.wall_time(known.zone)),
            Column("due_from", cells.wall_time(known.zone)),
            Column("due_to", cells.wall_time(known.zone)),
            Column("status", cells.choice(ORDER_STATUSES, "open")),
            key_column("sku", _product(known)),
            key_column("quantity", cells.number(QUANTITY_PLACES, above_zero=True)),
        ),
        document="order_no",
        heading=("customer", "placed_at", "due_from", "due_to", "status"),
    )


def _feedback(known: Known) -> Layout:
    return Layout(
        "feedback",
        (
            key_column("received_at", cells.wall_time(known.zone)),
            Column("channel", cells.text(40)),
            Column("customer", cells.text(64)),
            Column("sku", _product(known)),
            Column("rating", cells.whole(1, 5)),
            key_column("text", cells.text(10_000)),
            Column("source", cells.text(40)),
            Column("source_id", cells.text(200)),
        ),
        finish=feedback_row,
        kept=FEEDBACK_ROW,
    )


def _sales(known: Known) -> Layout:
    return Layout(
        "sales",
        (
            key_column("sold_at", cells.moment(known.zone)),
            Column("sku", _product(known), required=True),
            Column("location", _place(known, otherwise=known.only_place)),
            key_column("quantity", cells.number(QUANTITY_PLACES, None)),
            Column("unit_price", cells.number(MONEY_PLACES, None)),
            Column("amount", cells.number(MONEY_PLACES, None)),
            Column("channel", cells.text(40)),
            Column("order_ref", cells.text(64)),
            Column("customer", cells.text(64)),
            Column("kind", _sale_kind),
            Column("note", cells.text(300)),
        ),
        finish=sale_row,
        kept=SALES_ROW,
    )


def _product(known: Known) -> Callable[[str], Any]:
    return cells.one_of(known.skus, "the SKU of a product in products.csv")


def _customer(known: Known) -> Callable[[str], Any]:
    if not known.customers:
        return cells.text(64)
    return cells.one_of(known.customers, "the code of a customer in customers.csv")


def _supplier(known: Known) -> Callable[[str], Any]:
    if known.supplier_codes_are_new:
        return _collect(known.suppliers)
    return cells.one_of(known.suppliers, "the code of a supplier in suppliers.csv")


def _place(known: Known, *, otherwise: str) -> Callable[[str], Any]:
    if known.location_codes_are_new:
        return _collect(known.locations, otherwise)
    return cells.one_of(known.locations, "the code of a location in locations.csv", otherwise=otherwise)


def _collect(codes: set[str], otherwise: str = "") -> Callable[[str], Any]:
    read_code = cells.code()

    def read(cell: str) -> Any:
        found = str(read_code(cell)) or otherwise
        if found:
            codes.add(found)
        return found

    return read


def _day_of(known: Known) -> Callable[[str], Any]:
    read_moment = cells.moment(known.zone)

    def read(cell: str) -> Any:
        found = read_moment(cell)
        return None if found is None else found.day

    return read


def _unit(cell: str) -> str:
    if len(cell) > 16 or any(letter.isdigit() for letter in cell):
        raise BadCell("a unit such as each, pack, kg, g, l or ml")
    return cell.lower() or "each"


def _aliases(cell: str) -> str:
    names = list(dict.fromkeys(name for part in cell.split(";") if (name := part.strip())))
    if any(len(name) > 300 for name in names):
        raise BadCell("names of at most 300 characters, divided by ;")
    return json.dumps(names, ensure_ascii=False)


def _sale_kind(cell: str) -> str:
    return str(cells.choice(SALE_KINDS, "")(cell)) if cell else ""
