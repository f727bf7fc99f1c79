"""The books as one would keep them on paper: a list of moves, everything else added up each time.

Slow, plain and independent of the real ones: what the state machine compares them with.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

PHYSICAL = ("SHOP", "STORE")
CHECKED = (*PHYSICAL, "@transit")
ZERO = Decimal(0)


class No(Exception):
    """The paper books forbid it; ``have`` where there is not enough."""

    def __init__(self, reason: str, have: Decimal | None = None) -> None:
        super().__init__(reason)
        self.have = have


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the paper: ``lot`` empty for none."""

    group: int
    sku: str
    lot: str
    quantity: Decimal
    source: str
    destination: str
    kind: str
    reverses: int | None = None

    def at(self, place: str) -> Decimal:
        """What it did to a place."""
        return {self.destination: self.quantity, self.source: -self.quantity}.get(place, ZERO)


@dataclass(slots=True)
class Counted:
    """A count on paper: ``after`` is how many lines the paper had when the shelf was counted."""

    group: int
    sku: str
    place: str
    after: int
    undone: bool = False


@dataclass
class PaperBooks:
    """One shop's paper.  ``expiry`` gives each lot's last day, in the order in which lots are opened."""

    today: date
    expiry: dict[str, date | None]
    lenient: bool = False
    moves: list[Move] = field(default_factory=list)
    counts: list[Counted] = field(default_factory=list)
    opened: list[tuple[str, str]] = field(default_factory=list)
    undos: set[int] = field(default_factory=set)

    def balances(self, moves: Iterable[Move] | None = None) -> dict[tuple[str, str, str], Decimal]:
        """(sku, place, lot) and what lies there, where that is anything."""
        found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
        for move in self.moves if moves is None else moves:
            found[move.sku, move.source, move.lot] -= move.quantity
            found[move.sku, move.destination, move.lot] += move.quantity
        return {key: quantity for key, quantity in found.items() if quantity}

    def piles(self, sku: str, place: str) -> dict[str, Decimal]:
        """What lies at a place, by lot."""
        return {key[2]: quantity for key, quantity in self.balances().items() if key[:2] == (sku, place)}

    def receive(self, group: int, sku: str, place: str, quantity: Decimal, lot: str) -> None:
        """Goods come in."""
        if lot and (sku, lot) not in self.opened:
            self.opened.append((sku, lot))
        self._write(group, sku, [(lot, quantity)], "@supplier", place, "receive")

    def sell(self, group: int, sku: str, place: str, quantity: Decimal) -> None:
        """Goods go out."""
        self._write(group, sku, self._take(sku, place, quantity, self._good), place, "@customer", "sell")

    def transfer(self, group: int, sku: str, source: str, to: str, quantity: Decimal) -> None:
        """Goods move; on the road, whatever is there may arrive."""
        allowed = self._good if source in PHYSICAL else self._anything
        self._write(group, sku, self._take(sku, source, quantity, allowed), source, to, "transfer")

    def adjust(self, group: int, sku: str, place: str, quantity: Decimal) -> None:
        """Goods are found or lost."""
        if quantity > 0:
            self._write(group, sku, self._found(sku, place, quantity), "@adjustment", place, "adjust")
        else:
            picks = self._take(sku, place, -quantity, self._anything)
            self._write(group, sku, picks, place, "@adjustment", "adjust")

    def count(self, group: int, sku: str, place: str, counted: Decimal, after: int) -> None:
        """What stood there when the paper had ``after`` lines, as far as the paper knows today."""
        known = [
            move for number, move in enumerate(self.moves) if number < after or self._is_news(move, after)
        ]
        difference = counted - sum((move.at(place) for move in known if move.sku == sku), ZERO)
        if difference > 0:
            self._write(group, sku, self._found(sku, place, difference), "@adjustment", place, "count")
        elif difference < 0:
            try:
                picks = self._take(sku, place, -difference, self._anything)
            except No as short:
                raise No("moved since") from short
            self._write(group, sku, picks, place, "@adjustment", "count")
        self.counts.append(Counted(group, sku, place, after))

    def undo(self, group: int, undone: int) -> None:
        """Write everything of a group once more, the other way round."""
        self._check_undo(undone)
        self.undos.add(group)
        for number, move in reversed([pair for pair in enumerate(self.moves) if pair[1].group == undone]):
            back = Move(
                group, move.sku, move.lot, move.quantity, move.destination, move.source, "undo", number
            )
            self.moves.append(back)
        for counted in self.counts:
            counted.undone = counted.undone or counted.group == undone

    def _is_news(self, move: Move, after: int) -> bool:
        """Written later, about what was before: a count, or an undo of either."""
        first = None if move.reverses is None else self.moves[move.reverses]
        return move.kind == "count" or (
            first is not None and (first.kind == "count" or move.reverses < after)
        )

    def _check_undo(self, undone: int) -> None:
        if undone in self.undos:
            raise No("an undo itself")
        mine = [(number, move) for number, move in enumerate(self.moves) if move.group == undone]
        own = [counted for counted in self.counts if counted.group == undone]
        if any(counted.undone for counted in own):
            raise No("undone already")
        if {move.reverses for move in self.moves} & {number for number, _ in mine}:
            raise No("undone already")
        for number, move in mine:
            if any(self._judges(counted, number, move) for counted in self.counts):
                raise No("counted since")
        self._check_goods(mine)

    def _judges(self, counted: Counted, number: int, move: Move) -> bool:
        if counted.undone or counted.sku != move.sku or counted.place not in (move.source, move.destination):
            return False
        return counted.after > number or (move.kind == "count" and counted.group > move.group)

    def _check_goods(self, mine: list[tuple[int, Move]]) -> None:
        back = [Move(0, m.sku, m.lot, m.quantity, m.destination, m.source, "undo") for _, m in mine]
        for (sku, place, lot), change in self.balances(back).items():
            if change >= 0 or place not in CHECKED:
                continue
            piles = self.piles(sku, place)
            have = piles.get(lot, ZERO)
            if not self.lenient:
                have = max(min(have, sum(piles.values(), ZERO)), ZERO)
            elif not lot and place in PHYSICAL:
                continue
            if have < -change:
                raise No("gone since")

    def _take(
        self, sku: str, place: str, quantity: Decimal, allowed: Callable[[str], bool]
    ) -> list[tuple[str, Decimal]]:
        piles = self.piles(sku, place)
        owed = -min(piles.get("", ZERO), ZERO)
        order = sorted(
            (lot for lot in piles if allowed(lot) and piles[lot] > 0), key=lambda lot: self._age(sku, lot)
        )
        have = max(sum((piles[lot] for lot in order), ZERO) - owed, ZERO)
        picks, left = [], min(quantity, have)
        for lot in order:
            picks.append((lot, min(left, piles[lot])))
            left -= picks[-1][1]
        if quantity > have:
            if not self.lenient or place not in PHYSICAL:
                raise No("short", have)
            picks.append(("", quantity - have))
        return picks

    def _found(self, sku: str, place: str, quantity: Decimal) -> list[tuple[str, Decimal]]:
        paid = min(quantity, -min(self.piles(sku, place).get("", ZERO), ZERO))
        undone = {move.reverses for move in self.moves}
        arrived = [
            move.lot
            for number, move in enumerate(self.moves)
            if move.sku == sku and move.destination == place and move.lot and number not in undone
            if move.reverses is None and move.source not in ("@adjustment", "@customer")
            if self._good(move.lot)
        ]
        return [("", paid), (arrived[-1] if arrived else "", quantity - paid)]

    def _age(self, sku: str, lot: str) -> tuple[bool, bool, date, int]:
        if not lot:
            return (True, True, date.max, 0)
        expires = self.expiry[lot]
        return (False, expires is None, expires or date.max, self.opened.index((sku, lot)))

    def _good(self, lot: str) -> bool:
        expires = self.expiry[lot] if lot else None
        return expires is None or expires >= self.today

    def _anything(self, _lot: str) -> bool:
        return True

    def _write(
        self, group: int, sku: str, picks: list[tuple[str, Decimal]], source: str, to: str, kind: str
    ) -> None:
        self.moves += [Move(group, sku, lot, part, source, to, kind) for lot, part in picks if part > 0]
