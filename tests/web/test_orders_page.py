"""The pages of purchase orders and of how the shop orders."""

from __future__ import annotations

import json

import httpx

from tests.web.shop import SmallHouse
from tests.web.test_people_page import post
from tools.kit.autonomy import rung
from tools.kit.planning_policy import shop_policy


async def test_orders_are_listed_by_what_they_wait_for(client: httpx.AsyncClient) -> None:
    page = (await client.get("/orders")).text
    assert "No draft waits for a yes." in page
    assert '<a href="/orders/PO-1042">PO-1042</a>' in page
    assert "ordered, late" in page


async def test_an_order_shows_its_goods_and_what_can_be_done(client: httpx.AsyncClient) -> None:
    page = (await client.get("/orders/PO-1042")).text
    assert "Blue Mug 350ml" in page
    assert "It has arrived" in page
    assert "What came" in page
    assert (await client.get("/orders/PO-9")).status_code == 404


async def test_a_button_of_an_order_is_one_button_however_often_the_page_is_opened(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    pages = [(await client.get("/orders/PO-1042")).text for _ in range(2)]
    tokens = {page.split('name="action" value="')[1].split('"')[0] for page in pages}
    assert len(tokens) == 1
    action = house.store.talk.action(tokens.pop())
    assert action is not None
    assert (action.intent, action.state, action.conversation) == ("po.receive", "offered", "web:owner")


async def test_a_form_of_another_page_presses_nothing(client: httpx.AsyncClient, house: SmallHouse) -> None:
    assert (await client.post("/orders/PO-1042/press", data={"action": "x"})).status_code == 403
    assert (await client.post("/orders/PO-1042/receive", data={"came-0-0": "1"})).status_code == 403
    assert house.turns == []


async def test_what_came_has_to_be_a_number_of_goods(client: httpx.AsyncClient, house: SmallHouse) -> None:
    for came in ("-1", "many", "0"):
        answer = await post(client, "/orders/PO-1042/receive", **{"came-0-0": came, "seen": "0"})
        assert answer.status_code == 422
    assert house.turns == []


async def test_what_came_is_told_by_lot_and_use_by_date(client: httpx.AsyncClient, house: SmallHouse) -> None:
    assert "It came in more lots" in (await client.get("/orders/PO-1042")).text
    page = (await client.get("/orders/PO-1042?lots=2")).text
    assert 'name="until-0-1"' in page
    form = {"came-0-0": "6", "lot-0-0": "l7", "until-0-0": "2027-03-03", "came-0-1": "4", "broken-0-1": "1"}
    wrong = await post(client, "/orders/PO-1042/receive", seen="0", **{**form, "until-0-0": "soon"})
    assert wrong.status_code == 422
    await post(client, "/orders/PO-1042/receive", seen="0", **form)
    pressed = house.store.talk.action(house.turns[-1].action or "")
    assert pressed is not None
    assert json.loads(pressed.slots["detail"])["came"] == [
        ["MUG-BLUE", "HIGH", "6", "0", "L7", "2027-03-03"],
        ["MUG-BLUE", "HIGH", "4", "1", "", ""],
    ]


async def test_the_policy_is_kept_and_nonsense_is_refused(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    assert 'placeholder="7"' in (await client.get("/policy")).text
    wrong = await post(client, "/policy", plan_review_days="soon", plan_service_a="0.98")
    assert wrong.status_code == 422
    assert "is a number from 1 to 90" in wrong.text
    assert house.store.settings.get("plan_service_a") == ""
    assert (await post(client, "/policy", plan_review_days="14")).status_code == 303
    assert house.store.settings.get("plan_review_days") == "14"
    assert house.store.audit.rows(subject="plan_review_days")
    assert (await post(client, "/policy", plan_manager_approves="750")).status_code == 303
    assert shop_policy(house.store).manager_approves == 750
    assert house.store.audit.rows(subject="plan_manager_approves")


async def test_a_supplier_is_put_on_a_rung_with_a_limit(client: httpx.AsyncClient, house: SmallHouse) -> None:
    assert "Nothing was watched for Acme Pottery yet" in (await client.get("/policy")).text
    wrong = await post(client, "/policy/supplier/ACME", level="auto")
    assert "it needs a limit above 0" in wrong.text
    assert (await post(client, "/policy/supplier/ACME", level="auto", limit="80")).status_code == 303
    assert rung(house.store, "ACME").limit == 80
