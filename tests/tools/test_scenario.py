"""What if: the same futures with something changed, told in service and money, and never written."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.assistant.conftest import parser, talk  # noqa: F401 - the conversation's fixtures
from tests.shop import MILK, NOW, RED
from tests.tools.people import OWNER, TOM, call, data
from tests.tools.test_reorder import forecast, forecasted
from tools.kit import Ask, Chart, Missing, Refused, Reply, Table, all_tools
from tools.store import Store


@pytest.fixture
def foreseen(shop: Store) -> Store:
    return forecasted(shop, forecast(RED, 14), forecast(MILK, 35))


def test_a_later_supplier_is_told_in_service_and_money(foreseen: Store) -> None:
    result = call(foreseen, "scenario.simulate", supplier="ACME", days=30)
    assert isinstance(result, Reply)
    assert result.text.startswith("If deliveries of Acme Ceramics come 30 days later: over 13 weeks ")
    assert "less profit (in nine of ten futures -£" in result.text
    assert "It changes most for Red Mug 350ml" in result.text
    assert result.data["fill_rate"]["after"] < result.data["fill_rate"]["before"]
    assert result.data["rows"][0]["sku"] == RED


def test_both_paths_are_drawn_and_the_products_that_change_most_listed(foreseen: Store) -> None:
    result = call(foreseen, "scenario.simulate", supplier="ACME", days=30)
    assert isinstance(result, Reply)
    chart, table = result.blocks
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert [series.name for series in chart.series] == ["as it is", "what if"]
    assert table.rows[0][0] == "Red Mug 350ml"


def test_planning_for_it_does_better_than_being_surprised(foreseen: Store) -> None:
    slots = {"products": [RED], "percent": 60}
    surprised = data(foreseen, "scenario.simulate", **slots)
    planned = data(foreseen, "scenario.simulate", **slots, detail='{"planned":true}')
    assert planned["fill_rate"]["after"] >= surprised["fill_rate"]["after"]


def test_the_same_question_has_the_same_answer(foreseen: Store) -> None:
    once = data(foreseen, "scenario.simulate", products=[RED], percent=30)
    assert data(foreseen, "scenario.simulate", products=[RED], percent=30) == once


def test_no_change_changes_nothing(foreseen: Store) -> None:
    found = data(foreseen, "scenario.simulate", products=[RED], percent=0)
    assert found["profit"]["difference"] == 0
    assert found["path"]["before"] == found["path"]["after"]


def test_it_runs_on_a_connection_that_cannot_write(foreseen: Store) -> None:
    engine = foreseen.database.engine
    event.listen(engine, "checkout", lambda raw, *_: raw.execute("PRAGMA query_only = ON"))
    try:
        ask = Ask(foreseen, OWNER, NOW)
        for slots in (
            {"supplier": "ACME", "days": 14},
            {"percent": 30},
            {"products": [MILK], "percent": -20},
        ):
            assert isinstance(all_tools()["scenario.simulate"].call(ask, slots), Reply)
        with pytest.raises(Exception, match="readonly"):
            foreseen.settings.set("x", "y")
    finally:
        engine.dispose()


def test_staff_are_told_of_service_but_not_of_money(foreseen: Store) -> None:
    result = call(foreseen, "scenario.simulate", TOM, products=[RED], percent=50)
    assert isinstance(result, Reply)
    assert "£" not in result.text
    assert "profit" not in result.data


def test_what_is_not_said_is_asked_for(foreseen: Store) -> None:
    assert call(foreseen, "scenario.simulate", supplier="ACME") == Missing(
        "days", "How many days later would Acme Ceramics deliver?"
    )
    assert call(foreseen, "scenario.simulate") == Missing(
        "percent", "By how many percent would demand change?"
    )


def test_demand_cannot_fall_below_nothing(foreseen: Store) -> None:
    assert isinstance(call(foreseen, "scenario.simulate", percent=-150), Refused)


def test_a_new_product_like_another_gets_a_wide_range_and_a_first_order(foreseen: Store) -> None:
    result = call(
        foreseen, "scenario.simulate", text="what if we bring in a new mug like the red one", products=[RED]
    )
    assert isinstance(result, Reply)
    assert result.text.startswith(
        "A new product like Red Mug 350ml should sell about 182 in 13 weeks (in eight"
    )
    assert "start with " in result.text


def test_it_is_asked_in_chat(talk) -> None:  # noqa: F811
    anna = talk()
    forecasted(anna.house.store, forecast(RED, 14))
    answer = anna.say("what if Acme takes two weeks longer?")
    assert answer.text.startswith("If deliveries of Acme Ceramics come 14 days later")
    assert "And if we plan for it?" in [action.label for action in answer.actions]
    assert "order with that in mind" in anna.press("And if we plan", answer).text
    assert "300 possible futures" in anna.say("why?").text
