"""Complaints of bad goods: by lot and supplier, what to do about a lot, and how a supplier compares."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.demand_signals import BROKEN, Heard, customers_of, talk
from tools.kit.demand_signals_words import quoted
from tools.kit.purchases import packed
from tools.kit.reply import Button, Call, Plan, Refused, Reply, listed
from tools.kit.slots import Period
from tools.kit.words import facts, plural, summed
from tools.store import Applied, Product, Store, Supplier
from tools.store.facts import LotLevel, Movement
from tools.store.signal_changes import FreeLot, HoldLot
from tools.store.signal_facts import QUALITY, Signal

DAY = timedelta(days=1)
# Goods that customers complain of left the shop so many days before, no more.
AT_HOME = 30 * DAY
# So many voices about one lot within so many days ask for a look at it.
LOT_VOICES, LOT_DAYS = 3, 28
MOST_MOVES = 5_000
PERIOD_DAYS = 91
_LOT = re.compile(
    r"\b(?:lot|batch)\s*(?:no\.?|number|code)?\s*[:#]?\s*((?=[\w/-]*\d)\w[\w/-]*)", re.IGNORECASE
)


@dataclass(frozen=True)
class LotTalk:
    """Complaints about one lot: by what customers named, or because no other lot was sold then.

    ``held`` is whether it is in quarantine already, ``left`` what of it is in stock, ``supplier`` where it
    came from ("" unknown).
    """

    product: Product
    lot: str
    voices: int
    quotes: tuple[Signal, ...]
    supplier: str
    held: bool
    left: Decimal


def lot_talk(ask: Ask, heard: Mapping[str, Heard]) -> list[LotTalk]:
    """The lots that several customers complained of lately, the most voices first."""
    found = []
    for sku, one in heard.items():
        product = ask.catalogue.products.get(sku)
        recent = one.since(ask.today - (LOT_DAYS - 1) * DAY)
        if product is not None and customers_of(one, recent) >= LOT_VOICES:
            found += _lots(ask, product, one)
    return sorted(found, key=lambda lot: (-lot.voices, lot.product.sku, lot.lot))


def _lots(ask: Ask, product: Product, heard: Heard) -> list[LotTalk]:
    moves = _moves(ask.store, product.sku, ask.today)
    stock = ask.store.stock.lots([product.sku], today=ask.today)
    codes = {move.lot for move in moves if move.lot} | {level.lot for level in stock if level.lot}
    said: dict[str, list[Signal]] = defaultdict(list)
    for voice in heard.since(ask.today - (LOT_DAYS - 1) * DAY):
        signal = heard.signals[voice.members[0]]
        lot = _lot_of(signal, moves, codes)
        if lot:
            said[lot].append(signal)
    return [
        _about(product, lot, signals, moves, stock)
        for lot, signals in said.items()
        if len(signals) >= LOT_VOICES
    ]


def _about(
    product: Product,
    lot: str,
    signals: Sequence[Signal],
    moves: Sequence[Movement],
    stock: Sequence[LotLevel],
) -> LotTalk:
    theirs = [level for level in stock if level.lot == lot]
    held = bool(theirs) and all(level.status not in ("good", "expired") for level in theirs)
    left = summed(level.quantity for level in theirs)
    supplier = _came_from(lot, moves) or product.supplier or ""
    return LotTalk(product, lot, len(signals), tuple(signals[-3:]), supplier, held, left)


def _moves(store: Store, sku: str, today: date) -> list[Movement]:
    first = today - (LOT_DAYS * DAY + AT_HOME + 365 * DAY)
    return store.stock.movements([sku], first=first, last=today, limit=MOST_MOVES)


def _lot_of(signal: Signal, moves: Sequence[Movement], codes: set[str]) -> str:
    """The lot that a complaint is about: the one it names, else the only one that was sold before it."""
    named = _LOT.search(signal.quote)
    if named:
        return next((code for code in codes if code.lower() == named[1].lower()), "")
    day = signal.at.date()
    sold = {
        move.lot
        for move in moves
        if move.destination == "@customer" and day - AT_HOME <= move.business_date <= day
    }
    return sold.pop() if len(sold) == 1 else ""


def _came_from(lot: str, moves: Sequence[Movement]) -> str:
    """The supplier's name as the receipt of the lot has it; "" where it has none."""
    for move in moves:
        if move.lot == lot and move.source == "@supplier" and move.reason.startswith("from "):
            return move.reason.removeprefix("from ")
    return ""


def lot_words(one: LotTalk) -> str:
    """Three leaks in one lot: "3 customers complained of lot L7 of Whole Milk 1L: “…”. Quarantine?"."""
    what = f"{plural(one.voices, 'customer')} complained of lot {one.lot} of {one.product.name} in four weeks"
    quotes = quoted(one.quotes[:2])
    came = f" It came from {one.supplier}." if one.supplier else ""
    if one.held:
        asked = " It is in quarantine."
    else:
        asked = (
            " Put what is left of it into quarantine?" if one.left > 0 else " None of it is left in stock."
        )
    return f"{what}: {quotes}.{came}{asked}"


def lot_buttons(ask: Ask, one: LotTalk) -> tuple[Button, ...]:
    """Hold the lot, where there is anything of it left to hold and a supplier whose page carries the step."""
    supplier = supplier_of(ask, one)
    if one.held or one.left <= 0 or supplier is None or not ask.may(Right.MOVE_STOCK):
        return ()
    detail = packed(do="hold", sku=one.product.sku, lot=one.lot)
    call = Call("supplier.score", {"supplier": supplier.code, "detail": detail})
    return (Button(f"Quarantine lot {one.lot}"[:60], call, "primary"),)


def supplier_of(ask: Ask, one: LotTalk) -> Supplier | None:
    """Who supplied a lot: by the receipt, else who supplies the product."""
    named = next((each for each in ask.catalogue.suppliers if each.name == one.supplier), None)
    return named or ask.catalogue.supplier(one.product.supplier)


def lot_step(ask: Ask, supplier: str, wanted: Mapping[str, Any]) -> Plan | Refused:
    """What a button about a lot does: hold it, or free it again."""
    if not ask.may(Right.MOVE_STOCK):
        return Refused(f"Your role ({ask.user.role}) may not change stock.")
    product, lot = ask.catalogue.products.get(str(wanted.get("sku"))), str(wanted.get("lot") or "")
    if product is None or not lot or wanted.get("do") not in ("hold", "free"):
        return Refused("I can't tell which lot that was about.")
    hold = wanted["do"] == "hold"
    done = "is in quarantine: it is neither sold nor promised" if hold else "may be sold again"
    slots = {"supplier": supplier, "detail": packed(**wanted)}

    def tell(applied: Applied) -> Reply:
        start = "That was done before: lot" if applied.repeated else "Lot"
        back = Call("supplier.score", {**slots, "detail": packed(**{**wanted, "do": "free"})})
        buttons = (Button("Free it again", back),) if hold else ()
        data = facts(sku=product.sku, lot=lot, held=hold, group=applied.group_id)
        return Reply(f"{start} {lot} of {product.name} {done}.", data, buttons=buttons)

    verb = "Put lot {} of {} into quarantine" if hold else "Free lot {} of {}"
    change = HoldLot(product.sku, lot) if hold else FreeLot(product.sku, lot)
    return Plan(verb.format(lot, product.name), change, tell, slots, data=facts(sku=product.sku, lot=lot))


# -- a supplier's share --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Complaints:
    """Customers who complained of the quality of a supplier's goods.

    ``share`` is that of all such complaints, ``sold`` the share of its goods in all units sold in the same
    days (None where nothing was), ``worst`` the SKUs with most voices.
    """

    days: Period
    voices: int
    share: float | None
    sold: float | None
    worst: tuple[str, ...]
    quotes: tuple[Signal, ...]

    @property
    def row(self) -> dict[str, Any]:
        """The figures for ``data``."""
        return facts(
            complaints=self.voices,
            complaints_share=None if self.share is None else round(self.share, 3),
            sold_share=None if self.sold is None else round(self.sold, 3),
            complaints_from=self.days.first,
            complaints_to=self.days.last,
        )


def complaints(ask: Ask, supplier: Supplier, period: Period | None = None) -> Complaints:
    """What customers complained of a supplier's goods, in a period or in the last quarter."""
    days = period or Period(ask.today - (PERIOD_DAYS - 1) * DAY, ask.today)
    known = (ask.today - days.first).days + 1
    heard = talk(ask.store, ask.today, BROKEN, days=known).heard if known > 0 else {}
    theirs = {sku for sku, product in ask.catalogue.products.items() if product.supplier == supplier.code}
    count: Counter[str] = Counter()
    for thing, one in heard.items():
        if thing in ask.catalogue.products:
            count[thing] = len(_quality(one, days))
    ours = {sku: number for sku, number in count.items() if sku in theirs and number}
    worst = sorted(ours, key=lambda sku: (-ours[sku], sku))
    total = sum(count.values())
    return Complaints(
        days,
        sum(ours.values()),
        sum(ours.values()) / total if total else None,
        _sold_share(ask, theirs, days),
        tuple(worst[:3]),
        tuple(signal for sku in worst[:2] for signal in _quality(heard[sku], days)[-1:]),
    )


def _quality(heard: Heard, days: Period) -> list[Signal]:
    """One signal of each voice that found the goods bad; returns for other reasons are no complaint."""
    found = [heard.signals[voice.members[0]] for voice in heard.counted]
    return [one for one in found if one.type == QUALITY and days.first <= one.at.date() <= days.last]


def _sold_share(ask: Ask, theirs: set[str], days: Period) -> float | None:
    totals = ask.store.sales.totals(first=days.first, last=days.last, by="product")
    everything = sum(float(total.sold) for total in totals)
    if not everything:
        return None
    return sum(float(total.sold) for total in totals if total.key in theirs) / everything


def complaint_words(ask: Ask, found: Complaints) -> str:
    """Customers' complaints of a supplier's goods in a sentence; "" where there were none."""
    if not found.voices:
        return ""
    names = [ask.catalogue.products[sku].name for sku in found.worst]
    beside = ""
    if found.share is not None and found.sold is not None:
        beside = f" ({found.share:.0%} of all such complaints, with {found.sold:.0%} of what sold)"
    quotes = quoted(found.quotes[:1])
    said = f", as in {quotes}" if quotes else ""
    return (
        f"{plural(found.voices, 'customer')} found its goods bad in "
        f"{plural(found.days.days, 'day')}{beside}: {listed(names)}{said}."
    )
