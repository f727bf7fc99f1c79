"""How much will sell in a period to come."""

from __future__ import annotations

from tools.kit import Ask, Category, Place, Products, Right, Span, planned


@planned(
    right=Right.SEE_SALES,
)
def demand(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
    location: Place | None = None,
) -> None:
    """Forecast how many will sell."""
