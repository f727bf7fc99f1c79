"""What will not be sold before its date at the present pace, by product and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.kit.ask import Ask
from tools.kit.holdings import MOST_NAMED
from tools.kit.lowstock import sales_window
from tools.kit.words import quantity_of
from tools.store import LotLevel, Product


@dataclass(frozen=True, slots=True)
class Left:
    """What of a product at a place will not be sold before its date, and when the first of it goes off."""

    product: Product
    location: str
    quantity: Decimal
    first: date

    @property
    def value(self) -> Decimal:
        """What it cost; its price where no cost is known."""
        cost = self.product.cost if self.product.cost is not None else self.product.price
        return self.quantity * (cost or Decimal(0))

    @property
    def words(self) -> str:
        """Roughly how much: "3 × Whole Milk 1L"."""
        whole = self.quantity if self.quantity < 1 else self.quantity.quantize(Decimal(1))
        return quantity_of(self.product, whole.quantize(Decimal("0.1")).normalize() + 0)


def left_over(ask: Ask, days: int) -> list[Left]:
    """What stays of each product at each place: a place sells at its own pace, a store room at that of all.

    The first to go off is taken to be sold first.
    """
    until = ask.today + timedelta(days=days)
    lots: dict[str, list[LotLevel]] = defaultdict(list)
    for lot in ask.store.stock.lots(expires_to=until, today=ask.today):
        if lot.status == "good":
            lots[lot.sku].append(lot)
    paces = _paces(ask, list(lots))
    found = []
    for sku, every in lots.items():
        product = ask.catalogue.products.get(sku)
        if product is None:
            continue
        own = {lot.location for lot in every if paces.get((sku, lot.location), 0) > 0}
        whole = sum(
            (paces.get((sku, place.code), Decimal(0)) for place in ask.catalogue.locations), Decimal(0)
        )
        for place in {lot.location for lot in every}:
            queue = [lot for lot in every if lot.location == place] if place in own else every
            pace = paces[sku, place] if place in own else whole
            one = _unsold(ask, product, place, queue, pace)
            found += [one] if one else []
    return found


def _unsold(ask: Ask, product: Product, place: str, queue: Sequence[LotLevel], pace: Decimal) -> Left | None:
    """What stays of the lots at ``place`` where those of ``queue`` are sold one after the other."""
    sold, kept, first = Decimal(0), Decimal(0), None
    for lot in queue:
        can_be = max(pace * ((_last_day(lot) - ask.today).days + 1) - sold, Decimal(0))
        stays = max(lot.quantity - can_be, Decimal(0))
        sold += lot.quantity - stays
        if stays > 0 and lot.location == place:
            kept, first = kept + stays, first or _last_day(lot)
    return Left(product, place, kept, first) if first is not None else None


def _paces(ask: Ask, skus: Sequence[str]) -> dict[tuple[str, str], Decimal]:
    """Units sold a day by product and place, over the last four known weeks."""
    window = sales_window(ask)
    if window is None or not skus:
        return {}
    named = skus if len(skus) <= MOST_NAMED else None
    found = {}
    for place in ask.catalogue.locations:
        totals = ask.store.sales.totals(
            first=window.first, last=window.last, skus=named, locations=[place.code], by="product"
        )
        found.update({(total.key, place.code): max(total.net, Decimal(0)) / window.days for total in totals})
    return found


def _last_day(lot: LotLevel) -> date:
    return lot.expires_on or date.max
