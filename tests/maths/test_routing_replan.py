"""A running day is planned again from where the vans are; what is loaded stays where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.maths.test_routing import HOUR, SOON, problem
from tools.maths.routing.check import faults
from tools.maths.routing.planner import plan
from tools.maths.routing.problem import Job, Vehicle, Window
from tools.maths.routing.replanning import Replanned, Running, Whereabouts, fetched, replan

VANS = [
    Vehicle(name, 0, 0, (9,), shift=Window(0, 9 * HOUR), fixed=50.0, per_metre=0.01)
    for name in ("one", "two")
]
JOBS = [Job(f"j{at}", at, (1,), vehicle="one" if at < 6 else "two") for at in range(1, 10)]


@pytest.fixture
def day():
    """Two vans, nine stops, and their plan."""
    whole = problem(JOBS, VANS)
    return whole, plan(whole, SOON)


def on(made: Replanned) -> dict[str, str]:
    return {job: route.vehicle for route in made.plan.routes for job in route.jobs}


def test_a_late_order_goes_in_and_no_loaded_stop_changes_its_van(day):
    whole, before = day
    free = tuple(replace(job, vehicle="") for job in whole.jobs)
    more = replace(whole, jobs=(*free, Job("late", 4, (1,))))
    made = replan(more, Running(before, now=0), SOON)
    assert made.changed == ()
    assert on(made)["late"] == "one"
    assert faults(made.problem, made.plan) == []


def test_what_is_served_is_gone_and_the_van_goes_on_from_where_it_is(day):
    whole, before = day
    there = {"one": Whereabouts(3, 300), "two": Whereabouts(6, 400)}
    made = replan(whole, Running(before, 300, there, frozenset({"j1", "j2", "j6"})), SOON)
    assert set(on(made)) == {"j3", "j4", "j5", "j7", "j8", "j9"}
    starts = {route.vehicle: (route.steps[0].place, route.steps[0].begin) for route in made.plan.routes}
    assert starts == {"one": (3, 300), "two": (6, 400)}


def test_the_order_stays_as_it_was_where_nothing_better_is_found(day):
    whole, before = day
    made = replan(whole, Running(before, now=0), SOON)
    assert (made.moved, made.changed) == ((), ())


def test_a_van_that_broke_down_has_its_goods_fetched_by_another(day):
    whole, before = day
    there = {"one": Whereabouts(1, 60)}
    done = frozenset({"j1", "j2", "j3"})
    made = replan(whole, Running(before, 60, there, done, broken={"two": 5}), SOON)
    assert made.plan.unserved == ()
    assert set(made.changed) == {"j6", "j7", "j8", "j9"}
    (route,) = made.plan.routes
    assert route.jobs.index("j9 (from two)") < route.jobs.index("j9")


def test_a_late_order_that_lies_at_the_depot_is_fetched_there_first(day):
    whole, before = day
    there = {"one": Whereabouts(3, 300), "two": Whereabouts(6, 400)}
    more = replace(whole, shipments=(fetched(Job("late", 2, (1,)), 0, loading=300),))
    made = replan(more, Running(before, 400, there, frozenset({"j1", "j6"})), SOON)
    (route,) = [one for one in made.plan.routes if "late" in one.jobs]
    assert route.jobs.index("late (loading)") < route.jobs.index("late")


def test_a_stop_that_is_skipped_is_told_by_nobody(day):
    whole, before = day
    less = replace(whole, jobs=tuple(job for job in whole.jobs if job.id != "j4"))
    made = replan(less, Running(before, now=0), SOON)
    assert "j4" not in on(made)
    assert made.moved == ()


def test_moved_stops_are_the_fewest_that_left_their_order():
    jobs = [Job(name, at, (1,)) for name, at in (("a", 1), ("b", 2), ("c", 3))]
    van = Vehicle("van", 0, None)
    before = plan(problem(jobs, [van]), SOON)
    urgent = [replace(jobs[0], windows=(Window(300, 400),)), *jobs[1:]]
    made = replan(problem(urgent, [van]), Running(before, now=0), SOON)
    assert before.routes[0].jobs == ("a", "b", "c")
    assert made.plan.unserved == ()
    assert made.moved == ("a",) or made.plan.routes[0].jobs == ("a", "b", "c")
