"""Routes: every plan is sound, every stop left out has a reason that holds, the checker sees every fault."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.maths.routing.check import faults
from tools.maths.routing.plan import Plan, Unserved
from tools.maths.routing.planner import Stop, plan
from tools.maths.routing.problem import Job, Matrix, Problem, Shipment, Vehicle, Window

SOON = Stop(iterations=40)
HOUR = 3600


def line(places: int, metres: int = 1000, seconds: int = 60) -> Matrix:
    """Places along a straight road."""
    apart = np.abs(np.subtract.outer(np.arange(places), np.arange(places)))
    return Matrix(apart * seconds, apart * metres)


VAN = Vehicle("van", 0, 0, (10,))


def problem(jobs, vehicles=(VAN,), **more) -> Problem:
    return Problem(tuple(vehicles), {"": line(12)}, tuple(jobs), **more)


def reasons(made: Plan) -> dict[str, str]:
    return {one.job: one.rule for one in made.unserved}


def test_one_van_drives_there_and_back_once():
    made = plan(problem([Job(f"j{at}", at, (1,)) for at in range(1, 6)]), SOON)
    assert made.distance == 10_000
    assert made.unserved == ()


def test_the_start_is_as_late_as_saves_waiting():
    made = plan(problem([Job("late", 5, windows=(Window(8 * HOUR, 9 * HOUR),))]), SOON)
    (route,) = made.routes
    assert route.steps[0].begin == 8 * HOUR - 300
    assert route.duration == 600


def test_a_stop_with_two_windows_is_served_in_one_of_them():
    job = Job("shop", 3, windows=(Window(0, 10), Window(HOUR, HOUR + 60)))
    (route,) = plan(problem([job]), SOON).routes
    assert route.steps[1].begin == HOUR


@pytest.mark.parametrize(
    ("job", "rule"),
    [
        (Job("a", 1, (11,)), "capacity"),
        (Job("a", 1, skills=frozenset({"fridge"})), "skill"),
        (Job("a", 9, windows=(Window(0, 60),)), "window"),
        (Job("a", 1, service=9 * HOUR), "shift"),
        (Job("a", 1, vehicle="another"), "lock"),
        (Job("a", 11), "distance"),
    ],
)
def test_a_stop_that_cannot_be_served_says_which_rule_keeps_it_out(job, rule):
    van = Vehicle("van", 0, 0, (10,), shift=Window(0, 8 * HOUR), farthest=20_000)
    made = plan(problem([job, Job("b", 2, (1,))], [van]), SOON)
    assert reasons(made) == {"a": rule}
    assert made.routes[0].jobs == ("b",)


def test_what_no_longer_fits_waits_for_another_van_or_a_second_trip():
    jobs = [Job(f"j{at}", at, (6,)) for at in (1, 2)]
    (left,) = plan(problem(jobs), SOON).unserved
    assert (left.rule, left.reason) == ("capacity", "the vehicles are full")
    again = plan(problem(jobs, [Vehicle("van", 0, 0, (10,), reloads=1)]), SOON)
    assert again.unserved == ()
    assert [step.kind for step in again.routes[0].steps].count("reload") == 1


def test_a_stop_that_is_worth_less_than_it_costs_is_left_out_with_both_figures():
    jobs = [Job("near", 1), Job("far", 10, value=5.0)]
    (left,) = plan(problem(jobs, [Vehicle("van", 0, 0, per_metre=0.001)]), SOON).unserved
    assert (left.job, left.rule, round(left.cost or 0)) == ("far", "value", 18)


def test_goods_on_a_van_stay_on_that_van():
    vans = [Vehicle("one", 0, 0, (9,)), Vehicle("two", 0, 0, (9,))]
    jobs = [Job(f"j{at}", at, (1,), vehicle="two" if at % 2 else "one") for at in range(1, 9)]
    made = plan(problem(jobs, vans), SOON)
    on = {job: route.vehicle for route in made.routes for job in route.jobs}
    assert all(on[f"j{at}"] == ("two" if at % 2 else "one") for at in range(1, 9))


def test_the_fewest_vans_are_used_where_that_is_asked_for():
    vans = [Vehicle(name, 0, 0, (9,), per_second=1.0, per_metre=0.0) for name in ("one", "two")]
    jobs = [Job(f"j{at}", at, (1,), windows=(Window(600, 3 * HOUR),)) for at in range(1, 9)]
    assert len(plan(problem(jobs, vans, aim="fewest"), SOON).routes) == 1


def test_goods_are_picked_up_before_they_are_delivered():
    shipment = Shipment(Job("from", 8), Job("to", 2), (4,))
    made = plan(problem([Job("j", 5, (9,))], shipments=(shipment,)), SOON)
    assert made.unserved == ()
    jobs = made.routes[0].jobs
    assert jobs.index("from") < jobs.index("to")


def test_a_van_without_a_way_home_ends_at_its_last_stop():
    made = plan(problem([Job("j", 7, (1,))], [Vehicle("van", 0, None, (10,))]), SOON)
    assert made.distance == 7_000


@st.composite
def problems(draw) -> Problem:
    """Small days, often with something that cannot be done."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    places = 9
    points = rng.integers(0, 10_000, (places, 2))
    metres = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).astype(np.int64)
    uneven = metres + rng.integers(0, 500, (places, places)) * (1 - np.eye(places, dtype=np.int64))
    vans = [
        Vehicle(
            f"van {number}",
            int(rng.integers(0, 2)),
            None if rng.random() < 0.2 else 0,
            (int(rng.integers(3, 15)), int(rng.integers(3, 15))),
            frozenset({"fridge"}) if rng.random() < 0.5 else frozenset(),
            Window(0, int(rng.integers(HOUR, 6 * HOUR))),
            fixed=float(rng.integers(0, 30)),
            per_metre=0.0003,
            per_second=0.004,
            reloads=int(rng.integers(0, 2)),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    jobs = [
        Job(
            f"j{at}",
            int(rng.integers(0, places)),
            tuple(int(load) for load in rng.integers(0, 7, 2)),
            tuple(int(load) for load in rng.integers(0, 3, 2)),
            int(rng.integers(0, 900)),
            _windows(rng),
            frozenset({"fridge"}) if rng.random() < 0.2 else frozenset(),
            int(rng.integers(0, HOUR)) if rng.random() < 0.2 else 0,
            float(rng.integers(1, 40)) if rng.random() < 0.2 else None,
        )
        for at in range(draw(st.integers(0, 9)))
    ]
    return Problem(tuple(vans), {"": Matrix(uneven // 8, uneven)}, tuple(jobs), load_seconds=0)


def _windows(rng: np.random.Generator) -> tuple[Window, ...]:
    starts = sorted(int(one) for one in rng.integers(0, 5 * HOUR, int(rng.integers(0, 3))))
    return tuple(Window(start, start + int(rng.integers(0, HOUR))) for start in starts)


@given(problems())
@settings(max_examples=60)
def test_every_plan_is_sound_and_every_stop_is_served_or_explained(day):
    made = plan(day, SOON)
    assert faults(day, made) == []
    for left in made.unserved:
        assert left.reason
        assert left.rule != "value" or (left.cost or 0.0) > 0.0


@given(problems(), st.data())
@settings(max_examples=40)
def test_the_checker_sees_what_is_broken(day, data):
    made = plan(day, SOON)
    if not made.routes:
        return
    route = data.draw(st.sampled_from(made.routes))
    middle = data.draw(st.integers(1, len(route.steps) - 2)) if len(route.steps) > 2 else 0
    step = route.steps[middle]
    broken = data.draw(
        st.sampled_from(
            [
                replace(route, cost=route.cost + 1.0),
                replace(route, distance=route.distance + 1),
                replace(route, steps=(*route.steps[:middle], *route.steps[middle + 1 :])),
                replace(
                    route,
                    steps=(
                        *route.steps[:middle],
                        replace(step, place=step.place + 1),
                        *route.steps[middle + 1 :],
                    ),
                ),
            ]
        )
    )
    others = tuple(one for one in made.routes if one is not route)
    assert faults(day, replace(made, routes=(*others, broken)))


def test_the_checker_sees_a_stop_that_nobody_speaks_of():
    day = problem([Job("a", 1), Job("b", 2)])
    made = plan(day, SOON)
    assert faults(replace(day, jobs=(*day.jobs, Job("c", 3))), made)
    assert faults(day, replace(made, unserved=(Unserved("a", "value", "said"),)))


def test_what_fits_once_another_stop_opened_a_second_trip_is_served_too():
    van = Vehicle("van", 0, 0, (10,), reloads=1, per_metre=0.001)
    jobs = [Job("small", 1, (4,), value=1.0), Job("big", 10, (9,)), Job("tiny", 9, (1,), value=0.5)]
    made = plan(problem(jobs, [van]), SOON)
    assert {job for route in made.routes for job in route.jobs} >= {"big", "tiny"}
