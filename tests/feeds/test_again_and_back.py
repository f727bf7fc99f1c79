"""Out and in again, and back: exports are the shop, imports can be undone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from connectors.feeds import export_shop, undo_import
from tests.feeds.folders import ACTOR, AT, SHOP, TODAY, bring, counts, folder, only
from tools.store import Adjust, Receive, Store, open_store


def _files(where: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(where.iterdir())}


def test_an_export_imports_back_to_the_same_export(store: Store, sqlite_template: Path, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    first = export_shop(store, tmp_path / "first", TODAY)
    assert first.rows["sales.csv"] == 4
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    assert bring(other, tmp_path / "first").state == "applied"
    export_shop(other, tmp_path / "second", TODAY)
    other.close()
    assert _files(tmp_path / "first") == _files(tmp_path / "second")


def test_an_export_says_what_the_files_said(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    export_shop(store, tmp_path / "out", TODAY)
    for name in ("orders", "purchase_orders", "feedback", "stock", "users", "vehicles", "sensor_readings"):
        said = {_cells(line) for line in SHOP[name].splitlines()[1:]}
        told = {_cells(line) for line in (tmp_path / "out" / f"{name}.csv").read_text().splitlines()[1:]}
        assert told == said or name == "purchase_orders", name


def _cells(line: str) -> tuple[str, ...]:
    def plain(cell: str) -> str:
        try:
            return str(Decimal(cell).normalize())
        except ArithmeticError:
            return cell

    return tuple(plain(cell) for cell in line.split(","))


def test_what_happened_since_is_in_the_export(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    store.apply(Adjust("MUG-R", "HIGH", Decimal(-2), "broke"), ACTOR, request_id="1", at=AT)
    export_shop(store, tmp_path / "out", TODAY)
    assert "MUG-R,HIGH,3,," in (tmp_path / "out" / "stock.csv").read_text().splitlines()


def test_kinds_and_amounts_that_the_usual_columns_cannot_say_get_their_own(store: Store, tmp_path: Path):
    sales = (
        "sold_at,sku,location,quantity,unit_price,amount,kind,note\n"
        "2026-03-01,MUG-R,HIGH,3,3.3333,10.00,,\n2026-03-01,MUG-R,HIGH,-2,0,,adjustment,broken\n2026-03-02,,HIGH,1,4.50,,charge,postage\n"
    )
    bring(store, folder(tmp_path / "shop", sales=sales))
    export_shop(store, tmp_path / "out", TODAY)
    assert (tmp_path / "out" / "sales.csv").read_text().splitlines() == [
        "sold_at,sku,location,quantity,unit_price,amount,channel,order_ref,kind,note",
        "2026-03-01,MUG-R,HIGH,3,3.3333,10.00,,,,",
        "2026-03-01,MUG-R,HIGH,-2,0.00,,,,adjustment,broken",
        "2026-03-02,,HIGH,1,4.50,,,,charge,postage",
    ]


def test_an_undone_import_leaves_no_figures_and_can_come_again(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    export_shop(store, tmp_path / "first", TODAY)
    report = undo_import(store, 1, ACTOR, AT)
    assert report.state == "undone", report.summary()
    assert store.catalogue().products == {}
    assert [level for level in store.stock.levels(today=TODAY) if level.on_hand or level.reserved] == []
    assert store.sales.coverage() is None
    assert [finding for finding in store.doctor() if not finding.ok] == []
    assert [event.action for event in store.audit.rows()] == ["undo import", "import"]
    assert bring(store, tmp_path / "shop").state == "applied"
    export_shop(store, tmp_path / "second", TODAY)
    assert _files(tmp_path / "first") == _files(tmp_path / "second")


def test_undo_gives_names_and_orders_their_old_form_back(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    export_shop(store, tmp_path / "before", TODAY)
    later = {
        "products": "sku,name,price,aliases\nMUG-R,Crimson Mug,12.00,wine mug\nTEA,Tea,3.00,\n",
        "orders": SHOP["orders"].replace("open", "packed").replace("MUG-B,1", "MUG-B,2"),
        "stock": "sku,location,quantity\nMUG-R,HIGH,1\nTEA,WH,9\n",
        "sales": "sold_at,sku,quantity\n2026-03-16,TEA,1\n",
    }
    second = bring(store, only(tmp_path / "later", **later))
    assert second.import_id == 2
    assert undo_import(store, 2, ACTOR, AT).state == "undone"
    export_shop(store, tmp_path / "after", TODAY)
    assert _files(tmp_path / "before") == _files(tmp_path / "after")


def test_undo_is_refused_where_stock_has_moved_since(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    store.apply(Adjust("APPLE", "HIGH", Decimal(-1), "rotten"), ACTOR, request_id="1", at=AT)
    before = counts(store)
    report = undo_import(store, 1, ACTOR, AT)
    assert (report.state, counts(store)) == ("refused", before)
    assert "Apples" in report.summary() and "would have to go back" in report.summary()


def test_undo_is_refused_where_a_later_import_changed_the_same(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    bring(store, only(tmp_path / "later", products="sku,name\nMUG-R,Crimson Mug\n"))
    report = undo_import(store, 1, ACTOR, AT)
    assert report.state == "refused"
    assert "MUG-R in products was changed since (import 2" in report.summary()


def test_undo_is_refused_where_what_it_brought_is_in_use(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    bring(store, only(tmp_path / "later", products="sku,name\nTEA,Tea\n"))
    store.apply(Receive("TEA", "WH", Decimal(5)), ACTOR, request_id="1", at=AT)
    report = undo_import(store, 2, ACTOR, AT)
    assert "TEA came with it, and there is stock for it" in report.summary()


@pytest.mark.parametrize("number", [1, 99])
def test_what_is_not_there_or_undone_already_cannot_be_undone(store: Store, tmp_path: Path, number: int):
    bring(store, folder(tmp_path / "shop"))
    undo_import(store, 1, ACTOR, AT)
    assert undo_import(store, number, ACTOR, AT).state == "refused"
