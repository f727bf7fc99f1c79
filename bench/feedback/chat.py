"""Questions about customers' words through the chat, on the fixture shop's 200 texts.

Every quote of an answer has to stand in the shop's own file, letter for letter, and every count is made
again from the file and the stored signals by a few lines of its own, which share no code with the tools.
The exit status is 1 where one differs.

    python -m bench.feedback.chat [--verbose]
"""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from assistant.app import load_parser
from assistant.house import AssistantHouse
from assistant.jobs_mining import read_new
from assistant.mining_reader import MinerReader
from connectors.chat.message import Answer, Message
from connectors.feeds import load
from tools.store import Actor, User, open_store

SHOP = Path(__file__).parents[3] / "shared" / "eval" / "shop"
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
USUAL = (date(2025, 12, 17), date(2026, 3, 16))
EVER = (date(2025, 11, 1), date(2026, 3, 16))
JANUARY, FEBRUARY = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))
DEMAND = ("stockout_complaint", "product_request", "variant_request")
STAFF = ("in_store", "phone", "till_note")
# What is asked, the days that it is about, and how the names of its products begin ("" all of them).
QUESTIONS = (
    ("what do customers say about red mugs?", USUAL, "Red Mug"),
    ("what do customers say about candles in January 2026?", JANUARY, "category:Candles"),
    ("what did customers say in February 2026?", FEBRUARY, ""),
    ("what are people asking for that we don't have?", USUAL, "requests"),
    ("what did people ask for since 1 November 2025 that we don't have?", EVER, "requests"),
)


def main() -> int:
    """Ask, print, and count again."""
    if not SHOP.exists():
        print(f"no fixture shop at {SHOP}: nothing to ask about")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.db"
        store = open_store(f"sqlite:///{path}", clock=lambda: NOW)
        load(store, SHOP, actor=Actor("bench", "terminal"), at=NOW)
        started = time.process_time()
        reader = MinerReader.load(store)
        loaded = time.process_time() - started
        outcome = read_new(store, reader)
        print(f"{outcome.read} texts read in {time.process_time() - started - loaded:.1f} s of CPU time")
        house = AssistantHouse(store, load_parser(store), lambda: NOW)
        house.read_by(lambda said: reader.read([said], store.catalogue())[0])
        wrong = [one for question in QUESTIONS for one in _asked(house, path, *question)]
        wrong += _noted(house)
        store.close()
    print("\n".join(wrong) if wrong else "every quote is real, every count was counted again")
    return 1 if wrong else 0


def _asked(house: AssistantHouse, path: Path, text: str, days: tuple[date, date], about: str) -> list[str]:
    started = time.process_time()
    answer = _say(house, text)
    took = time.process_time() - started
    data = answer.replies[0].data if answer.replies else {}
    print(f"\n> {text}\n{answer.text}\n  [{took * 1000:.0f} ms of CPU time]")
    if "--verbose" in sys.argv:
        for row in data.get("rows", ()):
            print(f"    {row}")
    if not data.get("rows"):
        return [f"{text}: no figures"]
    quotes = [*_in_marks(answer.text), *_quotes(data)]
    wrong = [f"{text}: “{quote}” stands in no text" for quote in quotes if not _is_real(quote)]
    print(f"  {len(quotes)} quotes", end="")
    counted = _requests(path, days) if about == "requests" else _summary(path, days, about)
    told = {_key(row): row["customers"] for row in data["rows"]}
    differing = {key for key in counted.keys() | told.keys() if counted.get(key) != told.get(key)}
    print(f", {len(told)} counts")
    return [*wrong, *(f"{text}: {key} told {told.get(key)}, counted {counted.get(key)}" for key in differing)]


def _noted(house: AssistantHouse) -> list[str]:
    """A remark through the chat: kept, understood, and there to be asked about."""
    words = "a customer asked whether we sell almond butter"
    said = _say(house, words, "notes")
    said = said if said.text.startswith("Noted") else _say(house, "yes", "notes")
    print(f"\n> {words}\n{said.text}")
    return [] if f"Noted: “{words}”" in said.text else ["the remark was not noted"]


def _say(house: AssistantHouse, text: str, conversation: str = "") -> Answer:
    user = User(id=None, name="owner", role="owner")
    return house.answer_now(Message(conversation or f"bench {text}", user, "terminal", text))


# -- counted again -----------------------------------------------------------------------------------


def _rows(path: Path, days: tuple[date, date]) -> list[sqlite3.Row]:
    """The stored signals that count, with the file's own text, customer and channel."""
    books = sqlite3.connect(path)
    books.row_factory = sqlite3.Row
    found = books.execute(
        "SELECT s.*, f.text, f.customer, f.channel, f.received_at, p.sku, p.name, p.category, w.name AS wish "
        "FROM demand_signal s JOIN feedback f ON f.id = s.feedback_id "
        "LEFT JOIN product p ON p.id = s.product_id LEFT JOIN wish w ON w.id = s.wish_id "
        "WHERE s.state = 'sure' AND s.type <> 'other' AND substr(f.received_at, 1, 10) BETWEEN ? AND ?",
        (days[0].isoformat(), days[1].isoformat()),
    ).fetchall()
    books.close()
    return found


def _customers(rows: Iterable[Any]) -> int:
    """Different customers: those named by their code, else different texts, and every note of staff."""
    return len(
        {
            row["customer"] or (row["feedback_id"] if row["channel"] in STAFF else row["text"].lower())
            for row in rows
        }
    )


def _summary(path: Path, days: tuple[date, date], about: str) -> dict[str, int]:
    rows = [
        row
        for row in _rows(path, days)
        if not about or (row["name"] or "").startswith(about) or f"category:{row['category']}" == about
    ]
    kinds = {row["type"] for row in rows}
    return {kind: _customers(row for row in rows if row["type"] == kind) for kind in kinds}


def _requests(path: Path, days: tuple[date, date]) -> dict[str, int]:
    groups: dict[str, list[Any]] = {}
    for row in _rows(path, days):
        if row["type"] in DEMAND:
            thing = row["wish"] if row["type"] == "product_request" and row["wish"] else row["sku"]
            thing = thing or row["mention"].lower() or str(row["feedback_id"])
            attribute = row["attribute"].lower() if row["type"] == "variant_request" else ""
            words = " ".join(one for one in attribute.split() if one not in ("a", "an", "the", "in", "with"))
            groups.setdefault(f"{row['type']} {thing} {words}".strip(), []).append(row)
    ordered = sorted(groups.values(), key=_customers, reverse=True)
    return {_first(rows): _customers(rows) for rows in ordered}


def _first(rows: Sequence[Any]) -> str:
    """The name of a group that both sides can make: its type and the texts behind it."""
    quotes = sorted({row["text"][row["quote_start"] : row["quote_end"]].strip() for row in rows})
    return f"{rows[0]['type']}: {quotes[0]}"


def _key(row: dict[str, Any]) -> str:
    return f"{row['kind']}: {min(row['quotes'])}" if "kind" in row else str(row["type"])


# -- quotes ------------------------------------------------------------------------------------------


def _texts() -> list[str]:
    with (SHOP / "feedback.csv").open(newline="", encoding="utf-8-sig") as file:
        return [row["text"] for row in csv.DictReader(file)]


def _in_marks(text: str) -> list[str]:
    return re.findall(r"“([^”]+)”", text)


def _quotes(data: Any) -> list[str]:
    told = [quote["quote"] for quote in data.get("quotes", ())]
    return told + [quote for row in data.get("rows", ()) for quote in row.get("quotes", ())]


def _is_real(quote: str) -> bool:
    return any(quote in text for text in _texts())


if __name__ == "__main__":
    raise SystemExit(main())
