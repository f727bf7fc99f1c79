"""When a delivery reaches its customer."""

from __future__ import annotations

from tools.kit import Ask, CustomerCode, OrderNumber, Right, planned


@planned(
    right=Right.SEE_STOCK,
)
def eta(
    ask: Ask,
    customer: CustomerCode | None = None,
    order: OrderNumber | None = None,
) -> None:
    """Say when a delivery will arrive."""
