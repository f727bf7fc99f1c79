"""``quartermaster learn``: what the shop taught, out, off, and into training."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from assistant.app import load_parser, open_books, start_logging
from assistant.cli.main import Trouble
from assistant.codec import plain_json
from assistant.learning_head import last_training, reset_shop, retrain_shop
from assistant.learning_list import line
from assistant.settings import Settings
from intents.shop_head import Verdict, missing_for_training
from tools.store import Actor, Store

NICENESS = 19
ACTOR = Actor("terminal", "terminal")


def list_learned(settings: Settings) -> None:
    """Everything learned, each with its number."""
    store = open_books(settings)
    names = [name for name in store.learned.all() if name.counts]
    catalogue = store.catalogue()
    for name in names:
        print(f"{name.id:>4}  {line(name, catalogue)}  since {name.learned_at.date()}")  # noqa: T201
    readings = len(store.readings.all())
    print(f"{len(names)} words and choices, {readings} confirmed messages.")  # noqa: T201
    last = last_training(store)
    if last:
        outcome = "taken" if last["accepted"] else "refused"
        print(f"Last training {last['at']}: {outcome}, {last['reason']}.")  # noqa: T201


def forget(settings: Settings, number: int) -> None:
    """Drop one word or choice."""
    store = open_books(settings)
    gone = store.learned.forget(number, ACTOR, store.clock())
    if gone is None:
        raise Trouble(f"nothing learned has the number {number}; see quartermaster learn")
    print(f"Forgotten: “{gone.words}”.")  # noqa: T201


def export(settings: Settings, file: Path | None) -> None:
    """Write the confirmed messages as JSON lines."""
    lines = [json.dumps(pair, ensure_ascii=False) for pair in _pairs(open_books(settings))]
    text = "".join(f"{line}\n" for line in lines)
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Trouble(f"can't write {file}: {error.strerror}") from error
    print(f"{len(lines)} confirmed messages in {file}.")  # noqa: T201


def _pairs(store: Store) -> list[dict[str, object]]:
    return [
        {
            "text": reading.text,
            "intent": reading.intent,
            "slots": plain_json(reading.slots),
            "confirmed_at": reading.confirmed_at.isoformat(),
            "how": reading.how,
        }
        for reading in store.readings.all()
    ]


def retrain(settings: Settings) -> None:
    """Train with the shop's confirmed messages, and say whether the state was taken."""
    missing = missing_for_training()
    if missing:
        raise Trouble(f"training needs {missing}, which is not installed: pip install {missing}")
    os.nice(NICENESS)
    start_logging("ERROR")
    store = open_books(settings)
    print(_told(retrain_shop(store, load_parser(), ACTOR)))  # noqa: T201


def _told(verdict: Verdict) -> str:
    if not verdict.held_out or verdict.templates == (0.0, 0.0):
        return f"Not trained: {verdict.reason}."
    own, general = verdict.own, verdict.templates
    figures = (
        f"own messages {own[0]:.1%} → {own[1]:.1%} ({verdict.held_out} held out of {verdict.pairs}), "
        f"templates {general[0]:.1%} → {general[1]:.1%}"
    )
    start = "Taken" if verdict.accepted else "Refused"
    return f"{start}: {verdict.reason}; {figures}."


def reset(settings: Settings) -> None:
    """Go back to the general understanding."""
    had = reset_shop(open_books(settings), ACTOR)
    said = "The general understanding is in use again." if had else "The general understanding was in use."
    print(f"{said} Words, choices and confirmed messages are kept.")  # noqa: T201
