"""What sending costs this shop: its own figures where it set them, else usual ones, named in the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from tools.store import Product, Store

USUAL: Mapping[str, float] = {
    "send_parcel_cost": 2.0,
    "send_km_cost": 0.45,
    "send_split_cost": 3.0,
    "send_hour_cost": 0.5,
    "send_missing_cost": 25.0,
    "send_pack_hours_shop": 2.0,
    "send_pack_hours_warehouse": 1.0,
}
USUAL_MARGIN = 0.4
"""The share of the price that is earned, where the cost is not known."""


@dataclass(frozen=True, slots=True)
class SendCosts:
    """Money in the shop's currency: for a parcel, a kilometre, a second parcel, an hour of waiting.

    ``missing`` is what a line that cannot be sent costs beside twice its price; hours of
    packing are those until a place can hand goods over.
    """

    parcel: float
    km: float
    split: float
    hour: float
    missing: float
    shop_hours: float
    warehouse_hours: float

    def packing_hours(self, kind: str) -> float:
        """How long a place of this kind takes to hand over: a shop serves its customers first."""
        return self.warehouse_hours if kind == "warehouse" else self.shop_hours

    def margin(self, product: Product) -> float:
        """What a lost sale of it costs."""
        if product.price is None:
            return 0.0
        if product.cost is None:
            return float(product.price) * USUAL_MARGIN
        return max(float(product.price - product.cost), 0.0)


def send_costs(store: Store) -> SendCosts:
    """The figures that hold now; one that is no number or below 0 counts as not set."""
    kept = store.settings.all()
    read = {key: _figure(kept.get(key, ""), usual) for key, usual in USUAL.items()}
    return SendCosts(
        parcel=read["send_parcel_cost"],
        km=read["send_km_cost"],
        split=read["send_split_cost"],
        hour=read["send_hour_cost"],
        missing=read["send_missing_cost"],
        shop_hours=read["send_pack_hours_shop"],
        warehouse_hours=read["send_pack_hours_warehouse"],
    )


def _figure(text: str, usual: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return usual
    return value if isfinite(value) and value >= 0 else usual
