"""What is said by itself of products that run low or are out: one by one, or all of one supplier's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tools.kit.ask import Ask, Right
from tools.kit.holdings import Scope, coming, stock_source
from tools.kit.lowstock import Shortage, pace_source, sales_window, tenth
from tools.kit.proposals import exact
from tools.kit.purchases import supplier_name
from tools.kit.reply import Button, Call, Reply, Source, Table
from tools.kit.watch import Sighting, Urgency
from tools.kit.watching import gathered, money_of, open_subjects, urgency, usual_takings, why
from tools.kit.words import amount, facts, first_few, near_day, plural, quantity, sentences, summed
from tools.store import PurchaseLine

# Ordering cannot wait where stock is gone before goods ordered today are here, as likely as this.
RISK = 0.3
MOST_SAID, MOST_ROWS = 4, 20
DRAFT = "draft"


@dataclass(frozen=True)
class Missing:
    """A product that is low or out, with what comes and what waits for a yes; ``value`` is money at stake."""

    each: Shortage
    coming: tuple[PurchaseLine, ...]
    drafts: tuple[PurchaseLine, ...]
    value: Decimal

    @property
    def sku(self) -> str:
        """Which product."""
        return self.each.held.product.sku

    @property
    def supplier(self) -> str:
        """Whom it is bought from; "" where nobody knows."""
        return self.each.held.product.supplier or ""

    @property
    def delivery(self) -> date | None:
        """The day of the next delivery of it that is on order."""
        return next((line.expected_on for line in self.coming if line.expected_on), None)

    def is_pressing(self, today: date) -> bool:
        """Whether an order can wait no longer, and would be here sooner than what is on order already."""
        decision = self.each.decision
        if self.delivery is not None and self.delivery <= today + timedelta(days=self.each.lead_days):
            return False
        if decision is None:
            own = self.each.held.product.reorder_point is not None
            return own or (self.each.cover is not None and self.each.cover < self.each.lead_days)
        return decision.risk >= RISK

    @property
    def order(self) -> Decimal:
        """What the policy would order, in the base unit; 0 where it would not."""
        return exact(self.each.decision.quantity) if self.each.decision else Decimal(0)


def missing(ask: Ask, found: Sequence[Shortage]) -> list[Missing]:
    """What is low or out, with what is on its way and on drafts, the most money at stake first."""
    products = [each.held.product for each in found]
    on_way: dict[str, list[PurchaseLine]] = defaultdict(list)
    for line in coming(ask, products, Scope(ask.places)):
        on_way[line.sku].append(line)
    drafts: dict[str, list[PurchaseLine]] = defaultdict(list)
    for line in ask.store.purchasing.lines(statuses=(DRAFT,)):
        drafts[line.sku].append(line)
    all_of_it = [
        Missing(
            each,
            tuple(on_way.get(each.held.product.sku, ())),
            tuple(drafts.get(each.held.product.sku, ())),
            _at_stake(each),
        )
        for each in found
    ]
    return sorted(all_of_it, key=lambda one: (-one.value, one.sku))


def _at_stake(each: Shortage) -> Decimal:
    """The margin of what would be wanted in vain until a delivery; half the price where no cost is known."""
    product, decision = each.held.product, each.decision
    if decision is not None and decision.money_at_risk is not None:
        return money_of(decision.money_at_risk)
    margin = (product.price or Decimal(0)) - (product.cost or (product.price or Decimal(0)) / 2)
    uncovered = max(Decimal(each.lead_days) - (each.cover or Decimal(0)), Decimal(0))
    return money_of(float(each.rate * uncovered * max(margin, Decimal(0))))


def sightings(ask: Ask, rule: str, found: Sequence[Missing], verb: str) -> Iterator[Sighting]:
    """Each product by itself, or all of one supplier's together where they are many."""
    takings, open_now = usual_takings(ask), open_subjects(ask, rule)
    told = gathered(found, lambda one: one.sku, lambda one: _group(one.supplier), open_now)
    for one in told.alone:
        yield _alone(ask, rule, one, takings)
    for group, members in told.together.items():
        yield together(ask, rule, group, members, verb, takings)


def _group(supplier: str) -> str:
    return f"supplier:{supplier}" if supplier else ""


def _alone(ask: Ask, rule: str, one: Missing, takings: Decimal) -> Sighting:
    held = one.each.held
    text = sentences(_state_words(one), _pace_words(ask, one), _help_words(ask, [one]))
    row = {**one.each.row, **facts(order_quantity=one.order, next_arrival=one.delivery)}
    reply = Reply(text, {"rows": [row]}, buttons=(*_order(one), why(one.sku)), sources=_sources(ask, [one]))
    soon = Urgency.DIGEST if one.delivery and held.on_order and one.each.out else urgency(one.value, takings)
    return Sighting(rule, one.sku, "", reply, soon, Right.SEE_STOCK, one.value, (one.sku,), one.delivery)


def together(
    ask: Ask, rule: str, group: str, members: Sequence[Missing], verb: str, takings: Decimal | None
) -> Sighting:
    """What one order to one supplier would mend; without ``takings`` it is for the digest."""
    supplier, value = members[0].supplier, summed(one.value for one in members)
    named = first_few([_brief(one) for one in members], MOST_SAID)
    if len(members) == 1 and verb.startswith("are "):
        verb = f"is {verb.removeprefix('are ')}"
    text = sentences(
        f"{plural(len(members), 'product')} from {supplier_name(ask, supplier)} {verb}: {named}.",
        _takes_words(members),
        _help_words(ask, members),
    )
    offer = Button("What to order", Call("reorder.suggest", {"supplier": supplier}), "primary")
    dated = [one.delivery for one in members if one.delivery]
    reply = Reply(
        text,
        {"rows": [one.each.row for one in members[:MOST_ROWS]], "total": len(members), "supplier": supplier},
        (_table(members),),
        (*_approve(members), offer),
        _sources(ask, members),
    )
    soon = Urgency.DIGEST if takings is None else urgency(value, takings)
    skus = tuple(sorted(one.sku for one in members))
    return Sighting(rule, group, "", reply, soon, Right.SEE_STOCK, value, skus, min(dated, default=None))


# -- words -------------------------------------------------------------------------------------------


def _state_words(one: Missing) -> str:
    held = one.each.held
    if one.each.out:
        return f"{held.product.name} is out of stock."
    left = f"{quantity(held.product, held.available)} left"
    return f"{held.product.name} runs low: {left}{_lasts(one)}."


def _lasts(one: Missing) -> str:
    cover = one.each.cover
    if cover is None:
        return ""
    if cover < 1:
        return ", less than a day's worth"
    return ", about a day's worth" if round(cover) == 1 else f", about {round(cover)} days' worth"


def _pace_words(ask: Ask, one: Missing) -> str:
    """What sells in a day, and how long a delivery takes."""
    each = one.each
    pace = f"About {amount(tenth(each.rate))} sell a day" if each.rate >= Decimal("0.1") else ""
    name = supplier_name(ask, one.supplier) if one.supplier else "a delivery"
    takes = f"{name} takes {plural(each.lead_days, 'day')}"
    return f"{pace}; {takes}." if pace else f"{takes[:1].upper()}{takes[1:]}."


def _takes_words(members: Sequence[Missing]) -> str:
    return f"A delivery takes {plural(members[0].each.lead_days, 'day')}."


def _help_words(ask: Ask, members: Sequence[Missing]) -> str:
    """What is on its way already, and what waits for a yes."""
    on_way = [one for one in members if one.coming]
    waiting = sorted({line.po_no for one in members for line in one.drafts})
    parts = []
    if len(members) == 1 and on_way:
        line = on_way[0].coming[0]
        due = f", due {near_day(line.expected_on, ask.today)}" if line.expected_on else ""
        parts.append(
            f"{quantity(members[0].each.held.product, line.outstanding)} on order ({line.po_no}{due})."
        )
    elif on_way:
        parts.append(f"{len(on_way)} of them {'is' if len(on_way) == 1 else 'are'} on order.")
    elif not waiting:
        parts.append("Nothing is on order.")
    if waiting:
        verb = "waits" if len(waiting) == 1 else "wait"
        parts.append(f"{first_few(waiting, 2)} {verb} for a yes.")
    return sentences(*parts)


def _brief(one: Missing) -> str:
    product, held = one.each.held.product, one.each.held
    if one.each.out:
        return product.name
    return f"{product.name} ({quantity(product, held.available)} left{_lasts(one)})"


def _table(members: Sequence[Missing]) -> Table:
    columns = ("Product", "Can be sold", "Lasts days", "Delivery takes days", "On order", "Order")
    rows = tuple(
        (
            one.each.held.product.name,
            one.each.held.available,
            None if one.each.cover is None else tenth(one.each.cover),
            one.each.lead_days,
            one.each.held.on_order,
            one.order,
        )
        for one in members[:MOST_ROWS]
    )
    more = len(members) - len(rows)
    return Table(columns, rows, f"and {more} more" if more else "")


def _order(one: Missing) -> tuple[Button, ...]:
    """A draft that holds it is approved; else it is ordered."""
    approve = _approve([one])
    if approve:
        return approve
    product = one.each.held.product
    if one.order > 0:
        slots: Mapping[str, object] = {"products": [one.sku], "quantity": float(one.order)}
        return (Button(f"Order {quantity(product, one.order)}", Call("reorder.create", slots), "primary"),)
    if one.each.decision is not None:
        return ()
    return (Button("What to order", Call("reorder.suggest", {"products": [one.sku]}), "primary"),)


def _approve(members: Sequence[Missing]) -> tuple[Button, ...]:
    waiting = sorted({line.po_no for one in members for line in one.drafts})
    if len(waiting) != 1:
        return ()
    return (Button(f"Approve {waiting[0]}", Call("po.approve", {"po": waiting[0]}), "primary"),)


def _sources(ask: Ask, members: Sequence[Missing]) -> tuple[Source, ...]:
    rows = tuple(
        f"{one.each.held.product.name}: {one.each.decision.why}" for one in members if one.each.decision
    )
    policy = (Source("Reorder points of the policy", rows=rows[:MOST_ROWS]),) if rows else ()
    held = [one.each.held for one in members[:MOST_ROWS]]
    return (*policy, pace_source(ask, sales_window(ask)), stock_source(ask, held))
