"""Thank you."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    right=Right.TALK,
)
def thanks(_ask: Ask) -> Result:
    """Take thanks."""
    return Reply("You're welcome.")
