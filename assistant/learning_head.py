"""The understanding of one shop: the general one, or the state that its confirmed messages led to."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from intents.parser import Parser
from intents.shop_head import (
    Verdict,
    identity,
    load_state,
    missing_for_training,
    retrain,
    state_key,
)
from tools.store import Actor, Finding, Store

log = structlog.get_logger(__name__)

STATE, BASE, LAST = "learned_state", "learned_base", "learned_last"


class ShopUnderstanding:
    """The parser that this shop's messages are read with, as it stands now.  Safe from several threads."""

    def __init__(self, store: Store, general: Parser, folder: Path | None = None) -> None:
        self._store = store
        self._general = general
        self._folder = folder
        self._lock = threading.Lock()
        self._held: tuple[str, Parser] = ("", general)

    def parser(self) -> Parser:
        """The parser to use from now on; what another process accepted is taken up at once."""
        key = self._store.settings.get(STATE)
        held = self._held
        if held[0] == key:
            return held[1]
        with self._lock:
            if self._held[0] != key:
                self._held = (key, self._loaded(key))
            return self._held[1]

    def _loaded(self, key: str) -> Parser:
        if not key:
            return self._general
        head = None
        if self._store.settings.get(BASE) == identity(self._general.head):
            head = load_state(key, self._folder)
        if head is None:
            log.warning("shop_understanding_not_loaded", state=key)
            return self._general
        return self._general.with_head(head)


def pairs_of(store: Store) -> list[tuple[str, str]]:
    """The shop's confirmed messages as training wants them."""
    return [(reading.text, reading.intent) for reading in store.readings.all()]


def retrain_shop(store: Store, general: Parser, actor: Actor, folder: Path | None = None) -> Verdict:
    """Train, judge and (where it is no worse) use a new state.  It takes a minute: not for an event loop."""
    pairs, now = pairs_of(store), store.clock()
    in_use = ShopUnderstanding(store, general, folder).parser().head
    verdict = retrain(general.head, in_use, pairs, folder)
    if verdict.accepted:
        store.settings.set(BASE, identity(general.head))
        store.settings.set(STATE, verdict.key, actor=actor, at=now)
    store.settings.set(LAST, _note(verdict, now), actor=actor, at=now)
    log.info("retrained", **verdict.to_json())
    return verdict


def reset_shop(store: Store, actor: Actor) -> bool:
    """Go back to the general understanding; whether there was a state of the shop's own."""
    had = bool(store.settings.get(STATE))
    store.settings.set(STATE, "", actor=actor, at=store.clock())
    return had


def _note(verdict: Verdict, now: datetime) -> str:
    return json.dumps({"at": now.isoformat(timespec="minutes"), **verdict.to_json()})


def last_training(store: Store) -> dict[str, Any]:
    """What came of the latest training; empty where there was none."""
    note = store.settings.get(LAST)
    return dict(json.loads(note)) if note else {}


def worth_training(store: Store, general: Parser) -> bool:
    """Whether there are confirmed messages that no training has judged yet."""
    pairs = [pair for pair in pairs_of(store) if pair[1] in general.head.classes]
    return bool(pairs) and last_training(store).get("key") != state_key(general.head, pairs)


def findings(store: Store, general: Parser, folder: Path | None = None) -> list[Finding]:
    """What ``doctor`` says about what was learned."""
    names = [name for name in store.learned.all() if name.counts]
    last, missing = last_training(store), missing_for_training()
    told = [Finding(True, f"{len(names)} words learned, {len(pairs_of(store))} confirmed messages", "")]
    if last:
        outcome = "taken" if last["accepted"] else "refused, the one before stays"
        told.append(Finding(True, f"The training of {last['at']} was {outcome}: {last['reason']}", ""))
    if missing:
        told.append(Finding(True, f"Nightly training is off: {missing} is not installed", ""))
    key = store.settings.get(STATE)
    if key and ShopUnderstanding(store, general, folder).parser() is general:
        text = "The shop's own understanding was trained for another version or on another machine: until the"
        told.append(
            Finding(True, f"{text} next training (quartermaster learn --retrain) the general one is used")
        )
    return told
