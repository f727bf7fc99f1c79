"""The pages of the forecast: the list, a product, people's own figures, asking for a new one."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.web.shop import NOW, TODAY, SmallHouse
from tests.web.test_people_page import post
from tools.store.forecasts import ASKED
from tools.store.planning_facts import StoredForecast


@pytest.fixture
def forecast(house: SmallHouse) -> StoredForecast:
    row = StoredForecast(
        "MUG-RED",
        None,
        run_id=0,
        cut_off=TODAY - timedelta(days=1),
        version="1",
        made_at=NOW,
        model="mean of SES and theta",
        demand_class="smooth",
        law="counts",
        weekly=(17.0,) * 13,
        sum_variance=tuple(30.0 * week for week in range(1, 14)),
        profile=(1 / 7,) * 7,
        periods=4,
    )
    run = house.store.forecasts.start(row.cut_off, "1", 1, NOW)
    assert run is not None
    house.store.forecasts.save(run, [row], NOW)
    house.store.forecasts.finish(run, {}, NOW)
    return row


async def test_before_the_first_forecast_the_page_says_when_it_comes(client: httpx.AsyncClient) -> None:
    page = (await client.get("/forecast")).text
    assert "None was made yet" in page


@pytest.mark.usefixtures("forecast")
async def test_the_list_has_every_product_with_its_range(client: httpx.AsyncClient) -> None:
    page = (await client.get("/forecast")).text
    assert "10 – 24" in page
    assert "Money in stock" in page
    found = (await client.get("/forecast?search=blue")).text
    assert "Blue Mug 350ml" in found


@pytest.mark.usefixtures("forecast")
async def test_a_product_shows_what_the_chat_says_and_both_pictures(client: httpx.AsyncClient) -> None:
    page = (await client.get("/forecast/MUG-RED")).text
    assert "About 17 × Red Mug 350ml this week" in page
    assert page.count("data-chart=") == 2
    assert "<noscript><img" in page
    blue = (await client.get("/forecast/MUG-BLUE")).text
    assert "nothing to forecast from" in blue
    assert (await client.get("/forecast/NONE")).status_code == 404


@pytest.mark.usefixtures("forecast")
async def test_a_persons_figure_is_kept_beside_the_models_and_taken_back(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    days = {"first": "2026-03-23", "last": "2026-03-29"}
    wrong = await post(client, "/forecast/MUG-RED/own", quantity="lots", **days)
    assert wrong.status_code == 422
    assert "lots is no number." in wrong.text
    kept = await post(client, "/forecast/MUG-RED/own", quantity="40", reason="fair <b>", **days)
    assert kept.status_code == 303
    (own,) = house.store.forecasts.overrides(["MUG-RED"], first=TODAY, last=TODAY + timedelta(days=30))
    assert (own.quantity, own.model_quantity, own.reason) == (40, 17, "fair <b>")
    page = (await client.get("/forecast/MUG-RED")).text
    assert "owner expects 40 from" in page
    assert "fair &lt;b&gt;" in page
    await post(client, f"/forecast/own/{own.id}/withdraw", sku="MUG-RED")
    assert house.store.forecasts.overrides(["MUG-RED"], first=TODAY, last=TODAY + timedelta(days=30)) == []


async def test_a_new_forecast_is_asked_for_with_one_button(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    assert (await client.post("/forecast/again")).status_code == 403
    assert (await post(client, "/forecast/again")).status_code == 303
    assert house.store.settings.get(ASKED) == "after run 0"
