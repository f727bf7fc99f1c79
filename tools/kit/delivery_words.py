"""What a message says came of an order: of which line, how many, of which lots, how many no good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tools.kit.answers import line_meant
from tools.kit.arrivals import Told, broken_at, read_delivery, without_number
from tools.kit.ask import Ask
from tools.kit.deliveries import HOW_MANY, Came, Part, in_lots, settled
from tools.kit.lot_words import ToldLot, at_lot, read_lots
from tools.kit.purchases import line_name
from tools.kit.reply import Option, Refused, Unclear, listed
from tools.kit.words import amount, summed
from tools.store import PurchaseLine
from tools.store.planning_facts import PurchaseOrder

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a message tells of a delivery: its figures, its lots, the lot with broken goods, other words."""

    told: Told
    lots: tuple[ToldLot, ...]
    broken_in: int
    rest: str

    @property
    def counted(self) -> bool:
        """Whether the lots alone say how many came."""
        figures = (self.told.came, self.told.short, self.told.over)
        return bool(self.lots) and figures == (None,) * 3 and all(lot.quantity for lot in self.lots)


def _said(ask: Ask, order: PurchaseOrder, quantity: Decimal | None) -> _Said:
    lots, rest = read_lots(without_number(ask.text, order.po_no), ask.days_in)
    counted = any(lot.quantity is not None for lot in lots)
    told = read_delivery(rest, order.po_no, None if counted else quantity)
    return _Said(told, lots, at_lot(lots, broken_at(rest)), rest)


def what_came(ask: Ask, order: PurchaseOrder, quantity: Decimal | None) -> Sequence[Came] | Unclear | Refused:
    """Each line with what came of it by the message, lot by lot; ``quantity`` where no words say more."""
    said = _said(ask, order, quantity)
    places = [_place(ask, line) for line in order.open]
    if None in places:
        return Refused(f"{order.po_no} names no place, and there is none that I could take for it.")
    unread = [lot.unread for lot in said.lots if lot.unread]
    if unread:
        return Refused(f"I can't read “{unread[0]}” as a use-by date; say it like “3 March 2027”.")
    whole = [
        Came(line, place or "", (Part(line.outstanding),))
        for line, place in zip(order.open, places, strict=True)
    ]
    line = line_meant(ask, order.open, said.rest, None)
    lots = _lots_by_line(ask, order, said, line)
    if lots is None or (line is None and not _as_ordered(whole, said.told)):
        return _which_line(order, ask, whole, said)
    return _shared_out(whole, line.sku if line else "", said, lots)


def _as_ordered(whole: Sequence[Came], told: Told) -> bool:
    return told.is_plain or (told.came == summed(each.quantity for each in whole) and not told.broken)


def _lots_by_line(
    ask: Ask, order: PurchaseOrder, said: _Said, line: PurchaseLine | None
) -> Mapping[str, Sequence[ToldLot]] | None:
    """The lots by SKU: of the line that each names, else all of one; None where that has to be asked."""
    named = [line_meant(ask, order.open, lot.words, None) for lot in said.lots]
    found: dict[str, list[ToldLot]] = {}
    for one, lot in zip(named, said.lots, strict=True):
        if one is not None:
            found.setdefault(one.sku, []).append(lot)
    if None not in named:
        return found
    products = ask.catalogue.products
    dated = [each for each in order.open if (known := products.get(each.sku)) and known.shelf_life_days]
    only = line or (dated[0] if len(dated) == 1 else None)
    return {only.sku: said.lots} if only else None


def _shared_out(
    whole: Sequence[Came], sku: str, said: _Said, lots: Mapping[str, Sequence[ToldLot]]
) -> Sequence[Came] | Refused:
    """What came by the figures, of the line ``sku`` where they do not say all, in its lots."""
    told = said.told
    came: Sequence[Came] | Refused = whole if _as_ordered(whole, told) else _told_of(whole, sku, told)
    if said.counted:
        came = [_counted(each, lots[each.line.sku], told) for each in whole if each.line.sku in lots]
    if isinstance(came, Refused):
        return came
    found: list[Came] = []
    for each in came:
        mine = lots.get(each.line.sku, ())
        bad = [number for number, lot in enumerate(mine) if lot is said.lots[said.broken_in]]
        parts = in_lots(each, mine, bad[0] if bad else 0)
        if isinstance(parts, Refused):
            return parts
        found.append(parts)
    return found


def _counted(each: Came, lots: Sequence[ToldLot], told: Told) -> Came:
    total = summed(lot.quantity or ZERO for lot in lots)
    return replace(each, parts=(Part(total, told.broken),))


def _told_of(whole: Sequence[Came], sku: str, told: Told) -> Sequence[Came] | Refused:
    """What was said belongs to one line; only a bare amount says that the other lines have not come."""
    mine = next(each for each in whole if each.line.sku == sku)
    value = _amount(mine.line.outstanding, told)
    if value < 0:
        return Refused(f"Only {mine.line.outstanding.normalize():f} of that were still to come.")
    told_line = replace(mine, parts=(Part(value, told.broken),))
    if told.came is not None:
        return [told_line] if value > 0 else Refused("Nothing of it came, so there is nothing to book in.")
    return [told_line if each is mine else each for each in whole if each is not mine or value > 0]


def _amount(outstanding: Decimal, told: Told) -> Decimal:
    if told.came is not None:
        return told.came
    return outstanding - (told.short or ZERO) + (told.over or ZERO)


def _which_line(order: PurchaseOrder, ask: Ask, whole: Sequence[Came], said: _Said) -> Unclear | Refused:
    """Ask which of the lines an amount or a lot is of."""
    options: list[Option] = []
    for each in whole:
        lots = _lots_by_line(ask, order, said, each.line) or {}
        found = _shared_out(whole, each.line.sku, said, lots)
        if not isinstance(found, Refused):
            label = f"{_told_words(said)} of {line_name(ask, each.line)}"
            slots = {"po": order.po_no, "detail": settled(found, order, last=False)}
            options.append(Option(label, slots))
    if not options:
        return Refused(HOW_MANY)
    names = listed([option.label for option in options], "or")
    return Unclear("detail", f"{order.po_no} has {len(whole)} lines: {names}?", tuple(options))


def _told_words(said: _Said) -> str:
    told = said.told
    figures = (("", told.came), ("short", told.short), ("over", told.over), ("broken", told.broken or None))
    parts = [f"{amount(value)} {name}".strip() for name, value in figures if value is not None]
    parts += [f"lot {lot.lot}" if lot.lot else "this use-by date" for lot in said.lots]
    return " ".join(parts)


def _place(ask: Ask, line: PurchaseLine) -> str | None:
    """Where the goods of a line go: as ordered, else the only place, else the only warehouse."""
    if line.location:
        return line.location
    if len(ask.places) == 1:
        return ask.places[0]
    stores = [place.code for place in ask.catalogue.locations if place.kind == "warehouse"]
    mine = [code for code in stores if code in ask.places]
    return mine[0] if len(mine) == 1 else None
