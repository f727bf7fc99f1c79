"""``quartermaster route``: a plan for a file, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.main import Trouble, app

VRPLIB = """NAME : three
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 1 1
3 2 2
4 -1 1
DEMAND_SECTION
1 0
2 4
3 4
4 4
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "three.vrp"
    path.write_text(VRPLIB)
    return str(path)


@pytest.mark.parametrize(
    ("rounding", "cost"),
    # out and back over the diagonal (2.828...), out and back to (-1, 1): rounded, cut to tenths or exact
    [("round", 1 + 1 + 3 + 1 + 1), ("dimacs", 1.4 + 1.4 + 2.8 + 1.4 + 1.4), ("exact", 8.485)],
)
def test_the_lengths_of_a_vrplib_file_are_rounded_as_asked(file: str, rounding: str, cost: float) -> None:
    run = CliRunner().invoke(app, ["route", "--input", file, "--seconds", "0.2", "--rounding", rounding])
    told = json.loads(run.output)
    assert told["cost"] == pytest.approx(cost, abs=0.002)
    assert sorted(client for route in told["routes"] for client in route) == [1, 2, 3]
    assert told["unserved"] == []


def test_an_unknown_rounding_gets_one_clear_line(file: str) -> None:
    run = CliRunner().invoke(app, ["route", "--input", file, "--rounding", "odd"])
    assert isinstance(run.exception, Trouble)
    assert str(run.exception) == "--rounding is one of round, dimacs, exact, not 'odd'"
