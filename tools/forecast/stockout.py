"""When stock will be gone at the present pace."""

from __future__ import annotations

from tools.kit import Ask, Category, Place, Products, Right, planned


@planned(
    right=Right.SEE_STOCK,
)
def stockout(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> None:
    """Say when stock will run out."""
