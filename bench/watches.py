"""What one round of all watches costs in a shop of many products.

The shop is made up from a fixed seed: suppliers, stock at two places (a third of it in lots with dates), ninety
days of sales, orders on the way and late, sensors with a fortnight of readings, and a stored forecast of each
product.

    python bench/watches.py [--products 4000] [--books FILE]
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from connectors.feeds import load
from tools.kit import Ask
from tools.kit.watch import THE_SHOP, all_watches
from tools.store import Actor, Store, open_store
from tools.store.planning_facts import StoredForecast

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
SUPPLIERS, DAYS, WEEKS, ROUNDS = 40, 90, 13, 3
MANY = 50_000
GOALS = {4_000: 2.0, 100_000: 20.0}


def main() -> None:
    """Make the shop, look once to load the libraries, then time rounds."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--products", type=int, default=4_000)
    words.add_argument("--books", type=Path, help="keep the made-up shop here, or use the one that is there")
    chosen = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.books or Path(folder) / "shop.db"
        fresh = not path.exists()
        store = open_store(f"sqlite:///{path}", clock=lambda: NOW)
        if fresh:
            make(store, Path(folder) / "made-up", chosen.products)
        report(store, chosen.products)
        store.close()


def report(store: Store, products: int) -> None:
    """CPU seconds and sightings of each watch, and of the round."""
    ask = Ask(store, THE_SHOP, NOW, position=store.stock.position())
    look(ask)
    rounds = [look(ask) for _ in range(ROUNDS if products < MANY else 1)]
    best = min(rounds, key=lambda one: sum(seconds for seconds, _ in one.values()))
    for rule, (seconds, seen) in best.items():
        print(f"{rule:24} {seconds:7.3f} s of CPU, {seen:4} sightings")
    whole, goal = sum(seconds for seconds, _ in best.values()), GOALS.get(products)
    verdict = "" if goal is None else f" (goal {goal:.0f} s: {'reached' if whole <= goal else 'NOT reached'})"
    print(f"a round over {len(store.catalogue().products):,} products: {whole:.2f} s of CPU{verdict}")


def look(ask: Ask) -> dict[str, tuple[float, int]]:
    """One round: CPU seconds and number of sightings of each watch."""
    found = {}
    for rule, watch in all_watches().items():
        began = time.process_time()
        seen = watch.look(ask)
        found[rule] = (time.process_time() - began, len(seen))
    return found


# -- the shop ----------------------------------------------------------------------------------------


def make(store: Store, folder: Path, products: int) -> None:
    """Import the made-up shop and store a forecast of each product."""
    chance = np.random.default_rng(5)
    rates = chance.gamma(0.5, 1.0, products)
    folder.mkdir(parents=True)
    _write(folder, "locations", "code,name,kind", [("SHOP", "Shop", "shop"), ("WH", "Store", "warehouse")])
    suppliers = [(f"U{n:02}", f"Supplier {n}", 2 + n % 14, 50) for n in range(SUPPLIERS)]
    _write(folder, "suppliers", "code,name,lead_time_days,min_order_value", suppliers)
    goods = (
        (_sku(n), f"Thing number {n}", f"Group {n % 60}", 2 + n % 30, 1 + n % 15, f"U{n % SUPPLIERS:02}", 6)
        for n in range(products)
    )
    _write(folder, "products", "sku,name,category,price,cost,supplier,pack_size", goods)
    _write(folder, "stock", "sku,location,quantity,lot,expires_on", _stock(chance, rates))
    _write(folder, "sales", "sold_at,sku,location,quantity,unit_price,order_ref", _sales(chance, rates))
    orders = _orders(chance, products)
    columns = "po_no,supplier,status,ordered_at,expected_on,location,sku,quantity,received_quantity,unit_cost"
    _write(folder, "purchase_orders", columns, orders)
    _write(
        folder, "sensors", "code,name,kind,location,low,high", [("T1", "Fridge", "temperature", "WH", 1, 5)]
    )
    _write(folder, "sensor_readings", "read_at,sensor,value", _readings(chance))
    done = load(store, folder, actor=Actor("bench", "bench"), at=NOW)
    if done.state != "applied":
        sys.exit(f"the made-up shop was not taken: {done.summary()}")
    run = store.forecasts.start(TODAY - timedelta(days=1), "combination 1", products, NOW)
    if run is None:
        sys.exit("a forecast is under way already")
    for first in range(0, products, 5000):
        some = [_forecast(n, float(rates[n])) for n in range(first, min(first + 5000, products))]
        store.forecasts.save(run, some, NOW)
    store.forecasts.finish(run, {}, NOW)


def _sku(number: int) -> str:
    return f"S{number:06d}"


def _day(back: int) -> date:
    return TODAY - timedelta(days=back)


def _stock(chance: np.random.Generator, rates: Sequence[float]) -> Iterable[tuple[object, ...]]:
    """Stock for none to four months; every third product is kept by lot."""
    for number, rate in enumerate(rates):
        for place in ("SHOP", "WH"):
            quantity = round(rate * chance.uniform(0, 60))
            dated = number % 3 == 0
            if quantity:
                lot, day = ("L1", _day(-int(chance.integers(1, 90)))) if dated else ("", "")
                yield _sku(number), place, quantity, lot, day


def _sales(chance: np.random.Generator, rates: Sequence[float]) -> Iterable[tuple[object, ...]]:
    for number, rate in enumerate(rates):
        for back, units in enumerate(chance.poisson(rate, DAYS)):
            if units:
                yield f"{_day(back + 1)}", _sku(number), "SHOP", units, 2 + number % 30, f"t{number}-{back}"


def _orders(chance: np.random.Generator, products: int) -> Iterable[tuple[object, ...]]:
    """For each twentieth product an order that came, and one that is due, some of them late."""
    for number in range(0, products, 20):
        supplier, late = f"U{number % SUPPLIERS:02}", int(chance.integers(-10, 3))
        order = f"{number // 400}-{number % SUPPLIERS}"
        yield f"PO-{order}a", supplier, "received", _day(40), _day(30), "WH", _sku(number), 12, 12, 1
        yield f"PO-{order}b-{late}", supplier, "ordered", _day(12), _day(late), "WH", _sku(number), 12, "", 1


def _readings(chance: np.random.Generator) -> Iterable[tuple[object, ...]]:
    for step in range(14 * 48):
        yield (
            f"{NOW - timedelta(minutes=30 * step):%Y-%m-%dT%H:%M}",
            "T1",
            round(float(chance.normal(3, 0.4)), 1),
        )


def _forecast(number: int, rate: float) -> StoredForecast:
    sums = tuple(rate * 9 * week for week in range(1, WEEKS + 1))
    return StoredForecast(
        *(_sku(number), None, 0, _day(1), "combination 1", NOW, "combination", "smooth", "counts"),
        weekly=(rate * 7,) * WEEKS,
        sum_variance=sums,
        profile=(1 / 7,) * 7,
        periods=DAYS // 7,
    )


def _write(folder: Path, name: str, head: str, rows: Iterable[tuple[object, ...]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(head.split(","))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
