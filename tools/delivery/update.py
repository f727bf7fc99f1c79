"""A driver's word on one delivery."""

from __future__ import annotations

from tools.kit import Ask, OrderNumber, Right, Status, planned


@planned(
    right=Right.DELIVER,
    writes=True,
)
def update(
    ask: Ask,
    order: OrderNumber,
    status: Status,
) -> None:
    """Note that a delivery has started, arrived or failed."""
