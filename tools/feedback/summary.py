"""What customers think of what they bought."""

from __future__ import annotations

from tools.kit import Ask, Category, Products, Right, Span, planned


@planned(
    right=Right.SEE_SALES,
)
def summary(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
) -> None:
    """Sum up what customers say."""
