"""What customers' words add to a forecast once a person has agreed, and how that is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tools.maths.replenishment.outlook import Outlook, Override
from tools.store.signal_facts import SignalAdjustment

DAY = timedelta(days=1)
# Less than this is nothing worth a word.
NOTHING = 0.05


def raised(outlook: Outlook, agreed: Sequence[SignalAdjustment]) -> tuple[Override, ...]:
    """What each agreed adjustment makes of the days that are still to come.

    The model's figure is multiplied, but to no more than was agreed for as many days: where the model has
    caught up by itself, nothing is added to it.
    """
    found = []
    for one in agreed:
        first = max(one.first, outlook.first)
        if first > one.last:
            continue
        model = outlook.between(first, one.last).mean
        expected = _expected(one, model, first)
        if expected > model:
            found.append(Override(first, one.last, expected))
    return tuple(found)


def _expected(one: SignalAdjustment, model: float, first: date) -> float:
    lifted = model * float(one.multiplier or 1)
    if one.quantity is None:
        return lifted
    days, whole = (one.last - first).days + 1, (one.last - one.first).days + 1
    return max(model, min(lifted, float(one.quantity) * days / whole))


def added(outlook: Outlook, agreed: Sequence[SignalAdjustment], first: date, last: date) -> float:
    """How many units of these days come from what customers said."""
    with_them = Outlook(
        outlook.first,
        outlook.weekly,
        outlook.sum_variance,
        outlook.profile,
        outlook.kind,
        raised(outlook, agreed),
    )
    more = with_them.between(first, last).mean - outlook.between(first, last).mean
    return more if more >= NOTHING else 0.0


def share_of(whole: Sequence[Override], outlook: Outlook, part: Outlook) -> tuple[Override, ...]:
    """The same at one place, in proportion to what the model expects there."""
    found = []
    for one in whole:
        everywhere = outlook.between(one.first, one.last).mean
        times = one.quantity / everywhere if everywhere > 0 else 1.0
        found.append(Override(one.first, one.last, part.between(one.first, one.last).mean * times))
    return tuple(found)


def agreed_units(one: SignalAdjustment) -> tuple[Decimal, Decimal]:
    """What the model expected when it was proposed, and what was proposed instead, of all its days."""
    proposed = one.quantity or Decimal(0)
    model = Decimal(str(one.gate.get("model", float(proposed / (one.multiplier or Decimal(1))))))
    return model, proposed


def agreed_note(agreed: Sequence[SignalAdjustment]) -> str:
    """What a plan's demand has in it, as the end of a line: "; +6 from what customers asked, agreed by …"."""
    parts = []
    for one in agreed:
        model, proposed = agreed_units(one)
        when = f" on {one.decided_at.date().isoformat()}" if one.decided_at else ""
        days = f"{one.first.isoformat()} to {one.last.isoformat()}"
        more = f"{proposed - model:.0f} from what customers asked"
        parts.append(f"; up to +{more} ({days}), agreed by {one.decided_by}{when}")
    return "".join(parts)
