"""The alerts that are set."""

from __future__ import annotations

from tools.kit import Ask, Right, planned


@planned(
    right=Right.SET_ALERTS,
)
def list_(
    ask: Ask,
) -> None:
    """List the alerts that are set."""
