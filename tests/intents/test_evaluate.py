"""The classifier on anybody's sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intents.evaluate import train_and_evaluate

TOPICS = {
    "weather": (
        "will it rain on {}",
        "how hot is it on {}",
        "is it windy {}",
        "weather for {}",
        "snow on {}",
    ),
    "music": (
        "play a song for {}",
        "put on some jazz {}",
        "turn the music up {}",
        "next track {}",
        "who sings this {}",
    ),
    "food": (
        "what is for dinner {}",
        "cook pasta {}",
        "how long to boil an egg {}",
        "order a pizza {}",
        "bake bread {}",
    ),
    "oos": (
        "how tall is the tower {}",
        "write a poem {}",
        "file my taxes {}",
        "what is two plus two {}",
        "who am i {}",
    ),
}
DAYS = ("monday", "tuesday", "friday", "my birthday", "the holiday", "sunday night")


def write(path: Path, days: tuple[str, ...]) -> Path:
    rows = [
        {"text": said.format(day), "intent": name}
        for name, lines in TOPICS.items()
        for said in lines
        for day in days
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_a_small_task_is_learned_and_scored(tmp_path: Path) -> None:
    figures = train_and_evaluate(write(tmp_path / "train", DAYS[:5]), write(tmp_path / "test", DAYS[5:]))
    assert figures["accuracy"] > 0.9
    assert figures["out_of_scope"]["auroc"] > 0.9
    assert figures["sentences"] == {"train": 100, "evaluate": 20}


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "train"
    broken.write_text('{"text": "hello", "intent": "greet"}\n{"text": 5}\n')
    with pytest.raises(ValueError, match="train:2"):
        train_and_evaluate(broken, broken)
