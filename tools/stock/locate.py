"""Where is it?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tools.kit import Ask, Products, Refused, Reply, Result, Right, Source, Table, listed, tool, words
from tools.kit.choose import chosen_products
from tools.kit.holdings import (
    NO_STOCK_YET,
    Holding,
    Scope,
    holdings,
    in_scope,
    never_booked,
    scope_of,
    stock_source,
)
from tools.kit.stocktalk import where_words
from tools.store import LotLevel, Movement

MOST_SAID = 6


@tool(
    right=Right.SEE_STOCK,
)
def locate(ask: Ask, products: Products) -> Result:
    """Say at which places something is, and how much of it at each."""
    scope = scope_of(ask, None)
    chosen = chosen_products(ask, products, None)
    if isinstance(scope, Refused):
        return scope
    if isinstance(chosen, Refused):
        return chosen
    if never_booked(ask):
        return Reply(NO_STOCK_YET, {"rows": [], "total": None})
    held = holdings(ask, chosen, scope)
    lots = ask.store.stock.lots([each.sku for each in chosen], locations=scope.locations, today=ask.today)
    last = _last_move(ask, held, scope)
    return Reply(
        _text(ask, held, scope, last),
        {
            "rows": [row for each in held for row in each.place_rows() if row["on_hand"]],
            "lots": [_lot_row(lot) for lot in lots if lot.lot or lot.expires_on],
            "last_moved": words.facts(day=last.business_date, quantity=last.quantity) if last else None,
        },
        blocks=_table(ask, held, lots),
        sources=_sources(ask, held, last),
    )


def _text(ask: Ask, held: Sequence[Holding], scope: Scope, last: Movement | None) -> str:
    if len(held) == 1:
        return words.sentences(_one(ask, held[0], scope), _moved(ask, last))
    here = [each for each in held if each.on_hand]
    gone = [each.product.name for each in held if not each.on_hand]
    shown = [f"{each.product.name}: {where_words(ask.catalogue, each)}" for each in here[:MOST_SAID]]
    more = f"; {len(here) - len(shown)} more are in the table" if len(here) > len(shown) else ""
    nowhere = f"{words.capital(words.first_few(gone))} {_is(gone)} nowhere in stock." if gone else ""
    return words.sentences(f"{'; '.join(shown)}{more}." if shown else "", nowhere)


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _one(ask: Ask, held: Holding, scope: Scope) -> str:
    places = [level for level in held.placed if level.on_hand]
    if not places:
        return f"{held.product.name} is nowhere in stock{in_scope(ask, scope)}."
    if len(places) == 1:
        where = ask.catalogue.location_name(places[0].location)
        return f"{held.product.name} is at {where}: {words.quantity(held.product, held.on_hand)}."
    names = listed(
        [
            f"{ask.catalogue.location_name(level.location)} ({words.quantity(held.product, level.on_hand)})"
            for level in sorted(places, key=lambda level: -level.on_hand)
        ]
    )
    return f"{held.product.name} is at {names}."


def _last_move(ask: Ask, held: Sequence[Holding], scope: Scope) -> Movement | None:
    if len(held) != 1:
        return None
    moves = ask.store.stock.movements([held[0].product.sku], locations=scope.locations, limit=50)
    physical = {place.code for place in ask.catalogue.locations}
    if held[0].on_hand:
        moves = [move for move in moves if {move.source, move.destination} <= physical]
    return next(iter(moves), None)


def _moved(ask: Ask, last: Movement | None) -> str:
    if last is None:
        return ""
    catalogue = ask.catalogue
    when = words.near_day(last.business_date, ask.today)
    amount = words.amount(last.quantity)
    ends = [
        catalogue.location_name(code) for code in (last.source, last.destination) if not code.startswith("@")
    ]
    if len(ends) == 2:
        return f"Last moved {when}: {amount} from {ends[0]} to {ends[1]}."
    return f"Last booked {when}: {amount} at {ends[0]}." if ends else ""


def _lot_row(lot: LotLevel) -> dict[str, object]:
    return words.facts(
        sku=lot.sku, location=lot.location, lot=lot.lot, expires_on=lot.expires_on, quantity=lot.quantity
    )


def _table(ask: Ask, held: Sequence[Holding], lots: Sequence[LotLevel]) -> tuple[Table, ...]:
    dated = [lot for lot in lots if lot.lot or lot.expires_on]
    if dated:
        return (
            Table(
                ("Product", "Place", "Lot", "Use by", "Quantity"), tuple(_lot_line(ask, lot) for lot in dated)
            ),
        )
    if len(held) == 1:
        return ()
    rows = tuple(
        (each.product.name, ask.catalogue.location_name(level.location), level.on_hand)
        for each in held
        for level in each.placed
        if level.on_hand
    )
    return (Table(("Product", "Place", "Quantity"), rows),) if rows else ()


def _lot_line(ask: Ask, lot: LotLevel) -> tuple[str | Decimal, ...]:
    use_by = words.day(lot.expires_on, ask.today) if lot.expires_on else ""
    name = ask.catalogue.products[lot.sku].name
    return (name, ask.catalogue.location_name(lot.location), lot.lot, use_by, lot.quantity)


def _sources(ask: Ask, held: Sequence[Holding], last: Movement | None) -> tuple[Source, ...]:
    stock = stock_source(ask, held)
    return (
        (stock, Source(f"Ledger move {last.seq}", as_of=last.business_date.isoformat())) if last else (stock,)
    )
