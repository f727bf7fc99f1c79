"""Every fault that ``doctor`` knows by name, and its mend: ``faults.txt`` beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from tools.store import Finding

LONGEST_FIGURE = 200


class Fault(NamedTuple):
    """What is wrong, and what to do about it; both may have {figures} in them."""

    what: str
    mend: str


@cache
def all_faults() -> Mapping[str, Fault]:
    """Every fault by its key, in the order of the file."""
    text = files("assistant.cli").joinpath("faults.txt").read_text(encoding="utf-8")
    blocks = [block.splitlines() for block in text.split("\n\n")[1:]]
    return {key: Fault(what, mend) for key, what, mend in blocks}


def fault(key: str, **figures: object) -> Finding:
    """One fault as a finding; figures that come from outside are cut and kept on one line."""
    found = all_faults()[key]
    shown = {name: " ".join(str(value).split())[:LONGEST_FIGURE] for name, value in figures.items()}
    return Finding(False, found.what.format(**shown), found.mend.format(**shown))
