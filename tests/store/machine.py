"""A machine that does random things to the books and to the paper, and compares them after each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count as numbers

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import bindparam, func, insert, select

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
from tools.store.entry import LOCATIONS, LOTS, PRODUCTS
from tools.store.ledger import BALANCE
from tools.store.selling import SALES

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

_MINE = PRODUCTS.c.sku.in_(bindparam("skus", expanding=True))
_BALANCES = (
    select(PRODUCTS.c.sku, LOCATIONS.c.code, LOTS.c.code.label("lot"), BALANCE.c.quantity)
    .select_from(BALANCE)
    .join(PRODUCTS, PRODUCTS.c.id == BALANCE.c.product_id)
    .join(LOCATIONS, LOCATIONS.c.id == BALANCE.c.location_id)
    .outerjoin(LOTS, LOTS.c.id == BALANCE.c.lot_id)
    .where(_MINE, BALANCE.c.quantity != 0)
)
_SOLD = (
    select(PRODUCTS.c.sku, func.sum(SALES.c.quantity, type_=SALES.c.quantity.type).label("quantity"))
    .select_from(SALES)
    .join(PRODUCTS, PRODUCTS.c.id == SALES.c.product_id)
    .where(_MINE)
    .group_by(PRODUCTS.c.sku)
)


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
            connection.execute(insert(PRODUCTS), [{**plain, **good} for good in goods])

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
        mine = {"skus": [self.real("X"), self.real("Y")]}
        with self.store.database.reading() as connection:
            rows = connection.execute(_BALANCES, mine).all()
            sold = {row.sku: row.quantity for row in connection.execute(_SOLD, mine)}
        found = {(row.sku[0], row.code, row.lot or ""): row.quantity for row in rows}
        assert found == self.paper.balances()
        self.check_no_place_is_below_zero(found)
        for sku in "XY":
            left = [quantity for key, quantity in found.items() if key[:2] == (sku, "@customer")]
            assert sold.get(self.real(sku), Decimal(0)) == sum(left, Decimal(0))

    def check_no_place_is_below_zero(self, found: dict[tuple[str, str, str], Decimal]) -> None:
        assert all(quantity > 0 for (_, place, lot), quantity in found.items() if place in PLACES and lot)
        if not self.paper.lenient:
            assert all(quantity > 0 for (_, place, _), quantity in found.items() if place in PLACES)
