"""A shop folder comes in whole, or says row by row why not."""

from __future__ import annotations

import csv
import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.feeds import ImportProgress
from tests.feeds.folders import SHOP, TODAY, bring, counts, faults, folder, only
from tools.store import Level, Store


def test_every_file_of_a_shop_folder_comes_in(store: Store, tmp_path: Path):
    report = bring(store, folder(tmp_path / "shop"))
    assert report.state == "applied", report.summary()
    assert {file.file: file.added for file in report.files} == {
        "locations.csv": 2, "suppliers.csv": 1, "products.csv": 3, "customers.csv": 1, "vehicles.csv": 1,
        "users.csv": 2, "sensors.csv": 1, "sensor_readings.csv": 2, "stock.csv": 6, "purchase_orders.csv": 3,
        "orders.csv": 3, "feedback.csv": 2, "sales.csv": 4,
    }  # fmt: skip
    red = store.catalogue().products["MUG-R"]
    assert (red.name, red.price, red.supplier, red.aliases) == (
        "Red Mug",
        Decimal("9.5"),
        "ACME",
        ("little red mug", "ruby mug"),
    )
    assert [finding for finding in store.doctor() if not finding.ok] == []


def test_opening_stock_comes_through_the_ledger_with_its_lots(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    moves = store.stock.movements(["APPLE"])
    assert {(move.source, move.destination, move.quantity, move.lot) for move in moves} == {
        ("@opening", "HIGH", Decimal("4.25"), "A1"),
        ("@opening", "HIGH", Decimal(2), "A2"),
    }
    lots = store.stock.lots(["APPLE"], today=TODAY)
    assert [(lot.lot, lot.expires_on.isoformat(), lot.quantity) for lot in lots if lot.expires_on] == [
        ("A1", "2026-03-20", Decimal("4.25")),
        ("A2", "2026-03-25", Decimal(2)),
    ]


def test_open_orders_hold_stock_and_let_it_go_when_they_are_delivered(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    assert _reserved(store, "MUG-R") == Decimal(2)
    delivered = SHOP["orders"].replace("open", "delivered")
    report = bring(store, only(tmp_path / "later", orders=delivered))
    assert report.state == "applied"
    assert _reserved(store, "MUG-R") == Decimal(0)


def _reserved(store: Store, sku: str) -> Decimal:
    return sum((level.reserved for level in store.stock.levels([sku], today=TODAY)), Decimal(0))


def test_a_later_stock_file_is_a_count_of_what_it_names(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    later = "sku,location,quantity,lot,expires_on\nMUG-R,HIGH,4,,\nAPPLE,HIGH,3,A2,2026-03-25\n"
    report = bring(store, only(tmp_path / "later", stock=later))
    assert (report.files[0].added, report.files[0].changed) == (0, 2)
    levels = {
        (level.sku, level.location): level.on_hand
        for level in store.stock.levels(today=TODAY)
        if level.on_hand
    }
    assert levels == {("MUG-R", "HIGH"): 4, ("MUG-R", "WH"): 20, ("MUG-B", "WH"): 3, ("APPLE", "HIGH"): 3}
    newest = store.stock.movements(["MUG-R"])[0]
    assert (newest.source, newest.destination, newest.quantity) == ("HIGH", "@adjustment", Decimal(1))
    assert any("not name went to zero" in note for note in report.files[0].notes)


def test_imported_sales_move_no_stock_but_count_as_sales(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    (total,) = store.sales.totals(first=TODAY.replace(day=1), last=TODAY)
    assert (total.sold, total.returned) == (Decimal("6.755"), Decimal(1))
    assert total.revenue == Decimal(57) + Decimal("0.755") * Decimal("3.20") - Decimal("9.50")
    assert len(store.stock.movements(["MUG-R"])) == 2


def test_the_same_content_again_writes_nothing(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    before = counts(store)
    again = bring(store, folder(tmp_path / "copy"))
    assert (again.state, counts(store)) == ("unchanged", before)


def test_overlapping_exports_add_only_new_lines_and_keep_true_repeats(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    later = SHOP["sales"] + "2026-03-14,MUG-R,HIGH,3,9.50,till,\n2026-03-16,MUG-R,HIGH,1,9.50,till,\n"
    report = bring(store, only(tmp_path / "later", sales=later))
    assert (report.files[0].added, report.files[0].repeated) == (2, 4)
    assert len(store.sales.lines(["MUG-R"], TODAY.replace(day=14), TODAY)) == 4


def test_a_folder_without_news_is_unchanged(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    before = counts(store)
    report = bring(
        store, only(tmp_path / "part", products=SHOP["products"], orders=SHOP["orders"], sales=SHOP["sales"])
    )
    assert (report.state, counts(store)) == ("unchanged", before)
    assert {file.file: (file.unchanged, file.repeated) for file in report.files} == {
        "products.csv": (3, 0), "orders.csv": (3, 0), "sales.csv": (0, 4),
    }  # fmt: skip


def test_columns_left_out_stay_and_empty_cells_empty(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    report = bring(
        store, only(tmp_path / "part", products="sku,name,price\nMUG-R,Red Mug 350ml,\nMUG-B,Blue Mug,9.50\n")
    )
    assert (report.files[0].changed, report.files[0].unchanged) == (1, 1)
    red = store.catalogue().products["MUG-R"]
    assert (red.name, red.price, red.cost, red.aliases) == (
        "Red Mug 350ml",
        None,
        Decimal("3.8"),
        ("little red mug", "ruby mug"),
    )


BAD_ROWS = [
    ("products", "sku,name,price\nA,Apple,1.00\nA,Again,2.00\n", 3, "sku", ""),
    ("products", "sku,name,price\nA,Apple,cheap\n", 2, "price", "cheap"),
    ("products", "sku,name,price\nA,Apple,-1\n", 2, "price", "-1"),
    ("products", "sku,name,price\nA,Apple,1.00001\n", 2, "price", "1.00001"),
    ("products", "sku,name,supplier\nA,Apple,NOBODY\n", 2, "supplier", "NOBODY"),
    ("products", "sku,name\n,Apple\n", 2, "sku", ""),
    ("products", f"sku,name\nA,{'x' * 301}\n", 2, "name", "x" * 79 + "…"),
    ("locations", "code,name,kind\nHIGH,High,castle\n", 2, "kind", "castle"),
    ("locations", "code,name,latitude\nHIGH,High,123\n", 2, "latitude", "123"),
    ("locations", "code,name\n@scrap,Scrap\n", 2, "code", "@scrap"),
    ("stock", "sku,location,quantity\nMUG-R,HIGH,-2\n", 2, "quantity", "-2"),
    ("stock", "sku,location,quantity\nMUG-R,MOON,2\n", 2, "location", "MOON"),
    ("stock", "sku,location,quantity\nNOPE,HIGH,2\n", 2, "sku", "NOPE"),
    ("stock", "sku,location,quantity\nMUG-R,HIGH,2\nMUG-R,HIGH,3\n", 3, "sku, location, lot, expires_on", ""),
    ("sales", "sold_at,sku,quantity\n31/12/2025,MUG-R,1\n", 2, "sold_at", "31/12/2025"),
    ("sales", "sold_at,sku,quantity\n2026-02-30,MUG-R,1\n", 2, "sold_at", "2026-02-30"),
    ("sales", "sold_at,sku,quantity\n2026-02-20,MUG-R,0\n", 2, "", ""),
    ("sales", 'sold_at,sku,quantity\n2026-02-20,"MUG-R"x,1\n', 2, "", ""),
    ("sales", "sold_at,sku,quantity\n2026-02-20,MUG-R,1,000\n", 2, "", ""),
    ("orders", "order_no,customer,status,sku,quantity\n1,C1,lost,MUG-R,1\n", 2, "status", "lost"),
    (
        "orders",
        "order_no,customer,status,sku,quantity\n1,C1,open,MUG-R,1\n1,C1,packed,MUG-B,1\n",
        3,
        "status",
        "packed",
    ),
    ("orders", "order_no,customer,status,sku,quantity\n1,C9,open,MUG-R,1\n", 2, "customer", "C9"),
    ("purchase_orders", "po_no,supplier,sku,quantity\nP1,ACME,MUG-R,none\n", 2, "quantity", "none"),
    ("feedback", "received_at,rating,text\n2026-03-01,6,Good\n", 2, "rating", "6"),
    ("sensor_readings", "read_at,sensor,value\n2026-03-01T10:00,F9,3\n", 2, "sensor", "F9"),
    ("users", "name,role\nEve,hacker\n", 2, "role", "hacker"),
    ("vehicles", "code,name,home,shift_from\nV,Van,WH,8 o'clock\n", 2, "shift_from", "8 o'clock"),
]


@pytest.mark.parametrize(("file", "text", "row", "column", "value"), BAD_ROWS)
def test_a_bad_row_is_named_with_its_place(
    sqlite_url: str, tmp_path: Path, file: str, text: str, row: int, column: str, value: str
):
    from tools.store import open_store

    store = open_store(sqlite_url)
    report = bring(store, folder(tmp_path / "shop", **{file: text}))
    assert report.state == "refused"
    assert (f"{file}.csv", row, column, value) in faults(report), report.summary()
    assert counts(store)["product"] == 0
    store.close()


def test_all_refused_rows_stand_in_the_report_file(store: Store, tmp_path: Path):
    bad = "".join(f"=SUM(A{number}),x\n" for number in range(120))
    report = bring(
        store,
        only(tmp_path / "shop", products="sku,name,price\nA,Apple,1\n" + bad.replace(",x", ",Name,x")),
        report_path=tmp_path / "report.csv",
    )
    rows = list(csv.DictReader((tmp_path / "report.csv").read_text(encoding="utf-8").splitlines()))
    assert (len(rows), len(report.refused), report.refused_total) == (120, 50, 120)
    assert rows[0]["row"] == "3" and rows[0]["column"] == "price"
    assert "and 70 more" in report.summary()


def test_the_report_file_cannot_start_a_formula(store: Store, tmp_path: Path):
    bring(
        store,
        only(tmp_path / "shop", products="sku,name,price\nA,Apple,=cmd()\n"),
        report_path=tmp_path / "report.csv",
    )
    (row,) = csv.DictReader((tmp_path / "report.csv").read_text(encoding="utf-8").splitlines())
    assert row["value"] == "'=cmd()"


def test_one_fault_is_told_once_not_with_all_that_follows_from_it(store: Store, tmp_path: Path):
    products = SHOP["products"].replace(
        "MUG-R,Red Mug,Mugs,each,501,little red mug;ruby mug,9.50", "MUG-R,Red Mug,Mugs,each,501,,dear"
    )
    orders = SHOP["orders"].replace("open,MUG-B,1", "open,MUG-B,none")
    report = bring(store, folder(tmp_path / "shop", products=products, orders=orders))
    assert faults(report) == [("products.csv", 2, "price", "dear"), ("orders.csv", 3, "quantity", "none")]


def test_keep_good_takes_the_good_rows_but_no_half_orders(store: Store, tmp_path: Path):
    orders = SHOP["orders"].replace("open,MUG-B,1", "open,NOPE,1")
    report = bring(store, folder(tmp_path / "shop", orders=orders), keep_good=True)
    assert report.state == "applied"
    assert [file.refused for file in report.files if file.file == "orders.csv"] == [2]
    assert counts(store)["sales_order"] == 1


def test_a_dry_run_says_what_would_happen_and_writes_nothing(store: Store, tmp_path: Path):
    report = bring(store, folder(tmp_path / "shop"), dry_run=True)
    assert report.state == "dry_run"
    assert sum(file.added for file in report.files) == 31
    assert set(counts(store).values()) == {0}


def test_the_first_import_needs_products(store: Store, tmp_path: Path):
    report = bring(store, only(tmp_path / "part", sales=SHOP["sales"]))
    assert report.state == "refused"
    assert faults(report) == [("products.csv", 0, "", "")]


def test_products_alone_make_a_shop_with_one_place(store: Store, tmp_path: Path):
    report = bring(store, only(tmp_path / "shop", products="sku,name\nA,Apple\n"))
    assert report.state == "applied"
    assert [(place.code, place.name) for place in store.catalogue().locations] == [("MAIN", "Main shop")]


def test_lists_that_are_missing_are_made_from_the_rows(store: Store, tmp_path: Path):
    files = {
        "products": "sku,name,supplier\nA,Apple,ACME\n",
        "stock": "sku,location,quantity\nA,WH,3\nA,,2\n",
    }
    report = bring(store, only(tmp_path / "shop", **files))
    assert report.state == "applied", report.summary()
    assert [supplier.code for supplier in store.catalogue().suppliers] == ["ACME"]
    assert {place.code for place in store.catalogue().locations} == {"WH", "MAIN"}
    assert any("taken from the rows" in note for file in report.files for note in file.notes)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_bom_crlf_and_empty_lines_are_no_trouble(
    store: Store, tmp_path: Path, delimiter: str
):
    text = '\ufeffsku,name,price,colour\r\n\r\nA,"Apple, red",1.50,red\r\n,,,\r\nB,Bread,2.00,\r\n'
    cells = text.replace('"Apple, red"', "Apple red").replace(",", delimiter)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "products.csv").write_bytes(cells.encode())
    report = bring(store, tmp_path / "shop")
    assert report.state == "applied", report.summary()
    products = report.files[0]
    assert (products.rows, products.added) == (2, 2)
    assert products.notes[1] == "columns not used: colour"


def test_line_numbers_are_those_of_the_file_even_after_a_cell_of_many_lines(store: Store, tmp_path: Path):
    text = 'sku,name,price\nA,"Apple\nvery\nred",1\n\nB,Bread,x\n'
    report = bring(store, only(tmp_path / "shop", products=text))
    assert faults(report) == [("products.csv", 6, "price", "x")]


HOSTILE = [
    (b"sku,name\nA,Caf\xe9\n", 2, "UTF-8"),
    ("sku,name\nA,Apple\n".encode("utf-16"), 1, "UTF-16"),
    (b"sku,name\nA,\x00\n", 2, "zero bytes"),
    (b"", 1, "header"),
    (b"\n\n", 1, "header"),
    (b"name,price\nApple,1\n", 1, "the column sku"),
    (b"sku,sku,name\nA,A,Apple\n", 1, "each column once"),
    (b"sku,name\n" + b"x" * 1_100_000, 2, "lines of at most"),
    (b"sku,name\nA," + b"x" * 20_000 + b"\n", 2, "cells of at most"),
    (b'sku,name\nA,"never ends\n' + b"B,b\n" * 10, 2, "quotes"),
    (b"PK\x03\x04 not a table", 1, "spreadsheet"),
    (b"\x1f\x8b\x08\x00broken", 0, "gz"),
    (b",".join(b"c%d" % number for number in range(300)) + b"\n", 1, "at most 200 columns"),
]


@pytest.mark.parametrize(("content", "row", "word"), HOSTILE)
def test_a_file_that_cannot_be_read_gets_one_clear_line(
    sqlite_url: str, tmp_path: Path, content: bytes, row: int, word: str
):
    from tools.store import open_store

    store = open_store(sqlite_url)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "products.csv").write_bytes(content)
    report = bring(store, tmp_path / "shop")
    assert report.state == "refused"
    assert (report.refused[0].row, word in report.refused[0].expected) == (row, True), report.summary()
    store.close()


def test_a_small_archive_that_never_ends_is_stopped(store: Store, tmp_path: Path):
    with gzip.open(tmp_path / "products.csv", "wb") as file:
        file.write(b"sku,name\n")
        for _ in range(60):
            file.write(b" " * 900_000 + b"\n")
    report = bring(store, tmp_path / "products.csv")
    assert report.state == "refused"
    assert "sane size" in report.summary()


def test_a_path_that_is_not_there_and_an_unknown_format_are_told(store: Store, tmp_path: Path):
    assert "folder or file that exists" in bring(store, tmp_path / "nothing").summary()
    assert "one of the formats" in bring(store, tmp_path, format="sap").summary()
    assert "CSV files of a shop" in bring(store, tmp_path).summary()


def test_progress_is_told_while_reading_and_writing(store: Store, tmp_path: Path):
    heard: list[ImportProgress] = []
    sales = "sold_at,sku,quantity\n" + "2026-03-01,MUG-R,1\n" * 20_000
    bring(store, folder(tmp_path / "shop", sales=sales), progress=heard.append)
    assert {progress.stage for progress in heard} == {"Reading", "Writing"}
    assert ImportProgress("sales.csv", 20_000) in heard


def test_every_import_leaves_an_audit_row_and_a_new_catalogue(store: Store, tmp_path: Path):
    before = store.catalogue().version
    bring(store, folder(tmp_path / "shop"))
    (event,) = store.audit.rows()
    assert (event.actor, event.action, event.subject) == ("anna", "import", "import 1")
    assert store.catalogue().version > before


def test_levels_of_an_empty_place_are_none(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    levels: list[Level] = store.stock.levels(["MUG-B"], today=TODAY)
    assert {level.location: level.on_hand for level in levels if level.location} == {"WH": Decimal(3)}
