"""The page of what needs a person: seen by those who may, put off, mended, and who is told."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.web.browsing import PHONE, large_targets, no_sideways_scroll, nothing_to_complain, open_page
from tests.web.conftest import Served
from tests.web.shop import NOW, SmallHouse
from tests.web.test_people_page import post
from tools.kit.manners import BRIEF_AT, CAP, QUIET, listeners
from tools.store import Incident
from tools.store.incidents_facts import Found, Letter

ORDER = {
    "label": "Take 3 off",
    "style": "primary",
    "call": {
        "intent": "stock.adjust",
        "slots": {"products": ["MUG-RED"], "quantity": -3, "location": "HIGH", "reason": "broken"},
    },
}


def seen(house: SmallHouse, *subjects: str, **more: Any) -> None:
    """The watch of low stock sees these, and nothing else."""
    fields: dict[str, Any] = {
        "rule": "stock.low",
        "location": "",
        "urgency": "today",
        "needs": "see stock",
        "value": Decimal(40),
        "products": (),
        **more,
    }
    founds = [
        Found(
            key=f"stock.low:{one}:{fields['location']}",
            subject=one,
            reply=json.dumps({"text": f"{one} runs low.\nOrder some.", "buttons": [ORDER]}),
            **fields,
        )
        for one in subjects
    ]
    house.store.incidents.record({"stock.low": founds}, NOW, lambda _situation: ())


def the_one(house: SmallHouse) -> Incident:
    (incident,) = house.store.incidents.open()
    return incident


async def test_nothing_needs_you_is_said(client: httpx.AsyncClient) -> None:
    page = await client.get("/needs")
    assert page.status_code == 200
    assert "Nothing needs you" in page.text


async def test_today_leads_there(client: httpx.AsyncClient, house: SmallHouse) -> None:
    assert '/needs">' not in (await client.get("/today")).text.split("</nav>")[1]
    seen(house, "Red mugs", "Tea")
    assert "2 things need you</a>" in (await client.get("/today")).text


async def test_what_stands_is_shown_with_what_can_be_done(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    seen(house, "Red mugs", "<b>Tea</b>", delivery=NOW.date())
    page = (await client.get("/needs")).text
    assert "Red mugs runs low." in page
    assert "&lt;b&gt;Tea" in page
    for label in (
        "Take 3 off",
        "In an hour",
        "Tomorrow",
        "After the delivery",
        "I&#39;m on it",
        "Not useful",
    ):
        assert f"<button>{label}</button>" in page or f'"primary">{label}</button>' in page
    assert "£40.00 at stake" in page


async def test_it_is_put_off_there_and_comes_back_later(client: httpx.AsyncClient, house: SmallHouse) -> None:
    seen(house, "Red mugs")
    told = await post(client, f"/needs/{the_one(house).id}/day")
    assert "I&#39;ll come back to it on" in told.text
    assert "put it off until" in told.text
    assert the_one(house).state == "snoozed"


async def test_a_press_that_arrives_twice_takes_effect_once(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    seen(house, "Red mugs")
    for _ in range(2):
        assert (await post(client, f"/needs/{the_one(house).id}/mine", once="o1")).status_code == 200
    assert the_one(house).state == "acted"
    assert [event.action for event in house.store.audit.rows(10)].count("actonincident") == 1


async def test_not_useful_says_what_it_changes(client: httpx.AsyncClient, house: SmallHouse) -> None:
    seen(house, "Red mugs")
    told = await post(client, f"/needs/{the_one(house).id}/useless")
    assert "when more than £80.00 is at stake" in told.text
    assert len(house.store.incidents.opinions(NOW - timedelta(days=1))) == 1


async def test_its_own_button_is_answered_in_the_chat(client: httpx.AsyncClient, house: SmallHouse) -> None:
    seen(house, "Red mugs")
    path = f"/needs/{the_one(house).id}/press/0"
    for _ in range(2):
        pressed = await post(client, path, once="o1")
        assert (pressed.status_code, pressed.headers["location"]) == (303, "/#latest")
    levels = house.store.stock.levels(["MUG-RED"], locations=["HIGH"], today=NOW.date())
    assert sum(level.on_hand for level in levels) == 9
    assert len(house.turns) == 1


async def test_what_is_over_says_so(client: httpx.AsyncClient, house: SmallHouse) -> None:
    seen(house, "Red mugs")
    number = the_one(house).id
    seen(house)
    for path in (f"/needs/{number}/hour", f"/needs/{number}/press/0", "/needs/999/hour", "/needs/1/nonsense"):
        refused = await post(client, path)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
    assert "Over since this morning" in (await client.get("/needs")).text


async def test_a_page_of_somebody_else_changes_nothing(client: httpx.AsyncClient, house: SmallHouse) -> None:
    seen(house, "Red mugs")
    for path in (f"/needs/{the_one(house).id}/mine", f"/needs/{the_one(house).id}/press/0", "/telling/1"):
        assert (await client.post(path)).status_code == 403
    assert the_one(house).state == "open"


async def test_nobody_sees_what_is_not_theirs(client: httpx.AsyncClient, house: SmallHouse) -> None:
    house.store.people.add("Sam", "staff", locations=["HIGH"])
    client.cookies.set("quartermaster_name", "Sam")
    seen(house, "Here", location="HIGH")
    assert "Here runs low" in (await client.get("/needs")).text
    assert "at stake" not in (await client.get("/needs")).text
    for other in ({"location": "WH"}, {"location": ""}, {"location": "HIGH", "needs": "see costs"}):
        seen(house, "Elsewhere", **other)
        assert "Elsewhere" not in (await client.get("/needs")).text
        refused = await post_on_needs(client, f"/needs/{the_one(house).id}/mine")
        assert refused.status_code == 422


async def post_on_needs(client: httpx.AsyncClient, path: str, **form: object) -> httpx.Response:
    page = (await client.get("/needs")).text
    token = page.split('name="form-token" content="')[1].split('"')[0]
    return await client.post(path, data={"form_token": token, **form})


def dead_letter(house: SmallHouse) -> int:
    answer = json.dumps({"replies": [{"text": "Red mugs run low."}]})
    house.store.outbox.post([Letter("k", "brief", "Olga", NOW, "slack", "U1", answer)], NOW)
    one = house.store.outbox.claim("slack", "w", at=NOW, now=NOW, until=NOW)
    assert one is not None
    house.store.outbox.dead(one.id, "w", "channel_not_found")
    return one.id


async def test_messages_that_were_given_up_are_tried_again(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    number = dead_letter(house)
    page = (await client.get("/needs")).text
    assert "channel_not_found" in page
    assert "Red mugs run low." in page
    assert "It will be tried again now." in (await post(client, f"/messages/{number}/retry")).text
    assert house.store.outbox.dead_letters() == []
    assert (await post(client, f"/messages/{number}/retry")).status_code == 422


async def test_staff_see_no_letters_of_others(client: httpx.AsyncClient, house: SmallHouse) -> None:
    number = dead_letter(house)
    house.store.people.add("Sam", "staff")
    client.cookies.set("quartermaster_name", "Sam")
    assert "channel_not_found" not in (await client.get("/needs")).text
    assert (await post_on_needs(client, f"/messages/{number}/retry")).status_code == 403
    assert (await post_on_needs(client, "/telling", quiet="off", cap="9", brief_at="off")).status_code == 403


async def test_the_shop_chooses_its_quiet_hours(client: httpx.AsyncClient, house: SmallHouse) -> None:
    kept = await post(client, "/telling", quiet="20:00-08:30", cap="3", brief_at="off")
    assert "Kept." in kept.text
    assert [house.store.settings.get(key) for key in (QUIET, CAP, BRIEF_AT)] == ["20:00-08:30", "3", "off"]


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"quiet": "nine", "cap": "3", "brief_at": "off"}, "quiet hours are written like 21:00-07:00"),
        ({"quiet": "off", "cap": "-1", "brief_at": "off"}, "a number from 0 to 100"),
        ({"quiet": "off", "cap": "3", "brief_at": "8 am"}, "a time is written like 08:00"),
    ],
)
async def test_what_cannot_be_read_is_said_and_nothing_is_kept(
    client: httpx.AsyncClient, house: SmallHouse, form: dict[str, str], why: str
) -> None:
    refused = await post(client, "/telling", **form)
    assert refused.status_code == 422
    assert why in refused.text
    assert house.store.settings.get(CAP) == ""


async def test_a_person_is_told_in_the_chats_that_are_ticked(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    olga = house.store.people.add("Olga", "owner", slack_id="U1", telegram_id="7")
    page = (await client.get("/needs")).text
    assert "Olga" in page
    assert (await post(client, f"/telling/{olga.id}", on="on", telegram="on")).status_code == 200
    (one,) = listeners(house.store, ("slack", "telegram"))
    assert (one.on, one.addresses) == (True, (("telegram", "7"),))
    assert (await post(client, f"/telling/{olga.id}")).status_code == 200
    assert not listeners(house.store, ("slack", "telegram"))[0].on
    assert (await post(client, "/telling/999")).status_code == 404


@pytest.mark.browser
def test_it_works_without_scripts_on_a_small_phone(served: Served, browser: Browser) -> None:
    house = served.house
    house.store.people.add("Olga", "owner", slack_id="U1", telegram_id="7")
    seen(house, "Red mugs", "Whole Milk", delivery=NOW.date())
    dead_letter(house)
    with open_page(browser, f"{served.address}/needs", java_script_enabled=False, **PHONE) as page:
        page.get_by_role("article").first.get_by_role("button", name="Tomorrow").click()
        expect(page.get_by_role("status")).to_contain_text("I'll come back to it")
        expect(page.get_by_role("heading", name="Put off")).to_be_visible()
    with open_page(browser, f"{served.address}/needs", **PHONE) as page:
        nothing_to_complain(page)
        no_sideways_scroll(page)
        large_targets(page)


@pytest.mark.browser
@pytest.mark.parametrize("width", [740, 900, 1280])
def test_the_navigation_fits_every_width(served: Served, browser: Browser, width: int) -> None:
    with open_page(browser, f"{served.address}/needs", viewport={"width": width, "height": 800}) as page:
        no_sideways_scroll(page)
        nothing_to_complain(page)
