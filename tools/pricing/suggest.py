"""What a product should cost in the shop."""

from __future__ import annotations

from tools.kit import Ask, Category, Products, Right, planned


@planned(
    right=Right.SEE_COSTS,
    needs_one_of=(("products", "category"),),
)
def suggest(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
) -> None:
    """Suggest selling prices."""
