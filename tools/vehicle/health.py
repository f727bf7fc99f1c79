"""Whether a vehicle is due for service or repair."""

from __future__ import annotations

from tools.kit import Ask, Right, VehicleCode, planned


@planned(
    right=Right.DELIVER,
)
def health(
    ask: Ask,
    vehicle: VehicleCode | None = None,
) -> None:
    """Check whether vehicles need a service."""
