"""``quartermaster mine``: files of customers' texts in, their demand signals out, a line for a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from assistant.cli.main import Trouble
from assistant.settings import Settings
from intents.signals.linking import Shelf
from intents.signals.miner import Miner
from tools.store.signal_facts import OTHER, MinedText, Said

AT_ONCE = 200
LONGEST_LINE = 1_000_000

Listed = tuple[str, str, str, tuple[str, ...]]


def mine_file(settings: Settings, path: Path, catalogue: Path | None, out: TextIO) -> None:
    """Write the signals of every text of a file; what is no text is told on the error stream by its number.

    Raises:
        Trouble: a file is not there or not readable, or no line of it could be read.
    """
    products = listed_products(catalogue) if catalogue else shop_products(settings)
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise Trouble(f"can't read {path}: {error.strerror}") from error
    miner = Miner.load()
    shelf = Shelf.of(products, miner.tools.encoder)
    done = refused = 0
    with file:
        lines = enumerate(file, 1)
        while block := list(islice(lines, AT_ONCE)):
            good, bad = _sorted_out(block)
            for fault in bad:
                print(fault, file=sys.stderr)  # noqa: T201
            out.writelines(line + "\n" for line in mined_lines(miner, shelf, good))
            out.flush()
            done, refused = done + len(good), refused + len(bad)
    if refused and not done:
        raise Trouble(f"no line of {path} could be read")


def mined_lines(miner: Miner, shelf: Shelf, texts: Sequence[tuple[Any, Said]]) -> Iterator[str]:
    """One JSON object for each text, in their order."""
    mined = miner.mine([said for _, said in texts], shelf)
    for (name, _), told in zip(texts, mined, strict=True):
        yield json.dumps({"id": name, **plain(told)}, ensure_ascii=False)


def plain(told: MinedText) -> dict[str, Any]:
    """A mined text as the command writes it: only what is sure, and ``other`` where that is nothing."""
    fields = ("type", "sku", "mention", "polarity", "urgency", "attribute")
    signals = [{field: getattr(signal, field) for field in fields} for signal in told.signals if signal.sure]
    quiet = {"type": OTHER, "sku": None, "mention": None, "polarity": told.doc_polarity, "urgency": "low",
             "attribute": None}  # fmt: skip
    out: dict[str, Any] = {"doc_polarity": told.doc_polarity, "signals": signals or [quiet]}
    if not told.readable:
        out["unreadable"] = told.language
    return out


def listed_products(path: Path) -> list[Listed]:
    """The products of a catalogue file: a JSON list of ``{sku, name, category, aliases}``.

    Raises:
        Trouble: the file is not there, no JSON, or not such a list.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            (str(row["sku"]), str(row["name"]), str(row.get("category") or ""),
             tuple(map(str, row.get("aliases") or ())))
            for row in rows
        ]  # fmt: skip
    except OSError as error:
        raise Trouble(f"can't read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(f"{path} is no JSON list of products with sku, name, category and aliases") from error


def shop_products(settings: Settings) -> list[Listed]:
    """The products of the shop's database, with the words that were learned for them."""
    from assistant.app import open_books

    catalogue = open_books(settings).catalogue()
    taught: dict[str, list[str]] = {}
    for name in catalogue.taught:
        if name.kind == "product":
            taught.setdefault(name.code, []).append(name.words)
    return [
        (product.sku, product.name, product.category, (*product.aliases, *taught.get(product.sku, ())))
        for product in catalogue.products.values()
    ]


def _sorted_out(block: Sequence[tuple[int, str]]) -> tuple[list[tuple[Any, Said]], list[str]]:
    good: list[tuple[Any, Said]] = []
    bad: list[str] = []
    for number, line in block:
        if not line.strip():
            continue
        read = _text_of(line)
        if isinstance(read, str):
            bad.append(f"line {number}: {read}")
        else:
            good.append(read)
    return good, bad


def _text_of(line: str) -> tuple[Any, Said] | str:
    """The id and the text of a line, or what is wrong with it."""
    if len(line) > LONGEST_LINE:
        return "longer than a million characters"
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return "no JSON"
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return 'no JSON object with a "text"'
    return row.get("id"), Said(row["text"], str(row.get("channel") or ""), _stars(row.get("rating")),
                               _moment(row.get("at")))  # fmt: skip


def _stars(value: object) -> int | None:
    stars = isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value <= 5
    return round(float(str(value))) if stars else None


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
