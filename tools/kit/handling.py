"""What a person can do with an incident by a button: put it off, take it on, say what they think of it.

The buttons are calls of ``alert.mute`` with two details, ``incident`` (its number) and ``how``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tools.kit.ask import Ask, Right
from tools.kit.reply import Button, Call, Plan, Refused, Reply, Result
from tools.kit.words import day, money, plural
from tools.store import (
    ActOnIncident,
    Applied,
    Change,
    Incident,
    JudgeIncident,
    SnoozeIncident,
    User,
)
from tools.store.incidents_facts import Opinion

HOUR, DAY, DELIVERY, MINE, USELESS = "hour", "day", "delivery", "mine", "useless"
LABELS = {
    HOUR: "In an hour",
    DAY: "Tomorrow",
    DELIVERY: "After the delivery",
    MINE: "I'm on it",
    USELESS: "Not useful",
}
# A "not useful" counts for so long; after so many of them it is not even told in a digest.
OPINION_LASTS = timedelta(days=90)
TIMES_SILENT = 3
TIMES_HIGHER = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """From which value on a person is told of a rule and thing, after what they said of it.

    ``times`` is how often they said "not useful" since they last said otherwise; ``value`` is twice
    the most that was at stake when they did.
    """

    times: int = 0
    value: Decimal = Decimal(0)

    def tells(self, value: Decimal) -> bool:
        """Whether this much is worth a message of its own."""
        return self.times == 0 or (self.times < TIMES_SILENT and value > self.value)

    @property
    def lists(self) -> bool:
        """Whether it may stand in a digest."""
        return self.times < TIMES_SILENT


def bars_of(opinions: Iterable[Opinion]) -> dict[tuple[str, str, str], Bar]:
    """The bar of each person, rule and thing that somebody said something of; opinions come oldest first."""
    about: dict[tuple[str, str, str], list[Opinion]] = {}
    for one in opinions:
        about.setdefault((one.person, one.rule, one.subject), []).append(one)
    return {key: bar_of(of_one, *key) for key, of_one in about.items()}


def bar_of(opinions: Iterable[Opinion], person: str, rule: str, subject: str) -> Bar:
    """The bar of one person for one rule and thing; opinions come oldest first."""
    times, most = 0, Decimal(0)
    for one in opinions:
        if (one.person, one.rule, one.subject) == (person, rule, subject):
            times = 0 if one.useful else times + 1
            most = Decimal(0) if one.useful else max(most, one.value)
    return Bar(times, TIMES_HIGHER * most)


def hears_of(user: User, may: Callable[[Right], bool], incident: Incident) -> bool:
    """Whether role and places let a person know of an incident (``may`` tells of a right)."""
    if incident.who and incident.who != user.name:
        return False
    inside = user.locations is None or incident.location in user.locations
    return inside and may(Right(incident.needs))


def headline(incident: Incident) -> str:
    """What an incident is about, in its first line."""
    return str(json.loads(incident.reply).get("text", "")).partition("\n")[0]


def handling_buttons(incident: Incident) -> tuple[Button, ...]:
    """What can be done with it besides mending it."""
    middle = DELIVERY if incident.delivery else MINE
    return tuple(_button(incident.id, how) for how in (HOUR, DAY, middle, USELESS))


def _button(number: int, how: str) -> Button:
    return Button(LABELS[how], Call("alert.mute", {"incident": str(number), "how": how}))


def handle(ask: Ask, incident: str, how: str) -> Result:
    """The plan behind such a button."""
    found = ask.store.incidents.get(int(incident)) if incident.isdecimal() else None
    if found is None or not hears_of(ask.user, ask.may, found):
        return Refused("I don't know of such an alert.")
    change = _change(found.id, how)
    if change is None:
        return Refused("That can't be done with an alert.")
    if found.state == "resolved" and how != USELESS:
        return Refused("That is over already; there is nothing to put off.")
    return Plan(
        summary=f"{LABELS[how]}: {headline(found)}",
        change=change,
        tell=lambda applied: _tell(ask, found, how, applied),
        slots={"incident": incident, "how": how},
    )


def _change(number: int, how: str) -> Change | None:
    match how:
        case "hour" | "day" | "delivery":
            return SnoozeIncident(number, how)
        case "mine":
            return ActOnIncident(number, "taken on")
        case "useless":
            return JudgeIncident(number, useful=False)
        case _:
            return None


def _tell(ask: Ask, found: Incident, how: str, applied: Applied) -> Reply:
    data = {"incident": found.id, "how": how, "group": applied.group_id}
    if how == USELESS:
        return Reply(_bar_words(ask, found), data)
    known = ask.store.incidents.get(found.id)
    until = known.snoozed_until if known else None
    if how == MINE:
        return Reply(f"It is yours. I'll ask again {_when(ask, until)}, if it still stands then.", data)
    return Reply(f"I'll come back to it {_when(ask, until)}, if it still stands.", data)


def _when(ask: Ask, until: datetime | None) -> str:
    if until is None:
        return "later"
    local = until.astimezone(ask.now.tzinfo)
    if local.date() == ask.today:
        return f"at {local:%H:%M}"
    return f"on {day(local.date(), ask.today)} at {local:%H:%M}"


def _bar_words(ask: Ask, found: Incident) -> str:
    """What a "not useful" changes, so that it can be understood and taken back."""
    opinions = ask.store.incidents.opinions(ask.now - OPINION_LASTS)
    bar = bar_of(opinions, ask.user.name, found.rule, found.subject)
    if not bar.lists:
        return (
            f"You have said so {plural(bar.times, 'time')} now. I'll keep this to the page “Needs you” "
            f"for {OPINION_LASTS.days} days."
        )
    if bar.value == 0:
        return "Understood. Of this I'll tell you in the daily digest only."
    currency = ask.catalogue.currency
    shown = money(bar.value, currency) if ask.may(Right.SEE_COSTS) else "twice as much"
    return (
        f"Understood. I'll send you a message about this again when more than {shown} is at stake; "
        "below that it waits for the daily digest."
    )
