"""What people hear of their vans: what is due, what may fail, what is wrong, and when the workshop fits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.loading import load
from tools.kit import Ask, Period, Plan, Refused, Reply, Result, Right, Unclear, all_tools
from tools.kit.upkeep import fleet
from tools.kit.upkeep_codes import codes_in, meaning
from tools.kit.upkeep_days import out_of_service, why_out
from tools.kit.upkeep_plans import told_from_json, told_to_json
from tools.kit.upkeep_told import day_told, told
from tools.kit.watch import Sighting, Urgency, all_watches
from tools.maths.upkeep.parts import MOTOR, PARTS
from tools.store import Actor, Store, Undo, User, open_store

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
ANNA = User(1, "Anna Bell", "owner")
MOTOR_PARTS = [part for part in PARTS.values() if MOTOR in part.fits]
_requests = count(1)
SHOP = {
    "products.csv": "sku,name\nJAM-1,Plum Jam\n",
    "locations.csv": "code,name,kind\nWH,Depot,warehouse\n",
    "customers.csv": "code,name\nC1,Mrs Green\n",
    "vehicles.csv": (
        "code,name,home,odometer_km\nVAN1,Blue van,WH,61240\nVAN2,White van,WH,\nBIKE1,Cargo bike,WH,900\n"
    ),
    "orders.csv": (
        "order_no,customer,due_from,due_to,status,sku,quantity\n"
        "701,C1,2026-03-17T13:00,2026-03-17T15:00,packed,JAM-1,3\n"
        "702,C1,2026-03-18T13:00,2026-03-18T15:00,open,JAM-1,3\n"
        "703,C1,2026-03-18T13:00,2026-03-18T15:00,open,JAM-1,3\n"
        "704,C1,2026-03-20T13:00,2026-03-20T15:00,open,JAM-1,3\n"
    ),
    "vehicle_services.csv": (
        "done_on,vehicle,part,odometer_km,failed\n"
        "2025-03-20,VAN1,mot,,\n"
        "2025-09-01,VAN1,oil,50000,\n"
        "2024-09-01,VAN1,brake_pads,30000,\n"
        "2024-03-01,VAN2,oil,80000,\n"
    ),
    "vehicle_readings.csv": (
        "read_at,vehicle,kind,value\n"
        "2025-12-16T08:00,VAN1,odometer,57640\n2026-03-01T08:00,VAN1,odometer,60640\n"
        "2026-02-01T08:00,VAN2,odometer,98000\n"
    ),
}


@pytest.fixture
def shop(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    store = open_store(sqlite_url)
    bring(store, tmp_path / "shop", SHOP)
    yield store
    store.close()


def bring(store: Store, folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    report = load(store, folder, actor=Actor("ann", "test"), at=NOW)
    assert report.state == "applied", report


def ask(shop: Store, text: str = "", *, may_plan: bool = True, days: Period | None = None) -> Ask:
    return Ask(
        shop,
        ANNA,
        NOW,
        text=text,
        may=lambda right: may_plan or right is not Right.PLAN_DELIVERIES,
        days_in=lambda _words: days,
    )


def call(shop: Store, text: str, vehicle: str | None = None, **more: Any) -> Result:
    slots = {name: more.pop(name) for name in ("detail",) if name in more}
    return all_tools()["vehicle.health"].call(ask(shop, text, **more), {"vehicle": vehicle, **slots})


def said(shop: Store, text: str, vehicle: str | None = None, **more: Any) -> Reply:
    result = call(shop, text, vehicle, **more)
    assert isinstance(result, Reply), result
    return result


def planned(shop: Store, text: str, vehicle: str | None = None, **more: Any) -> Plan:
    result = call(shop, text, vehicle, **more)
    assert isinstance(result, Plan), result
    return result


def make(shop: Store, plan: Plan) -> Reply:
    return plan.tell(
        shop.apply(plan.change, Actor("Anna Bell", "test"), request_id=f"v {next(_requests)}", at=NOW)
    )


def press(shop: Store, reply: Reply, label: str) -> Result:
    button = next(each for each in reply.buttons if label in each.label)
    return all_tools()[button.call.intent].call(ask(shop), button.call.slots)


# -- what is due -------------------------------------------------------------------------------------


def test_all_vans_are_answered_for_in_one_line(shop: Store) -> None:
    reply = said(shop, "does any van need a service?")
    assert reply.text.startswith("2 of 3 vehicles need something.")
    assert "Blue van: brake pads overdue by 1,240 km; MOT due Fri 20 Mar" in reply.text
    assert "White van: oil and filter overdue since" in reply.text
    assert "Cargo bike: nothing due that I know of" in reply.text
    assert reply.data["need_work"] == 2


def test_any_van_is_all_of_them_even_where_a_van_is_called_van(shop: Store) -> None:
    text = said(shop, "does any van need a service?", "VAN1").text
    assert text == said(shop, "does any van need a service?").text
    assert said(shop, "how is the blue van of all the vans", "VAN1").text.startswith("Blue van (")


def test_one_van_tells_its_kilometres_and_its_gaps(shop: Store) -> None:
    reply = said(shop, "is the blue van ok", "VAN1")
    assert "Blue van (61,240 km, some 280 km a week)" in reply.text
    assert "I have no record of its service, brake fluid, battery and 4 more" in reply.text
    assert "tell me “Blue van had its service done at 61,240 km”" in reply.text
    part = next(row for row in reply.data["rows"][0]["parts"] if row["part"] == "brake_pads")
    assert (part["state"], part["km_left"], part["last_km"]) == ("overdue", -1240, 30000)
    assert 0 < part["chance"] < 1


def test_a_van_that_nobody_read_for_weeks_says_so(shop: Store) -> None:
    assert "No odometer reading of White van since Sun 1 Feb." in said(shop, "white van?", "VAN2").text


def test_a_part_that_is_asked_about_is_answered_for(shop: Store) -> None:
    reply = said(shop, "when is the oil due on the blue van?", "VAN1")
    assert reply.text.startswith("Blue van: oil and filter due Tue 1 Sep")
    assert "last done Mon 1 Sep 2025 at 50,000 km" in reply.text
    assert "no record of its clutch" not in said(shop, "is the clutch of the blue van ok?", "VAN1").text
    assert "no record of its battery" in said(shop, "how is the battery of the blue van", "VAN1").text


def test_kilometres_that_are_asked_for_are_told(shop: Store) -> None:
    assert said(shop, "how many km has the blue van done?", "VAN1").text == (
        "Blue van: 61,240 km, some 280 km a week."
    )


def test_why_names_the_interval_the_log_and_the_law(shop: Store) -> None:
    rows = [row for source in said(shop, "blue van?", "VAN1").sources for row in source.rows]
    assert any(row.startswith("Blue van: 61240") or "61,240 km on 2026-03-16" in row for row in rows)
    assert "Blue van, MOT: last 2025-03-20 at " in " ".join(rows)
    assert any("brake pads: shape" in row and "1 life" in row for row in rows)


def test_the_shops_own_interval_stands_over_the_usual_one(shop: Store, tmp_path: Path) -> None:
    bring(shop, tmp_path / "parts", {"vehicle_parts.csv": "code,every_km\nbrake_pads,40000\n"})
    reply = said(shop, "blue van?", "VAN1")
    assert "overdue" not in reply.text
    assert "every 40,000 km (the shop's own figure)" in " ".join(reply.sources[0].rows)


def test_a_shop_without_vehicles_hears_how_they_come(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    result = call(store, "does any van need a service?")
    assert isinstance(result, Refused)
    assert "vehicles.csv" in result.reason
    store.close()


# -- what is told ------------------------------------------------------------------------------------


def test_kilometres_that_are_told_are_noted_and_what_follows_is_said(shop: Store) -> None:
    reply = make(shop, planned(shop, "van 1 is at 61,800 km", "VAN1"))
    assert reply.text.startswith("Noted: Blue van: 61,800 km on the clock. Brake pads overdue by 1,800 km")
    assert shop.upkeep.odometer(["VAN1"])[-1].km == 61_800


def test_fewer_kilometres_than_before_are_asked_about(shop: Store) -> None:
    assert planned(shop, "van 1 is at 6,180 km", "VAN1").doubts == (
        "6,180 km is less than the 61,240 km of today.",
    )
    assert planned(shop, "van 1 is at 161,800 km", "VAN1").doubts
    assert planned(shop, "van 1 is at 61,300 km", "VAN1").doubts == ()


def test_miles_are_noted_as_kilometres_and_told_as_both(shop: Store) -> None:
    plan = planned(shop, "the white van has 61,800 miles on the clock", "VAN2")
    assert plan.summary == "Note for White van: 99,457 km (61,800 miles) on the clock"


def test_a_job_that_was_done_is_not_due_any_more(shop: Store) -> None:
    reply = make(shop, planned(shop, "VAN1 had its brakes done at 61,200", "VAN1"))
    assert "brake pads done" in reply.text
    assert "brake pads" not in said(shop, "blue van?", "VAN1").text.split("Likeliest")[0]


def test_an_engine_light_with_its_code_is_noted_in_plain_words(shop: Store) -> None:
    reply = make(shop, planned(shop, "the white van's engine light is on, code P0301", "VAN2"))
    assert "P0301 (misfire in cylinder 1)" in reply.text
    assert "Have it looked at within days." in reply.text
    assert "P0301: misfire in cylinder 1" in said(shop, "how is the white van", "VAN2").text
    mended = make(shop, planned(shop, "P0301 on the white van is cleared", "VAN2"))
    assert mended.text.startswith(
        "Noted: White van: P0301 and “the white van's engine light is on, code P0301”"
    )
    assert "put right. Oil and filter overdue since Sat 1 Mar 2025." in mended.text
    assert shop.upkeep.faults() == []


def test_a_code_that_is_noted_already_changes_nothing(shop: Store) -> None:
    make(shop, planned(shop, "white van shows code P0301", "VAN2"))
    assert said(shop, "white van shows code P0301", "VAN2").text == "That was noted for White van already."


def test_a_van_that_is_not_safe_is_left_out_of_the_plan_until_it_is_mended(shop: Store) -> None:
    told_reply = make(shop, planned(shop, "the blue van broke down", "VAN1"))
    assert "I leave Blue van out of the plan" in told_reply.text
    assert out_of_service(shop, TODAY) == {"VAN1"}
    assert dict(why_out(shop, TODAY))["VAN1"].startswith("has an open defect")
    assert "Blue van can go out again." in make(shop, planned(shop, "the blue van is fixed", "VAN1")).text
    assert out_of_service(shop, TODAY) == frozenset()


def test_a_passed_test_settles_the_failed_one(shop: Store) -> None:
    make(shop, planned(shop, "van 1 failed its MOT", "VAN1"))
    assert out_of_service(shop, TODAY) == {"VAN1"}
    make(shop, planned(shop, "van 1 passed its MOT today", "VAN1"))
    assert out_of_service(shop, TODAY) == frozenset()


def test_a_voltage_no_battery_has_is_not_noted(shop: Store) -> None:
    result = call(shop, "van 2's battery reads 2.1 volts", "VAN2")
    assert isinstance(result, Refused)
    make(shop, planned(shop, "van 2's battery reads 12.1 volts, 4 degrees outside", "VAN2"))
    assert [(one.value, one.ambient) for one in shop.upkeep.readings("voltage")] == [(12.1, 4.0)]


def test_which_van_is_asked_where_nobody_said(shop: Store) -> None:
    result = call(shop, "the oil was changed at 61,200 km")
    assert isinstance(result, Unclear)
    assert [option.label for option in result.options] == ["Cargo bike", "Blue van", "White van"] or len(
        result.options
    ) == 3
    chosen = next(option for option in result.options if option.label == "Blue van")
    plan = all_tools()["vehicle.health"].call(ask(shop, "the blue one"), chosen.slots)
    assert isinstance(plan, Plan)
    assert "oil and filter done" in plan.summary


def test_of_two_vans_in_a_message_each_gets_its_own(shop: Store) -> None:
    text = "van 1 is at 61,800 km and van 2 is at 99,100 km"
    assert planned(shop, text, "VAN1").summary == "Note for Blue van: 61,800 km on the clock"
    assert planned(shop, text, "VAN2").summary == "Note for White van: 99,100 km on the clock"


def test_what_was_noted_is_taken_back(shop: Store) -> None:
    reply = make(shop, planned(shop, "the blue van broke down", "VAN1"))
    shop.apply(Undo(reply.data["group"]), Actor("Anna Bell", "test"), request_id="undo", at=NOW)
    assert out_of_service(shop, TODAY) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "is the blue van at 62,000 km?",
        "did the blue van have its brakes done at 61,000 km",
        "the blue van needs new tyres",
        "if the blue van is at 62,000 km is it due",
        "the blue van will be at 62,000 km next week",
        "i think the blue van might have a flat tyre",
        "the blue van hasn't had its oil changed",
        "the blue van did 120 km today",
        "check the blue van",
    ],
)
def test_questions_wishes_and_doubts_change_nothing(shop: Store, text: str) -> None:
    assert isinstance(call(shop, text, "VAN1"), Reply)


# -- the day at the workshop ---------------------------------------------------------------------------


def test_the_day_that_spares_the_van_is_offered_and_booked_with_a_button(shop: Store) -> None:
    reply = said(shop, "is the blue van ok?", "VAN1")
    assert "The plan spares it best Thu 19 Mar (no order due that day)." in reply.text
    assert (reply.data["workshop_day"], reply.data["orders_due"]) == ("2026-03-19", 0)
    assert any("(chosen)" in row for source in reply.sources for row in source.rows)
    plan = press(shop, reply, "Book Blue van in Thu 19 Mar")
    assert isinstance(plan, Plan)
    done = make(shop, plan)
    assert "Blue van is at the workshop Thu 19 Mar" in done.text
    assert out_of_service(shop, TODAY + timedelta(days=3)) == {"VAN1"}
    assert out_of_service(shop, TODAY) == frozenset()
    stale = press(shop, reply, "Book Blue van in")
    assert isinstance(stale, Refused)
    off = press(shop, done, "Call it off")
    assert isinstance(off, Plan)
    make(shop, off)
    assert out_of_service(shop, TODAY + timedelta(days=3)) == frozenset()


def test_a_day_that_is_named_is_taken(shop: Store) -> None:
    thursday = date(2026, 3, 19)
    plan = planned(shop, "book van 2 into the workshop on Thursday", "VAN2", days=Period(thursday, thursday))
    assert plan.summary.startswith("Book White van in at the workshop Thu 19 Mar (no order due that day)")
    assert "Thu" in " ".join(plan.sources[0].rows)


def test_who_may_not_plan_books_nothing(shop: Store) -> None:
    result = call(shop, "book van 2 into the workshop", "VAN2", may_plan=False)
    assert isinstance(result, Refused)
    assert said(shop, "blue van?", "VAN1", may_plan=False).buttons == ()


# -- by itself -----------------------------------------------------------------------------------------


def seen(shop: Store) -> dict[str, Sighting]:
    return {one.subject: one for one in all_watches()["vehicle.upkeep"].look(ask(shop))}


def test_what_is_past_and_what_is_near_is_spoken_up_about_once_each(shop: Store) -> None:
    found = seen(shop)
    assert set(found) == {"VAN1:overdue", "VAN1:due", "VAN2:overdue"}
    assert found["VAN1:overdue"].urgency is Urgency.TODAY  # brakes
    assert found["VAN1:due"].reply.text == "Blue van: MOT due Fri 20 Mar."
    make(shop, planned(shop, "book van 1 into the workshop", "VAN1"))
    later = seen(shop)
    assert "VAN1:due" not in later
    assert later["VAN1:overdue"].urgency is Urgency.DIGEST


def test_a_dangerous_code_is_told_at_once(shop: Store) -> None:
    make(shop, planned(shop, "van 2 shows code P0217", "VAN2"))
    found = seen(shop)["VAN2:unsafe"]
    assert found.urgency is Urgency.NOW
    assert "P0217 (engine too hot)" in found.reply.text


def test_a_battery_that_fades_is_told_of(shop: Store, tmp_path: Path) -> None:
    rows = ["read_at,vehicle,kind,value,ambient"]
    for day in range(120):
        volts = 12.62 + 0.02 * (-1) ** day - 0.012 * max(0, day - 90)
        rows.append(f"{TODAY - timedelta(days=119 - day)}T07:30,VAN1,voltage,{volts:.3f},8")
    bring(shop, tmp_path / "volts", {"vehicle_readings.csv": "\n".join(rows) + "\n"})
    assert "battery voltage drops since" in seen(shop)["VAN1:voltage"].reply.text
    assert "battery voltage drops since" in said(shop, "blue van?", "VAN1").text


# -- the words themselves ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("serviced yesterday", date(2026, 3, 15)),
        ("serviced last monday", date(2026, 3, 9)),
        ("serviced on friday", date(2026, 3, 13)),
        ("serviced 3 March", date(2026, 3, 3)),
        ("serviced on the 20th of December", date(2025, 12, 20)),
        ("serviced 2024-02-29", date(2024, 2, 29)),
        ("serviced 2/3/2026", date(2026, 3, 2)),
        ("serviced two weeks ago", date(2026, 3, 2)),
        ("serviced", None),
        ("serviced 31 February", None),
    ],
)
def test_days_in_the_past_are_read(text: str, day: date | None) -> None:
    assert day_told(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("brake fluid changed", ("brake_fluid",)),
        ("new brakes and tyres fitted", ("brake_pads", "tyres")),
        ("van 1 had an oil change", ("oil",)),
        ("cambelt replaced", ("timing_belt",)),
        ("it was serviced", ("service",)),
        ("oil is expensive", ()),
    ],
)
def test_the_longest_name_of_a_part_wins(text: str, parts: tuple[str, ...]) -> None:
    assert sorted(told(text, MOTOR_PARTS, TODAY).parts) == sorted(parts)


@pytest.mark.parametrize(
    ("code", "words", "severity"),
    [
        ("P0301", "misfire in cylinder 1", "soon"),
        ("P0312", "misfire in cylinder 12", "soon"),
        ("P0217", "engine too hot", "stop"),
        ("P0420", "catalytic converter works badly", "note"),
        ("P0750", "gearbox", "soon"),
        ("C0035", "brakes, steering or suspension", "stop"),
        ("B1342", "body and comfort", "note"),
        ("U0100", "the van's computers do not hear each other", "soon"),
        ("P1234", "engine, in the maker's own numbering", "soon"),
    ],
)
def test_a_fault_code_is_told_by_its_family(code: str, words: str, severity: str) -> None:
    assert (meaning(code).words, meaning(code).severity) == (words, severity)


def test_every_code_has_a_meaning_and_order_numbers_are_none() -> None:
    assert codes_in("p0301 and P0301, order 5531, PO-1042, P9999") == ("P0301",)
    for letter in "PCBU":
        for number in range(0x4000):
            assert meaning(f"{letter}{number:04X}").advice


def test_lives_are_learned_from_all_vans_together(shop: Store, tmp_path: Path) -> None:
    log = (
        "done_on,vehicle,part,odometer_km,failed\n"
        "2023-01-01,VAN2,brake_pads,40000,\n2024-06-01,VAN2,brake_pads,66000,yes\n"
    )
    bring(shop, tmp_path / "more", {"vehicle_services.csv": log})
    job = next(job for job in fleet(shop, NOW)[1].jobs if job.part.code == "brake_pads")
    assert job.fitted is not None
    assert (job.fitted.failures, job.fitted.lives) == (1, 3)
    assert job.fitted.law.life < 45_000


@given(st.text(max_size=120))
def test_whatever_is_said_is_read_without_a_fault(text: str) -> None:
    found = told(text, MOTOR_PARTS, TODAY)
    assert found.km is None or found.km >= 0


@given(
    st.lists(
        st.sampled_from(
            [
                "van",
                "1",
                "is",
                "at",
                "61,800",
                "km",
                "miles",
                "brakes",
                "done",
                "new",
                "tyres",
                "P0301",
                "not",
                "?",
                "battery",
                "12.1",
                "volts",
                "yesterday",
                "31",
                "february",
                "2025-02-30",
                "-5",
                "degrees",
                "outside",
                "fixed",
                "failed",
                "mot",
                "book",
                "workshop",
                "99999999999999999999",
                "k",
                "0/0/0000",
                "last",
                "monday",
                "1,2,3",
                "the",
                "engine",
                "light",
                "on",
                "had",
                "if",
            ]
        ),
        max_size=14,
    )
)
def test_words_of_the_trade_in_any_order_are_read_without_a_fault(words: list[str]) -> None:
    found = told(" ".join(words), MOTOR_PARTS, TODAY)
    assert told_from_json(told_to_json(found)) == found


def test_a_clock_is_told_to_the_kilometre_on_the_day_it_was_read(shop: Store) -> None:
    make(shop, planned(shop, "blue van is at 61,243 km", "VAN1"))
    assert "61,243 km" in said(shop, "how many km on the blue van?", "VAN1").text


@pytest.mark.parametrize("text", ["blue van is at -5 km", "blue van is at minus 500", "battery at -3 volts"])
def test_figures_below_nothing_are_not_noted(shop: Store, text: str) -> None:
    assert isinstance(call(shop, text, "VAN1"), Refused)


def test_a_dash_before_kilometres_takes_nothing_away(shop: Store) -> None:
    assert "61,300 km" in planned(shop, "blue van - 61,300 km", "VAN1").summary


def test_a_code_that_does_not_exist_is_named(shop: Store) -> None:
    refused = call(shop, "blue van code P9999", "VAN1")
    assert isinstance(refused, Refused)
    assert refused.reason == "P9999 is no fault code that exists: please read it again. I have noted nothing."
    plan = planned(shop, "the blue van's engine light is on, code P03O1", "VAN1")
    assert "P03O1 is no fault code that exists" in make(shop, plan).text


@pytest.mark.parametrize(
    "text", ["the brakes of the blue van feel spongy", "grinding noise when braking the blue van"]
)
def test_a_van_that_brakes_badly_stays_at_home(shop: Store, text: str) -> None:
    assert "out of the plan" in make(shop, planned(shop, text, "VAN1")).text
