"""How well customers' texts are read: types, products, polarity, urgency, wishes, quiet texts.

usage: python -m bench.feedback.score [--shared FOLDER]
Prints one JSON object for each set: the texts kept apart (dev, which limits and weights were chosen on),
our own test texts (never trained or tuned on), and with ``--shared`` the samples of ``FOLDER/eval``, scored by
this scorer and by the one in that folder, which must agree.
"""

from __future__ import annotations

import argparse
import json
import re
import runpy
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.cli.mining import listed_products, plain
from intents.signals.linking import Shelf
from intents.signals.miner import Miner
from intents.signals.train import APART, HERE, Shelves, said_of

TYPES = (
    "stockout_complaint", "product_request", "variant_request", "quality_issue", "delivery_issue",
    "price_complaint", "praise", "return", "other",
)  # fmt: skip
DEMAND = frozenset(TYPES[:3])
STEPS = {"low": 0, "medium": 1, "high": 2}
TEST = Path(__file__).with_name("texts_test.jsonl")

Record = dict[str, Any]
Test = Callable[[Record, Record], bool]


def read(path: Path) -> list[Record]:
    """The records of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def overlap(one: str | None, other: str | None) -> float:
    """Token F1 of two short texts; 1 where both are empty."""
    first, second = (Counter(re.findall(r"[a-z0-9]+", (text or "").lower())) for text in (one, other))
    if not first and not second:
        return 1.0
    return 2 * (first & second).total() / (first.total() + second.total())


def same_target(gold: Record, told: Record) -> bool:
    """A carried product by its SKU, anything else by its words."""
    accepted = gold.get("sku_accept") or [gold.get("sku")]
    if told.get("sku") is not None or None not in accepted:
        return told.get("sku") in accepted
    return gold.get("mention") is None or overlap(gold["mention"], told.get("mention")) >= 0.5


def pairs(gold: Sequence[Record], told: Sequence[Record], test: Test) -> list[tuple[Record, Record]]:
    """Each gold signal with the first told one that passes and is still free."""
    left, out = list(told), []
    for one in gold:
        hit = next((other for other in left if test(one, other)), None)
        if hit is not None:
            left.remove(hit)
            out.append((one, hit))
    return out


def _same(one: Record, other: Record) -> bool:
    return bool(one["type"] == other["type"]) and same_target(one, other)


def _matched(gold: Sequence[Record], told: Sequence[Record]) -> list[tuple[Record, Record]]:
    """Signals of one type, those of the same thing first."""
    first = pairs(gold, told, _same)
    return first + pairs(
        [one for one in gold if all(one is not hit[0] for hit in first)],
        [one for one in told if all(one is not hit[1] for hit in first)],
        lambda one, other: bool(one["type"] == other["type"]),
    )


class Tally:
    """Adds texts up."""

    def __init__(self) -> None:
        self.texts = 0
        self.counts: dict[str, list[int]] = {}
        self.shares: dict[str, list[int]] = {}

    def add(self, gold: Record, told: Record) -> None:
        """One text with its gold and its told signals."""
        self.texts += 1
        expected, signals = gold["signals"], told["signals"]
        types, found = {one["type"] for one in expected}, {one["type"] for one in signals} or {"other"}
        self._share("exact_type_set", [types == found])
        self._share("doc_polarity_acc", [told["doc_polarity"] == gold["doc_polarity"]])
        if types == {"other"}:
            self._share("quiet_texts_left_alone", [found == {"other"}])
        for kind in TYPES:
            self._count(f"type {kind}", (kind in types and kind in found, kind in found, kind in types))
        for name, keep in (("signal_with_product", set(TYPES[:-1])), ("demand_signal_with_product", DEMAND)):
            one, other = (
                [signal for signal in side if signal["type"] in keep] for side in (expected, signals)
            )
            self._count(name, (len(pairs(one, other, _same)), len(other), len(one)))
        self._aside(expected, signals)

    def _aside(self, expected: Sequence[Record], signals: Sequence[Record]) -> None:
        matched = _matched(expected, signals)
        self._share("signal_polarity_acc", [one["polarity"] == other["polarity"] for one, other in matched])
        self._share("urgency_acc", [one["urgency"] == other["urgency"] for one, other in matched])
        high = [one for one in expected if one["urgency"] == "high"]
        caught = [one for one, other in matched if one["urgency"] == other["urgency"] == "high"]
        self._share("high_urgency_recall", [any(one is other for other in caught) for one in high])
        right = sum(
            overlap(one["attribute"], other["attribute"]) >= 0.5
            for one, other in matched if one.get("attribute") and other.get("attribute")
        )  # fmt: skip
        wished = [sum(bool(one.get("attribute")) for one in side) for side in (signals, expected)]
        self._count("attribute", (right, wished[0], wished[1]))

    def _share(self, name: str, answers: Sequence[bool]) -> None:
        box = self.shares.setdefault(name, [0, 0])
        box[0] += sum(answers)
        box[1] += len(answers)

    def _count(self, name: str, counts: tuple[int, int, int]) -> None:
        box = self.counts.setdefault(name, [0, 0, 0])
        for at, count in enumerate(counts):
            box[at] += int(count)

    def figures(self) -> dict[str, Any]:
        """All figures by name."""
        types = {kind: self.counts[f"type {kind}"] for kind in TYPES}
        total = [sum(box[at] for box in types.values()) for at in range(3)]
        f1s = {kind: _f1(box) for kind, box in types.items()}
        return {
            "texts": self.texts,
            "type_micro_f1": _f1(total),
            "type_macro_f1": round(sum(f1s.values()) / len(f1s), 4),
            **{name: round(right / count, 4) for name, (right, count) in self.shares.items() if count},
            **{name: _f1(box) for name, box in self.counts.items() if not name.startswith("type ")},
            "types": f1s,
        }


def _f1(box: Sequence[int]) -> float:
    right, told, gold = box
    return round(2 * right / (told + gold), 4) if told + gold else 0.0


def predictions(miner: Miner, texts: Sequence[Record], shelf_of: Callable[[str], Shelf]) -> list[Record]:
    """What the miner says of each text."""
    told: dict[str, Record] = {}
    for shop in sorted({one.get("shop", "") for one in texts}):
        own = [one for one in texts if one.get("shop", "") == shop]
        for one, mined in zip(own, miner.mine([said_of(one) for one in own], shelf_of(shop)), strict=True):
            told[one["id"]] = {"id": one["id"], **plain(mined)}
    return [told[one["id"]] for one in texts]


def figures(gold: Sequence[Record], told: Sequence[Record]) -> dict[str, Any]:
    """The figures of a set."""
    tally = Tally()
    for one, other in zip(gold, told, strict=True):
        tally.add(one, other)
    return tally.figures()


def main() -> None:
    """Print the figures of every set."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path)
    shared: Path | None = parser.parse_args().shared
    miner = Miner.load()
    shelves = Shelves(miner.tools)
    for name, path in (("dev", HERE / APART), ("test", TEST)):
        gold = read(path)
        print(json.dumps({"set": name, **figures(gold, predictions(miner, gold, shelves.of))}))
    if shared is None:
        return
    if not (shared / "eval" / "demand_signals_sample.jsonl").exists():
        sys.exit(f"{shared} has no samples of demand signals")
    gold = read(shared / "eval" / "demand_signals_sample.jsonl")
    shelf = Shelf.of(listed_products(shared / "eval" / "demand_signals_catalogue.json"), miner.tools.encoder)
    told = predictions(miner, gold, lambda _: shelf)
    ours = figures(gold, told)
    theirs = runpy.run_path(str(shared / "eval" / "score_demand_signals.py"))["score"](gold, told)
    agree = all(
        abs(ours[name] - (theirs[name]["f1"] if isinstance(theirs[name], dict) else theirs[name])) < 1e-3
        for name in ours.keys() & theirs.keys() - {"types"}
    )
    print(json.dumps({"set": "sample", "scorers_agree": agree, **ours}))


if __name__ == "__main__":
    main()
