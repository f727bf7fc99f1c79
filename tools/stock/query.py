"""How much of something is there?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Block,
    Button,
    Call,
    Category,
    Place,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Source,
    Table,
    listed,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.holdings import (
    NO_STOCK_YET,
    Holding,
    Scope,
    coming,
    holdings,
    in_scope,
    never_booked,
    purchase_row,
    purchase_source,
    scope_of,
    stock_source,
    totals_row,
)
from tools.kit.stocktalk import (
    amounts_words,
    due_words,
    low_words,
    nothing_words,
    order_words,
    promise_words,
    same_unit,
    together,
    total_words,
    where_words,
)
from tools.kit.watch import Sighting, Urgency, watch
from tools.kit.watching import OFTEN
from tools.store import PurchaseLine

# More variants than this are summed, with a table.
MOST_SAID = 8


@tool(
    right=Right.SEE_STOCK,
    needs_one_of=(("products", "category"),),
)
def query(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> Result:
    """Tell how many there are, where, and how many of them can still be sold."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, products, category)
    if isinstance(chosen, Refused):
        return chosen
    if never_booked(ask):
        return Reply(NO_STOCK_YET, {"rows": [], "total": None})
    held = holdings(ask, chosen, scope)
    due = coming(ask, chosen, scope) if any(each.on_order for each in held) else []
    text = _one(ask, held[0], scope, due) if len(held) == 1 else _several(ask, held, scope, due)
    return Reply(text, _data(held, scope, due), _blocks(ask, held, scope), sources=_sources(ask, held, due))


def _one(ask: Ask, held: Holding, scope: Scope, due: Sequence[PurchaseLine]) -> str:
    coming_soon = due_words(held, due, ask.today)
    if held.on_hand == 0:
        start = nothing_words([held], in_scope(ask, scope))
        elsewhere = _elsewhere(ask, held, scope)
        unknown = "It was never booked in or counted." if never_booked(ask, [held.product.sku]) else elsewhere
        return words.sentences(start, unknown, promise_words(held), coming_soon or "None on order.")
    if held.on_hand < 0:
        low = f"stands at {words.quantity(held.product, held.on_hand)}{in_scope(ask, scope)}"
        start = f"{held.product.name} {low}: more went out than was booked in."
        return words.sentences(start, "Please count it.", coming_soon)
    return words.sentences(_amount(ask, held, scope), promise_words(held), coming_soon, low_words(held))


def _amount(ask: Ask, held: Holding, scope: Scope) -> str:
    places = [level for level in held.placed if level.on_hand]
    said = words.quantity_of(held.product, held.on_hand)
    if len(places) == 1:
        return f"{said} at {ask.catalogue.location_name(places[0].location)}."
    return f"{said}{in_scope(ask, scope)}: {where_words(ask.catalogue, held)}."


def _elsewhere(ask: Ask, held: Holding, scope: Scope) -> str:
    if scope.location is None:
        return ""
    everywhere = holdings(ask, (held.product,), scope_of(ask, None))[0]
    where = where_words(ask.catalogue, everywhere)
    return f"Elsewhere: {where}." if where else "None at any other place."


def _several(ask: Ask, held: Sequence[Holding], scope: Scope, due: Sequence[PurchaseLine]) -> str:
    stocked = [each for each in held if each.on_hand]
    out = [each for each in held if not each.on_hand]
    name, at = words.group_name([each.product for each in held]), in_scope(ask, scope)
    if not stocked:
        what = f"No {name}" if name else f"None of these {len(held)} products"
        start = f"{what}{at or ' in stock'}."
        return words.sentences(start, *(due_words(each, due, ask.today) for each in held[:MOST_SAID]))
    if len(held) > MOST_SAID:
        kind = "kind" if name else "product"
        head = f"{total_words(stocked, name)}{at}, in {words.plural(len(stocked), kind)}."
        return words.sentences(head, _promised(held), _out(out))
    few = f"{len(stocked)} of {words.plural(len(held), 'product')} in stock"
    head = f"{total_words(stocked, name) if name else few}{at}"
    detail = amounts_words(stocked, ask.catalogue, places=len(scope.places) > 1)
    return words.sentences(f"{head}: {detail}.", nothing_words(out, ""), _promised(held), _on_order(held))


def _promised(held: Sequence[Holding]) -> str:
    return promise_words(together(held)) if same_unit(held) else ""


def _on_order(held: Sequence[Holding]) -> str:
    start = order_words(together(held)) if same_unit(held) else ""
    return f"{start}." if start else ""


def _out(out: Sequence[Holding]) -> str:
    if not out:
        return ""
    names = words.first_few([each.product.name for each in out], 4)
    return f"{len(out)} {'is' if len(out) == 1 else 'are'} out: {names}."


def _data(held: Sequence[Holding], scope: Scope, due: Sequence[PurchaseLine]) -> dict[str, Any]:
    data = words.facts(
        rows=[each.row(scope.location) for each in held],
        places=[row for each in held for row in each.place_rows()],
        products=len(held),
        in_stock=sum(1 for each in held if each.on_hand),
        out_of_stock=sum(1 for each in held if not each.on_hand),
    )
    if same_unit(held):
        data["total"] = totals_row(held)
    if due:
        data["purchases"] = [purchase_row(line) for line in due]
    return data


def _blocks(ask: Ask, held: Sequence[Holding], scope: Scope) -> tuple[Block, ...]:
    if len(held) == 1 and sum(1 for level in held[0].placed if level.on_hand) < 2:
        return ()
    places = [code for code in scope.places if any(each.at(code) for each in held)]
    names = [ask.catalogue.location_name(code) for code in places]
    rows = tuple(_table_row(each, places) for each in held)
    return (Table(("Product", *names, "In all", "Can be sold", "On order"), rows),)


def _table_row(each: Holding, places: Sequence[str]) -> tuple[str | Decimal, ...]:
    unit = "" if each.product.unit in words.PIECES else f" ({each.product.unit})"
    amounts = [each.at(code) for code in places]
    return (each.product.name + unit, *amounts, each.on_hand, each.available, each.on_order)


def _sources(ask: Ask, held: Sequence[Holding], due: Sequence[PurchaseLine]) -> tuple[Source, ...]:
    sources = [stock_source(ask, held)]
    if due:
        sources.append(purchase_source(ask, due))
    return tuple(sources)


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule="stock.oversold", right=Right.SEE_STOCK, every=OFTEN)
def watch_oversold(ask: Ask) -> Iterator[Sighting]:
    """Oversold: more is promised than there is, or the books stand below zero."""
    every = tuple(ask.catalogue.products.values())
    scope = Scope(ask.places)
    for held in holdings(ask, every, scope):
        below = [level for level in held.placed if level.on_hand < 0]
        if held.available < 0 or below:
            yield _oversold(ask, held, [str(level.location) for level in below])


def _oversold(ask: Ask, held: Holding, below: Sequence[str]) -> Sighting:
    product, short = held.product, max(-held.available, -min(map(held.at, below), default=Decimal(0)))
    due = coming(ask, (product,), Scope(ask.places))
    text = words.sentences(
        _promised_words(held) if held.available < 0 else "",
        _below_words(ask, held, below) if below else "",
        due_words(held, due, ask.today),
    )
    count: dict[str, Any] = {"products": [product.sku]}
    if len(below) == 1:
        count["location"] = below[0]
    buttons = (
        Button("What to order", Call("reorder.suggest", {"products": [product.sku]}), "primary"),
        Button("Count it", Call("stock.count", count)),
    )
    each = product.price or product.cost or Decimal(0)
    location = below[0] if len(below) == 1 and held.available >= 0 else ""
    reply = Reply(text, {"rows": [held.row()]}, buttons=buttons, sources=(stock_source(ask, [held]),))
    return Sighting(
        "stock.oversold",
        product.sku,
        location,
        reply,
        Urgency.TODAY,
        Right.SEE_STOCK,
        each * short,
        (product.sku,),
        due[0].expected_on if due else None,
    )


def _promised_words(held: Holding) -> str:
    good, product = held.on_hand - held.unusable, held.product
    there = f"only {words.quantity(product, good)} can be sold" if good > 0 else "none can be sold"
    return f"{words.quantity_of(product, held.reserved)} promised to customers, but {there}."


def _below_words(ask: Ask, held: Holding, below: Sequence[str]) -> str:
    named = listed(
        [
            f"{words.quantity(held.product, held.at(code))} at {ask.catalogue.location_name(code)}"
            for code in below
        ]
    )
    return f"The books have {held.product.name} below zero ({named}): something sold was never booked in."
