"""Heavy sums in one warm process of their own: a solver holds Python's lock, and nobody else may wait for it.

Where only one person waits (``quartermaster ask``, a terminal, a test) no process is started: what is asked
for runs at once where it is.  The app starts the worker when it begins to serve.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

T = TypeVar("T")

TRIES = 2
PATIENCE_SECONDS = 3.0
"""How long a worker that was told to end may take."""


class ComputeFailed(Exception):
    """The work was not done: its process ended twice, or took too long; its text can be shown to a person."""


def run(function: Callable[..., T], *args: Any, seconds: float = 30.0) -> T:
    """What ``function(*args)`` gives back; in the worker where one was started.

    The function and its arguments travel by pickle, so it has to stand at the top of a module.  What it
    raises is raised here.  One worker does one thing at a time: who comes later waits, at most ``seconds``.

    Raises:
        ComputeFailed: it was not done, after two tries, or within ``seconds``.
    """
    pool = _pool
    return function(*args) if pool is None else pool.run(function, args, seconds)


def start() -> None:
    """Start the worker and let it load the solvers meanwhile; a second start changes nothing."""
    global _pool
    with _switch:
        if _pool is None:
            _pool = _Pool()
            threading.Thread(target=_pool.warm, name="compute-warm", daemon=True).start()


def stop() -> None:
    """End the worker; afterwards everything runs where it is asked for again."""
    global _pool
    with _switch:
        ended, _pool = _pool, None
    if ended is not None:
        ended.close()


def running() -> bool:
    """Whether heavy sums go to a process of their own."""
    return _pool is not None


@dataclass(slots=True)
class _Worker:
    """One process and our end of the line to it."""

    process: BaseProcess
    line: Connection

    @classmethod
    def begun(cls) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), name="quartermaster-compute", daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def ask(self, job: tuple[Callable[..., Any], tuple[Any, ...]], seconds: float) -> tuple[bool, Any]:
        """Whether it went well, and what came of it.

        Raises:
            TimeoutError: no answer within ``seconds``.
            EOFError, OSError: the process has ended.
        """
        self.line.send(job)
        if not self.line.poll(seconds):
            raise TimeoutError
        answer: tuple[bool, Any] = self.line.recv()
        return answer

    def end(self) -> None:
        self.line.close()
        self.process.join(PATIENCE_SECONDS if self.process.is_alive() else 0)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(PATIENCE_SECONDS)

    def kill(self) -> None:
        self.process.kill()
        self.end()


class _Pool:
    """The one worker, started when first needed and again when it has ended."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._worker: _Worker | None = None
        self._closed = False

    def warm(self) -> None:
        """Start the process and load the solvers there."""
        with contextlib.suppress(ComputeFailed):
            self.run(_load, (), 60.0)

    def run(self, function: Callable[..., T], args: tuple[Any, ...], seconds: float) -> T:
        if not self._turn.acquire(timeout=seconds):
            raise ComputeFailed("others are waiting for their sums already")
        try:
            done, value = self._asked((function, args), seconds)
        finally:
            self._turn.release()
        if not done:
            raise value
        found: T = value
        return found

    def _asked(self, job: tuple[Callable[..., Any], tuple[Any, ...]], seconds: float) -> tuple[bool, Any]:
        for _ in range(TRIES):
            if self._closed:
                break
            if self._worker is None:
                self._worker = _Worker.begun()
            try:
                return self._worker.ask(job, seconds)
            except TimeoutError:
                self._forget()
                raise ComputeFailed(f"the sums took longer than {seconds:g} seconds") from None
            except (EOFError, OSError):
                self._forget()
        raise ComputeFailed("the process that does the sums ended before it had an answer")

    def _forget(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def close(self) -> None:
        """End the worker, whatever it does."""
        self._closed = True
        worker = self._worker
        if worker is not None:
            worker.process.terminate()
            worker.process.join(PATIENCE_SECONDS)
            if self._turn.acquire(timeout=PATIENCE_SECONDS):
                worker.kill()
                self._worker = None
                self._turn.release()


_pool: _Pool | None = None
_switch = threading.Lock()


def _load() -> None:
    """What makes the first plan slow: loading the solvers."""
    from tools.maths.routing import ortools_solver, planner, pyvrp_solver  # noqa: F401

    if pyvrp_solver.installed():
        import pyvrp  # noqa: F401


def _serve(line: Connection) -> None:
    """The worker: one job after the other, until nobody is at the other end."""
    # Ctrl-C is the app's business: it ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, args = line.recv()
            line.send(_tried(function, args))


def _tried(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[bool, Any]:
    try:
        return True, function(*args)
    except Exception as error:  # noqa: BLE001 - it is raised again where it was asked for
        return False, error
