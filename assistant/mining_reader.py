"""What understands customers' words, as the jobs use it: the miner over the shop's own shelf."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.jobs_mining import LEARNED, STATE, Cluster
from intents.model_files import default_cache
from intents.signals.linking import Shelf
from intents.signals.miner import Miner
from intents.signals.retrain import Verdict, retrain, with_state
from intents.signals.wishes import wishes
from tools.store import Catalogue, Store
from tools.store.signal_facts import COUNTED, MinedText, Said, Signal


class MinerReader:
    """Reads texts against one shop's catalogue; the shelf is made anew when a name changes."""

    def __init__(self, miner: Miner) -> None:
        self._miner = miner
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None
        self._edition = -1

    @classmethod
    def load(cls, store: Store, cache: Path | None = None) -> MinerReader:
        """The reader from its cache (made at install, or now), with what the shop's corrections taught it."""
        miner = Miner.load(cache or default_cache())
        taught_on, _, key = store.settings.get(STATE).partition(" ")
        if key and taught_on != miner.version:
            # It was learned beside another reader: the next night learns the corrections anew.
            store.settings.set(STATE, "")
            store.settings.set(LEARNED, "{}")
            key = ""
        return cls(with_state(miner, key) if key else miner)

    @property
    def version(self) -> str:
        """That of the miner."""
        return self._miner.version

    def read(self, texts: Sequence[Said], catalogue: Catalogue) -> list[MinedText]:
        """What each text says."""
        return self._miner.mine(texts, self._on_shelf(catalogue))

    def clusters(self, mentions: Sequence[str]) -> list[Cluster]:
        """Words for things that are not carried, those for one thing together under its name."""
        return wishes(mentions, self._miner.tools.encoder)

    def _on_shelf(self, catalogue: Catalogue) -> Shelf:
        with self._lock:
            if self._shelf is None or self._edition != catalogue.version:
                self._shelf = _shelf_of(self._miner, catalogue)
                self._edition = catalogue.version
            return self._shelf


def _shelf_of(miner: Miner, catalogue: Catalogue) -> Shelf:
    goods = [
        (product.sku, product.name, product.category, product.aliases)
        for product in catalogue.products.values()
    ]
    return Shelf.of(goods, miner.tools.encoder, miner.tools.cache_dir)


def learn_from_corrections(store: Store, cache: Path | None = None) -> Verdict:
    """Train once more with what people put right; what does no worse is in use from then on (a minute)."""
    folder = cache or default_cache()
    miner = Miner.load(folder)
    verdict = retrain(miner, taught(store), _shelf_of(miner, store.catalogue()), folder)
    store.settings.set(LEARNED, json.dumps(verdict.to_json()))
    if verdict.accepted:
        store.settings.set(STATE, f"{miner.version} {verdict.key}")
    return verdict


def taught(store: Store) -> list[dict[str, Any]]:
    """Texts that a person judged, with their signals as they stand, in the form that a miner learns from."""
    found: dict[int, list[Signal]] = {}
    for one in store.said.judged():
        found.setdefault(one.remark, []).append(one)
    remarks = store.said.remarks(numbers=sorted(found), limit=max(len(found), 1))
    return [
        {
            "id": f"shop-{remark.id}",
            "channel": remark.channel,
            "rating": remark.rating,
            "text": remark.text,
            "signals": [_label(one) for one in found[remark.id] if one.state in COUNTED],
        }
        for remark in remarks
    ]


def _label(one: Signal) -> dict[str, Any]:
    return {
        "type": one.type,
        "sku": one.sku,
        "mention": one.mention or None,
        "attribute": one.attribute or None,
        "polarity": one.polarity,
        "urgency": one.urgency,
    }


def prepare_reader() -> None:
    """Learn what reading customers' words needs, into the cache: at install, so that nobody waits later."""
    miner = Miner.load(default_cache())
    shelf = Shelf.of([("MUG", "Red Mug", "Mugs", ())], miner.tools.encoder, miner.tools.cache_dir)
    miner.mine([Said("do you have the red mug in green?")], shelf)
