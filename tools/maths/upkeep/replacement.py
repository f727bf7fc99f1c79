"""When to change a part that would fail sooner or later: age replacement.

A part is changed when it has run ``age`` kilometres, or when it fails, whichever is first.  Over a long
time a kilometre costs (planned * S(age) + failure * (1 - S(age))) / (mean kilometres to the change), with
S the share that survives (Barlow and Hunter, Optimum Preventive Maintenance Policies, Operations Research
8, 1960; Barlow and Proschan, Mathematical Theory of Reliability, 1965, section 4.2).
"""

from __future__ import annotations

from math import inf

from tools.maths.upkeep.weibull import Weibull

_LONGEST = 5.0


def mean_km(law: Weibull, age: float) -> float:
    """Mean kilometres to the change: the integral of the survival up to ``age`` (inf: the mean life)."""
    power = 1.0 / law.shape
    from scipy import special

    whole = float(law.life * special.gamma(1.0 + power))
    return whole if age == inf else whole * float(special.gammainc(power, (age / law.life) ** law.shape))


def cost_per_km(law: Weibull, age: float, planned: float, failure: float) -> float:
    """What a kilometre costs where the part is changed at ``age`` (inf: only when it fails)."""
    surviving = 0.0 if age == inf else law.surviving(age)
    return (planned * surviving + failure * (1.0 - surviving)) / mean_km(law, age)


def best_age(law: Weibull, planned: float, failure: float) -> float:
    """The age in kilometres at which changing costs least; inf where waiting for the failure does.

    It pays to change in time only where the risk grows with age and a failure costs more.
    """
    if law.shape <= 1.0 or failure <= planned or planned <= 0.0:
        return inf
    ratio = planned / (failure - planned)

    def excess(share: float) -> float:
        """Hazard times mean kilometres, less the chance to fail, less the ratio of costs: 0 at the best."""
        age = share * law.life
        hazard: float = law.shape / law.life * share ** (law.shape - 1.0)
        return hazard * mean_km(law, age) - (1.0 - law.surviving(age)) - ratio

    if excess(_LONGEST) <= 0.0:
        return inf
    from scipy import optimize

    return float(optimize.brentq(excess, 1e-9, _LONGEST, xtol=1e-10)) * law.life
