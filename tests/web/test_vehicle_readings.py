"""What vehicles measure comes in over HTTP: with a token, once, all of it or none."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import insert, update

from tests.web.shop import SmallHouse
from tools.store.tables import VehicleRow

READ = {
    "readings": [
        {"kind": "odometer", "value": 61800, "at": "2026-03-01T08:00"},
        {"kind": "voltage", "value": 12.62, "ambient": 6.5},
    ],
    "faults": ["P0301"],
}


@pytest.fixture
def token(house: SmallHouse) -> str:
    with house.store.database.writing() as connection:
        connection.execute(insert(VehicleRow), {"code": "VAN1", "name": "Blue van", "active": True})
    user = house.store.people.add("Tracker", "driver")
    assert user.id is not None
    return house.store.people.new_token(user.id, "personal")


async def post(
    client: httpx.AsyncClient, token: str, body: object, vehicle: str = "VAN1", key: str = ""
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}
    return await client.post(f"/api/v1/vehicles/{vehicle}/readings", json=body, headers=headers)


async def test_readings_and_codes_are_kept(client: httpx.AsyncClient, house: SmallHouse, token: str) -> None:
    answer = await post(client, token, READ)
    assert answer.json() == {"vehicle": "VAN1", "readings": 2, "faults": ["P0301"], "repeated": False}
    upkeep = house.store.upkeep
    assert [(one.value, one.ambient) for one in upkeep.readings("voltage")] == [(12.62, 6.5)]
    assert [float(one.km) for one in upkeep.odometer()] == [61800.0]
    assert [one.code for one in upkeep.faults()] == ["P0301"]


async def test_the_same_number_counts_once(client: httpx.AsyncClient, house: SmallHouse, token: str) -> None:
    first, second = [await post(client, token, READ, key="reading-1") for _ in range(2)]
    assert (first.json()["repeated"], second.json()["repeated"]) == (False, True)
    assert len(house.store.upkeep.readings("voltage")) == 1
    again = await post(client, token, {"faults": ["P0301"]})
    assert again.json()["repeated"] is True


async def test_nothing_is_kept_where_one_reading_is_wrong(
    client: httpx.AsyncClient, house: SmallHouse, token: str
) -> None:
    wrong = {"readings": [*READ["readings"], {"kind": "odometer", "value": -5}]}  # type: ignore[misc]
    assert (await post(client, token, wrong)).status_code == 400
    later = {"readings": [{"kind": "odometer", "value": 5, "at": "2031-01-01T08:00"}]}
    assert (await post(client, token, later)).status_code == 400
    assert (await post(client, token, {"faults": ["X1"]})).status_code == 422
    assert house.store.upkeep.odometer() == []


async def test_strangers_and_unknown_vans_are_turned_away(client: httpx.AsyncClient, token: str) -> None:
    bare = await client.post("/api/v1/vehicles/VAN1/readings", json=READ)
    assert bare.status_code == 401
    assert (await post(client, token, READ, vehicle="LORRY")).status_code == 404


async def test_the_page_shows_each_van_with_what_it_needs(
    client: httpx.AsyncClient, house: SmallHouse, token: str
) -> None:
    await post(client, token, {**READ, "faults": ["P0217"]})
    shown = (await client.get("/vehicles", headers={"Authorization": f"Bearer {token}"})).text
    assert "Blue van" in shown
    assert "not safe to drive" in shown
    assert "P0217 (engine too hot)" in shown
    assert house.store.upkeep.faults()


async def test_the_page_of_a_shop_without_vans_says_how_they_come(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    with house.store.database.writing() as connection:
        connection.execute(update(VehicleRow).values(active=False))
    assert "There are no vehicles in the books" in (await client.get("/vehicles")).text
