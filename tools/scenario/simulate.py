"""What a change in demand or delivery would do to stock."""

from __future__ import annotations

from tools.kit import Ask, Category, Days, Percent, Products, Right, Span, SupplierCode, planned


@planned(
    right=Right.SEE_SALES,
)
def simulate(  # noqa: PLR0913 - the contract's slots
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    supplier: SupplierCode | None = None,
    percent: Percent | None = None,
    days: Days | None = None,
    period: Span | None = None,
) -> None:
    """Play through a what-if."""
