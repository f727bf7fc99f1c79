"""Which products travel cold: one home for planning rounds and for putting shipments together."""

from __future__ import annotations

from tools.kit.ask import Ask

COLD_KINDS = frozenset({"chilled", "frozen"})


def kept_cold(ask: Ask) -> frozenset[str]:
    """The products that are called chilled or frozen, and those called nothing that lie in a fridge."""
    catalogue = ask.catalogue
    fridges = [place.code for place in catalogue.locations if place.kind == "fridge"]
    levels = ask.store.stock.levels(None, locations=fridges, today=ask.today) if fridges else []
    unsaid = {level.sku for level in levels if level.on_hand > 0}
    return frozenset(
        sku
        for sku, product in catalogue.products.items()
        if product.temperature in COLD_KINDS or (not product.temperature and sku in unsaid)
    )
