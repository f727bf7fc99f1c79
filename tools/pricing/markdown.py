"""What to make cheaper before it spoils or sits."""

from __future__ import annotations

from tools.kit import Ask, Category, Place, Right, Span, planned


@planned(
    right=Right.SEE_COSTS,
)
def markdown(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> None:
    """Suggest discounts that clear old stock."""
