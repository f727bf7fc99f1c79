"""Somebody counted: the books follow, compared with what they said at that moment."""

from __future__ import annotations

from decimal import Decimal

from tools.kit import (
    Ask,
    Place,
    Plan,
    Products,
    Quantity,
    Refused,
    Reply,
    Result,
    Right,
    Unclear,
    Unit,
    tool,
    words,
)
from tools.kit.choose import Chosen, the_place, the_product
from tools.kit.holdings import Scope, holdings
from tools.kit.plans import (
    SMALL,
    Said,
    assumption,
    at_stake,
    before_after,
    done,
    effect_at,
    full_slots,
    said_amount,
)
from tools.store import Applied, Count, Product

# More moves than this after a count do not happen before it is written down.
MOST_MOVES = 10_000


@tool(
    right=Right.MOVE_STOCK,
    writes=True,
)
def count(
    ask: Ask,
    products: Products,
    quantity: Quantity,
    unit: Unit | None = None,
    location: Place | None = None,
) -> Result:
    """Write down what was counted, and correct the books by the difference."""
    if quantity < 0:
        return Refused(f"A count can't be below 0, and {words.amount(quantity)} is.")
    product = the_product(ask, products)
    if isinstance(product, Unclear | Refused):
        return product
    said = said_amount(product, quantity, unit)
    if isinstance(said, Refused):
        return said
    place = the_place(ask, product, location, leaves=False, counted=True)
    return _plan(ask, said, place) if isinstance(place, Chosen) else place


def _plan(ask: Ask, said: Said, place: Chosen) -> Plan:
    product, where = said.product, ask.catalogue.location_name(place.location)
    expected, since = _expected(ask, product, place.location)
    difference = said.base - expected
    figures = {**said.figures, "location": place.location, "counted": said.base}
    compared = _compared(product, expected, difference)

    def tell(applied: Applied) -> Reply:
        effect = effect_at(applied, product.sku, place.location)
        # The books may have learned more since the plan: what they did is what is told.
        made = effect.after - effect.before if effect else difference
        start = f"Done: counted {said.words} at {where}, {_compared(product, said.base - made, made)}"
        text = f"{start}: {before_after(product, effect)}." if made and effect else f"{start}."
        return done(ask, lambda _: text, **figures, expected=said.base - made, difference=made)(applied)

    counts = {"expected": expected, "difference": difference}
    later = f" ({words.signed(since)} since then stays)" if since else ""
    return Plan(
        summary=f"Count {said.words} at {where}, {compared}{later}.{assumption(ask, place)}",
        change=Count(product.sku, place.location, said.base, ask.position),
        tell=tell,
        slots=full_slots(
            products=(product.sku,), quantity=said.said, unit=said.unit, location=place.location
        ),
        value=at_stake(product, difference),
        doubts=_doubts(product, expected, difference),
        data=words.facts(**figures, **counts, since=since),
    )


def _expected(ask: Ask, product: Product, location: str) -> tuple[Decimal, Decimal]:
    """What the books said when the person spoke, and what has moved since."""
    now = holdings(ask, (product,), Scope((location,), location, whole=False))[0].on_hand
    moves = ask.store.stock.movements([product.sku], locations=[location], limit=MOST_MOVES)
    since = words.summed(
        move.quantity if move.destination == location else -move.quantity
        for move in moves
        if move.seq > ask.position
    )
    return now - since, since


def _compared(product: Product, expected: Decimal, difference: Decimal) -> str:
    if difference == 0:
        return f"as the books say ({words.quantity(product, expected)})"
    off = words.quantity(product, abs(difference))
    return (
        f"{off} {'more' if difference > 0 else 'fewer'} than the {words.quantity(product, expected)} expected"
    )


def _doubts(product: Product, expected: Decimal, difference: Decimal) -> tuple[str, ...]:
    if abs(difference) < SMALL or abs(difference) * 2 <= abs(expected):
        return ()
    off = words.quantity(product, abs(difference))
    more = "more" if difference > 0 else "fewer"
    return (f"That is {off} {more} than expected: is it counted right, and in the right unit?",)
