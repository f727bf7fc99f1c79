"""A shop with 100,000 products: catalogue and index, product resolution, memory, turns through the front door."""

from __future__ import annotations

import csv
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from served import percentile, resident_mb, say, server

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
PRODUCTS = int(sys.argv[1]) if "".join(sys.argv[1:2]).isdecimal() else 100_000
COLOURS = [
    "red",
    "blue",
    "green",
    "white",
    "black",
    "grey",
    "navy",
    "ivory",
    "pink",
    "yellow",
    "teal",
    "amber",
    "olive",
    "coral",
    "plum",
]
STYLES = [
    "retro",
    "classic",
    "striped",
    "spotted",
    "enamel",
    "stoneware",
    "wooden",
    "glass",
    "steel",
    "bamboo",
    "linen",
    "woven",
    "oval",
    "square",
    "tall",
]
THINGS = [
    "mug",
    "bowl",
    "plate",
    "candle",
    "cushion",
    "towel",
    "apron",
    "board",
    "tray",
    "jug",
    "teapot",
    "lamp",
    "clock",
    "frame",
    "vase",
    "basket",
    "rug",
    "throw",
    "kettle",
    "pan",
    "whisk",
    "ladle",
    "grater",
    "coaster",
    "hook",
    "shelf",
    "box",
    "tin",
    "jar",
    "bottle",
    "scarf",
    "hat",
    "glove",
    "sock",
    "bag",
    "purse",
    "belt",
    "card",
]
SIZES = [
    "small",
    "medium",
    "large",
    "100ml",
    "250ml",
    "350ml",
    "500ml",
    "750ml",
    "1l",
    "20cm",
    "30cm",
    "45cm",
]


def name(number: int) -> str:
    """A different name for every number: mixed radix over the words, then a series."""
    parts = []
    for words in (COLOURS, STYLES, THINGS, SIZES):
        number, rest = divmod(number, len(words))
        parts.append(words[rest])
    series = f" series {number}" if number else ""
    return f"{parts[0]} {parts[1]} {parts[2]} {parts[3]}{series}".title()


def write_shop(folder: Path) -> None:
    rng = random.Random(7)
    with (folder / "products.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["sku", "name", "category", "unit", "barcode", "price", "cost"])
        for number in range(PRODUCTS):
            price = rng.randint(100, 9900) / 100
            row = [
                f"S{number:06d}",
                name(number),
                f"Group {number % 120}",
                "each",
                f"{5_000_000_000_000 + number}",
            ]
            out.writerow([*row, f"{price:.2f}", f"{price / 2:.2f}"])
    (folder / "locations.csv").write_text("code,name,kind\nNORTH,North shop,shop\nSOUTH,South shop,shop\n")
    with (folder / "stock.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["sku", "location", "quantity"])
        for number in range(PRODUCTS):
            out.writerow([f"S{number:06d}", "NORTH" if number % 3 else "SOUTH", rng.randint(1, 60)])


def resolve(data: Path) -> None:
    from datetime import UTC, datetime

    from assistant.app import load_parser
    from intents.context import Memory
    from tools.store import open_store

    store = open_store(f"sqlite:///{data / 'shop.db'}")
    started = time.perf_counter()
    catalogue = store.catalogue()
    read = time.perf_counter() - started
    parser = load_parser()
    started = time.perf_counter()
    parser.index(catalogue)
    print(
        f"catalogue read {read:.1f} s, index built {time.perf_counter() - started:.1f} s (goal: 10 s together)"
    )
    rng = random.Random(11)
    times, right = [], 0
    for _ in range(300):
        number = rng.randrange(PRODUCTS)
        wanted = name(number).lower()
        at = rng.randrange(3, len(wanted) - 3)
        typed = wanted[:at] + wanted[at + 1 :] if rng.random() < 0.5 else wanted
        started = time.perf_counter()
        found = parser.read(f"how many {typed} left?", Memory(), catalogue=catalogue, now=datetime.now(UTC))
        times.append((time.perf_counter() - started) * 1000)
        right += f"S{number:06d}" in (found.requests[0].parse.slots.get("products") or [])
    print(
        f"whole parse: median {statistics.median(times):.1f} ms, 95 % {percentile(times, 0.95):.1f} ms (goal: median 20); "
        f"right one among those found {right}/300"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        shop = data / "shop"
        shop.mkdir()
        write_shop(shop)
        from served import command

        started = time.perf_counter()
        done = command("import", str(shop), data=data)
        print(f"import: {time.perf_counter() - started:.1f} s, exit {done.returncode} {done.stderr.strip()}")
        resolve(data)
        with server(data) as (client, pid):
            say(client, "how many red retro mugs left")
            times = []
            for turn in range(100):
                started = time.perf_counter()
                say(
                    client,
                    f"how many {name(turn * 977 % PRODUCTS).lower()} left",
                    conversation=f"c{turn % 5}",
                )
                times.append((time.perf_counter() - started) * 1000)
            print(f"turns: median {statistics.median(times):.0f} ms, 95 % {percentile(times, 0.95):.0f} ms")
            print(f"resident: {resident_mb(pid):.0f} MB (goal: 1,000)")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
