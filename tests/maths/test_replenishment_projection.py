"""How stock goes from day to day, what lies asleep, classes, and moves between places."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.maths.replenishment.classes import abc, usual_order, variation, xyz
from tools.maths.replenishment.items import Arrival, Item
from tools.maths.replenishment.lead_time import LeadTime
from tools.maths.replenishment.outlook import steady
from tools.maths.replenishment.policy import Policy, decide
from tools.maths.replenishment.projection import asleep, cost_of_running_out, course, project, runs_out
from tools.maths.replenishment.transfers import after, transfers

TODAY = date(2026, 3, 2)


def mug(rate: float = 2.0, **changes: object) -> Item:
    usual = Item("MUG", steady(rate, rate * 1.5, TODAY), LeadTime(10.0, 2.0), unit_cost=4.0, price=9.0)
    return replace(usual, **changes)


arrivals = st.lists(st.tuples(st.floats(-3, 70), st.integers(1, 60)), max_size=4)


@given(st.floats(-30, 200), arrivals, st.lists(st.floats(0, 9), min_size=1, max_size=60))
def test_nothing_appears_and_nothing_is_lost(
    stock: float, coming: list[tuple[float, int]], demand: list[float]
) -> None:
    wanted = np.concatenate([[0.0], np.cumsum(demand)])
    found = course(stock, [Arrival(*one) for one in coming], wanted)
    assert np.allclose(found.sold + found.short, demand)
    assert np.all(found.sold >= -1e-9)
    assert np.all(found.short >= -1e-9)
    assert np.all(found.stock >= min(stock, 0) - 1e-9)
    assert found.stock[-1] == pytest.approx(stock + found.arrived.sum() - found.sold.sum(), abs=1e-6)


def test_an_order_counts_on_the_day_it_comes() -> None:
    item = mug(on_hand=10, on_order=(Arrival(8, 30),), lead=LeadTime(10.0, 0.0))
    path = project(item, TODAY, 30)
    assert path.expected.stock[4] == pytest.approx(0)
    assert path.expected.stock[7] == 0
    assert path.expected.stock[8] == pytest.approx(28)
    assert path.runs_out_on == date(2026, 3, 7)
    assert runs_out(item, TODAY) == path.runs_out_on
    assert runs_out(mug(on_hand=10, on_order=(Arrival(4, 30),)), TODAY) == date(2026, 3, 22)


def test_the_band_lies_about_what_is_expected() -> None:
    path = project(mug(on_hand=60, on_order=(Arrival(8, 30),)), TODAY, 60)
    assert np.all(path.low.stock <= path.expected.stock + 1)
    assert np.all(path.high.stock >= path.expected.stock - 1)
    assert path.runs_out_early is not None
    assert path.runs_out_on is not None
    assert path.runs_out_early < path.runs_out_on


def test_a_proposal_shows_in_the_path() -> None:
    path = project(mug(on_hand=30), TODAY, 40, ordered=[Arrival(10, 50)])
    assert path.expected.stock[10] == pytest.approx(30 + 50 - 22)


def test_what_is_promised_is_served_first_when_goods_come() -> None:
    found = course(-5.0, [Arrival(2, 8)], np.arange(5.0))
    assert found.stock.tolist() == [-5, -5, 2, 1]
    assert found.short.tolist() == [1, 1, 0, 0]


def test_running_out_costs_units_times_margin() -> None:
    lasting = cost_of_running_out(mug(on_hand=1000), TODAY, 30)
    assert lasting.units == pytest.approx(0, abs=1e-9)
    empty = cost_of_running_out(mug(on_hand=0), TODAY, 30)
    assert empty.units == pytest.approx(60)
    assert empty.money == pytest.approx(300)
    assert empty.most_money is not None
    assert empty.most_money > 300
    assert empty.chance == pytest.approx(1, abs=1e-6)
    assert cost_of_running_out(mug(price=None), TODAY, 30).money is None


def test_stock_that_does_not_sell_lies_asleep() -> None:
    dead = asleep(mug(rate=0.0, on_hand=25), TODAY)
    assert (dead.units, dead.money, dead.lasts_days) == (25, 100, inf)
    slow = asleep(mug(rate=0.1, on_hand=25), TODAY, most_days=180)
    assert slow.units == pytest.approx(7)
    assert slow.lasts_days == pytest.approx(250)
    assert asleep(mug(on_hand=25), TODAY).units == 0
    assert asleep(mug(rate=0.5, on_hand=25, shelf_life_days=30), TODAY).goes_off == pytest.approx(10)


def test_a_few_products_make_most_of_the_money() -> None:
    assert abc({"a": 81.0, "b": 14.5, "c": 4.5}) == {"a": "A", "b": "B", "c": "C"}
    assert abc({"only": 3.0}) == {"only": "A"}
    assert abc({"none": 0.0, "loss": -2.0}) == {"none": "C", "loss": "C"}
    assert [xyz(value) for value in (0.0, 0.49, 0.99, inf)] == ["X", "X", "Y", "Z"]
    assert variation([0.0, 0.0]) == inf


def test_orders_that_hardly_ever_come_are_special() -> None:
    assert usual_order([1.0] * 10) == inf
    assert usual_order([1.0] * 399 + [500.0]) < 500


def test_a_place_gives_only_what_it_does_not_need_itself() -> None:
    here = mug(place="NORTH", on_hand=100)
    there = mug(place="SOUTH", on_hand=3)
    far = mug(place="WEST", on_hand=20)
    decisions = decide([here, there, far], Policy(), TODAY)
    moves = transfers(decisions)
    assert {(move.source, move.destination) for move in moves} == {("NORTH", "SOUTH"), ("NORTH", "WEST")}
    assert sum(move.quantity for move in moves) <= 100 - decisions[0].order_up_to
    assert moves[0].destination == "SOUTH"
    assert "above its own" in moves[0].why
    assert transfers(decisions, least_value=1e6) == []
    later = after([here, there, far], moves, 2)
    assert sum(item.on_hand + item.arriving(9) for item in later) == 123
    again = decide(later, Policy(), TODAY)
    assert again[0].quantity == 0
    assert again[1].quantity < decisions[1].quantity


def test_goods_on_the_way_are_not_given_away() -> None:
    coming = mug(place="NORTH", on_hand=5, on_order=(Arrival(2, 100),))
    moves = transfers(decide([coming, mug(place="SOUTH", on_hand=0)], Policy(), TODAY))
    assert sum(move.quantity for move in moves) <= 5
