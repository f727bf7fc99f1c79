"""What all changes of stock share: the money at stake, doubts about the size, words for the outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask
from tools.kit.choose import Chosen
from tools.kit.reply import Refused, Reply, Source
from tools.kit.slots import slot_to_json
from tools.kit.units import both_units, to_base
from tools.kit.words import facts, quantity, quantity_of
from tools.store import Applied, Effect, Product

USUAL_DAYS = 28
# Smaller amounts are never doubted: selling ten of a thing that sells one a week is a good day.
SMALL = Decimal(10)


@dataclass(frozen=True, slots=True)
class Said:
    """An amount as it was said, and in the product's base unit."""

    product: Product
    said: Decimal
    unit: str | None
    base: Decimal

    @property
    def figures(self) -> dict[str, Any]:
        """For ``data``: what it is about, as it was said."""
        return {"sku": self.product.sku, "name": self.product.name, "said": self.said, "unit": self.unit}

    @property
    def words(self) -> str:
        """With both units where they differ: "24 × Red Mug 350ml (4 packs = 24 pcs)"."""
        both = both_units(self.product, self.said, self.unit, self.base)
        return quantity_of(self.product, self.base) + (f" ({both})" if both else "")


def said_amount(product: Product, quantity_said: Decimal, unit: str | None) -> Said | Refused:
    """What was said, in the base unit; refused where it cannot be converted exactly."""
    base = to_base(product, quantity_said, unit)
    return base if isinstance(base, Refused) else Said(product, quantity_said, unit, base)


def at_stake(product: Product, base: Decimal) -> Decimal:
    """The money that an amount stands for: at cost, else at the price, else 0."""
    each = product.cost if product.cost is not None else product.price
    return abs(base) * (each or Decimal(0))


def usual_day(ask: Ask, product: Product, locations: Sequence[str] | None = None) -> Decimal:
    """Units sold on a usual day: the mean of the four weeks before today (0 where nothing is known)."""
    totals = ask.store.sales.totals(
        first=ask.today - timedelta(days=USUAL_DAYS),
        last=ask.today - timedelta(days=1),
        skus=[product.sku],
        locations=locations,
        by="all",
    )
    sold = totals[0].net if totals else Decimal(0)
    return max(sold, Decimal(0)) / USUAL_DAYS


def unusual_size(ask: Ask, said: Said, days: int) -> str:
    """A doubt where the amount is that of more than so many usual days of sales; else ""."""
    usual = usual_day(ask, said.product)
    if said.base < SMALL or usual == 0 or said.base <= usual * days:
        return ""
    return (
        f"{quantity(said.product, said.base)} is a lot for {said.product.name}: "
        f"a usual day sells {quantity(said.product, _rounded(usual))}."
    )


def assumption(ask: Ask, chosen: Chosen) -> str:
    """The sentence that tells which place was taken and why; "" where it was named."""
    return f" ({ask.catalogue.location_name(chosen.location)}: {chosen.assumed}.)" if chosen.assumed else ""


def full_slots(**slots: Any) -> Mapping[str, Any]:
    """The complete request as contract JSON, empty slots left out."""
    return {name: slot_to_json(value) for name, value in slots.items() if value not in (None, "")}


def effect_at(applied: Applied, sku: str, location: str) -> Effect | None:
    """What the change did to one product at one place."""
    keys = (sku, location)
    return next((effect for effect in applied.effects if (effect.sku, effect.location) == keys), None)


def before_after(product: Product, effect: Effect | None) -> str:
    """The change as "12 → 9", in the base unit; "" where there was no effect."""
    if effect is None:
        return ""
    return f"{quantity(product, effect.before)} → {quantity(product, effect.after)}"


def done(ask: Ask, words: Callable[[Applied], str], **figures: Any) -> Callable[[Applied], Reply]:
    """Turn the words for an outcome into the reply for it, with every effect that the person may see."""
    places = frozenset(ask.places)

    def tell(applied: Applied) -> Reply:
        start = "That was done before: " if applied.repeated else ""
        rows = [_effect_row(effect) for effect in applied.effects if effect.location in places]
        data = facts(**figures, rows=rows, group=applied.group_id, position=applied.position)
        source = Source("Stock ledger, the moves just made", as_of=f"ledger position {applied.position}")
        return Reply(start + words(applied), data, sources=(source,))

    return tell


def _effect_row(effect: Effect) -> dict[str, Any]:
    return facts(
        sku=effect.sku,
        location=effect.location,
        before=effect.before,
        after=effect.after,
        on_hand=effect.after,
    )


def _rounded(rate: Decimal) -> Decimal:
    return rate.quantize(Decimal("0.1"))
