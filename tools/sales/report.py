"""How much did we sell?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from tools.kit import (
    Ask,
    Block,
    Category,
    Chart,
    Period,
    Place,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Series,
    Source,
    Span,
    Table,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.holdings import Scope, in_scope, scope_of
from tools.kit.spans import comparable, complete, is_covered, sales_period, so_far
from tools.store import Product, SalesTotal

TOP_ROWS = 10
# Longer charts are drawn by month.
MOST_DAYS = 92
NOTHING = SalesTotal("")


@dataclass(frozen=True)
class _Sales:
    """The sales of some products (None: the whole shop) at some places in a period."""

    ask: Ask
    products: tuple[Product, ...] | None
    scope: Scope
    asked: Period
    covered: tuple[date, date]
    subject: str = ""

    @cached_property
    def period(self) -> Period:
        return so_far(self.asked, self.ask.today)

    @cached_property
    def skus(self) -> list[str] | None:
        return None if self.products is None else [product.sku for product in self.products]

    def all_in(self, period: Period) -> SalesTotal:
        return self.total if period == self.period else self._summed(period)

    def _summed(self, period: Period) -> SalesTotal:
        return next(iter(self.by("all", period)), NOTHING)

    def by(self, key: Any, period: Period | None = None) -> list[SalesTotal]:
        days = period or self.period
        return self.ask.store.sales.totals(
            first=days.first,
            last=days.last,
            skus=self.skus,
            locations=self.scope.locations,
            by=key,
            order="revenue" if key == "product" else "key",
        )

    @cached_property
    def total(self) -> SalesTotal:
        return _together(self.products_sold) if self.products_sold else self._summed(self.period)

    @cached_property
    def compared(self) -> Period | None:
        """The part that can be held against earlier days: over, and known."""
        return complete(self.asked, self.ask.today, self.covered)

    @cached_property
    def before(self) -> tuple[Period, SalesTotal] | None:
        """The comparable earlier days, where sales are known for all of them."""
        days = self.compared.days if self.compared else 1
        earlier = comparable(self.asked, days)
        known = is_covered(earlier, self.covered)
        if not known or (self.compared is None and self.period.first != self.ask.today):
            return None
        return earlier, self.all_in(earlier)

    @cached_property
    def products_sold(self) -> list[SalesTotal]:
        return self.by("product") if self.products is None or len(self.products) > 1 else []

    @cached_property
    def charges(self) -> Decimal:
        if self.products is not None or not self.scope.whole:
            return Decimal(0)
        return self.ask.store.sales.charges(self.period.first, self.period.last)


@tool(
    right=Right.SEE_SALES,
)
def report(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    location: Place | None = None,
    period: Span | None = None,
) -> Result:
    """Tell what was sold and what it brought in, compared with the time before."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, products, category) if products or category else None
    if isinstance(chosen, Refused):
        return chosen
    covered = ask.store.sales.coverage()
    if covered is None:
        return Reply("No sales are on record yet.", {"rows": [], "total": None})
    days, assumed = sales_period(ask, period, covered)
    if days.first > ask.today:
        when = words.capital(words.span(days, ask.today))
        return Refused(f"{when} is still to come: ask me what will sell instead.")
    subject = f"{category}" if category and not products else _subject(chosen)
    sales = _Sales(ask, chosen, scope, days, covered, subject)
    limit = "" if sales.total.lines else _outside(ask, sales)
    text = words.sentences(
        _text(sales), _compared(sales), _charged(sales), _returned_only(sales), limit, assumed
    )
    return Reply(text, _data(sales), blocks=_blocks(sales), sources=_sources(sales))


def _together(parts: Sequence[SalesTotal]) -> SalesTotal:
    return SalesTotal(
        "",
        words.summed(part.sold for part in parts),
        words.summed(part.returned for part in parts),
        words.summed(part.revenue for part in parts),
        words.summed(part.refunded for part in parts),
        sum(part.lines for part in parts),
    )


def _subject(chosen: Sequence[Product] | None) -> str:
    if not chosen:
        return ""
    if len(chosen) == 1:
        return chosen[0].name
    return words.group_name(chosen) or words.plural(len(chosen), "product")


def _when(sales: _Sales) -> str:
    today = sales.ask.today
    text = words.during(sales.asked, today)
    part = sales.period != sales.asked or (sales.period.last == today and sales.asked.days > 1)
    return f"{in_scope(sales.ask, sales.scope)} {text}" + (" so far" if part else "")


def _text(sales: _Sales) -> str:
    total, when = sales.total, _when(sales)
    one = sales.products[0] if sales.products and len(sales.products) == 1 else None
    if not total.sold and not total.returned:
        return (
            f"No {one.name} sold{when}." if one else words.capital(f"{_lead(sales)}nothing was sold{when}.")
        )
    money, back = words.money(total.revenue, sales.ask.catalogue.currency), _came_back(sales, total)
    if one:
        joint = "" if one.unit in words.PIECES else " of"
        return f"Sold {words.quantity(one, total.sold)}{joint} {one.name}{when}{back}, {money}."
    units = words.amount(total.sold)
    if sales.products is None:
        return f"Took {money}{when}: {units} {'unit' if total.sold == 1 else 'units'} sold{back}."
    return f"{_lead(sales)}{units} sold{when}{back}, {money}."


def _lead(sales: _Sales) -> str:
    return f"{words.capital(sales.subject)}: " if sales.subject else ""


def _came_back(sales: _Sales, total: SalesTotal) -> str:
    if not total.returned:
        return ""
    one = sales.products[0] if sales.products and len(sales.products) == 1 else None
    values = (total.returned, total.net)
    back, net = (words.quantity(one, value) if one else words.amount(value) for value in values)
    if _when(sales).endswith(")") and sales.products is not None:
        return f", {back} came back (net {net})"
    return f" ({back} came back: net {net})"


def _returned_only(sales: _Sales) -> str:
    if not sales.total.refunded:
        return ""
    return f"{words.money(sales.total.refunded, sales.ask.catalogue.currency)} of refunds is taken off."


def _charged(sales: _Sales) -> str:
    if not sales.charges:
        return ""
    money = words.money(sales.charges, sales.ask.catalogue.currency)
    return f"Postage, fees and the like, not counted in that: {money}."


def _compared(sales: _Sales) -> str:
    if sales.before is None:
        return ""
    earlier, before = sales.before
    when = words.span(earlier, sales.ask.today)
    money = words.money(before.revenue, sales.ask.catalogue.currency)
    if sales.compared is None:
        return f"All of {when} brought {money}." if before.lines else ""
    change = _change(sales.all_in(sales.compared).revenue, before.revenue)
    if change is None:
        return ""
    partly = (
        "" if sales.compared == sales.period else f"Up to {words.day(sales.compared.last, sales.ask.today)}, "
    )
    if change == 0:
        return words.capital(f"{partly}that is much the same as {when}: {money}.")
    direction = "up" if change > 0 else "down"
    return words.capital(f"{partly}that is {words.amount(abs(change))}% {direction} on {when}: {money}.")


def _change(now: Decimal, before: Decimal) -> Decimal | None:
    """Percent, to the whole; None where there was nothing to compare with."""
    if before <= 0:
        return None
    return ((now - before) / before * 100).quantize(Decimal(1), ROUND_HALF_UP)


def _outside(ask: Ask, sales: _Sales) -> str:
    if is_covered(sales.period, sales.covered):
        return ""
    first, last = (words.day(end, ask.today) for end in sales.covered)
    return f"Sales are known from {first} to {last}."


def _data(sales: _Sales) -> dict[str, Any]:
    total, before = sales.total, sales.before
    catalogue = sales.ask.catalogue
    data = words.facts(
        period=sales.period,
        **_figures(total),
        currency=catalogue.currency,
        charges=sales.charges,
        covered={"from": sales.covered[0].isoformat(), "to": sales.covered[1].isoformat()},
        rows=[
            {"sku": each.key, "name": _name(sales, each.key), **_figures(each)}
            for each in sales.products_sold
        ],
    )
    if sales.products is not None and len(sales.products) == 1:
        one = sales.products[0]
        data["rows"] = [{"sku": one.sku, "name": one.name, **_figures(total)}]
    if before is not None:
        now = sales.all_in(sales.compared).revenue if sales.compared else None
        change = None if now is None else _change(now, before[1].revenue)
        data["previous"] = words.facts(period=before[0], **_figures(before[1]), change_percent=change)
    return data


def _figures(total: SalesTotal) -> dict[str, Any]:
    return words.facts(
        sold=total.sold,
        returned=total.returned,
        net=total.net,
        revenue=total.revenue,
        refunded=total.refunded,
        lines=total.lines,
    )


def _name(sales: _Sales, sku: str) -> str:
    product = sales.ask.catalogue.products.get(sku)
    return product.name if product else sku or "not in the catalogue"


def _blocks(sales: _Sales) -> tuple[Block, ...]:
    blocks: list[Block] = []
    currency = sales.ask.catalogue.currency
    if len(sales.products_sold) > 1:
        shown = sales.products_sold[:TOP_ROWS]
        rows = tuple(
            (_name(sales, each.key), each.net, words.money(each.revenue, currency)) for each in shown
        )
        more = len(sales.products_sold) - len(shown)
        blocks.append(Table(("Product", "Units net", "Revenue"), rows, f"and {more} more" if more else ""))
    if len(sales.scope.places) > 1 and sales.total.lines:
        blocks += _places(sales, currency)
    if sales.period.days > 1 and sales.total.lines:
        blocks.append(_chart(sales, currency))
    return tuple(blocks)


def _places(sales: _Sales, currency: str) -> list[Block]:
    catalogue = sales.ask.catalogue
    found = [each for each in sales.by("location") if each.lines]
    if len(found) < 2:
        return []
    rows = tuple(
        (
            catalogue.location_name(each.key) if each.key else "no place",
            each.net,
            words.money(each.revenue, currency),
        )
        for each in found
    )
    return [Table(("Place", "Units net", "Revenue"), rows)]


def _chart(sales: _Sales, currency: str) -> Chart:
    key = "day" if sales.period.days <= MOST_DAYS else "month"
    one = sales.products is not None and len(sales.products) == 1
    found = {each.key: each for each in sales.by(key)}
    labels = _labels(sales.period, key)
    values = tuple(float(_drawn(found.get(label, NOTHING), units=one)) for label in labels)
    unit = (sales.products[0].unit if sales.products else "") if one else currency
    name = "units net" if one else "revenue"
    return Chart(f"{sales.subject or 'Sales'} by {key}", "bar", labels, (Series(name, values),), unit)


def _drawn(total: SalesTotal, *, units: bool) -> Decimal:
    return total.net if units else total.revenue


def _labels(period: Period, key: str) -> tuple[str, ...]:
    days = [date.fromordinal(period.first.toordinal() + number).isoformat() for number in range(period.days)]
    return tuple(days) if key == "day" else tuple(dict.fromkeys(day[:7] for day in days))


def _sources(sales: _Sales) -> tuple[Source, ...]:
    period, total = sales.period, sales.total
    rows: tuple[str, ...] = ()
    if sales.products is not None and len(sales.products) == 1:
        lines = sales.ask.store.sales.lines(sales.skus, period.first, period.last, limit=20)
        rows = tuple(
            f"{line.sold_on.isoformat()} {line.order_ref or line.channel}: {line.kind} "
            f"{words.amount(line.quantity)}, {words.amount(line.amount)}"
            for line in lines
        )
    known = f"sales known from {sales.covered[0].isoformat()} to {sales.covered[1].isoformat()}"
    what = f"Sales lines, {words.plural(total.lines, 'line')} from {period.first} to {period.last}"
    return (Source(what, as_of=known, rows=rows),)
