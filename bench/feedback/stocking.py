"""Worth stocking?  Each product of the fixture shop is reckoned from the others, as if it were not carried.

Its first four weeks of sales on record are held against the estimate from the names of the others.  The names
of a catalogue are kinder than customers' words for a thing, so the figures are the better end of what to expect.

    python -m bench.feedback.stocking
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np

from tools.maths.signals.stocking import EARLY_WEEKS, Carried, worth_stocking

SHOP = Path(__file__).resolve().parents[3] / "shared" / "eval" / "shop"
WEEK, WEEKS = 7, 4


def carried() -> list[Carried]:
    """The shop's products with the sales of their first weeks on record."""
    with (SHOP / "products.csv").open(encoding="utf-8", newline="") as file:
        products = list(csv.DictReader(file))
    sold: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    with (SHOP / "sales.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sold[row["sku"]][date.fromisoformat(row["sold_at"][:10])] += float(row["quantity"])
    return [
        Carried(row["sku"], row["name"], row["category"], _weeks(sold[row["sku"]]))
        for row in products
        if sold[row["sku"]]
    ]


def _weeks(by_day: dict[date, float]) -> np.ndarray:
    first = min(by_day)
    found = np.zeros(EARLY_WEEKS)
    for day, units in by_day.items():
        week = (day - first).days // WEEK
        if week < EARLY_WEEKS:
            found[week] += units
    return np.maximum(found, 0.0)


def main() -> None:
    """Print how near and how sure the estimates were."""
    if not SHOP.exists():
        print(f"{SHOP.name} is not here; this benchmark needs it and stops.")
        return
    known = carried()
    usual = WEEKS * float(np.mean([one.early.mean() for one in known]))
    inside, off, plain, came, unlike = [], 0.0, 0.0, 0.0, 0
    for place, one in enumerate(known):
        found = worth_stocking(one.name, "", [*known[:place], *known[place + 1 :]], WEEKS)
        actual = float(one.early[:WEEKS].sum())
        if found is None:
            continue
        inside.append(found.low <= actual <= found.high)
        unlike += not found.like
        off, plain, came = off + abs(found.mean - actual), plain + abs(usual - actual), came + actual
    print(f"{len(inside)} products, {unlike} of them like nothing else on the shelf")
    print(f"error: {off / came:.2f} of what sold; “as everything here sells” {plain / came:.2f}")
    print(f"within the range of 8 in 10 cases: {np.mean(inside):.0%}")


if __name__ == "__main__":
    main()
