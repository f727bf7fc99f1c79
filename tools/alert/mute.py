"""Alerts that should be quiet."""

from __future__ import annotations

from tools.kit import Ask, Category, Products, Right, Span, planned


@planned(
    right=Right.SET_ALERTS,
    writes=True,
)
def mute(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
) -> None:
    """Mute alerts."""
