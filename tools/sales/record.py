"""Something was sold over the counter."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tools.kit import (
    Ask,
    Place,
    Plan,
    Price,
    Products,
    Quantity,
    Refused,
    Result,
    Right,
    Unclear,
    Unit,
    tool,
    words,
)
from tools.kit.choose import Chosen, not_positive, shortage, the_place, the_product
from tools.kit.holdings import Holding, holdings, scope_of
from tools.kit.plans import (
    Said,
    assumption,
    at_stake,
    before_after,
    done,
    effect_at,
    full_slots,
    said_amount,
    unusual_size,
)
from tools.kit.stocktalk import is_are
from tools.store import Applied, Sell

USUAL_DAYS_SOLD = 10
MONEY_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class _Sale:
    said: Said
    place: Chosen
    price: Decimal | None
    listed: Decimal | None

    @property
    def total(self) -> Decimal | None:
        return None if self.price is None else self.price * self.said.base


@tool(
    right=Right.RECORD_SALES,
    writes=True,
)
def record(
    ask: Ask,
    products: Products,
    quantity: Quantity,
    unit: Unit | None = None,
    location: Place | None = None,
    price: Price | None = None,
) -> Result:
    """Record a sale and take the goods off the books."""
    wrong = not_positive(quantity) or _wrong_price(price)
    if wrong:
        return wrong
    product = the_product(ask, products)
    if isinstance(product, Unclear | Refused):
        return product
    said = said_amount(product, quantity, unit)
    if isinstance(said, Refused):
        return said
    place = the_place(ask, product, location, leaves=True)
    if not isinstance(place, Chosen):
        return place
    sale = _Sale(said, place, price if price is not None else product.price, product.price)
    return shortage(ask, product, place.location, said.base) or _plan(ask, sale)


def _wrong_price(price: Decimal | None) -> Refused | None:
    if price is None or (price >= 0 and price == price.quantize(MONEY_STEP)):
        return None
    return Refused(f"{words.amount(price)} is not a price: say the price of one, like 9.50.")


def _plan(ask: Ask, sale: _Sale) -> Plan:
    said, location, product = sale.said, sale.place.location, sale.said.product
    held = holdings(ask, (product,), scope_of(ask, None))[0]
    before = held.at(location)
    what = f"{said.words} at {ask.catalogue.location_name(location)}{_paid(ask, sale)}"
    figures = {
        **said.figures,
        "location": location,
        "quantity": said.base,
        "unit_price": sale.price,
        "revenue": sale.total,
    }

    def tell(applied: Applied) -> str:
        return f"Done: sold {what}: {before_after(product, effect_at(applied, product.sku, location))} left."

    steps = f"{words.quantity(product, before)} → {words.quantity(product, before - said.base)}"
    return Plan(
        summary=f"Sell {what}: {steps}.{assumption(ask, sale.place)}",
        change=Sell(product.sku, location, said.base, sale.price),
        tell=done(ask, tell, **figures),
        slots=full_slots(
            products=(product.sku,), quantity=said.said, unit=said.unit, location=location, price=sale.price
        ),
        value=at_stake(product, said.base),
        doubts=_doubts(ask, sale, held),
        data=words.facts(**figures, before=before, after=before - said.base),
    )


def _paid(ask: Ask, sale: _Sale) -> str:
    currency = ask.catalogue.currency
    if sale.price is None or sale.total is None:
        return " (no price known, so no money is booked)"
    each = words.money(sale.price, currency)
    if sale.said.base == 1:
        return f" for {each}"
    product = sale.said.product
    one = "each" if product.unit in words.PIECES else f"a {product.unit}"
    return f" for {words.money(sale.total, currency)} ({each} {one})"


def _doubts(ask: Ask, sale: _Sale, held: Holding) -> tuple[str, ...]:
    said, product = sale.said, sale.said.product
    doubts = [unusual_size(ask, said, USUAL_DAYS_SOLD), _price_doubt(ask, sale)]
    location = sale.place.location
    good, reserved = held.at(location) - held.unusable_at(location), held.reserved_at(location)
    if good >= said.base > good - reserved:
        promised = words.quantity(product, reserved)
        doubts.append(f"{promised} of what is there {is_are(product, reserved)} promised to orders.")
    return tuple(doubt for doubt in doubts if doubt)


def _price_doubt(ask: Ask, sale: _Sale) -> str:
    if sale.price is None or not sale.listed or sale.price == sale.listed:
        return ""
    currency = ask.catalogue.currency
    asked, usual = words.money(sale.price, currency), words.money(sale.listed, currency)
    if sale.price == sale.listed * sale.said.base:
        return f"I take {asked} as the price of one; the usual price is {usual}."
    if sale.listed / 2 <= sale.price <= sale.listed * 2:
        return ""
    return f"{asked} is far from the usual {usual} for one."
