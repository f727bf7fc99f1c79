"""A purchase order that is no longer wanted."""

from __future__ import annotations

from tools.kit import Ask, PurchaseOrderNumber, Right, planned


@planned(
    right=Right.BUY,
    writes=True,
)
def cancel(
    ask: Ask,
    po: PurchaseOrderNumber | None = None,
) -> None:
    """Cancel a purchase order."""
