"""The optional files of vehicles' upkeep: read whole or not at all, once, written back, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.feeds.export import export_shop
from connectors.feeds.loading import load, undo_import
from connectors.feeds.report import ImportReport
from tools.store import Actor, Store, open_store

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
ANN = Actor("ann", "test")
SHOP = {
    "products.csv": "sku,name\nJAM-1,Plum Jam\n",
    "locations.csv": "code,name\nSHOP,Corner shop\n",
    "vehicles.csv": "code,name,home,odometer_km\nVAN1,Blue van,SHOP,61240\nBIKE1,Cargo bike,SHOP,900\n",
}
UPKEEP = {
    "vehicle_parts.csv": "code,every_km,every_days,severity\noil,15000,,\ntail_lift,,180,stop\n",
    "vehicle_services.csv": (
        "done_on,vehicle,part,odometer_km,failed,cost,note\n"
        "2025-03-03,VAN1,oil change,45000,,120.50,\n"
        "2025-09-20,VAN1,Battery,52400.5,yes,,died at the kerb\n"
    ),
    "vehicle_readings.csv": (
        "read_at,vehicle,kind,value,ambient\n"
        "2026-03-01T08:00,VAN1,odometer,60800,\n2026-03-01T08:00,VAN1,voltage,12.62,6.5\n"
    ),
    "vehicle_faults.csv": (
        "seen_at,vehicle,code,cleared_at,note\n"
        "2026-03-02T10:00,VAN1,p0301,,\n2026-01-02T10:00,VAN1,P0420,2026-01-09T12:00,\n"
    ),
}


@pytest.fixture
def shop(url: str, tmp_path: Path) -> Iterator[Store]:
    store = open_store(url)
    assert bring(store, tmp_path / "shop", SHOP).state == "applied"
    yield store
    store.close()


def bring(store: Store, folder: Path, files: dict[str, str]) -> ImportReport:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return load(store, folder, actor=ANN, at=NOW)


def test_what_was_done_read_and_shown_is_in_the_books(shop: Store, tmp_path: Path) -> None:
    report = bring(shop, tmp_path / "upkeep", UPKEEP)
    assert report.state == "applied", report
    log = [(one.part, one.odometer_km, one.failed, one.cost) for one in shop.upkeep.services()]
    assert log == [
        ("oil", Decimal(45_000), False, Decimal("120.5")),
        ("battery", Decimal("52400.5"), True, None),
    ]
    assert [one.code for one in shop.upkeep.faults()] == ["P0301"]
    assert [(one.value, one.ambient) for one in shop.upkeep.readings("voltage")] == [(12.62, 6.5)]
    kms = [(one.source, one.km) for one in shop.upkeep.odometer(["VAN1"])]
    assert kms == [
        ("service", Decimal(45_000)),
        ("service", Decimal("52400.5")),
        ("import", Decimal(60_800)),
        ("list", Decimal(61_240)),
    ]
    assert [(one.code, one.every_km, one.every_days) for one in shop.upkeep.parts()] == [
        ("oil", Decimal(15_000), None),
        ("tail_lift", None, 180),
    ]


def test_the_same_rows_come_in_once(shop: Store, tmp_path: Path) -> None:
    bring(shop, tmp_path / "upkeep", UPKEEP)
    more = UPKEEP["vehicle_services.csv"] + "2026-02-01,VAN1,tyres,60000,,,\n"
    assert bring(shop, tmp_path / "upkeep", {**UPKEEP, "vehicle_services.csv": more}).state == "applied"
    assert [one.part for one in shop.upkeep.services()] == ["oil", "battery", "tyres"]
    assert len(shop.upkeep.readings("voltage")) == 1


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("vehicle_services.csv", "2026-02-01,LORRY,tyres,60000,,,\n", "the code of a vehicle"),
        ("vehicle_services.csv", "1 Feb,VAN1,tyres,60000,,,\n", "a date"),
        ("vehicle_readings.csv", "2026-03-02T08:00,VAN1,mood,5,\n", "one of: odometer"),
        ("vehicle_readings.csv", "2026-03-02T08:00,VAN1,odometer,-5,\n", "kilometres of at least 0"),
        ("vehicle_faults.csv", "2026-03-02T08:00,VAN1,X9,,\n", "a fault code such as P0301"),
        ("vehicle_parts.csv", "clutch,-5,,\n", "a number above 0"),
    ],
)
def test_one_wrong_row_and_nothing_is_taken(
    shop: Store, tmp_path: Path, name: str, row: str, expected: str
) -> None:
    report = bring(shop, tmp_path / "upkeep", {**UPKEEP, name: UPKEEP[name] + row})
    assert report.state == "refused"
    assert expected in report.refused[0].expected
    assert shop.upkeep.services() == []


def test_what_was_exported_comes_in_again_as_it_was(shop: Store, tmp_path: Path, sqlite_url: str) -> None:
    bring(shop, tmp_path / "upkeep", UPKEEP)
    export_shop(shop, tmp_path / "out", date(2026, 3, 16))
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    assert load(other, tmp_path / "out", actor=ANN, at=NOW).state == "applied"
    for question in ("services", "parts"):
        assert getattr(other.upkeep, question)() == getattr(shop.upkeep, question)()
    assert other.upkeep.readings("voltage") == shop.upkeep.readings("voltage")
    assert [one.code for one in other.upkeep.faults()] == ["P0301"]
    other.close()


def test_a_shop_without_a_log_exports_no_empty_files_of_it(shop: Store, tmp_path: Path) -> None:
    export_shop(shop, tmp_path / "out", date(2026, 3, 16))
    assert not list((tmp_path / "out").glob("vehicle_*.csv"))


def test_an_import_of_them_is_taken_back_whole(shop: Store, tmp_path: Path) -> None:
    report = bring(shop, tmp_path / "upkeep", UPKEEP)
    assert report.import_id is not None
    assert undo_import(shop, report.import_id, ANN, NOW).state == "undone"
    assert (shop.upkeep.services(), shop.upkeep.faults(), shop.upkeep.parts()) == ([], [], [])
