"""The page of the day's deliveries: what it says, who may press what, and how it looks in a browser."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.deliveries import DAY, OWNER, add_deliveries, confirm
from tests.web.browsing import PHONE, large_targets, no_sideways_scroll, nothing_to_complain, open_page
from tests.web.conftest import Served
from tests.web.shop import NOW, SmallHouse
from tests.web.test_people_page import post
from tools.kit import Reply
from tools.store import Undo
from tools.store.trip_changes import FinishStop, MoveEtas, StartTrip
from tools.store.trip_facts import Trip


@pytest.fixture
def trip(house: SmallHouse, tmp_path: Path) -> Trip:
    """A blue van on the road: one delivered on time, one nobody was home at, one late ahead."""
    store = house.store
    add_deliveries(store, tmp_path / "deliveries")
    made = confirm(store, ("5501", "5502", "5503", "5504"))

    def now(change: Any) -> None:
        store.apply(change, OWNER, request_id=repr(change)[:200], at=NOW)

    now(StartTrip(made.trip_no, datetime(2026, 3, 16, 9, 36)))
    now(FinishStop("5501", "delivered", datetime(2026, 3, 16, 10, 5)))
    now(FinishStop("5502", "failed", datetime(2026, 3, 16, 10, 20), "dog <b>in</b> the garden"))
    now(MoveEtas(made.trip_no, (("5504", datetime(2026, 3, 16, 12, 40)),)))
    found = store.trips.trip(made.trip_no)
    assert found is not None
    return found


def tokens(page: str) -> dict[str, str]:
    """The buttons of the stops by their names."""
    found = re.findall(r'name="action" value="([\w-]+)"[^>]*?aria-label="([^"]+)"', page)
    return {label: token for token, label in found}


async def test_an_empty_day_says_what_to_do(client: httpx.AsyncClient) -> None:
    page = (await client.get("/deliveries")).text
    assert "Nothing to deliver on this day" in page
    assert "plan today&#39;s deliveries" in page
    assert "data-map" not in page
    assert (await client.get("/deliveries?day=2026-02-30")).status_code == 422


async def test_orders_without_a_trip_are_shown(
    client: httpx.AsyncClient, house: SmallHouse, tmp_path: Path
) -> None:
    add_deliveries(house.store, tmp_path / "deliveries")
    page = (await client.get("/deliveries")).text
    assert "On no trip yet" in page
    assert '<th scope="row">5503</th>' in page
    assert "10:00–12:00" in page
    assert "2 × Red Mug 350ml" in page
    assert "Nothing to deliver" not in page


async def test_the_day_shows_plan_beside_what_happened(client: httpx.AsyncClient, trip: Trip) -> None:
    page = (await client.get("/deliveries")).text
    assert trip.trip_no in page
    assert "on the road" in page
    assert "09:36 (6 min after plan)" in page
    assert "1 of 4" in page
    assert "100 %" in page
    assert "to do, late" in page or "on the van, late" in page
    assert "dog &lt;b&gt;in&lt;/b&gt; the garden" in page
    assert "£7.50" in page
    assert "12.5 km" in page
    assert page.count("<svg class=") >= 2


async def test_another_day_is_another_day(client: httpx.AsyncClient, trip: Trip) -> None:
    page = (await client.get("/deliveries?day=2026-03-17")).text
    assert trip.trip_no not in page
    assert "plan tomorrow&#39;s deliveries" in page


async def test_who_has_seen_it_gets_nothing_new(
    client: httpx.AsyncClient, house: SmallHouse, trip: Trip
) -> None:
    seen = re.search(r"seen=(\w+)", (await client.get("/deliveries")).text)
    assert seen
    again = f"/deliveries?day={DAY}&seen={seen[1]}"
    assert (await client.get(again)).status_code == 204
    moved = MoveEtas(trip.trip_no, (("5503", datetime(2026, 3, 16, 11, 59)),))
    house.store.apply(moved, OWNER, request_id="moved", at=NOW)
    assert (await client.get(again)).status_code == 200


async def test_a_stop_is_delivered_by_its_button_once(
    client: httpx.AsyncClient, house: SmallHouse, trip: Trip
) -> None:
    page = (await client.get("/deliveries")).text
    found = tokens(page)
    assert set(found) >= {"Delivered: 5503", "Nobody home: 5503", "Skip: 5503", "Delivered: 5504"}
    assert "Delivered: 5501" not in found
    assert tokens((await client.get("/deliveries")).text) == found
    for _ in range(2):
        answer = await post(client, "/deliveries/press", action=found["Delivered: 5503"], day=str(DAY))
        assert answer.status_code == 200
    after = house.store.trips.trip(trip.trip_no)
    assert after is not None
    stop = after.stop("5503")
    assert stop is not None
    assert stop.status == "delivered"


async def test_a_stop_that_is_open_again_has_a_button_again(
    client: httpx.AsyncClient, house: SmallHouse, trip: Trip
) -> None:
    first = tokens((await client.get("/deliveries")).text)["Delivered: 5503"]
    await post(client, "/deliveries/press", action=first, day=str(DAY))
    pressed = house.store.trips.last_word("5503")
    assert pressed is not None
    house.store.apply(Undo(pressed.group_id), OWNER, request_id="undo", at=NOW)
    again = tokens((await client.get("/deliveries")).text)["Delivered: 5503"]
    assert again != first
    await post(client, "/deliveries/press", action=again, day=str(DAY))
    word = house.store.trips.last_word("5503")
    assert word is not None
    assert word.group_id != pressed.group_id


async def test_a_form_of_another_page_presses_nothing(client: httpx.AsyncClient, house: SmallHouse) -> None:
    assert (await client.post("/deliveries/press", data={"action": "x"})).status_code == 403
    assert house.turns == []


async def test_the_drivers_pack_has_its_files(client: httpx.AsyncClient, trip: Trip) -> None:
    page = (await client.get(f"/deliveries?pack={trip.trip_no}")).text
    assert "https://www.google.com/maps/dir/?api=1&amp;destination=" in page
    gpx = re.search(r'href="(/files/ready/[\w-]+\.gpx)"', page)
    code = re.search(r'src="(/files/ready/[\w-]+\.png)"', page)
    sheet = re.search(r'href="(/files/[\w-]+\.pdf)"', page)
    assert gpx
    assert code
    assert sheet
    file = await client.get(gpx[1])
    assert file.headers["content-type"] == "application/gpx+xml"
    assert f'filename="{trip.trip_no}.gpx"' in file.headers["content-disposition"]
    assert (await client.get(code[1])).content.startswith(b"\x89PNG")
    assert (await client.get(sheet[1])).content.startswith(b"%PDF")
    client.cookies.set("quartermaster_name", "Somebody else")
    assert (await client.get(gpx[1])).status_code == 404


async def test_a_driver_sees_and_presses_their_own_trips_only(
    client: httpx.AsyncClient, house: SmallHouse, trip: Trip, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant import access
    from tools.kit import Right

    monkeypatch.setattr(SmallHouse, "may", lambda _self, user, right: access.may(user, Right(right)))
    confirm(house.store, ("5505",), "VAN2", "Rosa")
    people = house.store.people
    for name, role in (("Rosa", "driver"), ("Sam", "staff")):
        people.add(name, role)
    client.cookies.set("quartermaster_name", "Rosa")
    mine = (await client.get("/deliveries")).text
    assert "White van" in mine
    assert trip.trip_no not in mine
    assert "Cost" not in mine
    client.cookies.set("quartermaster_name", "Sam")
    watching = (await client.get("/deliveries")).text
    assert trip.trip_no in watching
    assert 'name="action"' not in watching
    assert "Driver pack" not in watching
    assert "google" not in (await client.get(f"/deliveries?pack={trip.trip_no}")).text


# -- in a browser -------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits(
    served: Served, trip: Trip, browser: Browser, scheme: Literal["light", "dark"], size: str
) -> None:
    options = PHONE if size == "phone" else {}
    for path in ("/deliveries", f"/deliveries?pack={trip.trip_no}", "/deliveries?day=2026-01-01"):
        with open_page(browser, served.address + path, color_scheme=scheme, **options) as page:
            nothing_to_complain(page)
            no_sideways_scroll(page)
            if size == "phone":
                large_targets(page)


@pytest.mark.browser
def test_the_map_comes_closer_and_keeps_its_marks(served: Served, trip: Trip, browser: Browser) -> None:
    with open_page(browser, f"{served.address}/deliveries", **PHONE) as page:
        drawing = page.locator("svg.map-narrow")
        mark = drawing.locator(".mark.stop").first
        before, small = drawing.get_attribute("viewBox"), mark.bounding_box()
        page.get_by_label("Closer").click()
        large = mark.bounding_box()
        assert drawing.get_attribute("viewBox") != before
        assert small
        assert large
        assert abs(small["width"] - large["width"]) < 1
        page.get_by_label("The whole map").click()
        assert drawing.get_attribute("viewBox") == before


@pytest.mark.browser
def test_what_happens_appears_by_itself(served: Served, trip: Trip, browser: Browser) -> None:
    with open_page(browser, f"{served.address}/deliveries") as page:
        expect(page.get_by_role("button", name="Delivered: 5503")).to_be_visible()
        done = FinishStop("5503", "delivered", datetime(2026, 3, 16, 10, 40))
        served.house.store.apply(done, OWNER, request_id="done", at=NOW)
        expect(page.get_by_role("button", name="Delivered: 5503")).to_have_count(0, timeout=15_000)
        expect(page.locator(".map svg")).not_to_have_count(0)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 390, 480, 740, 1080])
def test_every_room_is_reached_at_every_width(served: Served, browser: Browser, width: int) -> None:
    size: Any = {"width": width, "height": 640}
    with open_page(browser, f"{served.address}/deliveries", viewport=size) as page:
        no_sideways_scroll(page)
        rooms = page.get_by_role("navigation", name="Rooms")
        box = rooms.get_by_text("More", exact=True).bounding_box()
        assert box
        assert box["x"] + box["width"] <= width
        rooms.get_by_text("More", exact=True).click()
        nothing_to_complain(page)
        rooms.get_by_role("link", name="People").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("People")


@pytest.mark.browser
def test_a_map_in_the_chat_is_drawn_as_soon_as_it_is_there(
    served: Served, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.deliveries import a_map

    monkeypatch.setattr(SmallHouse, "_chart", lambda _self: Reply("The day.", blocks=(a_map(60, 5),)))
    with open_page(browser, served.address, **PHONE) as page:
        page.get_by_label("Your message").fill("show me the chart")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Closer")).to_be_visible()
        nothing_to_complain(page)
        no_sideways_scroll(page)
        page.get_by_text("Stops of “Deliveries of Monday”").click()
        address = page.get_by_role("link", name="As a picture").get_attribute("href")
        picture = page.request.get(f"{served.address}{address}").body()
    assert Image.open(io.BytesIO(picture)).size[0] == 1080
