"""A message to come when stock falls, or when a sensor reads too much or too little."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from tools.kit import (
    Ask,
    Button,
    Call,
    Category,
    Missing,
    Place,
    Plan,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Threshold,
    listed,
    tool,
    words,
)
from tools.kit.alerttalk import (
    ABOVE,
    BELOW,
    REACHES,
    RULE_WORDS,
    alert_words,
    drop_button,
    goods,
    goods_words,
    place_words,
    threshold_words,
)
from tools.kit.choose import chosen_products
from tools.kit.holdings import Holding, Scope, holdings, scope_of
from tools.kit.plans import full_slots
from tools.kit.watch import Sighting, Urgency, watch
from tools.kit.watching import gathered, open_subjects, usual_takings
from tools.store import Applied, Product
from tools.store.alert_changes import THRESHOLD, CreateAlert
from tools.store.facts import SensorReading
from tools.store.incidents_facts import AlertRule

MOST_SAID = 4
MOST_ROWS = 40
_STRICTLY = re.compile(
    r"\b(below|under|less|fewer|lower|beneath|short of|drops?|falls?|dips?|gone under)\b|<", re.IGNORECASE
)
_REACHING = re.compile(
    r"\b(to|at|hits?|reach(es)?|becomes?|only|left)\s+\d|\d+\s+(is|are)?\s*left", re.IGNORECASE
)
_UPWARDS = re.compile(
    r"\b(above|over|exceeds?|more than|higher|warmer|hotter|rises?|goes? up|past)\b|>", re.IGNORECASE
)


@tool(
    right=Right.SET_ALERTS,
    writes=True,
)
def create(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    threshold: Threshold | None = None,
    location: Place | None = None,
) -> Result:
    """Tell you when stock falls below a number."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    if not products and not category:
        return _sensor_alert(ask, location, threshold)
    chosen = chosen_products(ask, products, category)
    if isinstance(chosen, Refused):
        return chosen
    place = _own_place(ask, scope)
    if isinstance(place, Missing):
        return place
    scope = place
    if threshold is None:
        return Missing("threshold", _how_many(ask, chosen, scope))
    if threshold < 0:
        return Refused(f"Stock can't fall below {words.amount(threshold)}: say a number from 0 on.")
    rule = THRESHOLD if _is_strict(ask.text) else REACHES
    named = tuple(products or ())
    change = CreateAlert(named, "" if named else category or "", scope.location or "", threshold, rule)
    mine = _alike(ask, change)
    if any(one.threshold == threshold and one.rule == rule for one in mine):
        return Reply(f"You have that alert already: I tell you when {_when(ask, change)}.")
    return _plan(ask, change, chosen, scope, mine)


def _alike(ask: Ask, change: CreateAlert) -> list[AlertRule]:
    """The person's own alerts about the same goods and place."""
    about = (set(change.products), change.category.lower(), change.location)
    mine = ask.store.incidents.alerts(ask.user.name, at=ask.now)
    return [one for one in mine if (set(one.products), one.category.lower(), one.location) == about]


def _when(ask: Ask, change: CreateAlert) -> str:
    limit = threshold_words(ask, change.products, change.threshold or Decimal(0))
    what = goods_words(ask, change.products, change.category)
    return f"{what} {RULE_WORDS[change.rule]} {limit}{place_words(ask, change.location)}"


def _is_strict(text: str) -> bool:
    """Whether the number itself is still all right ("drops below 20"); "is down to 20" tells at 20."""
    return bool(_STRICTLY.search(text)) or not (text and _REACHING.search(text))


def _own_place(ask: Ask, scope: Scope) -> Scope | Missing:
    """Who sees some places only is told of one of them."""
    if scope.whole or scope.location is not None:
        return scope
    if len(scope.places) == 1:
        return Scope(scope.places, scope.places[0], whole=False)
    names = listed([ask.catalogue.location_name(code) for code in scope.places], "or")
    return Missing("location", f"At which place: {names}?")


def _how_many(ask: Ask, chosen: Sequence[Product], scope: Scope) -> str:
    held = holdings(ask, chosen, scope)
    own = "Of what runs low before a delivery can be here I tell you by myself."
    if len(chosen) == 1:
        left = words.quantity(chosen[0], held[0].available)
        return f"{chosen[0].name}: below how many shall I tell you? {left} can be sold now. {own}"
    return f"Below how many shall I tell you? {own}"


def _plan(
    ask: Ask, change: CreateAlert, chosen: Sequence[Product], scope: Scope, before: Sequence[AlertRule]
) -> Plan:
    threshold, when = change.threshold or Decimal(0), _when(ask, change)
    below = [
        held for held in holdings(ask, chosen, scope) if _is_below(held.available, threshold, change.rule)
    ]
    figures = words.facts(threshold=threshold, location=change.location or None, below=len(below))
    rows = [held.row(change.location or None) for held in below[:MOST_ROWS]]

    def tell(applied: Applied) -> Reply:
        start = "That alert is set already" if applied.repeated else "Done"
        each = " (each by itself)" if len(chosen) > 1 else ""
        old = f"You also have: {alert_words(ask, before[0])}." if before else ""
        text = words.sentences(f"{start}: I tell you when {when}{each}.", _now_words(below), old)
        drops = tuple(drop_button(ask, one, "Drop the old one") for one in before[:1])
        buttons = (*drops, Button("My alerts", Call("alert.list")))
        return Reply(text, {**figures, "rows": rows, "alert": _number(applied)}, buttons=buttons)

    return Plan(
        summary=f"Tell you when {when}",
        change=change,
        tell=tell,
        slots=full_slots(
            products=change.products, category=change.category, threshold=threshold, location=change.location
        ),
        data=figures,
    )


def _number(applied: Applied) -> int | None:
    found = [one.partition(" ")[2] for one in applied.documents if one.startswith("alert ")]
    return int(found[0]) if found else None


def _is_below(value: Decimal, threshold: Decimal, rule: str) -> bool:
    return value <= threshold if rule == REACHES else value < threshold


def _now_words(below: Sequence[Holding]) -> str:
    if not below:
        return ""
    named = [f"{held.product.name} ({words.quantity(held.product, held.available)})" for held in below]
    many = f"{len(below)} are" if len(below) > 1 else "It is"
    return f"{many} there already: {words.first_few(named, MOST_SAID)}."


def _sensor_alert(ask: Ask, location: str | None, threshold: Decimal | None) -> Result:
    """About the sensors of a place: "tell me when the fridge is above 8"."""
    sensors = [one for one in ask.catalogue.sensors if location is not None and one.location == location]
    if not sensors:
        return Missing("products", "What shall I watch: which product or category?")
    names = listed([one.name for one in sensors])
    if threshold is None:
        return Missing("threshold", f"{names}: above which reading shall I tell you?")
    rule = BELOW if _STRICTLY.search(ask.text) and not _UPWARDS.search(ask.text) else ABOVE
    when = f"{names} {RULE_WORDS[rule]} {words.amount(threshold)}"

    def tell(applied: Applied) -> Reply:
        figures = words.facts(threshold=threshold, location=location)
        return Reply(f"Done: I tell you when {when}.", {**figures, "alert": _number(applied)})

    return Plan(
        summary=f"Tell you when {when}",
        change=CreateAlert(location=location or "", threshold=threshold, rule=rule),
        tell=tell,
        slots=full_slots(threshold=threshold, location=location),
    )


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule=THRESHOLD, right=Right.SEE_STOCK, every=timedelta(minutes=5))
def watch_thresholds(ask: Ask) -> Iterator[Sighting]:
    """Asked for: what somebody wanted to be told of has come."""
    alerts = ask.store.incidents.alerts(at=ask.now)
    if not alerts:
        return
    takings, open_now = usual_takings(ask), open_subjects(ask, THRESHOLD)
    readings = ask.store.stock.sensor_readings()
    for alert in alerts:
        if alert.rule in (ABOVE, BELOW):
            yield from _sensor_sightings(ask, alert, readings, takings)
            continue
        below = _below(ask, alert)
        told = gathered(
            below,
            lambda held, alert=alert: f"{alert.id}:{held.product.sku}",  # type: ignore[misc]
            lambda _held, alert=alert: f"{alert.id}",  # type: ignore[misc]
            open_now,
        )
        for held in told.alone:
            yield _sighting(ask, alert, f"{alert.id}:{held.product.sku}", (held,), takings)
        for group, members in told.together.items():
            yield _sighting(ask, alert, group, members, takings)


def _below(ask: Ask, alert: AlertRule) -> list[Holding]:
    scope = Scope((alert.location,), alert.location, whole=False) if alert.location else Scope(ask.places)
    found = holdings(ask, goods(ask, alert.products, alert.category), scope)
    return [held for held in found if _is_below(held.available, alert.threshold or Decimal(0), alert.rule)]


def _sighting(
    ask: Ask, alert: AlertRule, subject: str, members: Sequence[Holding], takings: Decimal
) -> Sighting:
    limit = threshold_words(ask, [members[0].product.sku], alert.threshold or Decimal(0))
    at = place_words(ask, alert.location)
    named = [f"{held.product.name} ({words.quantity(held.product, held.available)})" for held in members]
    if len(members) == 1:
        held = members[0]
        left = words.quantity(held.product, held.available)
        text = f"{held.product.name}: {left} left{at}. You asked to be told below {limit}."
    else:
        few = words.first_few(named, MOST_SAID)
        text = f"{len(members)} products are below {limit}{at}, as you asked: {few}."
    if alert.rule == REACHES:
        text = text.replace("told below", "told at").replace("are below", "are down to")
    skus = tuple(sorted(held.product.sku for held in members))
    order = Button("What to order", Call("reorder.suggest", {"products": list(skus)}), "primary")
    reply = Reply(
        text,
        {"rows": [held.row(alert.location or None) for held in members[:MOST_ROWS]]},
        buttons=(order, drop_button(ask, alert)),
    )
    worth = max(takings, Decimal(1))
    return Sighting(
        *(THRESHOLD, subject, alert.location, reply, Urgency.TODAY, Right.SEE_STOCK, worth, skus),
        who=alert.person,
    )


def _sensor_sightings(
    ask: Ask, alert: AlertRule, readings: Sequence[SensorReading], takings: Decimal
) -> Iterator[Sighting]:
    limit = float(alert.threshold or Decimal(0))
    for one in readings:
        beyond = one.value > limit if alert.rule == ABOVE else one.value < limit
        if one.sensor.location != alert.location or not beyond:
            continue
        text = (
            f"{one.sensor.name} reads {one.value:g} at {one.read_at:%H:%M}. "
            f"You asked to be told {RULE_WORDS[alert.rule].removeprefix('reads ')} {limit:g}."
        )
        reply = Reply(
            text,
            {"rows": [words.facts(sensor=one.sensor.code, value=one.value, threshold=limit)]},
            buttons=(drop_button(ask, alert),),
        )
        subject, worth = f"{alert.id}:{one.sensor.code}", max(takings, Decimal(1))
        yield Sighting(
            *(THRESHOLD, subject, alert.location, reply, Urgency.NOW, Right.SEE_STOCK, worth),
            who=alert.person,
        )
