"""In traffic, promised windows hold; times are those of the drive; finished drives teach the hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.maths.test_routing import HOUR, line
from tools.maths.routing.check import faults
from tools.maths.routing.on_time import driven, lateness, plan_in_traffic
from tools.maths.routing.planner import Stop, plan
from tools.maths.routing.problem import Break, Job, Problem, Vehicle, Window
from tools.maths.routing.traffic import Leg, Profile, learned
from tools.maths.routing.travel import PROFILES, Legs, straight_line, travel_between

RUSH = Profile(tuple(2.0 if 7 <= hour < 10 else 1.0 for hour in range(24)))
VAN = Vehicle("van", 0, 0, (20,), shift=Window(7 * HOUR, 18 * HOUR), per_metre=0.001, per_second=0.01)
SHORT = Stop(iterations=60)

hours = st.lists(st.floats(0.6, 3.0), min_size=24, max_size=24).map(tuple)


@given(hours, st.integers(0, 5 * HOUR), st.integers(0, 30 * HOUR), st.integers(0, HOUR))
def test_who_leaves_later_never_arrives_sooner(multipliers, free, leave, later):
    profile = Profile(multipliers)
    soon = leave + profile.drive(free, leave)
    assert soon <= leave + later + profile.drive(free, leave + later)


@given(hours, st.integers(0, 5 * HOUR), st.integers(0, 5 * HOUR), st.integers(0, 30 * HOUR))
def test_a_way_in_two_parts_takes_as_long_as_in_one(multipliers, one, other, leave):
    profile = Profile(multipliers)
    first = profile.drive(one, leave)
    assert abs(first + profile.drive(other, leave + first) - profile.drive(one + other, leave)) <= 4


def test_a_leg_is_stretched_hour_by_hour():
    assert RUSH.drive(HOUR, 9 * HOUR + 1800) == 1800 + 2700
    assert RUSH.drive(HOUR, 12 * HOUR) == HOUR
    assert replace(RUSH, weather=1.5).drive(60, 12 * HOUR) == 90


def test_a_profile_of_nonsense_is_refused():
    with pytest.raises(ValueError, match="24 hours"):
        Profile((1.0,))
    with pytest.raises(ValueError, match="between"):
        Profile((0.0,) * 24)


def rushing(windows: bool = True) -> Problem:
    """A far stop at nine that free roads reach after two near ones."""
    jobs = [Job(f"near{at}", at, (1,), service=1200) for at in (1, 2, 3, 4)]
    far = Job("far", 11, (1,), windows=(Window(8 * HOUR, 8 * HOUR + 1800),) if windows else ())
    return Problem((VAN,), {"": line(12, seconds=240)}, (*jobs, far))


def test_a_window_that_free_roads_would_miss_is_kept_in_traffic():
    day = rushing()
    free = driven(day, RUSH, plan(day, SHORT))
    made = plan_in_traffic(day, RUSH, SHORT)
    assert lateness(day, free) > 0
    assert made.late == lateness(day, made.plan) == 0
    assert made.plan.unserved == ()
    assert faults(day, made.plan, RUSH.drive) == []


def test_the_times_told_are_those_of_the_drive():
    made = plan_in_traffic(rushing(), RUSH, SHORT)
    for route in made.plan.routes:
        for one, other in zip(route.steps, route.steps[1:], strict=False):
            free = int(line(12, seconds=240).durations[one.place, other.place])
            assert other.arrival == one.leave + RUSH.drive(free, one.leave)


def test_a_plan_made_for_free_roads_is_seen_to_be_too_fast():
    day = rushing(windows=False)
    assert {one.rule for one in faults(day, plan(day, SHORT), RUSH.drive)} == {"travel"}


def test_the_day_begins_after_the_rush_where_nothing_is_promised():
    day = rushing(windows=False)
    made = plan_in_traffic(day, RUSH, SHORT)
    assert made.plan.routes[0].steps[0].begin >= 9 * HOUR


def test_what_cannot_be_on_time_is_told_in_seconds():
    day = Problem(
        (VAN,), {"": line(12, seconds=240)}, (Job("far", 11, windows=(Window(0, 7 * HOUR + 2700),)),)
    )
    made = plan_in_traffic(day, RUSH, SHORT)
    assert made.late == 2 * 2640 - 2700 or [one.rule for one in made.plan.unserved] == ["window"]


def test_breaks_are_kept_in_traffic():
    noon = Break(1800, Window(12 * HOUR, 13 * HOUR))
    jobs = tuple(Job(f"j{at}", at, (1,), service=2400) for at in range(1, 11))
    day = Problem((replace(VAN, breaks=(noon,)),), {"": line(12)}, jobs)
    made = plan_in_traffic(day, RUSH, SHORT)
    assert faults(day, made.plan, RUSH.drive) == []
    assert made.plan.unserved == ()


def test_an_hour_is_learned_from_many_drives_and_hardly_from_one():
    many = learned(Profile(), [Leg(8 * HOUR + at, 1200, 1800) for at in range(100)])
    one = learned(Profile(), [Leg(8 * HOUR, 1200, 1800)])
    assert many.hours[8] == pytest.approx(1.47, abs=0.01)
    assert one.hours[8] == pytest.approx(1.07, abs=0.01)
    assert set(many.hours[:8] + many.hours[9:]) == {1.0}


def test_a_lunch_on_the_way_and_a_wet_day_teach_little():
    assert learned(Profile(), [Leg(0, 60, 3600)]).hours[0] < 1.03
    assert learned(Profile(weather=1.5), [Leg(0, 7200, 10_800)]).hours[0] == 1.0


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-170, 170)), min_size=1, max_size=6))
@settings(max_examples=40)
def test_straight_lines_give_an_estimate_that_is_marked_as_one(places):
    travel = straight_line(places)
    assert travel.estimate
    assert (np.diag(travel.matrix.durations) == 0).all()
    assert (np.abs(travel.matrix.distances - travel.matrix.distances.T) <= 1).all()
    order = np.argsort(travel.matrix.distances[0])
    assert (np.diff(travel.matrix.durations[0][order]) >= -1).all()


def test_a_town_and_the_next_are_as_far_as_the_map_says():
    travel = straight_line([(51.5074, -0.1278), (51.7520, -1.2577)])
    assert travel.matrix.distances[0, 1] == pytest.approx(1.3 * 83_000, rel=0.02)
    assert 4500 < travel.matrix.durations[0, 1] < 6000
    with pytest.raises(ValueError, match="latitude"):
        straight_line([(99.0, 0.0)])


def test_what_is_known_of_the_roads_is_taken_and_the_rest_is_estimated_from_it():
    rng = np.random.default_rng(3)
    places = [(51.4 + one, -2.6 + other) for one, other in rng.uniform(0, 0.2, (8, 2))]
    lines = straight_line(places).matrix.distances / 1.3
    known = Legs.unknown(8)
    known.seconds[:6, :6], known.metres[:6, :6] = 90 + lines[:6, :6] / 8, 1.4 * lines[:6, :6]
    np.fill_diagonal(known.seconds, 0.0)
    np.fill_diagonal(known.metres, 0.0)
    travel = travel_between(places, known, "matrix file")
    assert travel.estimate
    assert travel.source == "matrix file, straight line for 26 of 56 ways"
    assert travel.matrix.durations[6, 7] == pytest.approx(90 + lines[6, 7] / 8, rel=0.01)
    assert travel.matrix.distances[0, 7] == pytest.approx(1.4 * lines[0, 7], rel=0.01)
    assert not travel_between(places[:6], Legs(known.seconds[:6, :6], known.metres[:6, :6]), "roads").estimate


def test_a_bicycle_is_slower_than_a_van_out_of_town():
    places = [(51.4, -2.6), (51.5, -2.6)]
    van, bicycle = (straight_line(places, profile).matrix.durations[0, 1] for profile in PROFILES)
    assert bicycle > 2 * van
