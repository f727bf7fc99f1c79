"""What a watch might see, in one line, for the tests of incidents and messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from tests.store.small_shop import NOW
from tools.store import Store
from tools.store.incidents import Decide, Recorded
from tools.store.incidents_facts import ALERT, Found, Letter

QUIET: Decide = lambda _situation: ()  # noqa: E731 - a decision that nobody is told


def found(subject: str = "P1", **more: Any) -> Found:
    """Something seen by the rule "stock.low"."""
    fields: dict[str, Any] = {
        "rule": "stock.low",
        "location": "",
        "urgency": "today",
        "needs": "see stock",
        "value": Decimal(10),
        "reply": '{"text": "Low"}',
        "products": (subject,),
        **more,
    }
    key = f"{fields['rule']}:{subject}:{fields['location']}"
    return Found(key=key, subject=subject, **fields)


def look(
    store: Store,
    founds: Sequence[Found],
    at: datetime = NOW,
    *,
    rule: str = "stock.low",
    decide: Decide = QUIET,
) -> Recorded:
    """One look of one rule."""
    return store.incidents.record({rule: founds}, at, decide)


def letter(number: int, *, to: str = "U1", due: datetime = NOW, incident: int | None = None) -> Letter:
    """A message to somebody in Slack."""
    kind = ALERT if incident else "brief"
    return Letter(f"m{number}", kind, "Anna", due, "slack", to, f'{{"n": {number}}}', incident)
