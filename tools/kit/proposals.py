"""Proposals to buy: what the policy asks for, joined into orders, and the drafts that they become.

What is on order or on a draft already counts, so nothing is proposed twice.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import inf
from statistics import median

from tools.kit.outlook import MOST_NAMED
from tools.kit.planning import Plans, plans, rules_of
from tools.maths.replenishment import (
    Decision,
    Item,
    LeadTime,
    Limits,
    Policy,
    Proposal,
    ProposedLine,
    Transfer,
    after,
    decide,
    propose,
    transfers,
)
from tools.store import Product, Store
from tools.store.buying_changes import DraftOrder, OrderLine, ReviseOrder
from tools.store.planning_facts import PurchaseOrder

SOLVER_SECONDS = 0.6
# Moving goods between places takes about a day.
MOVING_DAYS = 1.0
MOVING_REVIEW = 2.0
MOST_PLACES = 8
MOST_MOVED = 300
SELLING_DAYS = 14
_BUDGET = re.compile(
    r"\b(?:budget(?:\s+(?:of|is))?|at most|no more than|not more than|under|max(?:imum)?(?:\s+of)?|"
    r"up to|within|spend(?:ing)?(?:\s+only)?)"
    r"\s*:?\s*[£$€₹]?\s*(?P<money>\d[\d,]*(?:\.\d+)?)\s*(?P<thousand>k)?\b",
    re.IGNORECASE,
)
STEP = Decimal("0.001")


@dataclass(frozen=True)
class Wish:
    """What a proposal is asked for: ``place`` None for all together, ``until`` the last day to cover."""

    today: date
    place: str | None = None
    until: date | None = None
    budget: float | None = None


@dataclass(frozen=True)
class Advice:
    """A proposal and what it rests on.

    ``moves`` are transfers that come first, ``homeless`` what is needed and has no supplier.
    """

    wish: Wish
    plans: Plans
    proposal: Proposal
    moves: tuple[Transfer, ...]
    homeless: tuple[Decision, ...]
    places: Mapping[str, str | None]

    @property
    def lines(self) -> tuple[ProposedLine, ...]:
        """What to buy, where most money is at risk first."""
        return self.proposal.lines

    @property
    def by_supplier(self) -> dict[str, list[ProposedLine]]:
        """The lines of each supplier, the dearest order first."""
        found: dict[str, list[ProposedLine]] = defaultdict(list)
        for line in self.lines:
            found[line.item.supplier].append(line)
        return dict(sorted(found.items(), key=lambda pair: -sum(line.cost or 0.0 for line in pair[1])))

    @property
    def mark(self) -> str:
        """What tells this proposal from another one."""
        parts = sorted((line.item.sku, line.item.supplier, exact(line.quantity)) for line in self.lines)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def budget_in(text: str) -> float | None:
    """The money that words allow ("budget 500", "no more than £1.2k"); None where they name none.

    >>> budget_in("reorder for next week, budget 500"), budget_in("spend at most £1.5k")
    (500.0, 1500.0)
    """
    found = _BUDGET.search(text)
    if not found:
        return None
    return float(found["money"].replace(",", "")) * (1000 if found["thousand"] else 1)


def advise(
    store: Store, products: Sequence[Product], wish: Wish, *, seconds: float = SOLVER_SECONDS
) -> Advice:
    """What to buy today of these products."""
    known = plans(store, products, wish.today, place=wish.place)
    policy = replace(known.policy.policy, review_days=_review_days(known, wish))
    bought = [item for item in known.items if item.supplier]
    moves: tuple[Transfer, ...] = ()
    if wish.place is not None:
        moves, bought = _moved_first(store, products, known, bought)
    else:
        moves = moves_between(store, products, wish.today)
    limits = Limits(budget=inf if wish.budget is None else wish.budget)
    proposal = propose(
        bought,
        rules_of(store, known.policy),
        today=wish.today,
        policy=policy,
        limits=limits,
        solver_seconds=seconds,
    )
    homeless = [item for item in known.items if not item.supplier]
    needed = (
        [one for one in replace(known, items=tuple(homeless)).decisions if one.needed > 0] if homeless else []
    )
    return Advice(wish, known, proposal, moves, tuple(needed), delivery_places(store, wish.place))


def _review_days(known: Plans, wish: Wish) -> float:
    """The days to cover beside the lead time: until the next look, or to the end of the days asked for."""
    usual = known.policy.review_days
    if wish.until is None or not known.items:
        return usual
    lead = median(item.lead.mean_days for item in known.items)
    return max(usual, (wish.until - wish.today).days + 1 - lead)


# -- between places ----------------------------------------------------------------------------------


def _moved_first(
    store: Store, products: Sequence[Product], known: Plans, bought: Sequence[Item]
) -> tuple[tuple[Transfer, ...], list[Item]]:
    """What other places can give to the one that is asked about, and what it needs then."""
    here = [one for one in known.decisions if one.needed > 0]
    wanted = {one.item.sku for one in here}
    if not wanted:
        return (), list(bought)
    chosen = [product for product in products if product.sku in wanted]
    others = [
        decision
        for code in _other_places(store, known.place)
        for decision in plans(store, chosen, known.day, place=code).decisions
    ]
    moves = tuple(move for move in transfers([*here, *others]) if move.destination == known.place)
    return moves, after(bought, moves, MOVING_DAYS)


def _other_places(store: Store, place: str | None) -> list[str]:
    return [each.code for each in store.catalogue().locations if each.code != place][:MOST_PLACES]


def moves_between(store: Store, products: Sequence[Product], today: date) -> tuple[Transfer, ...]:
    """Stock that should change places before anything is bought, over the whole shop."""
    places = [each.code for each in store.catalogue().locations][:MOST_PLACES]
    chosen = _perhaps_moved(store, products, today, places) if len(places) > 1 else []
    if not chosen:
        return ()
    decisions = [one for code in places for one in _giving_or_short(plans(store, chosen, today, place=code))]
    return tuple(transfers(decisions))


def _giving_or_short(known: Plans) -> list[Decision]:
    """What a place is short of until goods could be moved there; it gives only what it needs no sooner.

    Moving takes a day, buying takes the supplier's time: a place keeps what lasts until a delivery.
    """
    moving = LeadTime(MOVING_DAYS)
    near = [replace(item, lead=moving) for item in known.items]
    soon = decide(near, Policy(review_days=MOVING_REVIEW), known.day)
    return [short if short.needed > 0 else long for short, long in zip(soon, known.decisions, strict=True)]


def _perhaps_moved(
    store: Store, products: Sequence[Product], today: date, places: Sequence[str]
) -> list[Product]:
    """Products of which a place has less than it sold in two weeks while another place has some."""
    skus = None if len(products) > MOST_NAMED else [product.sku for product in products]
    there: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for level in store.stock.levels(skus, today=today):
        if level.location:
            there[level.sku][level.location] = level.available
    found = set()
    for code in places:
        first = today - timedelta(days=SELLING_DAYS)
        for total in store.sales.totals(first=first, last=today, skus=skus, locations=[code], by="product"):
            stock = there.get(total.key, {})
            others = max((left for place, left in stock.items() if place != code), default=Decimal(0))
            if stock.get(code, Decimal(0)) < total.net and others > 0:
                found.add(total.key)
    return [product for product in products if product.sku in found][:MOST_MOVED]


def delivery_places(store: Store, place: str | None) -> dict[str, str | None]:
    """Where goods go by SKU, and under "" where nothing is known of one.

    The place asked about, else where the product went last, else the only warehouse or place.
    """
    if place is not None:
        return {"": place}
    lines = [line for line in store.purchasing.lines() if line.location and line.status != "cancelled"]
    lines.sort(key=lambda line: line.ordered_at or date.min)
    found: dict[str, str | None] = {line.sku: line.location for line in lines}
    codes = [each.code for each in store.catalogue().locations]
    stores = [each.code for each in store.catalogue().locations if each.kind == "warehouse"]
    usual = codes if len(codes) == 1 else stores
    found[""] = usual[0] if len(usual) == 1 else (lines[-1].location if lines else None)
    return found


# -- drafts ------------------------------------------------------------------------------------------


def exact(value: float) -> Decimal:
    """A quantity as the books keep it.

    >>> exact(24.0), exact(2.5)
    (Decimal('24'), Decimal('2.5'))
    """
    return Decimal(str(round(value, 3))).quantize(STEP).normalize() + 0


def order_line(line: ProposedLine, places: Mapping[str, str | None]) -> OrderLine:
    """A proposed line as the line of an order."""
    cost = None if line.unit_cost is None else Decimal(str(round(line.unit_cost, 4)))
    place = line.item.place or places.get(line.item.sku, places.get(""))
    return OrderLine(line.item.sku, exact(line.quantity), place, cost)


def draft_of(store: Store, supplier: str) -> PurchaseOrder | None:
    """The supplier's open draft, the newest where there are several."""
    found = store.purchasing.orders(supplier=supplier, statuses=["draft"])
    return max(found, key=lambda order: order.po_no, default=None)


def drafted(
    store: Store, supplier: str, lines: Sequence[OrderLine], expected_on: date | None, note: str = ""
) -> DraftOrder | ReviseOrder:
    """The change that puts lines on the supplier's open draft, or on a new one."""
    open_draft = draft_of(store, supplier)
    if open_draft is None:
        return DraftOrder(supplier, tuple(lines), expected_on, note)
    return ReviseOrder(
        open_draft.po_no,
        merged(open_draft, lines),
        _later(open_draft.expected_on, expected_on),
        open_draft.events,
    )


def merged(order: PurchaseOrder, lines: Sequence[OrderLine]) -> tuple[OrderLine, ...]:
    """The lines of a draft with more of them; what is there for the same place already grows."""
    found = {
        (line.sku, line.location): OrderLine(line.sku, line.quantity, line.location, line.unit_cost)
        for line in order.lines
    }
    for line in lines:
        known = found.get((line.sku, line.location))
        more = line.quantity + (known.quantity if known else Decimal(0))
        cost = line.unit_cost if line.unit_cost is not None or known is None else known.unit_cost
        found[line.sku, line.location] = OrderLine(line.sku, more, line.location, cost)
    return tuple(found.values())


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def draft_steps(
    store: Store, advice: Advice, supplier: str | None = None
) -> tuple[DraftOrder | ReviseOrder, ...]:
    """The drafts of a proposal, of one supplier or of all."""
    return tuple(
        drafted(
            store,
            code,
            [order_line(line, advice.places) for line in lines],
            max(line.arrives_on for line in lines),
            note="proposed",
        )
        for code, lines in advice.by_supplier.items()
        if supplier in (None, code)
    )


def days_from(today: date, days: float) -> date:
    """The day after so many days, a part of a day counted as one."""
    return today + timedelta(days=-int(-days // 1))
