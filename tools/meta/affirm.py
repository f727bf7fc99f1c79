"""Yes."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    right=Right.TALK,
)
def affirm(_ask: Ask) -> Result:
    """Say yes to what was offered."""
    return Reply("There is nothing waiting for a yes. Tell me what you would like to know or change.")
