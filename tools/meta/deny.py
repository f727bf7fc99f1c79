"""No."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    right=Right.TALK,
)
def deny(_ask: Ask) -> Result:
    """Say no to what was offered."""
    return Reply("All right. There was nothing waiting, so nothing has changed.")
