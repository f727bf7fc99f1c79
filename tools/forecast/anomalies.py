"""Sales that do not fit their pattern."""

from __future__ import annotations

from tools.kit import Ask, Category, Place, Right, Span, planned


@planned(
    right=Right.SEE_SALES,
)
def anomalies(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> None:
    """Find odd jumps and drops in sales."""
