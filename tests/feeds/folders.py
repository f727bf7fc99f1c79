"""Small files for the tests of what comes in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from connectors.feeds import ImportReport, load
from tools.store import Actor, Store

AT = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 16)
ACTOR = Actor("anna", "test")

SHOP = {
    "locations": "code,name,kind\nHIGH,High Street,shop\nWH,Warehouse,warehouse\n",
    "suppliers": "code,name,lead_time_days\nACME,Acme Ceramics,10\n",
    "products": (
        "sku,name,category,unit,barcode,aliases,price,cost,supplier,pack_size\n"
        "MUG-R,Red Mug,Mugs,each,501,little red mug;ruby mug,9.50,3.80,ACME,6\n"
        "MUG-B,Blue Mug,Mugs,each,502,,9.50,3.80,ACME,6\n"
        "APPLE,Apples,Fruit,kg,,,3.20,1.75,,\n"
    ),
    "stock": (
        "sku,location,quantity,lot,expires_on\n"
        "MUG-R,HIGH,5,,\nMUG-R,WH,20,,\nMUG-B,HIGH,0,,\nMUG-B,WH,3,,\n"
        "APPLE,HIGH,4.250,A1,2026-03-20\nAPPLE,HIGH,2,A2,2026-03-25\n"
    ),
    "customers": "code,name,address\nC1,Mrs Jones,1 Lane\n",
    "orders": (
        "order_no,customer,placed_at,due_from,due_to,status,sku,quantity\n"
        "5501,C1,2026-03-15T10:00,2026-03-17T09:00,2026-03-17T11:00,open,MUG-R,2\n"
        "5501,C1,2026-03-15T10:00,2026-03-17T09:00,2026-03-17T11:00,open,MUG-B,1\n"
        "5502,C1,2026-03-10T10:00,2026-03-11T09:00,2026-03-11T11:00,delivered,MUG-R,1\n"
    ),
    "purchase_orders": (
        "po_no,supplier,status,ordered_at,expected_on,received_at,location,sku,quantity,received_quantity,unit_cost\n"
        "PO-1,ACME,received,2026-02-01,2026-02-11,2026-02-12T09:40,WH,MUG-R,12,11,3.80\n"
        "PO-2,ACME,ordered,2026-03-10,2026-03-20,,WH,MUG-R,24,,3.80\n"
        "PO-2,ACME,ordered,2026-03-10,2026-03-20,,WH,MUG-B,12,,3.80\n"
    ),
    "sales": (
        "sold_at,sku,location,quantity,unit_price,channel,order_ref\n"
        "2026-03-14,MUG-R,HIGH,3,9.50,till,\n"
        "2026-03-14,MUG-R,HIGH,3,9.50,till,\n"
        "2026-03-15T10:05,APPLE,HIGH,0.755,3.20,till,\n"
        "2026-03-15,MUG-B,HIGH,-1,9.50,till,R7\n"
    ),
    "feedback": (
        "received_at,channel,customer,sku,rating,text\n"
        '2026-03-01T10:00,email,C1,MUG-R,5,"Lovely, thank you"\n2026-03-02T11:30,web,,,,Do you sell teapots?\n'
    ),
    "sensors": "code,name,kind,location,low,high\nF1,Fridge,temperature,HIGH,1.0,5.0\n",
    "sensor_readings": "read_at,sensor,value\n2026-03-15T09:00,F1,3.5\n2026-03-15T09:30,F1,4\n",
    "vehicles": "code,name,capacity_kg,capacity_l,home,shift_from,shift_to,odometer_km\nVAN,Blue van,850,5200,WH,08:00,17:00,61240\n",
    "users": "name,role,slack_id,telegram_id\nAnna,owner,U1,\nTom,staff,,99\n",
}


def folder(where: Path, **changed: str | None) -> Path:
    """A small shop folder; named files are replaced, or left out where None."""
    where.mkdir(parents=True, exist_ok=True)
    for name, text in {**SHOP, **changed}.items():
        path = where / f"{name}.csv"
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return where


def only(where: Path, **files: str) -> Path:
    """A folder with just these files."""
    where.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (where / f"{name}.csv").write_text(text, encoding="utf-8")
    return where


def bring(store: Store, path: Path, **options: Any) -> ImportReport:
    """Load as Anna, on the day of the tests."""
    return load(store, path, actor=ACTOR, at=AT, **options)


def faults(report: ImportReport) -> list[tuple[str, int, str, str]]:
    """Where the refused cells are."""
    return [(each.file, each.row, each.column, each.value) for each in report.refused]


def counts(store: Store) -> dict[str, int]:
    """How many rows each table of the books has."""
    tables = (
        "product",
        "sale_line",
        "stock_move",
        "sales_order",
        "purchase_order",
        "feedback",
        "sensor_reading",
    )
    tables += ("import_run", "import_change", "audit_event", "reservation", "customer", "user_account")
    with store.database.reading() as connection:
        return {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in tables
        }
