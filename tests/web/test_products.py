"""Products, tools and health over HTTP."""

from __future__ import annotations

import httpx

from tests.web.shop import SmallHouse


async def test_products_come_by_name_with_their_stock(client: httpx.AsyncClient) -> None:
    page = (await client.get("/api/v1/products")).json()
    assert (page["page"], page["pages"], page["total"]) == (1, 1, 6)
    red = next(one for one in page["products"] if one["sku"] == "MUG-RED")
    assert (red["on_hand"], red["available"], red["price"], red["unit_cost"]) == (42, 42, 9.5, 4.1)
    names = [one["name"] for one in page["products"]]
    assert names == sorted(names, key=str.casefold)


async def test_products_can_be_narrowed(client: httpx.AsyncClient) -> None:
    async def skus(**params: object) -> list[str]:
        found = await client.get("/api/v1/products", params=params)
        return [one["sku"] for one in found.json()["products"]]

    assert await skus(search="red mug") == ["MUG-RED"]
    assert await skus(category="Mugs") == ["MUG-BLUE", "MUG-RED"]
    assert await skus(search="mug", category="Dairy") == []
    assert await skus(location="WH") == ["MUG-RED"]
    assert await skus(location="nowhere") == []
    assert await skus(page=9) == []


async def test_figures_are_those_of_the_place_asked_for(client: httpx.AsyncClient) -> None:
    page = (await client.get("/api/v1/products", params={"location": "WH"})).json()
    assert [one["on_hand"] for one in page["products"]] == [30]


async def test_one_product_comes_place_by_place(client: httpx.AsyncClient) -> None:
    red = (await client.get("/api/v1/products/MUG-RED")).json()
    assert {level["location"]: level["on_hand"] for level in red["levels"]} == {"HIGH": 12, "WH": 30}
    missing = await client.get("/api/v1/products/NO-SUCH")
    assert (missing.status_code, missing.json()) == (404, {"detail": "There is no such product."})


async def test_somebody_of_one_place_sees_that_place_only(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    house.store.people.add("Wanda", "staff", locations=["WH"])
    client.cookies.set("quartermaster_name", "Wanda")
    red = (await client.get("/api/v1/products/MUG-RED")).json()
    assert [level["location"] for level in red["levels"]] == ["WH"]
    assert (red["on_hand"], red["unit_cost"]) == (30, None)
    elsewhere = await client.get("/api/v1/products", params={"location": "HIGH"})
    assert elsewhere.json()["products"] == []


async def test_tools_tell_what_can_be_asked(client: httpx.AsyncClient) -> None:
    tools = {tool["intent"]: tool for tool in (await client.get("/api/v1/tools")).json()}
    assert tools["stock.query"]["available"]
    assert tools["stock.adjust"]["changes_something"]
    assert tools["stock.adjust"]["required"] == ["products", "quantity"]


async def test_health_and_figures(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    ready = (await client.get("/readyz")).json()
    assert ready["status"] == "ready"
    await client.post("/api/v1/messages", json={"conversation": "c", "user": "a", "text": "hello"})
    figures = (await client.get("/metrics")).text
    assert f"quartermaster_ledger_position {float(ready['position'])}" in figures
    assert 'quartermaster_turns_total{kind="message",repeated="false"} 1.0' in figures
    assert 'route="/api/v1/messages",status="200"' in figures
