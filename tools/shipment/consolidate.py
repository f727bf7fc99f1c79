"""Shipments that could travel together."""

from __future__ import annotations

from tools.kit import Ask, Right, Span, SupplierCode, planned


@planned(
    right=Right.SEE_STOCK,
)
def consolidate(
    ask: Ask,
    period: Span | None = None,
    supplier: SupplierCode | None = None,
) -> None:
    """Find shipments that can be combined."""
