"""Who sends what: whole or split, with what can be promised, for the least cost that there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

from tools.maths.allocation.batch import Allocation, allocate
from tools.maths.allocation.problem import (
    Choice,
    Line,
    Order,
    Problem,
    Way,
    cost_of,
    faults,
)

NEAR, FAR = {"SHOP": Way(3.0), "DEPOT": Way(5.0)}, {"SHOP": Way(9.0), "DEPOT": Way(5.0)}


def order(key: str, *wanted: tuple[str, int], ways: dict[str, Way] | None = None) -> Order:
    return Order(key, tuple(Line(sku, amount, 50.0) for sku, amount in wanted), ways or NEAR)


def one(problem: Problem, seconds: float = 1.0) -> Choice:
    return allocate(problem, seconds=seconds).choices[problem.orders[0].key]


def cheapest(problem: Problem) -> float:
    """By trying everything."""
    ways = [list(product(*([*order.ways, None] for _ in order.lines))) for order in problem.orders]
    least = float("inf")
    for picked in product(*ways):
        choices = {
            order.key: Choice(places, cost_of(order, places, problem.split))
            for order, places in zip(problem.orders, picked, strict=True)
        }
        if not faults(problem, choices):
            least = min(least, sum(choice.cost.total for choice in choices.values()))
    return least


def random_problem(seed: int, orders: int = 3, places: int = 2) -> Problem:
    draw = Random(seed)
    names, goods = [f"P{at}" for at in range(places)], ["A", "B", "C"]
    wanted = tuple(
        Order(
            f"O{at}",
            tuple(
                Line(sku, draw.randint(1, 4), 40.0, {name: draw.random() * 5 for name in names})
                for sku in draw.sample(goods, draw.randint(1, 2))
            ),
            {name: Way(draw.random() * 10, draw.random()) for name in names},
        )
        for at in range(orders)
    )
    stock = {(sku, name): draw.randint(0, 6) for sku in goods for name in names}
    return Problem(wanted, stock, 2.0)


def test_an_order_goes_whole_from_the_nearest_place_that_has_all_of_it() -> None:
    stock = {("A", "SHOP"): 5, ("A", "DEPOT"): 5, ("B", "SHOP"): 5, ("B", "DEPOT"): 5}
    assert one(Problem((order("1", ("A", 1), ("B", 2)),), stock, 2.0)).places == ("SHOP", "SHOP")


def test_an_order_goes_whole_from_farther_off_where_a_second_parcel_costs_more() -> None:
    stock = {("A", "SHOP"): 5, ("A", "DEPOT"): 5, ("B", "DEPOT"): 5}
    assert one(Problem((order("1", ("A", 1), ("B", 2)),), stock, 2.0)).places == ("DEPOT", "DEPOT")


def test_an_order_is_split_where_no_place_has_all_of_it() -> None:
    stock = {("A", "SHOP"): 5, ("B", "DEPOT"): 5}
    choice = one(Problem((order("1", ("A", 1), ("B", 2)),), stock, 2.0))
    assert choice.places == ("SHOP", "DEPOT")
    assert choice.cost.splitting == 2.0
    assert choice.cost.total == 10.0


def test_a_line_that_no_place_holds_whole_comes_from_several_and_what_nobody_has_waits() -> None:
    found = allocate(
        Problem((order("1", ("A", 6)),), {("A", "SHOP"): 3, ("A", "DEPOT"): 2}, 1.0), seconds=1.0
    )
    lines = found.problem.orders[0].lines
    assert [(line.quantity, place) for line, place in zip(lines, found.choices["1"].places, strict=True)] == [
        (3, "SHOP"),
        (2, "DEPOT"),
        (1, None),
    ]


def test_a_place_that_would_run_out_keeps_its_last_one_where_another_can_send_it() -> None:
    risky = Line("A", 1, 50.0, {"SHOP": 4.0, "DEPOT": 0.1})
    problem = Problem((Order("1", (risky,), NEAR),), {("A", "SHOP"): 1, ("A", "DEPOT"): 9})
    assert one(problem).places == ("DEPOT",)


def test_nothing_is_sent_from_a_place_without_a_way() -> None:
    stock = {("A", "SHOP"): 9, ("A", "DEPOT"): 9}
    assert one(Problem((order("1", ("A", 1), ways={"DEPOT": Way(5.0)}),), stock)).places == ("DEPOT",)


def test_scarce_stock_goes_to_the_order_that_has_no_other_way_and_is_named_as_what_decides() -> None:
    orders = (order("near", ("A", 1)), order("only", ("A", 1), ways={"SHOP": Way(4.0)}))
    found = allocate(Problem(orders, {("A", "SHOP"): 1, ("A", "DEPOT"): 1}), seconds=1.0)
    assert found.choices["near"].places == ("DEPOT",)
    assert found.choices["only"].places == ("SHOP",)
    assert found.binding == (("A", "SHOP"),)
    assert found.status == "optimal"


def test_the_answer_is_the_cheapest_of_all_that_there_are() -> None:
    for seed in range(40):
        problem = random_problem(seed)
        found = allocate(problem, seconds=1.0)
        assert faults(found.problem, found.choices) == []
        assert found.status == "optimal"
        if found.problem == problem:
            assert abs(found.cost - cheapest(problem)) < 1e-3, seed
        else:
            assert found.cost <= cheapest(problem) + 1e-3, seed


def test_an_answer_is_never_dearer_than_the_greedy_one_and_never_below_its_bound() -> None:
    for seed in range(10):
        found = allocate(random_problem(seed, orders=25, places=3), seconds=0.2)
        assert faults(found.problem, found.choices) == []
        assert found.cost <= found.greedy_cost + 1e-9
        assert found.bound is not None
        assert found.bound <= found.cost + 1e-3


def test_without_time_for_a_solver_the_greedy_answer_stands_and_says_how_far_off_it_may_be() -> None:
    orders = (order("near", ("A", 1)), order("only", ("A", 1), ways={"SHOP": Way(4.0)}))
    found = allocate(Problem(orders, {("A", "SHOP"): 1, ("A", "DEPOT"): 1}), seconds=0.0)
    assert faults(found.problem, found.choices) == []
    assert found.status != "greedy"
    assert replace(found, bound=None).status == "greedy"


def test_an_order_of_very_many_lines_is_answered_soundly() -> None:
    draw = Random(5)
    goods = [f"G{at}" for at in range(14)]
    ways = {f"P{at}": Way(3.0 + at) for at in range(4)}
    orders = tuple(Order(f"O{at}", tuple(Line(sku, 1, 30.0) for sku in goods), ways) for at in range(3))
    stock = {(sku, place): draw.randint(0, 2) for sku in goods for place in ways}
    found = allocate(Problem(orders, stock, 1.0), seconds=1.0)
    assert faults(found.problem, found.choices) == []
    assert found.cost <= found.greedy_cost + 1e-9


def options_of(found: Allocation, key: str) -> list[tuple[str, ...]]:
    wanted = next(order for order in found.problem.orders if order.key == key)
    return [choice.senders for choice in found.options_of(wanted)]


def test_the_options_of_an_order_are_told_cheapest_first_without_what_others_were_given() -> None:
    orders = (order("near", ("A", 1)), order("only", ("A", 1), ways={"SHOP": Way(4.0)}))
    found = allocate(Problem(orders, {("A", "SHOP"): 1, ("A", "DEPOT"): 1}), seconds=1.0)
    assert options_of(found, "near") == [("DEPOT",), ()]
    assert options_of(found, "only") == [("SHOP",), ()]
