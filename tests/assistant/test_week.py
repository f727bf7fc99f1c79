"""On Mondays, whoever sees costs reads how good the week was."""

from __future__ import annotations

import pytest

from assistant.codec import answer_from_json
from tests.assistant.speaking import Shop, speaking_shop
from tests.shop import MILK, NOW, RED
from tests.tools.test_forecast_tools import forecast, row
from tools.store import Store


@pytest.fixture
def shop(store: Store) -> Shop:
    found = speaking_shop(store)
    forecast(store, [row(RED, 7), row(MILK, 70)])
    return found


def test_the_scorecard_comes_on_mondays_once(shop: Shop):
    assert NOW.weekday() == 0
    shop.look(now=[])
    shop.look(hours=1)
    told = shop.told(kind="week")
    assert [one.channel for one in told] == ["slack", "telegram"]
    text = answer_from_json(told[0].answer).text
    assert text.startswith("How the week went:\n• ")
    assert "out of stock now" in text
    assert "in stock, of it" in text
    assert len(text.splitlines()) <= 6
    shop.look(hours=24)
    assert len(shop.told(kind="week")) == 2


def test_without_a_forecast_there_is_no_scorecard(store: Store):
    shop = speaking_shop(store)
    shop.look(now=[])
    assert shop.told(kind="week") == []
    assert len(shop.told(kind="brief")) == 2
