"""The brief of the day: what sold, what is short, what goes off, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from tools.kit import Ask, Place, Prose, Refused, Reply, Result, Right, Source, Span, tool, words
from tools.kit.briefing import (
    Decision,
    decision,
    expected_units,
    late_row,
    lot_row,
    sensor_row,
    unsold_row,
)
from tools.kit.fates import Fate, fates
from tools.kit.hindsight import last_scores
from tools.kit.holdings import MOST_NAMED, NO_STOCK_YET, Scope, coming, in_scope, never_booked, scope_of
from tools.kit.leftover import Left, left_over
from tools.kit.lowstock import Shortage, rule_words, sales_window, shortages
from tools.kit.said import Heard
from tools.kit.said_news import heard_on, news_data, news_line
from tools.store import LotLevel, PurchaseLine, SalesTotal
from tools.store.facts import SensorReading

SOON_DAYS = 3
USUAL_WEEKS = 8
MOST_SAID = 3
MOST_ROWS = 20
# A reading older than this says nothing about now.
FRESH_HOURS = 24
# Beneath so many units expected, or within so many per cent, the difference says nothing.
FEWEST_EXPECTED, NEAR_PERCENT = 20, 5
# What will not be sold before its date within so many days can still be sold cheaper, or moved.
UNSOLD_DAYS = 7
MOST_LINES = 12


@dataclass(frozen=True)
class _Day:
    """What the books know about one day at some places."""

    ask: Ask
    scope: Scope
    day: date

    @property
    def is_today(self) -> bool:
        return self.day == self.ask.today

    @cached_property
    def covered(self) -> tuple[date, date] | None:
        return self.ask.store.sales.coverage()

    def sales_of(self, day: date) -> SalesTotal:
        found = self.ask.store.sales.totals(first=day, last=day, locations=self.scope.locations, by="all")
        return found[0] if found else SalesTotal("")

    @cached_property
    def sold_day(self) -> date:
        """The day whose sales are told: a brief of today looks back at yesterday."""
        return self.day - timedelta(days=1) if self.is_today else self.day

    @cached_property
    def sold(self) -> SalesTotal:
        return self.sales_of(self.sold_day)

    @cached_property
    def usual(self) -> Decimal | None:
        """Mean takings of the same weekday in the eight weeks before, as far as they are known."""
        days = [self.sold_day - timedelta(days=7 * week) for week in range(1, USUAL_WEEKS + 1)]
        known = [day for day in days if self.covered and self.covered[0] <= day <= self.covered[1]]
        if not known:
            return None
        totals = self.ask.store.sales.totals(
            first=known[-1], last=known[0], locations=self.scope.locations, by="day"
        )
        taken = {total.key: total.revenue for total in totals}
        return words.summed(taken.get(day.isoformat(), Decimal(0)) for day in known) / len(known)

    @cached_property
    def expected(self) -> float | None:
        """Units that the forecast made before it expected of the day whose sales are told."""
        return expected_units(self.ask, self.scope, self.sold_day)

    @cached_property
    def running_out(self) -> list[Fate]:
        """What is gone before a delivery can be there; only a brief of today looks ahead."""
        if self.unknown or not self.is_today or self.ask.store.forecasts.latest() is None:
            return []
        products = tuple(self.ask.catalogue.products.values())
        return [fate for fate in fates(self.ask, products, self.scope) if fate.before_delivery]

    @cached_property
    def decision(self) -> Decision | None:
        """The one thing to decide today."""
        return decision(self.ask, self.scope, self.running_out) if self.is_today else None

    @cached_property
    def unknown(self) -> bool:
        """Whether no stock was ever booked, so that nothing can be said about it."""
        return never_booked(self.ask)

    @cached_property
    def short(self) -> list[Shortage]:
        if self.unknown:
            return []
        products = tuple(self.ask.catalogue.products.values())
        return shortages(self.ask, products, self.scope, sales_window(self.ask))

    @cached_property
    def lots(self) -> list[LotLevel]:
        until = self.ask.today + timedelta(days=SOON_DAYS)
        stock, today = self.ask.store.stock, self.ask.today
        return stock.lots(locations=self.scope.locations, expires_to=until, today=today)

    @cached_property
    def unsold(self) -> list[Left] | None:
        """What goes off before it is sold, the dearest first; None where no sales tell the pace of it."""
        if not self.is_today or self.unknown or sales_window(self.ask) is None:
            return None
        places = set(self.scope.places)
        found = [one for one in left_over(self.ask, UNSOLD_DAYS) if one.location in places]
        return sorted((one for one in found if one.quantity >= 1), key=lambda one: -one.value)

    @cached_property
    def coming(self) -> list[PurchaseLine]:
        return coming(self.ask, tuple(self.ask.catalogue.products.values()), self.scope)

    @cached_property
    def late(self) -> list[PurchaseLine]:
        return [line for line in self.coming if line.expected_on and line.expected_on < self.ask.today]

    @cached_property
    def due(self) -> list[PurchaseLine]:
        """What should come in today."""
        return [line for line in self.coming if self.is_today and line.expected_on == self.ask.today]

    @cached_property
    def said(self) -> Heard | None:
        """What customers said since yesterday; None for those who may not see it."""
        if not (self.is_today and self.scope.whole and self.ask.may(Right.SEE_SALES)):
            return None
        heard = heard_on(self.ask, self.sold_day, self.day)
        return heard if heard.signals else None

    @cached_property
    def sensors(self) -> list[SensorReading]:
        """Fresh readings out of their range."""
        now = self.ask.now.replace(tzinfo=None)
        return [
            reading
            for reading in self.ask.store.stock.sensor_readings()
            if (reading.too_low or reading.too_high)
            and (self.scope.whole or reading.sensor.location in self.scope.places)
            and now - reading.read_at <= timedelta(hours=FRESH_HOURS)
        ]


@tool(
    right=Right.SEE_STOCK,
)
def daily(ask: Ask, period: Span | None = None, location: Place | None = None) -> Result:
    """Give the brief of a day: sales, what is short, what goes off, what is late."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    day = min(period.last, ask.today) if period else ask.today
    about = _Day(ask, scope, day)
    unknown = NO_STOCK_YET if about.unknown else ""
    found = (
        _sensor_line(about),
        _short_line(about),
        _running_out_line(about),
        _lots_line(about),
        _late_line(about),
        _changed_line(about),
    )
    lines = [f"• {line}" for line in found if line]
    at = in_scope(ask, scope)
    needs = f"{words.plural(len(lines), 'thing')} {'needs' if len(lines) == 1 else 'need'} you{at}:"
    head = needs if lines else "" if unknown else f"Nothing needs you{at}."
    decide = about.decision
    last = f"To decide: {decide.words}" if decide else ""
    said = news_line(about.said) if about.said else ""
    tail = [line for line in (_due_line(about), said, last) if line]
    top = [line for line in (_sales_line(about), unknown, head) if line]
    text = "\n".join([*top, *lines[: MOST_LINES - len(top) - len(tail)], *tail])
    low = not about.running_out and any(not each.out for each in about.short)
    notes = (Prose(rule_words(ask, sales_window(ask))),) if low else ()
    buttons = (decide.button,) if decide and decide.button else ()
    return Reply(text, _data(about, len(lines)), notes, buttons, _sources(about))


def _sales_line(about: _Day) -> str:
    if not about.ask.may(Right.SEE_SALES):
        return ""
    ask, total = about.ask, about.sold
    when = words.capital(words.near_day(about.sold_day, ask.today))
    if about.covered is None:
        return "No sales are on record yet."
    if not total.lines:
        known = words.day(about.covered[1], ask.today)
        return f"{when}: no sales on record (the latest are of {known})."
    money, units = words.money(total.revenue, ask.catalogue.currency), words.plural(total.net, "unit")
    start = f"{when}: {money}, {units} sold{_expected_words(about)}{_usual_words(about)}."
    return words.sentences(start, _today_words(about))


def _expected_words(about: _Day) -> str:
    """Units against what the forecast said; near enough is "as expected"."""
    expected = about.expected
    if not expected or expected < FEWEST_EXPECTED:
        return ""
    off = round((float(about.sold.net) - expected) / expected * 100)
    if abs(off) <= NEAR_PERCENT:
        return f" (about the {expected:,.0f} expected)"
    return f" ({abs(off)}% {'more' if off > 0 else 'fewer'} than the {expected:,.0f} expected)"


def _usual_words(about: _Day) -> str:
    if not about.usual:
        return ""
    weekday = f"{about.sold_day:%A}"
    change = _percent(about.sold.revenue, about.usual)
    usual = words.money(about.usual, about.ask.catalogue.currency)
    if change == 0:
        return f", like a usual {weekday} ({usual})"
    return f", {words.amount(abs(change))}% {'over' if change > 0 else 'under'} a usual {weekday} ({usual})"


def _percent(now: Decimal, usual: Decimal) -> Decimal:
    return ((now - usual) / usual * 100).quantize(Decimal(1), ROUND_HALF_UP)


def _today_words(about: _Day) -> str:
    if not about.is_today:
        return ""
    today = about.sales_of(about.ask.today)
    if not today.lines:
        return ""
    return f"Today so far: {words.money(today.revenue, about.ask.catalogue.currency)}."


def _short_line(about: _Day) -> str:
    out = [each.held.product.name for each in about.short if each.out]
    low = [each.held.product.name for each in about.short if not each.out]
    parts = []
    if out:
        parts.append(f"{words.amount(len(out))} out of stock ({words.first_few(out, MOST_SAID)})")
    if low and not about.running_out:
        parts.append(f"{words.amount(len(low))} low ({words.first_few(low, MOST_SAID)})")
    return f"{' and '.join(parts)}." if parts else ""


def _running_out_line(about: _Day) -> str:
    found = about.running_out
    if not found:
        return ""
    today = about.ask.today
    named = [f"{one.product.name} {words.near_day(one.out_on or today, today)}" for one in found]
    verb = "runs" if len(found) == 1 else "run"
    return f"{len(found)} {verb} out before a delivery can be here ({words.first_few(named, MOST_SAID)})."


def _changed_line(about: _Day) -> str:
    """Products of which clearly more or less is wanted than was forecast."""
    if not about.is_today or not about.scope.whole or not about.ask.may(Right.SEE_SALES):
        return ""
    known = about.ask.catalogue.products
    told = [row for row in last_scores(about.ask.store).get("drifting", ()) if row["sku"] in known]
    named = [f"{known[row['sku']].name} sells {row['way']}" for row in told]
    return f"Demand changed: {words.first_few(named, MOST_SAID)} than was forecast." if named else ""


def _lots_line(about: _Day) -> str:
    ask = about.ask
    past = [lot for lot in about.lots if lot.expires_on and lot.expires_on < ask.today]
    soon = [lot for lot in about.lots if lot not in past]
    parts = []
    if past:
        parts.append(f"{_lots(past)} past the date ({_lot_names(about, past)})")
    if about.unsold is not None:
        parts += [_unsold_words(about, about.unsold)] if about.unsold else []
    elif soon:
        until = words.day(ask.today + timedelta(days=SOON_DAYS), ask.today)
        verb = "goes" if len(soon) == 1 else "go"
        parts.append(f"{_lots(soon)} {verb} off by {until} ({_lot_names(about, soon)})")
    return f"{words.capital('; '.join(parts))}." if parts else ""


def _unsold_words(about: _Day, unsold: Sequence[Left]) -> str:
    today = about.ask.today
    named = [f"{one.words}, {words.near_day(one.first, today)}" for one in unsold]
    worth = words.money(words.summed(one.value for one in unsold), about.ask.catalogue.currency)
    costs = f", {worth} at cost" if about.ask.may(Right.SEE_COSTS) and len(unsold) > 1 else ""
    return f"not sold before the date at this pace: {words.first_few(named, MOST_SAID)}{costs}"


def _due_line(about: _Day) -> str:
    """Whose deliveries should come in today."""
    orders = {line.po_no: line for line in about.due}
    said = [f"{number} ({_supplier(about, line)})" for number, line in orders.items()]
    return f"Due in today: {words.first_few(said, MOST_SAID)}." if said else ""


def _supplier(about: _Day, line: PurchaseLine) -> str:
    found = about.ask.catalogue.supplier(line.supplier)
    return found.name if found else line.supplier


def _lots(lots: Sequence[LotLevel]) -> str:
    return words.plural(len(lots), "lot")


def _lot_names(about: _Day, lots: Sequence[LotLevel]) -> str:
    products = about.ask.catalogue.products
    sums: dict[str, Decimal] = {}
    for lot in lots:
        sums[lot.sku] = sums.get(lot.sku, Decimal(0)) + lot.quantity
    names = [words.quantity_of(products[sku], total) for sku, total in sums.items()]
    return words.first_few(names, MOST_SAID)


def _late_line(about: _Day) -> str:
    orders: dict[str, PurchaseLine] = {}
    for line in about.late:
        orders.setdefault(line.po_no, line)
    if not orders:
        return ""
    said = [_late_words(about, line) for line in orders.values()]
    verb = "order is" if len(orders) == 1 else "orders are"
    return f"{len(orders)} purchase {verb} late ({words.first_few(said, MOST_SAID)})."


def _late_words(about: _Day, line: PurchaseLine) -> str:
    due = words.day(line.expected_on or about.ask.today, about.ask.today)
    return f"{line.po_no} from {_supplier(about, line)}, due {due}"


def _sensor_line(about: _Day) -> str:
    said = [_sensor_words(reading) for reading in about.sensors]
    return f"{words.first_few(said, MOST_SAID)}." if said else ""


def _sensor_words(reading: SensorReading) -> str:
    sensor = reading.sensor
    bound, limit = ("over", sensor.high) if reading.too_high else ("under", sensor.low)
    return f"{sensor.name} reads {reading.value:g}, {bound} {limit:g}, at {reading.read_at:%H:%M}"


def _data(about: _Day, needs: int) -> dict[str, Any]:
    short, ask = about.short, about.ask
    data = words.facts(
        day=about.day,
        needs=needs,
        out=[each.row for each in short if each.out],
        low=[each.row for each in short if not each.out],
        expiring=[lot_row(lot) for lot in about.lots[:MOST_NAMED]],
        late=[late_row(line) for line in about.late],
        sensors=[sensor_row(reading) for reading in about.sensors],
    )
    if about.running_out:
        data["running_out"] = [fate.row for fate in about.running_out[:MOST_ROWS]]
    if about.unsold:
        data["unsold"] = [unsold_row(one) for one in about.unsold[:MOST_ROWS]]
    if about.said:
        data["said"] = news_data(about.said)
    if about.due:
        data["due_today"] = sorted({line.po_no for line in about.due})
    if about.decision:
        data["decision"] = about.decision.words
    if ask.may(Right.SEE_SALES):
        today = about.sales_of(ask.today)
        usual = None if about.usual is None else words.pennies(about.usual)
        percent = _percent(about.sold.revenue, about.usual) if about.usual else None
        data["sales"] = words.facts(
            day=about.sold_day,
            revenue=about.sold.revenue,
            units=about.sold.net,
            usual_revenue=usual,
            change_percent=percent,
            revenue_today=today.revenue,
        )
        if about.expected is not None:
            data["sales"]["expected_units"] = round(about.expected, 1)
    return data


def _sources(about: _Day) -> tuple[Source, ...]:
    known = f"sales known up to {about.covered[1].isoformat()}" if about.covered else "no sales known"
    usual = f"usual = mean of the same weekday in up to {USUAL_WEEKS} weeks before"
    stock = Source("Stock ledger and purchase orders", f"ledger position {about.ask.store.stock.position()}")
    return (Source(f"Sales lines of {about.sold_day}", as_of=known, rows=(usual,)), stock)
