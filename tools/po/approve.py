"""The yes that lets a purchase order go out."""

from __future__ import annotations

from tools.kit import Ask, PurchaseOrderNumber, Right, planned


@planned(
    right=Right.BUY,
    writes=True,
)
def approve(
    ask: Ask,
    po: PurchaseOrderNumber | None = None,
) -> None:
    """Approve a purchase order."""
