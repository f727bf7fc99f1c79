"""Files of the literature are read as their authors round them, with every kind of vehicle."""

from __future__ import annotations

import pytest

from tools.maths.routing.instances import read_instance
from tools.maths.routing.planner import Stop, plan

MIXED = """NAME: mixed
TYPE: HFVRP
DIMENSION: 4
VEHICLES: 6
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1\t0\t0
2\t10\t0
3\t10\t1
4\t1\t1
DEMAND_SECTION
1\t0
2\t5
3\t5
4\t5
CAPACITY_SECTION
1\t5
2\t5
3\t5
4\t5
5\t15
6\t15
VEHICLES_FIXED_COST_SECTION
1\t30
2\t30
3\t30
4\t30
5\t8
6\t8
VEHICLES_UNIT_DISTANCE_COST_SECTION
1\t1
2\t1
3\t1
4\t1
5\t2
6\t2
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def mixed(tmp_path):
    path = tmp_path / "mixed.vrp"
    path.write_text(MIXED)
    return path


@pytest.mark.parametrize(
    ("rounding", "scale", "length"), [("round", 1, 21), ("dimacs", 10, 214), ("exact", 1000, 21_414)]
)
def test_lengths_are_rounded_as_asked(mixed, rounding, scale, length):
    found = read_instance(mixed, rounding)
    made = plan(found.problem, Stop(iterations=100))
    assert found.scale == scale
    assert made.distance == length
    assert made.cost == 2 * length + 8 * scale


def test_of_vehicles_that_are_alike_as_many_are_there_as_there_are_stops(mixed):
    fleet = read_instance(mixed).problem.vehicles
    assert [one.id for one in fleet] == ["v1", "v2", "v3", "v5", "v6"]
