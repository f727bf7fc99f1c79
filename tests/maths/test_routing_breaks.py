"""Breaks are taken, parked, within their windows; without PyVRP there is a plan, too; work is shared evenly."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.maths.test_routing import HOUR, SOON, problem, problems
from tools.maths.routing.check import faults
from tools.maths.routing.planner import Stop, plan
from tools.maths.routing.problem import Break, Job, Matrix, Problem, Shipment, Vehicle, Window

NOON = Break(1800, Window(12 * HOUR, 13 * HOUR))
DAY = Vehicle(
    "van", 0, 0, (99,), shift=Window(8 * HOUR, 18 * HOUR), breaks=(NOON,), per_metre=0.0, per_second=1.0
)


@pytest.fixture
def alone(monkeypatch):
    """PyVRP is not installed."""
    monkeypatch.setitem(sys.modules, "pyvrp", None)


def test_a_driver_rests_at_noon_and_every_stop_is_served():
    jobs = [Job(f"j{at}", at, (1,), service=HOUR // 2) for at in range(1, 11)]
    made = plan(problem(jobs, [DAY]), SOON)
    (route,) = made.routes
    (rest,) = [step for step in route.steps if step.kind == "break"]
    assert 12 * HOUR <= rest.begin <= 13 * HOUR
    assert rest.service == 1800
    assert made.unserved == ()
    assert route.duration == 10 * 1800 + 1800 + 1200


def test_who_is_back_before_the_break_takes_none():
    made = plan(problem([Job("j", 3, windows=(Window(9 * HOUR, 10 * HOUR),))], [DAY]), SOON)
    assert [step.kind for step in made.routes[0].steps] == ["start", "job", "end"]


def test_a_break_is_taken_where_one_waits_anyway():
    jobs = [
        Job("morning", 2, windows=(Window(11 * HOUR, 11 * HOUR),)),
        Job("later", 4, windows=(Window(14 * HOUR, 14 * HOUR),)),
    ]
    made = plan(problem(jobs, [DAY]), SOON)
    assert made.routes[0].duration == 120 + 3 * HOUR + 240


def test_two_breaks_are_both_taken():
    tea = Break(900, Window(16 * HOUR, 16 * HOUR + 1800))
    van = replace(DAY, breaks=(NOON, tea))
    jobs = [Job(f"j{at}", at, service=3000) for at in range(1, 11)]
    made = plan(problem(jobs, [van]), SOON)
    assert [step.kind for step in made.routes[0].steps].count("break") == 2


def test_a_stop_that_leaves_no_room_for_a_break_is_left_out_with_that_reason():
    job = Job("long", 1, service=6 * HOUR, windows=(Window(9 * HOUR, 9 * HOUR),))
    made = plan(problem([job, Job("short", 2)], [DAY]), SOON)
    assert [(one.job, one.rule) for one in made.unserved] == [("long", "shift")]


@given(problems(), st.integers(0, 2 * HOUR), st.integers(0, HOUR))
@settings(max_examples=25)
def test_every_day_with_breaks_is_sound(day, first, wide):
    rest = Break(900, Window(first, first + wide))
    vans = tuple(replace(vehicle, breaks=(rest,)) for vehicle in day.vehicles)
    rested = replace(day, vehicles=vans)
    assert faults(rested, plan(rested, SOON)) == []


@given(problems())
@settings(max_examples=25)
def test_without_pyvrp_every_day_is_sound(day):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pyvrp", None)
        made = plan(day, SOON)
    assert made.solver in ("OR-Tools", "insertion", "")
    assert faults(day, made) == []


def test_without_pyvrp_one_van_loads_again(alone):
    jobs = [Job(f"j{at}", at, (6,)) for at in (1, 2)]
    made = plan(problem(jobs, [Vehicle("van", 0, 0, (10,), reloads=1)]), SOON)
    assert made.unserved == ()


def test_without_pyvrp_goods_are_picked_up_and_brought_on_the_same_van(alone):
    shipment = Shipment(Job("from", 8), Job("to", 2), (4,))
    pickups = [Job("take", 3, (), (5,)), Job("bring", 6, (5,))]
    made = plan(problem(pickups, shipments=(shipment,)), SOON)
    assert made.unserved == ()
    assert made.distance == 16_000


def test_the_solvers_time_is_the_clock_that_is_given(alone):
    ticks = iter(range(10**6))
    jobs = [Job(f"j{at}", at, (1,)) for at in range(1, 6)]
    made = plan(problem(jobs), Stop(seconds=50, clock=lambda: float(next(ticks))))
    assert made.distance == 10_000


def test_work_is_shared_evenly_where_that_is_asked_for():
    apart = np.zeros((9, 9), dtype=np.int64)
    jobs = tuple(Job(f"j{at}", at, service=HOUR) for at in range(1, 9))
    vans = tuple(Vehicle(name, 0, 0, fixed=10.0) for name in ("one", "two"))
    even = plan(Problem(vans, {"": Matrix(apart, apart)}, jobs, aim="even"), Stop(iterations=400))
    assert sorted(route.duration for route in even.routes) == [4 * HOUR, 4 * HOUR]
