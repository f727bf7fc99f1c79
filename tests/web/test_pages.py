"""The pages as HTML: what stands on them, for whom, and that nothing gets out of its quotes."""

from __future__ import annotations

import re

import httpx
import pytest

from connectors.chat.web.shelves import Wanted, wanted_skus
from connectors.feeds import load
from tests.web.conftest import client_of
from tests.web.shop import NOW, SmallHouse, write_shop
from tests.web.test_who_speaks import token_on
from tools.store import Actor

PAGES = ("/", "/today", "/stock", "/stock/MUG-RED", "/import", "/people", "/docs", "/login?next=/stock")


@pytest.mark.parametrize("path", PAGES)
async def test_pages_need_no_inline_script_or_style(client: httpx.AsyncClient, path: str) -> None:
    page = await client.get(path, follow_redirects=True)
    assert page.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page.text)
    for address in re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text):
        assert (await client.get(address)).status_code == 200, address


async def test_what_the_data_holds_is_shown_as_text(client: httpx.AsyncClient) -> None:
    for path in ("/stock", "/stock/TEA-EG"):
        page = await client.get(path)
        assert "&lt;b&gt;&amp; more&lt;/b&gt;" in page.text
        assert "<b>& more" not in page.text
    asked = await client.get("/", params={"ask": "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in asked.text


async def test_the_chat_works_without_scripts(client: httpx.AsyncClient, house: SmallHouse) -> None:
    form = {"form_token": token_on(await client.get("/")), "text": "we broke 3 red mugs", "event_id": "e1"}
    for _ in range(2):
        sent = await client.post("/chat/say", data=form)
        assert (sent.status_code, sent.headers["location"]) == (303, "/#latest")
    assert len(house.turns) == 1
    page = (await client.get("/")).text
    assert "Take 3 Red Mug off High Street?" in page
    button = re.search(r'name="action" value="([^"]+)" class="primary"', page)
    assert button is not None
    await client.post("/chat/press", data={"form_token": form["form_token"], "action": button[1]})
    after = (await client.get("/")).text
    assert "12 → 9" in after
    assert 'class="ended done"' in after
    assert "no longer offered" in after
    assert 'name="action"' not in after


async def test_charts_have_a_table_and_a_picture(client: httpx.AsyncClient) -> None:
    form = {"form_token": token_on(await client.get("/")), "text": "the chart", "event_id": "e1"}
    await client.post("/chat/say", data=form)
    page = (await client.get("/")).text
    assert "Figures of “Red mugs sold”" in page
    picture = re.search(r'<noscript><img src="([^"]+)"', page)
    assert picture is not None
    assert (await client.get(picture[1])).content.startswith(b"\x89PNG")


async def test_an_empty_message_is_no_message(client: httpx.AsyncClient, house: SmallHouse) -> None:
    form = {"form_token": token_on(await client.get("/")), "text": " \n ", "event_id": "e1"}
    assert (await client.post("/chat/say", data=form)).status_code == 303
    assert house.turns == []


async def test_today_tells_what_needs_a_person(client: httpx.AsyncClient) -> None:
    page = (await client.get("/today")).text
    for words in (
        "Mon 16 Mar 2026",
        "Sold today",
        "£9.50",
        "Sales lines up to today",
        "PO-1042",
        "Acme Pottery",
        "Whole Milk 1l",
    ):
        assert words in page, words


async def test_the_stock_list_is_narrowed_and_ordered(client: httpx.AsyncClient) -> None:
    async def names(**params: object) -> list[str]:
        page = await client.get("/stock", params=params)
        return re.findall(r'<th scope="row"><a href="/stock/([^"]+)"', page.text)

    assert await names(search="red mug") == ["MUG-RED"]
    assert await names(category="Mugs", sort="-name") == ["MUG-RED", "MUG-BLUE"]
    assert await names(location="WH") == ["MUG-RED"]
    assert await names(low="on", search="cup") == []
    assert (await names(sort="price"))[0] == "MILK-1L"
    assert (await names(sort="-price"))[0] in {"MUG-RED", "MUG-BLUE"}
    assert "Nothing fits" in (await client.get("/stock", params={"search": "zeppelin"})).text
    assert (await client.get("/stock", params={"page": 0})).status_code == 422


async def test_a_product_tells_where_when_and_by_whom(client: httpx.AsyncClient) -> None:
    page = (await client.get("/stock/MUG-RED")).text
    for words in ("High Street", "Warehouse", "Sold each day", "What happened", "test", "Acme Pottery"):
        assert words in page, words
    milk = (await client.get("/stock/MILK-1L")).text
    assert "M7" in milk
    assert "Thu 19 Mar 2026" in milk


async def test_what_is_not_there_is_said_kindly(client: httpx.AsyncClient) -> None:
    for path in ("/nothing", "/stock/NOPE"):
        page = await client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 404
        assert "Nothing is kept here" in page.text


async def test_speaking_under_another_name(client: httpx.AsyncClient) -> None:
    token = token_on(await client.get("/"))
    done = await client.post("/speak-as", data={"form_token": token, "name": "Zoë; x=1"})
    assert done.status_code == 303
    assert "Good day, Zoë; x=1" in (await client.get("/")).text


async def test_changes_of_the_books_are_streamed(client: httpx.AsyncClient, house: SmallHouse) -> None:
    from connectors.chat.web import events

    stream = events._stream(client._transport.app.state.door, 1)  # type: ignore[attr-defined]
    assert await anext(stream) == "retry: 1000\n\n"
    position = house.store.stock.position()
    assert await anext(stream) == f"event: books\nid: {position}\ndata: {position}\n\n"
    await stream.aclose()


async def test_the_list_has_its_pages_with_many_products(house: SmallHouse, tmp_path) -> None:
    from connectors.chat.web import create_app

    write_shop(tmp_path / "big", products=20_000)
    assert load(house.store, tmp_path / "big", actor=Actor("test", "test"), at=NOW).ok
    app = create_app(house, files=tmp_path / "files", bind_is_loopback=True)
    async with client_of(app) as client:
        await client.get("/stock")
        page = await client.get("/stock", params={"page": 300})
    assert "page 300 of" in page.text
    assert len(wanted_skus(app.state.door, Wanted())) == 20_000


async def test_any_sku_has_its_page(client: httpx.AsyncClient, house: SmallHouse, tmp_path) -> None:
    odd = ("A/B?c=1&d#e", "50% off", "Ünï-✓", "..", "a//b")
    rows = "".join(f'"{sku}","Odd {number}"\n' for number, sku in enumerate(odd))
    (tmp_path / "products.csv").write_text(f"sku,name\n{rows}", encoding="utf-8")
    assert load(house.store, tmp_path / "products.csv", actor=Actor("test", "test"), at=NOW).ok
    listed = (await client.get("/stock", params={"search": "Odd"})).text
    addresses = re.findall(r'<th scope="row"><a href="(/stock/[^"]+)"', listed)
    assert len(addresses) == len(odd)
    for address in addresses:
        if ".." not in address:
            assert (await client.get(address)).status_code == 200, address
