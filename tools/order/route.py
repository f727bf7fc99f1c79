"""Which place should fulfil a customer's order."""

from __future__ import annotations

from tools.kit import Ask, OrderNumber, Right, planned


@planned(
    right=Right.PLAN_DELIVERIES,
)
def route(
    ask: Ask,
    order: OrderNumber | None = None,
) -> None:
    """Choose the place that sends an order."""
