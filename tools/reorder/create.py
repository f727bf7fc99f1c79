"""An order to a supplier."""

from __future__ import annotations

from tools.kit import Ask, Place, Products, Quantity, Right, Span, SupplierCode, Unit, planned


@planned(
    right=Right.BUY,
    writes=True,
)
def create(  # noqa: PLR0913 - the contract's slots
    ask: Ask,
    products: Products,
    quantity: Quantity | None = None,
    unit: Unit | None = None,
    supplier: SupplierCode | None = None,
    location: Place | None = None,
    period: Span | None = None,
) -> None:
    """Order goods from a supplier."""
