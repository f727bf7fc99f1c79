"""Never mind."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    right=Right.TALK,
)
def cancel(_ask: Ask) -> Result:
    """Drop what is being asked about."""
    return Reply("Fine. There was nothing open, so nothing has changed.")
