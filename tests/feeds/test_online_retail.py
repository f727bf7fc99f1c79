"""The raw export of an online wholesaler: every line has a class, and nothing is lost."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.feeds.titles import shop_title
from tests.feeds.folders import bring
from tools.store import Store

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINES = """\
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26,2.55,17850,United Kingdom
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26,2.55,17850,United Kingdom
536366,85123a,CREAM HANGING HEART T-LIGHT HOLDER,1,2010-12-01 09:00,5.06,,United Kingdom
C536367,85123A,WHITE HANGING HEART T-LIGHT HOLDER,-2,2010-12-02 10:00,2.55,17850,United Kingdom
536368,85123A,damaged,-10,2010-12-02 11:00,0,,United Kingdom
536369,22423,,56,2010-12-02 11:30,0.00,,United Kingdom
536370,22423,REGENCY CAKESTAND 3 TIER,1,2010-12-02 11:45,0,12415,France
536371,POST,POSTAGE,3,2010-12-02 12:00,18.00,12583,France
536372,gift_0001_20,Dotcomgiftshop Gift Voucher £20.00,1,2010-12-02 12:00,16.67,,United Kingdom
A563187,B,Adjust bad debt,1,2011-08-12 14:52,-11062.06,,United Kingdom
536373,DCGSSGIRL,GIRLS PARTY BAG,2,2010-12-03 09:00,3.29,,United Kingdom
"""


def _export(where: Path, lines: str = LINES) -> Path:
    path = where / "export.csv"
    path.write_text(HEADER + lines, encoding="utf-8")
    return path


def test_every_line_has_a_class_and_the_sums_are_the_files(store: Store, tmp_path: Path):
    report = bring(store, _export(tmp_path))
    assert (report.state, report.format) == ("applied", "online-retail"), report.summary()
    assert dict(report.files[0].classes) == {
        "sales": {"rows": "5", "units": "16", "money": "42.24"},
        "returns (cancellations)": {"rows": "1", "units": "-2", "money": "-5.10"},
        "stock adjustments": {"rows": "2", "units": "46", "money": "0.00"},
        "charges (postage, fees, vouchers, bad debt)": {"rows": "3", "units": "5", "money": "-10,991.39"},
        "all lines": {"rows": "11", "units": "65", "money": "-10,954.25"},
    }


def test_products_take_their_usual_name_and_price(store: Store, tmp_path: Path):
    bring(store, _export(tmp_path))
    found = {sku: (product.name, product.price) for sku, product in store.catalogue().products.items()}
    assert found == {
        "85123A": ("White Hanging Heart T-Light Holder", Decimal("2.55")),
        "22423": ("Regency Cakestand 3 Tier", None),
        "DCGSSGIRL": ("Girls Party Bag", Decimal("3.29")),
    }


def test_sales_returns_and_charges_are_told_apart_in_the_figures(store: Store, tmp_path: Path):
    bring(store, _export(tmp_path))
    (total,) = store.sales.totals(first=date(2010, 12, 1), last=date(2010, 12, 31), skus=["85123A"])
    assert (total.sold, total.returned, total.revenue) == (13, 2, Decimal("30.56"))
    assert store.sales.charges(date(2010, 12, 1), date(2011, 12, 31)) == Decimal("-10991.39")
    notes = [line.note for line in store.sales.adjustments(["85123A"], date(2010, 12, 1), date(2010, 12, 31))]
    assert notes == ["damaged"]


def test_packed_exports_and_longer_ones_add_only_new_lines(store: Store, tmp_path: Path):
    bring(store, _export(tmp_path))
    longer = LINES + "536374,22423,REGENCY CAKESTAND 3 TIER,2,2010-12-04 09:00,12.75,12415,France\n"
    path = tmp_path / "longer.csv.gz"
    path.write_bytes(gzip.compress((HEADER + longer).encode()))
    report = bring(store, path)
    assert (report.files[0].added, report.files[0].repeated) == (1, 11)
    assert store.catalogue().products["22423"].price is None


def test_bad_lines_are_named(store: Store, tmp_path: Path):
    report = bring(
        store,
        _export(
            tmp_path, LINES + "1,X1,A,many,2010-12-01,1,,UK\n2,X1,A,1,soon,1,,UK\n3,,A,1,2010-12-01,1,,UK\n"
        ),
    )
    assert [(each.row, each.column, each.value) for each in report.refused] == [
        (13, "Quantity", "many"),
        (14, "InvoiceDate", "soon"),
        (15, "StockCode", ""),
    ]


@pytest.mark.parametrize(
    ("shouted", "title"),
    [
        ("RED RETROSPOT  50'S CHRISTMAS", "Red Retrospot 50's Christmas"),
        ("SET OF 3 CAKE TINS PANTRY DESIGN", "Set of 3 Cake Tins Pantry Design"),
        ("CHILDREN'S APRON DOLLY GIRL 21CM", "Children's Apron Dolly Girl 21cm"),
        ("LED TEA LIGHTS", "LED Tea Lights"),
        ("Flower Fairy Pink", "Flower Fairy Pink"),
        ("THE KING GIFT BAG 25x24x12cm", "THE KING GIFT BAG 25x24x12cm"),
    ],
)
def test_capitals_become_a_title(shouted: str, title: str):
    assert shop_title(shouted) == title


def test_american_dates_in_an_old_encoding_are_read_as_declared_and_seen(store: Store, tmp_path: Path):
    lines = "536365,85123A,CAF\u00c9 MUG,6,12/1/2010 8:26,2.55,17850,UK\n536366,85123A,CAF\u00c9 MUG,1,12/13/2010 9:05,2.55,,UK\n"
    path = tmp_path / "data.csv"
    path.write_bytes((HEADER + lines).encode("cp1252"))
    assert "Windows-1252" in bring(store, path).summary()
    report = bring(store, path, mapping={"encoding": "cp1252"})
    assert (report.state, report.format) == ("applied", "online-retail"), report.summary()
    assert store.sales.coverage() == (date(2010, 12, 1), date(2010, 12, 13))
