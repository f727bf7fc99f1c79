"""How well one supplier keeps its word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tools.kit import (
    Ask,
    Button,
    Detail,
    Period,
    Refused,
    Reply,
    Result,
    Right,
    Source,
    Span,
    SupplierCode,
    listed,
    tool,
    words,
)
from tools.kit.autonomy import Level, past, rung, would_have
from tools.kit.demand_signals_quality import complaint_words, complaints, lot_step
from tools.kit.demand_signals_watch import BAD, quality_sightings
from tools.kit.planning_leads import lead_times
from tools.kit.purchases import button, unpacked
from tools.kit.supplier_records import SupplierRecord, record_source, records, sees_costs
from tools.kit.watch import Sighting, watch
from tools.maths.replenishment import LeadTime
from tools.store import Supplier

MOST_NAMED = 3
MOST_BUTTONS = 3
# A change of the unit cost below this is not worth a word.
SMALL_TREND = 0.01


@tool(
    right=Right.SEE_STOCK,
)
def score(
    ask: Ask,
    supplier: SupplierCode,
    period: Span | None = None,
    detail: Detail | None = None,
) -> Result:
    """Rate a supplier's reliability."""
    if detail is not None:
        return lot_step(ask, supplier, unpacked(detail))
    found = ask.catalogue.supplier(supplier)
    if found is None:
        names = listed(sorted(each.name for each in ask.catalogue.suppliers)) or "none yet"
        return Refused(f"I know no supplier called {supplier}. There are: {names}.")
    one = records(ask, [found], period)[0]
    lead = lead_times(ask.store).of_supplier(found.code, found.lead_time_days)
    heard = complaints(ask, found, period)
    text = words.sentences(
        _summary(ask, one, period),
        _late_now(ask, one),
        _risk(one, lead),
        _prices(one) if sees_costs(ask) else "",
        complaint_words(ask, heard),
        _alone(ask, one),
        _by_itself(ask, found),
    )
    data = one.row(costs=sees_costs(ask))
    planned = words.facts(
        planned_lead_time=round(lead.mean_days, 1),
        planned_lead_time_sd=round(lead.sd_days, 1),
        observations=lead.observations,
        period=period,
        autonomy=rung(ask.store, found.code).level,
    )
    return Reply(
        text,
        {**data, **planned, **heard.row},
        buttons=_chases(ask, one),
        sources=(record_source(ask, [one]), Source(f"Lead time that plans use: {lead.words}")),
    )


def _summary(ask: Ask, one: SupplierRecord, period: Period | None) -> str:
    record, name = one.record, one.supplier.name
    when = f" {words.during(period, ask.today)}" if period else ""
    if not record.orders:
        return f"Nothing ordered from {name}{when} has come, so there is nothing to judge it by."
    parts = []
    if record.on_time is not None:
        late = f" (late ones by {_days(record.late_days)})" if record.late_days else ""
        parts.append(f"{record.on_time:.0%} on time{late}")
    if record.lead_days is not None:
        spread = f" ± {record.lead_sd:.1f}" if record.lead_sd is not None else ""
        stated = one.supplier.lead_time_days
        said = f", {stated} stated" if stated is not None else ""
        parts.append(f"{record.lead_days:.1f}{spread} days from order to goods{said}")
    if record.fill_rate is not None:
        parts.append(f"{record.fill_rate:.1%} of what was ordered came")
    if record.defects is not None:
        parts.append(f"{record.defects:.1%} of it broken" if record.defects else "none of it broken")
    orders = words.plural(record.orders, "order")
    thin = " That is few, so one more order could turn it." if record.is_thin else ""
    return f"{name}{when}, {orders}: {listed(parts)}.{thin}"


def _days(value: float | None) -> str:
    whole = round(value or 0)
    return words.plural(whole, "day") if whole else "less than a day"


def _late_now(ask: Ask, one: SupplierRecord) -> str:
    if not one.late_now:
        return ""
    names = [
        f"{order.po_no} (due {words.near_day(order.expected_on, ask.today)})"
        for order in one.late_now
        if order.expected_on
    ]
    verb = "is" if len(names) == 1 else "are"
    return f"Late right now {verb} {words.first_few(names, MOST_NAMED)}."


def _risk(one: SupplierRecord, lead: LeadTime) -> str:
    """The chance that the next delivery takes longer than stated."""
    stated = one.supplier.lead_time_days
    if stated is None or not lead.observations:
        return ""
    chance = lead.later_than(stated + 1)
    days = words.plural(stated + 1, "day")
    return f"The next order takes more than {days} with a chance of about {chance:.0%}."


def _prices(one: SupplierRecord) -> str:
    trend = one.trend
    if trend is None or abs(trend) < SMALL_TREND:
        return ""
    way = "up" if trend > 0 else "down"
    return f"Unit costs went {way} by {abs(trend):.1%} over these orders."


def _alone(ask: Ask, one: SupplierRecord) -> str:
    """What nobody else supplied: a late order of these cannot be made good elsewhere."""
    names = [ask.catalogue.products[sku].name for sku in one.alone if sku in ask.catalogue.products]
    if not names:
        return ""
    if len(names) > MOST_NAMED:
        return f"It is the only source of {words.plural(len(names), 'product')}."
    return f"Nobody else ever supplied {listed(names)}."


def _by_itself(ask: Ask, supplier: Supplier) -> str:
    """What the assistant bought by itself, or would have bought on the next rung; for those who buy."""
    if not ask.may(Right.BUY) or not past(ask.store, supplier.code):
        return ""
    at = rung(ask.store, supplier.code)
    level: Level = "auto" if at.level == "auto" else "draft"
    report = would_have(ask.store, supplier.code, ask.today, level=level, limit=at.limit)
    return report.words(supplier.name, ask.catalogue.currency)


def _chases(ask: Ask, one: SupplierRecord) -> tuple[Button, ...]:
    if not ask.may(Right.BUY):
        return ()
    return tuple(
        button(f"Chase {order.po_no}", "po.status", order.po_no, do="chase")
        for order in one.late_now[:MOST_BUTTONS]
    )


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule=BAD, right=Right.SEE_SALES, every=timedelta(hours=6))
def watch_quality(ask: Ask) -> Iterator[Sighting]:
    """Bad goods: several customers complain of one lot, or of a product more than usual."""
    yield from quality_sightings(ask)
