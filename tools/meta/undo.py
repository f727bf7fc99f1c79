"""Take the last change back."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    right=Right.TALK,
)
def undo(_ask: Ask) -> Result:
    """Take the last change back."""
    return Reply("There is no change of yours in this conversation that I could undo.")
