"""What customers ask for and do not find."""

from __future__ import annotations

from tools.kit import Ask, Category, Right, Span, planned


@planned(
    right=Right.SEE_SALES,
)
def requests(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
) -> None:
    """List what customers ask for that the shop does not have."""
