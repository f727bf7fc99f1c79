"""What is told of vehicles' upkeep: noted once, read back, taken back whole, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import insert, select

from tests.shop import NOW, TODAY, tiny_shop
from tools.store import Actor, Applied, BooksError, Store, Undo
from tools.store.tables import TripRow, VehicleRow
from tools.store.upkeep_changes import (
    BookWorkshop,
    CancelWorkshop,
    Measured,
    MendVehicle,
    NoteDefect,
    NoteFaults,
    NoteOdometer,
    NoteReadings,
    NoteService,
    UpkeepChange,
    UpkeepSteps,
)

ANNA = Actor("Anna Bell", "test", conversation="c")
WALL = NOW.replace(tzinfo=None)
_requests = count(1)


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def van(shop: Store) -> str:
    return shop.catalogue().vehicles[0].code


def do(shop: Store, change: UpkeepChange | Undo) -> Applied:
    return shop.apply(change, ANNA, request_id=f"upkeep {next(_requests)}", at=NOW)


def clocks(shop: Store) -> list[Decimal]:
    return [one.km for one in shop.upkeep.odometer([van(shop)]) if one.source == "told"]


def test_an_odometer_reading_is_noted_once_for_its_request(shop: Store) -> None:
    change = NoteOdometer(van(shop), Decimal(61_800), WALL)
    first = shop.apply(change, ANNA, request_id="r", at=NOW)
    again = shop.apply(change, ANNA, request_id="r", at=NOW)
    assert (clocks(shop), again.repeated, first.documents) == ([Decimal(61_800)], True, (van(shop),))
    assert shop.audit.rows(1)[0].subject == van(shop)
    assert all(finding.ok for finding in shop.doctor())


def test_a_reading_told_by_mistake_is_taken_back_once(shop: Store) -> None:
    noted = do(shop, NoteOdometer(van(shop), Decimal(618_000), WALL))
    assert shop.made(noted.group_id).kinds == {"upkeep"}
    do(shop, Undo(noted.group_id))
    assert clocks(shop) == []
    with pytest.raises(BooksError, match="undone already"):
        do(shop, Undo(noted.group_id))


def test_a_service_with_its_kilometres_is_in_the_log_and_on_the_clock(shop: Store) -> None:
    do(shop, NoteService(van(shop), ("brake_pads", "oil"), TODAY, Decimal(98_400)))
    assert [(one.part, one.odometer_km) for one in shop.upkeep.services()] == [
        ("brake_pads", Decimal(98_400)),
        ("oil", Decimal(98_400)),
    ]
    assert Decimal(98_400) in [one.km for one in shop.upkeep.odometer() if one.source == "service"]


def test_readings_come_back_in_the_order_of_their_moments(shop: Store) -> None:
    readings = tuple(
        Measured("voltage", Decimal(volts), WALL - timedelta(days=ago), Decimal("8.5"))
        for volts, ago in (("12.1", 0), ("12.6", 9), ("12.4", 4))
    )
    do(shop, NoteReadings(van(shop), readings))
    found = shop.upkeep.readings("voltage", [van(shop)])
    assert [(one.value, one.ambient) for one in found] == [(12.6, 8.5), (12.4, 8.5), (12.1, 8.5)]
    assert shop.upkeep.readings("voltage", since=WALL - timedelta(days=5))[0].value == 12.4
    assert shop.upkeep.readings("temperature") == []


def test_a_fault_code_stands_until_it_is_mended(shop: Store) -> None:
    do(shop, NoteFaults(van(shop), ("p0301",), WALL))
    twice = do(shop, NoteFaults(van(shop), ("P0301", "P0420"), WALL))
    assert twice.notes == ("P0301 was noted before.",)
    assert [one.code for one in shop.upkeep.faults()] == ["P0301", "P0420"]
    mended = do(shop, MendVehicle(van(shop), faults=(shop.upkeep.faults()[0].id,)))
    assert [one.code for one in shop.upkeep.faults()] == ["P0420"]
    do(shop, Undo(mended.group_id))
    assert [one.code for one in shop.upkeep.faults()] == ["P0301", "P0420"]


def test_a_defect_that_was_mended_since_is_not_taken_back_behind_it(shop: Store) -> None:
    told = do(shop, NoteDefect(van(shop), "the left tail light is broken", "stop"))
    assert [(one.text, one.severity) for one in shop.upkeep.defects()] == [
        ("the left tail light is broken", "stop")
    ]
    do(shop, MendVehicle(van(shop), defects=(shop.upkeep.defects()[0].id,)))
    assert shop.upkeep.defects() == []
    with pytest.raises(BooksError, match="has changed it since"):
        do(shop, Undo(told.group_id))


def test_a_new_workshop_day_takes_the_place_of_the_one_before(shop: Store) -> None:
    do(shop, BookWorkshop(van(shop), TODAY + timedelta(days=3), ("oil",)))
    moved = do(shop, BookWorkshop(van(shop), TODAY + timedelta(days=5), ("oil", "tyres")))
    booked = shop.upkeep.bookings(first=TODAY)
    assert [(one.day, one.parts) for one in booked] == [(TODAY + timedelta(days=5), ("oil", "tyres"))]
    do(shop, Undo(moved.group_id))
    assert [one.day for one in shop.upkeep.bookings(first=TODAY)] == [TODAY + timedelta(days=3)]


def test_a_workshop_day_can_be_called_off_and_called_back(shop: Store) -> None:
    do(shop, BookWorkshop(van(shop), TODAY + timedelta(days=3)))
    number = shop.upkeep.bookings(first=TODAY)[0].id
    off = do(shop, CancelWorkshop(number))
    assert shop.upkeep.bookings(first=TODAY) == []
    with pytest.raises(BooksError, match="off already"):
        do(shop, CancelWorkshop(number))
    do(shop, Undo(off.group_id))
    assert [one.id for one in shop.upkeep.bookings(first=TODAY)] == [number]


def test_several_things_told_at_once_are_noted_together_or_not_at_all(shop: Store) -> None:
    good = NoteDefect(van(shop), "engine light is on", "soon")
    with pytest.raises(BooksError, match="is no fault code"):
        do(shop, UpkeepSteps((good, NoteFaults(van(shop), ("X9999",), WALL))))
    assert shop.upkeep.defects() == []
    made = do(shop, UpkeepSteps((good, NoteFaults(van(shop), ("P0301",), WALL))))
    do(shop, Undo(made.group_id))
    assert (shop.upkeep.defects(), shop.upkeep.faults()) == ([], [])


@pytest.mark.parametrize(
    "change",
    [
        NoteOdometer("NOBODY", Decimal(1), WALL),
        NoteOdometer("VAN1", Decimal(-1), WALL),
        NoteOdometer("VAN1", Decimal(10**8), WALL),
        NoteOdometer("VAN1", Decimal("NaN"), WALL),
        NoteOdometer("VAN1", Decimal(1), datetime(2030, 1, 1)),
        NoteService("VAN1", (), TODAY),
        NoteService("VAN1", ("oil",), date(2030, 1, 1)),
        NoteDefect("VAN1", " \0 "),
        NoteDefect("VAN1", "squeaks", "terrible"),
        NoteReadings("VAN1", ()),
        NoteReadings("VAN1", (Measured("mood", Decimal(1), WALL),)),
        NoteFaults("VAN1", (), WALL),
        BookWorkshop("VAN1", TODAY - timedelta(days=1)),
        MendVehicle("VAN1"),
        MendVehicle("VAN1", defects=(99,)),
        UpkeepSteps(()),
    ],
)
def test_what_no_vehicle_can_have_is_not_noted(shop: Store, change: UpkeepChange) -> None:
    with pytest.raises(BooksError):
        do(shop, change)
    assert shop.upkeep.services() == []
    assert shop.upkeep.defects() == []


def test_trips_that_are_done_move_the_clock_and_planned_ones_do_not(shop: Store) -> None:
    day, start, end = TODAY - timedelta(days=1), WALL - timedelta(days=1, hours=2), WALL - timedelta(days=1)
    ways = (
        ("T-1", "done", Decimal(80), Decimal(61_000), Decimal(61_092)),
        ("T-2", "done", Decimal(55), None, None),
        ("T-3", "planned", Decimal(70), None, None),
        ("T-4", "cancelled", Decimal(70), Decimal(70_000), Decimal(70_070)),
    )
    with shop.database.writing() as connection:
        key = connection.execute(select(VehicleRow.id).where(VehicleRow.code == van(shop))).scalar_one()
        for number, status, planned, first, last in ways:
            row = {"trip_no": number, "day": day, "vehicle_id": key, "status": status, "planned_km": planned}
            row |= {"started_at": start, "ended_at": end, "odometer_start": first, "odometer_end": last}
            row |= {"driver": "", "travel_source": "", "travel_estimate": False, "route": "[]"}
            connection.execute(insert(TripRow), row)
    assert [(one.km, one.measured) for one in shop.upkeep.driven([van(shop)])] == [
        (Decimal(92), True),
        (Decimal(55), False),
    ]
    clocks = [(one.source, one.km) for one in shop.upkeep.odometer([van(shop)])]
    assert clocks == [("trip", Decimal(61_000)), ("trip", Decimal(61_092))]
    assert shop.upkeep.driven(since=TODAY) == []
