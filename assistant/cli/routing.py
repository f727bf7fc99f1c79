"""``quartermaster route``: a plan for a file."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, get_args

from assistant.cli.main import Trouble
from tools.maths.routing.instances import Instance, Rounding, read_instance
from tools.maths.routing.plan import Plan
from tools.maths.routing.planner import Stop, plan
from tools.maths.routing.vroom import plan_json, problem_of

MOST_SECONDS = 3600.0


def route_file(path: Path, seconds: float, rounding: str = "round") -> None:
    """Print the plan of a benchmark instance or of a VROOM problem as JSON; ``rounding`` is a VRPLIB file's.

    Raises:
        Trouble: the file cannot be read or planned; says what is wrong.
    """
    if not 0 < seconds <= MOST_SECONDS:
        raise Trouble(f"--seconds is a number above 0, at most {MOST_SECONDS:g}")
    known = {name: name for name in get_args(Rounding)}
    if rounding not in known:
        raise Trouble(f"--rounding is one of {', '.join(known)}, not {rounding!r}")
    started = time.monotonic()
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        own = text.lstrip().startswith("{")
        found = _own(text) if own else read_instance(path, known[rounding])
    except OSError as error:
        raise Trouble(f"can't read {path}: {error.strerror or error}") from error
    except ValueError as error:
        raise Trouble(f"{path}: {error}") from error
    made = plan(found.problem, Stop(seconds))
    told = {
        "cost": _plain(made.cost / found.scale),
        "routes": [[_client(job) for job in route.jobs] for route in made.routes],
        "unserved": [_client(one.job) for one in made.unserved],
        "seconds": round(time.monotonic() - started, 3),
    }
    print(json.dumps({**told, "plan": _detail(made)} if own else told, ensure_ascii=False))  # noqa: T201


def _own(text: str) -> Instance:
    return Instance(problem_of(json.loads(text)), 1.0)


def _detail(made: Plan) -> dict[str, Any]:
    return plan_json(made)


def _client(name: str) -> int | str:
    return int(name) if name.isdecimal() else name


def _plain(cost: float) -> float | int:
    """Whole where it is whole."""
    rounded = round(cost, 4)
    return int(rounded) if rounded.is_integer() else rounded
