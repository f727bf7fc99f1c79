"""One customer's remark, noted."""

from __future__ import annotations

from tools.kit import Ask, Right, Text, planned


@planned(
    right=Right.TALK,
    writes=True,
)
def add(
    ask: Ask,
    text: Text,
) -> None:
    """Note what a customer said."""
