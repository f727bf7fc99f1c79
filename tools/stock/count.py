"""Somebody counted: the books follow, compared with what they said at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from tools.kit import (
    Ask,
    Button,
    Call,
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
from tools.kit.demand_signals_watch import SAID_OUT, said_out_sightings
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
from tools.kit.watch import Sighting, watch
from tools.kit.watching import HOURLY, urgency, usual_takings
from tools.store import Applied, Count, Product
from tools.store.facts import Counted

# More moves than this after a count do not happen before it is written down.
MOST_MOVES = 10_000
# A count is told for so long, unless the next one settles it.
TOLD_DAYS = 3
# A difference of this share of a usual day's takings is told, and from the second on by a message of its own.
ODD, VERY_ODD = Decimal("0.01"), Decimal("0.05")


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


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule="stock.odd_count", right=Right.MOVE_STOCK, every=HOURLY)
def watch_counts(ask: Ask) -> Iterator[Sighting]:
    """Odd count: far from what the books said."""
    takings, seen = usual_takings(ask), set()
    for one in ask.store.stock.counts(ask.now - timedelta(days=TOLD_DAYS)):
        product = ask.catalogue.products.get(one.sku)
        if product is None or (one.sku, one.location) in seen:
            continue
        seen.add((one.sku, one.location))
        value = at_stake(product, one.difference)
        if _doubts(product, one.expected, one.difference) and value >= takings * ODD:
            yield _odd_count(ask, product, one, value, takings)


def _odd_count(ask: Ask, product: Product, one: Counted, value: Decimal, takings: Decimal) -> Sighting:
    where = ask.catalogue.location_name(one.location)
    when = words.near_day(one.at.astimezone(ask.now.tzinfo).date(), ask.today)
    text = (
        f"{one.actor} counted {words.quantity_of(product, one.counted)} at {where} {when}, "
        f"{_compared(product, one.expected, one.difference)}. Is it counted right, and in the right unit?"
    )
    about = {"products": [product.sku], "location": one.location}
    figures = words.facts(counted=one.counted, expected=one.expected, difference=one.difference)
    reply = Reply(
        text,
        {"rows": [{**words.facts(sku=product.sku, location=one.location), **figures}]},
        buttons=(
            Button("Count again", Call("stock.count", about)),
            Button("What happened?", Call("stock.history", about)),
        ),
    )
    soon = urgency(value, takings, VERY_ODD)
    return Sighting(
        "stock.odd_count", product.sku, one.location, reply, soon, Right.MOVE_STOCK, value, (product.sku,)
    )


@watch(rule=SAID_OUT, right=Right.SEE_STOCK, every=HOURLY)
def watch_said_out(ask: Ask) -> Iterator[Sighting]:
    """Said to be sold out: customers found none of what the books have."""
    yield from said_out_sightings(ask)
