"""What bursts of voices suggest for forecasts, proposed to a person; and whether they may, class by class."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tools.kit.demand_signals import OTHERWISE, WANTED, Burst, talk
from tools.kit.outlook import Foreseen, forecast_of
from tools.kit.slots import Period
from tools.maths.signals.lift import PRIOR, Gate, Rule
from tools.store import Store
from tools.store.signal_adjustments import Proposal

DAY = timedelta(days=1)
# The setting that holds what the last night found of each kind of talk and class of demand.
GATES = "signal_gates"
# With fewer days left nothing can be ordered in time any more.
LEAST_DAYS_LEFT = 4
# Less than one more is no proposal.
LEAST_MORE = 1.0
STEP = Decimal("0.001")
UNPROVEN = Gate("unproven", PRIOR)
ASKED = {WANTED: "asked for it", OTHERWISE: "asked for it in another make"}

Gates = Mapping[str, Mapping[str, Gate]]
"""By kind of talk, and by class of demand."""


def gates_of(store: Store) -> Gates:
    """What the last night found; nothing where none was made yet or it cannot be read."""
    try:
        kept = json.loads(store.settings.get(GATES) or "{}")
        return {
            kind: {name: _gate(values) for name, values in classes.items()}
            for kind, classes in kept.get("gates", {}).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def keep_gates(store: Store, gates: Gates, at: datetime) -> None:
    """Keep what a night found."""
    kept = {kind: {name: _values(gate) for name, gate in classes.items()} for kind, classes in gates.items()}
    store.settings.set(GATES, json.dumps({"at": at.isoformat(), "gates": kept}, sort_keys=True))


def _values(gate: Gate) -> dict[str, Any]:
    return {"state": gate.state, **gate.figures, "surprise": gate.rule.surprise}


def _gate(kept: Mapping[str, Any]) -> Gate:
    rule = Rule(float(kept["lift"]), int(kept["days"]), float(kept["surprise"]))
    counts = int(kept["bursts"]), int(kept["stretches"])
    return Gate(str(kept["state"]), rule, float(kept["gain"]), float(kept["error"]), *counts)


def gate_for(gates: Gates, kind: str, demand_class: str) -> Gate:
    """The gate of one kind of talk about goods of one class."""
    return gates.get(kind, {}).get(demand_class, UNPROVEN)


def speaks(gate: Gate, kind: str) -> bool:
    """Whether talk of a kind may propose anything.

    Who asks for a thing as it is wants that thing: a cautious prior stands in until the shop's own past says
    otherwise.  Who asks for it in another make may not want this one at all, so that must be proven.
    """
    return gate.state == "open" or (gate.state == "unproven" and kind == WANTED)


def proposals(store: Store, today: date) -> list[Proposal]:
    """What tonight's bursts suggest, one for each product, the most surprising first."""
    gates = gates_of(store)
    found: dict[str, Proposal] = {}
    for kind in (WANTED, OTHERWISE):
        bursts = [one for one in talk(store, today, kind).bursts() if one.thing in store.catalogue().products]
        for burst, foreseen in _with_forecasts(store, bursts, today):
            gate = gate_for(gates, kind, foreseen.stored.demand_class)
            made = _proposal(burst, foreseen, gate) if speaks(gate, kind) else None
            if made is not None:
                found.setdefault(burst.thing, made)
    return list(found.values())


def _with_forecasts(store: Store, bursts: Sequence[Burst], today: date) -> list[tuple[Burst, Foreseen]]:
    products = [store.catalogue().products[one.thing] for one in bursts]
    known = forecast_of(store, products, today, None) if products else {}
    return [(one, known[one.thing]) for one in bursts if one.thing in known]


def _proposal(burst: Burst, foreseen: Foreseen, gate: Gate) -> Proposal | None:
    """What one burst suggests for the days that its rule holds; None where that is nothing."""
    rule, today = gate.rule, burst.heard.today
    days = Period(max(today, foreseen.first), burst.on + rule.days * DAY)
    if burst.surprise < rule.surprise or days.days < LEAST_DAYS_LEFT:
        return None
    model = foreseen.between(days).mean
    expected = model * rule.lift
    if expected - model < LEAST_MORE:
        return None
    voices = burst.customers
    return Proposal(
        sku=burst.thing,
        first=days.first,
        last=days.last,
        quantity=Decimal(str(expected)).quantize(STEP),
        multiplier=Decimal(str(rule.lift)).quantize(STEP),
        reason=f"{voices} customers {ASKED[burst.heard.kind]} in two weeks",
        figures={
            **gate.figures,
            "model": round(model, 3),
            "voices": float(voices),
            "usual": round(burst.usual, 2),
            "proven": float(gate.state == "open"),
        },
    )
