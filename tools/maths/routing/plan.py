"""What a plan is: who drives where and when, what it costs, and what is left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tools.maths.routing.problem import Load

StepKind = Literal["start", "job", "pickup", "delivery", "break", "reload", "end"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a driver does.

    ``arrival`` is when the place is reached, service begins ``waiting`` seconds later; ``load`` is on board
    when the step is over; ``job`` is the stop's name, "" for the depot and for breaks.
    """

    kind: StepKind
    place: int
    arrival: int
    waiting: int = 0
    service: int = 0
    load: Load = ()
    job: str = ""

    @property
    def begin(self) -> int:
        """When service begins."""
        return self.arrival + self.waiting

    @property
    def leave(self) -> int:
        """When it is over."""
        return self.begin + self.service


@dataclass(frozen=True, slots=True)
class Route:
    """One vehicle's day, in order; it begins with ``start`` and ends with ``end``."""

    vehicle: str
    steps: tuple[Step, ...]
    distance: int
    cost: float

    @property
    def duration(self) -> int:
        """Seconds from leaving to being back."""
        return self.steps[-1].leave - self.steps[0].begin

    @property
    def jobs(self) -> tuple[str, ...]:
        """The stops in order."""
        return tuple(step.job for step in self.steps if step.job)


@dataclass(frozen=True, slots=True)
class Unserved:
    """A stop that is left out: the rule that keeps it out, in words, and what serving it would cost more.

    ``rule`` is ``capacity``, ``window``, ``shift``, ``skill``, ``lock``, ``distance``, ``vehicles``,
    ``value`` or ``several``; ``cost`` is None where no single rule lets it in.
    """

    job: str
    rule: str
    reason: str
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The routes, what they cost in all, what is left out, and who found it."""

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...] = ()
    solver: str = ""
    seconds: float = 0.0

    @property
    def cost(self) -> float:
        """Money for all routes."""
        return sum(route.cost for route in self.routes)

    @property
    def distance(self) -> int:
        """Metres of all routes."""
        return sum(route.distance for route in self.routes)
