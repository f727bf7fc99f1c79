"""A message to come when stock falls."""

from __future__ import annotations

from tools.kit import Ask, Category, Place, Products, Right, Threshold, planned


@planned(
    right=Right.SET_ALERTS,
    writes=True,
)
def create(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    threshold: Threshold | None = None,
    location: Place | None = None,
) -> None:
    """Set an alert."""
