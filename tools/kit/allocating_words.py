"""Who sends what, in words, tables and figures: the choice, the other ways, and why."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from tools.kit import words
from tools.kit.allocating import SOLVE_SECONDS, STEPS, Sending
from tools.kit.ask import Ask
from tools.kit.reply import Source, Table, listed
from tools.maths.allocation.problem import Choice, Line
from tools.store.facts import CustomerOrder

MOST_OPTIONS = 6
MOST_CELLS = 3


def money_words(ask: Ask, value: float) -> str:
    """A cost as people read it."""
    return words.money(Decimal(str(round(value, 2))), ask.catalogue.currency)


def customer_name(ask: Ask, order: CustomerOrder, before: str = "") -> str:
    """The customer's name, with a word before it; nothing where no customer is noted."""
    if not order.customer:
        return ""
    name = next((one.name for one in ask.catalogue.customers if one.code == order.customer), order.customer)
    return f"{before}{name}"


def sender_words(ask: Ask, sending: Sending, number: str, *, short: bool = False) -> str:
    """Who sends it: "all of it from the Warehouse", or what comes from where."""
    choice = sending.found.choices[number]
    if not choice.senders:
        return "nobody can" if short else "no place has what is on it"
    if short:
        rest = "" if choice.whole else " (not whole)"
        return " + ".join(_name(sending, code) for code in choice.senders) + rest
    if choice.whole and len(choice.senders) == 1:
        return f"send all of it from {_name(sending, choice.senders[0])}"
    return f"send {_parts(ask, sending, number, choice)}"


def _parts(ask: Ask, sending: Sending, number: str, choice: Choice) -> str:
    by_place: dict[str | None, list[str]] = defaultdict(list)
    for line, place in zip(sending.placed[number].lines, choice.places, strict=True):
        by_place[place].append(_goods(ask, line))
    parts = [
        f"{listed(goods)} from {_name(sending, place)}"
        for place, goods in by_place.items()
        if place is not None
    ]
    missing = by_place.get(None)
    return listed(parts) + (f"; {listed(missing)} cannot be sent now" if missing else "")


def why_words(ask: Ask, sending: Sending, number: str) -> str:
    """What it costs, and what the next best ways would."""
    choice = sending.found.choices[number]
    if not choice.senders:
        return "It has to wait for goods."
    late = "no place can be there in time any more; " if number in sending.late else ""
    others = [one for one in _options(sending, number) if one.places != choice.places and one.senders]
    alone = [f"{_names(sending, one)} {_against(ask, choice, one)}" for one in others[:2]]
    cost = money_words(ask, choice.cost.sent)
    text = f"{late}that costs about {cost} ({_reasons(ask, sending, number, choice)})"
    rest = "; ".join(alone) or "no other place has any of it"
    return f"{words.capital(f'{text}; {rest}')}."


def _against(ask: Ask, choice: Choice, other: Choice) -> str:
    more = other.cost.total - choice.cost.total
    if not other.whole and other.cost.missing > choice.cost.missing:
        return "could send only a part"
    return f"would cost {money_words(ask, abs(more))} {'more' if more >= 0 else 'less'}"


def _reasons(ask: Ask, sending: Sending, number: str, choice: Choice) -> str:
    km = [sending.km.get((number, code)) for code in choice.senders]
    parts = [f"{sum(way for way in km if way is not None):.1f} km"] if None not in km else []
    named = (
        ("sending", choice.cost.shipping),
        ("waiting", choice.cost.waiting),
        ("the second parcel", choice.cost.splitting),
        ("running out there", choice.cost.risk),
    )
    parts += [f"{money_words(ask, cost)} for {what}" for what, cost in named if cost >= 0.005]
    return ", ".join(parts)


def binding_words(ask: Ask, sending: Sending, number: str | None) -> str:
    """The stock that decides, and how good the answer is where it is not the best."""
    skus = {line.sku for line in sending.placed[number].lines} if number else None
    cells = [cell for cell in sending.found.binding if skus is None or cell[0] in skus]
    products = ask.catalogue.products
    named = [
        f"{words.product_name(products[sku]) if sku in products else sku} at {_name(sending, code)}"
        for sku, code in cells
    ]
    held = f"What decides: other orders want the same {words.first_few(named, MOST_CELLS)}." if named else ""
    status = sending.found.status
    if status == "optimal":
        return held
    return words.sentences(held, f"It may not be the best answer ({status}).")


def options_table(ask: Ask, sending: Sending, number: str) -> Table:
    """The ways to send an order, each with what it costs, part by part."""
    rows = tuple(
        (
            _names(sending, choice) + ("" if choice.whole else " (not whole)"),
            _km(sending, number, choice),
            _ready(ask, sending, number, choice),
            *(
                money_words(ask, cost)
                for cost in (choice.cost.shipping + choice.cost.splitting, choice.cost.waiting)
            ),
            *(money_words(ask, cost) for cost in (choice.cost.risk, choice.cost.missing, choice.cost.total)),
        )
        for choice in _told(sending, number)
    )
    heads = ("From", "km", "There by", "Sending", "Waiting", "Running out", "Missing", "In all")
    return Table(heads, rows)


def option_rows(sending: Sending, number: str) -> list[dict[str, Any]]:
    """The same as figures."""
    chosen = sending.found.choices[number].places
    return [
        _figures(choice)
        | {"places": list(choice.senders), "whole": choice.whole, "chosen": choice.places == chosen}
        for choice in _told(sending, number)
    ]


def order_row(sending: Sending, number: str) -> dict[str, Any]:
    """One order as figures: what comes from where, and what that costs."""
    order, choice = sending.orders[number], sending.found.choices[number]
    lines = [
        words.facts(sku=line.sku, quantity=Decimal(line.quantity) / STEPS, location=place)
        for line, place in zip(sending.placed[number].lines, choice.places, strict=True)
    ]
    head = words.facts(order=number, customer=order.customer, due_from=order.due_from, due_to=order.due_to)
    km = {
        code: round(sending.km[(number, code)], 2) for code in choice.senders if (number, code) in sending.km
    }
    return (
        head
        | _figures(choice)
        | {
            "lines": lines,
            "places": list(choice.senders),
            "whole": choice.whole,
            "km": km,
            "in_time": number not in sending.late,
        }
    )


def send_sources(ask: Ask, sending: Sending) -> tuple[Source, ...]:
    """The orders, the stock, the costs taken and how the answer was found."""
    costs, found = sending.costs, sending.found
    money = {
        name: money_words(ask, getattr(costs, name)) for name in ("parcel", "km", "split", "hour", "missing")
    }
    rates = (
        f"a parcel {money['parcel']}, a kilometre {money['km']}, a second parcel {money['split']} more, "
        f"an hour until it is there {money['hour']}, a line not sent {money['missing']} and twice its price"
    )
    bound = "" if found.bound is None else f", no answer costs less than {money_words(ask, found.bound)}"
    how = f"{found.status}; greedy {money_words(ask, found.greedy_cost)}{bound}; {SOLVE_SECONDS:g} s at most"
    aside = f"; {words.amount(sending.set_aside)} packed for others set aside" if sending.set_aside else ""
    rows = tuple(f"{number}: {_reasons(ask, sending, number, one)}" for number, one in found.choices.items())
    return (
        Source(f"Customer orders placed together, {len(sending.orders)}", rows=rows[:30]),
        Source(
            f"Stock ledger, good stock less what is promised{aside}",
            as_of=f"ledger position {ask.store.stock.position()}",
        ),
        Source(f"Costs taken (settings send_*): {rates}"),
        Source(
            f"{sending.ways}; packing {costs.shop_hours:g} h in a shop, "
            f"{costs.warehouse_hours:g} h in a warehouse"
        ),
        Source(
            "Running out: the margin of sales expected to be lost there until new goods come, by forecast"
        ),
        Source(f"Answer: {how}"),
    )


def _figures(choice: Choice) -> dict[str, Any]:
    cost = choice.cost
    parts = {"shipping": cost.shipping, "waiting": cost.waiting, "splitting": cost.splitting}
    parts |= {"risk": cost.risk, "missing": cost.missing, "sent": cost.sent, "cost": cost.total}
    return {name: round(value, 2) for name, value in parts.items()}


def _options(sending: Sending, number: str) -> list[Choice]:
    return sending.found.options_of(sending.placed[number])


def _told(sending: Sending, number: str) -> list[Choice]:
    """The cheapest ways; the chosen one is always among them."""
    chosen = sending.found.choices[number]
    found = [
        chosen,
        *(one for one in _options(sending, number) if one.places != chosen.places and one.senders),
    ]
    return found[:MOST_OPTIONS]


def _names(sending: Sending, choice: Choice) -> str:
    return " + ".join(_name(sending, code) for code in choice.senders) or "nowhere"


def _name(sending: Sending, code: str | None) -> str:
    site = sending.site(code)
    return site.name if site else (code or "nowhere")


def _goods(ask: Ask, line: Line) -> str:
    product = ask.catalogue.products.get(line.sku)
    amount = Decimal(line.quantity) / STEPS
    return words.quantity_of(product, amount) if product else f"{words.amount(amount)} × {line.sku}"


def _km(sending: Sending, number: str, choice: Choice) -> str:
    km = [sending.km.get((number, code)) for code in choice.senders]
    return "" if not km or None in km else f"{sum(way for way in km if way is not None):.1f}"


def _ready(ask: Ask, sending: Sending, number: str, choice: Choice) -> str:
    if not choice.senders:
        return ""
    last = max(sending.ready[(number, code)] for code in choice.senders)
    return f"{words.near_day(last.date(), ask.today)} {last:%H:%M}"
