"""Parts of a van and of a cargo bike with figures as makers usually give them; a shop may put in its own.

Intervals are of handbooks of light vans (oil 20,000 to 30,000 km or a year, brake fluid two years, timing
belt 120,000 km or six years), lives and shapes of the middle of what workshops report; they are where
learning starts, spread by a third, and the vehicle's own handbook is the authority.  Costs are in units of
the planned job: what a failure on the road costs beside one visit in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "soon", "stop"]
MOTOR, CYCLE = "motor", "cycle"


@dataclass(frozen=True, slots=True)
class Part:
    """A part, or a job, and what is usual for it.

    Attributes:
        code: Its key in files.
        name: How people call it.
        every_km: Interval in kilometres, None without one.
        every_days: Interval in days, None without one.
        life_km: Characteristic life (Weibull), None where it is not modelled.
        shape: Its shape.
        severity: What it means to be overdue: "stop" is not to be driven.
        planned_cost: Cost of the job in time.
        failure_cost: Cost of it after a failure, towing and a lost day included.
        fits: Which vehicles have it: "motor", "cycle".
        statutory: Whether the law asks for it.
        firm: Whether no log, however good, may lengthen the maker's interval.
        words: Further words by which people call it.
    """

    code: str
    name: str
    every_km: float | None = None
    every_days: int | None = None
    life_km: float | None = None
    shape: float | None = None
    severity: Severity = "soon"
    planned_cost: float = 1.0
    failure_cost: float = 1.0
    fits: tuple[str, ...] = (MOTOR,)
    statutory: bool = False
    firm: bool = False
    words: tuple[str, ...] = ()

    @property
    def wears(self) -> bool:
        """Whether its life is modelled."""
        return self.life_km is not None and self.shape is not None


_BOTH = (MOTOR, CYCLE)
_LIST = (
    Part("mot", "MOT", every_days=365, severity="stop", statutory=True, words=("mot test", "road test")),
    Part("service", "service", 30_000, 365, words=("full service", "annual service", "servicing")),
    Part("oil", "oil and filter", 20_000, 365, words=("oil change", "oil", "engine oil", "oil filter")),
    Part(
        "brake_pads", "brake pads", 30_000, None, 45_000, 3.5, "stop", 1.0, 2.3,
        words=("brakes", "brake", "pads", "front brakes", "rear brakes"),
    ),
    Part("brake_discs", "brake discs", None, None, 95_000, 3.5, "stop", 1.0, 2.0, words=("discs",)),
    Part("brake_fluid", "brake fluid", None, 730, severity="stop"),
    Part(
        "battery", "battery", 42_000, 1_460, 60_000, 2.8, "soon", 1.0, 2.9,
        words=("starter battery", "new battery"),
    ),
    Part("tyres", "tyres", 30_000, 2_190, 38_000, 4.0, "stop", 1.0, 1.6, words=("tyre", "tires", "tire")),
    Part("alternator", "alternator", None, None, 160_000, 1.8, "soon", 1.0, 2.8),
    Part(
        "timing_belt", "timing belt", 120_000, 2_190, 190_000, 4.0, "stop", 1.0, 6.0, firm=True,
        words=("cambelt", "cam belt"),
    ),
    Part("clutch", "clutch", None, None, 170_000, 3.0, "soon", 1.0, 1.6),
    Part("air_filter", "air filter", 40_000, 1_095, severity="note"),
    Part("fuel_filter", "fuel filter", 60_000, 1_460, severity="note"),
    Part("coolant", "coolant", 120_000, 1_825, words=("antifreeze",)),
    Part("wipers", "wiper blades", None, 540, severity="note", words=("wipers", "wiper")),
    Part(
        "bike_service", "bike service", 2_500, 365, severity="soon", fits=(CYCLE,),
        words=("service", "servicing", "full service"),
    ),
    Part(
        "bike_brakes", "brake pads", 2_000, None, 3_200, 3.0, "stop", 1.0, 1.8, (CYCLE,),
        words=("brakes", "brake", "pads"),
    ),
    Part("chain", "chain", 2_500, None, 4_000, 3.5, "soon", 1.0, 1.8, (CYCLE,), words=("drive chain",)),
    Part(
        "bike_tyres", "tyres", 4_500, None, 6_500, 3.5, "soon", 1.0, 1.5, (CYCLE,),
        words=("tyre", "tires", "tire"),
    ),
)  # fmt: skip
PARTS: Mapping[str, Part] = {part.code: part for part in _LIST}
# How the parts of a cycle are called by whoever thinks of a van.
OF_CYCLES: Mapping[str, str] = {"service": "bike_service", "brake_pads": "bike_brakes", "tyres": "bike_tyres"}
