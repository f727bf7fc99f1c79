"""What somebody says about a delivery: how many came, were missing, broken or too many.

"2 short", "6 of 10 came, 1 broken", "only 50", "4 too many": each number by the words beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SPOKEN = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_NUMBERS = {word: Decimal(value) for value, word in enumerate(_SPOKEN.split())} | {
    "a": Decimal(1),
    "an": Decimal(1),
    "dozen": Decimal(12),
}
_N = rf"(?P<n>\d+(?:\.\d+)?|{'|'.join(_NUMBERS)})"
_M = _N.replace("?P<n>", "?P<m>")
_FEW = r"(?:\s+[a-z'-]+){0,4}?\s+"
_SHORT = r"(?:short|missing|less|fewer|lacking|absent|not there|didnt come|didn't come|under)"
_BROKEN = (
    r"(?:broken|broke|damaged|smashed|cracked|chipped|faulty|defective|spoiled|spoilt|leaking|crushed|dented)"
)
_OVER = r"(?:too many|extra|over|surplus|more than)"
_PATTERNS = (
    ("broken", re.compile(rf"\b{_N}{_FEW}{_BROKEN}\b|\b{_BROKEN}\s*:?\s*{_M}\b")),
    (
        "short",
        re.compile(rf"\b{_N}{_FEW}{_SHORT}\b|\b{_SHORT}\s*(?:by|of|:)?\s*{_M}\b"),
    ),
    ("over", re.compile(rf"\b{_N}{_FEW}{_OVER}\b")),
    ("came", re.compile(rf"\b{_N}\s+(?:out\s+)?of\s+(?:the\s+)?(?P<of>\d+(?:\.\d+)?)\b")),
    (
        "came",
        re.compile(
            rf"\b(?:only|just|got|counted|received|receive|with|delivered)\s+(?:just\s+|only\s+)?{_N}\b|"
            rf"\b{_M}{_FEW}(?:came|arrived|here|in|delivered|received|turned up)\b"
        ),
    ),
)


_LAST = re.compile(
    r"\b(no more|nothing else|rest (is )?(not|never)|close (it|the rest)|that's it)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """Figures about one delivery as they were said; None where nothing was said of it."""

    came: Decimal | None = None
    short: Decimal | None = None
    over: Decimal | None = None
    broken: Decimal = Decimal(0)

    @property
    def is_plain(self) -> bool:
        """Whether everything simply came as ordered."""
        return self == Told()


def read_delivery(text: str, number: str, quantity: Decimal | None = None) -> Told:
    """What the words tell of order ``number``; ``quantity`` is what came where no words say otherwise.

    >>> read_delivery("PO 1042 arrived, 2 short", "PO-1042", Decimal(2)).short
    Decimal('2')
    >>> told = read_delivery("6 of 10 came, 1 broken", "PO-1042", Decimal(6))
    >>> told.came, told.broken
    (Decimal('6'), Decimal('1'))
    """
    said, found = _without_number(text.lower(), number), {}
    for name, pattern in _PATTERNS:
        match = pattern.search(said)
        if match and name not in found:
            found[name] = _value(match)
            said = f"{said[: match.start()]} , {said[match.end() :]}"
    if quantity is not None and quantity > 0 and not found:
        found["came"] = quantity
    return Told(found.get("came"), found.get("short"), found.get("over"), found.get("broken", Decimal(0)))


def is_last(text: str) -> bool:
    """Whether the words say that no more will come."""
    return bool(_LAST.search(text))


def _without_number(text: str, number: str) -> str:
    digits = number.rpartition("-")[2]
    return re.sub(rf"(?:\bpo|\bpurchase order|\border)?[\s#-]*\b{re.escape(digits)}\b", " , ", text)


def _value(match: re.Match[str]) -> Decimal:
    groups = match.groupdict()
    word = groups.get("n") or groups.get("m") or "0"
    return _NUMBERS[word] if word in _NUMBERS else Decimal(word)
