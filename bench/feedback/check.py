"""Check the labelled texts about demand: form, products, quotes, near copies between the parts.

usage: python -m bench.feedback.check
Prints the counts by part and what is wrong; the exit status is 1 when anything is.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

HOME = Path(__file__).resolve().parents[2]
SIGNALS = HOME / "intents" / "signals"
PARTS = {
    "train": SIGNALS / "texts_train.jsonl",
    "dev": SIGNALS / "texts_dev.jsonl",
    "test": HOME / "bench" / "feedback" / "texts_test.jsonl",
}
SHOPS = ("larder", "potting")
DEMAND = {"stockout_complaint", "product_request", "variant_request"}
TYPES = DEMAND | {"quality_issue", "delivery_issue", "price_complaint", "praise", "return", "other"}
CHANNELS = {"chat", "review", "email", "social", "survey", "till_note"}
POLARITIES = {"neg", "neu", "pos"}
URGENCIES = {"low", "medium", "high"}
FIELDS = {"id", "shop", "channel", "rating", "text", "doc_polarity", "signals", "flags"}
SIGNAL_FIELDS = {"type", "sku", "mention", "polarity", "urgency", "attribute"}
NEAR_COPY = 0.8

Record = dict[str, Any]
Parts = dict[str, list[Record]]


def read(path: Path) -> list[Record]:
    """The records of a file, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def products(shop: str) -> set[str]:
    """The SKUs of a shop's catalogue."""
    return {
        row["sku"] for row in json.loads((SIGNALS / f"catalogue_{shop}.json").read_text(encoding="utf-8"))
    }


def whole_polarity(signals: list[Record]) -> str:
    """The polarity of a text by the rule: praise beside anything else is mixed, else any negative one decides."""
    types = {signal["type"] for signal in signals}
    if "praise" in types:
        return "pos" if types == {"praise"} else "mixed"
    return "neg" if any(signal["polarity"] == "neg" for signal in signals) else "neu"


def signal_faults(signal: Record, text: str, skus: set[str]) -> Iterator[str]:
    """What is wrong with one signal of a text."""
    if set(signal) - {"sku_accept"} != SIGNAL_FIELDS:
        yield f"fields {sorted(signal)}"
        return
    for name, known in (("type", TYPES), ("polarity", POLARITIES), ("urgency", URGENCIES)):
        if signal[name] not in known:
            yield f"unknown {name} {signal[name]}"
    if signal["mention"] is not None and signal["mention"] not in text:
        yield f"mention {signal['mention']!r} is not in the text"
    accepted = signal.get("sku_accept", [signal["sku"]])
    if signal["sku"] not in accepted:
        yield "sku is not among those accepted"
    yield from (f"unknown sku {sku}" for sku in accepted if sku is not None and sku not in skus)
    if (signal["type"] == "praise") != (signal["polarity"] == "pos"):
        yield "praise and only praise is positive"


def record_faults(record: Record, skus: dict[str, set[str]]) -> Iterator[str]:
    """What is wrong with one labelled text."""
    if set(record) - {"at"} != FIELDS:
        yield f"fields {sorted(record)}"
        return
    if record["channel"] not in CHANNELS or (record["channel"] == "review") != (
        record["rating"] in {1, 2, 3, 4, 5}
    ):
        yield "channel and rating do not fit"
    signals = record["signals"]
    if not signals:
        yield "no signal; a quiet text has one of type other"
    if len(signals) > 1 and any(signal["type"] == "other" for signal in signals):
        yield "other stands beside another signal"
    keys = [(signal["type"], signal["sku"], signal["mention"]) for signal in signals]
    if len(set(keys)) < len(keys):
        yield "the same signal twice"
    if record["doc_polarity"] != whole_polarity(signals):
        yield "polarity of the text is not by the rule"
    for signal in signals:
        yield from signal_faults(signal, record["text"], skus[record["shop"]])


def duplicates(parts: Parts) -> Iterator[str]:
    """Ids and texts that stand twice, in one part or in two."""
    records = list(chain.from_iterable(parts.values()))
    for name in ("id", "text"):
        counts = Counter(record[name].strip().lower() for record in records)
        yield from (
            f"{name} {value[:60]!r} stands {count} times" for value, count in counts.items() if count > 1
        )


def near_copies(parts: Parts) -> Iterator[str]:
    """Texts of one part that are nearly a text of another part."""
    for one, other in (("test", "train"), ("test", "dev"), ("dev", "train")):
        for record in parts[one]:
            text = record["text"].lower()
            for known in parts[other]:
                if (
                    Levenshtein.normalized_similarity(text, known["text"].lower(), score_cutoff=NEAR_COPY)
                    >= NEAR_COPY
                ):
                    yield f"{record['id']} is nearly {known['id']}"


def faults(parts: Parts) -> Iterator[str]:
    """Everything that is wrong with the three parts."""
    skus = {shop: products(shop) for shop in SHOPS}
    for record in chain.from_iterable(parts.values()):
        yield from (f"{record.get('id')}: {fault}" for fault in record_faults(record, skus))
    yield from duplicates(parts)
    yield from near_copies(parts)


def counts(records: list[Record]) -> dict[str, dict[str, int]]:
    """How many texts and signals there are of each kind."""
    signals = [signal for record in records for signal in record["signals"]]
    return {
        "texts": {
            "all": len(records),
            "several signals": sum(len(record["signals"]) > 1 for record in records),
        },
        "shop": Counter(record["shop"] for record in records),
        "channel": Counter(record["channel"] for record in records),
        "doc_polarity": Counter(record["doc_polarity"] for record in records),
        "type": Counter(signal["type"] for signal in signals),
        "urgency": Counter(signal["urgency"] for signal in signals),
        "flags": Counter(flag for record in records for flag in record["flags"]),
        "signals": {
            "all": len(signals),
            "with a product": sum(signal["sku"] is not None for signal in signals),
            "with an attribute": sum(signal["attribute"] is not None for signal in signals),
        },
    }


def main() -> int:
    """Print the counts and the faults."""
    parts = {name: read(path) for name, path in PARTS.items()}
    for name, records in parts.items():
        print(name)
        for kind, values in counts(records).items():
            row = ", ".join(
                f"{value} {count}" for value, count in sorted(values.items(), key=lambda item: -item[1])
            )
            print(f"  {kind}: {row}")
    found = list(faults(parts))
    print("\n".join(found) if found else "nothing is wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
