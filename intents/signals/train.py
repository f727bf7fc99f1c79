"""Learns the heads from labelled texts: the linear models from many, the pools from those kept apart.

The encoder was never taught the texts kept apart (dev), so what it says of them is as good as what it
says of a customer's; there the weights of all sides and the limits are found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from intents.encoder import Encoder
from intents.model_files import cached, content_key, default_cache, file_key
from intents.signals.adapter import ADAPTER
from intents.signals.clauses import Clause, cut
from intents.signals.deciding import Judged, decide, judged, question_said, thing_said, type_odds
from intents.signals.encoder import SignalEncoder
from intents.signals.heads import HIGH, MEDIUM, NEGATIVE, QUESTIONS, Heads, load_heads
from intents.signals.known import known_words
from intents.signals.linear import Bag, learn
from intents.signals.linking import Shelf
from intents.signals.polarity import OPEN
from intents.signals.reading import Read, read_all, signal_bag, silence, text_bag
from intents.signals.tokens import tokens_of
from intents.signals.types import COUNT, Pool, fit_pool, said_of_text
from tools.store.signal_facts import OTHER, TYPES, Said

HERE = Path(__file__).parent
TAUGHT = ("texts_train.jsonl", "texts_more.jsonl")
APART = "texts_dev.jsonl"
_CODE = (
    "clauses", "deciding", "features", "heads", "known", "learned", "linear", "linking", "negation",
    "reading", "shelf_index", "tokens", "train", "types",
)  # fmt: skip
LIMITS = {"type": 0.42, "thing": 0.4, "only thing": 0.12, HIGH: 0.16}
_LIMITS_TRIED = {"type": (0.3, 0.56), "thing": (0.2, 0.6), "only thing": (0.04, 0.3)}
_TRIED = 7
QUIET_WEIGHT = 0.2

Labelled = Mapping[str, Any]


@dataclass(frozen=True)
class Tools:
    """What reads texts before any head does: the encoders and where things are kept."""

    encoder: Encoder | None
    signals: SignalEncoder | None
    cache_dir: Path | None = None


def load_or_learn(tools: Tools) -> Heads:
    """The heads of the texts that ship; the first call of all takes some seconds and needs scikit-learn."""
    files = (*TAUGHT, APART, *(f"{name}.py" for name in _CODE))
    parts = [(HERE / name).read_bytes() for name in files]
    engine = tools.signals.engine if tools.signals else "none"
    adapter = file_key(ADAPTER) if ADAPTER.exists() else ""
    key = content_key(*parts, engine, adapter)
    path = (tools.cache_dir or default_cache()) / f"signal-heads-{key}.npz"
    cached(path, lambda target: learn_heads(own_texts(), tools).save(target))
    return load_heads(path)


def own_texts(names: Sequence[str] = TAUGHT) -> list[Labelled]:
    """Our labelled texts."""
    lines = (line for name in names for line in (HERE / name).read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


def learn_heads(taught: Sequence[Labelled], tools: Tools, own: Shelf | None = None) -> Heads:
    """Heads of these texts; pools and limits of those kept apart."""
    shelves = Shelves(tools, own)
    reads = [(one, _bare(one, shelves)) for one in taught]
    text = learn([text_bag(read.said, read.known) for _, read in reads], _type_answers(taught))
    bags, answers = _signal_rows(reads)
    start = Heads(text, learn(bags, answers), {}, LIMITS)
    apart = own_texts((APART,))
    pools = _pools(start, apart, shelves)
    return _limited(Heads(text, start.signal, pools, LIMITS), apart, shelves)


class Shelves:
    """The shelf of each shop that our texts speak of."""

    def __init__(self, tools: Tools, own: Shelf | None = None) -> None:
        """``own``: the shelf of the shop whose corrections are among the texts (they name no shop)."""
        self._tools = tools
        self._made: dict[str, Shelf] = {} if own is None else {"": own}

    def of(self, shop: str) -> Shelf:
        """The shelf of one shop."""
        if shop not in self._made:
            rows = _catalogue(shop)
            products = [(row["sku"], row["name"], row["category"], row["aliases"]) for row in rows]
            self._made[shop] = Shelf.of(products, self._tools.encoder, self._tools.cache_dir)
        return self._made[shop]

    def aliases(self, shops: Sequence[str]) -> list[str]:
        """All other names of the products of these shops."""
        return [alias for shop in shops for row in _catalogue(shop) for alias in row["aliases"]]

    def read(self, texts: Sequence[Labelled], heads: Heads) -> list[Read]:
        """Texts of several shops, read on the shelves of each."""
        out: dict[int, Read] = {}
        for shop in sorted({one.get("shop", "") for one in texts}):
            rows = [at for at, one in enumerate(texts) if one.get("shop", "") == shop]
            said = [said_of(texts[at]) for at in rows]
            out.update(zip(rows, read_all(said, self.of(shop), self._tools.signals, heads.text), strict=True))
        return [out[at] for at in range(len(texts))]


def _catalogue(shop: str) -> list[Labelled]:
    rows: list[Labelled] = json.loads((HERE / f"catalogue_{shop}.json").read_text(encoding="utf-8"))
    return rows


def said_of(one: Labelled) -> Said:
    """A labelled text as it would come in."""
    return Said(one["text"], one.get("channel") or "", one.get("rating"))


def _bare(one: Labelled, shelves: Shelves) -> Read:
    """A text with its catalogue words and clauses, which is all that the linear models look at."""
    said = said_of(one)
    known = tuple(known_words(said.text, shelves.of(one.get("shop", "")).index))
    nothing = np.zeros(COUNT, np.float32)
    return Read(said, known, silence(), nothing, cut(said.text, tokens_of(said.text)), (), _nothing_wanted)


def _nothing_wanted(*_: object) -> None:
    return None


def _type_answers(texts: Sequence[Labelled]) -> dict[str, list[bool | None]]:
    types = [{signal["type"] for signal in one["signals"]} or {OTHER} for one in texts]
    return {kind: [kind in said for said in types] for kind in TYPES}


def _signal_rows(reads: Sequence[tuple[Labelled, Read]]) -> tuple[list[Bag], dict[str, list[bool | None]]]:
    bags: list[Bag] = []
    answers: dict[str, list[bool | None]] = {name: [] for name in QUESTIONS}
    for one, read in reads:
        for signal in one["signals"]:
            bags.append(signal_bag(read, clause_of(read, signal), signal["type"]))
            for name, answer in _asked(signal).items():
                answers[name].append(answer)
    return bags, answers


def clause_of(read: Read, signal: Labelled) -> Clause:
    """The clause of a labelled signal: where its mention stands, else the whole text."""
    start = read.said.text.find(signal["mention"]) if signal.get("mention") else -1
    return read.clause_at(start)


def _asked(signal: Labelled) -> dict[str, bool | None]:
    negative = signal["polarity"] == "neg" if signal["type"] in OPEN else None
    return {
        NEGATIVE: negative, MEDIUM: signal["urgency"] != "low", HIGH: signal["urgency"] == "high",
    }  # fmt: skip


def _pools(start: Heads, apart: Sequence[Labelled], shelves: Shelves) -> dict[str, Pool]:
    reads = shelves.read(apart, start)
    pairs = list(zip(apart, reads, strict=True))
    rows = [
        (
            said_of_text(read.outcome, read.words, at),
            at,
            kind in {signal["type"] for signal in one["signals"]},
        )
        for one, read in pairs
        for at, kind in enumerate(TYPES)
    ]
    types = _pool(rows)
    heads = Heads(start.text, start.signal, {"types": types}, LIMITS)
    things = (row for one, read in pairs for row in _thing_rows(one, read, heads))
    pools = {"types": types, "things": _pool(things)}
    asked = [row for one, read in pairs for row in _question_rows(one, read, heads)]
    for name in QUESTIONS:
        pools[name] = _pool((said[name], at, answer) for said, at, told in asked
                            if (answer := told[name]) is not None)  # fmt: skip
    return pools


def _pool(rows: Iterable[tuple[Any, int, bool]]) -> Pool:
    said, cases, truth = zip(*rows, strict=True)
    return fit_pool(said, cases, truth, COUNT)


def _thing_rows(one: Labelled, read: Read, heads: Heads) -> Iterable[tuple[Any, int, bool]]:
    odds = type_odds(read, heads)
    for thing in judged(read, heads):
        for at, kind in enumerate(TYPES[:-1]):
            same = [signal for signal in one["signals"] if signal["type"] == kind]
            if same:
                yield thing_said(thing, odds, at), at, any(names(signal, thing) for signal in same)


def names(signal: Labelled, one: Judged) -> bool:
    """Whether a labelled signal is about this thing: its words, or a product that is right for it."""
    words = one.thing.words.lower()
    mention = (signal.get("mention") or "").lower()
    if mention and (mention in words or words in mention):
        return True
    accepted = signal.get("sku_accept") or [signal.get("sku")]
    return one.thing.sku is not None and one.thing.sku in accepted


def _question_rows(
    one: Labelled, read: Read, heads: Heads
) -> Iterable[tuple[Any, int, dict[str, bool | None]]]:
    things = judged(read, heads)
    for signal in one["signals"]:
        thing = next((thing for thing in things if names(signal, thing)), None)
        clause = thing.clause if thing else clause_of(read, signal)
        at = TYPES.index(signal["type"])
        yield question_said(read, heads, (at, thing, clause)), at, _asked(signal)


def _limited(heads: Heads, apart: Sequence[Labelled], shelves: Shelves) -> Heads:
    """The heads with the limits that find most signals with their products; each is tried in turn."""
    reads = shelves.read(apart, heads)
    for name, (least, most) in _LIMITS_TRIED.items():
        tried = [
            heads.with_limits({**heads.limits, name: round(float(value), 3)})
            for value in np.linspace(least, most, _TRIED)
        ]
        worth = np.array([found(apart, reads, one) for one in tried])
        smooth = np.convolve(np.pad(worth, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
        heads = tried[int(smooth.argmax())]
    return heads


def found(texts: Sequence[Labelled], reads: Sequence[Read], heads: Heads) -> float:
    """The mean F1 of types and of signals with their product or words, and quiet texts left alone."""
    types, targets = np.zeros(3), np.zeros(3)
    quiet: list[bool] = []
    for one, read in zip(texts, reads, strict=True):
        told = [signal for signal in decide(read, heads) if signal.sure]
        gold = [signal for signal in one["signals"] if signal["type"] != OTHER]
        if not gold:
            quiet.append(not told)
        types += _counts({signal["type"] for signal in gold}, {signal.type for signal in told})
        targets += _counts(
            {(signal["type"], signal["sku"] or (signal["mention"] or "").lower()) for signal in gold},
            {(signal.type, signal.sku or (signal.mention or "").lower()) for signal in told},
        )
    scores = [2 * box[0] / max(box[1] + box[2], 1) for box in (types, targets)]
    return float(np.mean(scores)) + QUIET_WEIGHT * float(np.mean(quiet or [True]))


def _counts(gold: set[Any], told: set[Any]) -> tuple[int, int, int]:
    return len(gold & told), len(gold), len(told)
