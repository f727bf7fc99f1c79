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
AMOUNT = rf"(?P<n>\d+(?:\.\d+)?|{'|'.join(_SPOKEN.split()[1:])})"
"""A pattern of an amount, in figures or as a word, as the group ``n``."""
_FEW = r"(?:\s+[a-z'-]+\.?){0,4}?\s+"
SHORT = (
    r"(?:short|missing|less|fewer|too few|lacking|absent|not there|not here|didnt come|didn't come|under|"
    r"(?:still )?to (?:come|follow)|outstanding|back ?-?ordered)"
)
_ALL_BUT = r"(?:short(?:ed)?|missing|minus|except(?:ing)?|apart from|all but|without)"
BROKEN = (
    r"(?:broken|broke|damaged|smashed|cracked|chipped|faulty|defective|spoiled|spoilt|leaking|leaked|crushed|"
    r"squashed|squished|dented|torn|split|burst|mouldy|moldy|rotten|melted|thawed|ruined|no good|bad)"
)
OVER = r"(?:too many|extra|over|surplus|more than)"
"""Patterns of words for goods that are missing, no good, or too many."""
_PATTERNS = (
    ("broken", re.compile(rf"\b{_N}{_FEW}{BROKEN}\b|\b{BROKEN}\s*:?\s*{_M}\b")),
    (
        "short",
        re.compile(rf"\b{_N}{_FEW}{SHORT}\b|\b{_ALL_BUT}\s*(?:by|of|for|us|:)?\s*{_M}\b"),
    ),
    ("over", re.compile(rf"\b{_N}{_FEW}{OVER}\b")),
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
    said, found = without_number(text.lower(), number), {}
    for name, pattern in _PATTERNS:
        match = pattern.search(said)
        if match and name not in found:
            found[name] = _value(match)
            said = f"{said[: match.start()]} , {said[match.end() :]}"
    if quantity is not None and quantity > 0 and not found:
        found["came"] = quantity
    return Told(found.get("came"), found.get("short"), found.get("over"), found.get("broken", Decimal(0)))


def number_of(word: str) -> Decimal:
    """The value of what :data:`AMOUNT` found."""
    low = word.lower()
    return _NUMBERS[low] if low in _NUMBERS else Decimal(low)


def broken_at(text: str) -> int:
    """Where the words tell of broken goods; 0 where they do not."""
    found = _PATTERNS[0][1].search(text.lower())
    return found.start() if found else 0


def is_last(text: str) -> bool:
    """Whether the words say that no more will come."""
    return bool(_LAST.search(text))


def without_number(text: str, number: str) -> str:
    """The words without the number of the order, which is no amount."""
    digits = number.rpartition("-")[2]
    named = rf"(?:\bpo|\bpurchase order|\border)?[\s#-]*\b{re.escape(digits)}\b"
    return re.sub(named, " that ", text, flags=re.IGNORECASE)


def _value(match: re.Match[str]) -> Decimal:
    groups = match.groupdict()
    return number_of(groups.get("n") or groups.get("m") or "0")
