"""Goods judged by a picture."""

from __future__ import annotations

from tools.kit import Ask, Products, PurchaseOrderNumber, Right, planned


@planned(
    right=Right.SEE_STOCK,
)
def inspect(
    ask: Ask,
    products: Products | None = None,
    po: PurchaseOrderNumber | None = None,
) -> None:
    """Judge goods from a photo."""
