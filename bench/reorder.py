"""A proposal for a whole shop from stored forecasts, and ten of its lines with their arithmetic, to check by hand.

Sales are those of a real shop (Online Retail).  It tells neither stock nor suppliers nor packs, so these are made up
from a fixed seed: twelve suppliers with lead times and least orders, packs, stock for none to four weeks, an order on
its way (some of them overdue) for each eighth product.
"""

from __future__ import annotations

import csv
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from served import SHARED, command, need

from assistant.jobs import run
from connectors.feeds.loading import load
from tools.kit import Ask, Reply, all_tools
from tools.kit.proposals import Wish, advise
from tools.maths.demand.laws import Law
from tools.maths.replenishment import ProposedLine
from tools.store import Actor, Store, User, open_store

EXPORT = SHARED / "data" / "online-retail" / "transactions.csv.gz"
NOW = datetime(2011, 12, 10, 9, tzinfo=UTC)
NEXT_WEEK = {"from": "2011-12-12", "to": "2011-12-18"}
ORDER_COLUMNS = "po_no,supplier,status,ordered_at,expected_on,location,sku,quantity,unit_cost"
ROUNDS, LINES, GOAL_SECONDS = 5, 10, 2.0
SUPPLIERS = 12


def main() -> None:
    """Books with forecasts, the proposal timed, ten lines worked out."""
    need(EXPORT)
    with tempfile.TemporaryDirectory() as folder:
        given = os.environ.get("REORDER_BOOKS")  # books made by an earlier run
        store = _opened(Path(given)) if given else _made(Path(folder))
        ask = Ask(store, User(1, "Anna", "owner"), NOW)
        tool = all_tools()["reorder.suggest"]
        reply = tool.call(ask, {"period": NEXT_WEEK})
        if not isinstance(reply, Reply):
            raise SystemExit(f"no proposal: {reply}")
        wall, used = _timed(lambda: tool.call(ask, {"period": NEXT_WEEK}))
        print(
            f"{reply.data['checked']:,} products looked at, {reply.data['total']:,} lines, status {reply.data['status']}"
        )
        print(
            f"“reorder for next week”: {wall:.2f} s, {used:.2f} s of CPU (median of {ROUNDS}; goal {GOAL_SECONDS} s)"
        )
        print(reply.text, "\n")
        _work_out(store)
        store.close()


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    walls, uses = [], []
    for _ in range(ROUNDS):
        began, spent = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - began)
        uses.append(time.process_time() - spent)
    return statistics.median(walls), statistics.median(uses)


# -- the books ---------------------------------------------------------------------------------------


def _opened(path: Path) -> Store:
    return open_store(f"sqlite:///{path}", clock=lambda: NOW)


def _made(folder: Path) -> Store:
    done = command("import", str(EXPORT), data=folder, now=NOW.isoformat())
    if done.returncode:
        sys.exit(done.stderr)
    store = _opened(folder / "shop.db")
    _make_up(store, folder / "made-up")
    began = time.perf_counter()
    outcome = run(store, quick=True)
    print(
        f"forecasts of {outcome.products:,} products: {time.perf_counter() - began:.0f} s ({outcome.state})"
    )
    return store


def _make_up(store: Store, folder: Path) -> None:
    """Suppliers, costs, packs and stock, imported like any shop's."""
    rng = random.Random(2011)
    folder.mkdir()
    last = date(2011, 12, 9)
    sold = {one.key: one.net for one in store.sales.totals(first=date(2011, 9, 10), last=last, by="product")}
    suppliers = [(f"S{n:02}", f"Supplier {n}", 3 + 2 * n, 50 * n) for n in range(1, SUPPLIERS + 1)]
    _write(folder / "suppliers.csv", "code,name,lead_time_days,min_order_value", suppliers)
    place = next((each.code for each in store.catalogue().locations), "")
    goods, stock = [], []
    for product in store.catalogue().products.values():
        cost = ((product.price or Decimal(1)) / 2).quantize(Decimal("0.01"))
        code = f"S{rng.randint(1, SUPPLIERS):02}"
        goods.append((product.sku, product.name, product.price, cost, code, rng.choice((1, 6, 12, 24))))
        weekly = max(sold.get(product.sku, Decimal(0)), Decimal(0)) / 13
        stock.append((product.sku, place, round(float(weekly) * rng.uniform(0, 4))))
    _write(folder / "products.csv", "sku,name,price,cost,supplier,pack_size", goods)
    _write(folder / "stock.csv", "sku,location,quantity", stock)
    _write(folder / "purchase_orders.csv", ORDER_COLUMNS, _on_their_way(goods, sold, place, rng))
    report = load(store, folder, actor=Actor("bench", "bench"), at=NOW)
    if report.state != "applied":
        sys.exit(f"the made-up books were not taken: {report}")


def _on_their_way(
    goods: list[tuple[Any, ...]], sold: Mapping[str, Decimal], place: str, rng: random.Random
) -> list[tuple[Any, ...]]:
    """An open order of each supplier: about two weeks of each eighth product, due from 3 days ago to 12 ahead."""
    found = []
    due = {f"S{n:02}": NOW.date() + timedelta(days=rng.randint(-3, 12)) for n in range(1, SUPPLIERS + 1)}
    for sku, _, _, cost, code, pack in goods[::8]:
        packs = max(round(float(max(sold.get(sku, Decimal(0)), Decimal(0))) / 6.5 / pack), 1)
        ordered = due[code] - timedelta(days=14)
        number = f"PO-2{int(code[1:]):03}"
        found.append((number, code, "ordered", ordered, due[code], place, sku, packs * pack, cost))
    return sorted(found)


def _write(path: Path, head: str, rows: list[tuple[Any, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(head.split(","))
        writer.writerows(rows)


# -- the arithmetic ----------------------------------------------------------------------------------


def _work_out(store: Store) -> None:
    products = list(store.catalogue().products.values())
    advice = advise(store, products, Wish(NOW.date(), None, date(2011, 12, 18)))
    step = max(len(advice.lines) // LINES, 1)
    for line in advice.lines[::step][:LINES]:
        print(_worked(store, line))


def _worked(store: Store, line: ProposedLine) -> str:
    item, one = line.item, line.decision
    stored = store.forecasts.of([item.sku])[0]
    days = item.lead.mean_days + one.review_days
    law = Law(one.mean, one.sd**2, item.outlook.kind)
    rate = one.mean / days
    start = item.outlook.day_number(one.day)
    plain = item.outlook.variance(start, start + days)
    weeks = ", ".join(f"{mean:.2f}" for mean in stored.weekly[: int(days // 7) + 1])
    shares = " ".join(f"{share:.3f}" for share in stored.profile)
    point = one.reorder_point
    coming = sum(each.quantity for each in item.on_order)
    return "\n".join(
        (
            f"{item.sku} {store.catalogue().products[item.sku].name}",
            f"  weeks of the forecast: {weeks}; {days:.1f} days = lead {item.lead.mean_days:.1f} + {one.review_days:.1f}",
            f"  from {one.day:%A} on; shares of a week from Monday: {shares}",
            f"  demand over them: mean {one.mean:.2f}; variance {plain:.2f} + ({rate:.3f} a day × {item.lead.sd_days:.2f} days)²"
            f" = {one.sd**2:.2f}",
            f"  P(demand ≤ {point:.0f}) = {law.cdf(point):.4f} ≥ {one.level} > P(≤ {point - 1:.0f}) = {law.cdf(point - 1):.4f}",
            f"  there {item.on_hand:.0f} - promised {item.reserved:.0f} + coming in time {one.position - item.available:.0f}"
            f" (of {coming:.0f}) = {one.position:.0f} ≤ {point:.0f}; up to {one.order_up_to:.0f}: {one.needed:.0f} missing",
            f"  order {line.quantity:.0f} (packs of {item.pack_size:.0f}; {'; '.join(line.limits) or 'no other rule'})"
            f" × {line.unit_cost:.2f} = {line.cost:.2f}, here {line.arrives_on}",
        )
    )


if __name__ == "__main__":
    main()
