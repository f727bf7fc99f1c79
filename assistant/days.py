"""Days in words, for tools that read an answer on their own ("Acme confirmed for Friday")."""

from __future__ import annotations

from datetime import date

from intents.periods import find_periods
from intents.words import words_of
from tools.kit import Period


def days_ahead(text: str, today: date) -> Period | None:
    """The first day or span that the words name, looking ahead from today; None where they name none."""
    found = find_periods(words_of(text), today)
    return found[0].reading(ahead=True) if found else None
