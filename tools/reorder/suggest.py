"""What to order, and how much of it."""

from __future__ import annotations

from tools.kit import Ask, Category, Place, Products, Right, Span, SupplierCode, planned


@planned(
    right=Right.SEE_STOCK,
)
def suggest(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    supplier: SupplierCode | None = None,
    location: Place | None = None,
    products: Products | None = None,
) -> None:
    """Suggest what to reorder."""
