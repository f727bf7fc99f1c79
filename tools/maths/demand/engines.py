"""The same forecast over many processes or machines.

Series are cut into chunks; each chunk is fitted wherever there is room, in order and never more at once
than the workers can hold, so memory stays flat. Only small arrays come back; what looks across series
runs once, here. The numbers are the same with any engine and any number of workers.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib import import_module
from typing import Any, Literal, Protocol

from tools.maths.demand.history import Forecast, Grain, History, Settings
from tools.maths.demand.means import Job
from tools.maths.demand.pipeline import forecast, forecast_with

Engine = Literal["local", "dask", "ray"]
ENGINES: Sequence[Engine] = ("local", "dask", "ray")
# Fewer series than this are forecast sooner than a second process starts.
WORTH_A_PROCESS = 1000


class MissingEngine(Exception):
    """The engine asked for is not installed; the text says how to install it."""


class Task(Protocol):
    """Something that will have a result."""

    def result(self) -> Any:
        """Wait for the result."""


Submit = Callable[[Callable[..., Any], Any], Task]


def forecast_many(
    histories: Sequence[History],
    *,
    horizon: int,
    grain: Grain,
    settings: Settings | None = None,
    engine: Engine = "local",
    workers: int | None = None,
) -> list[Forecast]:
    """As ``forecast``, the series spread over ``workers`` (all cores where None).

    Raises:
        MissingEngine: The engine's package is not installed.
        ValueError: The horizon is below 1.
    """
    used = settings or Settings()
    count = workers or os.cpu_count() or 1
    if engine == "local" and (count == 1 or len(histories) < WORTH_A_PROCESS):
        return forecast(histories, horizon=horizon, grain=grain, settings=used)
    if horizon < 1 or not histories:
        return forecast(histories, horizon=horizon, grain=grain, settings=used)
    with opened(engine, count) as submit:
        run = partial(in_order, submit, most=2 * count)
        return forecast_with(run, histories, Job(horizon, grain, used))


def in_order(submit: Submit, work: Callable[..., Any], tasks: Sequence[Any], most: int) -> Iterator[Any]:
    """The results in the order of the tasks, with no more than ``most`` under way at once."""
    waiting: deque[Task] = deque()
    for task in tasks:
        waiting.append(submit(work, task))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def opened(engine: Engine, workers: int) -> AbstractContextManager[Submit]:
    """The engine, started; closed at the end."""
    return {"local": _processes, "dask": _dask, "ray": _ray}[engine](workers)


@contextmanager
def _processes(workers: int) -> Iterator[Submit]:
    pool: Executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
    with pool:
        yield pool.submit


@contextmanager
def _dask(workers: int) -> Iterator[Submit]:
    """A cluster that the environment names (DASK_SCHEDULER_ADDRESS), or one on this machine."""
    library = _required("dask.distributed", "distributed")
    address = os.environ.get("DASK_SCHEDULER_ADDRESS")
    if address:
        with library.Client(address) as client:
            yield partial(client.submit, pure=False)
        return
    with (
        library.LocalCluster(workers, threads_per_worker=1, dashboard_address=None) as cluster,
        library.Client(cluster) as client,
    ):
        yield partial(client.submit, pure=False)


class _RayTask:
    """A ray reference that can be waited for like any other task."""

    def __init__(self, library: Any, reference: Any) -> None:
        self.library, self.reference = library, reference

    def result(self) -> Any:
        """Wait for the result."""
        return self.library.get(self.reference)


@contextmanager
def _ray(workers: int) -> Iterator[Submit]:
    """A cluster that the environment names (RAY_ADDRESS), or one on this machine."""
    library = _required("ray", "ray")
    address = os.environ.get("RAY_ADDRESS")
    options = {} if address else {"num_cpus": workers, "include_dashboard": False}
    library.init(log_to_driver=False, **options)
    try:
        yield lambda work, task: _RayTask(library, library.remote(_call).remote(work, task))
    finally:
        library.shutdown()


def _call(work: Callable[..., Any], task: Any) -> Any:
    return work(task)


def _required(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise MissingEngine(f"{package} is not installed; pip install 'quartermaster[{extra}]'") from error
