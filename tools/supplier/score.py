"""How well one supplier keeps its word."""

from __future__ import annotations

from tools.kit import Ask, Right, Span, SupplierCode, planned


@planned(
    right=Right.SEE_STOCK,
)
def score(
    ask: Ask,
    supplier: SupplierCode,
    period: Span | None = None,
) -> None:
    """Rate a supplier's reliability."""
