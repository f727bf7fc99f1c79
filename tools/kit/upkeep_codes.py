"""What a fault code says, in plain words, by its family: which system, and whether the van may go out.

The letters and first digits follow SAE J2012 (ISO 15031-6): P power train, C chassis, B body, U network; in
P0 the third digit names the system.  A few codes say more than their family.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "soon", "stop"]
CODE = re.compile(r"\b([PCBU][0-3][0-9A-F]{3})\b", re.IGNORECASE)

_LIKE_ONE = re.compile(r"\b([PCBU][0-9O]{4})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code is about, how bad it is, and what to do."""

    words: str
    severity: Severity
    advice: str


_STOP = "Don't send it out before somebody has looked at it."
_SOON = "Have it looked at within days."
_NOTE = "It can wait for the next service."
_SAID: Mapping[str, Meaning] = {
    "P0217": Meaning("engine too hot", "stop", _STOP),
    "P0218": Meaning("gearbox too hot", "stop", _STOP),
    "P0219": Meaning("engine overspeeding", "stop", _STOP),
    "P0128": Meaning("engine stays cold: thermostat", "note", _NOTE),
    "P0300": Meaning("misfires in several cylinders", "stop", _STOP),
    "P0335": Meaning("crankshaft sensor: the engine may stop on the road", "stop", _STOP),
    "P0420": Meaning("catalytic converter works badly", "note", _NOTE),
    "P0430": Meaning("catalytic converter works badly", "note", _NOTE),
    "P0500": Meaning("speed sensor", "soon", _SOON),
    "P0562": Meaning("voltage too low: battery or alternator", "soon", _SOON),
    "P0563": Meaning("voltage too high: alternator or its regulator", "soon", _SOON),
    "P0571": Meaning("brake switch", "stop", _STOP),
    "P0520": Meaning("oil pressure sensor", "stop", _STOP),
    "P0521": Meaning("oil pressure out of range", "stop", _STOP),
    "P0522": Meaning("oil pressure too low", "stop", _STOP),
    "P0524": Meaning("oil pressure too low", "stop", _STOP),
}
# The longest beginning that fits is the family.
_FAMILIES: Mapping[str, Meaning] = {
    "P030": Meaning("misfire in cylinder {last}", "soon", _SOON),
    "P031": Meaning("misfire in cylinder 1{last}", "soon", _SOON),
    "P00": Meaning("fuel and air", "soon", _SOON),
    "P01": Meaning("fuel and air", "soon", _SOON),
    "P02": Meaning("fuel injection", "soon", _SOON),
    "P03": Meaning("ignition", "soon", _SOON),
    "P04": Meaning("exhaust cleaning", "note", _NOTE),
    "P05": Meaning("speed and idling", "soon", _SOON),
    "P06": Meaning("engine computer", "soon", _SOON),
    "P07": Meaning("gearbox", "soon", _SOON),
    "P08": Meaning("gearbox", "soon", _SOON),
    "P09": Meaning("gearbox", "soon", _SOON),
    "P0A": Meaning("electric drive", "soon", _SOON),
    "P2": Meaning("engine and exhaust", "soon", _SOON),
    "P": Meaning("engine, in the maker's own numbering", "soon", _SOON),
    "C0": Meaning("brakes, steering or suspension", "stop", _STOP),
    "C": Meaning("chassis, in the maker's own numbering", "stop", _STOP),
    "B000": Meaning("airbags", "stop", _STOP),
    "B00": Meaning("airbags and belts", "stop", _STOP),
    "B": Meaning("body and comfort", "note", _NOTE),
    "U": Meaning("the van's computers do not hear each other", "soon", _SOON),
}


def codes_in(text: str) -> tuple[str, ...]:
    """The fault codes that a text names, in capitals, each once."""
    return tuple(dict.fromkeys(code.upper() for code in CODE.findall(text)))


def no_code_words(text: str) -> str:
    """Which codes that a text names do not exist, as a sentence; "" where all do."""
    strange = [code.upper() for code in _LIKE_ONE.findall(text) if not CODE.fullmatch(code)]
    return f"{strange[0]} is no fault code that exists: please read it again." if strange else ""


def meaning(code: str) -> Meaning:
    """What a code is about; the letter O typed for a zero is no code."""
    said = _SAID.get(code)
    if said is not None:
        return said
    family = next(code[:length] for length in range(len(code), 0, -1) if code[:length] in _FAMILIES)
    found = _FAMILIES[family]
    return Meaning(found.words.format(last=code[-1]), found.severity, found.advice)
