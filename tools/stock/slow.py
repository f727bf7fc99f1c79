"""What isn't selling?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Call,
    Category,
    Period,
    Place,
    Prose,
    Refused,
    Reply,
    Result,
    Right,
    Span,
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
    holdings,
    in_scope,
    never_booked,
    scope_of,
    stock_source,
)
from tools.kit.lowstock import pace_source, sales_window, sold_units
from tools.kit.planning import plans
from tools.kit.watch import Sighting, Urgency, watch
from tools.kit.watching import DAILY, usual_takings
from tools.maths.cover import SLOW_DAYS, daily_rate, days_of_cover, is_slow
from tools.maths.replenishment import asleep
from tools.maths.replenishment.projection import Asleep

DEFAULT_DAYS = 60
MOST_SAID = 5
MOST_ROWS = 40
ZERO = Decimal(0)
# Money that sleeps in one product is told from this share of a usual day's takings on.
WORTH_TELLING = Decimal("0.02")
MOST_WATCHED = 10


@dataclass(frozen=True, slots=True)
class _Slow:
    held: Holding
    sold: Decimal
    cover: Decimal | None
    last_sold: date | None

    @property
    def value(self) -> Decimal | None:
        cost = self.held.product.cost
        return None if cost is None else cost * self.held.on_hand


@tool(
    right=Right.SEE_SALES,
)
def slow(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> Result:
    """List what is in stock but hardly sells, and the money that is tied up in it."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, None, category)
    if isinstance(chosen, Refused):
        return chosen
    if never_booked(ask):
        return Reply(NO_STOCK_YET, {"rows": [], "total": None})
    window = _window(ask, period)
    if window is None:
        return Reply("I know no sales of that time, so I can't tell what is slow.", {"rows": [], "total": 0})
    sold, last = sold_units(ask, chosen, scope, window), ask.store.sales.last_sold()
    stocked = [
        _slow_one(held, sold.get(held.product.sku, ZERO), window.days, last.get(held.product.sku))
        for held in holdings(ask, chosen, scope)
        if held.on_hand > 0
    ]
    found = [each for each in stocked if is_slow(each.held.on_hand, daily_rate(each.sold, window.days))]
    found.sort(key=lambda each: (each.sold > 0, -(each.value or ZERO), -each.held.on_hand))
    if not found:
        return _nothing_slow(ask, stocked, scope, window, category)
    return _reply(ask, found, scope, window, category)


def _slow_one(held: Holding, sold: Decimal, days: int, last: date | None) -> _Slow:
    return _Slow(held, sold, days_of_cover(held.on_hand, daily_rate(sold, days)), last)


def _window(ask: Ask, period: Period | None) -> Period | None:
    """The days looked at, as far as sales are known."""
    covered = ask.store.sales.coverage()
    if period is None or covered is None:
        return sales_window(ask, DEFAULT_DAYS)
    first, last = max(period.first, covered[0]), min(period.last, covered[1])
    return Period(first, last) if first <= last else None


def _reply(ask: Ask, found: Sequence[_Slow], scope: Scope, window: Period, category: str | None) -> Reply:
    about = f"{f' in {category}' if category else ''}{in_scope(ask, scope)}"
    costs = ask.may(Right.SEE_COSTS)
    rule = (
        f"Slow means: in stock, and no sales {words.during(window, ask.today)}, "
        f"or more of it than {SLOW_DAYS} days' worth at that pace."
    )
    data = words.facts(
        rows=[_row(each, costs=costs) for each in found],
        total=len(found),
        without_sales=sum(1 for each in found if not each.sold),
        days=window.days,
        period=window,
    )
    sleeping = _asleep(ask, found, scope)
    data["asleep"] = {sku: words.number(round(one.units, 1)) for sku, one in sleeping.items()}
    money = Decimal(str(sum(one.money or 0.0 for one in sleeping.values())))
    if costs:
        data["value"] = words.number(words.pennies(_tied_up(found)))
        data["asleep_value"] = words.number(words.pennies(money))
    rest = _asleep_words(ask, money) if costs and sleeping else ""
    return Reply(
        words.sentences(_text(ask, found, about, window), rest),
        data,
        blocks=(*_table(ask, found, costs=costs), Prose(rule)),
        sources=(pace_source(ask, window), stock_source(ask, [each.held for each in found])),
    )


def _asleep(ask: Ask, found: Sequence[_Slow], scope: Scope) -> dict[str, Asleep]:
    """What of it the forecast does not see sold in half a year, where there is a forecast."""
    if not scope.whole and scope.location is None:
        return {}
    products = [each.held.product for each in found]
    known = plans(ask.store, products, ask.today, place=scope.location)
    return {
        item.sku: asleep(item, ask.today, SLOW_DAYS)
        for item in known.items
        if item.sku in known.demand.stored
    }


def _asleep_words(ask: Ask, money: Decimal) -> str:
    """The money that sleeps: beyond what should sell in half a year."""
    if money <= 0:
        return f"By the forecast it should all sell within {SLOW_DAYS} days."
    shown = words.money(money, ask.catalogue.currency)
    return f"{shown} of it is more than the forecast sees sold in {SLOW_DAYS} days: that money sleeps."


def _nothing_slow(
    ask: Ask, stocked: Sequence[_Slow], scope: Scope, window: Period, category: str | None
) -> Reply:
    """What sells slowest where nothing is slow by the rule."""
    slowest = sorted(stocked, key=lambda each: -(each.cover or ZERO))[:MOST_SAID]
    said = [
        f"{each.held.product.name} (lasts about {words.amount(round(each.cover or ZERO))} days)"
        for each in slowest
    ]
    about = f"{f' in {category}' if category else ''}{in_scope(ask, scope)}"
    start = f"Nothing in stock{about} is slow: it all sold {words.during(window, ask.today)}, and none lasts "
    rest = f"Slowest: {listed(said)}." if said else ""
    return Reply(
        words.sentences(f"{start}more than {SLOW_DAYS} days.", rest),
        words.facts(
            rows=[],
            total=0,
            slowest=[_row(each, costs=False) for each in slowest],
            days=window.days,
            period=window,
            most_days=SLOW_DAYS,
        ),
        sources=(pace_source(ask, window), stock_source(ask, [each.held for each in slowest])),
    )


def _tied_up(found: Sequence[_Slow]) -> Decimal:
    return words.summed(each.value or ZERO for each in found)


def _text(ask: Ask, found: Sequence[_Slow], about: str, window: Period) -> str:
    verb = "sells" if len(found) == 1 else "sell"
    names = words.first_few([_said(ask, each) for each in found], MOST_SAID)
    start = f"{words.plural(len(found), 'product')}{about} hardly {verb}: {names}."
    money = ""
    if ask.may(Right.SEE_COSTS):
        money = f"{words.money(_tied_up(found), ask.catalogue.currency)} at cost is tied up in that."
    return words.sentences(start, money, f"I looked at {words.plural(window.days, 'day')} of sales.")


def _said(ask: Ask, each: _Slow) -> str:
    product = each.held.product
    stock = f"{words.quantity(product, each.held.on_hand)} in stock"
    if each.sold:
        return f"{product.name} ({stock}, {words.amount(each.sold)} sold)"
    when = f", last sold {words.near_day(each.last_sold, ask.today)}" if each.last_sold else ", never sold"
    return f"{product.name} ({stock}{when})"


def _row(each: _Slow, *, costs: bool) -> dict[str, Any]:
    row = words.facts(**each.held.row(), sold=each.sold, last_sold=each.last_sold)
    row["days_of_cover"] = None if each.cover is None else words.number(round(each.cover))
    if costs:
        row["value"] = None if each.value is None else words.number(words.pennies(each.value))
    return row


def _table(ask: Ask, found: Sequence[_Slow], *, costs: bool) -> tuple[Table, ...]:
    if not found:
        return ()
    columns = ("Product", "In stock", "Sold", "Last sold", *(("At cost",) if costs else ()))
    rows = tuple(_table_row(ask, each, costs=costs) for each in found[:MOST_ROWS])
    more = len(found) - len(rows)
    return (Table(columns, rows, f"and {more} more" if more else ""),)


def _table_row(ask: Ask, each: _Slow, *, costs: bool) -> tuple[str | Decimal | None, ...]:
    last = words.day(each.last_sold, ask.today) if each.last_sold else "never"
    row = (each.held.product.name, each.held.on_hand, each.sold, last)
    if not costs:
        return row
    return (*row, None if each.value is None else words.money(each.value, ask.catalogue.currency))


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule="stock.slow", right=Right.SEE_COSTS, every=DAILY)
def watch_slow(ask: Ask) -> Iterator[Sighting]:
    """Hardly sells: money sleeps in stock that would last more than half a year."""
    window = _window(ask, None)
    if window is None or window.days < DEFAULT_DAYS or never_booked(ask):
        return
    scope, every = Scope(ask.places), tuple(ask.catalogue.products.values())
    sold, least = sold_units(ask, every, scope, window), usual_takings(ask) * WORTH_TELLING
    stocked = [
        _slow_one(held, sold.get(held.product.sku, ZERO), window.days, None)
        for held in holdings(ask, every, scope)
        if held.on_hand * (held.product.cost or ZERO) > least
    ]
    dear = [each for each in stocked if _sleeping(each, window.days) > least and not each.held.on_order]
    dear.sort(key=lambda each: -_sleeping(each, window.days))
    last = ask.store.sales.last_sold([each.held.product.sku for each in dear[:MOST_WATCHED]])
    for each in dear[:MOST_WATCHED]:
        dated = _slow_one(each.held, each.sold, window.days, last.get(each.held.product.sku))
        yield _told_once(ask, dated, window)


def _sleeping(each: _Slow, days: int) -> Decimal:
    """The money, at cost, in what is more than half a year's sales at the present pace."""
    beyond = each.held.on_hand - daily_rate(each.sold, days) * SLOW_DAYS
    return max(beyond, ZERO) * (each.held.product.cost or ZERO)


def _told_once(ask: Ask, each: _Slow, window: Period) -> Sighting:
    product, value = each.held.product, words.pennies(_sleeping(each, window.days))
    money = words.money(value, ask.catalogue.currency)
    text = (
        f"{_said(ask, each)} hardly sells: {money} at cost is in what would last "
        f"more than {SLOW_DAYS} days at the pace of the last {words.plural(window.days, 'day')}."
    )
    reply = Reply(
        text,
        {"rows": [_row(each, costs=True)], "asleep_value": words.number(value)},
        buttons=(Button("Show its history", Call("stock.history", {"products": [product.sku]})),),
        sources=(pace_source(ask, window), stock_source(ask, [each.held])),
    )
    return Sighting(
        "stock.slow", product.sku, "", reply, Urgency.DIGEST, Right.SEE_COSTS, value, (product.sku,)
    )
