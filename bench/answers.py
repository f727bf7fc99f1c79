"""Forty questions about the fixture shop: answered numbers against a few independent lines over the CSV."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from served import SHARED, command, need, say, server

SHOP = SHARED / "eval" / "shop"
NOW = "2026-03-16T09:00"
TODAY = date(2026, 3, 16)
need(SHOP)


def rows(name: str) -> list[dict[str, str]]:
    with (SHOP / f"{name}.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


STOCK, SALES, PRODUCTS = rows("stock"), rows("sales"), {row["sku"]: row for row in rows("products")}
CATEGORY = {sku: row["category"] for sku, row in PRODUCTS.items()}


def total(values: Iterable[str]) -> Decimal:
    return sum((Decimal(value) for value in values), Decimal(0))


def on_hand(*skus: str, place: str = "") -> Decimal:
    return total(r["quantity"] for r in STOCK if r["sku"] in skus and place in ("", r["location"]))


def sold(first: str, last: str, *skus: str, place: str = "", category: str = "") -> Decimal:
    return total(r["quantity"] for r in _sales(first, last, skus, place, category))


def revenue(first: str, last: str, *skus: str, place: str = "", category: str = "") -> Decimal:
    lines = _sales(first, last, skus, place, category)
    return sum((Decimal(r["quantity"]) * Decimal(r["unit_price"]) for r in lines), Decimal(0))


def _sales(first: str, last: str, skus: tuple[str, ...], place: str, category: str) -> list[dict[str, str]]:
    return [
        row
        for row in SALES
        if first <= row["sold_at"][:10] <= last
        and (not skus or row["sku"] in skus)
        and place in ("", row["location"])
        and category in ("", CATEGORY[row["sku"]])
    ]


def best(first: str, last: str, category: str = "") -> list[Decimal]:
    units: dict[str, Decimal] = {}
    for row in _sales(first, last, (), "", category):
        units[row["sku"]] = units.get(row["sku"], Decimal(0)) + Decimal(row["quantity"])
    return sorted(units.values(), reverse=True)[:3]


def value(place: str = "", category: str = "") -> Decimal:
    kept = [r for r in STOCK if place in ("", r["location"]) and category in ("", CATEGORY[r["sku"]])]
    return sum((Decimal(r["quantity"]) * Decimal(PRODUCTS[r["sku"]]["cost"]) for r in kept), Decimal(0))


def lots_going_off(last: str) -> Decimal:
    first = TODAY.isoformat()
    return Decimal(sum(1 for r in STOCK if first <= r["expires_on"] <= last and Decimal(r["quantity"]) > 0))


QUESTIONS: list[tuple[str, Callable[[], list[Decimal]]]] = [
    ("how many red mugs left?", lambda: [on_hand("MUG-RED-350", "MUG-RED-500")]),
    ("how many MUG-RED-350 do we have", lambda: [on_hand("MUG-RED-350")]),
    ("how many espresso cups in the warehouse", lambda: [on_hand("MUG-ESP-090", place="WH")]),
    ("stock of pasta bowls at high street", lambda: [on_hand("BWL-PAS-23", place="HIGHST")]),
    ("have we got any wool throws", lambda: [on_hand("TXT-THR-WOL")]),
    ("how many bananas left", lambda: [on_hand("FRT-BAN-KG")]),
    ("how much hummus do we have in the fridge", lambda: [on_hand("DEL-HUM-200", place="FRIDGE")]),
    ("5060417007202 how many", lambda: [on_hand("MUG-RED-350")]),
    ("how many halloumi", lambda: [on_hand("CHS-HAL-225")]),
    ("how many moka pots left at the harbour", lambda: [on_hand("KIT-MOK-6", place="HARBOUR")]),
    ("count of birthday cards in stock", lambda: [on_hand("GFT-CRD-BDY")]),
    ("is there any ginger beer left", lambda: [on_hand("DRK-GGB-330")]),
    ("how many blue mugs do we have left", lambda: [on_hand("MUG-BLU-350", "MUG-BLU-500")]),
    ("how many vanilla candles", lambda: [on_hand("CDL-VAN-S", "CDL-VAN-L")]),
    ("where are the wooden toy trains", lambda: [on_hand("GFT-TRN-WD", place="WH")]),
    ("how much basil pesto is there", lambda: [on_hand("DEL-PST-190")]),
    (
        "how many red mugs did we sell last week",
        lambda: [sold("2026-03-09", "2026-03-15", "MUG-RED-350", "MUG-RED-500")],
    ),
    (
        "how many butter croissants did we sell yesterday",
        lambda: [sold("2026-03-15", "2026-03-15", "PAS-CRO-01")],
    ),
    ("revenue yesterday", lambda: [revenue("2026-03-15", "2026-03-15")]),
    ("revenue last week", lambda: [revenue("2026-03-09", "2026-03-15")]),
    ("revenue in february", lambda: [revenue("2026-02-01", "2026-02-28")]),
    ("cheese sales last month", lambda: [sold("2026-02-01", "2026-02-28", category="Cheese")]),
    (
        "how many teddy bears sold in december",
        lambda: [sold("2025-12-01", "2025-12-31", "GFT-BER-SM", "GFT-BER-LG")],
    ),
    ("sales at the harbour shop last week", lambda: [revenue("2026-03-09", "2026-03-15", place="HARBOUR")]),
    (
        "how many hot cross buns did we sell last 7 days",
        lambda: [sold("2026-03-10", "2026-03-16", "PAS-HCB-4")],
    ),
    (
        "how many sourdough loaves did we sell on saturday",
        lambda: [sold("2026-03-14", "2026-03-14", "BRD-SDG-800", "BRD-SDG-400")],
    ),
    ("how much did coffee make last month", lambda: [revenue("2026-02-01", "2026-02-28", category="Coffee")]),
    ("avocado sales since 1 march", lambda: [sold("2026-03-01", "2026-03-16", "FRT-AVO-01")]),
    (
        "how many wine glasses did we sell in 2025",
        lambda: [sold("2025-01-01", "2025-12-31", "GLS-WIN-350", "GLS-WIN-S6")],
    ),
    ("honey sold last quarter", lambda: [sold("2025-10-01", "2025-12-31", "DEL-HNY-340")]),
    ("best sellers last week", lambda: best("2026-03-09", "2026-03-15")),
    ("top 3 cheeses last month", lambda: best("2026-02-01", "2026-02-28", "Cheese")),
    ("what do we pay for red mugs", lambda: [Decimal("3.80"), Decimal("4.90")]),
    ("price of the oak chopping board", lambda: [Decimal("25.00")]),
    ("lead time for halloumi", lambda: [Decimal(1)]),
    ("pack size of espresso cups", lambda: [Decimal(12)]),
    ("shelf life of feta", lambda: [Decimal(60)]),
    ("how much money is tied up in stock", lambda: [value()]),
    ("what is the stock in the warehouse worth", lambda: [value(place="WH")]),
    ("value of the candles", lambda: [value(category="Candles")]),
    ("what goes off by 20 march", lambda: [lots_going_off("2026-03-20")]),
]


def numbers(text: str) -> set[Decimal]:
    return {Decimal(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        loaded = command("import", str(SHOP), data=data, now=NOW)
        print(loaded.stdout.strip().splitlines()[-1] if loaded.stdout else loaded.stderr)
        right = 0
        with server(data, NOW) as (client, _pid):
            for index, (question, expected) in enumerate(QUESTIONS):
                text = say(client, question, conversation=f"q{index}")["text"]
                wanted = [round(number, 2) for number in expected()]
                good = set(wanted) <= numbers(text)
                right += good
                if not good:
                    print(f"  WRONG {question!r}: wanted {[str(n) for n in wanted]}, got {text!r}")
        print(f"{right} of {len(QUESTIONS)} questions answered with the number of the files")


if __name__ == "__main__":
    main()
