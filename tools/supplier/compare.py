"""Suppliers side by side."""

from __future__ import annotations

from tools.kit import Ask, Category, Products, Right, planned


@planned(
    right=Right.SEE_COSTS,
)
def compare(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
) -> None:
    """Compare suppliers."""
