"""Stock moves between two places of the shop."""

from __future__ import annotations

from decimal import Decimal

from tools.kit import (
    Ask,
    Place,
    Plan,
    Products,
    Quantity,
    Refused,
    Result,
    Right,
    Unclear,
    Unit,
    listed,
    tool,
    words,
)
from tools.kit.choose import not_positive, shortage, the_product
from tools.kit.holdings import Holding, holdings, scope_of
from tools.kit.plans import Said, at_stake, before_after, done, effect_at, full_slots, said_amount
from tools.kit.stocktalk import is_are
from tools.store import Applied, Product, Transfer


@tool(
    right=Right.MOVE_STOCK,
    writes=True,
)
def transfer(
    ask: Ask,
    products: Products,
    quantity: Quantity,
    source: Place,
    destination: Place,
    unit: Unit | None = None,
) -> Result:
    """Move stock from one place of the shop to another."""
    wrong = not_positive(quantity) or _wrong_places(ask, source, destination)
    if wrong:
        return wrong
    product = the_product(ask, products)
    if isinstance(product, Unclear | Refused):
        return product
    said = said_amount(product, quantity, unit)
    if isinstance(said, Refused):
        return said
    return shortage(ask, product, source, said.base) or _plan(ask, said, source, destination)


def _wrong_places(ask: Ask, source: str, destination: str) -> Refused | None:
    scope = scope_of(ask, source)
    if isinstance(scope, Refused):
        return scope
    if ask.catalogue.location(destination) is None:
        names = listed([place.name for place in ask.catalogue.locations])
        return Refused(f"I know no place called {destination}. There are: {names}.")
    if source == destination:
        return Refused(f"It is at {_name(ask, source)} already: say another place to move it to.")
    return None


def _plan(ask: Ask, said: Said, source: str, destination: str) -> Plan:
    product = said.product
    held = holdings(ask, (product,), scope_of(ask, None))[0]
    # Only what this person may see is told of both ends.
    seen = tuple(code for code in (source, destination) if code in ask.places)
    way = f"{said.words} from {_name(ask, source)} to {_name(ask, destination)}"
    figures = {**said.figures, "quantity": said.base}
    ends = {"source": source, "destination": destination}

    def tell(applied: Applied) -> str:
        effects = {code: effect_at(applied, product.sku, code) for code in seen}
        parts = [f"{_name(ask, code)} {before_after(product, effects[code])}" for code in seen]
        return f"Done: moved {way}: {', '.join(parts)}."

    after = {source: held.at(source) - said.base, destination: held.at(destination) + said.base}
    steps = [f"{_name(ask, code)} {_step(product, held.at(code), after[code])}" for code in seen]
    rows = [words.facts(location=code, before=held.at(code), after=after[code]) for code in seen]
    return Plan(
        summary=f"Move {way}: {', '.join(steps)}.",
        change=Transfer(product.sku, source, destination, said.base),
        tell=done(ask, tell, **figures, **ends),
        slots=full_slots(products=(product.sku,), quantity=said.said, unit=said.unit, **ends),
        value=at_stake(product, said.base),
        doubts=_doubts(said, held, source),
        data={**words.facts(**figures, **ends), "rows": rows},
    )


def _step(product: Product, before: Decimal, after: Decimal) -> str:
    return f"{words.quantity(product, before)} → {words.quantity(product, after)}"


def _name(ask: Ask, code: str) -> str:
    return ask.catalogue.location_name(code)


def _doubts(said: Said, held: Holding, source: str) -> tuple[str, ...]:
    promised = held.reserved_at(source)
    if not promised or held.at(source) - said.base >= promised:
        return ()
    product = said.product
    return (f"{words.quantity_of(product, promised)} {is_are(product, promised)} promised to orders there.",)
