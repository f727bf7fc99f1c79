"""Pictures of what an order does: the stock of its goods with it and without it."""

from __future__ import annotations

from tools.kit.ask import Ask
from tools.kit.reply import Chart
from tools.store.facts import PurchaseOrder


def order_picture(_ask: Ask, _order: PurchaseOrder) -> tuple[Chart, ...]:
    """The stock of the order's main line, with the order and without it; nothing where that is unknown."""
    return ()
