"""Heavy sums in a process of their own: nobody waits for a lock, and an ended process is started again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tools.kit import compute


@pytest.fixture
def worker() -> Iterator[None]:
    compute.start()
    yield
    compute.stop()


def double(number: int) -> int:
    return 2 * number


def where() -> int:
    return os.getpid()


def fails(text: str) -> None:
    raise ValueError(text)


def dies() -> None:
    os._exit(3)


def dies_once(path: str) -> str:
    try:
        with open(path, "x", encoding="utf-8"):  # noqa: PTH123 - made by the first process, found by the second
            os._exit(3)
    except FileExistsError:
        return "done"


def sleeps(seconds: float) -> str:
    time.sleep(seconds)
    return "awake"


def test_where_nobody_else_waits_it_runs_at_once_where_it_is_asked_for() -> None:
    assert not compute.running()
    assert compute.run(where) == os.getpid()
    assert compute.run(double, 21) == 42


@pytest.mark.usefixtures("worker")
def test_in_a_served_app_it_runs_in_one_process_that_stays_warm() -> None:
    first, second = compute.run(where), compute.run(where)
    assert first == second != os.getpid()
    assert compute.run(double, 21) == 42


@pytest.mark.usefixtures("worker")
def test_what_the_work_raises_is_raised_where_it_was_asked_for() -> None:
    with pytest.raises(ValueError, match="no such place"):
        compute.run(fails, "no such place")
    assert compute.run(double, 1) == 2


@pytest.mark.usefixtures("worker")
def test_a_process_that_ends_is_started_again_and_the_work_done_once_more(tmp_path: os.PathLike[str]) -> None:
    assert compute.run(dies_once, f"{os.fspath(tmp_path)}/seen") == "done"


@pytest.mark.usefixtures("worker")
def test_a_process_that_ends_twice_is_told_and_the_next_work_is_done() -> None:
    with pytest.raises(compute.ComputeFailed, match="ended before it had an answer"):
        compute.run(dies)
    assert compute.run(double, 4) == 8


@pytest.mark.usefixtures("worker")
def test_work_that_takes_too_long_is_given_up() -> None:
    compute.run(double, 1)
    with pytest.raises(compute.ComputeFailed, match=r"longer than 0\.2 seconds"):
        compute.run(sleeps, 30.0, seconds=0.2)
    assert compute.run(double, 4) == 8


def test_stopping_the_app_ends_the_process_in_the_middle_of_its_work() -> None:
    compute.start()
    process = compute.run(where)
    compute.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert compute.run(where) == os.getpid()
