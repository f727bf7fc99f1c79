"""A small shop that delivers: two vans from a depot, a bike from a shop in town, six customers.

Everything is about Monday 16 March 2026, 8:00.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from connectors.feeds.loading import load
from tools.kit import Ask, Button, Plan, Refused, Reply, Result, Right, all_tools
from tools.store import Actor, Store, User

NOW = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
DAY = {"from": "2026-03-16", "to": "2026-03-16"}
ANN = User(1, "Ann", "manager")
DAN = User(2, "Dan", "driver")
HEAD = "order_no,customer,placed_at,due_from,due_to,status,sku,quantity\n"
SHOP = {
    "products.csv": "sku,name,unit,price,cost,weight_kg,volume_l\n"
    "JAM,Plum Jam,each,4.00,2.00,0.5,0.4\nTEA,Green Tea,each,6.00,2.50,0.2,0.5\nSAFE,Safe,each,900,500,300,200\n"
    "ODD,Odd Thing,each,9.00,4.00,,\n",
    "locations.csv": "code,name,kind,latitude,longitude\nTOWN,Town shop,shop,51.4500,-2.6000\n"
    "DEPOT,Depot,warehouse,51.4300,-2.5700\nWEST,West shop,shop,51.4600,-2.6400\n",
    "vehicles.csv": "code,name,capacity_kg,capacity_l,home,shift_from,shift_to,odometer_km\n"
    "VAN1,Blue van,500,3000,DEPOT,08:00,17:00,1000\nVAN2,White van,500,3000,DEPOT,08:00,17:00,1000\n"
    "BIKE,Cargo bike,50,200,TOWN,10:00,16:00,100\n",
    "customers.csv": "code,name,address,latitude,longitude\n"
    "C1,Mrs Green,1 High Street,51.4510,-2.6010\nC2,Blue Hotel,2 Out Road,51.4010,-2.5010\n"
    "C3,Mr Brown,3 West Lane,51.4620,-2.6500\nC4,Ms White,4 North Road,51.4800,-2.5900\n"
    "C5,Dr Black,5 East Road,51.4400,-2.5200\nC6,Mr Grey,6 Nowhere,,\n",
    "stock.csv": "sku,location,quantity\nJAM,DEPOT,100\nJAM,TOWN,20\nTEA,WEST,50\nTEA,TOWN,1\nSAFE,DEPOT,9\n"
    "ODD,DEPOT,5\n",
    "orders.csv": HEAD + "801,C1,2026-03-14T10:00,2026-03-16T09:00,2026-03-16T11:00,packed,JAM,3\n"
    "802,C2,2026-03-14T10:00,2026-03-16T09:00,2026-03-16T12:00,packed,JAM,5\n"
    "803,C3,2026-03-14T10:00,2026-03-16T13:00,2026-03-16T15:00,open,TEA,4\n"
    "804,C4,2026-03-14T10:00,2026-03-16T10:00,2026-03-16T14:00,open,JAM,2\n"
    "805,C5,2026-03-14T10:00,2026-03-16T09:00,2026-03-16T17:00,out_for_delivery,ODD,1\n"
    "806,C6,2026-03-14T10:00,2026-03-16T09:00,2026-03-16T11:00,open,JAM,1\n"
    "807,C1,2026-03-14T10:00,2026-03-16T09:00,2026-03-16T11:00,open,TEA,99\n"
    "808,C2,2026-03-10T10:00,2026-03-13T09:00,2026-03-13T11:00,packed,JAM,1\n"
    "809,C4,2026-03-14T10:00,2026-03-17T10:00,2026-03-17T12:00,open,JAM,1\n",
}
_numbers = count(1)


def deliver(store: Store, folder: Path, **files: str) -> Store:
    """Fill empty books with the shop; ``files`` (by name without ending) replace its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**SHOP, **{f"{key}.csv": text for key, text in files.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    report = load(store, folder, actor=Actor("ann", "test"), at=NOW)
    assert report.state == "applied", report
    return store


class Day:
    """Somebody who talks to the tools, and the clock."""

    def __init__(self, store: Store, now: datetime = NOW) -> None:
        self.store, self.now = store, now

    def call(self, text: str = "", user: User = ANN, intent: str = "route.plan", **slots: Any) -> Result:
        """What the tool gives back."""
        allowed = {"manager": set(Right), "driver": {Right.TALK, Right.SEE_STOCK, Right.DELIVER}}[user.role]
        ask = Ask(self.store, user, self.now, text=text, may=lambda right: right in allowed)
        return all_tools()[intent].call(ask, slots)

    def told(self, text: str = "", user: User = ANN, intent: str = "route.plan", **slots: Any) -> Reply:
        """The answer; a change is made first."""
        return self.done(self.call(text, user, intent, **slots), user)

    def done(self, result: Result, user: User = ANN) -> Reply:
        """The answer, a planned change made."""
        if isinstance(result, Plan):
            actor, number = Actor(user.name, "test"), next(_numbers)
            made = self.store.apply(
                result.change, actor, request_id=f"day {number}", at=self.now, day=self.now.date()
            )
            result = result.tell(made)
        assert isinstance(result, Reply), result
        return result

    def refused(self, text: str = "", user: User = ANN, intent: str = "route.plan", **slots: Any) -> str:
        """Why it cannot be done."""
        result = self.call(text, user, intent, **slots)
        assert isinstance(result, Refused), result
        return result.reason

    def press(self, reply: Reply | Refused, label: str, user: User = ANN) -> Reply:
        """Press the button whose label begins so, and say yes."""
        button = button_of(reply, label)
        return self.done(self.pressed(button, user), user)

    def pressed(self, button: Button, user: User = ANN) -> Result:
        """What a button gives back."""
        slots = {name: value for name, value in button.call.slots.items() if name != "confirmed"}
        return self.call("", user, button.call.intent, **slots)

    def later(self, **ahead: float) -> None:
        """Let time pass."""
        self.now += timedelta(**ahead)

    def confirmed(self) -> Reply:
        """The day planned and confirmed."""
        return self.press(self.told("plan today's deliveries", period=DAY), "Confirm")

    def leaves(self, vehicle: str) -> Reply:
        """A van loaded and on its way at the time of its plan."""
        (trip,) = [one for one in self.store.trips.trips(self.now.date()) if one.vehicle == vehicle]
        assert trip.starts_at is not None
        self.now = max(self.now, trip.starts_at.replace(tzinfo=UTC))
        name = next(one.name for one in self.store.trips.vehicles() if one.code == vehicle)
        loading = self.press(self.told("today's deliveries", period=DAY), f"Load {name}")
        return self.press(loading, "Loaded, leave")

    def delivers(self, order: str, status: str = "delivered", user: User = DAN) -> Reply:
        """A driver presses at a stop, when he is expected there."""
        trip = self.store.trips.trip_of(order)
        stop = trip.stop(order) if trip else None
        assert stop is not None and stop.expected is not None
        self.now = max(self.now, stop.expected.replace(tzinfo=UTC))
        return self.told("", user, "delivery.update", order=order, status=status)


def button_of(reply: Reply | Refused, label: str) -> Button:
    """The button whose label begins so."""
    labels = [one.label for one in reply.buttons]
    found = [one for one in reply.buttons if one.label.startswith(label)]
    assert found, labels
    return found[0]


def rows(reply: Reply, key: str = "rows") -> dict[str, dict[str, Any]]:
    """Rows of the answer's figures by order."""
    return {row["order"]: row for row in reply.data[key]}
