"""How well one supplier keeps its word."""

from __future__ import annotations

from tools.kit import (
    Ask,
    Button,
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
from tools.kit.planning_leads import lead_times
from tools.kit.purchases import button
from tools.kit.supplier_records import SupplierRecord, record_source, records, sees_costs
from tools.maths.replenishment import LeadTime

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
) -> Result:
    """Rate a supplier's reliability."""
    found = ask.catalogue.supplier(supplier)
    if found is None:
        names = listed(sorted(each.name for each in ask.catalogue.suppliers)) or "none yet"
        return Refused(f"I know no supplier called {supplier}. There are: {names}.")
    one = records(ask, [found], period)[0]
    lead = lead_times(ask.store).of_supplier(found.code, found.lead_time_days)
    text = words.sentences(
        _summary(ask, one, period),
        _late_now(ask, one),
        _risk(one, lead),
        _prices(one) if sees_costs(ask) else "",
        _alone(ask, one),
    )
    data = one.row(costs=sees_costs(ask))
    planned = words.facts(
        planned_lead_time=round(lead.mean_days, 1),
        planned_lead_time_sd=round(lead.sd_days, 1),
        observations=lead.observations,
        period=period,
    )
    return Reply(
        text,
        {**data, **planned},
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
    return f"Nobody else ever supplied {words.first_few(names, MOST_NAMED)}."


def _chases(ask: Ask, one: SupplierRecord) -> tuple[Button, ...]:
    if not ask.may(Right.BUY):
        return ()
    return tuple(
        button(f"Chase {order.po_no}", "po.status", order.po_no, do="chase")
        for order in one.late_now[:MOST_BUTTONS]
    )
