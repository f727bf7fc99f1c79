"""What is running low?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from tools.kit import (
    Ask,
    Button,
    Call,
    Category,
    Place,
    Prose,
    Refused,
    Reply,
    Result,
    Right,
    Source,
    SupplierCode,
    Table,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.holdings import (
    NO_STOCK_YET,
    Scope,
    coming,
    in_scope,
    never_booked,
    scope_of,
    stock_source,
)
from tools.kit.lowstock import (
    Shortage,
    pace_source,
    rule_words,
    sales_window,
    shortages,
    sold_out,
    stale_words,
    tenth,
)
from tools.kit.lowwatch import Missing, missing, sightings, together
from tools.kit.plans import full_slots
from tools.kit.watch import Sighting, watch
from tools.kit.watching import HOURLY, OFTEN
from tools.store import PurchaseLine

MOST_NAMED_OUT = 5
MOST_NAMED_LOW = 5
MOST_ROWS = 40


@tool(
    right=Right.SEE_STOCK,
)
def low(
    ask: Ask,
    category: Category | None = None,
    location: Place | None = None,
    supplier: SupplierCode | None = None,
) -> Result:
    """List what is out of stock or running low, by a rule that is told."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, None, category, supplier)
    if isinstance(chosen, Refused):
        return chosen
    if never_booked(ask):
        return Reply(NO_STOCK_YET, {"rows": [], "total": None})
    window = sales_window(ask)
    found = shortages(ask, chosen, scope, window)
    due = coming(ask, [each.held.product for each in found], scope) if found else []
    about = f"{_about(ask, category, supplier)}{in_scope(ask, scope)}"
    rule = rule_words(ask, window)
    return Reply(
        words.sentences(_text(found, about), stale_words(ask, window)),
        words.facts(
            rows=[each.row for each in found],
            total=len(found),
            out=sum(1 for each in found if each.out),
            low=sum(1 for each in found if not each.out),
            checked=len(chosen),
            rule=rule,
        ),
        blocks=(*_table(ask, found, due), Prose(rule)),
        buttons=_order_button(ask, found, category, location, supplier),
        sources=(
            *_policy_source(found),
            pace_source(ask, window),
            stock_source(ask, [each.held for each in found]),
        ),
    )


@watch(rule="stock.low", right=Right.SEE_STOCK, every=HOURLY)
def watch_low(ask: Ask) -> Iterator[Sighting]:
    """Runs low: it may be gone before a delivery can be here."""
    if never_booked(ask):
        return
    every = tuple(ask.catalogue.products.values())
    found = [each for each in shortages(ask, every, Scope(ask.places), sales_window(ask)) if not each.out]
    low_ones = missing(ask, found)
    pressing = [one for one in low_ones if one.is_pressing(ask.today)]
    yield from sightings(ask, "stock.low", pressing, "may run out before a delivery can be here")
    yield from _due_to_order(ask, [one for one in low_ones if not one.is_pressing(ask.today)])


def _due_to_order(ask: Ask, found: Sequence[Missing]) -> Iterator[Sighting]:
    """By supplier what has come to its reorder point, once it makes an order that the supplier takes."""
    by_supplier: dict[str, list[Missing]] = defaultdict(list)
    for one in found:
        if one.supplier and one.order > 0 and not one.drafts:
            by_supplier[one.supplier].append(one)
    for code, members in by_supplier.items():
        supplier = ask.catalogue.supplier(code)
        least = supplier.min_order_value if supplier else None
        cost = words.summed(one.order * (one.each.held.product.cost or Decimal(0)) for one in members)
        if cost >= (least or Decimal(0)):
            yield together(ask, "stock.low", f"order:{code}", members, "are due to be ordered", None)


@watch(rule="stock.out", right=Right.SEE_STOCK, every=OFTEN)
def watch_out(ask: Ask) -> Iterator[Sighting]:
    """Out of stock: something that sells is gone."""
    if never_booked(ask):
        return
    found = sold_out(ask)
    gone = [each for each in found if each.held.available >= 0]
    yield from sightings(ask, "stock.out", missing(ask, gone), "are out of stock")


def _policy_source(found: Sequence[Shortage]) -> tuple[Source, ...]:
    """The inequality behind each product that the policy judged."""
    rows = tuple(
        f"{each.held.product.name}: {each.decision.why}" for each in found if each.decision is not None
    )
    return (Source("Reorder points of the policy", rows=rows[:MOST_ROWS]),) if rows else ()


def _order_button(
    ask: Ask, found: Sequence[Shortage], category: str | None, location: str | None, supplier: str | None
) -> tuple[Button, ...]:
    if not found or not ask.may(Right.BUY):
        return ()
    slots = full_slots(category=category, location=location, supplier=supplier)
    return (Button("What to order", Call("reorder.suggest", slots)),)


def _about(ask: Ask, category: str | None, supplier: str | None) -> str:
    found = ask.catalogue.supplier(supplier)
    return (f" in {category}" if category else "") + (f" from {found.name}" if found else "")


def _text(found: Sequence[Shortage], about: str) -> str:
    if not found:
        return f"Nothing is out or running low{about}."
    out = [each for each in found if each.out]
    short = [each for each in found if not each.out]
    parts = []
    if out:
        names = words.first_few([_out_words(each) for each in out], MOST_NAMED_OUT)
        parts.append(f"{words.amount(len(out))} {_is(len(out))} out{about}: {names}.")
    if short:
        names = words.first_few([_low_words(each) for each in short], MOST_NAMED_LOW)
        parts.append(f"{words.amount(len(short))} {_is(len(short))} low{'' if out else about}: {names}.")
    return " ".join(parts)


def _is(count: int) -> str:
    return "product is" if count == 1 else "products are"


def _out_words(each: Shortage) -> str:
    product, order = each.held.product, each.held.on_order
    return f"{product.name} ({words.quantity(product, order)} on order)" if order else product.name


def _low_words(each: Shortage) -> str:
    product = each.held.product
    left = f"{words.quantity(product, each.held.available)} left"
    if each.cover is None:
        return f"{product.name} ({left})"
    return f"{product.name} ({left}, {lasts_words(each.cover)})"


def lasts_words(cover: Decimal) -> str:
    """How long it lasts, roughly: "less than a day", "about 3 days"."""
    whole = round(cover)
    return "less than a day" if cover < 1 else f"about {words.plural(whole, 'day')}"


def _table(ask: Ask, found: Sequence[Shortage], due: Sequence[PurchaseLine]) -> tuple[Table, ...]:
    if not found:
        return ()
    soonest: dict[str, PurchaseLine] = {}
    for line in due:
        soonest.setdefault(line.sku, line)
    rows = tuple(_row(ask, each, soonest.get(each.held.product.sku)) for each in found[:MOST_ROWS])
    columns = ("Product", "Can be sold", "A day", "Lasts days", "Delivery takes days", "On order", "Due")
    more = len(found) - len(rows)
    return (Table(columns, rows, f"and {more} more" if more else ""),)


def _row(ask: Ask, each: Shortage, line: PurchaseLine | None) -> tuple[str | Decimal | int | None, ...]:
    due = words.day(line.expected_on, ask.today) if line and line.expected_on else ""
    cover = None if each.cover is None else tenth(each.cover)
    held = each.held
    return (held.product.name, held.available, tenth(each.rate), cover, each.lead_days, held.on_order, due)
