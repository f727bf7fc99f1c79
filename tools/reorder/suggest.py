"""What to order, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Block,
    Button,
    Call,
    Category,
    Detail,
    Period,
    Place,
    Plan,
    Products,
    Prose,
    Refused,
    Reply,
    Result,
    Right,
    Span,
    SupplierCode,
    Table,
    listed,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.drafts import drafts_plan
from tools.kit.holdings import scope_of
from tools.kit.planning_leads import Awaited
from tools.kit.planning_pictures import stock_picture
from tools.kit.planning_words import (
    amount_words,
    cents,
    decision_row,
    line_row,
    move_row,
    move_words,
    overdue_words,
    plan_sources,
    policy_words,
    product_of,
    rough_words,
    runs_out_words,
)
from tools.kit.plans import full_slots
from tools.kit.proposals import Advice, Wish, advise, budget_in, draft_steps
from tools.kit.purchases import packed, supplier_name, unpacked
from tools.maths.replenishment import Decision, ProposedLine, Transfer
from tools.store import Product

MOST_SAID = 5
MOST_SUPPLIERS = 4
MOST_MOVED = MOST_PRESSING = 3
TOPPED_UP = ", topped up"
MOST_ROWS = 60
# Figures of more lines than this are for the drafts, not for an answer.
MOST_DATA = 200
FEW = 6
ZERO = Decimal(0)


@tool(
    right=Right.SEE_STOCK,
)
def suggest(  # noqa: PLR0913 - the contract's slots
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    supplier: SupplierCode | None = None,
    location: Place | None = None,
    products: Products | None = None,
    detail: Detail | None = None,
) -> Result:
    """Suggest what to reorder."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, products, category, supplier)
    if isinstance(chosen, Refused):
        return chosen
    place = _place(ask, location)
    if isinstance(place, Refused):
        return place
    wanted = unpacked(detail)
    slots = full_slots(
        period=period, category=category, supplier=supplier, location=location, products=products
    )
    wish = Wish(ask.today, place, _until(ask, period), wanted.get("budget", budget_in(ask.text)))
    advice = advise(ask.store, chosen, wish)
    if wanted.get("do") == "draft":
        return _draft(ask, advice, wanted, slots)
    return _reply(ask, advice, chosen if products else (), slots)


def _place(ask: Ask, location: str | None) -> str | Refused | None:
    """The place a proposal is for: the one named, or a person's only one; None for the whole shop."""
    if location is not None or ask.user.locations is None:
        return location
    if len(ask.places) == 1:
        return ask.places[0]
    names = listed([ask.catalogue.location_name(code) for code in ask.places], "or")
    return Refused(f"For which place: {names}?")


def _until(ask: Ask, period: Period | None) -> date | None:
    return period.last if period is not None and period.last >= ask.today else None


# -- drafts ------------------------------------------------------------------------------------------


def _draft(ask: Ask, advice: Advice, wanted: Mapping[str, Any], slots: Mapping[str, Any]) -> Plan | Refused:
    if not ask.may(Right.BUY):
        return Refused(f"Your role ({ask.user.role}) may not order from suppliers.")
    if wanted.get("mark") != advice.mark:
        again = Button("Show what to order now", Call("reorder.suggest", slots), "primary")
        return Refused("Stock or orders have changed since, so I drafted nothing.", (again,))
    steps = draft_steps(ask.store, advice, wanted.get("supplier"))
    return drafts_plan(ask, steps, {**slots, "detail": packed(**wanted)})


def _buttons(ask: Ask, advice: Advice, slots: Mapping[str, Any]) -> tuple[Button, ...]:
    suppliers = advice.by_supplier
    if not ask.may(Right.BUY):
        return ()
    if not suppliers:
        return _whole_orders(ask, advice, slots)
    carried = {"do": "draft", "mark": advice.mark, "budget": advice.wish.budget}
    whole = "Draft this order" if len(suppliers) == 1 else "Draft these orders"
    found = [Button(whole, Call("reorder.suggest", {**slots, "detail": packed(**carried)}), "primary")]
    if len(suppliers) > 1:
        found += [
            Button(
                f"Only {supplier_name(ask, code)}",
                Call("reorder.suggest", {**slots, "detail": packed(**carried, supplier=code)}),
            )
            for code in list(suppliers)[:MOST_SUPPLIERS]
        ]
    return tuple(found)


def _whole_orders(ask: Ask, advice: Advice, slots: Mapping[str, Any]) -> tuple[Button, ...]:
    """Where a few products alone are too little for an order: what else their suppliers have."""
    if not slots.get("products"):
        return ()
    short = {one.item.supplier for one in advice.proposal.decisions if one.needed > 0 and one.item.supplier}
    rest = {name: value for name, value in slots.items() if name != "products"}
    calls = {code: Call("reorder.suggest", {**rest, "supplier": code}) for code in sorted(short)}
    named = [(f"All due from {supplier_name(ask, code)}", call) for code, call in calls.items()]
    return tuple(Button(label, call, "primary") for label, call in named[:MOST_SUPPLIERS])


# -- words -------------------------------------------------------------------------------------------


def _reply(ask: Ask, advice: Advice, named: Sequence[Product], slots: Mapping[str, Any]) -> Reply:
    """``named`` are the products that were asked about by name: a few of them are each explained."""
    decisions = [line.decision for line in advice.lines] or list(advice.proposal.decisions)
    parts = (
        _moves_first(ask, advice.moves) if advice.wish.place else "",
        _what(ask, advice, named),
        "" if advice.wish.place else _moves_as_well(ask, advice.moves),
        *_left_out(ask, advice),
        overdue_words(ask, _overdue(advice)),
        rough_words(ask, advice.plans),
    )
    text = "\n".join(filter(None, parts))
    rule = policy_words(advice.plans)
    return Reply(
        text,
        _data(ask, advice),
        blocks=(*_table(ask, advice), *_picture(ask, advice, named), Prose(words.capital(f"{rule}."))),
        buttons=_buttons(ask, advice, slots),
        sources=plan_sources(ask, advice.plans, decisions),
    )


def _overdue(advice: Advice) -> list[Awaited]:
    """What is overdue of the products that the answer is about."""
    asked = {one.item.sku for one in (*advice.proposal.decisions, *(line.decision for line in advice.lines))}
    return [one for one in advice.plans.overdue if one.line.sku in asked]


def _data(ask: Ask, advice: Advice) -> dict[str, Any]:
    proposal = advice.proposal
    few = not advice.lines and len(proposal.decisions) <= FEW
    data = words.facts(
        rows=[line_row(ask, line) for line in advice.lines[:MOST_DATA]],
        total=len(advice.lines),
        checked=len(advice.plans.items),
        status=proposal.status,
        binding=list(proposal.binding),
        moves=[move_row(move) for move in advice.moves],
        left_out_rows=[decision_row(ask, one) for one in advice.homeless[:MOST_ROWS]],
        cut_off=advice.plans.cut_off,
        rough=len(advice.plans.demand.rough),
        budget=advice.wish.budget,
    )
    if len(advice.lines) > MOST_DATA:
        data["left_out"] = {"rows": len(advice.lines) - MOST_DATA}
    if few:
        data["rows"] = [decision_row(ask, one) for one in proposal.decisions]
    if ask.may(Right.SEE_COSTS):
        data["cost"] = words.number(cents(proposal.cost))
        data["suppliers"] = [_supplier_row(code, lines) for code, lines in advice.by_supplier.items()]
    return data


def _supplier_row(code: str, lines: Sequence[ProposedLine]) -> dict[str, Any]:
    return words.facts(
        supplier=code,
        lines=len(lines),
        cost=cents(sum(line.cost or 0.0 for line in lines)),
        arrives_on=max(line.arrives_on for line in lines),
    )


def _what(ask: Ask, advice: Advice, chosen: Sequence[Product]) -> str:
    if not advice.lines:
        return _nothing(ask, advice, chosen)
    if 0 < len(chosen) <= FEW and len(advice.lines) <= FEW:
        others = [one for one in advice.proposal.decisions if one.item.sku not in _proposed(advice)]
        said = [_each(ask, line) for line in advice.lines]
        return " ".join([*said, *(_enough(ask, one) for one in others)])
    return _overview(ask, advice)


def _overview(ask: Ask, advice: Advice) -> str:
    """Many lines in a few words: how much of whom, and the most pressing."""
    head = f"Order {words.plural(len(advice.lines), 'product')}"
    if len(advice.by_supplier) == 1:
        return _one_order(ask, advice)
    total = cents(advice.proposal.cost) or ZERO
    money = f" for {words.money(total, ask.catalogue.currency)}" if ask.may(Right.SEE_COSTS) and total else ""
    orders = [_order_words(ask, code, lines) for code, lines in list(advice.by_supplier.items())[:MOST_SAID]]
    rest = len(advice.by_supplier) - len(orders)
    more = (f"and {words.plural(rest, 'more supplier')}",) if rest > 0 else ()
    listing = "".join(f"\n• {order}" for order in (*orders, *more))
    return f"{head}{money}{_until_words(ask, advice)}:{listing}\n{_pressing_words(ask, advice)}"


def _one_order(ask: Ask, advice: Advice) -> str:
    """The same where all of it comes from one supplier."""
    ((code, lines),) = advice.by_supplier.items()
    cost = cents(advice.proposal.cost) or ZERO
    money = f" for {words.money(cost, ask.catalogue.currency)}" if ask.may(Right.SEE_COSTS) and cost else ""
    when = words.near_day(max(line.arrives_on for line in lines), ask.today)
    start = f"Order {words.plural(len(lines), 'product')} from {supplier_name(ask, code)}{money}"
    return f"{start}{_until_words(ask, advice)}, here {when}. {_pressing_words(ask, advice)}"


def _until_words(ask: Ask, advice: Advice) -> str:
    return f" to last until {words.day(advice.wish.until, ask.today)}" if advice.wish.until else ""


def _pressing_words(ask: Ask, advice: Advice) -> str:
    """The lines at which most money is at risk."""
    named = [_pressing(ask, line) for line in advice.lines[:MOST_PRESSING]]
    others = len(advice.lines) - len(named)
    pressing = listed([*named, f"{words.amount(others)} more"] if others else named)
    return f"Most pressing: {pressing}."


def _order_words(ask: Ask, code: str, lines: Sequence[ProposedLine]) -> str:
    cost = cents(sum(line.cost or 0.0 for line in lines)) or ZERO
    parts = [words.plural(len(lines), "line")]
    if ask.may(Right.SEE_COSTS) and cost:
        parts.append(words.money(cost, ask.catalogue.currency))
    parts.append(f"here {words.near_day(max(line.arrives_on for line in lines), ask.today)}")
    return f"{supplier_name(ask, code)}: {', '.join(parts)}"


def _pressing(ask: Ask, line: ProposedLine) -> str:
    when = runs_out_words(line.decision, ask.today)
    return f"{_so_many(ask, line.item.sku, line.quantity)}{f' ({when})' if when else ''}"


def _each(ask: Ask, line: ProposedLine) -> str:
    """One product in full: how much, from whom, when it comes, why."""
    sku = line.item.sku
    when = runs_out_words(line.decision, ask.today)
    cost = cents(line.cost)
    money = f", {words.money(cost, ask.catalogue.currency)}" if cost and ask.may(Right.SEE_COSTS) else ""
    seller = supplier_name(ask, line.item.supplier)
    start = f"Order {_so_many(ask, sku, line.quantity)} from {seller}{money}"
    arrival = f"here {words.near_day(line.arrives_on, ask.today)}"
    return f"{start}, {arrival}{f'; it {when}' if when else ''}. Why: {line.why}."


def _so_many(ask: Ask, sku: str, value: float) -> str:
    return f"{amount_words(ask, sku, value)} × {product_of(ask, sku).name}"


def _nothing(ask: Ask, advice: Advice, chosen: Sequence[Product]) -> str:
    decisions = advice.proposal.decisions
    if 0 < len(chosen) <= FEW and decisions:
        return " ".join(_enough(ask, one) for one in decisions)
    if advice.homeless:
        return "Nothing can be ordered from a supplier."
    checked = words.plural(len(advice.plans.items), "product")
    return f"Nothing has to be ordered now: I looked at {checked}, on order and on drafts included."


def _enough(ask: Ask, decision: Decision) -> str:
    name = product_of(ask, decision.item.sku).name
    if decision.needed > 0:
        missing = amount_words(ask, decision.item.sku, decision.needed)
        return f"{name}: {missing} are missing, but that order waits."
    return f"No need to order {name} now: {decision.why}."


def _proposed(advice: Advice) -> frozenset[str]:
    return frozenset(line.item.sku for line in advice.lines)


def _moves_first(ask: Ask, moves: Sequence[Transfer]) -> str:
    if not moves:
        return ""
    said = words.first_few([move_words(ask, move) for move in moves], MOST_SAID)
    return f"Move first, before buying: {said}."


def _moves_as_well(ask: Ask, moves: Sequence[Transfer]) -> str:
    """Over the whole shop: what should change places, whatever is bought."""
    if not moves:
        return ""
    said = words.first_few([move_words(ask, move) for move in moves], MOST_MOVED)
    return f"Places are short of what others have: move {said}."


def _left_out(ask: Ask, advice: Advice) -> tuple[str, ...]:
    """What is needed and not proposed, and why; what is on drafts already: a sentence each."""
    parts = []
    if advice.homeless:
        names = [product_of(ask, one.item.sku).name for one in advice.homeless]
        parts.append(f"Left out, for want of a supplier: {words.first_few(names, MOST_SAID)}.")
    rules = [_named(ask, rule) for rule in advice.proposal.binding]
    topped = [rule.partition("'s minimum")[0] for rule in rules if rule.endswith(TOPPED_UP)]
    if topped:
        parts.append(f"Topped up to the supplier's minimum: {words.first_few(topped, MOST_SAID)}.")
    parts += [f"{words.capital(rule)}." for rule in rules if not rule.endswith(TOPPED_UP)][:MOST_SAID]
    drafted = [product_of(ask, sku).name for sku in advice.plans.drafted if sku in ask.catalogue.products]
    if drafted:
        parts.append(f"On drafts already, and counted: {words.first_few(drafted, MOST_SAID)}.")
    return tuple(parts)


def _named(ask: Ask, rule: str) -> str:
    """A rule of the joint order with the supplier's name for its code."""
    for supplier in ask.catalogue.suppliers:
        rule = rule.replace(f"{supplier.code}'s", f"{supplier.name}'s").replace(
            f"nothing of {supplier.code},", f"nothing of {supplier.name},"
        )
    return rule


def _table(ask: Ask, advice: Advice) -> tuple[Table, ...]:
    if not advice.lines:
        return ()
    costs = ask.may(Right.SEE_COSTS)
    columns = ("Product", "Supplier", "Order", "There", "On order", "Reorder point", "Here by")
    rows = tuple(_row(ask, line, costs=costs) for line in advice.lines[:MOST_ROWS])
    more = len(advice.lines) - len(rows)
    return (Table((*columns, *(("Cost",) if costs else ())), rows, f"and {more} more" if more else ""),)


def _row(ask: Ask, line: ProposedLine, *, costs: bool) -> tuple[Any, ...]:
    figures = line_row(ask, line)
    row = (
        figures["name"],
        supplier_name(ask, line.item.supplier),
        figures["quantity"],
        figures["available"],
        figures["on_order"],
        figures["reorder_point"],
        words.day(line.arrives_on, ask.today),
    )
    if not costs:
        return row
    cost = cents(line.cost)
    return (*row, None if cost is None else words.money(cost, ask.catalogue.currency))


def _picture(ask: Ask, advice: Advice, chosen: Sequence[Product]) -> tuple[Block, ...]:
    """The path of the one product asked about, with the order and without it."""
    if len(chosen) != 1 or not advice.plans.items:
        return ()
    line = advice.lines[0] if advice.lines else None
    return stock_picture(ask, advice.plans.items[0], line.quantity if line else 0.0)
