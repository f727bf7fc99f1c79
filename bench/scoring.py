"""Right or wrong, message by message: the scorer for our own sets, by the rules of the samples' scorer."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

COURTESY = frozenset({"meta.greet", "meta.thanks", "meta.affirm", "meta.deny"})
UNKNOWN = "meta.unknown"
Categories = Mapping[str, frozenset[str]]


@dataclass
class Tally:
    """How many messages were right; ``sureness`` pairs each message's confidence with its rightness."""

    messages: int = 0
    intents: int = 0
    frames: int = 0
    refused: int = 0
    to_refuse: int = 0
    rightly_refused: int = 0
    sureness: list[tuple[float, bool]] | None = None

    def add(self, gold: Mapping[str, Any], said: Sequence[Mapping[str, Any]], categories: Categories) -> None:
        """Count one message: ``gold`` has ``parses`` and ``also_ok``, ``said`` are the parses read."""
        also = set(gold.get("also_ok") or ())
        wanted = {one["intent"] for one in gold["parses"]} | also
        kept = [one for one in said if one["intent"] not in COURTESY or one["intent"] in wanted] or list(said)
        intent, frame = _compared(gold["parses"], kept, also, categories)
        out_of_scope = all(one["intent"] == UNKNOWN for one in gold["parses"])
        refused = bool(kept) and all(one["intent"] == UNKNOWN for one in kept)
        self.messages += 1
        self.intents += intent
        self.frames += frame
        self.refused += refused
        self.to_refuse += out_of_scope
        self.rightly_refused += refused and out_of_scope
        sure = min((float(one.get("confidence", 0)) for one in kept), default=0.0)
        self.sureness = [*(self.sureness or []), (sure, intent)]

    def line(self, name: str) -> str:
        """The figures in one line."""
        recall = self.rightly_refused / self.to_refuse if self.to_refuse else 1.0
        precision = self.rightly_refused / self.refused if self.refused else 1.0
        return (
            f"{name:32s} n={self.messages:4d}  intent {self.intents / self.messages:6.1%}  "
            f"frame {self.frames / self.messages:6.1%}  out of scope recall {recall:6.1%} "
            f"precision {precision:6.1%}  calibration error {calibration_error(self.sureness or []):.3f}"
        )


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht 2015) over bins of equal width."""
    error = 0.0
    for at in range(bins):
        inside = [pair for pair in pairs if at <= min(pair[0] * bins, bins - 1e-9) < at + 1]
        if inside:
            sure = sum(pair[0] for pair in inside) / len(inside)
            right = sum(pair[1] for pair in inside) / len(inside)
            error += abs(sure - right) * len(inside) / max(1, len(pairs))
    return error


def _compared(
    gold: Sequence[Mapping[str, Any]],
    said: Sequence[Mapping[str, Any]],
    also: set[str],
    categories: Categories,
) -> tuple[bool, bool]:
    """Whether the intents, and whether the whole frames are right, in whatever order they are told."""
    if len(gold) != len(said) or len(gold) > 6:
        return False, False
    best = (False, False)
    for order in itertools.permutations(said):
        pairs = list(zip(gold, order, strict=True))
        intents = all(one["intent"] == two["intent"] or two["intent"] in also for one, two in pairs)
        frames = intents and all(
            any(
                _plain(wanted, categories) == _plain(two["slots"], categories)
                for wanted in (one["slots"], *(one.get("alt") or ()))
            )
            or one["intent"] != two["intent"]
            for one, two in pairs
        )
        best = max(best, (intents, frames))
    return best


def _plain(slots: Mapping[str, Any], categories: Categories) -> dict[str, Any]:
    """Slots in a form that compares: categories as their goods, numbers as numbers, texts as their words."""
    out = {name: _value(name, value) for name, value in slots.items() if value not in (None, "", [])}
    named = out.pop("category", None)
    goods = set(slots.get("products") or ())
    if named:
        goods |= categories.get(str(named).lower(), frozenset({str(named)}))
    if goods:
        out["products"] = frozenset(goods)
    return out


def _value(name: str, value: Any) -> Any:
    if name in ("quantity", "percent", "days", "threshold", "price"):
        return float(value)
    if name == "period":
        return json.dumps(value, sort_keys=True)
    if name in ("text", "reason"):
        return frozenset(re.findall(r"[a-z]{4}", str(value).lower()))
    return str(value).lower() if name in ("unit", "lot", "field") else value
