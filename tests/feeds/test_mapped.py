"""Tables of strangers: columns guessed, shown and correctable; what is ambiguous is asked."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from connectors.feeds.cells import BadCell
from connectors.feeds.values import Ambiguous, DateStyle, date_order, decimal_sign, number
from tests.feeds.folders import TODAY, bring, folder
from tools.store import Store


def _csv(where: Path, text: str, name: str = "till.csv") -> Path:
    path = where / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_till_export_is_guessed_and_the_guess_is_shown(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    path = _csv(
        tmp_path,
        "Sale Date,Item Code,Description,Qty,Total,Branch\n13/03/2026 14:05,MUG-R,Red Mug,2,£19.00,High Street\n01/03/2026,TEA-1,Green Tea,1,£1.234.00,WH\n".replace(
            "£1.234.00", "£4.00"
        ),
    )
    report = bring(store, path)
    assert (report.state, report.format) == ("applied", "table"), report.summary()
    assert report.mapping is not None
    assert report.mapping["columns"] == {
        "sold_at": "Sale Date", "sku": "Item Code", "name": "Description", "location": "Branch", "quantity": "Qty", "amount": "Total",
    }  # fmt: skip
    assert report.mapping["date_format"] == "day-first"
    (line,) = store.sales.lines(["MUG-R"], TODAY.replace(day=13), TODAY.replace(day=13))
    assert (line.quantity, line.amount, line.location) == (2, Decimal(19), "HIGH")
    assert store.catalogue().products["TEA-1"].name == "Green Tea"
    assert "products that were not known, made from their names: 1" in report.summary()


def test_an_unknown_product_without_a_name_is_refused_by_their_column(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    report = bring(store, _csv(tmp_path, "Date,PLU,Qty\n2026-03-01,NOPE,1\n"))
    assert [(each.row, each.column, each.value) for each in report.refused] == [(2, "PLU", "NOPE")]


def test_products_are_found_by_barcode_or_name(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    assert (
        bring(
            store,
            _csv(tmp_path, "EAN,Stock\n501,7\n502,8\n").rename(tmp_path / "a.csv"),
            mapping={"defaults": {"location": "WH"}, "kind": "stock"},
        ).state
        == "applied"
    )
    assert bring(store, _csv(tmp_path, "Product,On hand,Store\nred mug,9,warehouse\n")).state == "applied"
    found = {
        level.sku: level.on_hand
        for level in store.stock.levels(["MUG-R", "MUG-B"], locations=["WH"], today=TODAY)
    }
    assert found == {"MUG-R": 9, "MUG-B": 8}


def test_a_product_list_alone_makes_a_shop(store: Store, tmp_path: Path):
    report = bring(
        store,
        _csv(
            tmp_path,
            "Product Name;Selling Price;Vendor;Department\nRed Mug;9,50 €;Acme;Mugs\nBig Jug;1.200,00 €;Acme;Jugs\n",
            "list.csv",
        ),
    )
    assert report.state == "applied", report.summary()
    products = store.catalogue().products
    assert {sku: (each.price, each.supplier) for sku, each in products.items()} == {
        "RED-MUG": (Decimal("9.5"), "Acme"), "BIG-JUG": (Decimal(1200), "Acme"),
    }  # fmt: skip


def test_ambiguous_dates_are_asked_not_guessed(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    path = _csv(tmp_path, "Date,SKU,Qty\n03/04/2026,MUG-R,1\n05/06/2026,MUG-R,2\n")
    report = bring(store, path)
    assert report.state == "refused"
    assert "which part of 05/06/2026 is the month; declare date_format" in report.summary()
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('date_format = "%m/%d/%Y"\nkind = "sales"\n', encoding="utf-8")
    assert bring(store, path, mapping=mapping).state == "applied"
    assert store.sales.last_sold(["MUG-R"])["MUG-R"].isoformat() == "2026-05-06"


def test_a_mapping_file_corrects_the_guess(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    path = _csv(tmp_path, "when,what,n,code\n2026-03-01,Red Mug,2,0042\n")
    mapping = tmp_path / "mapping.json"
    mapping.write_text(
        json.dumps(
            {
                "kind": "sales",
                "columns": {
                    "sold_at": "when",
                    "name": "what",
                    "quantity": "n",
                    "sku": "",
                    "order_ref": "code",
                },
            }
        )
    )
    report = bring(store, path, mapping=mapping)
    assert report.state == "applied", report.summary()
    (line,) = store.sales.lines(["MUG-R"], TODAY.replace(day=1), TODAY.replace(day=1))
    assert line.quantity == 2


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        ({"kind": "sales", "columns": {"sold_at": "nowhere"}}, "the column that the mapping names"),
        ({"kind": "sales", "columns": {"colour": "Date"}}, "one of our columns"),
        ({"kind": "weather", "columns": {}}, "products, stock, sales or reviews"),
        ({"kind": "sales", "colums": {}}, "only kind, columns"),
    ],
)
def test_a_wrong_mapping_is_told(store: Store, tmp_path: Path, mapping: dict[str, object], word: str):
    bring(store, folder(tmp_path / "shop"))
    report = bring(store, _csv(tmp_path, "Date,SKU,Qty\n2026-03-01,MUG-R,1\n"), mapping=mapping)
    assert report.state == "refused" and word in report.summary()


def test_a_workbook_keeps_leading_zeros_and_tells_formulas_without_result(store: Store, tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["SKU", "Name", "Price", "Case size", "Barcode"])
    sheet.append(["00042", "Red Mug", 9.5, 6, 5060417007202])
    sheet.append(["00043", "Blue Mug", "=C2+1", 12, "0012345678905"])
    book.save(tmp_path / "list.xlsx")
    report = bring(store, tmp_path / "list.xlsx")
    assert report.state == "applied", report.summary()
    products = store.catalogue().products
    assert (products["00042"].price, products["00042"].barcode, products["00043"].barcode) == (
        Decimal("9.5"),
        "5060417007202",
        "0012345678905",
    )
    assert "formulas without a saved result, read as empty: C3" in report.summary()


def test_a_workbook_that_is_none_or_unpacks_without_end_is_refused(store: Store, tmp_path: Path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + b"x" * 100)
    assert "damaged" in bring(store, tmp_path / "a.xlsx").summary()
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert "sane size" in bring(store, tmp_path / "b.xlsx").summary()


SHOPIFY = """\
Name,Email,Financial Status,Created at,Cancelled at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Source
#1001,a@example.com,paid,2026-03-01 10:20:30 +0000,,2,Red Mug,9.50,MUG-R,web
#1001,a@example.com,,,,1,Teapot - Large,29.00,TP-1,
#1002,b@example.com,voided,2026-03-02 11:00:00 +0000,2026-03-02 12:00:00 +0000,5,Red Mug,9.50,MUG-R,web
"""
SQUARE = """\
Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Event Type
2026-03-01,09:15:00,London,Mugs,Red Mug,2.0,Regular,MUG-R,$19.00,$0.00,$19.00,$0.00,T1,Payment
2026-03-01,09:20:00,London,Tea,Green Tea,-1.0,100g,,-$4.00,$0.00,-$4.00,$0.00,T2,Refund
"""


def test_shopify_orders_are_known_by_their_headers(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    report = bring(store, _csv(tmp_path, SHOPIFY))
    assert (report.state, report.format) == ("applied", "shopify"), report.summary()
    assert report.files[0].added == 2
    assert "rows left out because they are no sales: 1" in report.summary()
    assert store.catalogue().products["TP-1"].name == "Teapot - Large"


def test_square_items_are_known_by_their_headers(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    report = bring(store, _csv(tmp_path, SQUARE), format="square")
    assert report.state == "applied", report.summary()
    (total,) = store.sales.totals(first=TODAY.replace(day=1), last=TODAY.replace(day=1))
    assert (total.sold, total.returned, total.revenue) == (2, 1, Decimal(15))
    assert store.catalogue().products["GREEN-TEA-100G"].category == "Tea"


def test_shopify_products_take_title_and_option(store: Store, tmp_path: Path):
    text = (
        "Handle,Title,Vendor,Type,Option1 Value,Variant SKU,Variant Price,Variant Barcode,Image Src\n"
        "mug,Mug,Acme,Mugs,Red,M-R,9.50,123,x\nmug,,,,Blue,M-B,9.50,124,\nmug,,,,,,,,y\ntray,Tray,Acme,Trays,Default Title,T-1,20.00,,\n"
    )
    report = bring(store, _csv(tmp_path, text))
    assert report.state == "applied", report.summary()
    assert {sku: product.name for sku, product in store.catalogue().products.items()} == {
        "M-R": "Mug Red",
        "M-B": "Mug Blue",
        "T-1": "Tray",
    }


def test_the_wrong_format_is_told(store: Store, tmp_path: Path):
    assert "columns of a Shopify export" in bring(store, _csv(tmp_path, SQUARE), format="shopify").summary()


@pytest.mark.parametrize(
    ("cell", "decimal", "plain"),
    [
        ("1,234.50", ".", "1234.50"), ("£1,234", ".", "1234"), ("1.234,50 €", ",", "1234.50"), ("12,5", ",", "12.5"),
        ("(3.50)", ".", "-3.50"), ("3.50-", ".", "-3.50"), ("-$4.00", ".", "-4.00"), ("1 234,5", ",", "1234.5"), (".5", ".", "0.5"), ("", ".", ""),
        ("-0.00", ".", "0.00"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(cell: str, decimal: str, plain: str):
    assert number(cell, decimal) == plain


@pytest.mark.parametrize(
    ("cell", "decimal"), [("1,2,3", "."), ("12.345,6", "."), ("abc", "."), ("1e5", "."), ("--", ".")]
)
def test_what_is_no_number_is_refused(cell: str, decimal: str):
    with pytest.raises(BadCell):
        number(cell, decimal)


def test_the_decimal_sign_needs_evidence():
    assert decimal_sign(["1,234.50", "3"]) == "."
    assert decimal_sign(["9,50", "1.234"]) == ","
    assert decimal_sign(["7", ""]) == "."
    for unclear in (["1,234"], ["1.50", "1,50"]):
        with pytest.raises(Ambiguous):
            decimal_sign(unclear)


def test_the_order_of_dates_needs_evidence():
    assert date_order(["03/04/2026", "31/01/2026"]) == "day-first"
    assert date_order(["03/04/2026", "01/31/2026"]) == "month-first"
    assert date_order(["03.04.2026"]) == "day-first"
    assert date_order(["2026-03-04", "4 Mar 2026"]) == ""
    for unclear in (["03/04/2026"], ["31/01/2026", "01/31/2026"]):
        with pytest.raises(Ambiguous):
            date_order(unclear)


@pytest.mark.parametrize(
    ("cell", "order", "iso"),
    [
        ("31/03/2026", "day-first", "2026-03-31"), ("3/31/26 2:05 PM", "month-first", "2026-03-31T14:05"),
        ("31 Mar 2026", "", "2026-03-31"), ("Mar 31, 2026 09:00", "", "2026-03-31T09:00"), ("2026/3/1", "", "2026-03-01"),
        ("2026-03-01 10:20:30 +0000", "", "2026-03-01T10:20:30+0000"), ("12:30", "", None), ("31/02/2026", "day-first", None),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(cell: str, order: str, iso: str | None):
    if iso is None:
        with pytest.raises(BadCell):
            DateStyle(order=order).read(cell)
    else:
        assert DateStyle(order=order).read(cell) == iso
