"""How far earlier forecasts were off."""

from __future__ import annotations

from tools.kit import Ask, Category, Products, Right, Span, planned


@planned(
    right=Right.SEE_SALES,
)
def accuracy(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
) -> None:
    """Show how good the forecasts have been."""
