"""What is out or running low, and by which rule: shared by the question, the alert and the brief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, log, sqrt
from typing import Any

from tools.kit.ask import Ask
from tools.kit.holdings import MOST_NAMED, Holding, Scope, holdings
from tools.kit.planning import plans
from tools.kit.reply import Source
from tools.kit.slots import Period
from tools.kit.words import amount, facts, plural, span
from tools.maths.cover import daily_rate, days_of_cover, is_low
from tools.maths.demand.laws import NOTHING
from tools.maths.replenishment import Decision, Item, decide
from tools.maths.replenishment.policy import USUAL_LEVEL
from tools.store import Product

USUAL_DAYS = 28
WEEK = 7
DEFAULT_LEAD_DAYS = 7
# What sold within this time and is gone counts as out; older things are simply no longer carried.
ALIVE_DAYS = 90
SURE_LEVEL = 0.98


@dataclass(frozen=True, slots=True)
class Shortage:
    """A product that is out or low.  ``rate`` is units a day, ``cover`` days (None: nothing sells).

    ``decision`` is what the policy says of it where it has a forecast.
    """

    held: Holding
    out: bool
    rate: Decimal
    cover: Decimal | None
    lead_days: int
    decision: Decision | None = None

    @property
    def row(self) -> dict[str, Any]:
        """The row of ``data``."""
        row = {
            **self.held.row(),
            **facts(
                state="out" if self.out else "low",
                daily_sales=tenth(self.rate),
                days_of_cover=None if self.cover is None else tenth(self.cover),
                lead_time_days=self.lead_days,
            ),
        }
        return row if self.decision is None else {**row, **_policy_row(self.decision)}


def _policy_row(decision: Decision) -> dict[str, Any]:
    return facts(
        reorder_point=tenth(Decimal(str(decision.reorder_point))),
        safety_stock=tenth(Decimal(str(decision.reorder_point - decision.mean))),
        service_level=decision.level,
        order_quantity=tenth(Decimal(str(decision.quantity))),
        why=decision.why,
    )


def tenth(value: Decimal) -> Decimal:
    """Rounded to one decimal, for what is an estimate anyway."""
    return value.quantize(Decimal("0.1"))


def sales_window(ask: Ask, days: int = USUAL_DAYS) -> Period | None:
    """The last so many days with known sales, ending yesterday at the latest; None where none are known."""
    covered = ask.store.sales.coverage()
    if covered is None:
        return None
    last = min(covered[1], ask.today - timedelta(days=1))
    first = max(covered[0], last - timedelta(days=days - 1))
    return Period(first, last) if first <= last else None


def sold_units(
    ask: Ask, products: Sequence[Product], scope: Scope, window: Period | None
) -> dict[str, Decimal]:
    """Units sold less units returned by SKU over the window (never below 0)."""
    if window is None:
        return {}
    totals = ask.store.sales.totals(
        first=window.first,
        last=window.last,
        skus=[product.sku for product in products] if len(products) <= MOST_NAMED else None,
        locations=scope.locations,
        by="product",
    )
    return {total.key: max(total.net, Decimal(0)) for total in totals}


def shortages(ask: Ask, products: Sequence[Product], scope: Scope, window: Period | None) -> list[Shortage]:
    """What is out or low of these products, the most pressing first."""
    days = window.days if window else 0
    sold = sold_units(ask, products, scope, window)
    pace = {sku: daily_rate(units, days) for sku, units in sold.items()}
    alive = _alive(ask, products, scope, window)
    planned = _decisions(ask, products, scope)
    found = []
    for held in holdings(ask, products, scope):
        decision = planned.get(held.product.sku)
        if decision is not None:
            shortage = _by_policy(held, decision, alive)
        else:
            shortage = _shortage(ask, held, scope, pace.get(held.product.sku, Decimal(0)), alive)
        if shortage is not None:
            found.append(shortage)
    return sorted(found, key=_urgency)


def sold_out(ask: Ask) -> list[Shortage]:
    """What the whole shop is out of, or has promised more of than there is, the most pressing first.

    In a shop that is out of very much they are those that sold most.
    """
    scope, window = Scope(ask.places), sales_window(ask)
    every = tuple(ask.catalogue.products.values())
    empty = [held.product for held in holdings(ask, every, scope) if held.available <= 0]
    lately = _sold_lately(ask, empty, scope, window)
    gone = [one for one in empty if one.sku in lately or one.reorder_point is not None]
    gone.sort(key=lambda one: -lately.get(one.sku, Decimal(0)))
    found = shortages(ask, gone[:MOST_NAMED], scope, window) if gone else []
    return [each for each in found if each.out]


def _decisions(ask: Ask, products: Sequence[Product], scope: Scope) -> dict[str, Decision]:
    """What the policy says of products that have a forecast for these places and no point of their own."""
    if (not scope.whole and scope.location is None) or ask.store.forecasts.latest() is None:
        return {}
    known = plans(ask.store, products, ask.today, place=scope.location, drafts=False)
    own = {product.sku for product in products if scope.whole and product.reorder_point is not None}
    review = known.policy.review_days
    judged = [
        item
        for item in known.items
        if item.sku in known.demand.stored and item.sku not in own and perhaps_due(item, ask.today, review)
    ]
    return {one.item.sku: one for one in decide(judged, known.policy.policy, ask.today)}


def perhaps_due(item: Item, today: date, review_days: float) -> bool:
    """Whether an item may be at its reorder point: a cheap bound that spares a large shop most of the work.

    The variance is taken twice, more than a later stretch of the same length has.
    """
    outlook, days = item.outlook, item.lead.mean_days + review_days
    weeks = ceil((outlook.day_number(today) + days) / WEEK)
    if outlook.overrides or not 0 < weeks <= min(len(outlook.weekly), len(outlook.sum_variance)):
        return True
    mean = sum(outlook.weekly[:weeks])
    variance = 2 * max(outlook.sum_variance[:weeks]) + (mean / days * item.lead.sd_days) ** 2
    return item.available <= mean + _farthest(item.service_level or USUAL_LEVEL) * sqrt(variance) + 1


def _farthest(level: float) -> float:
    """At most so many deviations is a quantile above its mean.

    Gamma and negative binomial laws of any shape stay under -log(1 - level) up to a level of 0.98 (that of
    the exponential is one less); beyond it the bound is Cantelli's, which holds for every law.
    """
    return -log(1 - level) if level <= SURE_LEVEL else sqrt(level / (1 - level))


def _by_policy(held: Holding, decision: Decision, alive: frozenset[str]) -> Shortage | None:
    """Out, or at or under the reorder point: what comes in time counts, what comes later does not."""
    days = decision.item.lead.mean_days + decision.review_days
    rate = Decimal(str(round(decision.mean / days, 4)))
    out = held.available <= 0 and (rate > 0 or held.product.sku in alive)
    low = decision.mean > NOTHING and decision.position <= decision.reorder_point
    if not (out or low):
        return None
    cover = days_of_cover(held.available, rate)
    return Shortage(held, out, rate, cover, round(decision.item.lead.mean_days), decision)


def rule_words(ask: Ask, window: Period | None) -> str:
    """The rule by which something is low, as a sentence."""
    lead = f"{DEFAULT_LEAD_DAYS} days where no delivery time is known"
    if window is None:
        return "Low means: at or under its reorder point. No sales are known, so nothing else can be judged."
    pace = f"at the pace of the last {plural(window.days, 'day')} of sales ({span(window, ask.today)})"
    if ask.store.forecasts.latest() is not None:
        return (
            "Low means: what can be sold plus what comes in time is at or under the reorder point: what may "
            "be wanted, by the forecast, until a delivery after the next look at the stock. Without one: "
            f"it runs out before a delivery ordered now would come ({lead}), {pace}."
        )
    return (
        "Low means: what can be sold plus what is on order is at or under the reorder point; without one, "
        f"it runs out before a delivery ordered now would come ({lead}), {pace}."
    )


def stale_words(ask: Ask, window: Period | None) -> str:
    """How far back the sales end where they do not reach yesterday, or how short they are."""
    if window is None:
        return ""
    if window.last < ask.today - timedelta(days=1):
        return f"Sales are known up to {span(Period(window.last, window.last), ask.today)} only."
    if window.days < USUAL_DAYS:
        return f"Only {plural(window.days, 'day')} of sales are known, so this is rough."
    return ""


def pace_source(ask: Ask, window: Period | None) -> Source:
    """Where the pace of sales comes from."""
    if window is None:
        return Source("No sales are known")
    formula = "units sold less units returned, divided by the number of days"
    return Source(
        f"Sales of {span(window, ask.today)}", rows=(f"pace a day = {formula} ({amount(window.days)})",)
    )


def lead_days(ask: Ask, product: Product) -> int:
    """Days from order to delivery: the product's, else its supplier's, else a week."""
    if product.lead_time_days is not None:
        return product.lead_time_days
    supplier = ask.catalogue.supplier(product.supplier)
    return supplier.lead_time_days if supplier and supplier.lead_time_days is not None else DEFAULT_LEAD_DAYS


def _shortage(ask: Ask, held: Holding, scope: Scope, rate: Decimal, alive: frozenset[str]) -> Shortage | None:
    product = held.product
    # A reorder point is for the whole shop: one place alone is judged by its own pace.
    point = product.reorder_point if scope.whole else None
    lead = lead_days(ask, product)
    out = held.available <= 0 and (product.sku in alive or point is not None or rate > 0)
    if not out and not is_low(held.available + held.on_order, rate, lead, point):
        return None
    return Shortage(held, out, rate, days_of_cover(held.available, rate), lead)


def _alive(ask: Ask, products: Sequence[Product], scope: Scope, window: Period | None) -> frozenset[str]:
    """What sold in this scope lately: a place is not out of what it never sold."""
    return frozenset(_sold_lately(ask, products, scope, window))


def _sold_lately(
    ask: Ask, products: Sequence[Product], scope: Scope, window: Period | None
) -> dict[str, Decimal]:
    if window is None:
        return {}
    lately = Period(window.last - timedelta(days=ALIVE_DAYS), window.last)
    return {sku: units for sku, units in sold_units(ask, products, scope, lately).items() if units > 0}


def _urgency(shortage: Shortage) -> tuple[bool, Decimal, Decimal, str]:
    cover = shortage.cover if shortage.cover is not None else Decimal("Infinity")
    return (not shortage.out, cover, -shortage.rate, shortage.held.product.name)
