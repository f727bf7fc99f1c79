"""The goods of a purchase order have come."""

from __future__ import annotations

from tools.kit import Ask, PurchaseOrderNumber, Quantity, Right, planned


@planned(
    right=Right.MOVE_STOCK,
    writes=True,
)
def receive(
    ask: Ask,
    po: PurchaseOrderNumber | None = None,
    quantity: Quantity | None = None,
) -> None:
    """Book in a purchase order."""
