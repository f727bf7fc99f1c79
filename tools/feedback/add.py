"""One customer's remark, noted."""

from __future__ import annotations

from tools.kit import Ask, Plan, Refused, Reply, Result, Right, Text, tool
from tools.kit.plans import full_slots
from tools.store import Applied
from tools.store.changes import NoteRemark

SHOWN = 200


@tool(
    right=Right.TALK,
    writes=True,
)
def add(
    ask: Ask,
    text: Text,
) -> Result:
    """Note what a customer said."""
    said = " ".join(text.split())
    if not any(letter.isalnum() for letter in said):
        return Refused("There is nothing in that to note. Say what the customer said.")
    shown = said if len(said) <= SHOWN else f"{said[:SHOWN]}…"

    def tell(applied: Applied) -> Reply:
        return Reply(f"Noted: “{shown}”.", {"text": said, "group": applied.group_id})

    change = NoteRemark(said, ask.channel)
    return Plan(
        f"Note what a customer said: “{shown}”", change, tell, full_slots(text=text), data={"text": said}
    )
