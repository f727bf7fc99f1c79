"""Places that drivers share: the arrivals of their own round move, and the place is kept nowhere."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from connectors.chat.telegram import pace
from connectors.chat.telegram.soundness import fault_of
from tests.chat.telegram.conftest import ANNA, BEN, GEMMA, STRANGER, Shop
from tests.chat.telegram.people import until
from tests.deliveries import OWNER, add_deliveries, confirm
from tests.web.shop import NOW
from tools.kit.rounds_where import NOT_OUT, NOWHERE
from tools.store.trip_changes import StartTrip
from tools.store.trip_facts import Trip

FAR = {"latitude": 50.95, "longitude": -3.35}


@pytest.fixture
def trip(shop: Shop, tmp_path: Path) -> Trip:
    """Gemma is on the road with three stops."""
    store = shop.house.store
    add_deliveries(store, tmp_path / "deliveries")
    made = confirm(store, ("5502", "5503", "5504"), driver="Gemma Lane")
    store.apply(StartTrip(made.trip_no, datetime(2026, 3, 16, 8, 50)), OWNER, request_id="leaves", at=NOW)
    return made


def arrivals(shop: Shop, trip: Trip) -> list[datetime | None]:
    found = shop.house.store.trips.trip(trip.trip_no)
    assert found is not None
    return [stop.eta for stop in found.stops]


async def test_a_drivers_place_moves_the_arrivals_of_their_round(shop: Shop, trip: Trip) -> None:
    gemma = shop.person(GEMMA)
    before = arrivals(shop, trip)
    gemma.send(location=FAR)
    told = (await gemma.answer())["text"]
    assert "5502" in told
    after = arrivals(shop, trip)
    assert all(now and was and now > was for now, was in zip(after, before, strict=True))
    assert f"{after[0]:%H:%M}" in told
    gemma.send(location={"latitude": 51.449, "longitude": -2.58})
    await gemma.answer()
    nearer = arrivals(shop, trip)
    assert nearer[0] is not None
    assert after[0] is not None
    assert nearer[0] < after[0] - timedelta(minutes=10)


async def test_the_place_is_kept_nowhere(shop: Shop, trip: Trip) -> None:
    gemma = shop.person(GEMMA)
    gemma.send(location={"latitude": 51.412345, "longitude": -2.612345})
    await gemma.answer()
    store = shop.house.store
    with store.database.reading() as connection:
        dump = "\n".join(connection.connection.dbapi_connection.iterdump())  # type: ignore[union-attr]
    assert "412345" not in dump
    assert "612345" not in dump


async def test_a_live_place_is_heard_quietly_and_not_too_often(
    shop: Shop, trip: Trip, monkeypatch: pytest.MonkeyPatch
) -> None:
    gemma = shop.person(GEMMA)
    sent = gemma.send(location={**FAR, "live_period": 3600})
    await gemma.answer()
    far, shown = arrivals(shop, trip), len(gemma.shown())
    moved = {**sent["message"], "edit_date": sent["message"]["date"] + 60}
    shop.api.put("edited_message", {**moved, "location": {"latitude": 51.449, "longitude": -2.58}})
    await until(lambda: arrivals(shop, trip) != far)
    near = arrivals(shop, trip)
    last = shop.api.put("edited_message", {**moved, "location": FAR})
    await until(lambda: last["update_id"] in shop.door._desk.seen)
    assert arrivals(shop, trip) == near
    assert len(gemma.shown()) == shown
    assert pace.Pace().due(1, 5.0)


async def test_only_the_driver_of_a_round_on_the_road_moves_it(shop: Shop, trip: Trip) -> None:
    before = arrivals(shop, trip)
    for number in (ANNA, BEN):
        person = shop.person(number)
        person.send(location=FAR)
        assert (await person.answer())["text"] == NOT_OUT
    assert arrivals(shop, trip) == before


async def test_who_is_not_known_learns_nothing_and_moves_nothing(shop: Shop, trip: Trip) -> None:
    stranger = shop.person(STRANGER)
    before = arrivals(shop, trip)
    sent = stranger.send(location=FAR)
    assert "I don't know you yet" in (await stranger.answer())["text"]
    last = shop.api.put("edited_message", {**sent["message"], "edit_date": 1, "location": FAR})
    await until(lambda: last["update_id"] in shop.door._desk.seen)
    assert len(stranger.shown()) == 1
    assert arrivals(shop, trip) == before


async def test_a_place_that_cannot_be_is_not_believed(shop: Shop, trip: Trip) -> None:
    gemma = shop.person(GEMMA)
    before = arrivals(shop, trip)
    gemma.send(location={"latitude": 40.7, "longitude": -74.0})
    assert (await gemma.answer())["text"] == NOWHERE
    user = shop.house.person("telegram", str(GEMMA))
    assert user is not None
    for place in ((math.nan, 0.0), (math.inf, 0.0), (91.0, 0.0), (51.0, 181.0)):
        assert shop.house.van_at(user, "telegram", place, f"odd-{place}") == NOWHERE
    assert arrivals(shop, trip) == before


def test_a_place_of_another_kind_is_odd() -> None:
    there = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}
    for kind in ("message", "edited_message"):
        odd = {"update_id": 1, kind: {**there, "location": {"latitude": "51", "longitude": 2}}}
        assert fault_of(odd) == f"{kind}.location.latitude"
