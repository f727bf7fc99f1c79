"""What if?  The same policy in many possible futures, with something changed; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from tools.kit import (
    Ask,
    Button,
    Call,
    Category,
    Chart,
    Days,
    Detail,
    Missing,
    Option,
    Percent,
    Period,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Series,
    Source,
    Span,
    SupplierCode,
    Table,
    Unclear,
    listed,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.planning import Plans, plans
from tools.kit.planning_words import demand_words, overdue_words, policy_words, rough_words
from tools.kit.plans import full_slots
from tools.kit.purchases import packed, supplier_name, unpacked
from tools.maths.replenishment import Change, Comparison, Futures, Item, newcomer, what_if
from tools.maths.replenishment.what_if import Effect
from tools.store import Product

DAYS = 91
FURTHEST = 182
PATHS = 300
SEED = 1
# So many products, those that bring in most, are looked at; each costs a few milliseconds.
MOST_PRODUCTS = 150
MOST_SAID = 4
MOST_ROWS = 20
STEP = 7
# Fractions of a percent are noise of the futures.
LEAST_CHANGE = 0.005
_NEW = re.compile(r"\bnew\b.*\blike\b|\b(launch|introduce|add)\b.*\b(like|similar)\b", re.IGNORECASE)
NEW_SKU = "NEW"
MOST_LIKE = 5


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: the change, and how to say it."""

    change: Change
    words: str
    days: int


@tool(
    right=Right.SEE_STOCK,
)
def simulate(  # noqa: PLR0913 - the contract's slots
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    supplier: SupplierCode | None = None,
    percent: Percent | None = None,
    days: Days | None = None,
    period: Span | None = None,
    detail: Detail | None = None,
) -> Result:
    """Simulate what would happen if demand or delivery times changed."""
    chosen = chosen_products(ask, products, category, supplier)
    if isinstance(chosen, Refused):
        return chosen
    if products and (_NEW.search(ask.text) or unpacked(detail).get("new")):
        return _newcomer(ask, chosen)
    if percent is None and days is None:
        return _missing(ask, supplier)
    wrong = _wrong(percent, days)
    if wrong:
        return wrong
    about = _about(ask, chosen, products, category, supplier)
    question = _question(ask, about, percent, days, period)
    known = plans(ask.store, _weightiest(ask, chosen), ask.today)
    planned = bool(unpacked(detail).get("planned"))
    found = _compare(ask, known, [question.change.of(item) for item in known.items], question.days, planned)
    slots = full_slots(
        products=products, category=category, supplier=supplier, percent=percent, days=days, period=period
    )
    button = Button(
        "And if we plan for it?", Call("scenario.simulate", {**slots, "detail": packed(planned=True)})
    )
    text = words.sentences(
        f"If {question.words}{' and we order with that in mind' if planned else ''}: {_outcome(ask, found)}",
        _most_hit(ask, found),
        _left_out(chosen, known),
        _bought_alone(ask, known),
        overdue_words(ask, known.overdue),
        rough_words(ask, known),
    )
    return _reply(ask, known, found, text, () if planned else (button,))


def _missing(ask: Ask, supplier: str | None) -> Missing:
    if supplier is not None:
        return Missing("days", f"How many days later would {supplier_name(ask, supplier)} deliver?")
    return Missing("percent", "By how many percent would demand change?")


def _wrong(percent: Decimal | None, days: Decimal | None) -> Refused | None:
    if percent is not None and not Decimal(-100) <= percent <= Decimal(1000):
        return Refused(f"I can reckon with -100 % to +1,000 % of demand, not {words.signed(percent)} %.")
    if days is not None and not Decimal(-365) <= days <= Decimal(365):
        return Refused(f"I can reckon with up to a year of delay, not {words.amount(days)} days.")
    return None


# -- the question ------------------------------------------------------------------------------------


def _about(
    ask: Ask,
    chosen: Sequence[Product],
    products: Sequence[str] | None,
    category: str | None,
    supplier: str | None,
) -> str:
    if products:
        names = [product.name for product in chosen]
        return listed(names) if len(names) <= 2 else (words.group_name(chosen) or f"{len(names)} products")
    return category or (supplier_name(ask, supplier) if supplier else "everything")


def _question(
    ask: Ask, about: str, percent: Decimal | None, days: Decimal | None, period: Period | None
) -> _Question:
    said = []
    change = Change()
    ahead = DAYS
    if percent is not None:
        span = f" {words.during(period, ask.today)}" if period else ""
        said.append(f"demand for {about} changes by {words.signed(percent)} %{span}")
        first, last = (max(period.first, ask.today), period.last) if period else (None, None)
        change = replace(change, demand=float(1 + percent / 100), first=first, last=last)
        if period is not None:
            ahead = max(ahead, (period.last - ask.today).days + 1 + 28)
    if days is not None:
        later = "later" if days >= 0 else "sooner"
        said.append(f"deliveries of {about} come {words.plural(abs(days), 'day')} {later}")
        change = replace(change, lead_days=float(days))
    return _Question(change, " and ".join(said), min(ahead, FURTHEST))


def _weightiest(ask: Ask, chosen: Sequence[Product]) -> list[Product]:
    """The products that brought in most lately; all of them where they are few."""
    if len(chosen) <= MOST_PRODUCTS:
        return list(chosen)
    totals = ask.store.sales.totals(first=ask.today - timedelta(days=DAYS), last=ask.today, by="product")
    revenue = {total.key: total.revenue for total in totals}
    ranked = sorted(chosen, key=lambda product: (-revenue.get(product.sku, Decimal(0)), product.sku))
    return ranked[:MOST_PRODUCTS]


def _compare(ask: Ask, known: Plans, changed: Sequence[Item], days: int, planned: bool) -> Comparison:
    futures = Futures(days, PATHS, SEED)
    return what_if(known.items, changed, known.policy.policy, ask.today, futures, surprise=not planned)


# -- the answer --------------------------------------------------------------------------------------


def _outcome(ask: Ask, found: Comparison) -> str:
    """What it does to all products together, in service and in money."""
    before, after = _served(found.before), _served(found.after)
    weeks = words.plural(round(found.before.days / 7), "week")
    served = f"over {weeks} {after:.1%} of what is wanted can be sold, instead of {before:.1%}"
    outs = [int((one.risk > 0.5).sum()) for one in (found.before, found.after)]
    runs = f"{words.plural(outs[1], 'product')} would more likely than not run out ({outs[0]} now)"
    if not ask.may(Right.SEE_COSTS):
        return f"{served}; {runs}."
    mean, low, high = found.difference()
    currency = ask.catalogue.currency
    way = "more" if mean >= 0 else "less"
    money = f"{_whole(abs(mean), currency)} {way} profit"
    span = f"in nine of ten futures {_signed(low, currency)} to {_signed(high, currency)}"
    return f"{served}; {runs}; {money} ({span})."


def _signed(value: float, currency: str) -> str:
    shown = _whole(value, currency)
    return shown if round(value) < 0 else f"+{shown}"


def _whole(value: float, currency: str) -> str:
    """Money without pennies, for what is an estimate anyway."""
    return words.money(Decimal(round(value)), currency).replace(".00", "")


def _served(one: Any) -> float:
    wanted = float(one.wanted.sum(dtype=float))
    return float(one.sold.sum(dtype=float)) / wanted if wanted > 0 else 1.0


def _most_hit(ask: Ask, found: Comparison) -> str:
    hit = [one for one in _by_weight(ask, found) if abs(one.fill_rate[1] - one.fill_rate[0]) > LEAST_CHANGE]
    if not hit:
        return "No single product is served noticeably better or worse."
    names = [f"{_name(ask, one)} ({one.fill_rate[0]:.0%} → {one.fill_rate[1]:.0%})" for one in hit]
    return f"It changes most for {words.first_few(names, MOST_SAID)}."


def _by_weight(ask: Ask, found: Comparison) -> list[Effect]:
    """The products that change most: in money where that is known, else in service."""
    effects = found.effects()
    if ask.may(Right.SEE_COSTS) and any(abs(one.difference) > 0.5 for one in effects):
        return effects
    return sorted(effects, key=lambda one: (-abs(one.fill_rate[1] - one.fill_rate[0]), one.item.sku))


def _name(ask: Ask, one: Effect) -> str:
    product = ask.catalogue.products.get(one.item.sku)
    return product.name if product else one.item.sku


def _left_out(chosen: Sequence[Product], known: Plans) -> str:
    rest = len(chosen) - len(known.items)
    if rest <= 0:
        return ""
    return (
        f"I took the {len(known.items)} products that bring in most; {words.amount(rest)} more are left out."
    )


def _bought_alone(ask: Ask, known: Plans) -> str:
    """What the futures leave out of how the shop buys: least orders of suppliers, and prices by quantity."""
    codes = sorted({item.supplier for item in known.items})
    least = [one.name for code in codes if (one := ask.catalogue.supplier(code)) and one.min_order_value]
    tiers = any(item.price_tiers for item in known.items)
    parts = [f"the least order of {words.first_few(least, MOST_SAID)}"] if least else []
    parts += ["prices that fall with the quantity"] if tiers else []
    verb = "is" if len(parts) == 1 and not tiers else "are"
    return f"Each product is bought alone in this: {listed(parts)} {verb} left out." if parts else ""


def _reply(ask: Ask, known: Plans, found: Comparison, text: str, buttons: tuple[Button, ...]) -> Reply:
    effects = _by_weight(ask, found)
    costs = ask.may(Right.SEE_COSTS)
    data: dict[str, Any] = {
        "rows": [_row(ask, one, costs=costs) for one in effects[:MOST_ROWS]],
        "days": found.before.days,
        "paths": PATHS,
        "fill_rate": {"before": round(_served(found.before), 4), "after": round(_served(found.after), 4)},
        "path": _paths(found),
        "cut_off": known.cut_off.isoformat() if known.cut_off else None,
    }
    if costs:
        mean, low, high = found.difference()
        data["profit"] = {"difference": round(mean, 2), "low": round(low, 2), "high": round(high, 2)}
    return Reply(
        text,
        data,
        blocks=(_chart(ask, found), _table(ask, effects, costs=costs)),
        buttons=buttons,
        sources=_sources(ask, known, found),
    )


def _sources(ask: Ask, known: Plans, found: Comparison) -> tuple[Source, ...]:
    futures = f"{PATHS} possible futures of {found.before.days} days (seed {SEED}), the same with and without"
    return (
        Source(f"Simulation, nothing written: {futures}"),
        Source(f"Policy: {policy_words(known)}"),
        Source(demand_words(ask, known), as_of=str(known.cut_off or "")),
    )


def _paths(found: Comparison) -> dict[str, list[float]]:
    """Mean stock of all products together, day by day."""
    return {
        "before": [round(float(value), 1) for value in found.before.course.sum(axis=0)],
        "after": [round(float(value), 1) for value in found.after.course.sum(axis=0)],
    }


def _chart(ask: Ask, found: Comparison) -> Chart:
    days = list(range(0, found.before.days, STEP))
    labels = tuple((ask.today + timedelta(days=day)).isoformat() for day in days)
    series = []
    for name, one in (("as it is", found.before), ("what if", found.after)):
        course = np.asarray(one.course.sum(axis=0))
        series.append(Series(name, tuple(round(float(course[day]), 1) for day in days)))
    return Chart("Stock, mean of all futures", "line", labels, tuple(series), "units")


def _row(ask: Ask, one: Effect, *, costs: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "sku": one.item.sku,
        "name": _name(ask, one),
        "fill_rate": {"before": round(one.fill_rate[0], 4), "after": round(one.fill_rate[1], 4)},
        "stock": {"before": round(one.stock[0], 1), "after": round(one.stock[1], 1)},
    }
    if costs:
        row["profit"] = {"before": round(one.profit[0], 2), "after": round(one.profit[1], 2)}
        row["lost"] = {"before": round(one.lost[0], 2), "after": round(one.lost[1], 2)}
    return row


def _table(ask: Ask, effects: Sequence[Effect], *, costs: bool) -> Table:
    columns = ("Product", "Served now", "Served then", "Stock now", "Stock then")
    rows = tuple(_table_row(ask, one, costs=costs) for one in effects[:MOST_ROWS])
    return Table((*columns, *(("Profit",) if costs else ())), rows, "The products that change most")


def _table_row(ask: Ask, one: Effect, *, costs: bool) -> tuple[str | Decimal | None, ...]:
    before, after = (Decimal(str(round(value, 1))) for value in one.stock)
    row = (_name(ask, one), f"{one.fill_rate[0]:.1%}", f"{one.fill_rate[1]:.1%}", before, after)
    return (*row, _signed(one.difference, ask.catalogue.currency)) if costs else row


# -- a new product -----------------------------------------------------------------------------------


def _newcomer(ask: Ask, named: Sequence[Product]) -> Reply | Unclear:
    """A product that was never sold, expected to sell as another one does."""
    near = _most_meant(ask, named)
    if len(near) > 1:
        options = [
            Option(one.name, {"products": [one.sku], "detail": packed(new=True)}) for one in near[:MOST_LIKE]
        ]
        which = listed([option.label for option in options], "or")
        return Unclear("products", f"Like which one: {which}?", tuple(options))
    (like,) = near
    known = plans(ask.store, (like,), ask.today)
    new = newcomer(known.items[0], NEW_SKU)
    found = _compare(ask, known, [new], DAYS, planned=True)
    decision = replace(known, items=(new,)).decisions[0]
    first = words.quantity(like, Decimal(str(round(decision.quantity))))
    law = new.outlook.law(0, DAYS)
    low, high = law.quantile(0.1), law.quantile(0.9)
    expected = f"about {law.mean:,.0f} in {DAYS // 7} weeks (in eight of ten cases {low:,.0f} to {high:,.0f})"
    text = words.sentences(
        f"A new product like {like.name} should sell {expected}: nobody knows it yet, so the range is wide.",
        f"To be safe at {decision.level:.0%}, start with {first} ({decision.why}).",
        _new_money(ask, found),
        rough_words(ask, known),
    )
    return _reply(ask, known, found, text, ())


def _new_money(ask: Ask, found: Comparison) -> str:
    if not ask.may(Right.SEE_COSTS):
        return ""
    profit = found.after.profit.sum(axis=0)
    low, high = np.quantile(profit, [0.1, 0.9])
    currency = ask.catalogue.currency
    mean = _whole(float(profit.mean()), currency)
    return f"It would earn {mean} ({_signed(float(low), currency)} to {_signed(float(high), currency)})."


def _most_meant(ask: Ask, named: Sequence[Product]) -> list[Product]:
    """Those of the named products whose names have most of the words that were said."""
    said = {word.rstrip("s") for word in re.findall(r"[a-z]+", ask.text.lower())}
    shared = {one.sku: len(said & {word.rstrip("s") for word in one.name.lower().split()}) for one in named}
    most = max(shared.values())
    return [one for one in named if shared[one.sku] == most]
