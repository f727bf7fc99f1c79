"""The page of learned words: who taught what, and forgetting it."""

from __future__ import annotations

import httpx

from tests.web.shop import NOW, SmallHouse
from tests.web.test_people_page import post
from tools.store import Actor
from tools.store.learned import LearnedName, Meaning


def taught(house: SmallHouse, words: str = "crimson") -> LearnedName:
    sku = next(iter(house.store.catalogue().products))
    return house.store.learned.teach(Meaning(words, words, "product", sku), Actor("Anna", "test"), NOW)


async def test_the_page_says_who_taught_what_and_how_often_it_was_used(
    client: httpx.AsyncClient, house: SmallHouse
) -> None:
    assert "Nothing yet" in (await client.get("/learned")).text
    known = taught(house)
    house.store.learned.use([known.id], NOW)
    page = (await client.get("/learned")).text
    assert "crimson" in page
    assert "Anna, Mon 16 Mar 2026" in page
    assert "last Mon 16 Mar 2026" in page


async def test_a_word_is_forgotten_there(client: httpx.AsyncClient, house: SmallHouse) -> None:
    known = taught(house)
    assert (await post(client, f"/learned/{known.id}/forget")).status_code == 303
    assert house.store.learned.all() == []
    assert (await post(client, f"/learned/{known.id}/forget")).status_code == 404


async def test_a_page_of_somebody_else_forgets_nothing(client: httpx.AsyncClient, house: SmallHouse) -> None:
    known = taught(house)
    assert (await client.post(f"/learned/{known.id}/forget")).status_code == 403
    assert len(house.store.learned.all()) == 1


async def test_markup_in_a_word_is_shown_as_text(client: httpx.AsyncClient, house: SmallHouse) -> None:
    taught(house, "<script>alert(1)</script>")
    page = (await client.get("/learned")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
