"""What happened to it?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from tools.kit import (
    Ask,
    Block,
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
    listed,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.holdings import Scope, in_scope, scope_of
from tools.maths.flow import Flow, flow_of, running, summed_by_kind
from tools.store import Movement, Product, SalesTotal
from tools.store.facts import SaleLine

DEFAULT_DAYS = 30
MOST_MOVES = 10_000
MOST_ROWS = 30
MOST_CHART_DAYS = 400


@dataclass(frozen=True)
class _Past:
    """All that the books know of some products in a period."""

    ask: Ask
    products: tuple[Product, ...]
    scope: Scope
    period: Period

    @cached_property
    def skus(self) -> list[str]:
        return [product.sku for product in self.products]

    @cached_property
    def moves(self) -> list[Movement]:
        return self.ask.store.stock.movements(
            self.skus,
            first=self.period.first,
            last=self.period.last,
            locations=self.scope.places,
            limit=MOST_MOVES,
        )

    def flow(self, move: Movement) -> Flow:
        return flow_of(
            move.quantity,
            move.source,
            move.destination,
            self.scope.places,
            undoing=move.reverses is not None,
        )

    @cached_property
    def opened(self) -> list[Movement]:
        """The moves that the books were opened with, newest first."""
        return [move for move in self.moves if self.flow(move).kind == "opening stock"]

    @cached_property
    def sums(self) -> dict[str, Decimal]:
        """The net change by kind; opening the books is no change of stock."""
        flows = (self.flow(move) for move in self.moves if move not in self.opened)
        return summed_by_kind(flows)

    def closing(self, skus: Sequence[str]) -> Decimal:
        last = min(self.period.last, self.ask.today)
        days = self.ask.store.stock.daily(skus, locations=self.scope.places, first=last, last=last)
        return days[-1][1] if days else Decimal(0)

    @cached_property
    def imported(self) -> SalesTotal:
        """Sales lines that moved nothing here: from before the books were opened."""
        totals = self.ask.store.sales.totals(
            first=self.period.first,
            last=self.period.last,
            skus=self.skus,
            locations=self.scope.locations,
            by="all",
        )
        total = totals[0] if totals else SalesTotal("")
        flows = [self.flow(move) for move in self.moves]
        booked = summed_by_kind(flow for flow in flows if flow.kind in ("sold", "returned"))
        sold = max(total.sold + booked.get("sold", Decimal(0)), Decimal(0))
        returned = max(total.returned - booked.get("returned", Decimal(0)), Decimal(0))
        return SalesTotal("", sold, returned)

    @cached_property
    def notes(self) -> list[SaleLine]:
        """Stock corrections of an imported history."""
        lines = self.ask.store.sales.adjustments(self.skus, self.period.first, self.period.last)
        return [line for line in lines if self.scope.whole or line.location in self.scope.places]


@tool(
    right=Right.SEE_STOCK,
)
def history(
    ask: Ask, products: Products, period: Span | None = None, location: Place | None = None
) -> Result:
    """Show what came, went and changed, who did it, and how stock stood after each."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, products, None)
    if isinstance(chosen, Refused):
        return chosen
    span = period or Period(ask.today - timedelta(days=DEFAULT_DAYS - 1), ask.today)
    if span.first > ask.today:
        return Refused(
            f"{words.capital(words.span(span, ask.today))} is still to come: nothing has moved yet."
        )
    past = _Past(ask, chosen, scope, span)
    return Reply(_text(past), _data(past), blocks=_blocks(past), sources=_sources(past))


def _text(past: _Past) -> str:
    when = words.during(past.period, past.ask.today)
    start = f"{_name(past)}{in_scope(past.ask, past.scope)}, {when}"
    closing, sums = past.closing(past.skus), past.sums
    if len({product.unit for product in past.products}) > 1:
        return words.sentences(f"{start}: {words.plural(len(past.moves), 'move')}.", _before_the_books(past))
    product = past.products[0]
    if not past.moves:
        standing = f" Stock was {words.quantity(product, closing)} throughout." if closing else ""
        return words.sentences(f"{start}: no moves on the books.{standing}", _before_the_books(past))
    opening = closing - words.summed(sums.values())
    standing = f"{words.quantity(product, opening)} → {words.quantity(product, closing)}"
    parts = [f"{words.quantity(product, abs(change))} {kind}" for kind, change in _in_order(sums)]
    if not parts:
        standing = words.quantity(product, closing)
        parts = ["nothing moved" if past.opened else "nothing changed on balance"]
    return words.sentences(
        f"{start}: {listed(parts)}; stock {standing}.", _opened_words(past), _before_the_books(past)
    )


def _opened_words(past: _Past) -> str:
    if not past.opened:
        return ""
    amount = words.quantity(past.products[0], words.summed(past.flow(move).change for move in past.opened))
    return f"The books start with {amount} on {words.day(past.opened[-1].business_date, past.ask.today)}."


def _in_order(sums: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    return sorted(sums.items(), key=lambda item: (item[1] < 0, -abs(item[1])))


def _name(past: _Past) -> str:
    if len(past.products) == 1:
        return past.products[0].name
    return words.capital(words.group_name(past.products)) or words.plural(len(past.products), "product")


def _before_the_books(past: _Past) -> str:
    parts = []
    sold, returned = past.imported.sold, past.imported.returned
    if sold or returned:
        back = f" ({words.amount(returned)} came back)" if returned else ""
        parts.append(
            f"Imported sales of these days, which moved no stock here: {words.amount(sold)} sold{back}."
        )
    if past.notes:
        change = words.signed(words.summed(line.quantity for line in past.notes))
        parts.append(f"Imported stock notes: {words.plural(len(past.notes), 'note')}, {change} in all.")
    return " ".join(parts)


def _data(past: _Past) -> dict[str, Any]:
    sums, closing = past.sums, past.closing(past.skus)
    return words.facts(
        period=past.period,
        rows=[_move_row(past, move, after) for move, after in _with_running(past)],
        changes={kind: words.number(change) for kind, change in sums.items()},
        opening=closing - words.summed(sums.values()),
        on_hand=closing,
        moves=len(past.moves),
        imported_sold=past.imported.sold,
        imported_returned=past.imported.returned,
        imported_notes=len(past.notes),
        imported_change=words.summed(line.quantity for line in past.notes),
    )


def _with_running(past: _Past) -> list[tuple[Movement, Decimal]]:
    """Each shown move with the stock of its product after it."""
    by_sku: dict[str, list[Movement]] = defaultdict(list)
    for move in past.moves:
        by_sku[move.sku].append(move)
    after: dict[int, Decimal] = {}
    for sku, moves in by_sku.items():
        levels = running(past.closing([sku]), [past.flow(move).change for move in moves])
        after.update({move.seq: level for move, level in zip(moves, levels, strict=True)})
    return [(move, after[move.seq]) for move in past.moves[:MOST_ROWS]]


def _move_row(past: _Past, move: Movement, after: Decimal) -> dict[str, Any]:
    flow = past.flow(move)
    return words.facts(
        day=move.business_date,
        sku=move.sku,
        kind=flow.kind,
        undone=flow.undoing,
        change=flow.change,
        quantity=move.quantity,
        source=move.source,
        destination=move.destination,
        lot=move.lot,
        reason=move.reason,
        actor=move.actor,
        on_hand=after,
    )


def _blocks(past: _Past) -> tuple[Block, ...]:
    blocks: list[Block] = []
    rows = tuple(_table_row(past, move, after) for move, after in _with_running(past))
    if rows:
        more = len(past.moves) - len(rows)
        title = f"The latest {len(rows)} of {len(past.moves)} moves" if more else ""
        blocks.append(Table(("Day", "Product", "What", "Change", "Stock after", "Where", "Who"), rows, title))
    if past.notes:
        notes = tuple(
            (words.day(n.sold_on, past.ask.today), n.note or "no reason given", n.quantity)
            for n in past.notes
        )
        blocks.append(Table(("Day", "Imported note", "Change"), notes[:MOST_ROWS]))
    chart = _chart(past)
    return (*blocks, chart) if chart else tuple(blocks)


def _table_row(past: _Past, move: Movement, after: Decimal) -> tuple[str | Decimal, ...]:
    flow, catalogue = past.flow(move), past.ask.catalogue
    what = f"undone: {flow.kind}" if flow.undoing else flow.kind
    what = f"{what} ({move.reason})" if move.reason else what
    ends = [
        catalogue.location_name(end) for end in (move.source, move.destination) if not end.startswith("@")
    ]
    day = words.day(move.business_date, past.ask.today)
    name = catalogue.products[move.sku].name
    change = f"{words.amount(move.quantity)} within" if not flow.change else words.signed(flow.change)
    return (day, name, what, change, after, " → ".join(ends), move.actor)


def _chart(past: _Past) -> Chart | None:
    first = max(past.period.first, past.opened[-1].business_date if past.opened else past.period.first)
    last = min(past.period.last, past.ask.today)
    days = (last - first).days + 1
    if not past.moves or not 1 < days <= MOST_CHART_DAYS or len({p.unit for p in past.products}) > 1:
        return _sales_chart(past)
    daily = past.ask.store.stock.daily(past.skus, locations=past.scope.places, first=first, last=last)
    labels = tuple(day.isoformat() for day, _ in daily)
    values = tuple(float(level) for _, level in daily)
    unit = past.products[0].unit
    return Chart(f"{_name(past)}: in stock", "line", labels, (Series("in stock", values),), unit)


def _sales_chart(past: _Past) -> Chart | None:
    """What the imported sales show, where the books do not reach back."""
    if not past.imported.sold or not 1 < past.period.days <= MOST_CHART_DAYS:
        return None
    totals = past.ask.store.sales.totals(
        first=past.period.first,
        last=past.period.last,
        skus=past.skus,
        locations=past.scope.locations,
        by="day",
    )
    labels = tuple(total.key for total in totals)
    values = tuple(float(total.net) for total in totals)
    return Chart(f"{_name(past)}: sold", "bar", labels, (Series("sold", values),), past.products[0].unit)


def _sources(past: _Past) -> tuple[Source, ...]:
    position = past.ask.store.stock.position()
    rows = tuple(
        f"{move.seq}: {words.amount(move.quantity)} of {move.sku} from {move.source} to {move.destination}, "
        f"{move.business_date.isoformat()}, {move.actor}"
        for move in past.moves[:MOST_ROWS]
    )
    what = f"Stock ledger, {words.plural(len(past.moves), 'move')} (days are business days)"
    return (Source(what, as_of=f"ledger position {position}", rows=rows),)
