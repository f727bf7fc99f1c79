"""A machine that does random things to the books and to the paper, and compares them after each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count as numbers
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import insert, select

from tests.store.paper_books import No, PaperBooks
from tests.store.small_shop import ANN, NOW, TODAY
from tools.store import (
    Adjust,
    Applied,
    Batch,
    BooksError,
    Change,
    Count,
    NotEnough,
    Receive,
    Sell,
    Store,
    Transfer,
    Undo,
)
from tools.store.tables import LocationRow, LotRow, ProductRow, SaleLineRow, StockBalanceRow

EXPIRY = {
    "OLD": TODAY - timedelta(1),
    "SOON": TODAY + timedelta(1),
    "LATER": TODAY + timedelta(9),
    "SAME": TODAY + timedelta(9),
    "NODATE": None,
}
PLACES = ("SHOP", "STORE")

skus = st.sampled_from(["X", "Y"])
places = st.sampled_from(PLACES)
amounts = st.integers(1, 40).map(lambda quarters: Decimal(quarters) / 4)
whole = st.integers(0, 12).map(Decimal)
kinds = st.sampled_from(["", *EXPIRY])
anywhere = st.integers(0, 1_000_000)

_machines = numbers(1)


class BooksMachine(RuleBasedStateMachine):
    """Random shopkeeping.  Every machine has its own two products, so one database serves many."""

    steps = 0

    def __init__(self, store: Store, *, lenient: bool = False) -> None:
        super().__init__()
        self.store = store
        self.number = next(_machines)
        self.paper = PaperBooks(TODAY, EXPIRY, lenient)
        self.groups: list[tuple[int, str]] = []
        self.positions: list[tuple[int, int]] = [(store.stock.position(), 0)]
        self.requests: list[tuple[str, Change, Applied]] = []
        with store.database.writing() as connection:
            goods = [{"sku": self.real(sku), "name": sku, "active": True} for sku in "XY"]
            plain = {"category": "", "unit": "each", "barcode": "", "price": Decimal("1.25")}
            connection.execute(insert(ProductRow), [{**plain, **good} for good in goods])

    def real(self, sku: str) -> str:
        """This machine's product in the shared books."""
        return f"{sku}{self.number}"

    def both(self, change: Change, on_paper: Callable[[int], None]) -> None:
        """Do it in both books: either both do it, or both refuse."""
        BooksMachine.steps += 1
        group, lines = len(self.groups), len(self.paper.moves)
        request = f"{self.number}-{len(self.requests)}-{lines}-{group}"
        kept = (list(self.paper.moves), list(self.paper.counts), list(self.paper.opened))
        try:
            on_paper(group)
        except No as refused:
            self.paper.moves, self.paper.counts, self.paper.opened = kept
            self._refuse(change, f"{request}-refused", refused)
            return
        applied = self.store.apply(change, ANN, request_id=request, at=NOW)
        self.groups.append((group, applied.group_id))
        self.positions.append((applied.position, len(self.paper.moves)))
        self.requests.append((request, change, applied))

    def _refuse(self, change: Change, request: str, refused: No) -> None:
        try:
            self.store.apply(change, ANN, request_id=request, at=NOW)
        except NotEnough as short:
            assert refused.have is None or isinstance(change, Batch) or short.have == refused.have
        except BooksError:
            assert refused.have is None
        else:
            raise AssertionError(f"{change} was done, though the paper says: {refused}")

    @rule(sku=skus, place=places, quantity=amounts, lot=kinds)
    def receive(self, sku: str, place: str, quantity: Decimal, lot: str) -> None:
        change = Receive(self.real(sku), place, quantity, lot=lot, expires_on=EXPIRY.get(lot))
        self.both(change, lambda group: self.paper.receive(group, sku, place, quantity, lot))

    @rule(sku=skus, place=places, quantity=amounts)
    def sell(self, sku: str, place: str, quantity: Decimal) -> None:
        change = Sell(self.real(sku), place, quantity)
        self.both(change, lambda group: self.paper.sell(group, sku, place, quantity))

    @rule(sku=skus, place=places, quantity=amounts, in_transit=st.booleans())
    def send(self, sku: str, place: str, quantity: Decimal, in_transit: bool) -> None:
        other = PLACES[1 - PLACES.index(place)]
        to = "@transit" if in_transit else other
        change = Transfer(self.real(sku), place, other, quantity, in_transit=in_transit)
        self.both(change, lambda group: self.paper.transfer(group, sku, place, to, quantity))

    @rule(sku=skus, place=places, quantity=amounts)
    def arrive(self, sku: str, place: str, quantity: Decimal) -> None:
        change = Transfer(self.real(sku), "@transit", place, quantity)
        self.both(change, lambda group: self.paper.transfer(group, sku, "@transit", place, quantity))

    @rule(sku=skus, place=places, quantity=amounts, sign=st.sampled_from([1, -1]))
    def adjust(self, sku: str, place: str, quantity: Decimal, sign: int) -> None:
        change = Adjust(self.real(sku), place, sign * quantity, "said so")
        self.both(change, lambda group: self.paper.adjust(group, sku, place, sign * quantity))

    @rule(sku=skus, place=places, counted=whole, when=anywhere)
    def count(self, sku: str, place: str, counted: Decimal, when: int) -> None:
        position, after = self.positions[-1 - when % min(len(self.positions), 6)]
        change = Count(self.real(sku), place, counted, position)
        self.both(change, lambda group: self.paper.count(group, sku, place, counted, after))

    @rule(sku=skus, first=amounts, second=amounts)
    def sell_twice_at_once(self, sku: str, first: Decimal, second: Decimal) -> None:
        steps = (Sell(self.real(sku), "SHOP", first), Sell(self.real(sku), "SHOP", second))

        def on_paper(group: int) -> None:
            self.paper.sell(group, sku, "SHOP", first)
            self.paper.sell(group, sku, "SHOP", second)

        self.both(Batch(steps), on_paper)

    @precondition(lambda self: self.groups)
    @rule(which=anywhere)
    def undo(self, which: int) -> None:
        group, group_id = self.groups[-1 - which % min(len(self.groups), 6)]
        blocked = self.store.undo_blocker(group_id)
        done = len(self.groups)
        self.both(Undo(group_id), lambda new: self.paper.undo(new, group))
        assert (blocked is None) == (len(self.groups) > done)

    @precondition(lambda self: self.requests)
    @rule(which=anywhere)
    def ask_again(self, which: int) -> None:
        BooksMachine.steps += 1
        request, change, first = self.requests[which % len(self.requests)]
        again = self.store.apply(change, ANN, request_id=request, at=NOW)
        assert again.repeated
        assert (again.group_id, again.position, again.effects) == (
            first.group_id,
            first.position,
            first.effects,
        )

    @invariant()
    def the_balance_is_what_the_paper_adds_up_to(self) -> None:
        assert self._balances() == {
            key: quantity for key, quantity in self.paper.balances().items() if key[1] != "@scrap"
        }

    @invariant()
    def no_place_is_below_zero_unless_that_is_allowed(self) -> None:
        held = [quantity for key, quantity in self._balances().items() if key[1] in PLACES and key[2]]
        assert all(quantity > 0 for quantity in held)
        for sku in "XY":
            for place in PLACES:
                assert self.paper.lenient or sum(self.paper.piles(sku, place).values(), Decimal(0)) >= 0

    @invariant()
    def sale_lines_sum_to_what_the_customers_have(self) -> None:
        query = select(ProductRow.sku, SaleLineRow.quantity).join(ProductRow).where(self._mine())
        with self.store.database.reading() as connection:
            rows = connection.execute(query).all()
        for sku in "XY":
            sold = sum((row.quantity for row in rows if row.sku == self.real(sku)), Decimal(0))
            assert sold == sum(self.paper.piles(sku, "@customer").values(), Decimal(0))

    def _mine(self) -> Any:
        return ProductRow.sku.in_([self.real("X"), self.real("Y")])  # type: ignore[attr-defined]

    def _balances(self) -> dict[tuple[str, str, str], Decimal]:
        query = (
            select(ProductRow.sku, LocationRow.code, LotRow.code.label("lot"), StockBalanceRow.quantity)
            .select_from(StockBalanceRow)
            .join(ProductRow, ProductRow.id == StockBalanceRow.product_id)
            .join(LocationRow, LocationRow.id == StockBalanceRow.location_id)
            .outerjoin(LotRow, LotRow.id == StockBalanceRow.lot_id)
            .where(self._mine(), StockBalanceRow.quantity != 0)
        )
        with self.store.database.reading() as connection:
            rows = connection.execute(query).all()
        return {(row.sku[0], row.code, row.lot or ""): row.quantity for row in rows}
