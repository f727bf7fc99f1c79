"""Understanding in one table: our own sets, the evaluation samples, calibration, speed, memory, size.

    python bench/understanding.py [--eval ../shared/eval] [--all]

Our own sets (bench/language) were written before the templates were tuned and are never trained on.
The samples and their scorer are not part of the project; where they are absent, that part is left out.
``--all`` also runs the benches of the classifier, of dates and of products, one after the other.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from scoring import Tally

from intents import Memory, Parser, parse_lines
from intents.lines import parse_json
from intents.model_files import default_cache
from tools.store import Catalogue, Location, Named, Product, Sensor, Supplier

OWN = Path(__file__).parent / "language"
NOW = datetime.fromisoformat("2026-03-16T09:00")
MESSAGES = (
    "how many red mugs are left at the harbour",
    "order 12 cases of oat milk from green valley by friday",
    "what sold best last month and what should i reorder",
    "whats the wether like",
    "move 5 blue tumblers from the warehouse to high street",
)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    ask.add_argument("--all", action="store_true", help="also run the benches of the parts")
    told = ask.parse_args()
    folder = told.eval
    cold_start()
    parser = Parser.load()
    own_sets(parser)
    if (folder / "score_nlu.py").exists():
        catalogue = shop(folder / "shop")
        for name in ("utterances_sample", "conversations_sample"):
            score(folder, f"{name}.jsonl", parser, catalogue)
        speed(Parser.load(), catalogue, texts(folder / "utterances_sample.jsonl"), "samples")
    else:
        print(f"no evaluation samples at {folder}: timings only")
    for count in (4_000, 100_000):
        large(Parser.load(), count)
    if told.all:
        parts()
    print(f"peak resident memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def cold_start() -> None:
    """A new process that loads the parser and reads one message, from a warm cache."""
    Parser.load()
    code = (
        "import time; began = time.process_time(); from intents import Memory, Parser;"
        "from tools.store import Catalogue; from datetime import datetime; parser = Parser.load();"
        "parser.read('what is running low', Memory(), catalogue=Catalogue(1), now=datetime(2026, 3, 16));"
        "peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'));"
        "print(time.process_time() - began, int(peak) / 1024)"
    )
    root = Path(__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    seconds, megabytes = run.stdout.split()
    print(f"cold start {float(seconds):.2f} CPU-s, {float(megabytes):.0f} MB (cache: {default_cache()})")


def own_sets(parser: Parser) -> None:
    """Our own messages and conversations, each turn read after the turns before it."""
    catalogue = shop(OWN / "shop")
    categories = {name.lower(): frozenset(skus) for name, skus in catalogue.categories.items()}
    for name in ("messages", "conversations"):
        tally = Tally()
        for row in map(json.loads, (OWN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()):
            memory = Memory()
            for gold in row.get("turns", [row]):
                heard = parser.read(gold["text"], memory, catalogue=catalogue, now=NOW)
                memory = parser.remember(memory, heard)
                tally.add(gold, [parse_json(parse) for parse in heard.parses], categories)
        print(tally.line(f"bench/language/{name}"))


def parts() -> None:
    """The tables of the parts that have benches of their own."""
    for name in ("classifier", "dates", "products"):
        path = Path(__file__).with_name(f"{name}.py")
        print(f"\n== bench/{name}")
        if path.exists():
            subprocess.run([sys.executable, path], check=False)
        else:
            print("is not there")


def score(folder: Path, name: str, parser: Parser, catalogue: Catalogue) -> None:
    """Print what the samples' own scorer says."""
    scorer, gold = folder / "score_nlu.py", folder / name
    asked = subprocess.run(
        [sys.executable, scorer, "--requests", gold], capture_output=True, text=True, check=True
    ).stdout
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as answers:
        for answer in parse_lines(asked.splitlines(), catalogue, NOW, parser):
            answers.write(json.dumps(answer) + "\n")
        answers.flush()
        print(f"\n== {name}")
        subprocess.run([sys.executable, scorer, gold, answers.name, "--errors", "20"], check=True)


def texts(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line]


def speed(parser: Parser, catalogue: Catalogue, said: list[str], label: str) -> None:
    parser.index(catalogue)
    spent = []
    for text in said:
        began = time.process_time()
        parser.read(text, Memory(), catalogue=catalogue, now=NOW)
        spent.append(1000 * (time.process_time() - began))
    spent.sort()
    print(
        f"\n{label}: {statistics.median(spent):.1f} ms median, {spent[int(0.95 * len(spent))]:.1f} ms p95 (CPU) a message"
    )


def large(parser: Parser, count: int = 100_000) -> None:
    """Index time, memory and speed with a hundred thousand products."""
    catalogue = many_products(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    parser.index(catalogue)
    seconds = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"\n{count} products: indexed in {seconds:.1f} CPU-s, {grown:.0f} MB")
    chance = random.Random(1)
    chosen = chance.sample(list(catalogue.products.values()), 200)
    said = [f"how many {' '.join(product.name.split()[:4]).lower()} are left" for product in chosen]
    speed(parser, catalogue, said, f"{count} products, full names")
    right = 0
    for product, text in zip(chosen, said, strict=True):
        parses = parser.read(text, Memory(), catalogue=catalogue, now=NOW).parses
        right += product.sku in parses[0].slots.get("products", ())
    print(f"the product meant is among those read: {right / len(chosen):.1%}")


def many_products(count: int) -> Catalogue:
    """A made-up catalogue with names that share most of their words."""
    chance = random.Random(3)
    starts = [
        "ver",
        "mar",
        "tol",
        "ben",
        "cas",
        "dor",
        "fil",
        "gar",
        "hol",
        "jun",
        "kel",
        "lam",
        "nor",
        "pel",
        "qui",
        "ros",
        "sil",
        "tam",
        "vel",
        "wen",
    ]
    ends = [
        "ina",
        "ette",
        "ock",
        "ara",
        "ium",
        "onda",
        "elle",
        "ixo",
        "ado",
        "une",
        "isk",
        "ova",
        "amp",
        "ury",
        "ext",
    ]
    colours = ["red", "blue", "green", "white", "black", "grey", "navy", "pink", "yellow", "teal"]
    stuffs = ["oak", "steel", "linen", "wool", "slate", "cotton", "ceramic", "marble", "bamboo", "copper"]
    things = [
        "mug",
        "plate",
        "lamp",
        "chair",
        "kettle",
        "scarf",
        "candle",
        "towel",
        "bowl",
        "vase",
        "clock",
        "basket",
        "pillow",
        "blanket",
    ]
    sizes = ("10cm", "20cm", "350ml", "1L", "Set of 4", "500g")
    products = {}
    categories: dict[str, list[str]] = {}
    for number in range(count):
        thing = chance.choice(things)
        words = (
            chance.choice(starts) + chance.choice(ends),
            chance.choice(colours),
            chance.choice(stuffs),
            thing,
        )
        name = f"{' '.join(words).title()} {chance.choice(sizes)}"
        sku = f"{thing[:3].upper()}-{number:06d}"
        products[sku] = Product(number, sku, name, f"{thing.title()}s", price=Decimal(5))
        categories.setdefault(f"{thing.title()}s", []).append(sku)
    return Catalogue(99, products, categories={name: tuple(skus) for name, skus in categories.items()})


def shop(folder: Path) -> Catalogue:
    """The evaluation's shop folder as a catalogue."""
    products, categories = {}, {}
    for number, row in enumerate(rows(folder / "products.csv")):
        products[row["sku"]] = Product(
            number, row["sku"], row["name"], row["category"], row["unit"], row["barcode"],
            tuple(filter(None, row["aliases"].split(";"))), Decimal(row["price"]), supplier=row["supplier"],
        )  # fmt: skip
        categories.setdefault(row["category"], []).append(row["sku"])
    return Catalogue(
        1,
        products,
        tuple(
            Location(n, r["code"], r["name"], r["kind"]) for n, r in enumerate(rows(folder / "locations.csv"))
        ),
        tuple(Supplier(n, r["code"], r["name"]) for n, r in enumerate(rows(folder / "suppliers.csv"))),
        tuple(Named(r["code"], r["name"]) for r in rows(folder / "customers.csv")),
        tuple(Named(r["code"], r["name"]) for r in rows(folder / "vehicles.csv")),
        tuple(Sensor(r["code"], r["name"], r["kind"], r["location"]) for r in rows(folder / "sensors.csv")),
        {name: tuple(skus) for name, skus in categories.items()},
        orders=frozenset(r["order_no"] for r in rows(folder / "orders.csv")),
        purchase_orders=frozenset(r["po_no"] for r in rows(folder / "purchase_orders.csv")),
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main()
