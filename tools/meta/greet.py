"""Hello."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    right=Right.TALK,
)
def greet(ask: Ask) -> Result:
    """Say hello."""
    part = "morning" if ask.now.hour < 12 else "afternoon" if ask.now.hour < 18 else "evening"
    first = ask.user.name.split()[0] if ask.user.name else ""
    name = f", {first}" if first else ""
    return Reply(f"Good {part}{name}. Ask me about the stock, or say help to see what I can do.")
