"""Who drives where, in which order."""

from __future__ import annotations

from tools.kit import Ask, Right, Span, VehicleCode, planned


@planned(
    right=Right.PLAN_DELIVERIES,
)
def plan(
    ask: Ask,
    period: Span | None = None,
    vehicle: VehicleCode | None = None,
) -> None:
    """Plan delivery rounds."""
