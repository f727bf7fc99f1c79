"""The raw export of a real shop, 541,909 rows: import time and memory, questions against the raw file, speed of turns."""

from __future__ import annotations

import asyncio
import csv
import gzip
import re
import resource
import statistics
import tempfile
import time
from decimal import Decimal
from pathlib import Path

import httpx
from served import SHARED, command, need, percentile, resident_mb, say, server

EXPORT = SHARED / "data" / "online-retail" / "transactions.csv.gz"
NOW = "2011-12-10T09:00"
need(EXPORT)

# (question, stock code or description in the file, first day, last day, what: units or money)
QUESTIONS = (
    (
        "how many save the planet mugs did we sell in november 2011",
        "SAVE THE PLANET MUG",
        "2011-11-01",
        "2011-11-30",
        "units",
    ),
    (
        "how many retro coffee mugs assorted sold in october 2011",
        "RETRO COFFEE MUGS ASSORTED",
        "2011-10-01",
        "2011-10-31",
        "units",
    ),
    ("sales of 85123A last month", "85123A", "2011-11-01", "2011-11-30", "units"),
    (
        "how many jumbo bag red retrospot did we sell last week",
        "85099B",
        "2011-11-28",
        "2011-12-04",
        "units",
    ),
    ("rabbit night light sales in november", "23084", "2011-11-01", "2011-11-30", "units"),
    (
        "how many paper chain kit 50's christmas did we sell in november 2011",
        "PAPER CHAIN KIT 50'S CHRISTMAS",
        "2011-11-01",
        "2011-11-30",
        "units",
    ),
    (
        "how much did we make with the white hanging heart t-light holder in august 2011",
        "85123A",
        "2011-08-01",
        "2011-08-31",
        "money",
    ),
    ("how many party bunting did we sell in may 2011", "47566", "2011-05-01", "2011-05-31", "units"),
    ("assorted colour bird ornament sold in june 2011", "84879", "2011-06-01", "2011-06-30", "units"),
    (
        "how many small popcorn holders did we sell in september 2011",
        "22197",
        "2011-09-01",
        "2011-09-30",
        "units",
    ),
    ("how many 22693 sold in march 2011", "22693", "2011-03-01", "2011-03-31", "units"),
    (
        "how many victorian glass hanging t-lights did we sell in july 2011",
        "22178",
        "2011-07-01",
        "2011-07-31",
        "units",
    ),
    ("jam making set printed sales in 2011", "22961", "2011-01-01", "2011-12-31", "units"),
    ("how many vintage snap cards did we sell in q3 2011", "21790", "2011-07-01", "2011-09-30", "units"),
    (
        "how many spaceboy lunch boxes did we sell since 1 december 2011",
        "22629",
        "2011-12-01",
        "2011-12-10",
        "units",
    ),
    ("red toadstool led night light sold in january 2011", "21731", "2011-01-01", "2011-01-31", "units"),
    (
        "how many heart of wicker small did we sell in april 2011",
        "22469",
        "2011-04-01",
        "2011-04-30",
        "units",
    ),
    ("how many brocade ring purses sold in february 2011", "17003", "2011-02-01", "2011-02-28", "units"),
    ("how many jumbo bag apples did we sell yesterday", "23199", "2011-12-09", "2011-12-09", "units"),
    ("lunch bag red retrospot revenue in october 2011", "20725", "2011-10-01", "2011-10-31", "money"),
    (
        "how many gin and tonic mugs did we sell in november 2011",
        "GIN AND TONIC MUG",
        "2011-11-01",
        "2011-11-30",
        "units",
    ),
)


def truth() -> dict[tuple[str, str], list[Decimal]]:
    """(code, day) -> [sold, returned, net revenue], straight from the file; the codes of names on the way."""
    found: dict[tuple[str, str], list[Decimal]] = {}
    with gzip.open(EXPORT, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            quantity, price = Decimal(row["Quantity"]), Decimal(row["UnitPrice"])
            code = row["StockCode"].upper()
            CODES.setdefault(row["Description"].strip(), code)
            if price == 0 and not (quantity > 0 and row["CustomerID"]):
                continue
            cell = found.setdefault((code, row["InvoiceDate"][:10]), [Decimal(0)] * 3)
            cell[0 if quantity > 0 else 1] += abs(quantity)
            cell[2] += quantity * price
    return found


CODES: dict[str, str] = {}


def expected(
    found: dict[tuple[str, str], list[Decimal]], question: tuple[str, str, str, str, str]
) -> list[Decimal]:
    _text, code_or_name, first, last, what = question
    wanted = CODES.get(code_or_name, code_or_name)
    cells = [cell for (code, day), cell in found.items() if code == wanted and first <= day <= last]
    sold, returned, money = (sum((cell[i] for cell in cells), Decimal(0)) for i in range(3))
    return [round(money, 2)] if what == "money" else [sold] + ([sold - returned] if returned else [])


def numbers(text: str) -> set[Decimal]:
    return {Decimal(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def import_it(data: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = command("import", str(EXPORT), data=data, now=NOW)
    seconds = time.perf_counter() - started
    peak = max(before.ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    print(done.stdout or done.stderr)
    print(f"import: {seconds:.1f} s, peak {peak:.0f} MB (goal: 60 s, 1,000 MB)")


def ask_all(client: httpx.Client) -> None:
    found = truth()
    right = 0
    for index, question in enumerate(QUESTIONS):
        text = say(client, question[0], conversation=f"q{index}")["text"]
        wanted = expected(found, question)
        good = set(wanted) <= numbers(text)
        right += good
        if not good:
            print(f"  WRONG {question[0]!r}: wanted {[str(n) for n in wanted]}, got {text!r}")
    print(f"{right} of {len(QUESTIONS)} questions answered with the number of the raw file")


def timed(client: httpx.Client, texts: list[str], name: str, goal: str) -> None:
    times = []
    for index, text in enumerate(texts):
        started = time.perf_counter()
        say(client, text, conversation=f"{name}{index % 7}")
        times.append((time.perf_counter() - started) * 1000)
    print(
        f"{name}: median {statistics.median(times):.0f} ms, 95 % {percentile(times, 0.95):.0f} ms (goal: {goal})"
    )


async def crowd(base: str, texts: list[str]) -> None:
    times: list[float] = []

    async def one(user: int) -> None:
        async with httpx.AsyncClient(base_url=base, timeout=60) as client:
            for turn in range(15):
                body = {
                    "conversation": f"crowd{user}",
                    "user": "owner",
                    "text": texts[(user + turn) % len(texts)],
                }
                started = time.perf_counter()
                (await client.post("/api/v1/messages", json=body)).raise_for_status()
                times.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(one(user) for user in range(20)))
    print(
        f"20 users at once: median {statistics.median(times):.0f} ms, 95 % {percentile(times, 0.95):.0f} ms (goal: 95 % 500 ms)"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        import_it(data)
        with server(data, NOW) as (client, pid):
            ask_all(client)
            stock = [
                "how many retro coffee mugs left",
                "where are the party bunting",
                "price of jumbo bag apples",
                "stock of 85123A",
                "how many rabbit night lights do we have",
            ] * 20
            timed(client, stock, "stock and product questions", "median 40 ms, 95 % 100 ms")
            timed(
                client,
                ["sales in november 2011", "revenue last month", "sales report for october 2011"] * 7,
                "a month's sales report",
                "250 ms",
            )
            asyncio.run(crowd(str(client.base_url), stock[:5]))
            print(f"resident: {resident_mb(pid):.0f} MB")


main()
