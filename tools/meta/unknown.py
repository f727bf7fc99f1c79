"""What this assistant does not do."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    right=Right.TALK,
)
def unknown(_ask: Ask) -> Result:
    """Say that this is nothing the assistant does."""
    return Reply("That is nothing I can do. I know the shop's stock and sales: say help to see what to ask.")
