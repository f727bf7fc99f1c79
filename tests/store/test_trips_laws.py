"""Whatever is done to trips in whatever order: nothing is lost, nothing is sold twice, promises stay right."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count as numbers
from itertools import product
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.store.delivery_day import AT, DAN, GEMMA, add_order, at, load, now, open_deliveries, out, stop
from tests.store.small_shop import ANN, NOW, TODAY, allow_negative, assert_sound
from tools.store import Adjust, Applied, BooksError, Change, Receive, Store, Undo
from tools.store.trip_changes import (
    CancelTrips,
    ConfirmTrips,
    EndTrip,
    FinishStop,
    LoadTrip,
    MoveEtas,
    PlannedTrip,
    RevisedTrip,
    ReviseTrips,
    SendOut,
    StartTrip,
)
from tools.store.trip_facts import Trip

ROOT = Path(__file__).parents[2]
EVENING = datetime(2026, 3, 10, 18)
ORDERS = 6
SHORT = settings(
    max_examples=8,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
anywhere = st.integers(0, 1_000_000)
few = st.lists(st.integers(1, ORDERS), min_size=1, max_size=4, unique=True)
_requests = numbers(1)
_machines = numbers(1)


class DeliveryMachine(RuleBasedStateMachine):
    """Random delivery days.  Every machine has orders of its own; the shop's stock is common to all."""

    done = 0

    def __init__(self, store: Store, *, plenty: bool) -> None:
        super().__init__()
        self.store, self.plenty = store, plenty
        self.prefix = f"{next(_machines)}-"
        self.made: list[Applied] = []
        for sku, place in product(("P1", "P2"), ("SHOP", "STORE")):
            goods = Receive(sku, place, Decimal(100 if plenty else 2))
            store.apply(goods, ANN, request_id=f"{self.prefix}{sku}{place}", at=NOW)
        for number in range(1, ORDERS + 1):
            add_order(store, self.order(number), status=("open", "packed", "out_for_delivery")[number % 3])

    def order(self, number: int) -> str:
        """The number of one of this machine's orders."""
        return f"{self.prefix}{number}"

    def trips(self) -> list[Trip]:
        """This machine's trips that are not over."""
        found = self.store.trips.trips(TODAY, statuses=("planned", "loaded", "out"))
        return [trip for trip in found if trip.stops and trip.stops[0].order_no.startswith(self.prefix)]

    def attempt(self, change: Change) -> None:
        """Do it, or be told why not; either way the books stay whole."""
        try:
            applied = self.store.apply(change, ANN, request_id=f"law {next(_requests)}", at=NOW)
        except BooksError as refused:
            assert len(str(refused)) > 10
            return
        DeliveryMachine.done += 1
        self.made.append(applied)

    @rule(orders=few, van=st.sampled_from(["VAN1", "VAN2"]), place=st.sampled_from(["SHOP", "STORE"]))
    def confirm(self, orders: list[int], van: str, place: str) -> None:
        stops = tuple(stop(self.order(number), place) for number in orders)
        self.attempt(ConfirmTrips(TODAY, (PlannedTrip(van, stops),)))

    @rule(which=anywhere, step=st.sampled_from(["load", "start", "end", "cancel", "etas"]))
    def move_on(self, which: int, step: str) -> None:
        trips = self.trips()
        if not trips:
            return
        trip = trips[which % len(trips)]
        etas = tuple((each.order_no, AT) for each in trip.stops)
        changes: dict[str, Change] = {
            "load": LoadTrip(trip.trip_no, trip.events),
            "start": StartTrip(trip.trip_no, AT),
            "end": EndTrip(trip.trip_no, EVENING),
            "cancel": CancelTrips((trip.trip_no,)),
            "etas": MoveEtas(trip.trip_no, etas),
        }
        self.attempt(changes[step])

    @rule(
        number=st.integers(1, ORDERS),
        outcome=st.sampled_from(["delivered", "delivered", "failed", "skipped"]),
    )
    def finish(self, number: int, outcome: str) -> None:
        self.attempt(FinishStop(self.order(number), outcome, AT))  # type: ignore[arg-type]

    @rule(number=st.integers(1, ORDERS))
    def send_out(self, number: int) -> None:
        self.attempt(SendOut(self.order(number), AT))

    @rule(orders=few, split=st.integers(0, 4), rescue=st.booleans())
    def plan_anew(self, orders: list[int], split: int, rescue: bool) -> None:
        trips = self.trips()[:2]
        stops = [stop(self.order(number)) for number in orders]
        new = (PlannedTrip("VAN2", tuple(stops[split:])),) if rescue and stops[split:] else ()
        rest = stops[split:] if not new else []
        parts = [stops[:split], rest]
        revised = tuple(
            RevisedTrip(trip.trip_no, tuple(part), trip.events)
            for trip, part in zip(trips, parts, strict=False)
        )
        self.attempt(ReviseTrips(revised, new, TODAY))

    @rule(which=anywhere)
    def undo(self, which: int) -> None:
        if not self.made:
            return
        applied = self.made[-1 - which % min(len(self.made), 5)]
        blocked = self.store.undo_blocker(applied.group_id)
        before = DeliveryMachine.done
        self.attempt(Undo(applied.group_id))
        assert (blocked is None) == (before < DeliveryMachine.done), blocked

    @rule(which=anywhere)
    def press_again(self, which: int) -> None:
        if self.made:
            outcome = self.store.outcome(f"law {which % 50 + 1}")
            assert outcome is None or outcome.group_id

    @rule(sign=st.sampled_from([1, -1]))
    def stock_moves_meanwhile(self, sign: int) -> None:
        change = Receive("P1", "STORE", Decimal(3)) if sign > 0 else Adjust("P1", "STORE", Decimal(-1))
        self.attempt(change)

    @invariant()
    def what_left_was_delivered_or_came_back_or_is_on_a_van(self) -> None:
        aboard, left = self.on_the_road()
        assert aboard == left if self.plenty else aboard <= left

    def on_the_road(self) -> tuple[set[str], set[str]]:
        """Orders with goods on the road by the ledger, and by the states of stops and orders."""
        with self.store.database.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT document, SUM(CASE WHEN t.code = '@transit' THEN quantity ELSE -quantity END) AS net"
                " FROM stock_move JOIN location t ON t.id = to_location_id"
                " JOIN location f ON f.id = from_location_id"
                " WHERE (t.code = '@transit' OR f.code = '@transit') AND document LIKE "
                f"'{self.prefix}%%' GROUP BY document"
            ).all()
            statuses = connection.exec_driver_sql(
                f"SELECT order_no, status FROM sales_order WHERE order_no LIKE '{self.prefix}%%'"
            ).all()
        by_ledger = {order for order, net in rows if net}
        assert all(net >= 0 for _, net in rows)
        expected = set()
        for order, status in statuses:
            trip = self.store.trips.trip_of(order)
            stops = [each for each in (trip.stops if trip and trip.is_live else ()) if each.order_no == order]
            word = self.store.trips.last_word(order)
            if any(each.status == "loaded" for each in stops):
                expected.add(order)
                assert status == "out_for_delivery"
            elif order in by_ledger:
                on_van = stops and stops[0].status in ("failed", "skipped")
                assert on_van or (word is not None and word.kind == "send"), (order, status, stops, word)
                expected.add(order)
        return by_ledger, expected

    @invariant()
    def what_customers_have_is_what_was_sold(self) -> None:
        with self.store.database.reading() as connection:
            sold = connection.exec_driver_sql("SELECT COALESCE(SUM(quantity), 0) FROM sale_line").scalar_one()
            have = connection.exec_driver_sql(
                "SELECT COALESCE(SUM(quantity), 0) FROM stock_balance JOIN location ON location.id = location_id"
                " WHERE code = '@customer'"
            ).scalar_one()
            delivered = connection.exec_driver_sql(
                "SELECT order_no FROM sales_order WHERE status = 'delivered'"
            ).all()
            places = connection.exec_driver_sql(
                "SELECT product_id, SUM(quantity) FROM stock_balance GROUP BY product_id HAVING SUM(quantity) <> 0"
            ).all()
        assert sold == have
        assert have <= 3000 * len(delivered)
        assert places == []

    @invariant()
    def what_waits_is_held_once_and_what_left_is_not(self) -> None:
        with self.store.database.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT sales_order.order_no, sales_order.status, COUNT(reservation.id) FROM sales_order"
                " LEFT JOIN reservation ON for_ref = order_no AND state = 'held'"
                f" WHERE order_no LIKE '{self.prefix}%%' GROUP BY sales_order.order_no, sales_order.status"
            ).all()
        for order, status, held in rows:
            if status in ("open", "packed"):
                assert held == 2, (order, status)
            elif status in ("delivered", "failed"):
                assert held == 0, (order, status)


@pytest.mark.parametrize("shop", ["strict", "short of stock", "lenient"])
def test_random_delivery_days_keep_the_laws(store: Store, shop: str) -> None:
    open_deliveries(store, orders=0)
    if shop == "lenient":
        allow_negative(store)
    plenty = shop != "short of stock"
    machine = partial(DeliveryMachine, store, plenty=plenty)
    run_state_machine_as_test(machine, settings=SHORT)  # type: ignore[arg-type]
    assert_sound(store)
    assert DeliveryMachine.done > 20


# -- several at once -----------------------------------------------------------------------------------


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do all of it at the same moment; returns what was refused."""
    gate, refused = Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        gate.wait()
        try:
            deed()
        except BooksError as error:
            refused.append(str(error))

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_drivers_who_press_at_the_same_moment_deliver_once(store: Store) -> None:
    open_deliveries(store, orders=8)
    trip = out(store, *(str(number) for number in range(1, 9)))
    for number in range(1, 9):
        deeds = [
            lambda who=who, order=str(number): store.apply(
                FinishStop(order, "delivered", AT), who, request_id=f"{who.name} {order}", at=NOW
            )
            for who in (DAN, GEMMA)
        ]
        (refused,) = at_once(*deeds)
        assert "was delivered at 10:42 by" in refused
    assert at(store, "P1", "@customer") == 16
    assert all(each.status == "delivered" for each in now(store, trip).stops)
    assert_sound(store)


def test_two_planners_who_confirm_at_once_make_one_plan(store: Store) -> None:
    open_deliveries(store)
    seen = store.trips.seen(TODAY)
    plans = [ConfirmTrips(TODAY, (PlannedTrip(van, (stop("1"),)),), seen) for van in ("VAN1", "VAN2")]
    deeds = [
        lambda plan=plan: store.apply(plan, ANN, request_id=plan.trips[0].vehicle, at=NOW) for plan in plans
    ]
    (refused,) = at_once(*deeds)
    assert "were changed since you saw them" in refused
    assert len(store.trips.trips(TODAY)) == 1


def test_a_delivery_and_a_new_plan_at_once_lose_nothing(store: Store) -> None:
    open_deliveries(store)
    trip = load(store, "1", "2")
    revised = RevisedTrip(trip.trip_no, (stop("2"), stop("1")), trip.events)
    at_once(
        lambda: store.apply(FinishStop("1", "delivered", AT), DAN, request_id="d", at=NOW),
        lambda: store.apply(ReviseTrips((revised,)), ANN, request_id="r", at=NOW),
    )
    assert at(store, "P1", "@customer") + at(store, "P1", "@transit") == 4
    assert at(store, "P1", "@customer") == 2
    assert_sound(store)


# -- a kill in the middle ------------------------------------------------------------------------------

DRIVER = """
import sys
sys.path.insert(0, sys.argv[3])
from datetime import datetime
from tests.store.delivery_day import AT, DAN, stop
from tests.store.small_shop import NOW, TODAY
from tools.store import open_store
from tools.store.trip_changes import ConfirmTrips, EndTrip, FinishStop, PlannedTrip, RevisedTrip, ReviseTrips, StartTrip
store = open_store(sys.argv[1])
def do(name, change):
    applied = store.apply(change, DAN, request_id=f"{sys.argv[2]}-{name}", at=NOW)
    print(f"{sys.argv[2]}-{name}", flush=True)
    return applied
for number in range(10**6):
    trip = do(f"{number}-plan", ConfirmTrips(TODAY, (PlannedTrip("VAN1", (stop("1"), stop("2"))),))).documents[0]
    do(f"{number}-start", StartTrip(trip, AT))
    do(f"{number}-failed", FinishStop("1", "failed", AT))
    do(f"{number}-revise", ReviseTrips((RevisedTrip(trip, (stop("3"), stop("1"))),)))
    do(f"{number}-failed again", FinishStop("1", "failed", AT))
    do(f"{number}-end", EndTrip(trip, AT))
"""


def test_a_kill_in_the_middle_of_a_day_leaves_no_half_step(store: Store) -> None:
    open_deliveries(store)
    acknowledged: list[str] = []
    for run in range(4):
        command = [sys.executable, "-c", DRIVER, store.url, str(run), str(ROOT)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            time.sleep(0.1 + run * 0.037)
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.readlines()
        acknowledged += [line.strip() for line in lines if line.endswith("\n")]
        assert_sound(store)
        for trip in store.trips.trips(TODAY, statuses=("planned", "loaded", "out")):
            change: Change = (
                CancelTrips((trip.trip_no,)) if trip.status != "out" else EndTrip(trip.trip_no, EVENING)
            )
            store.apply(change, ANN, request_id=f"clear {trip.trip_no}", at=NOW + timedelta(minutes=1))
        assert (at(store, "P1", "@transit"), at(store, "P1", "STORE")) == (0, 20)
    assert len(acknowledged) >= 4
    assert all(store.outcome(request) for request in acknowledged)
