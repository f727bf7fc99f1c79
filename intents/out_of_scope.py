"""What people also ask an assistant in a shop, and what this one does not do.

The sentences stand in ``out_of_scope.txt``: a heading ``# family: answer``, then one
sentence a line.  They teach the parser to refuse, so a family that shop people ask for
often is worth its own heading.
"""

from __future__ import annotations

from importlib.resources import files
from types import MappingProxyType
from typing import Final


def _read(text: str) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    sentences: dict[str, tuple[str, ...]] = {}
    answers: dict[str, str] = {}
    for block in text.split("# ")[1:]:
        heading, *lines = block.splitlines()
        family, answer = heading.split(": ", 1)
        answers[family] = answer
        sentences[family] = tuple(line.strip() for line in lines if line.strip())
    return sentences, answers


_SENTENCES, _ANSWERS = _read(files("intents").joinpath("out_of_scope.txt").read_text(encoding="utf-8"))

FAMILIES: Final = MappingProxyType(_SENTENCES)
"""Family name to its sentences: plain lower-case text without slots."""

FAMILY_ANSWERS: Final = MappingProxyType(_ANSWERS)
"""Family name to one short sentence that says what the assistant does not do."""
